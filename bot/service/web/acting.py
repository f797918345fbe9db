"""What people do on the board: each act is a turn of the dialogue, with its rights, its words and its record."""

import re
import secrets
from collections import OrderedDict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlmodel import Session, col, select
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import FormData
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from bot.channels.incoming import File, Incoming
from bot.inbound.taken import Taken
from bot.service.web import sentences
from bot.service.web.forms import MOST_PICTURES, PICTURE, posted
from bot.service.web.readers import Readers
from bot.service.web.speakers import Speaker, contacts, speakers
from bot.service.web.steering import Steering
from bot.wiring import House
from db import days, ledger, register
from db.bodies import ReplyBody
from db.ledger import Line, Which
from db.models import Doubt, Notice
from db.plain import one_line, whole_number
from db.words import OPEN_STATES, UNENDED, Lamp, Level, Rank, State
from jobs.notices.press import Press, Verb, from_to
from jobs.reading.deadlines.resolve import LAST_YEAR

MAX_WORDS = 1000
"""Characters of the longest reason that the board takes."""

MAY_NOT = "您没有办理该事项的权限"
"""What whoever may read, and may not do this, is told."""

_SAYS_SOMETHING = re.compile(r"\w")

_OURS = re.compile(r"/board(?:[/?][\w/?&=%.\-]*)?")


# ---------------------------------------------------------------- what can be done with an assignment


@dataclass(frozen=True, slots=True)
class Act:
    """Something that is done with one assignment by a press; ``asks`` for words where it wants a reason, and for a new day by
    which it is owed where it is ``dated``.
    """

    name: str
    verb: Verb
    when: Callable[[Line, Lamp], bool]
    asks: str = ""
    dated: bool = False

    @property
    def label(self) -> str:
        """What its button is called."""
        return self.verb.zh


def _can_be_verified(line: Line, _lamp: Lamp) -> bool:
    return ledger.level_of(line.assignment) in (Level.SELF, Level.LEAD, Level.OFFICE)


def _is_reported(line: Line, _lamp: Lamp) -> bool:
    return line.assignment.state is State.REPORTED


def _asks_for_time(line: Line, _lamp: Lamp) -> bool:
    return line.assignment.decision_pending


def _can_be_urged(line: Line, lamp: Lamp) -> bool:
    one = line.assignment
    return one.state in OPEN_STATES and not one.decision_pending and (lamp is Lamp.RED or _is_silent(line))


def _is_closed(line: Line, _lamp: Lamp) -> bool:
    return line.assignment.state is State.CLOSED


def _is_silent(line: Line) -> bool:
    return line.assignment.state is State.PENDING and line.assignment.asked_at is not None


ACTS = (
    Act("verify", Verb.VERIFY, _can_be_verified),
    Act("return", Verb.RETURN, _is_reported, "退回理由"),
    Act("grant", Verb.GRANT, _asks_for_time),
    Act("refuse", Verb.REFUSE, _asks_for_time, "不同意的理由"),
    Act("nudge", Verb.NUDGE, _can_be_urged),
)
"""What is offered under an assignment, by how it stands."""

JUDGES = (
    Act("holds", Verb.HOLDS, _is_closed),
    Act("fails", Verb.FAILS, _is_closed, "不属实的理由", dated=True),
)
"""What is offered of an assignment that a spot check drew."""

LOOKS = (
    Act("pass", Verb.PASS_ON, _is_reported),
    Act("back", Verb.SEND_BACK, _is_reported, "退回理由"),
)
"""What is offered of a report that waits for the look of a unit."""

REOPEN = Act("reopen", Verb.REOPEN, _is_closed, "重开的理由", dated=True)
"""What is offered of an assignment that is closed."""

PRESSES = {
    "sign": Verb.SIGN,
    "drop": Verb.DROP_PAPER,
    "show": Verb.PUBLISH_SCORE,
    "uphold": Verb.UPHOLD,
    "overrule": Verb.OVERRULE,
    "open": Verb.OPEN_ROUND,
    "forget": Verb.DROP_ROUND,
    "chase": Verb.CHASE_ROUND,
    "close": Verb.CLOSE_ROUND,
    "cosign": Verb.COSIGN,
}
"""What is done with a draft, a month's score, an objection and a round."""

LEADS: Mapping[str, tuple[Verb, Callable[[Press], str]]] = {
    "round": (Verb.OPEN_ROUND, lambda press: f"/board/round/{press.what}"),
    "draw": (Verb.LOOK_AT_CHECKED, lambda press: f"/board/check/{press.version}"),
}
"""What makes something that has a page of its own: by which button of the answer that is known, and where it stands. The page
of a draw says all but the answer's first line.
"""

ANSWER = "answer"
"""What answers a round of one task: ``what`` is the task, ``version`` the round."""

SETTLE = "settle"
"""What answers a doubt that reading left …"""

GIVING = "give"
"""What goes on with a duty that was told on the board: by a button of its answer …"""

