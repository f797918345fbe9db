"""A look at a report before the coordinators' 自查、复查: passed on or sent back by who is asked, with a press or in words."""

import re

from bot.dialogue import access, access_to_reports, prompts
from bot.dialogue.access import Denied
from bot.dialogue.agreeing import agrees
from bot.dialogue.beside_verdicts.doubt import doubt
from bot.dialogue.contact import answers
from bot.dialogue.phrases import Pieces
from bot.dialogue.room import looked
from bot.dialogue.room.reasons import sends_back
from bot.dialogue.targets import choose, names_it, without_unit
from bot.dialogue.turn import Turn
from bot.dialogue.understand import Intent, understand
from db import outbox
from db.ledger import Line
from db.ledger.acts import Act
from db.models import Unit
from db.words import Action, Level, NoticeKind
from jobs.notices.press import Verb, button
from jobs.notices.render import OUTCOMES, shorten
from jobs.verification import levels

_SAY = Pieces(
    "reviews",
    passes="通过|确认|属实",
    fails=r"退回|打回|驳回|(?:不[能予宜]?|没有?|未)(?:通过|属实|过(?=了?(?:$|[\s，,。])))|过不了|通不过|不合格|不行",
    first=r"(?:[〔\[]?(?P<first>[A-Za-z]{1,2}\d{0,2}-\d{1,4}(?:\.\d{1,3})?)[〕\]]?[\s，,：:]*)",
    level="(?P<level>自查|复查)",
    reference=r"[〔\[]?(?P<code>[A-Za-z]{0,2}\d{0,2}-?\d{1,4}(?:\.\d{1,3})?)?[〕\]]?",
)
_SAID = _SAY(r"^{first}?{level}\s*(?:(?P<passes>{passes})|{fails})\s*{reference}[\s，,：:]*(?P<why>.*)$", re.DOTALL)
"""What names the level is said of it wherever it is said …"""

_RETURNS = _SAY(r"^{which}*(?:{back}[\s，,：:。]*|{denied}[了吧]*(?:[\s，,：:。]+|$))(?P<why>.*)$", re.DOTALL)
"""… and this in answer to the message that asks."""


_DENIES = re.compile(
    r"(?<!没有)(?:不(?:通过|属实|合格|符|行|同意|达标|到位|真实)|退回|打回|驳回|(?<!不)(?<!无)缺(?!陷))|"
    r"[没未](?:有?(?:去|看|到过?现场|到位|通过|完成|做完|整改|落实|核实|查看))"
)
"""What does not go with passing a report on: 不通过，缺照片."""

_ASKED = (Level.SELF, Level.LEAD)
_LEVELS = {level.zh: level for level in _ASKED}


def pass_on(turn: Turn, line: Line, words: str = "") -> None:
    """自查通过, 复查通过: let a report go on to the next level."""
    if turn.incoming.anonymous or turn.visitor.person.nameless:
        raise Denied("须由具名人员办理：请先告诉我您的姓名。")
    if _DENIES.search(words):
        raise Denied(
            f"〔{line.code}〕没有改动：写的是“{shorten(words, 20)}”；要退回的请按“退回”并写明理由，属实的请改写后再按。"
        )
    level = line.assignment.level
    office = access.is_office_task(turn.session, turn.desk, line)
    act = levels.looked_at(turn.session, turn.desk, line, turn.now, words, office_task=office)
    if level not in _ASKED or level is None:
        answers.tell_stale(turn, line)
    elif answers.perform(turn, line, act) is not None:
        turn.show_in_requests(line, act.action.zh, level)
        turn.reply(
            "passed_on_report",
            code=line.code,
            unit=line.unit.name,
            level=level.zh,
            leads=act.level is Level.LEAD,
            **answers.who(turn),
            line=line,
        )


def send_back(turn: Turn, line: Line, words: str = "") -> None:
    """退回: send a report back to its unit; a missing reason is asked for."""
    mine = access_to_reports.to_review(turn.session, turn.desk, turn.visitor, line.assignment.id)
    level = mine.assignment.level
    if level not in _ASKED:
        answers.tell_stale(turn, mine)
    elif not words:
        prompts.expect(turn, Action.RETURN, mine)
        turn.reply("ask_return", code=mine.code, unit=mine.unit.name, line=mine, asks_text=True, changes=True)
    elif answers.perform(turn, mine, Act(Action.RETURN, words=words)) is not None:
        what = OUTCOMES[Action.RETURN]
        turn.show_in_requests(mine, what, level)
        turn.reply(
            "decided",
            code=mine.code,
            unit=mine.unit.name,
            outcome=what,
            due=None,
            anew=False,
            valid=False,
            line=mine,
            **answers.who(turn),
        )


def send_back_as_asked(turn: Turn, line: Line, words: str) -> None:
    """Send a report back with the reason that was asked for, where its words do not leave it open."""
    if not _left_open(turn, line, words, Action.RETURN, asked=True):
        send_back(turn, line, words)


