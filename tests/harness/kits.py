"""Kits: one channel each against its stand-in, all with the same handles, for the contract that every channel keeps."""

import asyncio
import json
import re
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, ClassVar

from sqlmodel import col, select

from bot.channels.console import ConsoleChannel, InBrowser, file_name
from bot.channels.incoming import Answer, Call, Incoming
from bot.channels.telegram.channel import TelegramChannel
from bot.channels.wecom import app
from bot.channels.wecom.ai_bot import WecomBot
from bot.channels.wecom.app import WecomApp
from bot.channels.wecom.robot import WecomRobot
from db import ledger, outbox, register
from db.archive import Archive
from db.bodies import ReplyBody
from db.clock import VirtualClock
from db.history import SYSTEM
from db.ledger.acts import Act, perform
from db.models import Assignment, Chat, Message, Notice
from db.session import Store
from db.words import EVERY, Action, ChatRole, NoticeKind, PastChoice, Reason
from jobs.campaigns.activation import activate
from jobs.campaigns.import_ import import_document
from jobs.delivery.deliverer import Deliverer, at_once
from jobs.desk import Desk
from jobs.notices.context import extra_for
from jobs.notices.parts import Part
from jobs.notices.render import render
from jobs.ports import Outgoing
from jobs.reading.document import Document
from tests.harness import bot_api, wecom_api
from tests.harness.bot_api import BotApi
from tests.harness.kit import NOBODY, PATIENCE, Kit
from tests.harness.postbox.kit import OnPostbox
from tests.harness.story import ECONOMY, at, task
from tests.harness.wecom_api import WecomApi


class OnConsole(Kit):
    """The embedded chat: its people see what is shown."""

    abilities = ConsoleChannel.abilities
    chat, room, person = "群", "协调室", "张工"

    def __init__(self, folder: Path, api: Any) -> None:
        super().__init__(folder, api)
        self.shown: list[Any] = []

    def make(self, patience: float = PATIENCE) -> ConsoleChannel:
        return ConsoleChannel(self.shows)

    def shows(self, outgoing: Outgoing) -> None:
        buttons = [(button.label, button.data) for button in outgoing.buttons]
        shown = bot_api.Sent(outgoing.chat, f"c{outgoing.key}", outgoing.text, buttons)  # type: ignore[arg-type]
        if outgoing.file is not None:
            shown.file, shown.content = file_name(outgoing.file.name), outgoing.file.path.read_bytes()
        self.shown.append(shown)

    @property
    def seen(self) -> list[Any]:
        return self.shown

    def presses(self, sent: Any, data: str) -> Incoming:
        assert data in [one for _label, one in sent.buttons]
        return Incoming("console", "1", self.chat, "", self.person, "", press=data, message_id=sent.id)

    def turns_with(self, clock: VirtualClock) -> None:
        """It counts nothing."""

    async def closes(self, channel: Any) -> None:
        """There is nothing to close."""


class InTheRoom(OnConsole):
    """The same chats as the page shows them."""

    abilities = InBrowser.abilities

    def make(self, patience: float = PATIENCE) -> InBrowser:
        return InBrowser(self.shows)


class OnTelegram(Kit):
    """A bot in two groups."""

    stand_in, abilities = "api", TelegramChannel.abilities
    api: BotApi

    def __init__(self, folder: Path, api: BotApi) -> None:
        super().__init__(folder, api)
        api.limits = False
        self.groups = [api.group("经信厅工作群", member=True), api.group("协调室", member=True)]
        self.chat, self.room = (str(group.id) for group in self.groups)
        self.user = api.user("张工")
        self.person = str(self.user.id)

    def make(self, patience: float = PATIENCE) -> TelegramChannel:
        return TelegramChannel(bot_api.TOKEN, self.api.url, patience)

    def variants(self) -> list[Any]:
        return [TelegramChannel(bot_api.TOKEN, self.api.url, PATIENCE, "http://127.0.0.1:1")]

    def strangers(self) -> list[Any]:
        return [TelegramChannel(f"123456:{self.wrong}", self.api.url, PATIENCE)]

    def lonely(self) -> TelegramChannel:
        return TelegramChannel(bot_api.TOKEN, NOBODY, PATIENCE)

    @property
    def secrets(self) -> list[str]:
        return [bot_api.TOKEN.partition(":")[2], self.channel.secret]

    @property
    def seen(self) -> list[Any]:
        return self.api.sent

    def goes_wrong(self, how: str, *, cmd: str = "", accept: bool = False) -> None:
        for method in ("sendMessage", "sendDocument"):
            word = {"busy": "500"}.get(how, how)
            self.api.troubles.append(bot_api.Trouble(word, method, int(self.chat), accept=accept, retry_after=90))

    def dies(self) -> None:
        self.groups[0].status = "kicked"

    def presses(self, sent: Any, data: str) -> Incoming:
        assert data in [one for _label, one in sent.buttons]
        self.api.presses(self.groups[0], sent, "", self.user, data=data)
        self.does(self.channel.poll(self.hear))
        return self.heard[-1]


