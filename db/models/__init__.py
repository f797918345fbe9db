"""The tables. Instants are aware and UTC, days are ISO days of the campaign's zone, words are `db.words`.

What people wrote themselves stands in ``words`` columns only, so that it can be erased in one place.
"""

from db.models.broadcasts import Broadcast, BroadcastUnit, PhoneCall
from db.models.columns import UtcDateTime, WordType, table_of
from db.models.duties import Duty
from db.models.inbound import Inbound, Prompt, Question
from db.models.ledger import (
    CLOSED_HAS_A_DAY,
    PENDING_EXTENSION,
    Assignment,
    Campaign,
    Doubt,
    Evidence,
    Expiry,
    Extension,
    GoneFile,
    Milestone,
    PolicyVersion,
    Problem,
    Step,
    Task,
)
from db.models.outbox import IS_CHANGING, Alarm, Delivery, Message, Notice, NoticeItem
from db.models.papers import Paper, PaperItem
from db.models.program import Errand, Lease, Setting
from db.models.record import History
from db.models.register import (
    Account,
    Appointment,
    Chat,
    Deputy,
    Invite,
    Pass,
    Person,
    Route,
    Unit,
    UnitAlias,
    UnitDistinct,
    UnitMember,
)
from db.models.rounds import Round, RoundItem, RoundSignature
from db.models.scores import Objection, ScorePoint, ScoreSheet
from db.models.spot_checks import SpotCheck, SpotCheckItem

__all__ = [
    "CLOSED_HAS_A_DAY",
    "IS_CHANGING",
    "PENDING_EXTENSION",
    "Account",
    "Alarm",
    "Appointment",
    "Assignment",
    "Broadcast",
    "BroadcastUnit",
    "Campaign",
    "Chat",
    "Delivery",
    "Deputy",
    "Doubt",
    "Duty",
    "Errand",
    "Evidence",
    "Expiry",
    "Extension",
    "GoneFile",
    "History",
    "Inbound",
    "Invite",
    "Lease",
    "Message",
    "Milestone",
    "Notice",
    "NoticeItem",
    "Objection",
    "Paper",
    "PaperItem",
    "Pass",
    "Person",
    "PhoneCall",
    "PolicyVersion",
    "Problem",
    "Prompt",
    "Question",
    "Round",
    "RoundItem",
    "RoundSignature",
    "Route",
    "ScorePoint",
    "ScoreSheet",
    "Setting",
    "SpotCheck",
    "SpotCheckItem",
    "Step",
    "Task",
    "Unit",
    "UnitAlias",
    "UnitDistinct",
    "UnitMember",
    "UtcDateTime",
    "WordType",
    "table_of",
]
