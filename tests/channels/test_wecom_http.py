"""The group robot and the self-built application against the strict stand-in, over HTTP; no secret is ever told."""

import asyncio
import logging
import time
from collections.abc import Coroutine, Iterator
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any, TypeVar

import httpx
import pytest
from starlette.responses import Response

from bot.channels.incoming import Answer, Attached, Call, Incoming, Refused, Unfetched
from bot.channels.service import (
    Alone,
    Answers,
    Fetches,
    Invites,
    IsCalled,
    Listens,
    Opens,
    Redraws,
    ShowsMenus,
    Troubled,
)
from bot.channels.wecom.api import BLOCKED, DEAD, MAX_FILE, NEVER, Tokens
from bot.channels.wecom.app import CLOSED, CLOSED_CODES, NOT_REACHED, STALE, WRONG_SECRET, WecomApp
from bot.channels.wecom.robot import NO_KEY, WecomRobot
from jobs.ports import (
    Attachment,
    Button,
    Changes,
    Edit,
    Edits,
    Face,
    Lost,
    Outgoing,
    Picker,
    Rejected,
    Retry,
    SendResult,
    Sent,
)
from tests.harness import wecom_api
from tests.harness.wecom_api import AES_KEY, AGENT_ID, CORP_ID, CORP_SECRET, TOKEN, Trouble, WecomApi, WecomServer

T = TypeVar("T")

KEY = "11112222-robot-key-33334444"
FACE = Face("【交办通知】清单", "10月8日前", "完成复核认定", (("任务", "〔A-1〕"),))
BUTTONS = (Button("收到", "a:1:0"), Button("报办结", "d:1:0"))
BROKEN = ["timeout", "reset"]


@pytest.fixture(scope="module")
def server() -> Iterator[WecomServer]:
    made = WecomServer()
    with made.running():
        yield made


class Told:
    """What both channels share here: the stand-in, a loop, and everything that was answered or raised."""

    def __init__(self, api: WecomApi, folder: Path) -> None:
        self.api, self.folder, self.loop = api, folder, asyncio.new_event_loop()
        self.said: list[str] = []
        self.channels: list[WecomRobot | WecomApp] = []
        self.may_blame = False

    def does(self, doing: Coroutine[Any, Any, T]) -> T:
        try:
            result = self.loop.run_until_complete(doing)
        except Exception as error:
            self.said += [f"{one!r} {one} {vars(one)}" for one in chain(error)]
            raise
        self.said.append(repr(result))
        return result

    def file(self, content: bytes, name: str = "报告.pdf") -> Attachment:
        path = self.folder / "stored"
        path.write_bytes(content)
        return Attachment(name, path)

    def fails(self, how: str, cmd: str, **more: Any) -> None:
        self.api.troubles.append(Trouble(how, cmd, **more))

    def ends(self, log: str) -> None:
        for channel in self.channels:
            self.said += [repr(channel), channel.greeting]
            self.loop.run_until_complete(channel.close())
        self.loop.close()
        everything = "\n".join([log, *self.said])
        secrets = [KEY, CORP_SECRET, TOKEN, AES_KEY, *self.api._tokens]
        assert not [secret for secret in secrets if secret in everything]
        assert self.may_blame or self.api.faults == []


def everything_logged(caplog: pytest.LogCaptureFixture) -> str:
    """Return what any library logged during the test, down to debugging."""
    records = [*caplog.get_records("setup"), *caplog.get_records("call")]
    return "\n".join(f"{record.name} {record.getMessage()} {record.exc_text}" for record in records)


def chain(error: BaseException | None) -> Iterator[BaseException]:
    """Go through an error and all that hangs on it."""
    while error is not None:
        yield error
        error = error.__cause__ or error.__context__


class Robot(Told):
    """One group robot and its group."""

    def __init__(self, api: WecomApi, folder: Path) -> None:
        super().__init__(api, folder)
        self.room = api.robot("经信厅工作群", KEY)
        self.channel = self.robot(api.url)

    def robot(self, url: str) -> WecomRobot:
        self.channels.append(WecomRobot({"经信厅": KEY}, url, patience=0.3))
        made = self.channels[-1]
        assert isinstance(made, WecomRobot)
        return made

    def sends(self, text: str = "你好", **more: Any) -> SendResult:
        channel: WecomRobot = more.pop("channel", self.channel)
        return self.does(channel.send(Outgoing(more.pop("chat", "经信厅"), text, "1-1-1", **more)))


