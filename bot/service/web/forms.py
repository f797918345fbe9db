"""Forms of our pages: each brings the token of the page that it stands on."""

import hmac

from starlette.datastructures import FormData
from starlette.exceptions import HTTPException
from starlette.requests import Request

WITH_PICTURES = "/board/problem"
"""Where the form is sent that may bring pictures …"""

PICTURE, MOST_PICTURES = "picture", 9
"""… in this field, and at most so many: no album has more."""

_UNREADABLE = {
    "Too many files": f"一次最多{MOST_PICTURES}张照片；请返回、少选几张再交",
    "Part exceeded": "填写的内容太长；请返回、写短些再交",
}
"""What is said of a form that is too much, by how the library's own words for it begin."""

NOT_OURS = "页面已过期；请返回、刷新后再试一次"


def is_ours(request: Request, form: FormData) -> bool:
    """Tell whether a form stood on a page that we gave to this browser."""
    return hmac.compare_digest(str(form.get("token") or "").encode(), request.state.token.encode())


async def posted(request: Request, *, files: int = 0) -> FormData:
    """Return what a form brought, with at most so many ``files``; raise a 403 for one that is not of our page."""
    try:
        form = await request.form(max_files=files, max_fields=20)
    except HTTPException as error:
        why = next((said for begun, said in _UNREADABLE.items() if error.detail.startswith(begun)), NOT_OURS)
        raise HTTPException(400, why) from error
    if any(not isinstance(value, str) and name != PICTURE for name, value in form.multi_items()):
        await form.close()
        raise HTTPException(400, NOT_OURS)
    if not is_ours(request, form):
        await form.close()
        raise HTTPException(403, NOT_OURS)
    return form
