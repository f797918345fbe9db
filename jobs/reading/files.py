"""From a file to its blocks: what it is, told by its content; one reader a format; one clear line for what cannot be read."""

import codecs
import zipfile
from collections.abc import Callable
from dataclasses import dataclass, field
from io import BytesIO
from pathlib import Path

from db.words import Refusal
from jobs.reading.blocks import Block, numbered
from jobs.reading.document import Problem
from jobs.reading.formats import mail
from jobs.reading.repair import repair_encoding

MAX_BYTES = 20 * 1024 * 1024
"""The largest file that is read."""

MAX_INFLATED = 200 * 1024 * 1024
"""The most that a compressed format may unpack to, in bytes."""

MAX_TEXT = 10 * 1024 * 1024
"""The longest plain text or page, in bytes."""

READABLE = "Word（.docx）、Excel（.xlsx）、.csv、网页（.html、.mht）、邮件（.eml）、PDF、OFD（.ofd）、.txt、.md"

_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)


class UnreadableFile(Refusal):
    """The file cannot be read; the message is one line that says what to do."""


@dataclass(slots=True)
class Opened:
    """What is in a file: its blocks, the problems that opening it met, and the plain text where it is one."""

    blocks: list[Block]
    problems: list[Problem] = field(default_factory=list)


Tell = Callable[[int, int], None]
"""Hears how many of a file's pages have been read, or looked at."""


def _to_nobody(_page: int, _pages: int) -> None:
    """Nobody asks how far it is."""


def open_file(path: Path, tell_of_scan: Tell = _to_nobody, tell: Tell = _to_nobody) -> Opened:
    """Return what is in a file; ``tell_of_scan`` hears how far looking at a scan is, ``tell`` how many pages of text are read.

    Raise ``UnreadableFile``.
    """
    data = _bytes(path)
    kind = _kind(data, path)
    problems: list[Problem] = []
    try:
        try:
            found = _pdf(data, path, problems, tell) if kind == "PDF" else _READERS[kind](data, path, problems)
        except _OnlyPictures:
            found = _looked_at(data, path, tell_of_scan)
    except UnreadableFile:
        raise
    except (MemoryError, RecursionError):
        raise UnreadableFile(f"{path} 的内容过大或嵌套过深，无法读取；请只保留任务清单后再试") from None
    except Exception as error:  # the libraries raise anything for a damaged file
        raise UnreadableFile(f"{path} 无法按 {kind} 读取，文件可能已损坏；请重新下载或另存后再试") from error
    if not found:
        raise UnreadableFile(f"{path} 是空文件，没有可读的内容")
    return Opened(numbered(found), problems)


def _bytes(path: Path) -> bytes:
    try:
        if path.is_dir():
            raise UnreadableFile(f"{path} 是文件夹，请给出一个文件")
        if path.stat().st_size > MAX_BYTES:
            raise UnreadableFile(f"{path} 超过 {MAX_BYTES // 2**20} MB，请拆分后再读")
        return path.read_bytes()
    except FileNotFoundError:
        raise UnreadableFile(f"没有这个文件：{path}") from None
    except (OSError, ValueError) as error:
        raise UnreadableFile(f"{path} 无法打开：{getattr(error, 'strerror', None) or '路径不对'}") from None


# ---------------------------------------------------------------- what a file is

_PICTURES = (b"\xff\xd8\xff", b"\x89PNG", b"GIF8", b"BM", b"II*\x00", b"MM\x00*")


def _kind(data: bytes, path: Path) -> str:
    """Tell a file's kind by how it begins, and only where that says nothing by its name."""
    suffix = path.suffix.lower()
    if b"%PDF-" in data[:1024]:
        return "PDF"
    if data.startswith(b"PK"):
        return _zip_kind(data, path)
    if data.startswith(b"\xd0\xcf\x11\xe0"):
        if "EncryptedPackage".encode("utf-16-le") in data:
            raise UnreadableFile(f"{path} 已加密；请解除密码后再试")
        return "office"
    if data.startswith(b"{\\rtf"):
        return "office"
    if data.startswith(_PICTURES):
        return "图片"
    if data.startswith((b"Rar!", b"7z\xbc\xaf", b"\x1f\x8b")):
        raise UnreadableFile(f"{path} 是压缩包；请解压后给出其中的文件")
    if mail.is_mail(data):
        return "邮件"
    return "csv" if suffix in (".csv", ".tsv") else "text"


def _zip_kind(data: bytes, path: Path) -> str:
    try:
        with zipfile.ZipFile(BytesIO(data)) as archive:
            entries = archive.infolist()
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError):
        raise UnreadableFile(f"{path} 不完整或已损坏；请重新下载后再试") from None
    if sum(entry.file_size for entry in entries) > MAX_INFLATED or len(entries) > 10_000:
        raise UnreadableFile(f"{path} 解压后超过 {MAX_INFLATED // 2**20} MB，不予读取；请只保留任务清单后再试")
    inside = {entry.filename for entry in entries}
    for mark, kind in (
        ("word/document.xml", "Word"),
        ("xl/workbook.xml", "Excel"),
        ("content.xml", "office"),
        ("OFD.xml", "OFD"),
    ):
        if mark in inside:
            return kind
    if any(name.startswith("word/") and name.endswith(".xml") for name in inside):
        return "Word"
    raise UnreadableFile(f"{path} 是压缩包；请解压后给出其中的文件")


# ---------------------------------------------------------------- one reader a kind


def _word(data: bytes, _path: Path, problems: list[Problem]) -> list[Block]:
    from jobs.reading.formats import docx

    return docx.read(data, problems)


def _excel(data: bytes, _path: Path, problems: list[Problem]) -> list[Block]:
    from jobs.reading.formats import xlsx

    return xlsx.read(data, problems)


