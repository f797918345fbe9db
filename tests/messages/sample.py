"""The people, units and tasks of docs/messages.md, and of every kind of notice one that speaks of them. All of it is made up."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from typing import Any

from db.bodies import (
    Above,
    AlarmBody,
    Body,
    CallBody,
    DecisionBody,
    DigestBody,
    EvidenceBody,
    KeptFile,
    MissedBody,
    ObjectionBody,
    PaperBody,
    RelayBody,
    ReplyBody,
    RequestBody,
    RoundBody,
    RoundTallyBody,
    ScoreBody,
    SpotCheckBody,
    TallyBody,
    WeeklyBody,
    WorkBody,
)
from db.broadcasts import Figures
from db.ledger import Line
from db.models import Assignment, Broadcast, Campaign, Extension, Milestone, NoticeItem, Task, Unit
from db.words import Action, DeadlineKind, NoticeKind, Reason, Role, State
from jobs.broadcasts import answer_buttons
from jobs.notices import digests
from jobs.notices.press import Verb, button, pairs
from jobs.notices.render import item_buttons, tally_buttons
from jobs.notices.views import (
    LAMPS,
    AlarmExtra,
    DecisionExtra,
    DigestExtra,
    Extra,
    ObjectionExtra,
    PaperExtra,
    RequestExtra,
    RoundExtra,
    ScoreExtra,
    SilentExtra,
    SlipExtra,
    StandingExtra,
    SupervisionExtra,
    TallyExtra,
    item_view,
)
from jobs.rounds.standing import Figures as RoundFigures

TODAY = date(2022, 6, 23)
NOW = datetime(2022, 6, 23, 1, 12, tzinfo=UTC)
CAMPAIGN = Campaign(
    id=1, title="滨州镇夏季安全大检查任务清单", letter="A", timezone="Asia/Shanghai", reference_year=2022
)
UNIT = Unit(id=1, name="镇安监站")
LEAD = Unit(id=2, name="镇政府办")
WHO = "赵敏"

_DUTIES = (
    ("对辖区烟花爆竹零售点开展一次全面检查。", date(2022, 6, 30), DeadlineKind.DATE),
    ("完成老旧小区消防通道清理。", date(2022, 7, 7), DeadlineKind.DATE),
    ("报送危化品企业名单。", date(2022, 6, 22), DeadlineKind.DATE),
    ("持续开展安全生产宣传进社区。", None, DeadlineKind.ONGOING),
    ("组织一次防汛演练。", date(2022, 9, 15), DeadlineKind.DATE),
    ("整改加油站油气回收装置。", date(2022, 8, 1), DeadlineKind.DATE),
    ("更新有限空间作业台账。", date(2022, 10, 31), DeadlineKind.DATE),
    ("检查学校食堂燃气使用。", date(2022, 7, 20), DeadlineKind.DATE),
    ("排查自建房经营场所。", date(2022, 11, 30), DeadlineKind.DATE),
    ("督促客运企业开展驾驶员培训。", date(2022, 12, 15), DeadlineKind.DATE),
    ("开展冬季取暖安全宣传。", date(2022, 12, 20), DeadlineKind.DATE),
)


def line(number: int, **how: Any) -> Line:
    """Return the assignment of one of the sample's duties, counted from 1."""
    text, due, kind = _DUTIES[number - 1]
    return Line(
        assignment=Assignment(
            id=number,
            milestone_id=number,
            campaign_id=1,
            unit_id=1,
            **({"due": due, "original_due": due, "role": Role.RESPONSIBLE, "state": State.PENDING} | how),
        ),
        milestone=Milestone(id=number, task_id=number, position=1, code=f"A-{number}", text="", kind=kind, due=due),
        task=Task(id=number, campaign_id=1, position=number, key=str(number), number=str(number), text=text),
        unit=UNIT,
        campaign=CAMPAIGN,
    )


