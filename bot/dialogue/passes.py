"""The board's links: who has a rank asks for one in private, and takes back what they were given."""

from collections.abc import Callable

from bot.dialogue.access import Denied
from bot.dialogue.turn import Turn
from db.register import passes
from db.words import Purpose

ONLY_IN_PRIVATE = "链接只能发给您本人：请与我私聊，说“{word}”。"
NO_ADDRESS = "网页台账还没有网址；请系统管理员设置后再试。"


def board(turn: Turn, _rest: str = "") -> None:
    """看板: hand out a link to the board, which is used once."""
    link = _address(turn, "看板") + "/enter/" + _given(turn, Purpose.LINK)
    minutes, hours = (passes.LIVES[Purpose.LINK].seconds // 60, passes.LIVES[Purpose.SESSION].seconds // 3600)
    turn.reply("board_link", link=link, minutes=minutes, hours=hours)


def calendar(turn: Turn, _rest: str = "") -> None:
    """日历: hand out the address from which a calendar fetches the deadlines that the person may read."""
    address = _address(turn, "日历")
    turn.reply("calendar_link", link=f"{address}/calendar/{_given(turn, Purpose.CALENDAR)}.ics")


def leave(turn: Turn, _rest: str = "") -> None:
    """退出看板: end every sign-in and link of the person."""
    passes.take_back(turn.session, turn.visitor.person.id, (Purpose.LINK, Purpose.SESSION), turn.now)
    turn.reply("passes_ended", what="看板已退出：发给您的链接和各处的登录都已失效")


def leave_calendar(turn: Turn, _rest: str = "") -> None:
    """停用日历: end every calendar address of the person."""
    passes.take_back(turn.session, turn.visitor.person.id, (Purpose.CALENDAR,), turn.now)
    turn.reply("passes_ended", what="日历已停用：发给您的日历地址不再更新")


WORDS: dict[str, Callable[[Turn], None]] = {
    "看板": board,
    "/board": board,
    "台账网址": board,
    "日历": calendar,
    "/calendar": calendar,
    "退出看板": leave,
    "停用日历": leave_calendar,
}
"""What anybody with a rank may say, whatever the bot has asked before."""


def wanted(turn: Turn, text: str) -> Callable[[Turn], None] | None:
    """Return what a message asks for, if it asks for nothing else."""
    return WORDS.get(text.strip().lower()) if turn.visitor.ranks and not turn.files else None


def _address(turn: Turn, word: str) -> str:
    if not turn.incoming.private or turn.incoming.anonymous:
        raise Denied(ONLY_IN_PRIVATE.format(word=word))
    if not turn.desk.site:
        raise Denied(NO_ADDRESS)
    return turn.desk.site


def _given(turn: Turn, purpose: Purpose) -> str:
    return passes.give(turn.session, purpose, turn.visitor.person.id, turn.now)