class OnWecom(Kit):
    """What WeCom's three ways share."""

    stand_in, plain_signs = "wecom_api", True
    cmd: ClassVar[str]
    api: WecomApi

    def __init__(self, folder: Path, api: WecomApi) -> None:
        super().__init__(folder, api)
        api.limits = False
        self.user = api.user("张工")
        self.person = self.user.id

    @property
    def seen(self) -> list[Any]:
        return self.api.sent

    @property
    def number(self) -> str:
        """By what the service knows the chat."""
        return self.chat

    def goes_wrong(self, how: str, *, cmd: str = "", accept: bool = False) -> None:
        code = {"flood": 45009, "busy": -1}.get(how)
        word, chat = "errcode" if code else how, None if cmd else self.number
        self.api.troubles.append(wecom_api.Trouble(word, cmd or self.cmd, chat, accept=accept, code=code or 0))

    def chooses(self, sent: Any, data: str) -> dict[str, Any]:
        """Return how what carries ``data`` is pressed: a button, or a choice that is submitted."""
        if sent.buttons:
            assert data in [one for _label, one in sent.buttons]
            return {"label": "", "data": data}
        options = {key: [one for _label, one in choices] for key, _title, choices in sent.picks}
        act, thing = data.split(":", 1) if "act" in options else ("", data)
        assert thing in options["thing"]
        assert act in options.get("act", [act])
        return {"label": "提交", "picks": {"thing": thing, "act": act}}


class OnWecomBot(OnWecom):
    """The AI bot in two groups, over its WebSocket."""

    upload, cmd, abilities = "aibot_upload_media_init", "aibot_send_msg", WecomBot.abilities

    def __init__(self, folder: Path, api: WecomApi) -> None:
        super().__init__(folder, api)
        self.groups = [api.group(title, member=True, spoken=True) for title in ("经信厅工作群", "协调室")]
        self.chat, self.room = (group.id for group in self.groups)
        self.talking: list[asyncio.Task[None]] = []

    def make(self, patience: float = PATIENCE) -> WecomBot:
        return WecomBot(wecom_api.BOT_ID, wecom_api.SECRET, self.api.ws_url, patience)

    def strangers(self) -> list[Any]:
        return [WecomBot(wecom_api.BOT_ID, self.wrong, self.api.ws_url, PATIENCE)]

    def lonely(self) -> WecomBot:
        return WecomBot(wecom_api.BOT_ID, wecom_api.SECRET, "ws://127.0.0.1:9", PATIENCE)

    @property
    def secrets(self) -> list[str]:
        return [wecom_api.SECRET]

    def dies(self) -> None:
        self.groups[0].status = "kicked"

    def presses(self, sent: Any, data: str) -> Incoming:
        self.api.presses(self.groups[0], sent, user=self.user, **self.chooses(sent, data))
        self.does(self._listens())
        return self.heard[-1]

    async def _listens(self) -> None:
        """Listen until something is heard."""
        done = asyncio.Event()

        async def hear(incoming: Incoming) -> None:
            await self.hear(incoming)
            done.set()

        listening = asyncio.create_task(self.channel.listen(hear, lambda: False))
        async with asyncio.timeout(10):
            await done.wait()
        listening.cancel()
        await asyncio.gather(listening, return_exceptions=True)

    def babbles(self, status: int, body: bytes) -> None:
        """Answer every frame with this; what is an object carries the number of the frame."""

        def heard(link: Any, raw: str) -> None:
            self.talking.append(asyncio.ensure_future(link.socket.send(_as_answer(body, raw))))

        self.patch.setattr(self.api, "_heard", heard)


