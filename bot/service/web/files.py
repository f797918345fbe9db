"""Files that people handed in, for the browser to show where it can, else to save."""

from pathlib import Path
from urllib.parse import quote

from starlette.exceptions import HTTPException
from starlette.responses import FileResponse, Response

from bot.channels.console import file_name
from bot.wiring import House
from db.bodies import KeptFile

SHOWN_IN_PLACE = {
    ".png": "image/png", ".jpg": "image/jpeg", ".jpeg": "image/jpeg", ".gif": "image/gif", ".webp": "image/webp",
    ".pdf": "application/pdf", ".txt": "text/plain; charset=utf-8", ".csv": "text/plain; charset=utf-8", ".md": "text/plain; charset=utf-8",
}  # fmt: skip
"""Files that a browser may show, by their names' ends, and as what; every other it only saves. None of them can act."""

IN_PLACE_POLICY = "default-src 'none'; style-src 'self'; img-src 'self'; object-src 'self'; frame-ancestors 'self'"


def archived(house: House, file: KeptFile | None) -> Response:
    """Return a file of the archive as what its name's end says, and nothing more; raise a 404 where it is not there."""
    archive = house.desk.archive
    if file is None or not archive.has(file.sha256):
        raise HTTPException(404, "没有这个文件")
    name = file_name(file.name)
    kind = SHOWN_IN_PLACE.get(Path(name).suffix.lower())
    how = "inline" if kind else "attachment"
    return FileResponse(
        archive.path(file.sha256),
        media_type=kind or "application/octet-stream",
        headers={
            "content-disposition": f"{how}; filename*=UTF-8''{quote(name)}",
            "content-security-policy": IN_PLACE_POLICY,
            "x-frame-options": "SAMEORIGIN",
        },
    )
