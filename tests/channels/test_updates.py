"""What Telegram tells us, update by update: one that cannot be read costs itself alone."""

import asyncio
import copy
import json
import logging
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlmodel import col, select

from bot.channels.incoming import Call, Event, Incoming, Refused
from bot.channels.telegram.channel import CONFLICTS, DISTURBED, TelegramChannel
from db.models import Inbound
from tests.harness.bot_api import BOT_ID, TOKEN, BotApi, Trouble
from tests.harness.story import ECONOMY, task
from tests.harness.world import InProcess

SECRET_WORDS = "机密：我的手机号13800000000"

MESSAGE: dict[str, Any] = {
    "update_id": 7,
    "message": {
        "message_id": 5, "date": 1654048800, "text": "收到",
        "chat": {"id": -100, "type": "group", "title": "工作群"},
        "from": {"id": 9, "is_bot": False, "first_name": "张工"},
    },
}  # fmt: skip

PRESS: dict[str, Any] = {
    "update_id": 8,
    "callback_query": {
        "id": "77", "data": "a:1:0", "chat_instance": "1", "from": {"id": 9, "is_bot": False, "first_name": "张工"},
        "message": {"message_id": 5, "date": 1654048800, "chat": {"id": -100, "type": "group", "title": "工作群"}},
    },
}  # fmt: skip

MEMBERSHIP: dict[str, Any] = {
    "update_id": 9,
    "my_chat_member": {
        "chat": {"id": -100, "type": "group", "title": "工作群"}, "date": 1654048800,
        "from": {"id": 9, "is_bot": False, "first_name": "张工"},
        "old_chat_member": {"status": "left", "user": {"id": BOT_ID, "is_bot": True, "first_name": "督办"}},
        "new_chat_member": {"status": "member", "user": {"id": BOT_ID, "is_bot": True, "first_name": "督办"}},
    },
}  # fmt: skip


def outcomes(world: InProcess) -> list[str | None]:
    with world.store.read() as session:
        return [one.outcome for one in session.exec(select(Inbound).order_by(col(Inbound.id)))]


def test_a_bad_update_silences_nobody(telegram: InProcess, caplog: pytest.LogCaptureFixture) -> None:
    telegram.begins("2022-06-01 10:00")
    group = telegram.group("经信厅工作群", bound_to=(ECONOMY,))
    telegram.imports(task(1, "2022-06-30"))
    telegram.happens()
    slip = group.hears("交办通知")
    bad = copy.deepcopy(MESSAGE)
    bad["message"] |= {"text": SECRET_WORDS}
    del bad["message"]["message_id"]
    with caplog.at_level(logging.DEBUG):
        telegram.api.push(**{name: value for name, value in bad.items() if name != "update_id"})
        group.says("收到", reply=slip)
        telegram.happens()
    group.hears("已签收〔A-1〕")
    assert telegram.api.unconfirmed == 0
    assert outcomes(telegram)[-2:] == ["unread: message", "acknowledged"]
    assert SECRET_WORDS not in caplog.text
    assert "13800000000" not in caplog.text
    with telegram.store.read() as session:
        assert SECRET_WORDS not in json.dumps([one.words for one in session.exec(select(Inbound))], ensure_ascii=False)


def test_a_kind_of_update_that_nobody_knows_concerns_nobody(telegram: InProcess) -> None:
    telegram.api.push(a_kind_from_next_year={"id": "9"})
    telegram.hears_updates()
    assert telegram.api.unconfirmed == 0


def test_the_webhook_takes_one_bad_update_as_handled(telegram: InProcess) -> None:
    heard: list[Incoming] = []

    async def hear(incoming: Incoming) -> None:
        heard.append(incoming)

    def brings(body: bytes) -> int:
        call = Call("POST", {"x-telegram-bot-api-secret-token": telegram.channel.secret}, {}, body)
        return int(telegram.loop.run_until_complete(telegram.channel.called(call, hear)).status)

    bad = copy.deepcopy(MESSAGE)
    bad["message"]["chat"] = "工作群"
    assert brings(json.dumps(bad).encode()) == 200
    assert [(one.event, one.value, one.text) for one in heard] == [(Event.UNREAD, "message", "")]
    assert brings(json.dumps(MESSAGE).encode()) == 200
    assert heard[-1].text == "收到"
    assert brings(b"[" * 100_000) == 400
    assert brings(b"[]") == 200
    assert brings(b'{"update_id": true}') == 200
    assert len(heard) == 2


