"""定期调度, purely: what a sentence asks for, what an answer says, when a round goes on by itself."""

from dataclasses import replace
from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest

from db.workdays import china
from jobs.desk import Desk
from jobs.rounds import asked
from jobs.rounds.answers import FIELDS, adds_nothing, folded, is_labelled, lacking, parted
from jobs.rounds.narrowed import Narrowed
from jobs.rounds.schedule import Turn, called, next_after, period, steps

ZONE = ZoneInfo("Asia/Shanghai")
MONDAY = date(2022, 6, 20)
POLICY = Desk().policy


# ---------------------------------------------------------------- what a sentence asks for


@pytest.mark.parametrize("words", ["双签", "两人签字", "要两个人签字", "2名同志一起签", "两个人都要确认"])
def test_two_persons_sign_in_whatever_words(words: str) -> None:
    found = asked.read(f"周五前报送进展，{words}", MONDAY)
    assert found is not None
    assert found.twice


@pytest.mark.parametrize(
    ("said", "title", "due", "scope"),
    [
        ("本周五前报送危化专项进展，发黄灯以上单位", "危化专项进展", date(2022, 6, 24), "黄灯以上单位"),
        ("请各单位6月底前上报燃气整治情况", "燃气整治情况", date(2022, 6, 30), "未办结单位"),
        ("明天下班前报送进展，发逾期单位", "进展", date(2022, 6, 21), "红灯单位"),
        ("周五前请报送二季度进展情况，发临期和逾期单位", "二季度进展", date(2022, 6, 24), "黄灯以上单位"),
        ("6月24日前报进展", "进展", date(2022, 6, 24), "未办结单位"),
        ("一下：周五前各单位把危化专项进展报上来", "危化专项进展", date(2022, 6, 24), "未办结单位"),
        ("请红灯单位周五前将整治情况都报过来", "整治情况", date(2022, 6, 24), "红灯单位"),
        ("6月24日前报进展，发红灯单位和省应急管理厅", "进展", date(2022, 6, 24), "红灯单位和所列单位"),
        ("6月24日前报进展，发省经信厅、临期和逾期单位", "进展", date(2022, 6, 24), "黄灯以上单位和所列单位"),
        ("6月24日前报进展，发黄灯和红灯单位", "进展", date(2022, 6, 24), "黄灯以上单位"),
        ("6月24日前报进展，发省经信厅红灯任务", "进展", date(2022, 6, 24), "红灯单位"),
        ("6月24日前报送进展，发红黄灯单位", "进展", date(2022, 6, 24), "黄灯以上单位"),
    ],
)
def test_a_sentence_says_what_until_when_and_of_whom(said: str, title: str, due: date, scope: str) -> None:
    found = asked.read(said, MONDAY)
    assert found is not None
    assert (found.title, found.due, found.scope) == (title, due, scope)


@pytest.mark.parametrize("said", ["今天有什么要办的", "记分 6月", "请省经信厅报送园区名单", "辛苦了"])
def test_what_asks_for_no_progress_opens_no_round(said: str) -> None:
    assert asked.read(said, MONDAY) is None


@pytest.mark.parametrize(
    ("said", "plain"),
    [
        ("本周五前报送危化专项进展，发黄灯以上单位", True),
        ("周五前报送进展，双签字", True),
        ("报送危化专项进展，发各单位", False),
        ("张主任说周五前报送进展情况", False),
        ("请各单位6月24日前报送危化专项进展和存在问题", True),
        ("请省经信厅6月24日前报送危化专项进展", False),
        ("请各单位报送危化专项进展", False),
        ("请各单位6月24日前报送进展，不要迟报", True),
        ("请逾期单位6月24日前报送进展，已报的不用再报", True),
        ("不用请各单位6月24日前报送进展", False),
        ("请各单位不要在6月24日前报送进展", False),
        ("已请各单位6月24日前报送进展", False),
        ("昨天已通知，请各单位6月24日前报送进展了", False),
        ("请各单位6月24日前报送进展了吗？", False),
        ("请各单位6月24日前报送进展，是否合适", False),
        ("请各单位6月24日前报送进展，先不发", False),
        ("A-1 请各单位6月24日前报送进展 退回", False),
    ],
)
def test_only_who_names_a_day_and_whom_plainly_wants_a_round(said: str, plain: bool) -> None:
    found = asked.read(said, MONDAY)
    assert found is not None
    assert found.plain is plain


@pytest.mark.parametrize(
    ("said", "on", "due"),
    [
        ("请各单位6月17日前报送进展", MONDAY, date(2022, 6, 17)),
        ("请各单位2023年6月17日前报送进展", MONDAY, date(2023, 6, 17)),
        ("请各单位17日前报送进展", MONDAY, date(2022, 7, 17)),
        ("请各单位1月10日前报送进展", date(2022, 12, 20), date(2023, 1, 10)),
    ],
)
def test_a_day_that_has_just_been_is_not_meant_a_year_later(said: str, on: date, due: date) -> None:
    found = asked.read(said, on)
    assert found is not None
    assert found.due == due


