"""A new day of expiry in words: 已换证，新有效期至2026年7月1日, by a unit or in our rooms: A-3 有效期改为2026年7月1日."""

import re
from datetime import date

from db import days
from db.words import Refusal
from jobs.reading.deadlines import Frame, Setting, find_deadlines

_VALID = re.compile(r"(?:新(?:的)?|现|证书|证照)?有效期(?:限)?|到期日")
_RENEWED = re.compile(
    r"已(?:经)?(?:换(?:发|领|取|到)?(?:了)?(?:新)?证|续(?:证|期|展)|延续|重新(?:评估|评价|检测|取证)|办(?:理)?(?:完|好|了)?延续|更换)|新证"
)
_NOT_YET = re.compile(r"未|没|还在|正在|预计|计划|准备|打算|争取|力争|申请|如果|吗|[?？]")


def new_day(text: str, today: date) -> date | None:
    """Return until when a text says that something is valid anew; None where it says nothing of the kind, or only hopes so."""
    if not (_VALID.search(text) or _RENEWED.search(text)) or _NOT_YET.search(text):
        return None
    found = [one.due for one in find_deadlines(text, Frame(Setting.CHAT, on=today)) if one.due is not None]
    return max(found, default=None)


LONGEST = 10
"""Years for which hardly anything is valid: a later day is asked about once, for it may be a slip, 2052 of 2025."""
_MEANT = re.compile("无误|没错|确实|确是|就是")


def require_likely(text: str, day: date, present: date | None, today: date) -> None:
    """Raise ``Refusal`` where a new day of expiry lies so far off that it may be a slip, unless the words say that it is meant."""
    since = max(present, today) if present is not None else today
    if day.year - since.year > LONGEST and not _MEANT.search(text):
        raise Refusal(
            f"新有效期{days.written(day)}在{day.year - since.year}年以后，没有改动；确是这一天的，请在后面加“无误”再写一遍。"
        )
