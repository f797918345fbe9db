"""The policy: the ladder as data, read from TOML and validated as it is read."""

import hashlib
import json
import tomllib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import time
from fnmatch import fnmatchcase
from typing import Any, NamedTuple

from db.kinds import RUNGS
from db.words import Level, NoticeKind, Rank, Unusable

_CEILINGS = (NoticeKind.SLIP, NoticeKind.REMINDER, *RUNGS)


COPIED = (NoticeKind.REMINDER, NoticeKind.RECEIPT_CHASE, NoticeKind.OVERDUE, NoticeKind.SUPERVISION)
"""What may be copied to those who answer for a task by name."""

ANY_FILE = "文件"
REQUIRED = ("照片", "视频", "报告", "表格", ANY_FILE)
"""What a report may be required to bring."""


class PolicyError(Unusable):
    """The policy cannot be used; the message is one line that names the key."""


class Weights(NamedTuple):
    """What each thing counts in 记分, in tenths of a point; ``late_most`` bounds what one assignment loses by days of a month (0: nothing)."""

    on_time: int
    receipt: int
    receipt_late: int
    returned: int
    untrue: int
    extended: int
    late_day: int
    late_most: int


@dataclass(frozen=True, slots=True)
class Policy:
    """Everything that can be set about when people are told what; see ``policy.toml`` for the units of each."""

    opens: time
    closes: time
    spread_from: time
    spread_to: time
    digest_at: time
    days_before: tuple[int, ...]
    receipt_from: int
    chase_every: int
    chases: int
    yellow_days: int
    silent_workdays: int
    checkin_months: tuple[int, ...]
    checkin_day: int
    ladder: tuple[tuple[NoticeKind, int], ...]
    daily_cap: int
    retry_hours: int
    undo_minutes: int
    receipt_hours: int
    chase_minutes: int
    urgent_minutes: int
    urgent_rounds: int
    duty_office: int
    duty_units: int
    office: str
    slip_lines: int
    standing: bool
    quiet_on_course: bool
    named_contacts_only: bool
    private_before_summons: bool
    leaders_give_out: bool
    leader_copies: tuple[NoticeKind, ...]
    signers: tuple[str, ...]
    ceilings: tuple[tuple[str, NoticeKind], ...]
    objection_workdays: int
    weights: Weights
    round_fields: tuple[str, ...]
    round_signatures: int
    round_chases: tuple[int, ...]
    round_lasts: int
    round_months: tuple[int, ...]
    round_opens: int
    round_workdays: int
    round_scope: str
    levels: tuple[Level, ...]
    level_workdays: int
    self_two: bool
    notice_days: int
    redo_workdays: int
    evidence: tuple[tuple[tuple[str, ...], tuple[str, ...]], ...]

    @property
    def digest(self) -> str:
        """A hash of the content, equal for policies that say the same."""
        told = {name: _plain(getattr(self, name)) for name in self.__slots__}
        return hashlib.sha256(json.dumps(told, sort_keys=True).encode()).hexdigest()

    def ceiling_for(self, unit: str) -> NoticeKind | None:
        """Return the highest rung that may be climbed for a unit; the first pattern that fits decides."""
        return next((highest for pattern, highest in self.ceilings if fnmatchcase(unit, pattern)), None)

    def may_sign(self, name: str, ranks: Iterable[Rank]) -> bool:
        """Tell whether somebody of that name and those ranks signs bulletins and summonses."""
        return bool({name, *map(str, ranks)} & set(self.signers))

    def workdays_until(self, kind: NoticeKind) -> int:
        """Return how many workdays after the deadline a rung comes."""
        return dict(self.ladder)[kind]


def _plain(value: Any) -> Any:
    if isinstance(value, tuple):
        return [_plain(one) for one in value]
    return value.isoformat() if isinstance(value, time) else value


# ---------------------------------------------------------------- reading


