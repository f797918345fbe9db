"""下周到期的有哪些, 省厅那批办到哪了, 谁欠得最多: what coordinators ask of all that stands, and that every figure of it is one count."""

import re
from collections import Counter
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some
from sqlmodel import Session, select

from db import ledger
from db.ledger import Which
from db.models import Assignment
from db.words import LIVING, OPEN_STATES, Lamp, Level, NoticeKind, Rank, Role, State
from jobs.notices.digests import digest_body
from tests.harness.story import Story, task

WATER, SCHOOLS, TRADE, ROADS = "市水务局", "市教育局", "市商务局", "市交通运输局"
WHO = "王协调"


@pytest.fixture
def asked(story: Story) -> Story:
    story.begins(
        "2022-06-01 09:00",
        task(1, "2022-06-10", lead=(WATER,), assist=(SCHOOLS,), text="完成河道闸门检修。"),
        task(2, "2022-06-17", lead=(SCHOOLS,), text="开展实验室药品清点。"),
        task(3, "2022-06-22", lead=(TRADE,), text="完成冷库管道检测。"),
        task(4, "2022-07-08", lead=(WATER,), text="建立泵房台账。"),
        task(5, None, lead=(TRADE,), text="持续整治占道堆料。"),
        task(6, "2022-06-12", lead=(TRADE,), text="拆除破损雨棚。"),
    )
    story.also_begins("省厅交办事项", task(1, "2022-06-20", lead=(SCHOOLS,), text="报送食堂检查结果。"))
    story.appoints(WHO, Rank.COORDINATOR)
    story.until("2022-06-08 10:00")
    story.group(WATER).says("办结 A-1", who="水工")
    story.room.says("核查 A-1 市水务局", who=WHO)
    story.until("2022-06-15 10:00")
    story.forget()
    return story


QUESTIONS = (
    ("下周到期的有哪些", "下周到期（2项）"),
    ("这周要到期的", "本周到期（1项）"),
    ("6月底前到期的有哪些", "6月30日前到期（"),
    ("下个月要交的列一下", "下月到期（1项）"),
    ("市教育局下周到期的有几项", "市教育局 下周到期（1项）"),
    ("现在逾期几项", "逾期（1项，另有1项是配合单位的）"),
    ("市教育局逾期几项", "市教育局 逾期（0项，另有1项是配合单位的）"),
    ("配合单位逾期的有吗", "逾期 配合（1项）"),
    ("市水务局欠几件", "市水务局（1项）"),
    ("市教育局牵头的有几项", "市教育局 牵头（2项）"),
    ("专项B待核查的", "B 待核查（0项）"),
    ("省厅那批还有哪些没办完", "“省厅交办事项”（1项）"),
    ("省厅那批办到哪了", "省厅交办事项　"),
    ("省厅交办事项的完成率", "省厅交办事项　"),
    ("上周销号了几项", "上周销号（1项）"),
    ("本周办结几项", "本周销号（0项）"),
    ("昨天谁报了办结", "昨天上报（0项）"),
    ("长期的任务有哪些", "长期（1项）"),
    ("已经销号的有哪些", "销号（1项）"),
    ("全部任务列一下", "任务清单（7项，其中1项是配合单位的）"),
    ("清单发我", "任务清单（7项，其中1项是配合单位的）"),
    ("有没有没送达的", "未能送达"),
    ("还有谁的问题没答复", "提问"),
    ("通知发下去有没有人没看", "尚未签收的单位"),
    ("A-3什么时候到期", "〔A-3〕完成冷库管道检测"),
    ("手头还有什么事", "待核查0项，延期待批0项，逾期1项"),
    ("汇总一下", "测试清单　"),
    ("市商务局联络员是谁", "市商务局没有登记联络员"),
)
"""A question, and what the answer says."""