@dataclass(frozen=True, slots=True)
class Sample:
    """One notice: what it is here, its kind, what it speaks of and carries; ``again`` where it is sent once more."""

    title: str
    kind: NoticeKind
    numbers: Sequence[int] = ()
    asks: bool = False
    body: Body = field(default_factory=WorkBody)
    extra: Extra = field(default_factory=Extra)
    kinds: Sequence[NoticeKind] = ()
    how: dict[str, Any] = field(default_factory=dict)
    again: bool = False
    reason: Reason = Reason.DAYS_BEFORE

    @property
    def found(self) -> list[tuple[NoticeItem, Line]]:
        """What it speaks of, as a worker finds it in the store."""
        kinds = self.kinds or (self.kind,) * len(self.numbers)
        return [
            (
                NoticeItem(notice_id=7, assignment_id=number, kind=kind, reason=self.reason, asks_receipt=self.asks),
                line(number, **self.how),
            )
            for number, kind in zip(self.numbers, kinds, strict=True)
        ]


_EXTENSION = Extension(
    assignment_id=2, requested_by_id=1, requested_at=NOW, old_due=date(2022, 7, 7), new_due=date(2022, 7, 21)
)
_PHOTO = KeptFile("0" * 64, "现场照片1.jpg", 2048)
_CALLED = Broadcast(
    id=1,
    room_id=1,
    who="王协调",
    audience="全部",
    words="今晚有暴雨，请加强值守，险情即报。",
    created_at=NOW,
    sent_at=NOW,
)
_FIGURES = Figures(12, 9, 6, 1, ("镇安监站", "镇城建办", "镇中心校"), ("镇供销社",), ("镇卫生院",), 1, None)
_ASKING = Broadcast(
    id=2,
    room_id=1,
    who="王协调",
    audience="全部",
    words="请报危房群众转移情况。",
    options=["已转移", "未转移", "需支援"],
    created_at=NOW,
    sent_at=NOW,
)
_CHOSEN = Figures(
    12, 11, 9, 0, ("镇中心校",), ("镇供销社",), (), 0, None, ("镇卫生院",),
    (("已转移", ("镇安监站", "镇城建办")), ("未转移", ()), ("需支援", ("镇水利站",))),
)  # fmt: skip
_SET = Figures(12, 0, 0, 0, (), (), (), 12, NOW)
_CLAIMS = {3: "6月23日催办"}
_BUTTONS = (("收到", button(Verb.RECEIVE, 1).data),)


def _paper(**how: Any) -> PaperExtra:
    claims = {3: "6月23日催办、6月27日督办"}
    return PaperExtra(claims=claims, count=1, workdays=7, year=2022, **how)


