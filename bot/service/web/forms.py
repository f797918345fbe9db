"""Forms of our pages: each brings the token of the page that it stands on."""

import hmac

from starlette.datastructures import FormData
from starlette.exceptions import HTTPException
from starlette.requests import Request

WITH_PICTURES = "/board/problem"
"""Where the form is sent that may bring pictures …"""

MOST_PICTURES = 3
"""… at most so many."""

NOT_OURS = "页面已过期；请返回、刷新后再试一次"


def is_ours(request: Request, form: FormData) -> bool:
    """Tell whether a form stood on a page that we gave to this browser."""
    return hmac.compare_digest(str(form.get("token") or "").encode(), request.state.token.encode())


async def posted(request: Request, *, files: int = 0) -> FormData:
    """Return what a form brought, with at most so many ``files``; raise a 403 for one that is not of our page."""
    form = await request.form(max_files=files, max_fields=20)
    if not is_ours(request, form):
        await form.close()
        raise HTTPException(403, NOT_OURS)
    return form