def parse_policy(text: str, base: str | None = None) -> Policy:
    """Read a policy from TOML; keys that are left out keep the values of ``base``. Raise ``PolicyError``."""
    told = _load(text)
    values = dict(_flat(_load(base))) if base else {}
    for key, value in _flat(told):
        if key not in _KEYS:
            raise PolicyError(f"policy.toml 中没有 {key} 这一项；可用的见默认文件")
        values[key] = value
    missing = [key for key in _KEYS if key not in values and key not in _LISTS]
    if missing:
        raise PolicyError(f"policy.toml 缺少 {missing[0]}")
    fields = {name: _checked(key, values.get(key, []), check) for key, (name, check) in _KEYS.items()}
    rungs = {name: fields.pop(name) for name in [str(rung) for rung in RUNGS]}
    if list(rungs.values()) != sorted(set(rungs.values())):
        raise PolicyError("policy.toml 的 ladder 须逐级推迟：overdue < supervision < bulletin < summons")
    weights = Weights(**{name: fields.pop(name) for name in Weights._fields})
    policy = Policy(ladder=tuple((rung, rungs[str(rung)]) for rung in RUNGS), weights=weights, **fields)
    if not policy.opens <= policy.spread_from <= policy.spread_to < policy.closes:
        raise PolicyError("policy.toml 的 hours 须满足 opens <= spread_from <= spread_to < closes")
    return policy


def _load(text: str) -> dict[str, Any]:
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise PolicyError(f"policy.toml 不是有效的 TOML：{error}") from None


def _flat(told: Mapping[str, Any]) -> Iterable[tuple[str, Any]]:
    for section, values in told.items():
        if isinstance(values, dict):
            yield from ((f"{section}.{key}", value) for key, value in values.items())
        else:
            yield section, values


def _checked(key: str, value: Any, check: Callable[[Any], Any]) -> Any:
    try:
        return check(value)
    except (TypeError, ValueError, KeyError) as error:
        raise PolicyError(f"policy.toml 的 {key} 不对：{error}") from None


def _count(low: int, high: int) -> Callable[[Any], int]:
    def check(value: Any) -> int:
        if isinstance(value, bool) or not isinstance(value, int) or not low <= value <= high:
            raise ValueError(f"须为 {low} 到 {high} 的整数")
        return value

    return check


def _counts(low: int, high: int) -> Callable[[Any], tuple[int, ...]]:
    def check(value: Any) -> tuple[int, ...]:
        if not isinstance(value, list) or not value:
            raise ValueError("须为非空的数组")
        return tuple(sorted({_count(low, high)(one) for one in value}, reverse=True))

    return check


def _some_counts(low: int, high: int) -> Callable[[Any], tuple[int, ...]]:
    """Return the check of an array that may be empty."""
    return lambda value: () if value == [] else _counts(low, high)(value)


def _time(value: Any) -> time:
    if not isinstance(value, time):
        raise ValueError("须为时刻，例如 08:30:00")
    return value


def _tenths(value: Any) -> int:
    """Return points as tenths."""
    if isinstance(value, bool) or not isinstance(value, int | float) or not -100 <= value <= 100:
        raise ValueError("须为 -100 到 100 的分数，例如 -0.5")
    tenths = round(value * 10)
    if abs(tenths - value * 10) > 1e-6:
        raise ValueError("分数最多一位小数")
    return tenths


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise ValueError("须为文字")
    return value


def _flag(value: Any) -> bool:
    if not isinstance(value, bool):
        raise ValueError("须为 true 或 false")
    return value


def _texts(value: Any) -> tuple[str, ...]:
    if not isinstance(value, list) or not value:
        raise ValueError("须为非空的文字数组")
    return tuple(_text(one) for one in value)


def _kinds(value: Any) -> tuple[NoticeKind, ...]:
    if not isinstance(value, list) or not all(one in COPIED for one in value):
        raise ValueError(f"须为 {'、'.join(COPIED)} 中的若干种")
    return tuple(NoticeKind(one) for one in value)


def _ceilings(value: Any) -> tuple[tuple[str, NoticeKind], ...]:
    if not isinstance(value, list):
        raise ValueError("须写成 [[ceiling]]")
    return tuple((_text(one["unit"]), _rung(one["highest"])) for one in value)


def _levels(value: Any) -> tuple[Level, ...]:
    order = [Level.SELF, Level.LEAD, Level.OFFICE]
    if not isinstance(value, list) or value[-1:] != [Level.OFFICE] or value != [one for one in order if one in value]:
        raise ValueError(f"须为 {'、'.join(order)} 中的若干级，依此次序，以 {Level.OFFICE} 结束")
    return tuple(Level(one) for one in value)


def _evidence(value: Any) -> tuple[tuple[tuple[str, ...], tuple[str, ...]], ...]:
    if not isinstance(value, list):
        raise ValueError("须写成 [[evidence]]")
    return tuple((_texts(one["words"]), _required(one["required"])) for one in value)


