"""The contract of a channel: one kit that every channel passes, each against its stand-in.

A ``Kit`` says how a channel is made, how its service breaks and what people saw. What a channel cannot do it declares,
in its abilities or in its kit; no test asks for its name.
"""

import asyncio
import json
import logging
import re
import traceback
from collections.abc import Callable, Coroutine, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, ClassVar, TypeVar

import pytest
from sqlmodel import select
from starlette.responses import Response

from bot.channels.console import ConsoleChannel
from bot.channels.telegram import TelegramChannel
from bot.channels.wecom.app import WecomApp
from bot.channels.wecom.bot import WecomBot
from bot.channels.wecom.robot import WecomRobot
from bot.cli import shell
from bot.message import Answer, Call, Incoming, Refused
from db import ledger, outbox, register
from db.archive import Archive
from db.clock import VirtualClock
from db.history import SYSTEM
from db.intake.apply import import_document
from db.intake.document import Document
from db.models import Chat, Notice
from db.session import Store
from db.words import ChatRole, DeliveryState, NoticeKind, PastChoice, Reason
from jobs.activation import activate
from jobs.context import extra_for
from jobs.deliver import Deliverer, at_once
from jobs.desk import Desk
from jobs.ports import Attachment, Button, Face, Lost, Outgoing, Picker, Rejected, Retry, SendResult, Sent
from jobs.render import Part, render
from jobs.routine import Routine
from tests.harness import bot_api, wecom_api
from tests.harness.bot_api import BotApi
from tests.harness.story import ECONOMY, at, task
from tests.harness.wecom_api import WecomApi

T = TypeVar("T")

NOBODY = "http://127.0.0.1:9"
"""Where no service is."""

PATIENCE = 0.2

FACE = Face("【交办通知】清单", "10月8日前", "完成复核认定", (("任务", "〔A-1〕"),), ("张工 收到 10:02",))


class Kit:
    """One channel against its stand-in, with one chat that may break and one that never does."""

    serviced: ClassVar = True
    """There is a service behind it, which can refuse, break and be told secrets."""
    numbered: ClassVar = True
    """The service, or we, number what is sent."""
    upload: ClassVar = ""
    """The call by which files are brought to the service before the message that shows them."""
    plain_signs: ClassVar = False
    """The service takes no control signs in texts."""
    wrong: ClassVar = "wrong-secret"

    api: Any
    channel: Any
    chat: str
    room: str
    person: str

    def __init__(self, folder: Path) -> None:
        self.folder, self.loop, self.patch = folder, asyncio.new_event_loop(), pytest.MonkeyPatch()
        self.made: list[Any] = []
        self.said: list[str] = []
        self.may_blame = False

    # ------------------------------------------------------------ what each says of itself

    def make(self) -> Any:
        """Return the channel, not yet open."""
        raise NotImplementedError

    def variants(self) -> list[Any]:
        """Return channels with the right secrets that are set up in other ways."""
        return []

    def strangers(self) -> list[Any]:
        """Return channels with wrong secrets."""
        return []

    def lonely(self) -> Any:
        """Return a channel whose service is not there."""
        raise NotImplementedError

    @property
    def secrets(self) -> list[str]:
        """What must never be told."""
        return []

    @property
    def seen(self) -> list[Any]:
        """What people saw, in order."""
        raise NotImplementedError

    def goes_wrong(self, how: str, *, cmd: str = "", accept: bool = False) -> None:
        """Let the next message to the chat (or the call ``cmd``) go wrong: timeout, reset, busy, flood."""
        raise NotImplementedError

    def dies(self) -> None:
        """Let the chat be out of reach for good."""
        raise NotImplementedError

    def presses(self, sent: Any, data: str) -> Incoming:
        """Somebody presses what carries ``data``; return what the channel makes of it."""
        raise NotImplementedError

    def babbles(self, status: int, body: bytes) -> None:
        """From now on every answer of the service is this."""

        async def babbling(_request: Any) -> Response:
            return Response(body, status, media_type="application/json")

        self.patch.setattr(self.api, "serve", babbling)

    def turns_with(self, clock: VirtualClock) -> None:
        """Let the service live on a virtual clock, and count by it."""
        self.api.clock, self.api.limits = lambda: clock.now().timestamp(), True

    async def opens(self, channel: Any) -> None:
        """Open a channel."""
        await channel.open()

    async def closes(self, channel: Any) -> None:
        """Close a channel."""
        await channel.close()

    # ------------------------------------------------------------ what all share

    def does(self, doing: Coroutine[Any, Any, T]) -> T:
        """Do something to its end; what comes of it must tell no secret."""
        try:
            result = self.loop.run_until_complete(doing)
        except Exception as error:
            self.said += [str(error), "".join(traceback.format_exception(error))]
            raise
        self.said.append(repr(result))
        return result

    def begins(self) -> None:
        """Make and open the channel; after a restart it is another."""
        if self.made:
            self.does(self.closes(self.channel))
        self.channel = self.keeps(self.make())
        self.does(self.opens(self.channel))

    def keeps(self, channel: Any) -> Any:
        """Remember a channel, so that it is closed in the end."""
        self.made.append(channel)
        return channel

    def heals(self) -> None:
        """Let the service talk sense again."""
        self.patch.undo()
        if not self.channel.ready:
            self.does(self.opens(self.channel))

    def outgoing(self, text: str = "你好", **more: Any) -> Outgoing:
        """Return a message for the chat, or another ``chat``."""
        return Outgoing(more.pop("chat", self.chat), text, more.pop("key", f"{len(self.said)}-1-1"), **more)

    def sends(self, text: str = "你好", **more: Any) -> SendResult:
        """Send a message."""
        channel = more.pop("channel", self.channel)
        result: SendResult = self.does(channel.send(self.outgoing(text, **more)))
        return result

    def arrives(self, text: str = "你好", **more: Any) -> Any:
        """Send a message that must arrive, and return what people saw."""
        before = len(self.seen)
        result = self.sends(text, **more)
        assert isinstance(result, Sent), result
        assert len(self.seen) == before + 1
        return self.seen[-1]

    def file(self, name: str = "报告.pdf", content: bytes = b"%PDF-1.7") -> Attachment:
        """Return a file to send."""
        path = self.folder / "stored"
        path.write_bytes(content)
        return Attachment(name, path)

    def ends(self, log: str) -> None:
        """Close everything; no secret was told, and the service was asked for nothing that it refuses."""
        self.heals()
        self.said.append(str(getattr(self.channel, "greeting", "")))
        for channel in self.made:
            self.said.append(repr(channel))
            self.loop.run_until_complete(self.closes(channel))
        self.loop.run_until_complete(self.loop.shutdown_asyncgens())
        self.loop.close()
        everything = "\n".join([log, *self.said])
        assert [secret for secret in (*self.secrets, self.wrong) if secret in everything] == []
        assert self.may_blame or not self.serviced or self.api.faults == []