def test_a_question_opens_the_list_that_it_asks_for(asked: Story) -> None:
    for words, heading in QUESTIONS:
        assert heading in _asks(asked, words), words
    for words in ("各单位完成率", "谁逾期最多", "对比一下市水务局和市商务局"):
        rows = _asks(asked, words)
        assert "市商务局：共3项，逾期1，已销号0（0%）" in rows, words
        assert "市水务局：共2项，已销号1（50%）" in rows[rows.index(TRADE) :], words
    for words in ("上周完成率怎么样", "专项B上个月的情况怎么样"):  # no figure of other days is that of today
        assert "没听懂" in _asks(asked, words), words
    for words in ("发给李局看看", "给周厅长发一份", "转给领导看一下"):
        answer = _asks(asked, words)
        assert "没有发给领导" in answer, words
        assert "印发 一页纸" in answer, words
    asked.forget()


NARROWED = (
    ("市水务局销号几项", "市水务局 销号（1项）"),
    ("市水务局一共办结多少项", "市水务局 销号（1项）"),
    ("市教育局和市商务局各欠几项", "市商务局：共3项，逾期1"),
    ("水务还欠几件", "市水务局（1项）"),
    ("除了市商务局现在逾期几项", "逾期 不含市商务局（0项"),
    ("市商务局以外还有几项没办", "不含市商务局（4项"),
    ("市商务局不算，长期的有几项", "长期 不含市商务局（0项）"),
    ("除了市商务局谁没签收", "未签收 不含市商务局（"),
    ("市商务局完成率", "市商务局：共3项，逾期1，已销号0（0%）"),
    ("上上周销号了几项", "上上周销号（0项）"),
    ("下下周到期的有哪些", "下下周到期（0项）"),
    ("6月7日以后销号的", "6月7日起销号（1项）"),
    ("6月1日到6月9日销号的有几项", "6月1日至6月9日销号（1项）"),
    ("最近八天销号了几项", "6月8日至6月15日销号（1项）"),
    ("七天内到期的有几项", "6月15日至6月22日到期（3项）"),
    ("上周三办结几项", "6月8日销号（1项）"),
    ("到今天为止逾期几项", "逾期（1项"),
    ("截至6月20日到期的有哪些", "6月20日前到期（"),
    ("被退回的有几项", "退回过（0项）"),
    ("总共多少项，销号多少，逾期多少", "测试清单　"),
)
UNHEARD = (
    ("按期办结的有几项", "按期办结"),
    ("逾期以后才销号的有哪些", "逾期以后才销号"),
    ("逾期五天以上的有哪些", "五天以上"),
    ("上半年销号几项", "上半年"),
    ("除了市旅游局现在逾期几项", "除了市旅游局现在逾期几项"),
    ("沿河的逾期几项", "沿河"),
)


def test_each_word_of_a_question_narrows_the_list_or_is_told_to_be_unheard(asked: Story) -> None:
    for words, heading in NARROWED:
        assert heading in _asks(asked, words), words
    for words, unheard in UNHEARD:
        answer = _asks(asked, words)
        assert f"没听懂话里的“{unheard}”" in answer, words
        assert re.search(r"\d项", answer.replace(words, "")) is None, words
    _asks(asked, "沿河的逾期几项")
    answer = next(message for message, _id in asked.cast.unheard if "沿河" in message.text)
    asked.room.presses(answer, "只看逾期", who=WHO, there=True)
    assert any("逾期（1项" in message.text for message, _id in asked.cast.unheard)
    asked.forget()


def _asks(story: Story, words: str) -> str:
    story.forget()
    story.room.says(words, who=WHO)
    return "\n".join(message.text for message, _id in story.cast.unheard if message.kind is NoticeKind.REPLY)


# ---------------------------------------------------------------- one count

_OF_ONE = some.tuples(
    some.sampled_from(State),
    some.one_of(some.none(), some.integers(-20, 20)),
    some.sampled_from(Role),
    some.sampled_from((None, Level.SELF, Level.LEAD, Level.NOTICE)),
    some.booleans(),
)
_ASSISTING = Which(LIVING, roles=[Role.ASSIST])
_NOW = datetime(2022, 6, 15, 2, tzinfo=UTC)