class App(Told):
    """The application and one person."""

    def __init__(self, api: WecomApi, folder: Path) -> None:
        super().__init__(api, folder)
        self.user = api.user("张工")
        self.heard: list[Incoming] = []
        self.channel = self.app()

    def app(self, **more: Any) -> WecomApp:
        told: dict[str, Any] = {"corp_id": CORP_ID, "secret": CORP_SECRET, "agent_id": AGENT_ID, "token": TOKEN,
                                "aes_key": AES_KEY, "api_url": self.api.url, "patience": 0.3}  # fmt: skip
        made = WecomApp(**(told | {"now": self.now} | more))
        self.channels.append(made)
        return made

    def now(self) -> datetime:
        return datetime.fromtimestamp(self.api.clock_wall(), UTC)

    def sends(self, text: str = "你好", **more: Any) -> SendResult:
        channel: WecomApp = more.pop("channel", self.channel)
        return self.does(channel.send(Outgoing(more.pop("chat", self.user.id), text, more.pop("key", "1-1-1"), **more)))

    def sends_card(self, **more: Any) -> Sent:
        result = self.sends("长文", face=FACE, buttons=BUTTONS, **more)
        assert isinstance(result, Sent)
        return result

    def edit_of(self, sent: Sent, *marks: str, **more: Any) -> Edit:
        face = Face(FACE.title, FACE.note, FACE.text, FACE.fields, marks)
        return Edit(self.user.id, sent.message_id or "", "长文", "2-1-1", face=face, **more)

    def edits(self, sent: Sent, *marks: str, **more: Any) -> SendResult:
        return self.does(self.channel.edit(self.edit_of(sent, *marks, handle=more.pop("handle", sent.handle), **more)))

    def calls(self, query: dict[str, str], body: bytes = b"", method: str = "POST", **more: Any) -> Answer:
        async def hear(incoming: Incoming) -> None:
            self.heard.append(incoming)

        channel: WecomApp = more.pop("channel", self.channel)
        return self.does(channel.called(Call(method, {}, query, body), more.pop("hear", hear)))

    def tokens_fetched(self) -> int:
        return self.api.calls.count("gettoken")


@pytest.fixture
def wecom_api_(server: WecomServer) -> WecomApi:
    api = WecomApi()
    server.adopt(api)
    return api


@pytest.fixture
def robot(wecom_api_: WecomApi, tmp_path: Path, caplog: pytest.LogCaptureFixture) -> Iterator[Robot]:
    caplog.set_level(logging.DEBUG)
    told = Robot(wecom_api_, tmp_path)
    yield told
    told.ends(everything_logged(caplog))


@pytest.fixture
def app(wecom_api_: WecomApi, tmp_path: Path, caplog: pytest.LogCaptureFixture) -> Iterator[App]:
    caplog.set_level(logging.DEBUG)
    told = App(wecom_api_, tmp_path)
    yield told
    told.ends(everything_logged(caplog))


def later(monkeypatch: pytest.MonkeyPatch, seconds: float) -> None:
    """Let so many seconds go by for the tokens, and for nothing else of this process."""
    moment = time.monotonic() + seconds
    monkeypatch.setattr("bot.channels.wecom.api.time", SimpleNamespace(monotonic=lambda: moment))


# ---------------------------------------------------------------- the group robot


def test_a_robot_says_who_should_look_and_ends_with_the_code(robot: Robot) -> None:
    zhang, li = robot.api.user("张工"), robot.api.user("李工")
    result = robot.sends("【提醒】清单\n<b>a</b> [x](y) `z` **w**", mark="〔#215〕", mentions=(zhang.id, li.id))
    assert result == Sent()
    sent = robot.api.sent[0]
    assert sent.text.splitlines()[0] == "【提醒】清单"
    assert sent.text.splitlines()[2:] == ["@张工@李工", "〔#215〕"]
    assert (sent.kind, sent.mentions) == ("markdown", [zhang.id, li.id])


def test_no_character_goes_out_escaped(robot: Robot) -> None:
    """The service knows no ``\\uXXXX`` in JSON (40033)."""
    bodies: list[bytes] = []

    async def note(request: httpx.Request) -> None:
        bodies.append(request.content)

    robot.channel._api._client.event_hooks["request"].append(note)
    robot.sends("督办🟢")
    assert "督办🟢".encode() in bodies[0]


def test_nobody_is_mentioned_by_what_is_no_account(robot: Robot) -> None:
    zhang = robot.api.user("张工")
    robot.sends("你好", mentions=("@all", "all", "ALL", "a><@all", "", "张工", "a\n", zhang.id))
    assert robot.api.sent[0].mentions == [zhang.id]
    robot.sends("你好", mentions=tuple(f"{'a' * 30}{number}" for number in range(100)))
    assert len(robot.api.sent[1].text) < 140


