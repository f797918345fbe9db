"""Mails (.eml) and pages saved whole with their pictures (.mht): what they say, and the attachments that are not read."""

import re
from collections.abc import Callable
from datetime import datetime
from email import message_from_bytes, policy
from email.message import EmailMessage, Message

from jobs.reading.blocks import Block, Paragraph
from jobs.reading.document import Place, Problem

Decode = Callable[[bytes], str | None]

_FIELD = re.compile(rb"^(?:[A-Za-z][A-Za-z0-9-]{1,40}:[^\r\n]*\r?\n(?:[ \t][^\r\n]*\r?\n)*)+")
_PARTS = re.compile(rb"^(?:MIME-Version|Content-Type):", re.IGNORECASE | re.MULTILINE)


def is_mail(data: bytes) -> bool:
    """Tell whether a file begins with the fields of a mail, of which one says what kind of text follows."""
    head = _FIELD.match(data[:8192].lstrip())
    return head is not None and _PARTS.search(head[0]) is not None


def text_of(data: bytes, problems: list[Problem], decode: Decode) -> tuple[list[Block], str]:
    """Return what stands above the text (its subject, the day it was sent), and the text: the page, where there is one.

    ``decode`` reads bytes of which nobody says how they are written.
    """
    message = message_from_bytes(data, policy=policy.default)
    assert isinstance(message, EmailMessage)
    bodies = [part for part in message.walk() if part.get_content_type() in ("text/html", "text/plain")]
    bodies = [part for part in bodies if part.get_content_disposition() != "attachment"]
    pages = [part for part in bodies if part.get_content_type() == "text/html"]
    for name in (part.get_filename() for part in message.walk() if part.get_content_disposition() == "attachment"):
        problems.append(Problem(Place(), str(name or "")[:120], "邮件的附件没有读取；请另存后单独读取"))
    text = "\n".join(_decoded(part, decode) for part in (pages or bodies)[:1])
    sent = _sent(str(message["Date"] or ""))
    is_page = bool(pages) and "multipart/related" in str(message["Content-Type"] or "")
    above = [] if is_page else [str(message["Subject"] or ""), f"发布时间：{sent:%Y-%m-%d}" if sent else ""]
    return [Paragraph(line.strip(), Place()) for line in above if line.strip()], text


def _decoded(part: Message, decode: Decode) -> str:
    """Return a part's text: as its own charset says, where it says one and keeps to it."""
    content = part.get_payload(decode=True)
    assert isinstance(content, bytes)
    charset = part.get_content_charset()
    try:
        return content.decode(charset) if charset else decode(content) or ""
    except (LookupError, UnicodeDecodeError):
        return decode(content) or ""


def _sent(written: str) -> datetime | None:
    from email.utils import parsedate_to_datetime

    try:
        return parsedate_to_datetime(written)
    except ValueError:
        return None