class OnConsole(Kit):
    """The embedded chat: its people see what is shown."""

    serviced = False
    chat, room, person = "群", "协调室", "张工"

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self.shown: list[Any] = []

    def make(self) -> ConsoleChannel:
        def show(outgoing: Outgoing) -> None:
            buttons = [(button.label, button.data) for button in outgoing.buttons]
            self.shown.append(bot_api.Sent(outgoing.chat, f"c{outgoing.key}", outgoing.text, buttons))  # type: ignore[arg-type]

        return ConsoleChannel(show)

    @property
    def seen(self) -> list[Any]:
        return self.shown

    def presses(self, sent: Any, data: str) -> Incoming:
        assert data in dict(sent.buttons).values()
        return Incoming("console", "1", self.chat, "", self.person, "", press=data, message_id=sent.id)

    def turns_with(self, clock: VirtualClock) -> None:
        """It counts nothing."""

    async def opens(self, channel: Any) -> None:
        """There is nothing to open."""

    async def closes(self, channel: Any) -> None:
        """There is nothing to close."""


class OnTelegram(Kit):
    """A bot in two groups."""

    api: BotApi

    def __init__(self, folder: Path, api: BotApi) -> None:
        super().__init__(folder)
        self.api, api.limits = api, False
        self.groups = [api.group("经信厅工作群", member=True), api.group("协调室", member=True)]
        self.chat, self.room = (str(group.id) for group in self.groups)
        self.user = api.user("张工")
        self.person = str(self.user.id)

    def make(self) -> TelegramChannel:
        return TelegramChannel(bot_api.TOKEN, self.api.url, PATIENCE)

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
        assert data in dict(sent.buttons).values()
        self.api.presses(self.groups[0], sent, "", self.user, data=data)
        heard: list[Incoming] = []

        async def hear(incoming: Incoming) -> None:
            heard.append(incoming)

        self.does(self.channel.poll(hear))
        return heard[-1]


class OnWecom(Kit):
    """What WeCom's three ways share."""

    plain_signs = True
    cmd: ClassVar[str]
    api: WecomApi

    def __init__(self, folder: Path, api: WecomApi) -> None:
        super().__init__(folder)
        self.api, api.limits = api, False
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
            assert data in dict(sent.buttons).values()
            return {"label": "", "data": data}
        options = {key: dict(choices).values() for key, _title, choices in sent.picks}
        act, thing = data.split(":", 1) if "act" in options else ("", data)
        assert thing in options["thing"]
        assert act in options.get("act", [act])
        return {"label": "提交", "picks": {"thing": thing, "act": act}}