def test_the_longest_text_that_fits_goes_out_with_everything(robot: Robot) -> None:
    text = "督" * 1300
    assert robot.channel.abilities.fits(text)
    assert isinstance(robot.sends(text, mark="〔#123456〕", mentions=("a" * 60, "b" * 50)), Sent)
    assert text in robot.api.sent[0].text


def test_words_full_of_marks_go_out_as_plain_text_while_that_fits(robot: Robot) -> None:
    assert isinstance(robot.sends("*" * 2000), Sent)
    assert (robot.api.sent[0].kind, robot.api.sent[0].text) == ("text", "*" * 2000)
    assert robot.sends("*" * 2049) == Rejected("消息过长")
    assert isinstance(robot.sends(f"<b>{'`' * 1950}</b>"), Sent)
    assert robot.api.sent[1].text.startswith("＜b>`")


def test_a_file_goes_out_under_a_name_that_says_what_it_is(robot: Robot) -> None:
    assert isinstance(robot.sends("佐证〔A-1〕省经信厅：报告.pdf", file=robot.file(b"%PDF-1.7")), Sent)
    assert isinstance(robot.sends("请查收", file=robot.file(b"\x89PNG\r\n\x1a\n", '../a"b\n.png')), Sent)
    first, second = robot.api.sent
    assert (first.file, first.content) == ("佐证〔A-1〕省经信厅：报告.pdf", b"%PDF-1.7")
    assert (second.file, second.content) == ("_a_b_.png", b"\x89PNG\r\n\x1a\n")


@pytest.mark.parametrize(("size", "why"), [(0, "空"), (5, "太小"), (MAX_FILE + 1, "过大")])
def test_a_file_of_a_size_that_the_service_does_not_take_is_not_sent(robot: Robot, size: int, why: str) -> None:
    result = robot.sends(file=robot.file(b"a" * size))
    assert isinstance(result, Rejected)
    assert why in result.why
    assert robot.api.calls == []


def test_a_file_that_is_not_there_ends_the_message(robot: Robot) -> None:
    assert isinstance(robot.sends(file=Attachment("报告.pdf", robot.folder / "none")), Rejected)


def test_more_than_twenty_a_minute_stop_the_chat_for_a_minute(robot: Robot) -> None:
    assert all(isinstance(robot.sends(f"第{number}条"), Sent) for number in range(20))
    result = robot.sends()
    assert isinstance(result, Retry)
    assert (result.after, result.whole_chat) == (BLOCKED, True)
    assert robot.channel.abilities.pace.per_chat == ((20, 61.0),)


@pytest.mark.parametrize(("status", "code"), [("removed", 93000), ("disabled", 93004), ("absent", 93008)])
def test_a_robot_that_is_gone_is_a_dead_chat(robot: Robot, status: str, code: int) -> None:
    robot.room.status = status
    assert robot.sends() == Rejected(DEAD[code], chat_is_dead=True)
    assert robot.sends(file=robot.file(b"%PDF-1.7")) == Rejected(DEAD[code], chat_is_dead=True)


def test_a_robot_without_a_key_is_a_dead_chat_and_nothing_is_asked(robot: Robot) -> None:
    assert robot.sends(chat="财政厅") == Rejected(NO_KEY, chat_is_dead=True)
    assert robot.api.calls == []


@pytest.mark.parametrize("code", list(NEVER))
def test_what_is_never_taken_ends_the_message_and_the_chat_lives(robot: Robot, code: int) -> None:
    robot.fails("errcode", "webhook/send", code=code, text="some field, hint: [17], from ip: 10.0.0.1, more info at x")
    result = robot.sends()
    assert isinstance(result, Rejected)
    assert not result.chat_is_dead
    assert result.why == f"{NEVER[code]}（{code} some field, from ip: 10.0.0.1）"


@pytest.mark.parametrize(
    "how", [{"how": "errcode"}, {"how": "errcode", "code": 999999}, {"how": "500"}, {"how": "502"}]
)
def test_what_is_not_known_to_be_for_good_is_tried_again(robot: Robot, how: dict[str, Any]) -> None:
    robot.fails(cmd="webhook/send", **how)
    assert isinstance(robot.sends(), Retry)
    assert isinstance(robot.sends(), Sent)


@pytest.mark.parametrize("how", BROKEN)
@pytest.mark.parametrize("accept", [False, True])
def test_a_connection_that_breaks_after_the_request_leaves_it_open(robot: Robot, how: str, accept: bool) -> None:
    robot.fails(how, "webhook/send", accept=accept)
    assert isinstance(robot.sends(), Lost)
    assert len(robot.api.sent) == accept


