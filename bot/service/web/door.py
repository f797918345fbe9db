"""The door: asks for the password where there is one, and remembers who knew it until the session ends."""

import hmac

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from bot.service.web.forms import is_ours
from bot.service.web.gate import COOKIE, SESSION_SECONDS, Brake, Sessions
from bot.service.web.pages import page


class Door:
    """Asks for the password, and remembers who knew it until the session ends."""

    def __init__(self, password: str | None, sessions: Sessions, brake: Brake) -> None:
        """``brake`` slows down who guesses."""
        self._password, self._sessions, self._brake = password, sessions, brake

    async def sign_in(self, request: Request) -> Response:
        """Show the form, or look at what it brought."""
        token: str = request.state.token
        if request.method != "POST":
            return _form(token)
        form = await request.form(max_files=0, max_fields=4)
        if not is_ours(request, form):
            return _form(token, said="页面已过期，请再试一次。", status=403)
        address = request.client.host if request.client else ""
        wait = self._brake.wait(address)
        if wait > 0:
            answer = _form(token, said=f"试得太多了，请{wait:.0f}秒后再试。", status=429)
            answer.headers["retry-after"] = str(int(wait) + 1)
            return answer
        told = str(form.get("password") or "")
        if self._password is None or not hmac.compare_digest(told.encode(), self._password.encode()):
            self._brake.wrong(address)
            return _form(token, said="密码不对。", status=401)
        self._brake.right(address)
        response = RedirectResponse("/", 303)
        response.set_cookie(
            COOKIE,
            self._sessions.begin(),
            max_age=int(SESSION_SECONDS),
            httponly=True,
            samesite="strict",
            secure=request.url.scheme == "https",
        )
        return response


def _form(token: str, *, said: str = "", status: int = 200) -> Response:
    return page("sign_in", status, token=token, said=said)
