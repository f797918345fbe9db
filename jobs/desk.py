"""The desk: what every worker shares — the calendar, the default policy and zone — and the policy of a campaign."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from sqlalchemy import bindparam, select
from sqlmodel import Session

import jobs
from db.archive import Archive
from db.models import Campaign, PolicyVersion, table_of
from db.workdays import Workdays, china
from jobs.letterhead import Letterhead
from jobs.planning.policy import Policy, parse_policy
from jobs.planning.quiet import next_morning, next_open, spread
from jobs.planning.subject import Place

_POLICY_OF = select(table_of(Campaign).c.policy_id).where(table_of(Campaign).c.id == bindparam("campaign"))


def default_policy() -> str:
    """Return the text of the policy that ships with the program."""
    return (Path(jobs.__file__).parent / "policy.toml").read_text(encoding="utf-8")


@dataclass
class Desk:
    """``policy_text`` is the policy that new campaigns start with; ``timezone`` the zone where none is given;
    ``archive`` holds people's files, ``letterhead`` is what the office's papers carry; ``site`` is the address under which
    people reach the board, without a slash at its end, "" where nobody is told one; ``telephones`` tells that there is
    another line on which units can be called, ``keep_days`` how long people's words are kept after a campaign's end, None
    for as long as nobody asks; ``draw`` makes a picture of a drawing (SVG), or None where it cannot.
    """

    policy_text: str = field(default_factory=default_policy)
    timezone: str = "Asia/Shanghai"
    workdays: Workdays = field(default_factory=china)
    letterhead: Letterhead = field(default_factory=Letterhead)
    archive: Archive = field(default_factory=lambda: Archive(Path("data")))
    site: str = ""
    telephones: bool = False
    keep_days: int | None = None
    draw: Callable[[str], bytes | None] = lambda _svg: None
    _policies: dict[int, Policy] = field(default_factory=dict)
    _zones: dict[int, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Read the policy; raise ``PolicyError`` that names the key."""
        self.policy = parse_policy(self.policy_text, default_policy())

    @property
    def zone(self) -> ZoneInfo:
        """The desk's own zone."""
        return ZoneInfo(self.timezone)

    def policy_version(self, session: Session, version_id: int | None) -> Policy:
        """Return a stored policy; the desk's own where there is none."""
        if version_id is None:
            return self.policy
        if version_id not in self._policies:
            text = session.get_one(PolicyVersion, version_id).text
            self._policies[version_id] = parse_policy(text, default_policy())
        return self._policies[version_id]

    def policy_of(self, session: Session, campaign_id: int | None) -> Policy:
        """Return the policy of a campaign; the desk's own without one."""
        if campaign_id is None:
            return self.policy
        return self.policy_version(session, session.execute(_POLICY_OF, {"campaign": campaign_id}).scalar_one())

    def timezone_of(self, session: Session, campaign_id: int | None) -> str:
        """Return the zone of a campaign, which never changes; the desk's own without one."""
        if campaign_id is None:
            return self.timezone
        if campaign_id not in self._zones:
            self._zones[campaign_id] = session.get_one(Campaign, campaign_id).timezone
        return self._zones[campaign_id]

    def next_open(
        self, session: Session, campaign_id: int | None, now: datetime, policy: Policy | None = None
    ) -> datetime:
        """Return ``now`` within office hours, else the next opening (UTC); ``policy`` is the campaign's, where it is at hand."""
        place = Place(ZoneInfo(self.timezone_of(session, campaign_id)), 0)
        return next_open(now, policy or self.policy_of(session, campaign_id), self.workdays, place)

    def next_digest(self, policy: Policy, timezone: str, now: datetime) -> datetime:
        """Return when the next digest of a campaign with this policy and zone is told (UTC, after ``now``)."""
        return next_morning(now, policy, self.workdays, Place(ZoneInfo(timezone), 0))

    def place(self, timezone: str, chat_key: str, policy: Policy) -> Place:
        """Return where and at which minute of the day a chat is told automatic things."""
        return Place(ZoneInfo(timezone), spread(chat_key, policy))