@pytest.mark.parametrize("how", BROKEN)
def test_an_upload_that_breaks_off_has_told_nobody_anything(robot: Robot, how: str) -> None:
    robot.fails(how, "webhook/upload_media", accept=True)
    assert isinstance(robot.sends(file=robot.file(b"%PDF-1.7")), Retry)
    assert robot.api.sent == []


def test_a_service_that_is_not_there_has_taken_nothing(robot: Robot) -> None:
    assert robot.sends(channel=robot.robot("http://127.0.0.1:9")) == Retry("连接不上企业微信")


def test_an_answer_that_is_none_is_no_success(robot: Robot, monkeypatch: pytest.MonkeyPatch) -> None:
    robot.may_blame = True
    assert isinstance(robot.sends(channel=robot.robot(f"{robot.api.url}/elsewhere")), Retry)
    for answer in (b"", b"ok", b"[]", b"{}", b'{"errcode": "0"}', b'{"errcode": null}', b'{"detail": "not found"}'):
        monkeypatch.setattr(robot.api, "call_webhook_send", lambda *_asked, told=answer: Response(told))
        assert isinstance(robot.sends(), Retry)


def test_the_services_own_words_are_told_without_the_key(robot: Robot) -> None:
    robot.fails("errcode", "webhook/send", code=999999, text=f"bad\nkey={KEY} of somebody {'x' * 500}")
    result = robot.sends()
    assert isinstance(result, Retry)
    assert result.why.startswith("企业微信未接受（999999 bad key=… of somebody xxx")
    assert len(result.why) < 160


def test_a_robot_speaks_and_can_do_nothing_else(robot: Robot) -> None:
    can = (Opens, Listens, IsCalled, Answers, Redraws, Edits, Fetches, ShowsMenus, Invites, Alone, Troubled)
    assert [each.__name__ for each in can if isinstance(robot.channel, each)] == []
    abilities = robot.channel.abilities
    assert (abilities.buttons, abilities.hears, abilities.mentions) == (False, False, True)
    assert robot.channel.greeting == "企业微信群机器人（1个）"
    assert robot.api.calls == []


# ---------------------------------------------------------------- the application: opening


def test_the_application_makes_itself_known(app: App) -> None:
    app.does(app.channel.open())
    app.does(app.channel.introduce())
    assert app.tokens_fetched() == 1
    assert app.channel.greeting == f"企业微信应用 {AGENT_ID}"


@pytest.mark.parametrize("wrong", [{"secret": "wrong-secret"}, {"corp_id": "wwWrong"}])
def test_a_wrong_secret_is_told_plainly_and_not_tried_again_and_again(app: App, wrong: dict[str, str]) -> None:
    channel = app.app(**wrong)
    for _again in range(3):
        with pytest.raises(Refused, match="DUBAN_WECOM_CORP_ID / DUBAN_WECOM_APP_SECRET") as refused:
            app.does(channel.open())
        assert "wrong-secret" not in "".join(f"{one!r}" for one in chain(refused.value))
    assert isinstance(app.sends(channel=channel), Retry)
    assert app.tokens_fetched() == 1


@pytest.mark.parametrize("code", sorted(WRONG_SECRET))
def test_every_word_for_a_wrong_secret_is_known(app: App, code: int) -> None:
    app.fails("errcode", "gettoken", code=code)
    with pytest.raises(Refused):
        app.does(app.channel.open())


def test_after_a_rest_the_token_is_asked_for_again(app: App, monkeypatch: pytest.MonkeyPatch) -> None:
    app.fails("errcode", "gettoken", code=45009)
    with pytest.raises(ConnectionError):
        app.does(app.channel.open())
    later(monkeypatch, Tokens.REST + 1)
    app.does(app.channel.open())


@pytest.mark.parametrize("how", [*BROKEN, "500", "errcode"])
def test_what_may_pass_is_no_refusal(app: App, how: str) -> None:
    app.fails(how, "gettoken")
    with pytest.raises(ConnectionError):
        app.does(app.channel.open())
    with pytest.raises(ConnectionError, match="连接不上企业微信"):
        app.does(app.app(api_url="http://127.0.0.1:9").open())


def test_without_a_token_nothing_was_sent_and_nothing_is_lost(app: App) -> None:
    for how in BROKEN:
        app.fails(how, "gettoken")
        assert isinstance(app.sends(), Retry)
    assert app.api.sent == []


@pytest.mark.parametrize("key", ["short", AES_KEY + "=", "督" * 43])
def test_a_key_for_calls_that_is_none_is_told_without_it(app: App, key: str) -> None:
    with pytest.raises(Refused, match="EncodingAESKey") as refused:
        app.app(aes_key=key)
    assert key not in "".join(f"{one!r}" for one in chain(refused.value))


