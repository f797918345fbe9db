"""Pages: templates/zh/page filled in. What is shown is escaped, and what people read in a message is set for reading."""

import re
from collections.abc import Mapping
from datetime import date, datetime
from functools import cache
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup, escape
from starlette.responses import HTMLResponse, JSONResponse, Response

import templates
from db import days
from db.bodies import RelayBody, RequestBody
from db.ledger import stands, undated
from db.models import Notice
from db.words import Action, Lamp
from jobs.notices.views import LAMPS
from jobs.reading.leaders import written

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self' data:; "
    "frame-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
"""What a page may load and do: what is ours, and nothing that stands in the page itself."""

_LAMPS = {mark: lamp for lamp, mark in LAMPS.items()}
_MARK = re.compile("|".join(_LAMPS))
_CODE = re.compile(r"〔([#A-Z0-9.\-]+)〕")
_TITLE = re.compile(r"^【([^】]+)】")


def page(name: str, status: int = 200, **values: Any) -> Response:
    """Return a page of ``templates/zh/page``."""
    return HTMLResponse(fragment(name, **values), status, {"content-security-policy": POLICY})


IN_ENGLISH = {
    404: "没有这一页",
    405: "这个网址不能这样打开",
}
"""What is said of a trouble that the framework knows only by its number."""


def trouble(path: str, status: int, why: str, headers: Mapping[str, str] | None = None) -> Response:
    """Return what is said of a trouble, as whoever asked for ``path`` reads it: our script, or a person, with a way back."""
    why = IN_ENGLISH.get(status, why) if why.isascii() else why
    if path.startswith("/api/"):
        return JSONResponse({"error": why}, status, headers)
    answer = page("trouble", status, why=why.rstrip("。"))
    answer.headers.update(headers or {})
    return answer


def fragment(name: str, **values: Any) -> str:
    """Return what a template of a page makes of values."""
    return _templates().get_template(f"{name}.html").render(**values)


@cache
def _templates() -> Environment:
    folder = Path(next(iter(templates.__path__))) / "zh" / "page"
    made = Environment(
        loader=FileSystemLoader(folder),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.globals |= {"called": called, "shape": shape, "undated": undated, "standing": stands}
    made.filters |= {
        "leaders": written,
        "moment": moment,
        "rich": rich,
        "weekday": days.with_weekday,
        "written": days.written,
        "soon": days.soon,
        "brief": brief,
        "plainly": plainly,
    }
    return made


def rich(text: str) -> Markup:
    """Set a message for reading: its title, a line a paragraph, lamps drawn, codes set apart. Everything else is escaped."""
    return Markup("").join(_line(line, first=place == 0) for place, line in enumerate(text.split("\n")))


def _line(line: str, *, first: bool) -> Markup:
    title = _TITLE.match(line) if first else None
    rest = line[title.end() :] if title else line
    kind = Markup('<p class="{}">').format("item" if line and line[0] in _LAMPS else "line")
    head = Markup("<b>{}</b> ").format(title[1]) if title else Markup("")
    body = Markup(_CODE.sub(r'<span class="code">〔\1〕</span>', str(escape(rest))))
    return kind + head + Markup(_MARK.sub(lambda found: _drawn(_LAMPS[found[0]]), str(body))) + Markup("</p>")


def _drawn(lamp: Lamp) -> str:
    return f'<span class="lamp {lamp}" role="img" aria-label="{lamp.zh}" title="{lamp.zh}"></span>'


def called(notice: Notice) -> str:
    """Return what a notice calls itself where it is read: one kind passes on questions and answers, one asks for two decisions."""
    match notice.legible:
        case RequestBody(action=Action.REQUEST_EXTENSION):
            return Action.REQUEST_EXTENSION.zh
        case RelayBody(answer=True):
            return "答复"
        case RelayBody(question_id=int()):
            return "提问"
        case RelayBody(added=True):
            return "补充"
    return notice.kind.zh


def shape(lamp: Lamp) -> Markup:
    """Draw a lamp beside the word for it."""
    return Markup(f'<span class="lamp {lamp}" aria-hidden="true"></span>')


def plainly(text: str) -> str:
    """Return the beginning of a message on one line, without its marks."""
    return " ".join(_MARK.sub("", text).split())


def moment(at: datetime, zone: ZoneInfo) -> str:
    """Write an instant for a record: 2022-06-23 11:57."""
    return f"{at.astimezone(zone):%Y-%m-%d %H:%M}"


def brief(moment: datetime, today: date, zone: ZoneInfo) -> str:
    """Write when something was said, for a list: the minute where it was today, else the day."""
    local = moment.astimezone(zone)
    return f"{local:%H:%M}" if local.date() == today else days.short(local.date(), today)