GIVEN = frozenset({Verb.GIVE_OUT, Verb.LET_GO, Verb.CHOOSE_UNIT, Verb.CHOOSE_DAY})
"""… of these, which its page shows beneath."""

SETTLING = frozenset({Verb.TAKE_AS_READ, Verb.TAKE_AS_ONGOING, Verb.TAKE_UNIT, Verb.SAY_OTHERWISE, Verb.LEAVE_OUT})
"""… and by which presses."""

MOVE = "move"
"""What gives a round until another day: ``what`` is the round."""

CORRECT = "correct"
"""What sets another day, for every unit of a milestone."""


def offers(line: Line, lamp: Lamp) -> list[Act]:
    """Return what can be done with an assignment as it stands."""
    return [act for act in ACTS if act.when(line, lamp)]


# ---------------------------------------------------------------- doing it


@dataclass(frozen=True, slots=True)
class Answered:
    """What an act was answered: its words, and the buttons by which it goes on, each a label and its press; ``made`` is where
    that stands which it made, "" where it made nothing.
    """

    words: str = ""
    buttons: tuple[tuple[str, str], ...] = ()
    made: str = ""


class Told:
    """What the last acts were answered, until the page that follows has shown it."""

    def __init__(self) -> None:
        """Nothing has been told yet."""
        self._words: OrderedDict[str, Answered] = OrderedDict()

    def keep(self, answer: Answered) -> str:
        """Keep an answer, and return by what it is asked for."""
        key = secrets.token_urlsafe(12)
        self._words[key] = answer
        while len(self._words) > 200:
            self._words.popitem(last=False)
        return key

    def take(self, key: str) -> Answered:
        """Return an answer once."""
        return self._words.pop(key, Answered())