def test_what_it_can_do_depends_on_whether_the_service_can_call(app: App) -> None:
    deaf = app.app(token=None, aes_key=None)
    for channel, calls, changes in ((app.channel, True, Changes.ONCE), (deaf, False, Changes.NEVER)):
        abilities = channel.abilities
        assert channel.calls is calls
        assert (abilities.buttons, abilities.hears, abilities.changes) == (calls, calls, changes)
        assert abilities.people == "wecom"


# ---------------------------------------------------------------- the application: sending


def test_a_message_goes_to_one_person(app: App) -> None:
    result = app.sends("【提醒】清单\n<b>a</b> [x](y) `z`", mark="〔#9〕")
    assert isinstance(result, Sent)
    assert result.handle is None
    sent = app.api.sent[0]
    assert (sent.chat, sent.kind) == (app.user.id, "markdown")
    assert sent.text.splitlines()[0] == "【提醒】清单"
    assert sent.text.splitlines()[-1] == "〔#9〕"


def test_the_longest_text_fits_also_with_marks_in_it(app: App) -> None:
    for text in ("督" * 666, "*_" * 500, "`" * 666):
        assert app.channel.abilities.fits(text)
        assert isinstance(app.sends(text), Sent)
    assert [sent.kind for sent in app.api.sent] == ["markdown"] * 3
    assert not app.channel.abilities.fits("`" * 667)  # each becomes a full-width sign of three bytes


@pytest.mark.parametrize("chat", ["", "@all", "a|b", "user1|@all", "张工", "a" * 65, "user1\n"])
def test_nobody_writes_to_everybody_by_a_strange_account(app: App, chat: str) -> None:
    assert isinstance(app.sends(chat=chat), Rejected)
    assert app.api.calls == []


def test_a_card_with_buttons_is_sent_and_can_be_changed_once(app: App) -> None:
    sent = app.sends_card()
    card = app.api.sent[0]
    assert card.buttons == [("收到", "a:1:0"), ("报办结", "d:1:0")]
    assert sent.message_id == card.id
    assert app.edits(sent, "张工 收到 10:02", buttons=BUTTONS[1:]) == Sent(sent.message_id)
    assert (card.edits, card.buttons) == (1, [("报办结", "d:1:0")])
    assert "✓ 张工 收到 10:02" in card.text
    assert app.edits(sent, "张工 办结 10:03") == Rejected(CLOSED)
    assert app.edits(sent, handle=None) == Rejected(CLOSED)
    assert card.edits == 1


def test_a_card_may_lose_all_its_buttons(app: App) -> None:
    sent = app.sends_card()
    assert isinstance(app.edits(sent, "张工 办结 10:02"), Sent)
    assert (app.api.sent[0].buttons, app.api.sent[0].card["card_type"]) == ([], "text_notice")


def test_a_code_is_over_after_three_days(app: App) -> None:
    now = [0.0]
    app.api.clock = lambda: now[0]
    sent = app.sends_card()
    now[0] = 73 * 3600.0
    assert app.edits(sent, "张工 收到") == Rejected(CLOSED)


@pytest.mark.parametrize("code", sorted(CLOSED_CODES))
def test_every_word_for_a_card_that_is_closed_is_known(app: App, code: int) -> None:
    sent = app.sends_card()
    app.fails("errcode", "message/update_template_card", code=code)
    assert app.edits(sent, "张工 收到") == Rejected(CLOSED)


@pytest.mark.parametrize("how", [*BROKEN, "500", "errcode"])
def test_a_change_that_may_not_have_arrived_is_made_again(app: App, how: str) -> None:
    sent = app.sends_card()
    app.fails(how, "message/update_template_card")
    assert isinstance(app.edits(sent, "张工 收到"), Lost if how in BROKEN else Retry)
    assert isinstance(app.edits(sent, "张工 收到"), Sent)


def test_several_things_are_chosen_from(app: App) -> None:
    picker = Picker((Button("A-1", "1:0"), Button("A-2", "2:0")), (Button("收到", "a"), Button("报办结", "d")))
    assert isinstance(app.sends("长文", face=FACE, picker=picker), Sent)
    query, body = app.api.app_presses(app.api.sent[0], "A-2/报办结", app.user)
    assert app.calls(query, body) == Answer()
    assert app.heard[0].press == "d:2:0"


def test_without_an_address_of_ours_a_card_only_tells(app: App) -> None:
    app.api.has_callback = False
    result = app.sends(
        "长文", face=FACE, buttons=BUTTONS, channel=app.app(token=None, aes_key=None, home="https://oa.example/")
    )
    assert isinstance(result, Sent)
    assert result.handle is None
    card = app.api.sent[0].card
    assert (card["card_type"], card["card_action"]) == ("text_notice", {"type": 1, "url": "https://oa.example/"})


