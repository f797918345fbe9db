"""Authors OFD files: what a page of PDF shows, written as the pieces of text and lines of the national format."""

import zipfile
from collections.abc import Mapping, Sequence
from html import escape
from io import BytesIO
from itertools import groupby, pairwise

import pdfplumber

_MM = 25.4 / 72
_HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n'
SPACE = "http://www.ofdspec.org/2016"


def package(parts: Mapping[str, str]) -> bytes:
    """Return a file of these parts, by name."""
    out = BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, xml in parts.items():
            archive.writestr(name, _HEAD + xml)
    return out.getvalue()


def document(
    pages: Sequence[str], *, folder: str = "Doc_0", templates: Mapping[str, str] | None = None, space: str = SPACE
) -> dict[str, str]:
    """Return the parts of a document whose pages and templates hold these objects; a template is used by every page."""
    used = "".join(f'<ofd:Template TemplateID="{number}"/>' for number in templates or ())
    listed = "".join(f'<ofd:Page ID="{100 + at}" BaseLoc="Pages/Page_{at}/Content.xml"/>' for at in range(len(pages)))
    named = "".join(f'<ofd:TemplatePage ID="{number}" BaseLoc="Tpls/{number}.xml"/>' for number in templates or ())
    area = "<ofd:PageArea><ofd:PhysicalBox>0 0 297 210</ofd:PhysicalBox></ofd:PageArea>"
    parts = {
        "OFD.xml": f'<ofd:OFD xmlns:ofd="{space}" Version="1.0"><ofd:DocBody><ofd:DocRoot>{folder}/Document.xml</ofd:DocRoot>'
        "</ofd:DocBody></ofd:OFD>",
        f"{folder}/Document.xml": f'<ofd:Document xmlns:ofd="{space}"><ofd:CommonData>{area}{named}</ofd:CommonData>'
        f"<ofd:Pages>{listed}</ofd:Pages></ofd:Document>",
    }
    for at, objects in enumerate(pages):
        parts[f"{folder}/Pages/Page_{at}/Content.xml"] = _page(objects, space, used)
    for number, objects in (templates or {}).items():
        parts[f"{folder}/Tpls/{number}.xml"] = _page(objects, space)
    return parts


def _page(objects: str, space: str, used: str = "") -> str:
    return f'<ofd:Page xmlns:ofd="{space}">{used}<ofd:Content><ofd:Layer>{objects}</ofd:Layer></ofd:Content></ofd:Page>'


def words(text: str, x: float, y: float, size: float = 5.0, deltas: str = "", more: str = "") -> str:
    """Return a piece of text; its place is in millimetres."""
    step = f' DeltaX="{deltas}"' if deltas else ""
    return (
        f'<ofd:TextObject Boundary="{x} {y} 200 {size}" Size="{size}" {more}>'
        f'<ofd:TextCode X="0" Y="{size * 0.88}"{step}>{escape(text)}</ofd:TextCode></ofd:TextObject>'
    )


def line(x0: float, y0: float, x1: float, y1: float) -> str:
    """Return a drawn line, in millimetres."""
    return (
        f'<ofd:PathObject Boundary="{x0} {y0} {x1 - x0} {y1 - y0}">'
        f"<ofd:AbbreviatedData>M 0 0 L {x1 - x0:.3f} {y1 - y0:.3f}</ofd:AbbreviatedData></ofd:PathObject>"
    )


def like(pdf: bytes) -> bytes:
    """Return a file that shows what a PDF shows: one piece of text a line of a cell, and its rules."""
    pages = []
    with pdfplumber.open(BytesIO(pdf)) as shown:
        for page in shown.pages:
            objects = [line(*(one[side] * _MM for side in ("x0", "top", "x1", "bottom"))) for one in page.edges]
            for _key, group in groupby(page.chars, key=lambda one: (round(one["top"]), one["size"])):
                chars = list(group)
                steps = [(after["x0"] - before["x0"]) * _MM for before, after in pairwise(chars)]
                text = "".join(one["text"] for one in chars)
                size, deltas = chars[0]["size"] * _MM, " ".join(f"{step:.3f}" for step in steps)
                objects.append(words(text, chars[0]["x0"] * _MM, chars[0]["top"] * _MM, size, deltas))
            pages.append("".join(objects))
    return package(document(pages))
