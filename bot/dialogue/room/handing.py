"""What a room is handed as a file: the ledger, papers in official form, the sheet of codes."""

import re
from collections.abc import Sequence
from dataclasses import replace

from bot.dialogue import access
from bot.dialogue.access import Denied
from bot.dialogue.room import narrowing
from bot.dialogue.room.codes import codes_book
from bot.dialogue.targets import of_coordinator, split
from bot.dialogue.turn import Turn
from db import days, ledger, register
from db.bodies import KeptFile
from db.ledger import Line, Which
from db.models import Campaign, Paper, Unit
from db.plain import whole_number
from db.words import EVERY, LIVING, State
from jobs.notices.press import Verb, button
from jobs.notices.render import MAX_ITEM_BUTTONS, say, shorten
from jobs.papers import drafts
from jobs.printed import contents
from jobs.printed.ledger_book import ledger_book
from jobs.printed.official import official
from jobs.printed.written import Written
from jobs.rounds.standing import stands
from jobs.rounds.table import name_of, table

SHOWN = 8
"""How many papers are offered, the latest."""

LONGEST_NAME = 60
"""Characters of a file's name."""

_NO_NAME = re.compile(r'[\\/:*?"<>|\s]+')


def hand_over(
    turn: Turn, text: str, name: str, content: bytes, outcome: str, besides: Sequence[tuple[str, bytes]] = ()
) -> None:
    """Send a file, and others ``besides``, with a text before it; raise ``Denied`` where the service takes none."""
    if not turn.abilities.files:
        raise Denied("本会话不能传文件；请从能传文件的会话发起。")
    files = tuple(KeptFile(turn.desk.archive.keep(data), called) for called, data in ((name, content), *besides))
    turn.reply_text(text, outcome=outcome, files=files)


# ---------------------------------------------------------------- the ledger


def ledger_in_words(turn: Turn, rest: str) -> None:
    """导出台账: a row a task, or 按单位 a row a unit; of units, a campaign or a lamp where they are named."""
    access.require_room(turn.visitor)
    by_unit = "按单位" in rest
    which, unknown = narrowing.narrowed(turn, rest.replace("按单位", " ").strip())
    if unknown:
        raise Denied(f"没有叫“{shorten(unknown, 20)}”的单位。可写单位全称、专项的字头，或“按单位”。")
    if which.states == narrowing.STILL:
        which = replace(which, states=None)
    _ledger(turn, which, by_unit=by_unit)


def ledger_of(turn: Turn, campaign: int, _version: int = 0) -> None:
    """导出台账 under 状态: of one campaign, or of all (0)."""
    access.require_room(turn.visitor)
    _ledger(turn, Which(LIVING, campaign=campaign or None), by_unit=False)


def _ledger(turn: Turn, which: Which, *, by_unit: bool) -> None:
    lines = ledger.lines(turn.session, which)
    if not lines:
        raise Denied("没有可导出的：进行中的专项行动里没有这样的任务。")
    name = f"台账{'（按单位）' if by_unit else ''}{turn.today():%Y-%m-%d}.xlsx"
    text = f"台账，截至{turn.at()}，{len(lines)}项交办："
    hand_over(turn, text, name, ledger_book(turn.session, lines, turn.now, by_unit=by_unit), "ledger")


# ---------------------------------------------------------------- papers


def paper_in_words(turn: Turn, rest: str) -> None:
    """印发 3, 一页纸, 督办单 单位 or 销号单 7: that paper as .docx; without a word what there is."""
    access.require_room(turn.visitor)
    words = rest.strip()
    number = whole_number(words.removeprefix("文稿").strip())
    if number is not None:
        paper(turn, number)
        return
    if words.startswith("一页纸") and not words.removeprefix("一页纸").strip(" ：:") and _choose_page(turn):
        return
    for kind, write in _WRITTEN.items():
        if words.startswith(kind):
            _hand(turn, write(turn, words.removeprefix(kind).strip(" ：:")))
            return
    if words:
        raise Denied(f"没有“{shorten(words, 20)}”这种文稿；可写编号，或{'、'.join(_WRITTEN)}。")
    papers = drafts.latest(turn.session, SHOWN)
    turn.reply(
        "papers",
        rows=[_listed(turn, one) for one in papers],
        buttons=[button(Verb.PRINT_PAPER, one.id, label=f"{one.kind.zh}{one.id}") for one in papers],
    )


def paper(turn: Turn, number: int, _version: int = 0) -> None:
    """One bulletin or summons as it was signed, or as the draft stands."""
    access.require_room(turn.visitor)
    found = drafts.find(turn.session, number)
    if found is None:
        raise Denied(f"没有文稿{number}；写“{turn.spoken('印发', 'paper')}”看有哪些。")
    rounds = contents.annexes(turn.session, found, turn.now)
    tables = [(name_of(turn.session, one), table(turn.session, one, stands(turn.session, one))) for one in rounds]
    _hand(turn, contents.of_paper(turn.session, turn.desk, found, turn.now), tables)


