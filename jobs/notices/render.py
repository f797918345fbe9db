"""Rendering: a notice and what it speaks of become messages, one template a kind, split between items if too long.

Rendering happens when a notice is sent, so that people read how things stand then and not when it was decided.
"""

import tomllib
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date, datetime, tzinfo
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined, pass_context
from jinja2.runtime import Context

import templates
from db import days
from db.bodies import KeptFile, RequestBody
from db.broadcasts import Figures
from db.kinds import WORK
from db.models import Assignment, Broadcast, Notice
from db.plain import one_line
from db.words import Action, Level, NoticeKind
from jobs.notices.cards import face_of, fits, picker, under_its_text
from jobs.notices.parts import Card, Part, Which
from jobs.notices.press import Verb, button
from jobs.notices.views import Extra, Found, ItemView, View, item_view
from jobs.planning.bundle import gravity
from jobs.ports import Abilities, Button

CAPTION = 200
"""Characters of the text beside a file."""

PRESS_ALL, CHOOSE_ALL = "按“全部收到”", "在下面的卡片上直接按“提交”签收"
"""How everything in a message is signed for: with a button of its own, or on a card of choices."""

PRESS_ONE, CHOOSE_ONE = "办理其中一项请点它的编号。", "办理其中一项：在下面的卡片上选任务、选怎样办理。"

AGAIN = "〔补发〕"
"""What stands before a message that is sent once more, since nobody knows whether it arrived."""

_CUT = "……（全文请回复“详情”加编号）"


@cache
def environment(language: str = "zh") -> Environment:
    """Return the templates of one language; an unknown name in one is an error, never an empty string."""
    folder = Path(templates.__file__).parent / language
    made = Environment(loader=FileSystemLoader(folder), undefined=StrictUndefined, autoescape=False)
    made.filters.update(
        day=days.with_weekday,
        date=days.written,
        iso=date.fromisoformat,
        short_day=_short_day,
        month=days.month,
        shorten=shorten,
        line=one_line,
    )
    return made


@pass_context
def _short_day(context: Context, day: date) -> str:
    """Write a day beside the ``today`` that the template knows."""
    return days.short(day, context.get("today"))


def moment(instant: datetime, zone: tzinfo) -> str:
    """Write an instant of the next days in ``zone`` as 3月21日（周一）8:31."""
    return days.soon(instant, zone)


