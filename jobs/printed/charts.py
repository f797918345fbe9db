"""Pictures for chats: an SVG as PNG, where the extra ``charts`` and a font with Chinese are there; else nobody draws."""

import os
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

ZOOM = 2.0
"""Points of the picture for each of the drawing, so that it is sharp on a telephone."""

NAMED = (
    "notosanscjk",
    "notosanssc",
    "sourcehansans",
    "wqy-microhei",
    "wqy-zenhei",
    "msyh",
    "pingfang",
    "hiraginosansgb",
    "stheiti",
    "simhei",
    "simsun",
    "uming",
    "ukai",
)
"""How the files of fonts with Chinese begin, the fittest first."""

ENDS = (".ttc", ".otf", ".ttf")

Draw = Callable[[str], bytes | None]
"""Draws an SVG as PNG; None where it cannot."""


def places() -> list[Path]:
    """Return where systems keep their fonts."""
    home = Path.home()
    windows = os.environ.get("WINDIR", "")
    found = [Path("/usr/share/fonts"), Path("/usr/local/share/fonts"), home / ".local/share/fonts", home / ".fonts"]
    found += [Path("/System/Library/Fonts"), Path("/Library/Fonts"), home / "Library/Fonts"]
    return found + ([Path(windows) / "Fonts"] if windows else [])


def chinese_font(where: Iterable[Path]) -> Path | None:
    """Return the file of a font with Chinese, the fittest of those that are there."""
    found = [path for folder in where for path in _files(folder) if _rank(path) < len(NAMED)]
    return min(found, key=lambda path: (_rank(path), "regular" not in path.name.lower(), str(path)), default=None)


def _files(folder: Path) -> Iterator[Path]:
    for at, _folders, names in os.walk(folder):
        yield from (Path(at) / name for name in names if name.lower().endswith(ENDS))


def _rank(path: Path) -> int:
    name = path.name.lower().replace("_", "-").removeprefix("fonts-")
    plain = name.replace("-", "").replace(" ", "")
    return next(
        (place for place, begin in enumerate(NAMED) if name.startswith(begin) or plain.startswith(begin)), len(NAMED)
    )


def drawer(font: Path | None = None) -> Draw:
    """Return what draws with a font, or with one of the system's where none is named or it has no Chinese; it looks for one when
    it is first needed.
    """
    known: list[tuple[Path, str] | None] = []

    def draw(svg: str) -> bytes | None:
        try:
            import PIL  # noqa: F401 - both come with the extra
            import resvg_py
        except ImportError:
            return None
        if not known:
            known.append(_named(font) or _named(chinese_font(places())))
        if known[0] is None:
            return None
        file, family = known[0]
        made = resvg_py.svg_to_bytes(
            svg_string=svg, skip_system_fonts=True, font_files=[str(file)], sans_serif_family=family, zoom=ZOOM
        )
        return bytes(made)

    return draw


WRITES, NO_SIGN = "督", "\uffff"
"""A sign that a font with Chinese has, and one that none has: where both look the same, the first is missing, too."""


def _named(font: Path | None) -> tuple[Path, str] | None:
    """Return a font with what it is called; None where it cannot be read, or has no Chinese."""
    from PIL import ImageFont

    if font is None:
        return None
    try:
        made = ImageFont.truetype(font, 32)
    except OSError:
        return None
    shown, missing = (made.getmask(sign) for sign in (WRITES, NO_SIGN))
    return None if (shown.size, bytes(shown)) == (missing.size, bytes(missing)) else (font, str(made.getname()[0]))