def test_a_sentence_may_name_its_fields_and_want_two_signatures() -> None:
    found = asked.read("周五前报送进展，写明进展、堵点和需协调事项，双签字，发各单位", MONDAY)
    assert found is not None
    assert (found.fields, found.twice) == (("进展", "堵点", "需协调事项"), True)


@pytest.mark.parametrize(
    ("title", "named"),
    [
        ("危化专项进展", [0]),
        ("燃气整治情况", [1]),
        ("进展", []),
        ("二季度进展", []),
    ],
)
def test_a_title_names_the_campaign_that_shares_its_words(title: str, named: list[int]) -> None:
    assert asked.named_in(title, ["2022年危化品专项整治方案", "城镇燃气安全整治清单"]) == named


@pytest.mark.parametrize(
    ("said", "narrowed"),
    [
        ("6月30日前报进展，只发应急局", Narrowed(who="应急局")),
        ("6月30日前报进展，仅限应急局和住建局", Narrowed(who="应急局和住建局")),
        ("6月30日前报进展，只要应急局报就行", Narrowed(who="应急局")),
        ("6月30日前报进展，就发应急局一家", Narrowed(who="应急局")),
        ("6月30日前报进展，除应急局外都发", Narrowed(but=("应急局",))),
        ("除了外事办之外，请各单位6月30日前报进展", Narrowed(but=("外事办",))),
        ("请各单位6月30日前报进展（应急局除外）", Narrowed(but=("应急局",))),
        ("6月30日前报进展，应急局这次不用报了", Narrowed(but=("应急局",))),
        ("6月30日前报进展，应急局、住建局就不用了", Narrowed(but=("应急局、住建局",))),
        ("6月30日前报进展，不含应急局", Narrowed(but=("应急局",))),
        ("6月30日前报A-1至A-3进展，a-2不用报", Narrowed(codes=("A-1", "A-2", "A-3"), but_codes=("A-2",))),
        ("6月30日前报第7项进展", Narrowed(codes=("7",))),
        ("6月30日前报进展，只问A-1", Narrowed(codes=("A-1",))),
        ("6月30日前报进展，已报的不用再报，不得不报", Narrowed()),
        ("6月30日前报进展，不要迟报，只填进展和问题，限时报送", Narrowed()),
        ("请各单位6月30日前报进展", Narrowed()),
    ],
)
def test_a_sentence_may_narrow_whom_it_asks_and_of_what(said: str, narrowed: Narrowed) -> None:
    found = asked.read(said, MONDAY)
    assert found is not None
    assert found.narrowed == narrowed
    assert found.plain is bool(narrowed.who or narrowed.but or "请各单位" in said)


# ---------------------------------------------------------------- what an answer says


@pytest.mark.parametrize(
    ("said", "answer"),
    [
        (
            "进展：已完成八成；存在问题：缺专家；下一步：7月底前招标；完成比例：80%",
            {"进展": "已完成八成", "存在问题": "缺专家", "下一步": "7月底前招标", "完成比例": "80%"},
        ),
        (
            "已完成八成，问题是缺专家，下一步7月底前招标",
            {"进展": "已完成八成", "存在问题": "缺专家", "下一步": "7月底前招标", "完成比例": "80%"},
        ),
        ("完成了七成半", {"进展": "完成了七成半", "完成比例": "75%"}),
        ("还差三成，六成员单位已报", {"进展": "还差三成，六成员单位已报"}),
        ("A-7 已检查12家，完成60%", {"进展": "已检查12家，完成60%", "完成比例": "60%"}),
        ("进展 7 正在招标", {"进展": "正在招标"}),
        ("23家已检查", {"进展": "23家已检查"}),
        (
            "1、进展：都在推进\n2、存在的问题：无\n3、下步打算：继续检查",
            {"进展": "都在推进", "存在问题": "无", "下一步": "继续检查"},
        ),
        ("没有什么问题", {"进展": "没有什么问题"}),
    ],
)
def test_an_answer_is_parted_into_its_fields(said: str, answer: dict[str, str]) -> None:
    assert parted(said, FIELDS) == answer


@pytest.mark.parametrize(
    ("said", "answer"),
    [
        ("浇筑完了，难处是防渗材料没到货，下周进场做防渗", {"进展": "浇筑完了", "存在问题": "防渗材料没到货", "下一步": "下周进场做防渗"}),
        ("初稿写好了 没啥困难 周三前定稿 80%", {"进展": "初稿写好了，周三前定稿 80%", "存在问题": "没啥困难", "完成比例": "80%"}),
        ("都在推进，没有大的问题", {"进展": "都在推进", "存在问题": "没有大的问题"}),
        ("没有什么困难", {"进展": "没有什么困难"}),
        ("下周的检查已安排", {"进展": "下周的检查已安排"}),
        ("已检查12家，没有问题企业", {"进展": "已检查12家，没有问题企业"}),
    ],
)  # fmt: skip
def test_what_needs_no_name_is_told_of_its_field(said: str, answer: dict[str, str]) -> None:
    assert parted(said, FIELDS) == answer


