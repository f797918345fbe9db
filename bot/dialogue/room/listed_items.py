"""第一项, 第2条 in reply to a list of the bot: the item of that list, and not the task of that number; right after one it is asked which."""

import re

from bot.dialogue.access import Denied
from bot.dialogue.phrases import Pieces
from bot.dialogue.turn import Turn
from db import ledger, outbox
from db.bodies import ReplyBody
from db.ledger import Which
from db.words import LIVING
from jobs.reading.deadlines.resolve import number

_SAY = Pieces("listed_items", n=r"\d{1,2}|[一二三四五六七八九十]{1,3}")
_PLACES = _SAY(
    "第(?P<places>(?:{n})(?:[、和,，]第?(?:{n}))*)(?P<of>[项条个件])(?!月)|(?P<last>最后(?:那)?一?[项条个件]|末尾那?[项条个件])"
)
_PLACE = _SAY("{n}")
_ROW = re.compile(
    r"^\s*[^\s〔A-Za-z\d]{0,2}\s*〔(?P<code>[A-Za-z]{1,2}-\d{1,4}(?:\.\d{1,3})?)〕(?P<unit>[^：\s]{2,40})：", re.M
)
_PAGE = re.compile(r"第(\d+)/(\d+)页）")


def named(turn: Turn, text: str) -> str:
    """Return a message with the codes of the items of a list in place of their places in it. Raise ``Denied`` where it has no such item, or
    where who replies to nothing may as well mean the task of that number.
    """
    found = _PLACES.search(text)
    if found is None or not turn.visitor.steers or turn.incoming.press is not None:
        return text
    replies = turn.source is not None
    rows, pages = _list_of(turn)
    if len(rows) < 2:
        return text
    many = [len(rows)] if found["last"] else [number(one[0]) for one in _PLACE.finditer(found["places"])]
    if pages > 1 or any(not 0 < place <= len(rows) for place in many):
        left = "清单有几页" if pages > 1 else f"这张清单只有{len(rows)}项"
        if not replies:
            return text
        raise Denied(f"没有办理：{left}，没有看清“{found[0]}”是哪项；请写编号，例如：{rows[0][0]}。")
    codes = [code for code, _unit in rows]
    items = [f"{code}{unit if codes.count(code) > 1 else ''}" for code, unit in (rows[place - 1] for place in many)]
    if not replies and not found["last"] and any(_is_another(turn, place, codes[place - 1]) for place in many):
        listed = "、".join(f"〔{codes[place - 1]}〕" for place in many)
        raise Denied(
            f"没有办理：“{found[0]}”是上面清单上的{listed}，还是编号为{'、'.join(map(str, many))}的？请写编号。"
        )
    return f"{text[: found.start()]}{'、'.join(items)}{text[found.end() :]}"


def _list_of(turn: Turn) -> tuple[list[tuple[str, str]], int]:
    """Return the rows of the list that is replied to, else of the one that the bot wrote last, each by code and unit, and how many pages it has."""
    notice = turn.source.notice if turn.source is not None else None
    if notice is None:
        latest = outbox.sent_lately(turn.session, turn.visitor.chat.id, 1)
        notice = latest[0][0] if latest else None
    body = notice.legible if notice is not None else None
    if not isinstance(body, ReplyBody) or body.query is None:
        return [], 1
    pages = _PAGE.search(body.text)
    return [(row["code"], row["unit"]) for row in _ROW.finditer(body.text)], int(pages[2]) if pages is not None else 1


def _is_another(turn: Turn, place: int, code: str) -> bool:
    """Tell whether a task has the number of a place at which the list has another."""
    own = code.split("-")[-1].split(".")[0] == str(place)
    return not own and bool(ledger.count(turn.session, Which(LIVING, codes=[str(place)])))
