"""The words of the domain, one name for one thing.

Everything here is a plain value: enums whose members carry the word people read, and small frozen
records. The module imports the standard library only, so that planning and the workflow stay pure.
"""

from enum import IntFlag, StrEnum


class Word(StrEnum):
    """An enum member with the code's word as its value and the people's word as ``zh``."""

    zh: str

    def __new__(cls, value: str, zh: str = "") -> "Word":
        member = str.__new__(cls, value)
        member._value_ = value
        member.zh = zh
        return member

    @classmethod
    def read(cls, value: str) -> "Word":
        """Return the word of that value; one that this program does not know is in no table and no set of ours."""
        known = cls._value2member_map_.get(value)
        if known is not None:
            return known  # type: ignore[return-value]
        word = str.__new__(cls, value)
        word._name_ = word._value_ = value
        word.zh = f"未知（{value}）"
        return word

    @property
    def is_known(self) -> bool:
        """Tell whether this program knows the word."""
        return self._value_ in type(self)._value2member_map_


class Refusal(Exception):
    """It cannot be done, and nothing was changed; the message is one line for the person.

    What to do about it is worded twice: ``chat`` for who talks to the bot (that is what the error says), ``terminal``
    for who runs programs.
    """

    def __init__(self, said: str, *, chat: str = "", terminal: str | None = None) -> None:
        """``said`` stands alone; each advice follows it after a mark, such as ``；全部单位见 duban unit list``."""
        super().__init__(said + chat)
        self.terminal = said + (chat if terminal is None else terminal)


class Unusable(Refusal):
    """What the program itself needs cannot be used: its store, its settings, its policy, a service. No person's act is to
    blame, so that in a conversation it is no refusal but a fault of ours.
    """


class CampaignStatus(Word):
    """Where a campaign (专项行动) stands."""

    DRAFT = "draft", "待启动"
    ACTIVE = "active", "进行中"
    PAUSED = "paused", "已暂停"
    ENDED = "ended", "已结束"


LIVING = frozenset({CampaignStatus.ACTIVE, CampaignStatus.PAUSED})
"""Campaigns that are seen, asked about, acted on and told of."""

OVER = frozenset({CampaignStatus.ENDED})
"""Ended campaigns and discarded drafts: looked for only to say who ended them, and when."""

RAN = LIVING | {CampaignStatus.ENDED}
"""Statuses of campaigns that may be read with what has run; a draft that was dropped is ended, too, and never ran."""

UNENDED = LIVING | {CampaignStatus.DRAFT}
"""The living ones and the drafts: what can still be corrected, and what a table for its keeper shows."""

EVERY = frozenset(CampaignStatus)
"""Whatever became of them: for a message that is out already, for a campaign that was chosen, for the history."""


class Role(Word):
    """How a unit stands to a task."""

    LEAD = "lead", "牵头"
    RESPONSIBLE = "responsible", "责任"
    ASSIST = "assist", "配合"


OWING = (Role.LEAD, Role.RESPONSIBLE)
"""Who owes what a task asks for, and is late with it; who only assists is urged of nothing and in no figure of what is late."""


class DeadlineKind(Word):
    """What kind of deadline a milestone has."""

    DATE = "date", "限期"
    ONGOING = "ongoing", "长期"
    RECURRING = "recurring", "周期"
    RELATIVE = "relative", "相对期限"
    IMMEDIATE = "immediate", "立即"
    EVENT = "event", "事件前"


class DoubtKind(Word):
    """What of a list as it was read a person is asked about."""

    DEADLINE = "deadline", "期限"
    UNIT = "unit", "单位"
    TASK = "task", "是否任务"
    TEXT = "text", "内容"


class State(Word):
    """Where an assignment stands; the workflow's table says how it moves."""

    PENDING = "pending", "待签收"
    ACKNOWLEDGED = "acknowledged", "已签收"
    IN_PROGRESS = "in_progress", "办理中"
    REPORTED = "reported", "已报待核"
    CLOSED = "closed", "已销号"
    SUSPENDED = "suspended", "已暂缓"
    CANCELLED = "cancelled", "已撤销"
    WAIVED = "waived", "已免办"


