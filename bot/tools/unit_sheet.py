"""The register of units as a spreadsheet: written for people to fill in, read back as they filled it in."""

import re
from dataclasses import dataclass
from pathlib import Path

from sqlmodel import Session

from db import register
from db.register import RegisterError
from jobs.reading.blocks import Grid
from jobs.reading.files import open_file
from jobs.sheets import book

HEADINGS = ("单位", "层级", "别名", "曾用名", "成员")
"""The columns; names in one cell are parted by 、."""


@dataclass(frozen=True, slots=True)
class Filled:
    """What reading a sheet did: units that are new, names and members added, and lines that were left out."""

    new: int
    names: int
    members: int
    refused: tuple[str, ...]


def write(session: Session, path: Path) -> int:
    """Write every unit to an .xlsx file; return how many."""
    units = register.all_units(session)
    rows = [
        (
            unit.name,
            unit.level,
            "、".join(register.aliases(session, unit)),
            "、".join(register.aliases(session, unit, former=True)),
            "、".join(member.name for member in register.members(session, unit)),
        )
        for unit in units
    ]
    path.write_bytes(book("单位", HEADINGS, rows, (36, 10, 40, 30, 60)))
    return len(units)


def read(session: Session, path: Path) -> Filled:
    """Add what a sheet says to the register; nothing that is there already is taken away.

    Raise ``UnreadableFile`` for no readable file and ``RegisterError`` for one without the column 单位.
    """
    grids = [block for block in open_file(path).blocks if isinstance(block, Grid)]
    places = {name: at for at, name in enumerate(grids[0].rows[0].cells)} if grids else {}
    if "单位" not in places:
        raise RegisterError(f"{path} 第一行没有“单位”一栏；可用 duban unit export 导出一份再填写")
    before = {unit.id for unit in register.all_units(session)}
    names = members = 0
    refused: list[str] = []
    for row in grids[0].rows[1:]:
        told = {name: row.cells[at] if at < len(row.cells) else "" for name, at in places.items()}
        if not told["单位"]:
            continue
        unit = register.ensure_unit(session, told["单位"])
        unit.level = told.get("层级") or unit.level
        for heading, former in (("别名", False), ("曾用名", True)):
            for name in _names(told.get(heading, "")):
                try:
                    known = len(register.aliases(session, unit, former=former))
                    register.add_alias(session, unit, name, former=former)
                    names += len(register.aliases(session, unit, former=former)) - known
                except RegisterError as error:
                    refused.append(f"第{row.place.row}行：{error}")
        listed = _names(told.get("成员", ""))
        if listed:
            members += len(register.set_members(session, unit, listed))
    new = {unit.id for unit in register.all_units(session)} - before
    return Filled(len(new), names, members, tuple(refused))


def _names(cell: str) -> list[str]:
    return [name.strip() for name in re.split(r"[、，,；;\n]", cell) if name.strip()]
