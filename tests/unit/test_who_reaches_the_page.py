"""Who reaches the page from elsewhere signs in, and nobody speaks in a room that is open to the network."""

from types import SimpleNamespace
from typing import Any

import pytest

from bot.service.web.server import planned
from bot.settings import Settings
from bot.terminal import Failure

TOKEN = "123456:ABC-DEF1234ghIkl-zyx57W2v1u123ew11"

ELSEWHERE: tuple[dict[str, str], ...] = (
    {"web_host": "0.0.0.0"},
    {"web_url": "https://duban.example.cn"},
    {"web_names": "duban.example.cn"},
)
"""How a page is reached by others than this machine."""


def house(services: tuple[Any, ...], **how: Any) -> Any:
    settings = Settings(web_port=0, **how)
    return SimpleNamespace(settings=settings, services=services)


@pytest.mark.parametrize("how", ELSEWHERE)
@pytest.mark.parametrize("token", [None, TOKEN])
def test_a_room_that_others_reach_asks_for_a_password_whatever_else_is_set(
    how: dict[str, str], token: str | None
) -> None:
    """On a virtual clock no service speaks, and the page has the room, also where a bot's token is set."""
    with pytest.raises(Failure, match="DUBAN_WEB_PASSWORD"):
        planned(house((), telegram_token=token, **how))
    assert planned(house((), telegram_token=token, web_password="八个字符的口令词", **how)).with_room


@pytest.mark.parametrize("how", ELSEWHERE)
def test_the_board_that_others_reach_asks_who_they_are(how: dict[str, str]) -> None:
    polling = SimpleNamespace(hook=None)
    assert not planned(house((polling,), **how)).is_open
    assert planned(house((polling,))).is_open
