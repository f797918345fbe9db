"""The register of units from any table with a column 单位: a 名录 of ours, or one that somebody typed."""

from pathlib import Path

from db.register import RegisterError
from jobs.reading import roster
from jobs.reading.blocks import Grid
from jobs.reading.files import open_file
from jobs.reading.roster import UNIT_HEADINGS, Roster


def read(path: Path) -> Roster:
    """Return what a sheet says. Raise ``UnreadableFile`` for no readable file and ``RegisterError`` for one without the column
    单位.
    """
    grids = [block for block in open_file(path).blocks if isinstance(block, Grid)]
    if path.suffix.lower() == ".xlsx" and roster.is_roster(path.read_bytes()):
        return roster.read(path.read_bytes())
    places = {name: at for at, name in enumerate(grids[0].rows[0].cells)} if grids else {}
    if "单位" not in places:
        raise RegisterError(f"{path} 第一行没有“单位”一栏；可用 duban unit export 导出一份再填写")
    rows = []
    for number, row in enumerate(grids[0].rows[1:], 2):
        told = [places.get(name, len(row.cells)) for name in UNIT_HEADINGS]
        rows.append((row.place.row or number, tuple(row.cells[at] if at < len(row.cells) else "" for at in told)))
    return Roster(tuple(rows))