class OnWecomBot(OnWecom):
    """The AI bot in two groups, over its WebSocket."""

    upload, cmd = "aibot_upload_media_init", "aibot_send_msg"

    def __init__(self, folder: Path, api: WecomApi) -> None:
        super().__init__(folder, api)
        self.groups = [api.group(title, member=True, spoken=True) for title in ("经信厅工作群", "协调室")]
        self.chat, self.room = (group.id for group in self.groups)
        self.talking: list[asyncio.Task[None]] = []

    def make(self) -> WecomBot:
        return WecomBot(wecom_api.BOT_ID, wecom_api.SECRET, self.api.ws_url, PATIENCE)

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
        frame = self.api.presses(self.groups[0], sent, user=self.user, **self.chooses(sent, data))
        incoming = self.channel.parse(frame)
        assert incoming is not None
        return incoming  # type: ignore[no-any-return]

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

    upload, cmd, numbered = "webhook/upload_media", "webhook/send", False
    chat, room = "经信厅", "协调室"
    keys: ClassVar = {"经信厅": "11112222-robot-key-33334444", "协调室": "55556666-robot-key-77778888"}

    def __init__(self, folder: Path, api: WecomApi) -> None:
        super().__init__(folder, api)
        self.groups = [api.robot(name, key) for name, key in self.keys.items()]

    def make(self) -> WecomRobot:
        return WecomRobot(self.keys, self.api.url, PATIENCE)

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

    upload, cmd = "media/upload", "message/send"

    def __init__(self, folder: Path, api: WecomApi) -> None:
        super().__init__(folder, api)
        self.chat, self.room = self.user.id, api.user("王协调").id

    def make(self, **more: Any) -> WecomApp:
        told: dict[str, Any] = {
            "corp_id": wecom_api.CORP_ID, "secret": wecom_api.CORP_SECRET, "agent_id": wecom_api.AGENT_ID,
            "token": wecom_api.TOKEN, "aes_key": wecom_api.AES_KEY, "api_url": self.api.url, "patience": PATIENCE,
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
        heard: list[Incoming] = []

        async def hear(incoming: Incoming) -> None:
            heard.append(incoming)

        assert self.does(self.channel.called(Call("POST", {}, query, body), hear)) == Answer()
        return heard[-1]


KITS: dict[str, Callable[[Path, Any], Kit]] = {
    "console": lambda folder, _request: OnConsole(folder),
    "telegram": lambda folder, request: OnTelegram(folder, request.getfixturevalue("api")),
    "wecom": lambda folder, request: OnWecomBot(folder, request.getfixturevalue("wecom_api")),
    "wecom_robot": lambda folder, request: OnWecomRobot(folder, request.getfixturevalue("wecom_api")),
    "wecom_app": lambda folder, request: OnWecomApp(folder, request.getfixturevalue("wecom_api")),
}


@pytest.fixture(scope="module")
def levels() -> Iterator[dict[str, int]]:
    """Give the levels to which the program itself sets the logs of libraries that write addresses and frames."""
    logs = [logging.getLogger(name) for name in ("alembic", "httpx", "websockets")]
    before = [log.level for log in logs]
    for log in logs:
        log.setLevel(logging.NOTSET)
    assert shell.run(["when", "-h"]) == 0
    yield {log.name: log.level for log in logs}
    for log, level in zip(logs, before, strict=True):
        log.setLevel(level)


@pytest.fixture(params=list(KITS))
def kit(
    request: pytest.FixtureRequest, tmp_path: Path, caplog: pytest.LogCaptureFixture, levels: dict[str, int]
) -> Iterator[Kit]:
    """Give a channel, open; whatever a test does with it, no secret is told."""
    for name, level in levels.items():
        caplog.set_level(level, name)
    caplog.set_level(logging.DEBUG)
    made = KITS[request.param](tmp_path, request)
    made.begins()
    yield made
    records = [*caplog.get_records("setup"), *caplog.get_records("call")]
    made.ends("\n".join(f"{record.name} {record.getMessage()} {record.exc_text}" for record in records))


def needs(able: Any, what: str) -> None:
    """Leave a test out where the channel, or its kit, declares that it cannot do it."""
    if not able:
        pytest.skip(f"the channel has no {what}")


ASCII = str.maketrans("＊｀＜＞［］～｜＼＃－＋", "*`<>[]~|\\#-+")


def as_read(text: str) -> str:
    """Return what a reader takes a text for: signs that look the same are the same."""
    return text.translate(ASCII)


def is_chinese(why: str) -> bool:
    """Tell whether people can read a reason."""
    return re.search(r"[\u4e00-\u9fff]{2}", why) is not None


# ---------------------------------------------------------------- texts


def test_a_plain_message_arrives(kit: Kit) -> None:
    assert kit.arrives("请于10月8日前报送进展").text == "请于10月8日前报送进展"


def test_a_channel_tells_who_it_is_and_whether_it_is_ready(kit: Kit) -> None:
    assert isinstance(kit.channel.ready, bool)
    assert kit.channel.ready
    assert isinstance(kit.channel.name, str)


def longest(kit: Kit) -> str:
    """Return a text that just fits."""
    room = kit.channel.abilities.limit
    text = "督" * (room // 3) + "a" * (room % 3) if kit.channel.abilities.measure == "bytes" else "督" * room
    assert kit.channel.abilities.fits(text)
    assert not kit.channel.abilities.fits(f"{text}a")
    return text


def test_the_longest_message_that_fits_arrives_whole_with_all_that_goes_with_it(kit: Kit) -> None:
    text, abilities = longest(kit), kit.channel.abilities
    assert text in kit.arrives(text).text
    whole = kit.arrives(
        text, mark="〔#123456.12〕" if abilities.quotes else "", mentions=(kit.person,) if abilities.mentions else ()
    )
    assert text in whole.text


def test_a_message_that_is_too_long_is_rejected_and_the_chat_lives_on(kit: Kit) -> None:
    needs(kit.serviced, "service that counts")
    for times in (2, 20):
        result = kit.sends(longest(kit) * times)
        assert isinstance(result, Rejected)
        assert not result.chat_is_dead
        assert is_chinese(result.why)
    if kit.channel.abilities.captions and kit.channel.abilities.files:
        assert isinstance(kit.sends("督" * 2 * kit.channel.abilities.caption_limit, file=kit.file()), Rejected)
    kit.arrives()


@pytest.mark.parametrize("sign", ["*", "<", "`", "[", "🟢", "&", "\\", "_", "\ud800", "\x00"])
def test_a_message_of_strange_signs_alone_is_no_crash_however_long(kit: Kit, sign: str) -> None:
    kit.may_blame = True
    for times in (1, 100, kit.channel.abilities.limit, 3 * kit.channel.abilities.limit):
        assert isinstance(kit.sends(sign * times), Sent | Rejected)
    kit.arrives()


SIGNS = {
    "emoji": "🟢👨‍👩‍👧🇨🇳1️⃣",
    "half a sign": "\ud83d",
    "the other half": "\udfe2\udcff",
    "a zero": "\x00",
    "control signs": "\x01\x07\x08\x0b\x0c\x1b[31m\x7f\x85",
    "line ends": "\r\n\u2028\u2029\t",
    "directions": "\u202e\u2066\u200f\u2069",
    "no signs": "\ufffe\uffff\U0010ffff\ufeff",
}


@pytest.mark.parametrize("signs", list(SIGNS.values()), ids=list(SIGNS))
def test_no_sign_keeps_a_message_from_arriving(kit: Kit, signs: str) -> None:
    seen = kit.arrives(f"【提醒】甲{signs}乙\n丙{signs}丁")
    assert re.fullmatch(r"【提醒】甲(.*)乙\n丙(.*)丁", seen.text, re.DOTALL)
    assert signs != SIGNS["emoji"] or signs in seen.text
    assert not kit.plain_signs or re.search(r"[\x00-\x08\x0b-\x1f\ud800-\udfff]", seen.text) is None


@pytest.mark.parametrize("signs", list(SIGNS.values()), ids=list(SIGNS))
def test_no_sign_keeps_a_card_from_arriving(kit: Kit, signs: str) -> None:
    needs(kit.channel.abilities.buttons, "buttons")
    needs(kit.channel.abilities.card_text, "cards")
    words = f"甲{signs}"
    face = Face(words, words, words * 30, ((words, words),), (words,))
    seen = kit.arrives(words, face=face, buttons=(Button("收到", "a:1:0"),))
    assert re.search(r"[\x00-\x08\x0b-\x1f\ud800-\udfff]", seen.text) is None
    assert kit.presses(seen, "a:1:0").press == "a:1:0"


MARKUP = [
    "<b>粗</b> <i>斜</i> <a href='http://example.com'>链接</a>",
    "<@{person}> <@all> @all @{person}",
    "[链接](http://example.com/x) ![图](http://example.com/y.png)",
    "**粗** *斜* ~~删~~ ||藏||",
    "`代码` ```块```",
    "&lt;b&gt; &amp; & &#60;",
    "# 标题\n## 标题\n- 项\n+ 项\n> 引用",
    '<font color="warning">警</font>',
    "a|b\n-|-\n1|2",
    "</b></font>]]>\\*\\<",
    "【不是标题】**",
]


@pytest.mark.parametrize("markup", MARKUP)
def test_what_looks_like_markup_is_read_as_words_and_mentions_nobody(kit: Kit, markup: str) -> None:
    words = markup.format(person=kit.person) if "{person}" in markup else markup
    for text in (words, f"【提醒】清单\n{words}", f"【提醒】{words}"):
        seen = kit.arrives(text)
        assert text in as_read(seen.text)
        assert getattr(seen, "mentions", []) == []


@pytest.mark.parametrize("markup", MARKUP)
def test_what_looks_like_markup_on_a_card_is_read_as_words(kit: Kit, markup: str) -> None:
    needs(kit.channel.abilities.buttons, "buttons")
    needs(kit.channel.abilities.card_text, "cards")
    words = markup.format(person=kit.person) if "{person}" in markup else markup
    seen = kit.arrives(words, face=Face("【提醒】", "", words), buttons=(Button("收到", "a:1:0"),))
    assert words in as_read(seen.text)
    assert seen.mentions == []


# ---------------------------------------------------------------- files

NAMES = [
    "报告.pdf", "../../etc/passwd", "..\\..\\windows\\system.ini", "/etc/passwd", "C:\\报告.pdf", "a\x00b.pdf",
    "长" * 300 + ".pdf", "🟢" * 300 + ".pdf", "x" * 300, "报告\u202efdp.exe", "\u2066报告\u2069.pdf", "", " ", ".", "..",
    "a\ud800b.pdf", "\ud83d", 'a"b\r\nX-Evil: 1.pdf', "a;b=c.pdf", "<b>.pdf", "*?|:.pdf", "\u2028a\u2029.pdf", ".pdf",
]  # fmt: skip

HARMFUL = re.compile(r"[\x00-\x1f\x7f-\x9f/\\\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff]")


@pytest.mark.parametrize("name", NAMES, ids=[repr(name)[:24] for name in NAMES])
@pytest.mark.parametrize("caption", ["", "佐证〔A-1〕省经信厅："])
def test_a_file_arrives_whole_under_a_harmless_name(kit: Kit, name: str, caption: str) -> None:
    needs(kit.channel.abilities.files, "files")
    seen = kit.arrives(f"{caption}{name}"[:200], file=kit.file(name, b"%PDF-1.7 " + name.encode("utf-8", "replace")))
    assert seen.content == b"%PDF-1.7 " + name.encode("utf-8", "replace")
    assert HARMFUL.search(seen.file) is None
    assert seen.file.strip(" .")
    assert len(seen.file.encode()) <= 255
    assert name != "报告.pdf" or seen.file.endswith("报告.pdf")
    assert not name.endswith(".pdf") or seen.file.endswith("pdf")


def test_a_file_that_is_empty_or_gone_or_no_file_is_rejected_and_the_chat_lives_on(kit: Kit) -> None:
    needs(kit.channel.abilities.files, "files")
    for file in (kit.file(content=b""), Attachment("报告.pdf", kit.folder / "gone"), Attachment("夹", kit.folder)):
        result = kit.sends("佐证：报告.pdf", file=file)
        assert isinstance(result, Rejected)
        assert not result.chat_is_dead
        assert is_chinese(result.why)
    assert kit.seen == []
    kit.arrives("报告.pdf", file=kit.file())


def test_a_file_of_one_byte_is_no_crash_and_no_wrong_call(kit: Kit) -> None:
    needs(kit.channel.abilities.files, "files")
    assert isinstance(kit.sends("报告.txt", file=kit.file("报告.txt", b"1")), Sent | Rejected)


# ---------------------------------------------------------------- what the service answers


def test_a_dead_chat_is_told_with_a_reason_that_people_can_read(kit: Kit) -> None:
    needs(kit.serviced, "service that can refuse")
    kit.dies()
    for more in ({}, {"file": kit.file()} if kit.channel.abilities.files else {}):
        result = kit.sends(**more)
        assert isinstance(result, Rejected)
        assert result.chat_is_dead
        assert is_chinese(result.why)
    kit.arrives(chat=kit.room)


@pytest.mark.parametrize("chat", ["nowhere", "", "没有这个会话", "-100", "1/2/3", "12345678901234567890", "@all", "a|b"])
def test_a_chat_that_there_never_was_is_dead(kit: Kit, chat: str) -> None:
    needs(kit.serviced, "service that can refuse")
    result = kit.sends(chat=chat)
    assert isinstance(result, Rejected)
    assert result.chat_is_dead
    assert is_chinese(result.why)
    assert kit.seen == []


def test_a_service_that_is_not_there_is_tried_again(kit: Kit) -> None:
    needs(kit.serviced, "service that can be away")
    channel = kit.keeps(kit.lonely())
    assert isinstance(kit.sends(channel=channel), Retry)
    if kit.channel.abilities.files:
        assert isinstance(kit.sends(channel=channel, file=kit.file()), Retry)


def test_a_service_that_is_not_there_cannot_be_opened_and_says_so_in_one_way(kit: Kit) -> None:
    needs(kit.serviced, "service that can be away")
    channel = kit.keeps(kit.lonely())
    for ask in (channel.open, channel.introduce):
        try:
            kit.does(ask())
        except ConnectionError as error:
            assert str(error)


def test_a_service_that_is_busy_is_tried_again(kit: Kit) -> None:
    needs(kit.serviced, "service that can be busy")
    kit.goes_wrong("busy")
    result = kit.sends()
    assert isinstance(result, Retry)
    assert not result.whole_chat
    assert kit.seen == []
    kit.arrives()


@pytest.mark.parametrize("how", ["timeout", "reset"])
@pytest.mark.parametrize("accept", [False, True])
def test_what_was_taken_without_a_word_is_lost_and_nobody_says_more_of_it(kit: Kit, how: str, accept: bool) -> None:
    needs(kit.serviced, "service that can break off")
    kit.goes_wrong(how, accept=accept)
    assert isinstance(kit.sends(), Lost)
    assert len(kit.seen) == accept
    kit.heals()
    kit.arrives()


@pytest.mark.parametrize("how", ["timeout", "reset"])
def test_an_upload_that_breaks_off_has_told_nobody_anything(kit: Kit, how: str) -> None:
    needs(kit.upload, "uploads of their own")
    kit.goes_wrong(how, cmd=kit.upload, accept=True)
    assert isinstance(kit.sends(file=kit.file()), Retry)
    assert kit.seen == []
    kit.heals()
    kit.arrives(file=kit.file())


def test_a_flood_stops_the_whole_chat_for_a_while(kit: Kit) -> None:
    needs(kit.serviced, "service that counts")
    kit.goes_wrong("flood")
    result = kit.sends()
    assert isinstance(result, Retry)
    assert result.whole_chat
    assert result.after is not None
    assert result.after > 0
    assert kit.seen == []
    kit.arrives(chat=kit.room)


GARBAGE = {
    "a page": (200, b"<html><title>502</title> SECRET </html>"),
    "a page of a gateway": (502, b"<html>502 Bad Gateway SECRET </html>"),
    "a page that is not found": (404, b"<html>404 SECRET </html>"),
    "a page that is refused": (403, b"<html>SECRET</html>"),
    "somewhere else": (302, b""),
    "nothing": (200, b""),
    "null": (200, b"null"),
    "a number": (200, b"7"),
    "a list": (200, b'[{"errcode": 0}]'),
    "a text": (200, b'"ok"'),
    "an empty object": (200, b"{}"),
    "an empty object that is refused": (400, b"{}"),
    "a yes without more": (200, b'{"ok": true}'),
    "a no without more": (200, b'{"ok": false}'),
    "a yes of another kind": (200, b'{"ok": true, "result": 7, "errcode": false}'),
    "a yes with a message that is none": (200, b'{"ok": true, "result": {"message_id": []}, "errcode": 0.0}'),
    "a no of another kind": (400, b'{"ok": false, "description": ["SECRET"], "parameters": [1], "errcode": []}'),
    "a flood of another kind": (429, b'{"ok": false, "parameters": {"retry_after": "soon"}, "errcode": {}}'),
    "a code that is a text": (200, b'{"errcode": "0", "errmsg": 7}'),
    "a code that is null": (200, b'{"errcode": null, "errmsg": null}'),
    "half an object": (200, b'{"errcode": 0, "ok": tr'),
    "no end of brackets": (200, b"[" * 100_000),
    "no text": (200, b'{"errcode": 0, "ok": true, "result": "\xff'),
}


def garbage_of(kit: Kit, which: str) -> tuple[int, bytes]:
    """Return an answer that is none, which repeats what it was asked."""
    status, body = GARBAGE[which]
    return status, body.replace(b"SECRET", " ".join(kit.secrets).encode())


@pytest.mark.parametrize("which", list(GARBAGE))
def test_an_answer_that_is_none_is_no_crash_and_no_success(kit: Kit, which: str) -> None:
    needs(kit.serviced, "service that can talk nonsense")
    kit.babbles(*garbage_of(kit, which))
    result = kit.sends()
    assert isinstance(result, Retry | Lost)
    assert len(result.why) < 200
    if kit.channel.abilities.files:
        assert isinstance(kit.sends(file=kit.file()), Retry | Lost)
    if kit.channel.abilities.buttons:
        assert isinstance(kit.sends(face=FACE, buttons=(Button("收到", "a:1:0"),)), Retry | Lost)
    kit.heals()
    kit.arrives()


def test_an_upload_that_gets_a_yes_and_no_number_is_tried_again(kit: Kit) -> None:
    needs(kit.upload, "uploads of their own")
    kit.babbles(200, b'{"errcode": 0, "errmsg": "ok"}')
    assert isinstance(kit.sends(file=kit.file()), Retry)
    kit.babbles(200, b'{"errcode": 0, "errmsg": "ok", "media_id": 7, "body": {"upload_id": 7, "media_id": null}}')
    assert isinstance(kit.sends(file=kit.file()), Retry)
    kit.heals()
    kit.arrives(file=kit.file())


@pytest.mark.parametrize("which", list(GARBAGE))
def test_a_service_that_talks_nonsense_is_not_opened_and_no_crash(kit: Kit, which: str) -> None:
    needs(kit.serviced, "service that can talk nonsense")
    kit.babbles(*garbage_of(kit, which))
    channel = kit.keeps(kit.make())
    for ask in (channel.open, channel.introduce):
        try:
            kit.does(ask())
        except (ConnectionError, Refused) as error:
            assert len(str(error)) < 200


# ---------------------------------------------------------------- secrets


def test_wrong_secrets_are_told_without_them_and_nothing_is_sent(kit: Kit) -> None:
    """What is told is looked at in the end, by ``Kit.ends``."""
    for channel in [kit.keeps(one) for one in kit.strangers()]:
        for ask in (channel.open, channel.introduce):
            try:
                kit.does(ask())
            except (Refused, ConnectionError) as error:
                assert is_chinese(str(error))
        assert not isinstance(kit.sends(channel=channel), Sent)
    assert kit.seen == []


def test_no_way_of_setting_it_up_tells_a_secret(kit: Kit) -> None:
    for channel in [kit.keeps(one) for one in kit.variants()]:
        kit.does(channel.open())
        assert isinstance(kit.sends(channel=channel), Sent)


# ---------------------------------------------------------------- more than one


def test_two_messages_at_once_get_each_its_own_answer(kit: Kit) -> None:
    needs(kit.serviced, "service that answers")

    async def both(*messages: Outgoing) -> list[SendResult]:
        return await asyncio.gather(*(kit.channel.send(one) for one in messages))

    kit.dies()
    for _again in range(3):
        chats = (kit.room, kit.chat, kit.chat, kit.room)
        results = kit.does(both(*(kit.outgoing(chat=chat, key=f"{place}-1-1") for place, chat in enumerate(chats))))
        assert [type(result) for result in results] == [Sent, Rejected, Rejected, Sent]


def test_one_message_that_is_never_answered_does_not_take_the_answer_of_another(kit: Kit) -> None:
    needs(kit.serviced, "service that can break off")

    async def both() -> list[SendResult]:
        return await asyncio.gather(
            kit.channel.send(kit.outgoing(key="1-1-1")), kit.channel.send(kit.outgoing(chat=kit.room, key="2-1-1"))
        )

    kit.goes_wrong("timeout", accept=True)
    lost, sent = kit.does(both())
    assert isinstance(lost, Lost)
    assert isinstance(sent, Sent)


def test_many_messages_at_once_get_each_its_own_number(kit: Kit) -> None:
    needs(kit.channel.abilities.buttons, "buttons")
    needs(kit.numbered, "numbers")

    async def all_of_them() -> list[SendResult]:
        return await asyncio.gather(
            *(
                kit.channel.send(
                    kit.outgoing(
                        f"第{number}条", key=f"{number}-1-1", face=Face(f"第{number}条"),
                        buttons=(Button("收到", f"a:{number}:0"),),
                    )
                )
                for number in range(12)
            )
        )  # fmt: skip

    results = kit.does(all_of_them())
    by_number = {str(one.id): one for one in kit.seen}
    for number, result in enumerate(results):
        assert isinstance(result, Sent)
        assert f"第{number}条" in by_number[result.message_id or ""].text
        assert kit.presses(by_number[result.message_id or ""], f"a:{number}:0").message_id == result.message_id


def test_closing_twice_is_harmless_and_who_sends_after_it_is_told_to_wait(kit: Kit) -> None:
    kit.does(kit.closes(kit.channel))
    kit.does(kit.closes(kit.channel))
    assert not kit.serviced or isinstance(kit.sends(), Retry)
    kit.begins()
    kit.arrives()


# ---------------------------------------------------------------- buttons


@pytest.mark.parametrize("count", [1, 4, 6, 9])
@pytest.mark.parametrize(("label", "data"), [(4, 4), (30, 4), (4, 64), (30, 64)])
def test_buttons_of_every_shape_can_be_pressed_and_bring_their_data(
    kit: Kit, count: int, label: int, data: int
) -> None:
    needs(kit.channel.abilities.buttons, "buttons")
    tail = "督" * ((data - 4) // 3)
    buttons = tuple(Button(f"{number}项".ljust(label, "长"), f"o:{number}:{tail}") for number in range(count))
    assert all((len(one.label), len(one.data.encode())) == (label, data) for one in buttons)
    result = kit.sends("【交办通知】清单", face=FACE, buttons=buttons)
    assert isinstance(result, Sent)
    for button in buttons:
        press = kit.presses(kit.seen[-1], button.data)
        assert (press.press, press.message_id) == (button.data, result.message_id)
        assert press.chat == kit.chat


@pytest.mark.parametrize("things", [1, 2, 10])
@pytest.mark.parametrize("acts", [1, 5])
def test_a_choice_brings_the_act_and_the_thing(kit: Kit, things: int, acts: int) -> None:
    needs(kit.channel.abilities.buttons, "buttons")
    needs(kit.channel.abilities.card_text, "cards")
    picker = Picker(
        tuple(Button(f"A-{number} 6月30日", f"{number}:{number}") for number in range(things)),
        tuple(Button(word, word[0]) for word in ("acknowledge", "progress", "done", "extend", "open")[:acts]),
    )
    result = kit.sends("长文", face=FACE, picker=picker)
    assert isinstance(result, Sent)
    for thing in picker.things:
        for act in picker.acts:
            assert kit.presses(kit.seen[-1], f"{act.data}:{thing.data}").press == f"{act.data}:{thing.data}"


# ---------------------------------------------------------------- with the outbox behind it


class House:
    """A store with one unit, whose chat and the coordinators' room are on the channel; the program may start anew."""

    def __init__(self, kit: Kit) -> None:
        self.kit, self.clock = kit, VirtualClock(at("2022-06-01 10:05"))
        self.store, self.desk = Store(f"sqlite:///{kit.folder / 'duban.db'}"), Desk(archive=Archive(kit.folder))
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
                unit_id=self.unit_id, body={"text": text},
            )  # fmt: skip
            return made.id or 0

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
            pairs = outbox.items_of(session, notice.id or 0)
            lines = {line.assignment.id: line for line in ledger.lines(session)}
            found = [(item, lines[one.id]) for item, one in pairs]
            today = ledger.local_day(self.clock.now(), "Asia/Shanghai")
            extra = extra_for(session, notice, found, self.desk, today)
            return render(notice, found, self.kit.channel.abilities, today, extra)

    def heard(self, chat: str = "") -> list[str]:
        """Return what a chat, else the unit's, was told, without the codes that quotes are placed by."""
        wanted = chat or self.kit.chat
        ids = {wanted, getattr(self.kit, "keys", {}).get(wanted, wanted)}
        return [re.sub(r"\s*〔#[\d.]+〕", "", one.text) for one in self.kit.seen if str(one.chat) in ids]


@pytest.fixture
def house(kit: Kit) -> Iterator[House]:
    made = House(kit)
    yield made
    made.store.close()


def test_a_notice_of_two_hundred_items_becomes_messages_that_all_arrive(house: House) -> None:
    house.assigns(200)
    if house.kit.serviced:
        house.kit.api.limits = False
    abilities, kit = house.kit.channel.abilities, house.kit
    parts = house.parts()
    for place, part in enumerate(parts, 1):
        assert abilities.fits(part.text)
        seen = kit.arrives(
            part.text, buttons=part.buttons, face=part.face, picker=part.picker, mark=part.mark, key=f"1-{place}-1"
        )
        assert part.face is not None or part.text in as_read(seen.text)
        for button in part.buttons:
            assert kit.presses(seen, button.data).press == button.data
    whole = "".join(house.heard())
    assert [number for number in range(1, 201) if whole.count(f"〔A-{number}〕") != 1] == []


def test_every_part_of_a_long_notice_arrives_once_through_restarts_and_troubles(house: House) -> None:
    house.assigns(200)
    house.works(2)
    house.starts()
    if house.kit.serviced:
        house.kit.goes_wrong("busy")
    house.works(2)
    house.starts()
    house.finishes()
    seen = [(one.text, str(one.buttons), str(getattr(one, "picks", ""))) for one in house.kit.seen]
    assert len(seen) == len(set(seen)) > 1
    whole = "".join(house.heard())
    assert [number for number in range(1, 201) if whole.count(f"〔A-{number}〕") != 1] == []
    with house.store.read() as session:
        slip = session.exec(select(Notice).where(Notice.kind == NoticeKind.SLIP)).one()
        assert slip.state is DeliveryState.SENT
        assert outbox.sent_parts(session, slip.id or 0) == set(range(1, len(seen) + 1))


def test_a_retry_time_is_honoured_after_a_restart(house: House) -> None:
    needs(house.kit.serviced, "service that counts")
    first, second = house.tells("第一条"), house.tells("第二条")
    house.kit.goes_wrong("flood")
    house.works()
    until = house.chat().not_before
    assert until is not None
    assert until > house.clock.now() + timedelta(seconds=30)
    house.starts()
    house.clock.turn_to(until - timedelta(seconds=1))
    house.works()
    assert house.heard() == []
    house.finishes()
    assert house.clock.now() >= until
    assert house.heard() == ["第一条", "第二条"]
    assert [house.notice(number).state for number in (first, second)] == [DeliveryState.SENT] * 2


def test_a_dead_route_is_written_down_and_the_coordinators_are_told_once(house: House) -> None:
    needs(house.kit.serviced, "service that can refuse")
    first, second = house.tells("第一条"), house.tells("第二条")
    house.kit.dies()
    routine = Routine(house.store, house.desk)
    for _again in range(3):
        house.works()
        while routine.dead_chats(house.clock.now()):
            pass
        house.finishes()
        house.starts()
    why = house.chat().dead_why
    assert why is not None
    assert is_chinese(why)
    assert [house.notice(number).state for number in (first, second)] == [DeliveryState.NO_ROUTE] * 2
    assert house.heard() == []
    (told,) = house.heard(chat=house.kit.room)
    assert f"会话失效：{ECONOMY}" in told
    assert why in as_read(told)