def places(told: Any, way: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """Return the ways to everything inside an update."""
    if isinstance(told, dict):
        return [way, *(one for name, inner in told.items() for one in places(inner, (*way, name)))] if way else [
            one for name, inner in told.items() if name != "update_id" for one in places(inner, (name,))
        ]  # fmt: skip
    return [way]


def with_other(told: dict[str, Any], way: tuple[Any, ...], value: Any) -> dict[str, Any]:
    changed = copy.deepcopy(told)
    inner = changed
    for name in way[:-1]:
        inner = inner[name]
    if value is _GONE:
        del inner[way[-1]]
    else:
        inner[way[-1]] = value
    return changed


_GONE = object()
_ODD = [_GONE, None, True, 0, -1, 10**30, 1.5, float("inf"), "", "字", "\ud800", [], [1], {}, {"a": {}}, [[]]]


@pytest.mark.parametrize("update", [MESSAGE, PRESS, MEMBERSHIP], ids=["message", "press", "membership"])
def test_no_shape_of_an_update_raises_and_whatever_is_read_is_sound(update: dict[str, Any]) -> None:
    channel = _known()
    for way in places(update):
        for odd in _ODD:
            _is_read_or_set_aside(channel, with_other(update, way, odd))


@settings(max_examples=200)
@given(st.recursive(st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
                    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(
                        st.sampled_from(["id", "chat", "from", "text", "date", "message_id", "photo", "document"]), inner,
                        max_size=4), max_leaves=12))  # fmt: skip
def test_any_json_at_all_is_read_or_set_aside(value: Any) -> None:
    for kind in ("message", "callback_query", "my_chat_member", "poll"):
        _is_read_or_set_aside(_known(), {"update_id": 1, kind: value})


def _is_read_or_set_aside(channel: TelegramChannel, told: dict[str, Any]) -> None:
    incoming = channel.updates.read(told)
    if incoming is not None and incoming.event is not Event.UNREAD:
        texts = (incoming.chat, incoming.person, incoming.person_name, incoming.text, incoming.value)
        assert all(isinstance(one, str) for one in texts)
        assert incoming.press is None or isinstance(incoming.press, str)


def _known() -> TelegramChannel:
    """A channel that knows who it is, without having asked."""
    from telegram import User

    channel = TelegramChannel(TOKEN, "http://127.0.0.1:9")
    channel._bot._bot_user = User(BOT_ID, "督办", True, username="duban_test_bot")
    return channel


# ---------------------------------------------------------------- two programs, one bot


async def _listens(api: BotApi, settled: float, until: Callable[[TelegramChannel], bool]) -> TelegramChannel:
    channel = TelegramChannel(TOKEN, api.url, settled=settled)
    try:
        await channel.open()

        async def hear(_incoming: Incoming) -> None:
            """Nobody speaks."""

        await channel.listen(hear, lambda: until(channel))
    finally:
        await channel.close()
    return channel


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Rest no longer than a moment between two questions."""
    monkeypatch.setattr("bot.channels.telegram.channel.REST", (0.01,))


@pytest.mark.usefixtures("quick")
def test_who_came_later_gives_way_to_who_takes_the_updates(api: BotApi) -> None:
    api.troubles.append(Trouble("409", "getUpdates", times=99))
    with pytest.raises(Refused, match="另有程序"):
        asyncio.run(_listens(api, settled=3600, until=lambda _channel: False))
    assert api.troubles[0].times == 99 - CONFLICTS


@pytest.mark.usefixtures("quick")
def test_who_has_long_taken_the_updates_goes_on_and_complains(api: BotApi) -> None:
    api.troubles.append(Trouble("409", "getUpdates", times=3 * CONFLICTS))
    complaints: list[str | None] = []

    def until(channel: TelegramChannel) -> bool:
        complaints.append(channel.trouble)
        return api.troubles[0].times == 0

    asyncio.run(_listens(api, settled=0.0, until=until))
    assert complaints[-1] == DISTURBED


@pytest.mark.usefixtures("quick")
def test_a_service_that_is_not_reached_three_times_in_a_row_is_away_until_it_answers(
    api: BotApi, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.channels.telegram.channel.LONG_POLL", 0)
    api.troubles.append(Trouble("500", "getUpdates", times=4))
    stands: list[bool] = []

    def until(channel: TelegramChannel) -> bool:
        stands.append(channel.ready)
        return len(stands) > 2 and stands[-2:] == [False, True]

    asyncio.run(_listens(api, settled=0.0, until=until))
    assert stands == [True, True, True, False, False, True]