def _as_answer(body: bytes, raw: str) -> str | bytes:
    try:
        told = json.loads(body)
        if isinstance(told, dict):
            return json.dumps({"headers": json.loads(raw)["headers"]} | told)
        return body.decode()
    except (ValueError, RecursionError):
        return body


class OnWecomRobot(OnWecom):
    """Two group robots."""

    upload, cmd, abilities = "webhook/upload_media", "webhook/send", WecomRobot.abilities
    numbered = False
    chat, room = "经信厅", "协调室"
    keys: ClassVar = {"经信厅": "11112222-robot-key-33334444", "协调室": "55556666-robot-key-77778888"}

    def __init__(self, folder: Path, api: WecomApi) -> None:
        super().__init__(folder, api)
        self.groups = [api.robot(name, key) for name, key in self.keys.items()]

    def make(self, patience: float = PATIENCE) -> WecomRobot:
        return WecomRobot(self.keys, self.api.url, patience)

    def strangers(self) -> list[Any]:
        return [WecomRobot({self.chat: self.wrong}, self.api.url, PATIENCE)]

    def lonely(self) -> WecomRobot:
        return WecomRobot(self.keys, NOBODY, PATIENCE)

    @property
    def secrets(self) -> list[str]:
        return list(self.keys.values())

    @property
    def number(self) -> str:
        return self.keys[self.chat]

    def dies(self) -> None:
        self.groups[0].status = "removed"


class OnWecomApp(OnWecom):
    """The self-built application and two people; the service calls our address."""

    upload, cmd, abilities = "media/upload", "message/send", app.ABILITIES

    def __init__(self, folder: Path, api: WecomApi) -> None:
        super().__init__(folder, api)
        self.chat, self.room = self.user.id, api.user("王协调").id

    def make(self, patience: float = PATIENCE, **more: Any) -> WecomApp:
        told: dict[str, Any] = {
            "corp_id": wecom_api.CORP_ID, "secret": wecom_api.CORP_SECRET, "agent_id": wecom_api.AGENT_ID,
            "token": wecom_api.TOKEN, "aes_key": wecom_api.AES_KEY, "api_url": self.api.url, "patience": patience,
        }  # fmt: skip
        return WecomApp(**(told | {"now": lambda: datetime.fromtimestamp(self.api.clock_wall(), UTC)} | more))

    def variants(self) -> list[Any]:
        return [self.make(token=None, aes_key=None)]

    def strangers(self) -> list[Any]:
        return [self.make(secret=self.wrong), self.make(corp_id="wwWrong")]

    def lonely(self) -> WecomApp:
        return self.make(api_url=NOBODY)

    @property
    def secrets(self) -> list[str]:
        return [wecom_api.CORP_SECRET, wecom_api.TOKEN, wecom_api.AES_KEY, *self.api._tokens]

    def dies(self) -> None:
        self.api.visible.discard(self.user.id)

    def presses(self, sent: Any, data: str) -> Incoming:
        query, body = self.api.app_presses(sent, user=self.user, **self.chooses(sent, data))
        assert self.does(self.channel.called(Call("POST", {}, query, body), self.hear)) == Answer()
        return self.heard[-1]


KITS: dict[str, type[Kit]] = {
    "console": OnConsole,
    "room": InTheRoom,
    "telegram": OnTelegram,
    "wecom": OnWecomBot,
    "wecom_robot": OnWecomRobot,
    "wecom_app": OnWecomApp,
    "postbox": OnPostbox,
}


# ---------------------------------------------------------------- with the outbox behind it


ALL_TOLD = "[reminders]\nslip_lines = 0"
"""Every task of a slip is told, however many there are: messages that are long."""