class Acting:
    """Takes what is done on the board."""

    def __init__(self, house: House, steering: Steering, readers: Readers, told: Told, *, with_room: bool) -> None:
        """Speak through ``steering``; what is answered is ``told`` on the page that follows."""
        self._house, self._steering, self._readers, self._told = house, steering, readers, told
        self._with_room = with_room

    async def act(self, request: Request) -> Response:
        """Do what a form says, and go back to where it stood."""
        return await self._go(request, await posted(request), ())

    async def act_with_pictures(self, request: Request) -> Response:
        """Do the same of a form that may bring pictures."""
        await run_in_threadpool(self._require_speaker, request.state.key)  # before anything of it is taken
        form = await posted(request, files=MOST_PICTURES)
        brought = [one for one in form.getlist(PICTURE) if not isinstance(one, str) and one.filename]
        files = tuple([File(one.filename or "照片", await one.read()) for one in brought])
        await form.close()
        return await self._go(request, form, files)

    def _require_speaker(self, key: str) -> None:
        with self._house.store.read() as session:
            reader = self._readers.of(session, key, self._steering.clock().now)
            if not speakers(session, reader, with_room=self._with_room):
                raise HTTPException(403, MAY_NOT)

    async def _go(self, request: Request, form: FormData, files: tuple[File, ...]) -> Response:
        answer = await run_in_threadpool(self._act, request.state.key, form, files)
        back = str(form.get("back") or "")
        back = answer.made or (back if _OURS.fullmatch(back) else "/board")
        mark = "&" if "?" in back else "?"
        return RedirectResponse(f"{back}{mark}said={self._told.keep(answer)}#answer", 303)

    def _act(self, key: str, form: FormData, files: tuple[File, ...]) -> Answered:
        """Do what a form says; return what was answered."""
        with self._house.store.read() as session:
            reader = self._readers.of(session, key, self._steering.clock().now)
            unit = whole_number(str(form.get("unit") or ""))
            if unit is None:
                those = speakers(session, reader, with_room=self._with_room)
            else:
                those = contacts(session, reader, unit, with_room=self._with_room)
            asked = str(form.get("as") or "")
            speaker = next((one for one in those if str(one.number) == asked), those[0] if those else None)
            if speaker is None:
                raise HTTPException(403, MAY_NOT)
            said = self._asked(session, speaker, form, files)
            doubt = _open_doubt(session, said) if isinstance(said, Incoming) else None
        if isinstance(said, str):
            return Answered(said)
        return self._answer(said, self._steering.take(said), doubt, str(form.get("do") or ""))

    def _asked(self, session: Session, speaker: Speaker, form: FormData, files: tuple[File, ...]) -> Incoming | str:
        """Return what the form says as the dialogue hears it, or why it says nothing."""
        name, words = str(form.get("do") or ""), one_line(str(form.get("words") or ""))[:MAX_WORDS]
        what = whole_number(str(form.get("what") or "")) or 0
        version = whole_number(str(form.get("version") or "")) or 0
        words = words if _SAYS_SOMETHING.search(words) else ""
        act = next((one for one in (*ACTS, *JUDGES, *LOOKS, REOPEN) if one.name == name), None)
        if act is not None:
            if act.asks and not words:
                return f"没有办理：请写明{act.asks}。"
            if act.dated and (written := str(form.get("day") or "")):
                day = self._still_to_come(session, what, written)
                if day is None:
                    return f"没有办理：新期限请选今天或以后的一天，最晚{LAST_YEAR}年底。"
                words = f"{words.rstrip('。；，')}，{days.written(day)}前重报"
            return speaker.says(words if act.asks or act not in ACTS else "", Press(act.verb, what, version).data)
        if name == SETTLE:
            press = Press.read(str(form.get("press") or ""))
            if press is None or press.verb not in SETTLING or (press.verb is Verb.SAY_OTHERWISE and not words):
                return "没有办理：请写明。"
            return speaker.says(words if press.verb is Verb.SAY_OTHERWISE else "", press.data)
        if name == GIVING:
            press = Press.read(str(form.get("press") or ""))
            if press is not None and press.verb in GIVEN:
                return speaker.says(press=press.data)
        if name in PRESSES:
            return speaker.says(press=Press(PRESSES[name], what, version).data)
        if name == MOVE:
            moved = self._still_to_come(session, 0, str(form.get("day") or ""))
            if moved is None:
                return f"没有改期：请选今天或以后的一天，最晚{LAST_YEAR}年底。"
            return speaker.says(press=Press(Verb.MOVE_ROUND, what, from_to(version, moved.toordinal())).data)
        if name == CORRECT:
            return self._correction(session, speaker, what, str(form.get("day") or ""))
        if name == ANSWER:
            told = sentences.answer(form)
            return speaker.says(told, Press(Verb.ANSWER_ROUND, what, version).data) if told else "没有报送：请先填写。"
        if name in sentences.SAID and (speaker.rank is not Rank.CONTACT or name in sentences.OF_UNITS):
            sentence, why = sentences.SAID[name](session, form)
            return (
                speaker.says(sentence, files=files if name == "problem" else ()) if sentence else f"没有办理：{why}。"
            )
        return "没有办理：页面已过期，请刷新后再试。"

    def _still_to_come(self, session: Session, what: int, written: str) -> date | None:
        """Return the day that a form names, None where it is none, past where the assignment is, or beyond the years that are read."""
        found = ledger.lines(session, Which(UNENDED, ids=[what]), limit=1)
        zone = found[0].campaign.timezone if found else self._house.desk.timezone
        try:
            day = date.fromisoformat(written)
        except ValueError:
            return None
        return day if day.year <= LAST_YEAR and day >= ledger.local_day(self._steering.clock().now, zone) else None

    @staticmethod
    def _correction(session: Session, speaker: Speaker, what: int, written: str) -> Incoming | str:
        if speaker.rank is not Rank.COORDINATOR:
            return "没有更正：期限由协调员更正。"
        found = ledger.lines(session, Which(UNENDED, ids=[what]))
        try:
            day = date.fromisoformat(written)
        except ValueError:
            return "没有更正：请选一个日期。"
        if not found:
            return "没有这项任务。"
        return speaker.says(f"更正 {found[0].code} 期限{days.written(day)}")

    def _answer(self, said: Incoming, taken: Taken, doubt: int | None, do: str) -> Answered:
        """Return what the dialogue answered: to who pressed alone, and what it said in the chat.

        Of a ``doubt`` that was open and is settled it is said how; the next one, which a chat is asked at once, stands on the
        page anyway.
        """
        with self._house.store.read() as session:
            settled = session.get(Doubt, doubt) if doubt is not None else None
            if settled is not None and settled.settled_at is not None:
                return Answered(f"已定为“{settled.settled}”。")
            chat = register.find_chat(session, said.channel, said.chat)
            latest = select(Notice).where(Notice.chat_id == (chat.id if chat is not None else 0))
            notices = session.exec(latest.order_by(col(Notice.id).desc()).limit(20)).all()
            bodies = [notice.legible for notice in reversed(notices) if notice.reply_to == said.message_id]
        replies = [body for body in bodies if isinstance(body, ReplyBody)]
        made = _made(do, replies)
        told = [body.text.partition("\n")[0] if made and do == "draw" else body.text for body in replies]
        buttons = [(label, data) for body in replies for label, data in body.buttons if _verb(data) in GIVEN]
        return Answered("\n".join([*filter(None, [taken.toast]), *told]), tuple(buttons), made)


def _made(do: str, replies: Sequence[ReplyBody]) -> str:
    """Return where that stands which an act has made, by the buttons of its answer; "" where it made nothing."""
    verb, address = LEADS.get(do, (None, None))
    presses = [Press.read(data) for reply in replies for _label, data in reply.buttons]
    return next((address(one) for one in presses if address is not None and one is not None and one.verb is verb), "")


def _verb(data: str) -> Verb | None:
    press = Press.read(data)
    return press.verb if press is not None else None


def _open_doubt(session: Session, said: Incoming) -> int | None:
    """Return the number of the doubt that a press answers, None where somebody has settled it."""
    press = Press.read(said.press or "")
    doubt = session.get(Doubt, press.what) if press is not None and press.verb in SETTLING else None
    return doubt.id if doubt is not None and doubt.settled_at is None else None
