"""The room: every chat of the console side by side. Shows what was said, takes what somebody says, hands out files."""

import re
import uuid

from sqlmodel import Session
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from bot.channels.incoming import File, Incoming
from bot.service.web import views
from bot.service.web.awaiting import Awaited, Awaiting
from bot.service.web.files import archived
from bot.service.web.pages import fragment, page
from bot.service.web.steering import Steering
from bot.service.web.talked import Talked, talked_in
from bot.wiring import House
from db.models import Chat
from db.plain import LARGEST, whole_number
from db.stored import Json
from db.words import Rank

MAX_TEXT = 4000
"""Characters of the longest message that the page takes."""

DOORS = (
    ("unit", "作为单位", "一个单位的工作群：看通知，按按钮或说一句话作答，交佐证，申请延期。"),
    ("coordinators", "作为协调员", "协调室：核查销号或退回，答复询问，看每日要情，群发和叫应。"),
    ("leaders", "作为领导", "领导群：看通报和约谈的文稿，签发或修改。"),
)
"""The three ways into a trial: the chat's role, what the door is called, what is behind it."""


_CODE = re.compile(r"〔([A-Z]+\d*-[\d.]+)〕")
"""A task of the list that stays at the top of a chat."""


class Room:
    """The page's own questions, answered from a house's store and through its ``steering``."""

    def __init__(self, house: House, steering: Steering) -> None:
        """Read from ``house``, and speak through ``steering``."""
        self._house, self._steering = house, steering

    # ------------------------------------------------------------ pages

    async def index(self, request: Request) -> Response:
        """Return the page without a chat: the list, and the doors of a trial."""
        return await self._shown(request, None)

    async def chat(self, request: Request) -> Response:
        """Return the page with one chat: its latest messages, or those before the place ``until``."""
        return await self._shown(request, _number_in(request))

    async def _shown(self, request: Request, number: int | None) -> Response:
        values = await run_in_threadpool(self._values, number, _until(request))
        return page("room", **values, token=request.state.token, signed_in=request.state.signed_in)

    async def now(self, request: Request) -> Response:
        """Return the parts of the page that change, as they are now."""
        number = whole_number(request.query_params.get("chat", ""))
        return JSONResponse(await run_in_threadpool(self._parts, number, _until(request)))

    def _parts(self, number: int | None, until: int | None) -> Json:
        values = self._values(number, until)
        return {name: fragment(name, **values) for name in ("talks", "clock", "standing", "awaits", "said", "waits")}

    def _values(self, number: int | None, until: int | None) -> Json:
        """Gather what the templates say; raise a 404 for a chat that is not there."""
        clock = self._steering.clock()
        look = views.Look(clock.now, self._house.desk.zone)
        with self._house.store.read() as session:
            talks = views.talks(session, clock.now)
            chat = views.chat_of(session, number) if number is not None else None
            if number is not None and chat is None:
                raise HTTPException(404, "没有这个会话")
            talked = talked_in(session, chat, until) if chat is not None else Talked((), 0, 0, is_latest=True)
            standing = views.standing_in(session, chat) if chat is not None else ""
            return {
                "way": "room",
                "with_room": True,
                "look": look,
                "clock": clock,
                "next_at": clock.next_at if clock.steered else views.next_at(session, clock.now),
                "store": self._steering.name,
                "talks": talks,
                "doors": self._doors(session, talks) if clock.steered and chat is None else (),
                "here": next((talk for talk in talks if talk.id == number), None),
                "standing": standing,
                "example": code[1] if (code := _CODE.search(standing)) else "7",
                "talked": talked,
                "awaits": self._awaited(session, chat, talked) if chat is not None else (),
                "waits": views.waits_in(session, self._house, chat, clock.now) if chat is not None else (),
                "known": views.known_in(session, chat) if chat is not None else (),
                "is_answered": chat is not None and self._steering.is_answered(chat.external_id),
            }

    def _doors(self, session: Session, talks: list[views.Talk]) -> list[Json]:
        """Return the doors of a trial, each with what waits behind it; the unit's leads to the one that answers best."""
        first: dict[str, views.Talk] = {}
        for talk in sorted(talks, key=lambda one: (one.key != "省经信厅", one.id)):
            first.setdefault(talk.kind, talk)
        return [
            {
                "title": title,
                "purpose": purpose,
                "talk": first[kind],
                "awaits": self._awaited(session, session.get_one(Chat, first[kind].id)),
            }
            for kind, title, purpose in DOORS
            if kind in first
        ]

    def _awaited(self, session: Session, chat: Chat, talked: Talked | None = None) -> list[Awaited]:
        """Return what waits in a chat, with the messages of its latest page about it."""
        latest = talked if talked is not None and talked.is_latest else talked_in(session, chat)
        signs = self._house.desk.policy.may_sign("", [Rank.COORDINATOR])
        waiting = Awaiting(session, self._house.desk, chat, latest.said, self._steering.clock().now)
        return waiting.found(coordinators_sign=signs)

    # ------------------------------------------------------------ what people do

    async def say(self, request: Request) -> Response:
        """Take what somebody says or presses in a chat."""
        number = _number_in(request)
        async with request.form(max_files=5, max_part_size=1024 * 1024) as form:
            text, who = str(form.get("text") or "")[:MAX_TEXT], str(form.get("who") or "").strip()[:40]
            press, reply = str(form.get("press") or "") or None, str(form.get("reply") or "") or None
            files = [
                File(upload.filename or "文件", await upload.read())
                for upload in form.getlist("file")
                if not isinstance(upload, str) and upload.filename
            ]
        if not who or not (text or press or files):
            return JSONResponse({"error": "请写明您是谁，并写一句话"}, 400)
        told = await run_in_threadpool(self._say, number, who, text, press, reply, tuple(files))
        return JSONResponse(told if told is not None else {"error": "没有这个会话"}, 200 if told is not None else 404)

    def _say(
        self, number: int, who: str, text: str, press: str | None, reply: str | None, files: tuple[File, ...]
    ) -> Json | None:
        with self._house.store.read() as session:
            chat = views.chat_of(session, number)
            name = views.name_of_account(session, who)
        if chat is None:
            return None
        own = uuid.uuid4().hex
        incoming = Incoming(
            channel=views.CHANNEL,
            external_id=own,
            chat=chat.external_id,
            chat_title=chat.title,
            person=who,
            person_name=name or who,
            text=text,
            press=press,
            reply_to=None if press else reply,
            message_id=reply if press and reply else f"u{own[:12]}",
            files=files,
        )
        taken = self._steering.take(incoming)
        return {"outcome": taken.outcome, "toast": taken.toast}

    async def turn(self, request: Request) -> Response:
        """Turn the clock of a trial."""
        form = await request.form(max_files=0, max_fields=4)
        done = await run_in_threadpool(self._steering.turn, str(form.get("act") or ""))
        return JSONResponse({} if done else {"error": "后面没有要发的消息了"}, 200 if done else 409)

    # ------------------------------------------------------------ files

    async def sent_file(self, request: Request) -> Response:
        """Return the file that a message of ours brought."""
        return await run_in_threadpool(self._file, _number_in(request), None)

    async def handed_in(self, request: Request) -> Response:
        """Return a file that somebody handed in."""
        return await run_in_threadpool(self._file, _number_in(request), int(request.path_params["place"]))

    def _file(self, number: int, place: int | None) -> Response:
        with self._house.store.read() as session:
            if place is None:
                file = views.file_of_message(session, number)
            else:
                file = views.file_of_person(session, number, place)
        return archived(self._house, file)


def _number_in(request: Request) -> int:
    """Return the row that an address names; none has a number that is longer than any."""
    number: int = request.path_params["number"]
    if number > LARGEST:
        raise HTTPException(404, "没有这个会话")
    return number


def _until(request: Request) -> int | None:
    """Return up to which place of a chat a page of it is asked for; None of its latest."""
    return whole_number(request.query_params.get("until", "")) or None