def _hand(turn: Turn, written: Written, besides: Sequence[tuple[str, bytes]] = ()) -> None:
    title = shorten(_NO_NAME.sub("", written.title), LONGEST_NAME)
    text = f"{written.title}{'（待签发）' if written.draft else ''}："
    hand_over(turn, text, f"{title}.docx", official(written, turn.desk.letterhead), "paper", besides)


def _listed(turn: Turn, paper: Paper) -> str:
    units = drafts.names(turn.session, drafts.units_named(turn.session, [paper]))
    whose = shorten("、".join(units), 24)
    number = turn.desk.letterhead.numbered(paper.kind, paper.year, paper.number)
    when = (
        f"{turn.at(paper.signed_at)}签发" if paper.signed_at else f"{days.short(paper.day, turn.today())}拟稿，待签发"
    )
    return f"{paper.id} {paper.kind.zh}{number and f' {number}'}（{when}）：{whose}"


def _choose_page(turn: Turn) -> bool:
    """Ask with buttons of which campaign the page is to be, where several run; tell whether they do."""
    able = ledger.running(turn.session)
    if len(able) < 2:
        return False
    buttons = [button(Verb.PRINT_PAGE, one.id, label=f"{one.id} {shorten(one.title, 12)}") for one in able]
    more = (
        f"（只列出前{len(buttons[:MAX_ITEM_BUTTONS])}个，其余请写：一页纸 编号）"
        if len(able) > MAX_ITEM_BUTTONS
        else ""
    )
    turn.reply_text(f"请选哪个专项行动的一页纸{more}：", buttons[:MAX_ITEM_BUTTONS], "ask_which")
    return True


def page(turn: Turn, campaign: int, _version: int = 0) -> None:
    """The leader's page of one campaign, chosen with a press."""
    access.require_room(turn.visitor)
    _hand(turn, _page(turn, str(campaign)))


def _page(turn: Turn, rest: str) -> Written:
    return contents.page(turn.session, running_one(turn, rest), turn.now)


def _supervision(turn: Turn, rest: str) -> Written:
    unit, more = _unit_in(turn, rest)
    if unit is None:
        raise Denied(f"请写明单位，例如：{turn.spoken('印发', 'paper')} 督办单 省经信厅。")
    return contents.supervision(turn.session, turn.desk, unit, running_one(turn, more), turn.now)


def _closure(turn: Turn, rest: str) -> Written:
    references, _words = split(rest)
    if not references:
        raise Denied(f"请写明哪一项，例如：{turn.spoken('印发', 'paper')} 销号单 7。")
    lines = of_coordinator(turn, references, Which(EVERY, states=[State.CLOSED])).lines
    if not lines:
        raise Denied(f"〔{references[0]}〕还没有销号的。")
    if len(lines) > 1:
        raise Denied(f"〔{references[0]}〕销号的有：{'、'.join(map(_named, lines[:SHOWN]))}；请在后面写明单位。")
    return contents.closure(turn.session, lines[0])


def _named(line: Line) -> str:
    return f"{line.code}{line.unit.name}"


_WRITTEN = {"一页纸": _page, "督办单": _supervision, "销号单": _closure}
"""Papers that are written on the spot, by what they are called."""


def _unit_in(turn: Turn, words: str) -> tuple[Unit | None, str]:
    """Return the unit that words begin with, and the rest."""
    name, _, more = words.partition(" ")
    return (register.find_unit(turn.session, name) if name else None), more


def running_one(turn: Turn, words: str) -> Campaign:
    """Return the running campaign that is named by its number or letter, else the only one."""
    able = ledger.running(turn.session)
    asked = words.strip().upper()
    found = [one for one in able if not asked or asked in (str(one.id), one.letter)]
    if len(found) != 1:
        listed = "；".join(f"{one.id} {shorten(one.title, 20)}" for one in able) or "没有"
        raise Denied(f"请在后面写明专项行动的编号。进行中的：{listed}。")
    return found[0]


# ---------------------------------------------------------------- codes


def codes(turn: Turn, *, unbound: bool) -> None:
    """邀请 全部: one code a unit, to hand out; 邀请 未绑定 for those alone that have no chat yet."""
    access.require_coordinator(turn.visitor)
    made = codes_book(turn.session, [turn.abilities.bind_word], turn.now, turn.desk.timezone, unbound=unbound)
    if not made.count:
        raise Denied("各单位都已绑定，不用再发绑定码。" if unbound else "登记册里还没有单位。")
    text = say("codes", count=made.count, until=turn.at(made.expires))
    hand_over(turn, text, f"绑定码{turn.today():%Y-%m-%d}.xlsx", made.content, "codes")
