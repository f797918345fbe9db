"""Older and other office files, through LibreOffice where it is installed: without a network, and without what a file
links to, so that opening one tells nobody anything and asks this machine's neighbours for nothing."""

import os
import re
import shutil
import signal
import subprocess
import tempfile
import zipfile
from functools import cache
from io import BytesIO
from pathlib import Path

from db.surroundings import of_a_helper

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
        source.write_bytes(without_links(data))
        command = [
            *_alone(),
            program,
            "--headless",
            "--norestore",
            "--nolockcheck",
            "--nodefault",
            f"-env:UserInstallation=file://{folder}/profile",
            "--convert-to",
            target,
            "--outdir",
            folder,
            str(source),
        ]
        _run(command, folder)
        made = source.with_suffix(f".{target}")
        if not made.exists():
            raise NotConverted("LibreOffice 打不开它；文件可能已损坏或加密")
        return made.read_bytes()


def _run(command: list[str], folder: str) -> None:
    environment = of_a_helper(HOME=folder, TMPDIR=folder, LANG="C.UTF-8", LC_ALL="C.UTF-8")
    with subprocess.Popen(
        command,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        stdin=subprocess.DEVNULL,
        env=environment,
        start_new_session=True,
    ) as process:
        try:
            process.wait(SECONDS)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            raise NotConverted(f"LibreOffice 转换超过 {SECONDS} 秒") from None


@cache
def _alone() -> tuple[str, ...]:
    """Return what a command begins with so that it has no network, nothing where the system cannot do that."""
    command = ("unshare", "--map-root-user", "--net", "--")
    try:
        tried = subprocess.run([*command, "true"], check=False, capture_output=True, timeout=5, env=of_a_helper())
    except (OSError, subprocess.TimeoutExpired):
        return ()
    return command if tried.returncode == 0 else ()


# ---------------------------------------------------------------- links

_INNER = re.compile(r"(?:#|(?:\./)?(?:Pictures|Object|ObjectReplacements|media)\b)")
"""How a link within a document begins."""

_FETCHING = re.compile(rb"INCLUDE(?:PICTURE|TEXT)|DDEAUTO|\\\*\\template", re.IGNORECASE)
"""What makes a reader of RTF look elsewhere."""


def without_links(data: bytes) -> bytes:
    """Return an Open Document or RTF file without links to anything outside it; any other file as it is.

    Raise ``NotConverted`` for one whose parts are no sound XML.
    """
    if data.startswith(b"{\\rtf"):
        return _FETCHING.sub(b"", data)
    if not data.startswith(b"PK"):
        return _unlinked(data) if data.lstrip().startswith(b"<") else data
    made = BytesIO()
    with zipfile.ZipFile(BytesIO(data)) as source, zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as target:
        for entry in source.infolist():
            content = source.read(entry)
            target.writestr(entry, _unlinked(content) if entry.filename.endswith(".xml") else content)
    return made.getvalue()


def _unlinked(xml: bytes) -> bytes:
    from lxml import etree

    if not xml.strip():
        return xml
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)
    try:
        root = etree.fromstring(xml, parser)
    except etree.XMLSyntaxError:
        raise NotConverted("文件已损坏") from None
    for node in root.iter(etree.Element):
        for name, value in node.attrib.items():
            if etree.QName(name).localname in ("href", "base") and not _INNER.match(str(value)):
                del node.attrib[name]
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8")