def where_they_part(before: str, after: str, length: int) -> str:
    """Return what became of what, each cut to ``length`` characters, and so that the first that differs is seen."""
    same = next(
        (at for at, (one, two) in enumerate(zip(before, after, strict=False)) if one != two),
        min(len(before), len(after)),
    )
    left = max(0, same - length // 3) if max(len(before), len(after)) > length else 0
    return " → ".join(f"{'…' if left else ''}{shorten(text[left:], length)}" or "（无）" for text in (before, after))


@lru_cache(maxsize=4096)
def shorten(text: str, length: int) -> str:
    """Cut ``text`` to ``length`` characters, saying so with an ellipsis."""
    flat = one_line(text)
    return flat if len(flat) <= length else flat[: length - 1] + "…"


def say(name: str, /, **values: Any) -> str:
    """Render a reply of the dialogue, ``templates/zh/reply/NAME.j2``."""
    return environment().get_template(f"reply/{name}.j2").render(**values).strip()


@cache
def _titles(language: str = "zh") -> dict[str, str]:
    titles: dict[str, str] = tomllib.loads(
        (Path(templates.__file__).parent / language / "reply/titles.toml").read_text(encoding="utf-8")
    )
    return titles


def title_of(name: str) -> str:
    """Return what a reply is called where it is a card without a heading of its own; "" where nothing was written down."""
    return _titles().get(name, "")


def _by_campaign(items: list[ItemView]) -> list[ItemView]:
    """Put items of one campaign together, each under its campaign's name, in the order in which the first of each came."""
    order = list(dict.fromkeys(item.campaign for item in items))
    return sorted(items, key=lambda item: order.index(item.campaign))


def _block(kind: str, block: str, view: View, **more: Any) -> str:
    """Render one block of a kind's template by itself; a kind that has none says nothing."""
    template = environment().get_template(f"{kind}.j2")
    render_block = template.blocks.get(block)
    return "".join(render_block(template.new_context(view.context(**more)))).strip() if render_block else ""


def _demands(items: Sequence[ItemView], view: View) -> list[str]:
    """Return what the kinds in one message ask for, the gravest first, each once with the kinds that ask it."""
    asked: dict[str, list[str]] = {}
    for kind in sorted({NoticeKind(item.kind_word) for item in items}, key=gravity, reverse=True):
        theirs = [item for item in items if item.kind_word == kind]
        own = replace(view, mixed=False, asks=any(item.asks for item in theirs))
        ask = _block(kind, "ask", own, items=theirs)
        if ask:
            asked.setdefault(ask, []).append(kind.zh)
    receipt = _block("_receipt", "ask", view)
    if view.asks and receipt not in asked:
        asked[receipt] = ["以上各项" if asked else ""]
    return [f"{'、'.join(kinds)}：{ask}" if len(asked) > 1 else ask for ask, kinds in asked.items()]


def render(
    notice: Notice, found: Found, abilities: Abilities, today: date, extra: Extra, which: Which | None = None
) -> list[Part]:
    """Render ``notice`` for a channel of these ``abilities`` on the local day ``today``.

    ``extra`` is what the kind's template needs beyond the items. Every part fits the channel; together
    they name every item once, but for those that are only counted (``Extra.lines``). With ``which`` what is left of one of
    several messages is written anew.
    """
    items = _by_campaign(
        [item_view(line, today, item, extra.claims.get(line.assignment.id, "")) for item, line in found]
    )
    view = _view(notice, items, abilities, today, extra)
    bundled = view.mixed and notice.kind is not NoticeKind.CATCH_UP
    template = environment().get_template(f"{'bundle' if bundled else notice.kind}.j2")

    told, rest = _nearest(items, extra.lines if abilities.hears else 0)

    def write(some: Sequence[ItemView]) -> str:
        prefix = AGAIN if notice.resend_of else ""
        demands = _demands([*some, *rest], view) if view.mixed or notice.kind is NoticeKind.CATCH_UP else []
        return (
            prefix + template.render(view.context(demands=demands, items=some, beyond=len(rest), which=_WHICH)).strip()
        )

    written = _split(told, write, lambda text: abilities.fits(text.replace(_WHICH, "（9/9）", 1)))
    chunks = [chunk for chunk, _text in written]
    several = [Which(place, len(written)) for place in range(1, len(written) + 1)] if len(written) > 1 else [which]
    texts = [_numbered(text, one) for (_chunk, text), one in zip(written, several, strict=True)]
    own = extra.buttons
    if own is not None and extra.again is not None and abilities.changes.at_a_press:
        own += (extra.again,)
    parts: list[Part] = []
    chunks[-1] = [*chunks[-1], *rest]
    for text, chunk, one in zip(texts, chunks, several, strict=True):
        last = one is None or one.place == one.of
        buttons = buttons_for(notice, chunk, last=last) if own is None else own if last else ()
        part = Part(_cut(text, abilities), buttons, tuple(item.said() for item in chunk), which=one)
        parts += [part] if abilities.card_text is None else _as_card(notice, part, chunk, view, abilities)
    if not abilities.buttons:
        parts = [replace(part, buttons=(), card=part.card and Card(part.card.face)) for part in parts]
    files = notice.body.files if abilities.files else ()
    parts += [_with_file(file, extra.captions.get(file.sha256, extra.caption)) for file in files]
    return _marked(notice, parts) if abilities.quotes else parts


def _nearest(items: list[ItemView], lines: int) -> tuple[list[ItemView], list[ItemView]]:
    """Return the items that are told, the nearest days first, and those that are only counted; one beyond ``lines`` is told."""
    if not lines:
        return items, []
    by_day = sorted(items, key=lambda item: (item.days_left is None, item.days_left or 0))
    told = len(items) if len(items) <= lines + 1 else lines
    return _by_campaign(by_day[:told]), by_day[told:]


def _view(notice: Notice, items: Sequence[ItemView], abilities: Abilities, today: date, extra: Extra) -> View:
    """Return what the notice's template may say."""
    work, carded = notice.kind in WORK, abilities.card_text is not None
    campaigns = {item.campaign for item in items}
    return View(
        many=len(items) > 1,
        mixed=work and len({item.kind_word for item in items}) > 1,
        campaign=items[0].campaign if len(campaigns) == 1 else "",
        units="、".join(dict.fromkeys(item.unit for item in items)),
        asks=any(item.asks for item in items),
        informs=notice.body.for_information,
        hint=abilities.hint if work and not notice.body.for_information else "",
        press_all=CHOOSE_ALL if carded else PRESS_ALL,
        press_one=CHOOSE_ONE if carded else PRESS_ONE,
        presses=abilities.buttons,
        answer_word=abilities.answer_word,
        spoken=abilities.spoken,
        today=today,
        body=notice.body,
        extra=extra,
    )


def _as_card(notice: Notice, part: Part, shown: Sequence[ItemView], view: View, abilities: Abilities) -> list[Part]:
    """Return the message as a card where it has buttons, after a text where the card cannot say all of it."""
    if not part.buttons:
        return [part]
    items = shown if notice.kind in WORK or notice.kind in _REQUESTS else ()
    chosen = picker(items) if len(items) > 1 else None
    told = _lead_and_ask(notice, items[0], view) if len(items) == 1 else ("", "")
    face = face_of(notice, items, part.text, view, told)
    if notice.resend_of and not face.title.startswith(AGAIN):
        face = replace(face, title=AGAIN + face.title)
    made = replace(part, buttons=() if chosen else part.buttons, card=Card(face, chosen))
    if chosen is None and fits(face, part.text, items, part.buttons, abilities):
        return [made]
    if not abilities.buttons:
        return [part]
    return [replace(part, buttons=()), replace(made, card=Card(under_its_text(face), chosen))]


_REQUESTS = (NoticeKind.REVIEW, NoticeKind.VERIFY_REQUEST)


def _lead_and_ask(notice: Notice, item: ItemView, view: View) -> tuple[str, str]:
    """Return what the kind's template says before and after one item; a card that stands alone says it too."""
    kind = item.kind_word if view.mixed else notice.kind
    own = replace(view, many=False)
    more = (
        {"items": [item], "demands": _demands([item], own)} if notice.kind is NoticeKind.CATCH_UP else {"items": [item]}
    )
    lead, ask = (_block(kind, block, own, **more) for block in ("lead", "ask"))
    return lead.removeprefix(f"{view.units}："), ask


def _marked(notice: Notice, parts: list[Part]) -> list[Part]:
    """Give each message a code by which a quote of it can be placed: the notice's number and, of several, the part's."""
    several = len(parts) > 1
    return [
        replace(part, mark=f"〔#{notice.id}.{place}〕" if several else f"〔#{notice.id}〕")
        for place, part in enumerate(parts, 1)
    ]


def _with_file(file: KeptFile, caption: str) -> Part:
    return Part(f"{caption}{file.name}"[:CAPTION], file=file)


def _split(
    items: list[ItemView], write: Callable[[list[ItemView]], str], fits: Callable[[str], bool]
) -> list[tuple[list[ItemView], str]]:
    """Halve the list until what is written of each piece fits; one item alone is not divided."""
    text = write(items)
    if len(items) <= 1 or fits(text):
        return [(items, text)]
    middle = len(items) // 2
    return _split(items[:middle], write, fits) + _split(items[middle:], write, fits)


_WHICH = "\0"
"""Stands where a message of several says which of them it is, until it is known how many there are."""


def _numbered(text: str, which: Which | None) -> str:
    return text.replace(_WHICH, f"（{which.place}/{which.of}）" if which is not None else "", 1)


def _cut(text: str, abilities: Abilities) -> str:
    if abilities.fits(text):
        return text
    low, high = 0, len(text)
    while low < high:
        middle = (low + high + 1) // 2
        low, high = (middle, high) if abilities.fits(text[:middle] + _CUT) else (low, middle - 1)
    return text[:low] + _CUT


# ---------------------------------------------------------------- buttons

MAX_ITEM_BUTTONS = 8
"""More single items than this are reached by their code, not by a button each."""


def buttons_for(notice: Notice, items: Sequence[ItemView], *, last: bool) -> tuple[Button, ...]:
    """Return the buttons under one part: an item's own, or 全部收到 under the last part and one an item."""
    body = notice.body
    if body.buttons:
        return tuple(Button(label, data) for label, data in body.buttons)
    if isinstance(body, RequestBody):
        return review_buttons(items[0], body) if body.level else decision_buttons(items[0], body.action)
    if notice.kind not in WORK or not notice.unit_id or body.for_information:
        return ()
    if len(items) == 1 and last:
        return item_buttons(items[0])
    everyone = (button(Verb.ACKNOWLEDGE_ALL, notice.id),) if last and any(item.asks for item in items) else ()
    return everyone + tuple(button(Verb.SHOW, item.id, label=f"〔{item.code}〕") for item in items[:MAX_ITEM_BUTTONS])


ANSWERS = (Verb.ACKNOWLEDGE, Verb.PROGRESS, Verb.REPORT, Verb.EXTEND)
"""What a contact may press under an item that is open."""


def item_buttons(item: ItemView) -> tuple[Button, ...]:
    """Return the four answers of a contact; what is reported or ended has none."""
    if not item.open:
        return ()
    return tuple(button(verb, item.id, item.version) for verb in ANSWERS)


def decision_buttons(item: ItemView, action: Action) -> tuple[Button, ...]:
    """Return a coordinator's two answers to a report or to a request for more time."""
    yes, no = (Verb.VERIFY, Verb.RETURN) if action is Action.REPORT else (Verb.GRANT, Verb.REFUSE)
    return button(yes, item.id, item.version), button(no, item.id, item.version)


def review_buttons(item: ItemView, body: RequestBody) -> tuple[Button, ...]:
    """Return what a level may say of a report: its own unit passes it on, or says that it is not done; the lead may send it back."""
    level = Level(body.level)
    passes = button(Verb.PASS_ON, item.id, item.version, f"{level.zh}{Verb.PASS_ON.zh}")
    return (passes,) if level is Level.SELF else (passes, button(Verb.SEND_BACK, item.id, item.version))


def tally_buttons(broadcast: Broadcast, numbers: Figures) -> tuple[Button, ...]:
    """Return what a coordinator may do with a broadcast that is out."""
    export = button(Verb.EXPORT, broadcast.id)
    if broadcast.closed_at is not None:
        return (export,)
    hurry = (button(Verb.HURRY, broadcast.id),) if numbers.goes_at else ()
    if numbers.goes_at and not (numbers.delivered or numbers.unknown):
        return (*hurry, button(Verb.CLOSE_BROADCAST, broadcast.id, label="撤回"))
    chase_label = "催未答复" if broadcast.options else ""
    chase = (button(Verb.CHASE, broadcast.id, label=chase_label),) if numbers.silent or numbers.received else ()
    return (*hurry, *chase, export, button(Verb.CLOSE_BROADCAST, broadcast.id))


def outcome_of(action: Action, one: Assignment, zone: tzinfo) -> str:
    """Say what a decision came to; of days of public notice that begin or go on, until when they run."""
    end = one.goes_on_at if action in (Action.PUBLISH, Action.RESUME) and one.level is Level.NOTICE else None
    until = end.astimezone(zone).date() if end is not None else None
    return OUTCOMES[action] + (f"，公示至{days.written(until)}，期满自动销号" if until is not None else "")


OUTCOMES = {
    "publish": "核查属实",
    "verify": "已核查销号",
    "return": "已退回",
    "reopen": "已重开",
    "grant": "同意延期",
    "refuse": "不同意延期",
    "suspend": "已暂缓",
    "resume": "已恢复",
    "cancel": "已撤销",
    "waive": "已免办",
    "correct": "内容已更正",
}
"""What a decision's notice says of each act."""