def _pdf(data: bytes, path: Path, _problems: list[Problem], tell: Tell = _to_nobody) -> list[Block]:
    from pdfplumber.utils.exceptions import PdfminerException

    from jobs.reading.formats import pdf

    try:
        return pdf.read(data, tell)
    except pdf.ScannedPages:
        raise _OnlyPictures from None
    except pdf.TooManyPages as error:
        raise UnreadableFile(
            f"{path} 有 {error.args[0]} 页，超过 {pdf.MAX_PAGES} 页；请只保留任务清单所在的页"
        ) from None
    except PdfminerException as error:
        if "Password" in repr(error):
            raise UnreadableFile(f"{path} 已加密；请解除密码后再试") from None
        raise


def _picture(_data: bytes, _path: Path, _problems: list[Problem]) -> list[Block]:
    raise _OnlyPictures


class _OnlyPictures(Exception):
    """There is no text in the file: its pages are pictures."""


def _looked_at(data: bytes, path: Path, tell: Tell) -> list[Block]:
    from jobs.reading.formats import scan

    try:
        found = scan.read(data, tell)
    except scan.NotInstalled:
        raise UnreadableFile(
            f"{path} 是扫描件或图片，要有文字识别才能读",
            chat="，本机没有安装；请联系管理员安装，或转成 Word 或文本、核对后再发",
            terminal="；请安装 duban[ocr]，或转成 Word 或文本、核对后再试",
        ) from None
    except scan.TooManyPages as error:
        raise UnreadableFile(
            f"{path} 是扫描件，有 {error.args[0]} 页，超过 {scan.MAX_PAGES} 页；请只保留任务清单所在的页"
        ) from None
    except scan.Unseen:
        raise UnreadableFile(
            f"{path} 是扫描件或图片，但打不开或看不清；请重新扫描（200 dpi 以上），或转成 Word 或文本、核对后再试"
        ) from None
    if not found:
        raise UnreadableFile(f"{path} 是扫描件或图片，上面没有看到文字；请重新扫描（200 dpi 以上）后再试")
    return found


def _ofd(data: bytes, path: Path, _problems: list[Problem]) -> list[Block]:
    from jobs.reading.formats import ofd

    try:
        return ofd.read(data)
    except ofd.NoText:
        raise UnreadableFile(
            f"{path} 的页面上没有文字（是图片，或文件受保护）；请用文字识别（OCR）转成 Word 或文本，核对后再试"
        ) from None
    except ofd.TooManyPages as error:
        raise UnreadableFile(
            f"{path} 有 {error.args[0]} 页，超过 {ofd.MAX_PAGES} 页；请只保留任务清单所在的页"
        ) from None


def _office(data: bytes, path: Path, problems: list[Problem]) -> list[Block]:
    from jobs.reading.formats import office

    suffix = path.suffix.lower()
    if suffix not in office.TARGETS:
        suffix = (
            ".rtf"
            if data.startswith(b"{\\rtf")
            else ".xls"
            if b"W\x00o\x00r\x00k\x00b\x00o\x00o\x00k" in data
            else ".doc"
        )
    try:
        made = office.convert(data, suffix)
    except office.NotConverted as error:
        raise UnreadableFile(f"{path} 须经 LibreOffice 转换：{error}") from None
    return (_excel if office.TARGETS[suffix] == "xlsx" else _word)(made, path, problems)


def _csv(data: bytes, path: Path, _problems: list[Problem]) -> list[Block]:
    from jobs.reading.formats import csv

    return csv.read(_text_of(data, path))


def _mail(data: bytes, _path: Path, problems: list[Problem]) -> list[Block]:
    above, text = mail.text_of(data, problems, decode)
    return [*above, *text_blocks(repair_encoding(text), problems)]


def _text(data: bytes, path: Path, problems: list[Problem]) -> list[Block]:
    return text_blocks(_text_of(data, path), problems)


_READERS: dict[str, Callable[[bytes, Path, list[Problem]], list[Block]]] = {
    "Word": _word,
    "Excel": _excel,
    "PDF": _pdf,
    "OFD": _ofd,
    "图片": _picture,
    "office": _office,
    "csv": _csv,
    "邮件": _mail,
    "text": _text,
}


def text_blocks(text: str, problems: list[Problem]) -> list[Block]:
    """Return the blocks of a text that is at hand: plain text, Markdown, or a page whatever its name says; what is left out of
    a page is told in ``problems``.
    """
    from jobs.reading.formats import html
    from jobs.reading.formats.text import blocks

    return html.read(text, problems) if html.looks_like_html(text) else blocks(text)


# ---------------------------------------------------------------- encodings


def _text_of(data: bytes, path: Path) -> str:
    if len(data) > MAX_TEXT:
        raise UnreadableFile(f"{path} 的文字超过 {MAX_TEXT // 2**20} MB，请拆分后再读")
    text = decode(data)
    if text is None:
        raise UnreadableFile(f"{path} 不是文本文件，或编码无法识别；可以读的有：{READABLE}")
    if not text.strip():
        raise UnreadableFile(f"{path} 是空文件，没有可读的内容")
    return repair_encoding(text)


def decode(data: bytes) -> str | None:
    """Decode text by its mark, as UTF-8, as GB18030, or as UTF-8 with a few broken bytes; None for what is no text."""
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return _as(data, encoding)
    if b"\x00" in data:
        return None
    text = _as(data, "utf-8")
    text = _as(data, "gb18030") if text is None else text
    if text is None:  # a few broken bytes, as where a copy was cut
        text = data.decode("utf-8", "replace")
        return text if text.count("\ufffd") * 100 < len(text) else None
    return text


def _as(data: bytes, encoding: str) -> str | None:
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError:
        return None
    return None if "\x00" in text else text