class House:
    """A store with one unit, whose chat and the coordinators' room are on the channel; the program may start anew."""

    def __init__(self, kit: Kit) -> None:
        self.kit, self.clock = kit, VirtualClock(at("2022-06-01 10:05"))
        self.store, self.desk = (
            Store(f"sqlite:///{kit.folder / 'duban.db'}"),
            Desk(ALL_TOLD, archive=Archive(kit.folder)),
        )
        self.store.create_all()
        kit.turns_with(self.clock)
        with self.store.write() as session:
            chat, room = (register.ensure_chat(session, kit.channel.name, one, one) for one in (kit.chat, kit.room))
            register.bind_room(session, ChatRole.COORDINATORS, room)
            unit = register.ensure_unit(session, ECONOMY)
            register.bind(session, unit, chat)
            self.unit_id, self.chat_id = unit.id, chat.id
        self.starts()

    def starts(self) -> None:
        """Start the program, once more where it ran: a new channel, a new worker."""
        self.kit.begins()
        self.deliverer = Deliverer(self.store, {self.kit.channel.name: self.kit.channel}, self.desk, "w", at_once)

    def tells(self, text: str) -> int:
        """Let something wait for the unit's chat."""
        with self.store.write() as session:
            made = outbox.enqueue(
                session, now=self.clock.now(), kind=NoticeKind.REPLY, reason=Reason.ASKED, chat_id=self.chat_id,
                unit_id=self.unit_id, body=ReplyBody(text),
            )  # fmt: skip
            return made.id

    def assigns(self, count: int) -> None:
        """Load a list of so many tasks for the unit and activate it."""
        tasks = tuple(task(number, "2022-06-30") for number in range(1, count + 1))
        now = self.clock.now()
        with self.store.write() as session:
            done = import_document(
                session, Document("测试清单", 2022, "", None, tasks), name="清单", sha256="0" * 64,
                timezone="Asia/Shanghai", today=ledger.local_day(now, "Asia/Shanghai"), now=now, actor=SYSTEM,
            )  # fmt: skip
            activate(session, self.desk, done.campaign, PastChoice.SUMMARY, SYSTEM, now)

    def works(self, steps: int = 1000) -> None:
        """Send what may go out now, in so many steps at most."""

        async def step() -> bool:
            return await self.deliverer.step(self.clock.now)

        while steps and self.kit.does(step()):
            steps -= 1

    def finishes(self) -> None:
        """Send everything, turning the clock whenever something has to wait."""
        self.works()
        while (moment := self.next_at()) is not None:
            self.clock.turn_to(moment)
            self.works()

    def waits(self) -> list[list[int]]:
        """Return of which tasks the messages speak that are not out, in their order."""
        with self.store.read() as session:
            rows = session.exec(select(Message).where(col(Message.out_at).is_(None)).order_by(col(Message.id)))
            return [[said.assignment for said in Part.read(row.sent).items] for row in rows]

    def reports(self, tasks: Iterable[int]) -> None:
        """Let the unit report these tasks as done."""
        with self.store.write() as session:
            for number in sorted(tasks):
                act = Act(Action.REPORT, "已完成")
                perform(session, session.get_one(Assignment, number), act, SYSTEM, self.clock.now())

    def next_at(self) -> datetime | None:
        with self.store.read() as session:
            moment = outbox.next_at(session)
        full = self.deliverer.full_until
        return max(moment, full) if moment is not None and full is not None else moment

    def chat(self) -> Chat:
        with self.store.read() as session:
            return session.get_one(Chat, self.chat_id)

    def notice(self, number: int) -> Notice:
        with self.store.read() as session:
            return session.get_one(Notice, number)

    def parts(self) -> list[Part]:
        """Return the messages into which the list's first notice is rendered for this channel."""
        with self.store.read() as session:
            notice = session.exec(select(Notice).where(Notice.kind == NoticeKind.SLIP)).one()
            pairs = outbox.items_of(session, notice.id)
            lines = {line.assignment.id: line for line in ledger.lines(session, ledger.Which(EVERY))}
            found = [(item, lines[one.id]) for item, one in pairs]
            today = ledger.local_day(self.clock.now(), "Asia/Shanghai")
            extra = extra_for(session, notice, found, self.desk, today)
            return render(notice, found, self.kit.channel.abilities, today, extra)

    def heard(self, chat: str = "") -> list[str]:
        """Return what a chat, else the unit's, was told, without the codes that quotes are placed by."""
        wanted = chat or self.kit.chat
        ids = {wanted, getattr(self.kit, "keys", {}).get(wanted, wanted)}
        return [re.sub(r"\s*〔#[\d.]+〕", "", one.text) for one in self.kit.seen if str(one.chat) in ids]