def test_cards_have_new_numbers_also_after_a_new_database(app: App) -> None:
    first, second = app.sends_card(), app.sends_card(channel=app.app())
    assert first.message_id != second.message_id


def test_a_face_without_buttons_is_told_in_full(app: App) -> None:
    app.sends("长" * 200, face=FACE)
    assert app.api.sent[0].text == "长" * 200


def test_a_file_goes_to_a_person(app: App) -> None:
    assert isinstance(app.sends("佐证：报告.pdf", file=app.file(b"%PDF-1.7")), Sent)
    assert (app.api.sent[0].file, app.api.sent[0].content) == ("佐证：报告.pdf", b"%PDF-1.7")
    app.fails("reset", "media/upload")
    assert isinstance(app.sends(file=app.file(b"%PDF-1.7")), Retry)
    app.fails("errcode", "media/upload", code=40006)
    assert isinstance(app.sends(file=app.file(b"%PDF-1.7")), Rejected)


def test_the_same_words_twice_are_two_messages(app: App) -> None:
    app.sends("已签收")
    app.sends("已签收", key="2-1-1")
    assert len(app.api.sent) == 2
    assert app.api.duplicates == 0


# ---------------------------------------------------------------- the application: refusals


def test_a_token_that_dies_early_is_fetched_once_and_the_same_is_asked_again(app: App) -> None:
    app.sends()
    app.api.expire_token()
    assert isinstance(app.sends(), Sent)
    assert app.tokens_fetched() == 2
    assert len(app.api.sent) == 2


def test_many_messages_at_once_fetch_one_token(app: App) -> None:
    async def burst() -> list[SendResult]:
        return await asyncio.gather(
            *(app.channel.send(Outgoing(app.user.id, f"第{number}条", f"{number}-1-1")) for number in range(8))
        )

    assert all(isinstance(result, Sent) for result in app.does(burst()))
    assert app.tokens_fetched() == 1
    app.api.expire_token()
    assert all(isinstance(result, Sent) for result in app.does(burst()))
    assert app.tokens_fetched() == 2


@pytest.mark.parametrize("code", sorted(STALE))
def test_a_token_that_is_never_taken_is_tried_twice_only(app: App, code: int) -> None:
    app.fails("errcode", "message/send", code=code, times=9)
    assert isinstance(app.sends(), Retry)
    assert app.api.troubles[0].times == 7


def test_a_token_is_renewed_before_its_time_is_over(app: App, monkeypatch: pytest.MonkeyPatch) -> None:
    app.sends()
    later(monkeypatch, wecom_api.TOKEN_SECONDS - 60)
    app.sends()
    assert app.tokens_fetched() == 2


def test_an_address_that_is_not_trusted_is_told_with_what_to_do(app: App) -> None:
    app.api.untrusted_ip = True
    result = app.sends()
    assert isinstance(result, Retry)
    assert result.why == "请把本机出口IP（127.0.0.1）加入企业微信应用的“企业可信IP”（60020）"
    app.fails("errcode", "gettoken", code=60020, text="not allow")
    with pytest.raises(Refused, match="企业可信IP"):
        app.does(app.app().open())


def test_who_is_out_of_sight_is_not_reached(app: App) -> None:
    app.api.visible.clear()
    assert app.sends() == Rejected(NOT_REACHED, chat_is_dead=True)
    assert app.sends(chat="nobody") == Rejected(NOT_REACHED, chat_is_dead=True)


