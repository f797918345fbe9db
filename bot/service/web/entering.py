"""Coming in to the board by a one-time link, and going out again, of the room too."""

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from bot.service.web.forms import posted
from bot.service.web.gate import COOKIE, Sessions
from bot.service.web.pages import page
from bot.wiring import House
from db.register import passes
from db.words import Purpose

NOT_ANY_MORE = "这个链接已经用过、过期或不对。请再向机器人要一个：与它私聊，说“看板”。"


class Entering:
    """The page to which a link leads. Looking at it uses nothing up: chat services look at links before people do."""

    def __init__(self, house: House, sessions: Sessions) -> None:
        """Sign-ins by a link are kept in the store of ``house``, those by the password in ``sessions``."""
        self._house, self._sessions = house, sessions

    async def enter(self, request: Request) -> Response:
        """Ask whether to come in, or let in whoever asks to."""
        if request.method != "POST":
            return page("enter", token=request.state.token, said="")
        await posted(request)
        key = await run_in_threadpool(self._used, request.path_params["secret"])
        if key is None:
            return page("enter", 403, token=request.state.token, said=NOT_ANY_MORE)
        answer = RedirectResponse("/board", 303)
        is_safe = request.url.scheme == "https" or self._house.settings.web_url.startswith("https:")
        lives = passes.LIVES[Purpose.SESSION]
        answer.set_cookie(
            COOKIE, key, max_age=int(lives.total_seconds()), httponly=True, samesite="strict", secure=is_safe
        )
        return answer

    async def leave(self, request: Request) -> Response:
        """End the sign-in of this browser."""
        await posted(request)
        self._sessions.end(request.state.key)
        await run_in_threadpool(self._ended, request.state.key)
        answer = RedirectResponse("/board", 303)
        answer.delete_cookie(COOKIE, httponly=True, samesite="strict")
        return answer

    def _used(self, secret: str) -> str | None:
        return self._house.store.settle(lambda session: passes.use(session, secret, self._house.now()))

    def _ended(self, key: str) -> None:
        self._house.store.settle(lambda session: passes.end(session, key, self._house.now()))
