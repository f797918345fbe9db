"""What stands beside the text of a Word file: foot- and endnotes, comments, heads and feet of pages, drawn charts."""

from collections.abc import Callable, Iterator
from typing import Any

from jobs.reading.blocks import Aside
from jobs.reading.document import Place, Problem

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_A = "{http://schemas.openxmlformats.org/drawingml/2006/main}"

_PARTS = {
    "footnotes": ("脚注", f"{_W}footnote"),
    "endnotes": ("尾注", f"{_W}endnote"),
    "comments": ("批注", f"{_W}comment"),
    "header": ("页眉", f"{_W}hdr"),
    "footer": ("页脚", f"{_W}ftr"),
    "diagramData": ("图示", f"{_A}p"),
}
"""By how its relationship ends: what a part is called, and the element that holds one text of it."""

REFERENCES = {f"{_W}{name}Reference": f"{_W}{name}" for name in ("footnote", "endnote", "comment")}
"""What refers to a note in the text, and the note's element."""

Noted = dict[tuple[str, str], Place]
"""By a note's element and id, where the text refers to it; in order."""


def beside(main: Any, noted: Noted, texts: Callable[[Any], str], problems: list[Problem]) -> Iterator[Aside]:
    """Yield what stands beside the text of a main part, each text of a part once; ``texts`` reads an element."""
    from docx.oxml import parse_xml

    seen = set()
    for relation in main.rels.values():
        name, element = _PARTS.get(relation.reltype.rsplit("/", 1)[-1], ("", ""))
        if not name or relation.is_external:
            continue
        try:
            root = parse_xml(relation.target_part.blob)
        except (ValueError, SyntaxError):  # what lxml raises for no XML is one of the latter
            problems.append(Problem(Place(part=name), "", "已损坏，未读取"))
            continue
        for node in root.iter(element):
            text = "".join(one.text or "" for one in node.iter(f"{_A}t")) if element == f"{_A}p" else texts(node)
            if text.strip() and (name, text) not in seen:
                seen.add((name, text))
                yield Aside(text.strip(), _place(name, element, node, noted))


def _place(name: str, element: str, node: Any, noted: Noted) -> Place:
    key = (element, node.get(f"{_W}id", ""))
    if key not in noted:
        return Place(part=name)
    alike = [one for one in noted if one[0] == element]
    return Place(page=noted[key].page, line=noted[key].line, part=f"{name}{alike.index(key) + 1}")