_DIGEST = DigestBody(
    "滨州镇夏季安全大检查任务清单",
    "2022-06-23",
    {"total": 42, "red": 2, "yellow": 5, "blue": 1, "waiting": 1, "closed": 9, "silent": 3},
    (
        (
            "逾期",
            ("〔A-3〕镇安监站：报送危化品企业名单。——6月22日 逾期1天", "〔A-7〕镇中心校：更新台账。——6月20日 逾期3天"),
        ),
        ("已报待核", ("〔A-5〕镇水利站：组织一次防汛演练。",)),
    ),
    "3f8a-91c2",
)
_DIGEST_EXTRA = DigestExtra(
    lamps={str(lamp): mark for lamp, mark in LAMPS.items()}, buttons=digests.buttons(1, _DIGEST)
)
_UNCHANGED = replace(_DIGEST, unchanged_since="2022-06-21")
_OF_SEVERAL = DigestBody(
    "",
    "2022-06-23",
    {},
    parts=(
        replace(_DIGEST, campaign=1),
        replace(
            _UNCHANGED,
            title="滨州镇防汛备汛责任清单",
            figures={**_DIGEST.figures, "total": 18, "red": 0, "silent": 0},
            campaign=2,
        ),
        DigestBody(
            "不属于专项行动的通知",
            "2022-06-23",
            {"undelivered": 2},
            (("未能送达", ("镇水利站（没有会话）：群发2条",)),),
        ),
    ),
)
_JUNE = date(2022, 6, 1)
_SCORE = ScoreExtra(
    month=_JUNE,
    unit=UNIT.name,
    rows=("〔A-2〕按期办结 +1（6月17日）", "〔A-3〕逾期2个工作日 −0.2（6月24日）"),
    total="+0.8",
    until=date(2022, 7, 6),
)
_ROUND = RoundBody(
    1,
    "消防通道清理进展",
    "2022-06-24",
    ("进展", "存在问题", "下一步", "完成比例"),
    form="https://board.example/board/round/1",
)
_ROUND_STANDS = RoundExtra(
    title="消防通道清理进展",
    campaign=CAMPAIGN.title,
    scope="黄灯以上单位",
    due=date(2022, 6, 24),
    n=RoundFigures(6, 3, (("镇中心校", 2),), (("镇水利站", 1),), ("镇中心校",), 0),
    buttons=(button(Verb.CHASE_ROUND, 1), button(Verb.EXPORT_ROUND, 1), button(Verb.CLOSE_ROUND, 1)),
)
_UPHELD = replace(_SCORE, rows=(_SCORE.rows[0], f"{_SCORE.rows[1]}，已取消"), total="+1", upheld=True, code="A-3")
_SUMS = ScoreExtra(month=_JUNE, rows=(f"{LEAD.name}　+2", f"{UNIT.name}　+1"), rest=9)
_OBJECTION = ObjectionExtra(
    month=_JUNE,
    unit=UNIT.name,
    code="A-3",
    task="报送危化品企业名单。",
    words="名单6月22日已送达，系统恢复后才补报",
    rows=(_SCORE.rows[1],),
    buttons=(button(Verb.UPHOLD, 1), button(Verb.OVERRULE, 1)),
)
_WEEKLY = WeeklyBody(
    "2022-06-27",
    {"open": 31, "red": 2, "yellow": 5, "closed": 4, "unsigned": 1},
    (
        ("镇中心校", ("〔A-7〕更新台账。　6月20日到期，逾期7天；一直没有回应",)),
        ("镇安监站", ("〔A-3〕报送危化品企业名单。　6月22日到期，逾期5天；6月24日刘站长报进展：还差两家，周五前报齐",)),
    ),
)
_STANDING = StandingExtra(
    rows=tuple(item_view(line(number), TODAY) for number in (1, 2)),
    more=3,
    open=5,
    counts=(("🟡临期", 1), ("🔵待核查", 1)),
)
_WEEKLY_BUTTONS = (button(Verb.LOOK_AT_LIST, 0, label="看逾期"), button(Verb.LOOK_AT_PAPER, 1, label="看待签发"))

_UNTRUE = DecisionBody(Action.REOPEN, "王协调", "现场通道仍被占用", untrue=True)
_REOPENED = DecisionExtra(
    outcome="抽查不属实，已重开",
    untrue=True,
    buttons=item_buttons(item_view(line(2, state=State.IN_PROGRESS), TODAY)),
)

_URGE = (button(Verb.NUDGE_ALL, 1), button(Verb.LOOK_AT_LIST, 1, 2, "看未签收"))