OPEN_STATES = frozenset({State.PENDING, State.ACKNOWLEDGED, State.IN_PROGRESS})
"""States in which the unit still owes something."""

LET_OFF_STATES = frozenset({State.CANCELLED, State.WAIVED})
"""States of what is no longer owed though it was not done."""

ENDED_STATES = LET_OFF_STATES | {State.CLOSED}
"""States of what is over: it holds up its milestone's closing no longer."""


class Finding(Word):
    """How a problem came to be known."""

    SAID = "said", "登记"
    CHECK = "check", "抽查"
    LIST = "list", "隐患台账"


class Phase(Word):
    """Of when the evidence of a problem is: before it was set right, or after."""

    BEFORE = "before", "整改前"
    AFTER = "after", "整改后"


class Level(Word):
    """Who looks at what a unit reports, in this order, and the days of public notice at the end; which of them is the policy's."""

    SELF = "self", "自查"
    LEAD = "lead", "复查"
    OFFICE = "office", "核查"
    NOTICE = "notice", "公示"


class Lamp(Word):
    """The colour an assignment shows; derived from state and day, never stored."""

    GREEN = "green", "正常"
    YELLOW = "yellow", "临期"
    RED = "red", "逾期"
    BLUE = "blue", "已报待核"
    GREY = "grey", "已销号"
    WHITE = "white", "长期"


class NoticeKind(Word):
    """What a notice is; the rungs of the ladder and everything else that is said unasked."""

    SLIP = "slip", "交办通知"
    SUMMARY = "summary", "逾期汇总"
    REMINDER = "reminder", "提醒"
    RECEIPT_CHASE = "receipt_chase", "催签收"
    PROGRESS_QUERY = "progress_query", "询问进展"
    CHECKIN = "checkin", "进展报送"
    OVERDUE = "overdue", "催办"
    SUPERVISION = "supervision", "督办单"
    BULLETIN = "bulletin", "通报"
    SUMMONS = "summons", "约谈"
    DIGEST = "digest", "每日要情"
    WEEKLY = "weekly", "每周要情"
    SILENT = "silent", "未签收报告"
    STANDING = "standing", "在办清单"
    CATCH_UP = "catch_up", "补送"
    DECISION = "decision", "办理结果"
    RELAY = "relay", "转达"
    REVIEW = "review", "待复查"
    VERIFY_REQUEST = "verify_request", "待核查"
    BROADCAST = "broadcast", "群发"
    URGENT = "urgent", "叫应"
    TALLY = "tally", "群发回执"
    EVIDENCE = "evidence", "佐证"
    FAILURE = "failure", "发送异常"
    MISSED = "missed", "断线补问"
    SCORE = "score", "记分"
    OBJECTION = "objection", "记分异议"
    ROUND = "round", "定期调度"
    ROUND_TALLY = "round_tally", "调度情况"
    SPOT_CHECK = "spot_check", "抽查"
    REPLY = "reply", "回复"


class Reason(Word):
    """Why a step of the plan was told, or was not; reaches the log, the message and the record."""

    ACTIVATED = "activated", "任务启动"
    DAYS_BEFORE = "days_before", "距期限天数"
    ON_THE_DAY = "on_the_day", "当日到期"
    NO_RECEIPT = "no_receipt", "未签收"
    NO_RECEIPT_REPEATED = "no_receipt_repeated", "多次催签未果"
    NO_PROGRESS = "no_progress", "临期未报进展"
    PERIOD = "period", "定期报送"
    WORKDAYS_AFTER = "workdays_after", "逾期工作日"
    PAST_ON_ACTIVATION = "past_on_activation", "启动时已逾期"
    MORNING = "morning", "每日例行"
    ASKED = "asked", "应答"
    CHANGED = "changed", "状态变更"
    BY_HAND = "by_hand", "协调员催办"
    MONTHLY = "monthly", "月度记分"
    # Why not told
    ANSWERED = "answered", "已有回应"
    SUPERSEDED = "superseded", "被后一步取代"
    TOLD_TODAY = "told_today", "当日已告知"
    TOO_LATE = "too_late", "已过时效"
    REPORTED = "reported", "已报待核"
    DECISION_PENDING = "decision_pending", "延期待批"
    ENDED = "ended", "已办结或撤销"
    SUSPENDED = "suspended", "已暂缓"
    CEILING = "ceiling", "超出督办权限"
    NO_ROUTE = "no_route", "单位尚未绑定会话"
    OVER = "over", "专项行动已结束"


