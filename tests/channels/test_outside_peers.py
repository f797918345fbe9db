"""The platform's own SDK against our stand-in and beside our client; its own libraries against what we seal and sign.

What the stand-in demands must be what a foreign client does, and what our client does must be what that one does.
"""

import asyncio
import base64
import fcntl
import hashlib
import json
import os
import queue
import shutil
import subprocess
import threading
from collections.abc import Coroutine, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Protocol, TypeVar

import pytest

from bot.channels.incoming import Answer, Call, Incoming
from bot.channels.wecom import wire
from bot.channels.wecom.ai_bot import WecomBot
from bot.channels.wecom.app import WecomApp
from bot.channels.wecom.crypto import BadCallback, Cipher, Guard, decrypt_file
from jobs.ports import Attachment, Button, Edit, Face, Outgoing, Sent
from tests.channels.test_wecom_crypto import sealed
from tests.harness.wecom_api import (
    AES_KEY,
    AGENT_ID,
    BOT,
    BOT_ID,
    CORP_ID,
    SECRET,
    TOKEN,
    Room,
    User,
    WecomApi,
    WecomServer,
)

PACKAGES = {"@wecom/aibot-node-sdk": "1.0.7", "@wecom/crypto": "1.0.1"}
FOLDER = Path.home() / ".cache" / "duban-test-peers"
SCRIPT = Path(__file__).parents[1] / "harness" / "peer.mjs"

pytestmark = pytest.mark.skipif(
    not (shutil.which("node") and shutil.which("npm")), reason="node and npm are not installed"
)

BUTTONS = {
    "card_type": "button_interaction",
    "task_id": "DC-1@1",
    "main_title": {"title": "交办通知", "desc": "第1项"},
    "horizontal_content_list": [{"keyname": "时限", "value": "3月31日"}],
    "button_list": [{"text": "收到", "key": "ack:1"}, {"text": "办结", "key": "done:1"}],
}
SIGNED = BUTTONS | {
    "main_title": {"title": "交办通知", "desc": "张工已签收"},
    "button_list": BUTTONS["button_list"][1:],
}