def in_words(turn: Turn, text: str) -> bool:
    """Hear a look at a report in words: 复查通过 A-7, 复查退回 A-7 缺照片; in answer to the message that asks also 属实, 退回 缺照片."""
    clean = text.strip()
    said, back, passes = _SAID.match(clean), _RETURNS.match(clean), agrees(clean)
    asks = _asked(turn)
    why = sends_back(clean) if asks is not None and back is None and not passes else None
    if said is None and back is None and why is None and not passes:
        return _found_so(turn, clean, asks) or _told_how(turn, clean)
    first = said["first"] if said is not None else None
    codes = [code] if said is not None and (code := said["code"] or first) else []
    if said is None and asks is None:
        return False
    if asks is not None and not codes:
        found = [asks]
    else:
        found = access_to_reports.awaiting_review(turn.session, turn.visitor, codes)
    if said is not None:
        found = [one for one in found if one.assignment.level is _LEVELS[said["level"]]] or found
        passes, words = bool(said["passes"]), said["why"].strip()
    else:
        words = back["why"].strip() if back is not None and not passes else why or ""
    if not found and first:  # B-4自查通过 may tell how far the task is
        return False
    if not found:
        turn.reply("refused", why="没有等着本单位自查、复查的这一项。")
    elif len(found) > 1:
        choose(turn, found, text, units=True)
    else:
        line = access_to_reports.to_review(turn.session, turn.desk, turn.visitor, found[0].assignment.id)
        if not _left_open(turn, line, words, Action.VERIFY if passes else Action.RETURN):
            (pass_on if passes else send_back)(turn, line, words)
    return True


def _left_open(turn: Turn, line: Line, text: str, of: Action, *, asked: bool = False) -> bool:
    """Change nothing where the words beside a verdict leave it open, 复查通过 A-1 还早, and offer both; tell whether they do."""
    level, open_still = line.assignment.level, doubt(text, of, asked=asked)
    if not open_still or level not in _ASKED or level is None:
        return False
    word = "退回" if of is Action.RETURN else "通过"
    how = f"{level.zh}{word} {line.code}{' 理由：……' if of is Action.RETURN else ''}"
    turn.reply(
        "refused",
        why=f"〔{line.code}〕{line.unit.name}没有改动：话里有“{shorten(open_still, 16)}”。确要{word}的，请写：{how}，或按下面的按钮。",
        line=line,
        buttons=[button(verb, line.assignment.id, line.assignment.version) for verb in (Verb.PASS_ON, Verb.SEND_BACK)],
    )
    return True


def _found_so(turn: Turn, text: str, asks: Line | None) -> bool:
    """Let the report go on of which a text says that they looked and found it so, 我们看过了没问题，B-1公安的属实, or send it back,
    B-1公安的退回，缺名册; tell whether it did. What leaves either open, B-1不该退回, is shown with a press for both.

    It is the one that the message asks of which they answer, else one that is called by its code, and by its unit where several are.
    """
    named = understand(text, on=turn.today(), coordinator=False).tasks
    if (
        turn.files
        or (asks is None and not named)
        or (asks is not None and not all(names_it(asks, one) for one in named))
    ):
        return False
    waiting = [asks] if asks is not None else access_to_reports.awaiting_review(turn.session, turn.visitor, named)
    clauses = looked.clauses(text)
    told = [(one, [said for one_of in clauses if (said := _without_name(turn, one_of, one.unit))]) for one in waiting]
    so = [(one, said) for one, said in told if looked.is_so(said)]
    found = [one for one, said in so if said != clauses] or [one for one, _said in so]
    theirs = [(one, back) for one, said in told if said != clauses and (back := _RETURNS.match("，".join(said)))]
    hesitates = [one for one, _said in told if _JUDGES.search(text) and doubt(text, Action.RETURN)]
    if len(found) > 1:
        choose(turn, found, text, units=True)
    elif found:
        pass_on(turn, access_to_reports.to_review(turn.session, turn.desk, turn.visitor, found[0].assignment.id))
    elif len(hesitates) == 1 and _left_open(turn, hesitates[0], text, Action.RETURN):
        return True
    elif len(theirs) == 1:
        line, back = theirs[0]
        mine = access_to_reports.to_review(turn.session, turn.desk, turn.visitor, line.assignment.id)
        send_back(turn, mine, back["why"].strip())
    return bool(found) or len(theirs) == 1


_JUDGES = re.compile("退回|打回|驳回|复查|自查")


def _without_name(turn: Turn, clause: str, unit: Unit) -> str:
    """Return a clause without the unit's name at its head, also as people shorten it: 公安局的属实, 公安的属实."""
    rest = without_unit(turn, clause, unit)
    if rest == clause:
        length = next((length for length in range(len(clause), 1, -1) if clause[:length] in unit.name), 0)
        rest = clause[length:]
    return rest.removeprefix("的")


_NO_LOOK = (Intent.QUESTION, Intent.ACKNOWLEDGE, Intent.LIST, Intent.HELP, Intent.SHOW, Intent.UNDO)


def _told_how(turn: Turn, text: str) -> bool:
    """Say how a report is looked at where a lead answers the message that asks with something else, 缺签到表; tell whether one did."""
    asks = _asked(turn) if text and not turn.files else None
    if asks is None or asks.assignment.level is not Level.LEAD or asks.unit in turn.visitor.units:
        return False
    said = understand(text, on=turn.today(asks), coordinator=False)
    named = said.tasks or ((said.task,) if said.task else ())
    if said.intent in _NO_LOOK or not all(names_it(asks, one) for one in named):
        return False
    how = f"复查退回 {asks.code} {shorten(text.strip(' ?？。！!'), 20)}"
    turn.reply("refused", why=f"〔{asks.code}〕没有改动：属实请回复“属实”；要退回的请写：{how}。")
    return True


def _asked(turn: Turn) -> Line | None:
    """Return what the message asks of that somebody answers, where it asks for a look at a report."""
    notice = turn.source.notice if turn.source is not None and turn.incoming.reply_to else None
    if notice is None or notice.kind is not NoticeKind.REVIEW:
        return None
    number = next(iter(outbox.spoken_of(turn.session, notice.id)), None)
    return access_to_reports.to_review(turn.session, turn.desk, turn.visitor, number) if number is not None else None
