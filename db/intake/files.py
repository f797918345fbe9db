"""From a file to its text: what can be read now, and one clear line for what cannot."""

import codecs
from pathlib import Path

MAX_BYTES = 20 * 1024 * 1024
"""The largest file that is read."""

READABLE = "纯文本（.txt、.md，UTF-8 或 GB18030 编码）"

_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)

_KNOWN = {
    b"PK\x03\x04": "Word、Excel 等压缩格式",
    b"%PDF": "PDF",
    b"\xd0\xcf\x11\xe0": "旧版 Office",
    b"{\\rtf": "RTF",
}
"""How files begin that are no plain text."""


class UnreadableFile(Exception):
    """The file cannot be read; the message is one line that says what to do."""


def read_file(path: Path) -> str:
    """Return the text of a file. Raise ``UnreadableFile``."""
    data = _bytes(path)
    for mark, name in _KNOWN.items():
        if data.startswith(mark):
            raise UnreadableFile(f"{path} 是{name}文件，现在只读{READABLE}；请另存为文本后再试")
    text = decode(data)
    if text is None:
        raise UnreadableFile(f"{path} 不是文本文件，或编码无法识别；现在只读{READABLE}")
    if not text.strip():
        raise UnreadableFile(f"{path} 是空文件，没有可读的内容")
    return text


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


def decode(data: bytes) -> str | None:
    """Decode text by its mark, as UTF-8 or as GB18030; None for what is no text."""
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return _as(data, encoding)
    if b"\x00" in data:
        return None
    text = _as(data, "utf-8")
    return _as(data, "gb18030") if text is None else text


def _as(data: bytes, encoding: str) -> str | None:
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError:
        return None
    return None if "\x00" in text else text