def _required(value: Any) -> tuple[str, ...]:
    if not isinstance(value, list) or not value or not all(one in REQUIRED for one in value):
        raise ValueError(f"required 须为 {'、'.join(REQUIRED)} 中的若干种")
    return tuple(value)


def _rung(value: Any) -> NoticeKind:
    if value not in _CEILINGS:
        raise ValueError(f"highest 须为 {'、'.join(_CEILINGS)} 之一")
    return NoticeKind(value)


_KEYS: dict[str, tuple[str, Callable[[Any], Any]]] = {
    "hours.opens": ("opens", _time),
    "hours.closes": ("closes", _time),
    "hours.spread_from": ("spread_from", _time),
    "hours.spread_to": ("spread_to", _time),
    "hours.digest_at": ("digest_at", _time),
    "reminders.days_before": ("days_before", _counts(0, 366)),
    "reminders.receipt_from": ("receipt_from", _count(0, 366)),
    "reminders.slip_lines": ("slip_lines", _count(0, 200)),
    "reminders.standing": ("standing", _flag),
    "reminders.quiet_on_course": ("quiet_on_course", _flag),
    "receipts.chase_every": ("chase_every", _count(1, 30)),
    "receipts.chases": ("chases", _count(0, 20)),
    "progress.yellow_days": ("yellow_days", _count(0, 366)),
    "progress.silent_workdays": ("silent_workdays", _count(1, 100)),
    "progress.checkin_months": ("checkin_months", _counts(1, 12)),
    "progress.checkin_day": ("checkin_day", _count(1, 28)),
    "ladder.overdue": ("overdue", _count(1, 250)),
    "ladder.supervision": ("supervision", _count(1, 250)),
    "ladder.bulletin": ("bulletin", _count(1, 250)),
    "ladder.summons": ("summons", _count(1, 250)),
    "limits.daily_cap": ("daily_cap", _count(1, 100)),
    "limits.retry_hours": ("retry_hours", _count(1, 720)),
    "limits.undo_minutes": ("undo_minutes", _count(0, 1440)),
    "broadcasts.receipt_hours": ("receipt_hours", _count(1, 720)),
    "broadcasts.chase_minutes": ("chase_minutes", _count(1, 1440)),
    "broadcasts.urgent_minutes": ("urgent_minutes", _count(1, 1440)),
    "broadcasts.urgent_rounds": ("urgent_rounds", _count(0, 20)),
    "score.on_time": ("on_time", _tenths),
    "score.receipt": ("receipt", _tenths),
    "score.receipt_late": ("receipt_late", _tenths),
    "score.returned": ("returned", _tenths),
    "score.untrue": ("untrue", _tenths),
    "score.extended": ("extended", _tenths),
    "score.late_day": ("late_day", _tenths),
    "score.late_most": ("late_most", _tenths),
    "score.objection_workdays": ("objection_workdays", _count(1, 60)),
    "round.fields": ("round_fields", _texts),
    "round.signatures": ("round_signatures", _count(1, 2)),
    "round.chase_workdays_before": ("round_chases", _some_counts(0, 20)),
    "round.lasts_workdays": ("round_lasts", _count(1, 60)),
    "round.months": ("round_months", _some_counts(1, 12)),
    "round.opens_day": ("round_opens", _count(1, 28)),
    "round.workdays": ("round_workdays", _count(1, 60)),
    "round.scope": ("round_scope", _text),
    "duty.office": ("duty_office", _count(0, 5)),
    "duty.units": ("duty_units", _count(0, 5)),
    "verification.levels": ("levels", _levels),
    "verification.workdays": ("level_workdays", _count(1, 60)),
    "verification.notice_days": ("notice_days", _count(0, 60)),
    "verification.two_persons": ("self_two", _flag),
    "verification.redo_workdays": ("redo_workdays", _count(1, 60)),
    "people.office": ("office", _text),
    "people.named_contacts_only": ("named_contacts_only", _flag),
    "people.private_before_summons": ("private_before_summons", _flag),
    "people.leaders_give_out": ("leaders_give_out", _flag),
    "people.leader_copies": ("leader_copies", _kinds),
    "people.signers": ("signers", _texts),
    "ceiling": ("ceilings", _ceilings),
    "evidence": ("evidence", _evidence),
}
"""Every key of the file with the field it fills and the check it passes."""

_LISTS = ("ceiling", "evidence")
"""Lists that may be left out altogether."""