def test_fields_of_ones_own_are_called_as_they_are() -> None:
    assert parted("已开工，堵点：用地；需协调事项：无", ("进展", "堵点", "需协调事项")) == {
        "进展": "已开工", "堵点": "用地", "需协调事项": "无",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("label", "field"),
    [
        ("需协调", "需协调事项"),
        ("协调事项", "需协调事项"),
        ("需要协调的事项", "需协调事项"),
        ("堵点", "堵点"),
        ("事项", "需协调事项"),
    ],
)
def test_a_field_is_called_by_a_part_of_its_name_that_no_other_has(label: str, field: str) -> None:
    fields = ("进展", "堵点", "需协调事项")
    assert parted(f"进展：都建了；{label}：请财政厅支持", fields) == {"进展": "都建了", field: "请财政厅支持"}
    assert is_labelled(f"{label}：请财政厅支持", fields)


def test_a_part_that_two_fields_share_and_a_part_without_a_colon_name_none() -> None:
    assert parted("已开工；协调：无", ("进展", "省里协调", "市里协调")) == {"进展": "已开工；协调：无"}
    assert parted("已开工，需协调是难免的", ("进展", "需协调事项")) == {"进展": "已开工，需协调是难免的"}


def test_what_is_added_later_completes_an_answer_and_what_is_said_again_replaces_it() -> None:
    answer = folded([("已完成六成", 60), ("下一步：招标", None), ("进展：已完成八成", 80)], FIELDS)
    assert answer == {"进展": "已完成八成", "下一步": "招标", "完成比例": "80%"}
    assert lacking(answer, FIELDS) == ["存在问题"]


@pytest.mark.parametrize(("said", "labelled"), [("下一步：招标", True), ("下一步招标", False), ("没有问题", False)])
def test_a_field_is_named_with_a_colon(said: str, labelled: bool) -> None:
    assert is_labelled(said, FIELDS) is labelled


# ---------------------------------------------------------------- when it goes on


def when(opened: str, due: date) -> list[tuple[str, Turn]]:
    moment = datetime.fromisoformat(opened).replace(tzinfo=ZONE)
    found = steps(moment, due, POLICY, china(), ZONE)
    return [(step.at.astimezone(ZONE).strftime("%m-%d %H:%M"), step.turn) for step in found]


def test_the_missing_are_chased_the_day_before_and_on_the_day_then_it_closes() -> None:
    assert when("2022-06-20 10:00", date(2022, 6, 24)) == [
        ("06-23 08:30", Turn.CHASE), ("06-24 08:30", Turn.CHASE), ("06-24 18:00", Turn.DUE), ("06-29 08:30", Turn.CLOSE),
    ]  # fmt: skip


def test_nobody_is_chased_on_the_day_of_asking_nor_on_a_holiday() -> None:
    assert [turn for _at, turn in when("2022-06-23 10:00", date(2022, 6, 24))] == [Turn.CHASE, Turn.DUE, Turn.CLOSE]
    assert when("2022-05-30 10:00", date(2022, 6, 5))[:2] == [("06-01 08:30", Turn.CHASE), ("06-02 08:30", Turn.CHASE)]


@pytest.mark.parametrize(
    ("said", "adds"),
    [
        ("没有新情况", False),
        ("A-3 暂无新进展。", False),
        ("我们没有变化", False),
        ("同上次", False),
        ("没有新情况，还差一家", True),
        ("没有新开工的", True),
        ("已报", True),
    ],
)
def test_that_there_is_nothing_new_is_known(said: str, adds: bool) -> None:
    assert adds_nothing(said) is not adds


def test_after_a_step_comes_the_next_and_after_the_last_none() -> None:
    found = steps(datetime(2022, 6, 20, 10, tzinfo=ZONE), date(2022, 6, 24), POLICY, china(), ZONE)
    assert next_after(found, found[0].at) == found[1]
    assert next_after(found, found[-1].at) is None


@pytest.mark.parametrize(
    ("day", "open_"),
    [(date(2022, 6, 17), ""), (date(2022, 6, 20), "2022-06"), (date(2022, 6, 30), "2022-06"), (date(2022, 7, 20), ""),
     (date(2022, 6, 25), "")],
)  # fmt: skip
def test_the_calendar_opens_one_on_its_day_or_the_next_workday(day: date, open_: str) -> None:
    assert period(day, replace(POLICY, round_months=(12, 9, 6, 3)), china()) == open_


def test_a_round_of_the_calendar_is_called_by_its_quarter_or_month() -> None:
    assert called("2022-06", (12, 9, 6, 3)) == "2022年二季度进展"
    assert called("2022-05", (5, 3)) == "2022年5月进展"
