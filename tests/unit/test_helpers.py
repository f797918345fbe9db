"""Programs that we start for a file: they know no secret of ours, reach no network, and follow no link of the file."""

import os
import shutil
import socket
import stat
import sys
import threading
import zipfile
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

import pytest

from bot.inbound.keeping import command_scanner
from jobs.reading import guard
from jobs.reading.formats import office
from jobs.reading.formats.office import NotConverted, convert, without_links

XLINK = 'xmlns:xlink="http://www.w3.org/1999/xlink" xmlns:t="urn:t"'
OUTSIDE = ("http://127.0.0.1:9/a.png", "//host/a.png", "file:///etc/passwd", "../secret.odt", "/etc/passwd", "HTTPS://host/",
           "&#104;ttp://host/a.png", "smb://host/share", "vnd.sun.star.webdav://host")  # fmt: skip
INSIDE = ("#bookmark", "Pictures/1.png", "./Object 1", "./ObjectReplacements/Object 1")


@pytest.fixture
def secret(monkeypatch: pytest.MonkeyPatch) -> str:
    """Set a secret of ours, and one of whoever started us."""
    monkeypatch.setenv("DUBAN_TELEGRAM_TOKEN", "123:SECRET")
    monkeypatch.setenv("OTHER_TOKEN", "SECRET")
    return "SECRET"


def program(path: Path, *lines: str) -> Path:
    """Write a small program in the language of these tests."""
    path.write_text("\n".join((f"#!{sys.executable}", "import os, sys", *lines)), encoding="utf-8")
    path.chmod(path.stat().st_mode | stat.S_IXUSR)
    return path


def test_a_scanner_is_told_the_files_name_and_nothing_of_ours(tmp_path: Path, secret: str) -> None:
    seen = tmp_path / "seen"
    scanner = program(tmp_path / "scanner.py", f"open({str(seen)!r}, 'w').write(repr((sys.argv, dict(os.environ))))")
    assert command_scanner(str(scanner))(tmp_path / "照片.jpg") is None
    told = seen.read_text(encoding="utf-8")
    assert "照片.jpg" in told
    assert secret not in told


def test_a_reading_process_knows_nothing_of_ours(secret: str) -> None:
    with guard.Guard() as reading:
        number = reading._started().pid
        assert secret not in Path(f"/proc/{number}/environ").read_text(encoding="utf-8")


@pytest.fixture
def listener() -> Iterator[tuple[int, list[bytes]]]:
    """Listen on this machine, and keep what is asked."""
    asked: list[bytes] = []
    with socket.create_server(("127.0.0.1", 0)) as server:

        def listen() -> None:
            while True:
                try:
                    connection, _address = server.accept()
                except OSError:
                    return
                with connection:
                    asked.append(connection.recv(1000))

        threading.Thread(target=listen, daemon=True).start()
        yield server.getsockname()[1], asked
        server.shutdown(socket.SHUT_RDWR)


@pytest.mark.skipif(not office._alone(), reason="this system lets nobody take a network away")
def test_a_converter_reaches_nobody(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, secret: str, listener: tuple[int, list[bytes]]
) -> None:
    port, asked = listener
    program(
        tmp_path / "soffice", "import socket", f"assert {secret!r} not in repr(dict(os.environ))",
        "folder = sys.argv[sys.argv.index('--outdir') + 1]", "told = b'reached'",
        "try:", f"    socket.create_connection(('127.0.0.1', {port}), 1).sendall(b'beacon')",
        "except OSError:", "    told = b'alone'",
        "open(folder + '/source.docx', 'wb').write(told)",
    )  # fmt: skip
    monkeypatch.setenv("PATH", str(tmp_path), prepend=os.pathsep)
    assert convert(b"{\\rtf1}", ".rtf") == b"alone"
    assert asked == []


@pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice is not installed")
def test_a_document_that_links_to_a_picture_fetches_nothing(listener: tuple[int, list[bytes]]) -> None:
    port, asked = listener
    text = (
        '<office:document-content office:version="1.2" xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" '
        'xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0" xmlns:draw="urn:oasis:names:tc:opendocument:xmlns:drawing:1.0" '
        f'xmlns:xlink="http://www.w3.org/1999/xlink"><office:body><office:text><text:p>6月底前完成<draw:frame><draw:image '
        f'xlink:href="http://127.0.0.1:{port}/a.png"/></draw:frame></text:p></office:text></office:body></office:document-content>'
    )
    kind = "application/vnd.oasis.opendocument.text"
    made = opened(text, mimetype=kind, manifest=MANIFEST.format(kind=kind))
    assert convert(made, ".odt").startswith(b"PK")
    assert asked == []


MANIFEST = (
    '<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0" manifest:version="1.2">'
    '<manifest:file-entry manifest:full-path="/" manifest:media-type="{kind}"/>'
    '<manifest:file-entry manifest:full-path="content.xml" manifest:media-type="text/xml"/>'
    '<manifest:file-entry manifest:full-path="Pictures/1.png" manifest:media-type="image/png"/></manifest:manifest>'
)


def opened(content: str, mimetype: str = "", manifest: str = "") -> bytes:
    made = BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        archive.writestr("mimetype", mimetype)
        if manifest:
            archive.writestr("META-INF/manifest.xml", manifest)
        archive.writestr("content.xml", content)
        archive.writestr("Pictures/1.png", b"png")
    return made.getvalue()


def test_links_to_anything_outside_a_document_are_taken_out_before_it_is_opened() -> None:
    links = "".join(f'<t:a xlink:href="{link}">字</t:a>' for link in (*OUTSIDE, *INSIDE))
    flat = f'<?xml version="1.0"?><t:d {XLINK}>{links}</t:d>'
    with zipfile.ZipFile(BytesIO(without_links(opened(flat)))) as archive:
        packed = archive.read("content.xml").decode()
        assert archive.read("Pictures/1.png") == b"png"
        assert archive.infolist()[0].filename == "mimetype"
    for text in (packed, without_links(flat.encode()).decode()):
        assert [text.count(f'href="{link}"') for link in INSIDE] == [1] * len(INSIDE)
        assert text.count("href=") == len(INSIDE)
        assert text.count("<t:a") == len(OUTSIDE) + len(INSIDE)
    assert b"INCLUDEPICTURE" not in without_links(b'{\\rtf1{\\field{\\*\\fldinst INCLUDEPICTURE "http://h/a.png"}}}')
    with pytest.raises(NotConverted, match="损坏"):
        without_links(b"<a><b></a>")
    assert without_links(b"\xd0\xcf\x11\xe0old") == b"\xd0\xcf\x11\xe0old"