class DeliveryState(Word):
    """Where a notice stands on its way out."""

    QUEUED = "queued", "待发"
    SENDING = "sending", "发送中"
    SENT = "sent", "已发出"
    RETRYING = "retrying", "待重试"
    FAILED = "failed", "发送失败"
    WITHDRAWN = "withdrawn", "已撤回"
    UNKNOWN = "unknown", "结果不明"
    NO_ROUTE = "no_route", "无会话"


class Action(Word):
    """What a person does to an assignment, as the history records it."""

    ACKNOWLEDGE = "acknowledge", "签收"
    PROGRESS = "progress", "报进展"
    NOTE = "note", "说明"
    REPORT = "report", "报办结"
    MEASURE = "measure", "填报措施"
    REQUEST_EXTENSION = "request_extension", "申请延期"
    UNDO = "undo", "撤回"
    CHECK = "check", "自查确认"
    REVIEW = "review", "复查通过"
    PASS_UP = "pass_up", "转协调员核查"
    PUBLISH = "publish", "核查公示"
    VERIFY = "verify", "核查销号"
    RETURN = "return", "退回"
    REOPEN = "reopen", "重开"
    GRANT = "grant", "同意延期"
    REFUSE = "refuse", "不同意延期"
    SUSPEND = "suspend", "暂缓"
    RESUME = "resume", "恢复"
    CANCEL = "cancel", "撤销"
    WAIVE = "waive", "免办"
    CORRECT = "correct", "更正"
    ASK = "ask", "提问"
    ANSWER = "answer", "答复"
    SIGN = "sign", "签发"
    NUDGE = "nudge", "催办"
    TALK = "talk", "约谈"


class ScoreKind(Word):
    """What a unit gains or loses points by."""

    ON_TIME = "on_time", "按期办结"
    RECEIPT = "receipt", "按时签收"
    RECEIPT_LATE = "receipt_late", "催后签收"
    RETURNED = "returned", "报办结被退回"
    UNTRUE = "untrue", "抽查不属实"
    EXTENDED = "extended", "延期"
    LATE = "late", "逾期"


class Rank(Word):
    """What a person may do: everyone in a unit's chat is at least a contact of that unit."""

    CONTACT = "contact", "联络员"
    COORDINATOR = "coordinator", "协调员"
    LEADER = "leader", "领导"


class ChatRole(Word):
    """Whose conversation a chat is."""

    UNIT = "unit", "单位群"
    COORDINATORS = "coordinators", "协调室"
    LEADERS = "leaders", "领导群"


class Purpose(Word):
    """What a secret that somebody holds opens."""

    LINK = "link", "一次性链接"
    SESSION = "session", "登录"
    CALENDAR = "calendar", "日历订阅"


class PastChoice(Word):
    """What activation does with deadlines that are already past."""

    SUMMARY = "summary", "汇总告知"
    CLOSE = "close", "视为已办结"
    REDATE = "redate", "重定期限"
    ESCALATE = "escalate", "自今日起催办"


RENEWED = "到期前办理延续"
"""How the text of what expires ends, after whose it is and what: 乙油库：经营许可证."""


class DayPart(IntFlag):
    """The parts of a day of duty 班次, as a 值班表 has them; a night goes on until the office opens on the next morning."""

    MORNING = 1
    AFTERNOON = 2
    NIGHT = 4
    DAY = 3
    WHOLE = 7

    @property
    def zh(self) -> str:
        """What people read behind a name: 上午, 下午, 白班, 夜班, 上午、夜班; "" for a whole day."""
        called = {1: "上午", 2: "下午", 3: "白班", 4: "夜班"}
        if self is DayPart.WHOLE:
            return ""
        return "、".join(called[part] for part in (self & DayPart.DAY, self & DayPart.NIGHT) if part)