def _standing(session: Session, ways: list[tuple[State, int | None, Role, Level | None, bool]]) -> None:
    """Let every assignment stand as one of ``ways`` says."""
    for one, (state, days, role, level, more_time) in zip(session.exec(select(Assignment)), ways * 9, strict=False):
        one.state, one.role, one.decision_pending = state, role, more_time and state in OPEN_STATES
        one.due = None if days is None else date(2022, 6, 15) + timedelta(days=days)
        one.closed_at = _NOW - timedelta(days=4) if state is State.CLOSED else None
        one.level = level if state is State.REPORTED else None
        session.add(one)


def _of(story: Story, words: str) -> int:
    found = re.search(r"（(\d+)项", _asks(story, f"清单 {words}"))
    assert found is not None
    return int(found[1])


@pytest.fixture
def stood(tmp_path: Path) -> Story:
    """Tell a story whose assignments are put as they never came to stand, of which the record says nothing."""
    story = Story(tmp_path)
    story.mornings = False
    units = (WATER, SCHOOLS, TRADE, ROADS)
    tasks = [task(n, "2022-09-30", lead=(units[n % 4],), assist=(units[(n + 1) % 4],)) for n in range(1, 7)]
    story.begins("2022-06-15 10:00", *tasks)
    story.also_begins("省厅交办事项", *tasks[:3])
    story.appoints(WHO, Rank.COORDINATOR)
    return story


@settings(max_examples=4, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(ways=some.lists(_OF_ONE, min_size=4, max_size=9))
def test_every_figure_of_the_room_is_the_same_wherever_it_is_read(
    stood: Story, ways: list[tuple[State, int | None, Role, Level | None, bool]]
) -> None:
    with stood.store.write() as session:
        _standing(session, ways)
    with stood.store.read() as session:
        running = ledger.running(session)
        told = [digest_body(session, one.id, date(2022, 6, 15)).figures for one in running]
        days = ledger.days(session, stood.stage.clock.now())
        rows, of_assisting = (ledger.heaps(session, which) for which in (Which(LIVING), _ASSISTING))
        units = [name for name, _count in ledger.by_unit(session, Which(LIVING))]
    total = {name: sum(one[name] for one in told) for name in ("red", "yellow", "white", "closed", "waiting", "total")}
    on_board = Counter(heap.lamp(days) for heap in rows for _one in range(heap.size))
    on_board -= Counter(heap.lamp(days) for heap in of_assisting for _one in range(heap.size))
    for words, name, lamp in (
        ("逾期", "red", Lamp.RED),
        ("临期", "yellow", Lamp.YELLOW),
        ("长期", "white", Lamp.WHITE),
    ):
        assert _of(stood, words) == total[name] == on_board[lamp]
        assert total[name] == sum(_of(stood, f"{unit} {words}") for unit in units)
        assert total[name] == sum(_of(stood, f"{words} {one.letter}") for one in running)
    assert _of(stood, "销号") == total["closed"] == _of(stood, "上周销号")
    assert _of(stood, "延期") == total["waiting"]
    awaiting = sum(one["blue"] - one.get("below", 0) for one in told)
    assert _of(stood, "待核查") == awaiting
    assert f"待核查{awaiting}项，延期待批{total['waiting']}项，逾期{total['red']}项" in _asks(stood, "手头还有什么事")
    lights = _asks(stood, "状态")
    for one in told:
        assert f"共{one['total']}项：🔴逾期{one['red']}　🟡临期{one['yellow']}" in lights
        assert f"已销号{one['closed']}" in lights
    each = _asks(stood, "各单位完成率")
    for written, name in (("共", "total"), ("，逾期", "red"), ("已销号", "closed")):
        assert sum(map(int, re.findall(rf"{written}(\d+)", each))) == total[name]
    urged = re.search(r"(\d+)项", _asks(stood, "催办 逾期"))
    assert (int(urged[1]) if urged is not None else 0) <= total["red"]
