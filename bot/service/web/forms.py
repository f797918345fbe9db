"""Forms of our pages: each brings the token of the page that it stands on."""

import hmac

from starlette.datastructures import FormData
from starlette.exceptions import HTTPException
from starlette.requests import Request

NOT_OURS = "页面已过期；请返回、刷新后再试一次"


def is_ours(request: Request, form: FormData) -> bool:
    """Tell whether a form stood on a page that we gave to this browser."""
    return hmac.compare_digest(str(form.get("token") or "").encode(), request.state.token.encode())


async def posted(request: Request) -> FormData:
    """Return what a form brought; raise a 403 for one that is not of our page."""
    form = await request.form(max_files=0, max_fields=20)
    if not is_ours(request, form):
        raise HTTPException(403, NOT_OURS)
    return form