@pytest.mark.parametrize("which", ["invaliduser", "unlicenseduser"])
def test_a_yes_that_reached_nobody_is_no_success(app: App, which: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(app.api, "call_message_send", lambda *_asked: {which: app.user.id, "msgid": "1"})
    assert app.sends() == Rejected(NOT_REACHED, chat_is_dead=True)


def test_too_many_calls_stop_the_chat_for_a_minute(app: App) -> None:
    app.fails("errcode", "message/send", code=45009)
    result = app.sends()
    assert isinstance(result, Retry)
    assert (result.after, result.whole_chat) == (BLOCKED, True)


@pytest.mark.parametrize("code", [40003, 46004, 60111, 81013])
def test_a_person_who_is_not_there_is_a_dead_chat(app: App, code: int) -> None:
    app.fails("errcode", "message/send", code=code)
    assert app.sends() == Rejected(DEAD[code], chat_is_dead=True)


@pytest.mark.parametrize("how", BROKEN)
@pytest.mark.parametrize("accept", [False, True])
def test_a_message_whose_answer_does_not_come_is_lost(app: App, how: str, accept: bool) -> None:
    app.fails(how, "message/send", accept=accept)
    assert isinstance(app.sends(), Lost)
    assert len(app.api.sent) == accept


def test_the_services_words_are_told_without_the_token(app: App) -> None:
    app.sends()
    token = next(iter(app.api._tokens))
    app.fails("errcode", "message/send", code=999999, text=f"bad access_token={token}")
    app.fails("errcode", "gettoken", code=999999, text=f"bad corpsecret={CORP_SECRET}")
    assert app.sends() == Retry("企业微信未接受（999999 bad access_token=…）")
    with pytest.raises(ConnectionError, match="bad corpsecret=…"):
        app.does(app.app().open())


# ---------------------------------------------------------------- the application: hearing


def test_our_address_is_verified_with_the_very_echo(app: App) -> None:
    assert app.calls(app.api.verify_query("4711081500"), method="GET") == Answer(200, "4711081500")
    wrong = app.api.verify_query() | {"nonce": "other"}
    assert app.calls(wrong, method="GET") == Answer(403)
    assert app.calls({}, method="GET") == Answer(403)


def test_nobody_gets_a_message_decrypted_as_an_echo(app: App) -> None:
    encrypted = wecom_api.seal("<xml><Content>机密</Content></xml>")
    assert app.calls(app.api.signed(encrypted) | {"echostr": encrypted}, method="GET") == Answer(403)


def test_what_a_person_writes_is_heard_once(app: App) -> None:
    query, body = app.api.app_says(app.user, "收到 <b>&amp; ]]> 🟢")
    assert app.calls(query, body) == Answer(200, "")
    assert app.calls(query, body) == Answer(403)
    heard = app.heard[0]
    assert len(app.heard) == 1
    assert (heard.channel, heard.chat, heard.person, heard.accounts) == ("wecom_app", app.user.id, app.user.id, "wecom")
    assert (heard.text, heard.private, heard.addressed) == ("收到 <b>&amp; ]]> 🟢", True, True)
    assert heard.external_id.startswith(f"{AGENT_ID}:")
    assert heard.message_id == f"m:{heard.external_id.partition(':')[2]}"
    assert (heard.person_name, heard.chat_title) == ("", "企业微信私信")


def test_a_call_that_comes_again_with_a_new_signature_has_the_same_number(app: App) -> None:
    _query, body = app.api.app_says(app.user, "收到")
    encrypted = body.decode().partition("<Encrypt><![CDATA[")[2].partition("]]>")[0]
    for _again in range(2):
        assert app.calls(app.api.signed(encrypted), body) == Answer()
    assert app.heard[0].external_id == app.heard[1].external_id


@pytest.mark.parametrize(
    "change", [{"msg_signature": "0" * 40}, {"timestamp": "1"}, {"nonce": "x"}, {"msg_signature": ""}]
)
def test_a_call_that_is_not_the_services_is_turned_away(app: App, change: dict[str, str]) -> None:
    query, body = app.api.app_says(app.user, "收到")
    assert app.calls(query | change, body) == Answer(403)
    assert app.heard == []


@pytest.mark.parametrize("body", [b"", b"{}", b"<xml/>", b"<xml><Encrypt>YWJj</Encrypt></xml>", b"<xml><Encrypt><A/></Encrypt></xml>",
                                  b'<!DOCTYPE x [<!ENTITY a "b">]><xml><Encrypt>&a;</Encrypt></xml>', b"\xff" * 9])  # fmt: skip
def test_what_is_no_call_is_turned_away(app: App, body: bytes) -> None:
    for method in ("POST", "GET", "PUT"):
        assert app.calls({}, body, method) == Answer(403)
        assert app.calls(app.api.signed("YWJj"), body, method) == Answer(403)
    assert app.heard == []


def test_an_old_call_is_turned_away(app: App) -> None:
    wall = [time.time()]
    app.api.clock_wall = lambda: wall[0]
    query, body = app.api.app_says(app.user, "收到")
    wall[0] += 301
    assert app.calls(query, body) == Answer(403)


def test_without_a_token_and_a_key_nobody_is_let_in(app: App) -> None:
    deaf = app.app(token=None, aes_key=None)
    assert app.calls(app.api.verify_query(), method="GET", channel=deaf) == Answer(403)
    assert app.calls(*app.api.app_says(app.user, "收到"), channel=deaf) == Answer(403)


def test_a_call_that_could_not_be_handled_may_come_again(app: App) -> None:
    async def breaks(_incoming: Incoming) -> None:
        raise RuntimeError("the store is full")

    query, body = app.api.app_says(app.user, "收到")
    with pytest.raises(RuntimeError):
        app.calls(query, body, hear=breaks)
    assert app.calls(query, body) == Answer()
    assert len(app.heard) == 1


def test_a_press_is_heard_and_shown_on_the_card(app: App) -> None:
    sent = app.sends_card()
    card = app.api.sent[0]
    query, body = app.api.app_presses(card, "收到", app.user)
    assert app.calls(query, body) == Answer()
    press = app.heard[0]
    assert (press.press, press.message_id) == ("a:1:0", sent.message_id)
    assert press.press_id is not None
    assert press.external_id.startswith(f"{AGENT_ID}:{app.user.id}:")
    change = app.edit_of(sent, "张工 收到 10:02", buttons=BUTTONS[1:])
    assert app.does(app.channel.redraw(press.press_id, change)) == Sent(sent.message_id)
    assert "✓ 张工 收到 10:02" in card.text
    assert app.does(app.channel.redraw(press.press_id, change)) == Rejected(CLOSED)
    assert isinstance(app.edits(sent, "张工 收到 10:02"), Sent)


@pytest.mark.parametrize(
    "event",
    [
        {"MsgType": "event", "Event": "enter_agent", "EventKey": ""},
        {"MsgType": "event", "Event": "subscribe"},
        {"MsgType": "event", "Event": "template_card_menu_event", "EventKey": "k", "TaskId": "t"},
        {"MsgType": "event", "Event": "template_card_event", "EventKey": "k"},
        {"MsgType": "text", "Content": "收到", "MsgId": 1, "AgentID": 77},
        {"MsgType": "text", "Content": "", "MsgId": 1},
        {"MsgType": "text", "Content": "收到"},
        {"MsgType": "location", "Label": "武汉", "MsgId": 1},
        {"MsgType": "file", "MsgId": 1},
    ],
)
def test_what_does_not_concern_us_is_taken_and_left(app: App, event: dict[str, Any]) -> None:
    assert app.calls(*app.api._sealed(app.user, {"AgentID": AGENT_ID} | event)) == Answer()
    assert app.heard == []


# ---------------------------------------------------------------- the application: files from people


def attached(app: App, **what: Any) -> Attached:
    assert app.calls(*app.api.app_says(app.user, **what)) == Answer()
    (one,) = app.heard[-1].attached
    return one


def test_a_file_that_somebody_sends_is_fetched_under_its_name(app: App) -> None:
    file = app.does(app.channel.fetch(attached(app, file=("整改报告 终稿.pdf", b"%PDF-1.7")), 1000))
    assert (file.name, file.content) == ("整改报告 终稿.pdf", b"%PDF-1.7")
    photo = attached(app, photo=b"\xff\xd8\xff")
    assert photo.name.startswith("图片")
    assert app.does(app.channel.fetch(photo, 1000)).content == b"\xff\xd8\xff"


def test_a_file_is_fetched_also_where_the_token_just_died(app: App) -> None:
    file = attached(app, file=("报告.pdf", b"%PDF-1.7"))
    app.sends()
    app.api.expire_token()
    assert app.does(app.channel.fetch(file, 1000)).content == b"%PDF-1.7"


def test_a_file_that_is_too_large_is_not_taken_to_its_end(app: App) -> None:
    file = attached(app, file=("报告.pdf", b"a" * 1001))
    with pytest.raises(Unfetched, match="文件过大"):
        app.does(app.channel.fetch(file, 1000))
    assert len(app.does(app.channel.fetch(file, 1001)).content) == 1001


@pytest.mark.parametrize("how", [*BROKEN, "500", "errcode", "gone"])
def test_a_file_that_is_not_given_is_told_so(app: App, how: str) -> None:
    file = attached(app, file=("报告.pdf", b"%PDF-1.7"))
    if how != "gone":
        app.fails(how, "media/get")
    else:
        app.api.clock = lambda: time.monotonic() + wecom_api.MEDIA_SECONDS + 1
    with pytest.raises(Unfetched, match="重新发送"):
        app.does(app.channel.fetch(file, 1000))


@pytest.mark.parametrize(
    ("told", "name"),
    [
        ('attachment; filename="../../etc/passwd"', "_.._etc_passwd"),
        ("attachment; filename*=UTF-8''%E6%8A%A5%E5%91%8A.pdf", "报告.pdf"),
        ("attachment", "原名.pdf"),
    ],
)
def test_a_name_that_the_service_tells_is_made_safe(
    app: App, told: str, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    headers = {"content-disposition": told, "content-type": "application/json"}
    monkeypatch.setattr(app.api, "call_media_get", lambda *_asked: Response(b'{"a": 1}', headers=headers))
    file = app.does(app.channel.fetch(Attached("原名.pdf", "media1"), 1000))
    assert (file.name, file.content) == (name, b'{"a": 1}')
