"""The platform's own SDK against our stand-in: what the stand-in demands must be what a foreign client does."""

import base64
import hashlib
import json
import os
import queue
import shutil
import subprocess
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.harness.wecom_api import BOT, BOT_ID, SECRET, Room, User, WecomApi, WecomServer

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
    found = {}
    for name in PACKAGES:
        about = FOLDER / "node_modules" / name / "package.json"
        found[name] = json.loads(about.read_text(encoding="utf-8"))["version"] if about.exists() else None
    if found != PACKAGES:
        FOLDER.mkdir(parents=True, exist_ok=True)
        (FOLDER / "package.json").write_text('{"private": true}', encoding="utf-8")
        wanted = [f"{name}@{version}" for name, version in PACKAGES.items()]
        done = subprocess.run(
            ["npm", "install", "--ignore-scripts", "--no-audit", "--no-fund", *wanted],
            cwd=FOLDER, capture_output=True, text=True, timeout=300, check=False,
        )  # fmt: skip
        if done.returncode != 0:
            pytest.skip(f"npm could not install the platform's packages: {done.stderr.strip()[-300:]}")
    return FOLDER


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