class Peer:
    """The SDK in a process of its own."""

    def __init__(self, folder: Path) -> None:
        self.process = subprocess.Popen(
            ["node", str(SCRIPT)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, encoding="utf-8",
            env=os.environ | {"DUBAN_TEST_PEERS": str(folder)},
        )  # fmt: skip
        self._answers: queue.Queue[dict[str, Any]] = queue.Queue()
        self._told: queue.Queue[dict[str, Any]] = queue.Queue()
        self._reader = threading.Thread(target=self._read)
        self._reader.start()
        self._count = 0

    def _read(self) -> None:
        assert self.process.stdout is not None
        for line in self.process.stdout:
            about = json.loads(line)
            (self._answers if "id" in about else self._told).put(about)

    def answers(self, do: str, **about: Any) -> dict[str, Any]:
        """Let the SDK do something; return what came of it."""
        assert self.process.stdin is not None
        self._count += 1
        self.process.stdin.write(json.dumps({"id": self._count, "do": do} | about) + "\n")
        self.process.stdin.flush()
        return self._answers.get(timeout=20)

    def does(self, do: str, **about: Any) -> Any:
        """The same, and it must have succeeded."""
        answer = self.answers(do, **about)
        assert "error" not in answer, answer
        return answer["result"]

    def tells(self, event: str) -> dict[str, Any]:
        """Wait until the SDK tells of something; nothing else may come before it."""
        about = self._told.get(timeout=20)
        assert about["event"] == event, about
        return about

    def connects(self, api: WecomApi, secret: str = SECRET, **more: Any) -> None:
        """Let the SDK connect to the stand-in."""
        options = {"botId": BOT_ID, "secret": secret, "wsUrl": api.ws_url, "reconnectInterval": 1} | more
        self.does("connect", options=options)

    def close(self) -> None:
        """End the process."""
        assert self.process.stdin is not None
        self.process.stdin.close()
        self.process.wait(10)
        self._reader.join(10)
        assert self.process.stdout is not None
        self.process.stdout.close()


@pytest.fixture(scope="session")
def peers() -> Path:
    """Install the platform's packages beside the tree, once for all runs."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    with (FOLDER / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # tests run in several processes
        if {name: _installed(name) for name in PACKAGES} != PACKAGES:
            _install()
    return FOLDER


def _installed(name: str) -> str | None:
    about = FOLDER / "node_modules" / name / "package.json"
    return json.loads(about.read_text(encoding="utf-8"))["version"] if about.exists() else None


def _install() -> None:
    (FOLDER / "package.json").write_text('{"private": true}', encoding="utf-8")
    wanted = [f"{name}@{version}" for name, version in PACKAGES.items()]
    done = subprocess.run(
        ["npm", "install", "--ignore-scripts", "--no-audit", "--no-fund", *wanted],
        cwd=FOLDER, capture_output=True, text=True, timeout=300, check=False,
    )  # fmt: skip
    if done.returncode != 0:
        pytest.skip(f"npm could not install the platform's packages: {done.stderr.strip()[-300:]}")


@pytest.fixture(scope="module")
def server() -> Iterator[WecomServer]:
    with WecomServer().running() as served:
        yield served


@pytest.fixture
def api(server: WecomServer) -> Iterator[WecomApi]:
    world = server.adopt(WecomApi())
    yield world
    assert world.faults == []


@pytest.fixture
def idle_peer(peers: Path) -> Iterator[Peer]:
    peer = Peer(peers)
    yield peer
    peer.close()


@pytest.fixture
def peer(idle_peer: Peer, api: WecomApi) -> Peer:
    """Give the SDK, subscribed."""
    idle_peer.connects(api)
    idle_peer.tells("authenticated")
    return idle_peer


@pytest.fixture
def zhang(api: WecomApi) -> User:
    return api.user("张工")


@pytest.fixture
def group(api: WecomApi) -> Room:
    return api.group("省经信厅群", member=True, spoken=True)


def test_it_subscribes_with_one_frame(api: WecomApi, peer: Peer) -> None:
    assert api.connections == 1
    assert [(frame["cmd"], frame["connection"]) for frame in api.frames] == [("aibot_subscribe", 1)]


def test_a_message_is_heard_and_answered_by_a_stream(api: WecomApi, peer: Peer, zhang: User, group: Room) -> None:
    told = api.says(group, zhang, f"@{BOT} 进度")
    assert told is not None
    frame = peer.tells("message")["frame"]
    assert frame == told
    assert frame["body"]["text"]["content"] == f"@{BOT}\u2005进度"
    peer.does("stream", frame=frame, stream="s1", content="正在查询", finish=False)
    assert [sent.text for sent in api.open_streams] == ["正在查询"]
    peer.does("stream", frame=frame, stream="s1", content="**第1项**：已签收", finish=True)
    (sent,) = api.sent
    assert (sent.chat, sent.kind, sent.text, sent.reply_to) == (
        group.id, "stream", "第1项：已签收", told["body"]["msgid"],
    )  # fmt: skip
    assert api.open_streams == []
    refused = peer.answers("stream", frame=frame, stream="s1", content="再来", finish=True)
    assert refused["error"]["errcode"] == 846608


@pytest.mark.parametrize("flat", [False, True])
def test_a_press_changes_the_card(api: WecomApi, peer: Peer, zhang: User, group: Room, flat: bool) -> None:
    api.flat_events = flat
    peer.does("send", chat=group.id, body={"msgtype": "template_card", "template_card": BUTTONS})
    (sent,) = api.sent
    assert (sent.id, sent.text) == ("DC-1@1", "交办通知\n第1项\n时限：3月31日")
    pressed = api.presses(group, sent, "收到", zhang)
    assert api.answer_to(pressed) is None
    frame = peer.tells("event")["frame"]
    event = frame["body"]["event"]
    assert (event if flat else event["template_card_event"])["event_key"] == "ack:1"
    peer.does("update", frame=frame, card=SIGNED)
    assert api.answer_to(pressed) == sent.text == "交办通知\n张工已签收\n时限：3月31日"
    assert (sent.buttons, sent.edits) == ([("办结", "done:1")], 1)
    refused = peer.answers("reply", frame=frame, body={"msgtype": "markdown", "markdown": {"content": "好"}})
    assert refused["error"]["errcode"] == 846605


def test_a_first_visit_is_welcomed(api: WecomApi, peer: Peer, zhang: User) -> None:
    entered = api.enters(zhang)
    frame = peer.tells("event")["frame"]
    peer.does("welcome", frame=frame, body={"msgtype": "text", "text": {"content": "您好"}})
    assert api.welcomed == {entered["headers"]["req_id"]: "您好"}


def test_it_speaks_first_only_where_somebody_spoke(api: WecomApi, peer: Peer, zhang: User, group: Room) -> None:
    words = {"msgtype": "markdown", "markdown": {"content": "**提醒**：明日到期"}}
    peer.does("send", chat=group.id, body=words)
    assert [sent.text for sent in api.sent] == ["提醒：明日到期"]
    for chat in (group.id.lower(), api.private(zhang).id):
        assert peer.answers("send", chat=chat, body=words)["error"]["errcode"] == 93006
    api.remove_bot(group)
    assert peer.answers("send", chat=group.id, body=words)["error"]["errcode"] == 93006


def test_a_file_goes_out_in_chunks(api: WecomApi, peer: Peer, group: Room) -> None:
    content = bytes(range(256)) * 5200
    media = peer.does("upload", base64=base64.b64encode(content).decode(), type="file", name="台账.xlsx")
    peer.does("media", chat=group.id, type="file", media=media["media_id"])
    (sent,) = api.sent
    assert (sent.kind, sent.text, sent.file) == ("file", "台账.xlsx", "台账.xlsx")
    assert hashlib.sha256(sent.content).digest() == hashlib.sha256(content).digest()
    chunks = [frame["body"]["chunk_index"] for frame in api.frames if frame["cmd"] == "aibot_upload_media_chunk"]
    assert sorted(chunks) == [0, 1, 2]


@pytest.mark.parametrize("turn", [0, 1], ids=["44 characters", "43 characters"])
def test_a_file_that_somebody_sent_is_fetched(api: WecomApi, peer: Peer, zhang: User, group: Room, turn: int) -> None:
    content = b"%PDF-1.7 " + bytes(range(256)) * turn
    for _time in range(turn):
        api.says(api.private(zhang), zhang, photo=b"\xff\xd8")
        peer.tells("message")
    api.says(group, zhang, f"@{BOT} 佐证", file=("验收 报告.pdf", content))
    offered = peer.tells("message")["frame"]["body"]["quote"]["file"]
    assert len(offered["aeskey"]) == 44 - turn
    fetched = peer.does("download", url=offered["url"], key=offered["aeskey"])
    assert (fetched["name"], base64.b64decode(fetched["base64"])) == ("验收 报告.pdf", content)
    later = api.clock() + 301
    api.clock = lambda: later
    assert "404" in peer.answers("download", url=offered["url"], key=offered["aeskey"])["error"]["message"]


def test_a_wrong_secret_is_refused(api: WecomApi, idle_peer: Peer) -> None:
    idle_peer.connects(api, secret="wrong", maxAuthFailureAttempts=0)
    assert "853000" in idle_peer.tells("error")["about"]
    idle_peer.tells("disconnected")
    assert idle_peer.tells("error")["name"] == "WSAuthFailureError"
    assert api.connections == 0
    assert len(api.subscribes) == 1


def test_a_second_subscription_drives_the_first_out(api: WecomApi, peer: Peer, peers: Path, zhang: User) -> None:
    second = Peer(peers)
    try:
        second.connects(api)
        second.tells("authenticated")
        assert peer.tells("event")["frame"]["body"]["event"]["eventtype"] == "disconnected_event"
        peer.tells("disconnected")
        assert (api.connections, api.kicks) == (1, 1)
        api.says(api.private(zhang), zhang, "在吗")
        assert second.tells("message")["frame"]["body"]["text"]["content"] == "在吗"
    finally:
        second.close()


def test_a_broken_connection_is_made_anew(api: WecomApi, peer: Peer, zhang: User) -> None:
    with api.changed:
        api.sever()
        assert api.says(api.private(zhang), zhang, "没人听见") is None
    peer.tells("disconnected")
    peer.tells("reconnecting")
    peer.tells("authenticated")
    assert (api.missed, api.connections, len(api.subscribes)) == (1, 1, 2)


# ---------------------------------------------------------------- our client beside the SDK

T = TypeVar("T")

OURS_ALONE = {
    "body.chat_type: int",  # a group or a person; without it the service guesses
    "body.template_card.source: dict",  # and what else our cards say more than the one that the SDK is given here
    "body.template_card.source.desc: str",
    "body.template_card.sub_title_text: str",
    "body.template_card.button_list.style: int",
}
"""All that frames of ours may have and the SDK's have not."""

TWO_CHUNKS = bytes(range(256)) * 2300
FACE = Face("【交办通知】清单", "第1项", "完成复核认定", (("时限", "3月31日"),))
ACK, DONE = Button("收到", "ack:1"), Button("办结", "done:1")


class Client(Protocol):
    """Who speaks with the stand-in as a bot."""

    def connects(self, api: WecomApi) -> None:
        """Connect and subscribe."""

    def answers(self, text: str) -> None:
        """Answer the message that just came in."""

    def pushes(self, chat: str, text: str) -> None:
        """Say something unasked."""

    def shows(self, chat: str) -> None:
        """Show a card with two buttons."""

    def changes(self) -> None:
        """Change the card on which a button was just pressed."""

    def welcomes(self, text: str) -> None:
        """Welcome who just came."""

    def files(self, chat: str, name: str, content: bytes) -> None:
        """Upload a file and send it."""

    def leaves(self) -> None:
        """Hang up."""


class Theirs:
    """The SDK."""

    def __init__(self, peer: Peer) -> None:
        self.peer = peer

    def connects(self, api: WecomApi) -> None:
        self.peer.connects(api)
        self.peer.tells("authenticated")

    def answers(self, text: str) -> None:
        frame = self.peer.tells("message")["frame"]
        self.peer.does("stream", frame=frame, stream="s1", content=text, finish=True)

    def pushes(self, chat: str, text: str) -> None:
        self.peer.does("send", chat=chat, body={"msgtype": "markdown", "markdown": {"content": text}})

    def shows(self, chat: str) -> None:
        self.peer.does("send", chat=chat, body={"msgtype": "template_card", "template_card": BUTTONS})

    def changes(self) -> None:
        self.peer.does("update", frame=self.peer.tells("event")["frame"], card=SIGNED)

    def welcomes(self, text: str) -> None:
        frame = self.peer.tells("event")["frame"]
        self.peer.does("welcome", frame=frame, body={"msgtype": "text", "text": {"content": text}})

    def files(self, chat: str, name: str, content: bytes) -> None:
        media = self.peer.does("upload", base64=base64.b64encode(content).decode(), type="file", name=name)
        self.peer.does("media", chat=chat, type="file", media=media["media_id"])

    def leaves(self) -> None:
        self.peer.does("disconnect")


class Ours:
    """Our client."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.loop = folder, asyncio.new_event_loop()
        self.heard: asyncio.Queue[Incoming] = asyncio.Queue()

    def does(self, doing: Coroutine[Any, Any, T]) -> T:
        return self.loop.run_until_complete(asyncio.wait_for(doing, 20))

    def connects(self, api: WecomApi) -> None:
        self.bot = WecomBot(BOT_ID, SECRET, api.ws_url)
        self.does(self.bot.open())
        self.listening = self.loop.create_task(self.bot.listen(self.heard.put, lambda: False))

    def hears(self) -> Incoming:
        return self.does(self.heard.get())

    def sends(self, **what: Any) -> None:
        result = self.does(self.bot.send(Outgoing(key="1-1-1", **what)))
        assert isinstance(result, Sent), result

    def answers(self, text: str) -> None:
        told = self.hears()
        self.sends(chat=told.chat, text=text, reply_to=told.message_id)

    def pushes(self, chat: str, text: str) -> None:
        self.sends(chat=chat, text=text)

    def shows(self, chat: str) -> None:
        self.sends(chat=chat, text="长文", face=FACE, buttons=(ACK, DONE))

    def changes(self) -> None:
        press = self.hears()
        edit = Edit(press.chat, press.message_id or "", "长文", "2-1-1", (DONE,), face=FACE)
        assert isinstance(self.does(self.bot.redraw(press.press_id or "", edit)), Sent)

    def welcomes(self, text: str) -> None:
        self.does(self.bot.answer(self.hears().press_id or "", text))

    def files(self, chat: str, name: str, content: bytes) -> None:
        (self.folder / "stored").write_bytes(content)
        self.sends(chat=chat, text="", file=Attachment(name, self.folder / "stored"))

    def leaves(self) -> None:
        self.listening.cancel()
        self.does(self.bot.close())
        self.loop.run_until_complete(asyncio.gather(self.listening, return_exceptions=True))
        self.loop.close()


def frames_of(client: Client, api: WecomApi) -> list[dict[str, Any]]:
    """Let a client do everything in a world of its own; return the frames that the stand-in saw."""
    zhang, group = api.user("张工"), api.group("省经信厅群", member=True, spoken=True)
    client.connects(api)
    api.says(group, zhang, f"@{BOT} 进度")
    client.answers("正在查询")
    client.pushes(group.id, "明日到期")
    client.shows(group.id)
    pressed = api.presses(group, api.sent[-1], "收到", zhang)
    client.changes()
    assert api.answer_to(pressed)
    entered = api.enters(zhang)
    client.welcomes("您好")
    assert api.welcomed == {entered["headers"]["req_id"]: "您好"}
    client.files(group.id, "台账.xlsx", TWO_CHUNKS)
    assert api.sent[-1].content == TWO_CHUNKS
    client.leaves()
    assert api.faults == []
    return [{name: part for name, part in frame.items() if name != "connection"} for frame in api.frames]


def parts_of(value: Any, path: str = "") -> set[str]:
    """Return every part of a frame by its dotted name, with its type; the elements of a list count as one."""
    found = {f"{path}: {type(value).__name__}"} if path else set()
    for element in value if isinstance(value, list) else ():
        found |= parts_of(element, path) - {f"{path}: {type(element).__name__}"}
    for name, part in value.items() if isinstance(value, dict) else ():
        found |= parts_of(part, f"{path}.{name}" if path else name)
    return found


def test_our_client_says_what_the_sdk_says(server: WecomServer, idle_peer: Peer, tmp_path: Path) -> None:
    theirs = frames_of(Theirs(idle_peer), server.adopt(WecomApi()))
    ours = frames_of(Ours(tmp_path), server.adopt(WecomApi()))
    assert [frame["cmd"] for frame in ours] == [frame["cmd"] for frame in theirs]
    assert [frame["cmd"] for frame in ours] == [
        "aibot_subscribe", "aibot_respond_msg", "aibot_send_msg", "aibot_send_msg", "aibot_respond_update_msg",
        "aibot_respond_welcome_msg", "aibot_upload_media_init", "aibot_upload_media_chunk", "aibot_upload_media_chunk",
        "aibot_upload_media_finish", "aibot_send_msg",
    ]  # fmt: skip
    more: set[str] = set()
    for our, their in zip(ours, theirs, strict=True):
        assert parts_of(their) - parts_of(our) == set()
        more |= parts_of(our) - parts_of(their)
    assert more == OURS_ALONE


def test_our_client_names_its_requests_as_the_sdk_does(server: WecomServer, idle_peer: Peer, tmp_path: Path) -> None:
    """A request of one's own is named by its command, an answer by what it answers; no name is used twice."""
    for client in (Theirs(idle_peer), Ours(tmp_path)):
        named = [(frame["cmd"], frame["headers"]["req_id"]) for frame in frames_of(client, server.adopt(WecomApi()))]
        assert len({req_id for _cmd, req_id in named}) == len(named)
        for cmd, req_id in named:
            assert req_id.startswith("req" if cmd.startswith("aibot_respond") else f"{cmd}_")


def test_our_upload_is_the_sdks(server: WecomServer, idle_peer: Peer, tmp_path: Path) -> None:
    """Here the values count too: sizes, hash, the numbers of the chunks and what is in them."""

    def uploaded(client: Client) -> list[Any]:
        api: WecomApi = server.adopt(WecomApi())
        bodies = [frame["body"] for frame in frames_of(client, api) if "upload_media" in frame["cmd"]]
        return [{name: part for name, part in body.items() if name != "upload_id"} for body in bodies]

    assert uploaded(Ours(tmp_path)) == uploaded(Theirs(idle_peer))


def test_our_ping_is_the_sdks(
    server: WecomServer, idle_peer: Peer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def ping(api: WecomApi) -> set[str]:
        pings = [frame for frame in api.frames if frame["cmd"] == "ping"]
        assert pings[0]["headers"]["req_id"].startswith("ping_")
        return parts_of(pings[0])

    api: WecomApi = server.adopt(WecomApi())
    idle_peer.connects(api, heartbeatInterval=5)
    api.wait_for(lambda: api.calls.count("ping") > 2)
    idle_peer.does("disconnect")
    theirs = ping(api)
    monkeypatch.setattr(wire, "PING_SECONDS", 0.005)
    api, client = server.adopt(WecomApi()), Ours(tmp_path)
    client.connects(api)
    client.does(asyncio.to_thread(api.wait_for, lambda: api.calls.count("ping") > 2))
    client.leaves()
    assert ping(api) == theirs


# ---------------------------------------------------------------- what is sealed and signed

STAMP, NONCE = "1735689600", "n0nce"
NOW = datetime.fromtimestamp(int(STAMP), UTC)
LIBRARIES = ["crypto", "sdk"]
TEXTS = [
    "",
    "收到",
    "🟢👨‍👩‍👧",
    "督" * 5000,
    "<xml><A><![CDATA[<b>&amp;]]></A></xml>",
    *("a" * size for size in range(1, 34)),
]


def call_of(peer: Peer, library: str, text: str, receiver: str, nonce: str = NONCE) -> tuple[dict[str, str], str]:
    """Let a library of the platform's seal and sign a call; return its query and what is sealed."""
    made = peer.does(
        "seal", library=library, token=TOKEN, key=AES_KEY, receiver=receiver, text=text, stamp=STAMP, nonce=nonce
    )
    return {"msg_signature": made["signature"], "timestamp": STAMP, "nonce": nonce}, made["sealed"]


@pytest.mark.parametrize("library", LIBRARIES)
@pytest.mark.parametrize("receiver", [CORP_ID, ""])
def test_what_the_platforms_library_seals_is_let_in(idle_peer: Peer, library: str, receiver: str) -> None:
    guard = Guard(Cipher(TOKEN, AES_KEY, receiver))
    for text in TEXTS:
        query, sealed_text = call_of(idle_peer, library, text, receiver)
        assert guard.open(query, sealed_text, NOW) == text
        with pytest.raises(BadCallback, match="seen before"):
            guard.open(query, sealed_text, NOW)


@pytest.mark.parametrize("library", LIBRARIES)
@pytest.mark.parametrize("receiver", [CORP_ID, ""])
def test_what_we_seal_is_read_and_found_right_by_the_platforms_library(
    idle_peer: Peer, library: str, receiver: str
) -> None:
    cipher = Cipher(TOKEN, AES_KEY, receiver)
    for text in TEXTS:
        encrypted = cipher.encrypt(text)
        told = {"token": TOKEN, "key": AES_KEY, "receiver": receiver, "sealed": encrypted, "stamp": STAMP}
        signature = cipher.sign(STAMP, NONCE, encrypted)
        read = idle_peer.does("unseal", library=library, nonce=NONCE, signature=signature, **told)
        assert read == {"text": text, "right": True}
        assert not idle_peer.does("unseal", library=library, nonce="other", signature=signature, **told)["right"]


@pytest.mark.parametrize("library", LIBRARIES)
def test_what_the_platforms_library_seals_for_somebody_else_is_turned_away(idle_peer: Peer, library: str) -> None:
    for ours, receiver in ((CORP_ID, ""), ("", CORP_ID), (CORP_ID, CORP_ID[:-1]), (CORP_ID, f"{CORP_ID}0")):
        query, sealed_text = call_of(idle_peer, library, "收到", receiver)
        with pytest.raises(BadCallback, match="for somebody else"):
            Guard(Cipher(TOKEN, AES_KEY, ours)).open(query, sealed_text, NOW)


PRESS = f"""<xml><ToUserName><![CDATA[{CORP_ID}]]></ToUserName><FromUserName><![CDATA[zhang]]></FromUserName>
<CreateTime>{STAMP}</CreateTime><MsgType><![CDATA[event]]></MsgType><Event><![CDATA[template_card_event]]></Event>
<EventKey><![CDATA[pick]]></EventKey><TaskId><![CDATA[7-1-1@ab]]></TaskId><CardType><![CDATA[multiple_interaction]]></CardType>
<ResponseCode><![CDATA[code]]></ResponseCode><AgentID>{AGENT_ID}</AgentID><SelectedItems><SelectedItem>
<QuestionKey><![CDATA[thing]]></QuestionKey><OptionIds><OptionId><![CDATA[2:0]]></OptionId></OptionIds></SelectedItem><SelectedItem>
<QuestionKey><![CDATA[act]]></QuestionKey><OptionIds><OptionId><![CDATA[d]]></OptionId></OptionIds></SelectedItem></SelectedItems></xml>"""
WORDS = f"""<xml><ToUserName><![CDATA[{CORP_ID}]]></ToUserName><FromUserName><![CDATA[zhang]]></FromUserName>
<CreateTime>{STAMP}</CreateTime><MsgType><![CDATA[text]]></MsgType><Content><![CDATA[收到 <b>&amp; 🟢]]></Content>
<MsgId>4711</MsgId><AgentID>{AGENT_ID}</AgentID></xml>"""


@pytest.mark.parametrize("library", LIBRARIES)
def test_a_call_that_the_platforms_library_seals_reaches_the_application(idle_peer: Peer, library: str) -> None:
    heard: list[Incoming] = []

    async def hear(incoming: Incoming) -> None:
        heard.append(incoming)

    async def brought() -> list[Answer]:
        app = WecomApp(
            CORP_ID, "secret", AGENT_ID, now=lambda: NOW, token=TOKEN, aes_key=AES_KEY, api_url="http://127.0.0.1:9"
        )
        answers = []
        for text in (PRESS, WORDS):
            query, encrypted = call_of(idle_peer, library, text, CORP_ID)
            outer = f"<xml><ToUserName>{CORP_ID}</ToUserName><Encrypt><![CDATA[{encrypted}]]></Encrypt></xml>".encode()
            for asked in (query | {"nonce": "other"}, query, query):
                answers.append(await app.called(Call("POST", {}, asked, outer), hear))
        query, encrypted = call_of(idle_peer, library, "4711081500", CORP_ID)
        answers.append(await app.called(Call("GET", {}, query | {"echostr": encrypted}, b""), hear))
        await app.close()
        return answers

    assert asyncio.run(brought()) == [Answer(403), Answer(), Answer(403)] * 2 + [Answer(200, "4711081500")]
    press, words = heard
    assert (press.press, press.press_id, press.message_id, press.person) == ("d:2:0", "code", "7-1-1@ab", "zhang")
    assert (words.text, words.message_id) == ("收到 <b>&amp; 🟢", "m:4711")


SIZES = [0, 1, 15, 16, 31, 32, 33, 1_000_000]


@pytest.mark.parametrize("ending", ["", "="])
def test_files_are_read_by_each_others_library(idle_peer: Peer, ending: str) -> None:
    for size in SIZES:
        content = os.urandom(size)
        ours = base64.b64encode(sealed(content, key=AES_KEY)).decode()
        assert base64.b64decode(idle_peer.does("openFile", base64=ours, key=AES_KEY + ending)) == content
        plain = base64.b64encode(content).decode()
        theirs = base64.b64decode(idle_peer.does("sealFile", base64=plain, key=AES_KEY + ending))
        assert decrypt_file(theirs, AES_KEY + ending) == content
