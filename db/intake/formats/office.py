"""Older and other office files, through LibreOffice where it is installed."""

import os
import shutil
import signal
import subprocess
import tempfile
from pathlib import Path

SECONDS = 25
"""How long a conversion may take."""

TARGETS = {
    **dict.fromkeys((".doc", ".wps", ".wpt", ".dot", ".odt", ".rtf", ".fodt", ".uot"), "docx"),
    **dict.fromkeys((".xls", ".et", ".ods", ".fods", ".xlt", ".uos"), "xlsx"),
}
"""What each kind is converted to."""


class NotConverted(Exception):
    """LibreOffice is missing or could not convert the file; the message is a clause that says so."""


def convert(data: bytes, suffix: str) -> bytes:
    """Return the file as .docx or .xlsx. Raise ``NotConverted``."""
    program = shutil.which("soffice") or shutil.which("libreoffice")
    if program is None:
        raise NotConverted("本机没有安装 LibreOffice；请安装它，或用 WPS、Word 另存为 .docx 或 .xlsx 后再试")
    target = TARGETS[suffix]
    with tempfile.TemporaryDirectory(prefix="duban-") as folder:
        source = Path(folder) / f"source{suffix}"
        source.write_bytes(data)
        command = [
            program, "--headless", "--norestore", "--nolockcheck", "--nodefault", f"-env:UserInstallation=file://{folder}/profile",
            "--convert-to", target, "--outdir", folder, str(source),
        ]  # fmt: skip
        _run(command, folder)
        made = source.with_suffix(f".{target}")
        if not made.exists():
            raise NotConverted("LibreOffice 打不开它；文件可能已损坏或加密")
        return made.read_bytes()


def _run(command: list[str], folder: str) -> None:
    environment = {"PATH": os.environ.get("PATH", ""), "HOME": folder, "LANG": "C.UTF-8"}
    with subprocess.Popen(
        command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, stdin=subprocess.DEVNULL, env=environment,
        start_new_session=True,
    ) as process:  # fmt: skip
        try:
            process.wait(SECONDS)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            raise NotConverted(f"LibreOffice 转换超过 {SECONDS} 秒") from None