NOTICES: tuple[Sample, ...] = (
    Sample("一项", NoticeKind.SLIP, [2], asks=True, extra=SlipExtra()),
    Sample("几项", NoticeKind.SLIP, [1, 2, 5, 4], asks=True, extra=SlipExtra()),
    Sample("很多项", NoticeKind.SLIP, [9, 4, 1, 2, 5, 6, 7, 8, 10, 11], asks=True, extra=SlipExtra(lines=8)),
    Sample("一个问题", NoticeKind.SLIP, [2], asks=True, extra=SlipExtra(problems=("A-2",))),
    Sample("其中一个问题", NoticeKind.SLIP, [1, 2], asks=True, extra=SlipExtra(problems=("A-2",))),
    Sample("启动时已逾期的", NoticeKind.SUMMARY, [3]),
    Sample("还早", NoticeKind.REMINDER, [2]),
    Sample("要签收", NoticeKind.REMINDER, [1], asks=True),
    Sample("要签收，几项", NoticeKind.REMINDER, [1, 2], asks=True),
    Sample("一项", NoticeKind.RECEIPT_CHASE, [2], asks=True),
    Sample("几项", NoticeKind.RECEIPT_CHASE, [1, 2], asks=True),
    Sample("一项", NoticeKind.PROGRESS_QUERY, [1], how={"state": State.ACKNOWLEDGED}),
    Sample("协调员催问", NoticeKind.PROGRESS_QUERY, [1], how={"state": State.IN_PROGRESS}, reason=Reason.BY_HAND),
    Sample("一项", NoticeKind.CHECKIN, [4]),
    Sample("几项", NoticeKind.CHECKIN, [4, 5], how={"due": None}),
    Sample("", NoticeKind.OVERDUE, [3]),
    Sample("补发", NoticeKind.OVERDUE, [3], again=True),
    Sample("抄送分管领导、责任人", NoticeKind.OVERDUE, [3], body=WorkBody(True)),
    Sample("给单位", NoticeKind.SUPERVISION, [3], extra=SupervisionExtra(_CLAIMS, workdays=3)),
    Sample(
        "给牵头单位和协调室",
        NoticeKind.SUPERVISION,
        [3],
        body=WorkBody(True),
        extra=SupervisionExtra(_CLAIMS, workdays=3),
    ),
    Sample(
        "几种合为一条",
        NoticeKind.OVERDUE,
        [3, 1, 2],
        asks=True,
        kinds=[NoticeKind.OVERDUE, NoticeKind.REMINDER, NoticeKind.REMINDER],
    ),
    Sample("一项", NoticeKind.ROUND, [2], body=_ROUND, how={"state": State.ACKNOWLEDGED}),
    Sample("几项，催报，须两人签字", NoticeKind.ROUND, [1, 2], body=replace(_ROUND, signatures=2, chase=True), how={"state": State.ACKNOWLEDGED}),
    Sample("改期", NoticeKind.ROUND, [2], body=replace(_ROUND, was="2022-06-21"), how={"state": State.ACKNOWLEDGED}),
    Sample("进行中", NoticeKind.ROUND_TALLY, body=RoundTallyBody(1), extra=_ROUND_STANDS),
    Sample("绑定后补送", NoticeKind.CATCH_UP, [1, 2], asks=True, kinds=[NoticeKind.SLIP] * 2),
    Sample("待签发", NoticeKind.BULLETIN, [3], body=PaperBody((1,), draft=True), extra=_paper(draft=True)),
    Sample("待签发，有未归到任务的留言", NoticeKind.BULLETIN, [3], body=PaperBody((1,), draft=True),
           extra=_paper(draft=True, left=("镇安监站6月20日小周的留言未归到任务：许可证的事办完了",))),
    Sample("已签发", NoticeKind.BULLETIN, [3], body=PaperBody((1,), 1), extra=_paper(signer="钱镇长", number=2, signed_on=TODAY, left_out=1)),
    Sample("待签发", NoticeKind.SUMMONS, [3], body=PaperBody((2,), draft=True), extra=_paper(draft=True)),
    Sample("已签发", NoticeKind.SUMMONS, [3], body=PaperBody((2,), 2), extra=_paper(signer="钱镇长", number=1, signed_on=TODAY)),
    Sample("", NoticeKind.SILENT, [1, 2], how={"state": State.PENDING}, extra=SilentExtra(buttons=_URGE)),
    Sample("有的后来回应了", NoticeKind.SILENT, [1, 2], how={"state": State.PENDING}, extra=SilentExtra(
        answered=frozenset({2}), buttons=_URGE)),
    Sample("有变化", NoticeKind.DIGEST, body=_DIGEST, extra=_DIGEST_EXTRA),
    Sample(
        "没有变化",
        NoticeKind.DIGEST,
        body=_UNCHANGED,
        extra=_DIGEST_EXTRA,
    ),
    Sample(
        "没有变化，附督办自报",
        NoticeKind.DIGEST,
        body=replace(_UNCHANGED, report={"sent": 12, "failed": 1, "unknown": 0, "heard": 7}),
        extra=_DIGEST_EXTRA,
    ),
    Sample(
        "没有需要处理的事",
        NoticeKind.DIGEST,
        body=DigestBody("", "2022-06-23", {}, report={"sent": 3, "failed": 0, "unknown": 0, "heard": 2}),
        extra=replace(_DIGEST_EXTRA, buttons=()),
    ),
    Sample("没有变化，一周的第一天", NoticeKind.DIGEST, body=replace(_UNCHANGED, whole=True), extra=_DIGEST_EXTRA),
    Sample("几个专项", NoticeKind.DIGEST, body=_OF_SEVERAL, extra=replace(_DIGEST_EXTRA, buttons=digests.buttons(None, _OF_SEVERAL))),
    Sample("", NoticeKind.STANDING, body=WorkBody(for_information=True), extra=_STANDING),
    Sample("都办结了", NoticeKind.STANDING, body=WorkBody(for_information=True), extra=StandingExtra()),
    Sample("", NoticeKind.WEEKLY, body=_WEEKLY, extra=replace(_DIGEST_EXTRA, buttons=_WEEKLY_BUTTONS)),
    Sample(
        "自查",
        NoticeKind.REVIEW,
        [2],
        body=RequestBody(Action.REPORT, WHO, "通道已全部清理", level="self"),
        extra=RequestExtra(until=date(2022, 6, 28)),
        how={"state": State.REPORTED},
    ),
    Sample(
        "复查",
        NoticeKind.REVIEW,
        [2],
        body=RequestBody(Action.REPORT, WHO, "通道已全部清理，见照片", files=(_PHOTO,), level="lead"),
        extra=RequestExtra(
            evidence=("现场照片1.jpg",),
            looked=("自查确认（孙站长 6月22日）",),
            until=date(2022, 6, 28),
            caption="佐证〔A-2〕镇安监站：",
        ),
        how={"state": State.REPORTED},
    ),
    Sample(
        "报办结",
        NoticeKind.VERIFY_REQUEST,
        [2],
        body=RequestBody(Action.REPORT, WHO, "通道已全部清理，见照片", files=(_PHOTO,)),
        extra=RequestExtra(evidence=("现场照片1.jpg",), missing=("报告",), looked=("复查通过（李四 6月22日）：属实",), caption="佐证〔A-2〕镇安监站："),
        how={"state": State.REPORTED},
    ),
    Sample("报续期", NoticeKind.VERIFY_REQUEST, [2], body=RequestBody(Action.REPORT, WHO, "已换证，有效期至2025年7月4日"),
           extra=RequestExtra(renews=(date(2025, 7, 4), date(2025, 4, 4))), how={"state": State.REPORTED}),
    Sample(
        "延期",
        NoticeKind.VERIFY_REQUEST,
        [2],
        body=RequestBody(Action.REQUEST_EXTENSION, WHO, "雨天无法施工"),
        extra=RequestExtra(extension=_EXTENSION),
    ),
    Sample("核查", NoticeKind.DECISION, [2], body=DecisionBody(Action.VERIFY, "王协调"),
           extra=DecisionExtra(outcome="已核查销号"), how={"state": State.CLOSED}),
    Sample("一次核查几项", NoticeKind.DECISION, [1, 2], body=DecisionBody(Action.VERIFY, "王协调"),
           extra=DecisionExtra(outcome="已核查销号"), how={"state": State.CLOSED}),
    Sample("一次退回几项", NoticeKind.DECISION, [1, 2], body=DecisionBody(Action.RETURN, "王协调", "请补一张清理后的照片"),
           extra=DecisionExtra(outcome="已退回")),
    Sample("公示", NoticeKind.DECISION, [2], body=DecisionBody(Action.PUBLISH, "王协调"),
           extra=DecisionExtra(outcome="核查属实，公示至2022年6月30日，期满自动销号"), how={"state": State.REPORTED}),
    Sample("退回", NoticeKind.DECISION, [2], body=DecisionBody(Action.RETURN, "王协调", "请补一张清理后的照片"),
           extra=DecisionExtra(outcome="已退回")),
    Sample("抽查不属实", NoticeKind.DECISION, [2], body=_UNTRUE, extra=_REOPENED, how={"state": State.IN_PROGRESS}),
    Sample("抽查不属实，补发", NoticeKind.DECISION, [2], body=_UNTRUE, extra=_REOPENED, how={"state": State.IN_PROGRESS}, again=True),
    Sample(
        "更正期限",
        NoticeKind.DECISION,
        [2],
        body=DecisionBody(Action.CORRECT, "王协调", was={"due": "2022-07-01"}),
        extra=DecisionExtra(outcome="内容已更正", was_due=date(2022, 7, 1)),
    ),
    Sample("", NoticeKind.EVIDENCE, [2], body=EvidenceBody(WHO, ("现场照片2.jpg",), (_PHOTO,)), extra=RequestExtra()),
    Sample("撤回", NoticeKind.EVIDENCE, [2], body=EvidenceBody(WHO, ("现场照片2.jpg",), withdrawn=True), extra=RequestExtra(missing=("照片",))),
    Sample("", NoticeKind.SPOT_CHECK, [2], body=SpotCheckBody(1), how={"state": State.CLOSED}),
    Sample("属实", NoticeKind.SPOT_CHECK, [2], body=SpotCheckBody(1, True, "王协调"), how={"state": State.CLOSED}),
    Sample("", NoticeKind.BROADCAST, body=CallBody(_CALLED.words, "王协调", buttons=_BUTTONS)),
    Sample("再次提醒", NoticeKind.BROADCAST, body=CallBody(_CALLED.words, "王协调", round=2, buttons=_BUTTONS)),
    Sample("有选项", NoticeKind.BROADCAST, body=CallBody(
        _ASKING.words, "王协调", options=tuple(_ASKING.options), buttons=pairs(answer_buttons(_ASKING)))),
    Sample("", NoticeKind.URGENT, body=CallBody(_CALLED.words, "王协调", urgent=True, buttons=_BUTTONS)),
    Sample(
        "报上级",
        NoticeKind.URGENT,
        body=CallBody(_CALLED.words, urgent=True, above=Above((("镇中心校", 3),), ("镇供销社",), on_duty=(("镇中心校", "王工 13800138000、李工"),))),
    ),
    Sample("", NoticeKind.TALLY, body=TallyBody(), extra=TallyExtra(
        broadcast=_CALLED, n=_FIGURES, buttons=tally_buttons(_CALLED, _FIGURES))),
    Sample("有选项", NoticeKind.TALLY, body=TallyBody(), extra=TallyExtra(
        broadcast=_ASKING, n=_CHOSEN, buttons=tally_buttons(_ASKING, _CHOSEN))),
    Sample("定时，还没发出", NoticeKind.TALLY, body=TallyBody(), extra=TallyExtra(
        broadcast=_CALLED, n=_SET, goes_at="6月24日（周五）7:00", buttons=tally_buttons(_CALLED, _SET))),
    Sample("提问", NoticeKind.RELAY, body=RelayBody(WHO, "名单里要不要列个体户？", UNIT.name, "A-3", question_id=5)),
    Sample("销号以后", NoticeKind.RELAY, body=RelayBody(
        WHO, "报早了，还有两处没换", UNIT.name, "A-3", question_id=5, buttons=(("重开", "v3:1:1"),))),
    Sample("群发答复", NoticeKind.RELAY, body=RelayBody(WHO, "值班表下午报。", UNIT.name, broadcast="请报值班表")),
    Sample("叫应答复", NoticeKind.RELAY, body=RelayBody(WHO, "还有两户没走。", UNIT.name, broadcast="请报转移情况", urgent=True)),
    Sample("补充", NoticeKind.RELAY, body=RelayBody(WHO, "另有3家已通报", UNIT.name, "A-3", added=True)),
    Sample("答复", NoticeKind.RELAY, body=RelayBody("王协调", "要列。", answer=True, question="名单里要不要列个体户？")),
    Sample("专项已结束", NoticeKind.RELAY, body=RelayBody("王协调", answer=True, question="名单里要不要列个体户？", code="A-3",
                                                     over="滨州镇夏季安全大检查任务清单")),
    Sample("登记", NoticeKind.RELAY, body=RelayBody(announced="镇安监站已绑定“安监站工作群”（赵敏）。")),
    Sample("新群", NoticeKind.RELAY, body=RelayBody(new_chat=12, title="安监站工作群")),
    Sample("", NoticeKind.FAILURE, body=AlarmBody("未能发到镇安监站的群", "督办机器人已被移出该群", "请群里人把它请回来。"),
           extra=AlarmExtra(times=1)),
    Sample("公示给一个单位", NoticeKind.SCORE, body=ScoreBody(1, unit_id=1), extra=_SCORE),
    Sample("异议已采纳", NoticeKind.SCORE, body=ScoreBody(1, unit_id=1, objection=1), extra=_UPHELD),
    Sample("对各单位生效", NoticeKind.SCORE, body=ScoreBody(1), extra=_SUMS),
    Sample("", NoticeKind.OBJECTION, body=ObjectionBody(1, WHO), extra=_OBJECTION),
    Sample("", NoticeKind.MISSED, body=MissedBody("6月23日09:16", "6月23日10:01", "")),
    Sample("", NoticeKind.REPLY, body=ReplyBody("（见下面各条答复）")),
)  # fmt: skip
"""Of every kind of notice one sample at least."""
