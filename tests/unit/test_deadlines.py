"""The deadline grammar, against 2 March 2022."""

from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from db.periods import due_days
from db.words import DeadlineKind
from jobs.reading.deadlines import Frame, Setting, answers, find_deadlines, read_deadline
from jobs.reading.deadlines.find import forget
from jobs.reading.deadlines.normal import normal
from jobs.reading.deadlines.relative import later
from jobs.reading.deadlines.resolve import add_days, add_months, make, number

ON = date(2022, 3, 2)

CERTAIN_DAYS = {
    "十二月月底": "2022-12-31", "12月月底前": "2022-12-31",
    "2022年9月15日至30日": "2022-09-30",
    "一季度内": "2022-03-31",
    "2022年6—8月": "2022-08-31",
    "1-12月": "2022-12-31",
    "6月30日（含）前": "2022-06-30",
    "2022年12月31日24时": "2022-12-31",
    "9月1日至10月15日": "2022-10-15",
    "2022年6月": "2022-06-30", "6月底前": "2022-06-30", "2022年6月份": "2022-06-30", "6月30日前": "2022-06-30",
    "二〇二二年六月底": "2022-06-30", "2022.6.30": "2022-06-30", "２０２２年６月": "2022-06-30", "2022-06-30": "2022-06-30",
    "2022/6/30前": "2022-06-30", "六月三十日之前": "2022-06-30", "6月30号以前": "2022-06-30", "22年6月": "2022-06-30",
    "6月上旬": "2022-06-10", "6月中旬": "2022-06-20", "6月下旬": "2022-06-30", "2022年6月末": "2022-06-30",
    "一季度": "2022-03-31", "一季度末": "2022-03-31", "第三季度": "2022-09-30", "前三季度": "2022-09-30",
    "上半年": "2022-06-30", "下半年": "2022-12-31", "今年上半年": "2022-06-30", "年中": "2022-06-30",
    "年底": "2022-12-31", "年末": "2022-12-31", "年内": "2022-12-31", "2022年": "2022-12-31", "本年度": "2022-12-31",
    "今年": "2022-12-31", "2022年底前": "2022-12-31", "2022年年底": "2022-12-31",
    "明年3月底": "2023-03-31", "次年1月": "2023-01-31", "后年底": "2024-12-31", "“十四五”末": "2025-12-31",
    "4—6月": "2022-06-30", "2022年3月至12月": "2022-12-31", "2022—2024年": "2024-12-31", "10月至次年3月": "2023-03-31",
    "自2022年3月1日至12月31日": "2022-12-31", "6月30日17时前": "2022-06-30", "12月31日24时前": "2022-12-31",
    "2022 年 6 月 30 日 前": "2022-06-30", "12月20日前完成": "2022-12-20", "不迟于9月15日": "2022-09-15",
}  # fmt: skip

UNCERTAIN_DAYS = {
    "2022年12月至3月": "2023-03-31",
    "11月—2月": "2023-02-28",
    "6月前": "2022-06-30", "6月初": "2022-06-10", "2月15日前": "2022-02-15", "1月": "2022-01-31", "6.30前": "2022-06-30",
    "2025年前": "2025-12-31", "三季度前": "2022-09-30", "30日": "2022-03-30",
}  # fmt: skip

RULES = {
    "每周一、周四": ("FREQ=WEEKLY;BYDAY=MO,TH", "2022-03-03"),
    "每季度结束后10日内": ("FREQ=YEARLY;BYMONTH=1,4,7,10;BYMONTHDAY=10", "2022-04-10"),
    "每半月": ("FREQ=MONTHLY;BYMONTHDAY=15,-1", "2022-03-15"),
    "每月5日前": ("FREQ=MONTHLY;BYMONTHDAY=5", "2022-03-05"),
    "每月底": ("FREQ=MONTHLY;BYMONTHDAY=-1", "2022-03-31"),
    "每季度": ("FREQ=MONTHLY;INTERVAL=3", "2022-03-31"),
    "每半年": ("FREQ=MONTHLY;INTERVAL=6", "2022-06-30"),
    "每年": ("FREQ=YEARLY", "2022-12-31"),
    "每年12月底前": ("FREQ=YEARLY;BYMONTH=12;BYMONTHDAY=-1", "2022-12-31"),
    "每年6月、12月底前": ("FREQ=YEARLY;BYMONTH=6,12;BYMONTHDAY=-1", "2022-06-30"),
    "每年3月20日前": ("FREQ=YEARLY;BYMONTH=3;BYMONTHDAY=20", "2022-03-20"),
    "每季度最后一个月25日前": ("FREQ=MONTHLY;INTERVAL=3;BYMONTHDAY=25", "2022-03-25"),
    "每季度首月10日前": ("FREQ=YEARLY;BYMONTH=1,4,7,10;BYMONTHDAY=10", "2022-04-10"),
    "每季度第二个月5日前": ("FREQ=YEARLY;BYMONTH=2,5,8,11;BYMONTHDAY=5", "2022-05-05"),
    "每半年结束后15日内": ("FREQ=YEARLY;BYMONTH=1,7;BYMONTHDAY=15", "2022-07-15"),
    "每周五": ("FREQ=WEEKLY;BYDAY=FR", "2022-03-04"),
    "每两周": ("FREQ=WEEKLY;INTERVAL=2", None),
    "每三年": ("FREQ=YEARLY;INTERVAL=3", None),
    "半年一次": ("FREQ=MONTHLY;INTERVAL=6", "2022-06-30"),
    "每月上旬": ("FREQ=MONTHLY;BYMONTHDAY=10", "2022-03-10"),
    "按月报送": ("FREQ=MONTHLY", "2022-03-31"),
}

RELATIVE = {
    "自印发之日起30日内": ("2022-04-01", "P30D"), "10个工作日内": ("2022-03-16", "P10D"), "一周内": ("2022-03-09", "P1W"),
    "三个月内": ("2022-06-02", "P3M"), "印发后15日内": ("2022-03-17", "P15D"), "半年内": ("2022-09-02", "P6M"),
}  # fmt: skip

ONGOING = ("持续推进", "持续开展", "长期坚持", "常态化", "贯穿全年", "长期", "常态化推进", "持续推进、长期坚持")
IMMEDIATE = ("立即", "立行立改", "即知即改", "尽快", "立即整改", "边查边改")

NOTHING = (
    "从2022年3月1日起", "截至5月底已完成整改12家", "〔2022〕2号", "应急函〔2022〕15号", "《行动方案（2022—2024年）》",
    "（2022—2024年）", "12345热线", "共52个园区", "超过20年的装置", "不少于3个月", "联系电话0516-85608000", "近三年",
    "13812345678", "比例达到75%", "投资额不低于10亿元", "自2022年6月1日起施行", "2022年第3号公告", "3.0版", "第1.2.3条",
    "每个企业每种危化品", "24小时双人值守", "三年行动", "同比下降10%", "年度任务清单", "2000年前建成的老旧小区供热管网已投用",
    "对6月底前未完成整改的企业依法关停", "对6月底前仍未完成整改的挂牌督办", "6月底前已完成整改12家", "6月底前就已完成",
    "6月30日前均已整改到位", "定期对表销账", "及时研究解决", "适时组织督查", "学历大专以上人员3名", "会议于2月28日上午召开", "共有112673人",
)  # fmt: skip


@pytest.mark.parametrize(("written", "due"), CERTAIN_DAYS.items())
def test_a_day_is_told_for_sure(written: str, due: str) -> None:
    found = answers(written, on=ON)
    assert [(one["due"], one["uncertain"]) for one in found] == [(due, None)]


@pytest.mark.parametrize(("written", "due"), UNCERTAIN_DAYS.items())
def test_a_doubtful_day_says_why(written: str, due: str) -> None:
    found = answers(written, on=ON)
    assert [one["due"] for one in found] == [due]
    assert found[0]["uncertain"]


@pytest.mark.parametrize(("written", "expected"), RULES.items())
def test_a_recurring_duty_has_a_rule_and_a_first_day(written: str, expected: tuple[str, str | None]) -> None:
    (found,) = answers(written, on=ON)
    rule, first = expected
    assert (found["kind"], found["due"], found["rule"]) == ("recurring", None, rule)
    assert first is None or found["next"] == first


@pytest.mark.parametrize(("written", "expected"), RELATIVE.items())
def test_a_span_counts_from_the_day_of_issue(written: str, expected: tuple[str, str]) -> None:
    (found,) = answers(written, on=ON)
    assert (found["kind"], found["due"], found["shift"]) == ("relative", *expected)


def test_a_span_without_a_reference_day_has_no_day() -> None:
    (found,) = find_deadlines("自印发之日起30日内", Frame(Setting.CELL, year=2022))
    assert (found.due, found.shift) == (None, "P30D")


def test_workdays_count_make_up_days() -> None:
    (found,) = answers("自印发之日起3个工作日内", on=date(2022, 9, 30), issued=date(2022, 9, 30))
    assert found["due"] == "2022-10-10"


@pytest.mark.parametrize("written", ONGOING)
def test_what_never_ends_is_ongoing_in_the_place_of_a_deadline(written: str) -> None:
    assert {one["kind"] for one in answers(written, on=ON)} == {"ongoing"}
    assert find_deadlines(f"各单位要{written}安全生产工作", Frame(Setting.PROSE, year=2022)) == []


@pytest.mark.parametrize("written", IMMEDIATE)
def test_at_once_waits_for_a_person_to_set_the_day(written: str) -> None:
    (found,) = answers(written, on=ON)
    assert (found["kind"], found["due"]) == ("immediate", None)


SAID_TODAY: dict[str, list[str | None]] = {
    "2月5日": ["2023-02-05"], "二月五号": ["2023-02-05"], "2月29日": ["2024-02-29"], "3月9号，11号": ["2022-03-09", "2022-03-11"],
    "5号": ["2022-03-05"], "下周碰个头": ["2022-03-13"], "29日您来吗": ["2022-03-29"], "2月5日、6日": ["2023-02-05", "2023-02-06"],
}  # fmt: skip
"""What leaves a document's day open, and is plain where somebody says it today, 2 March 2022."""


@pytest.mark.parametrize(("written", "due"), SAID_TODAY.items())
def test_a_day_that_somebody_says_today_is_the_next_one(written: str, due: list[str | None]) -> None:
    assert [one["due"] for one in answers(written, on=date(2022, 3, 2))] == due


LONGER = {
    "再给两天": "P2D", "再给我们三天吧": "P3D", "再宽限三天": "P3D", "延期一周": "P1W", "能否延两天": "P2D", "晚五天报": "P5D", "推迟两天": "P2D",
    "顺延五天": "P5D", "延长半个月": "P15D", "往后推一周": "P1W", "给三天时间": "P3D", "缓两个工作日": "P2D", "延长一年": "P1Y",
}  # fmt: skip
"""So much longer than a deadline of which nothing is said."""


@pytest.mark.parametrize(("said", "shift"), LONGER.items())
def test_so_much_longer_has_a_length_and_no_day_and_says_so(said: str, shift: str) -> None:
    (found,) = answers(said, on=ON)
    assert (found["kind"], found["due"], found["shift"]) == ("relative", None, shift)
    assert "原期限" in found["uncertain"]


@pytest.mark.parametrize(("said", "due"), [("推迟到15号", "2022-03-15"), ("延两天到15号", "2022-03-15"), ("月底吧", "2022-03-31"), ("晚上三点开会", None)])  # fmt: skip
def test_a_day_that_is_said_beside_it_is_the_day(said: str, due: str | None) -> None:
    assert [one["due"] for one in answers(said, on=ON)] == ([due] if due else [])


@pytest.mark.parametrize("written", ["5号，11号", "3月9号，11号"])
def test_days_said_together_today_leave_no_doubt(written: str) -> None:
    assert [one["uncertain"] for one in answers(written, on=ON)] == [None, None]


def test_of_days_of_which_one_is_past_the_past_one_stays_doubtful() -> None:
    assert [one["due"] for one in answers("2月5日、12月6日", on=ON)] == ["2022-02-05", "2022-12-06"]


def test_a_remark_in_brackets_beside_a_day_that_is_said_makes_it_no_report() -> None:
    assert [one["due"] for one in answers("后三天（已约好）", on=ON)] == ["2022-03-05"]


TOLD = (
    "会上曾在6月30日说过", "截至6月30日检查12家", "6月30日未整改的企业", "6月30日未完成的企业", "6月30日未按要求报告的企业",
    "6月30日未能赶到的企业", "6月30日建成的桥", "6月30日召开会议", "6月30日已检查12家",
)  # fmt: skip
"""A day of what happened, or of a condition."""


@pytest.mark.parametrize("written", TOLD)
def test_a_day_of_what_happened_is_none_that_somebody_says_today(written: str) -> None:
    assert answers(written, on=ON) == []
    assert len(answers("6月30日检查12家", on=ON)) == 1


@pytest.mark.parametrize("document", [{"year": 2022}, {"issued": date(2022, 3, 2)}])
def test_in_a_document_the_same_words_name_its_own_year_and_are_in_doubt(document: dict[str, Any]) -> None:
    (told,) = answers("2月5日", on=date(2022, 3, 2), **document)
    assert told["due"] == "2022-02-05"
    assert told["uncertain"]
    (told,) = answers("2月5日前", on=date(2022, 3, 2))
    assert (told["due"], bool(told["uncertain"])) == ("2022-02-05", True)
    first, second = answers("3月9号，11号", on=date(2022, 3, 2), **document)
    assert (first["due"], second["uncertain"]) == ("2022-03-09", "月份未写明")
    (alone,) = answers("1号", on=date(2022, 3, 2), **document)
    assert alone["uncertain"] == "月份未写明"


@pytest.mark.parametrize("report", [
    "截至5月底共检查12家", "8月曾检查过一次", "对5月底未整改的予以通报", "8月底未按要求报送的", "8月底未能到位的", "1998年建成的小区", "5月底已查完",
    "对5月底未完成的予以通报", "3月5日召开了会议",
])  # fmt: skip
def test_what_a_sentence_reports_names_no_day_that_somebody_means(report: str) -> None:
    assert answers(report, on=date(2022, 3, 2)) == []


@pytest.mark.parametrize("written", NOTHING)
def test_no_deadline_is_found_where_there_is_none(written: str) -> None:
    assert answers(written, on=ON) == []


def test_a_date_followed_by_keeping_at_it_gives_both() -> None:
    found = answers("2022年12月底前完成，并持续推进", on=ON)
    assert [(one["kind"], one["due"], one["text"]) for one in found] == [
        ("date", "2022-12-31", "2022年12月底前"), ("ongoing", None, "持续推进"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("written", "days"),
    [
        ("3月、6月、9月20日前", ["2022-03-20", "2022-06-20", "2022-09-20"]),
        ("4月、7月、10月上旬", ["2022-04-10", "2022-07-10", "2022-10-10"]),
        ("6月底、12月底前", ["2022-06-30", "2022-12-31"]),
        ("3、6、9、12月底前", ["2022-03-31", "2022-06-30", "2022-09-30", "2022-12-31"]),
        ("5月20日和11月20日前", ["2022-05-20", "2022-11-20"]),
        ("一季度、三季度末", ["2022-03-31", "2022-09-30"]),
    ],
)
def test_a_day_list_shares_its_last_word_and_its_span(written: str, days: list[str]) -> None:
    found = answers(written, on=ON)
    assert [one["due"] for one in found] == days
    assert {one["text"] for one in found} == {written}


@pytest.mark.parametrize(
    ("written", "day"),
    [("党的二十大召开前", "2022-10-15"), ("国庆前", "2022-09-30"), ("春节前", "2023-01-20"), ("2023年元旦前", "2022-12-31"),
     ("主汛期前", None), ("全国两会前", None)],
)  # fmt: skip
def test_before_an_event_means_the_day_before_it(written: str, day: str | None) -> None:
    (found,) = answers(written, on=ON)
    assert (found["kind"], found["due"]) == ("event", day)


@pytest.mark.parametrize(
    "written",
    ["2202年12月底前", "9999年12月31日前", "20222年12月", "20222年12月底前", "0001年1月", "九九九九年十二月底前", "二二〇二年6月", "2150年3月至12月",
     "2101年底前", "3000年底前", "1900年6月底前", "2202年一季度末", "2202年上半年", "3022-06-30前", "2202.6.30前", "2022年6月至2202年12月"],
)  # fmt: skip
@pytest.mark.parametrize("setting", [Setting.CELL, Setting.CHAT])
def test_a_year_that_nobody_can_mean_is_never_replaced_by_another(written: str, setting: Setting) -> None:
    (one,) = find_deadlines(written, Frame(setting, 2022, ON))
    assert (one.text, one.due) == (written, None)
    assert one.uncertain is not None
    assert "1949—2100年" in one.uncertain
    (answer,) = answers(written, ON, 2022)
    assert (answer["due"], answer["uncertain"]) == (None, one.uncertain)


def test_a_year_beside_a_day_with_a_point_belongs_to_it() -> None:
    (one,) = find_deadlines("2024年6.30前", Frame(Setting.CELL, 2022, ON))
    assert (str(one.due), one.uncertain) == ("2024-06-30", "写作“月.日”，请核对")


def test_a_masked_month_is_no_month() -> None:
    for written in ("2024年XX月底", "2024年×月底前"):
        (one,) = find_deadlines(written, Frame(Setting.CELL, 2022, ON))
        assert (one.due, one.uncertain) == (None, "月份被隐去，须人工填写")


def test_a_day_that_a_month_lacks_is_its_last() -> None:
    (one,) = find_deadlines("每月30日前", Frame(Setting.CELL, 2022, ON))
    assert "没有该日的月份按当月最后一日" in one.how
    days = due_days(one.rule or "", one.next, date(2023, 12, 31), date(2024, 5, 1))
    assert [str(day) for day in days] == ["2024-01-30", "2024-02-29", "2024-03-30", "2024-04-30"]
    for rule, expected in (("FREQ=MONTHLY;BYMONTHDAY=10,31", ["02-10", "02-28", "03-10", "03-31", "04-10", "04-30"]),
                           ("FREQ=YEARLY;BYMONTH=2,4;BYMONTHDAY=30", ["02-28", "04-30"])):  # fmt: skip
        assert [f"{day:%m-%d}" for day in due_days(rule, None, date(2023, 1, 31), date(2023, 4, 30))] == expected


def test_a_masked_year_has_no_day_and_says_so() -> None:
    (found,) = answers("20XX年6月底前", on=ON)
    assert found["due"] is None
    assert "年份" in found["uncertain"]


@pytest.mark.parametrize(
    ("sentence", "spans"),
    [
        ("2023年7月底前企业完成自查，9月底前组织抽查工作", {"2023年7月底前": "2023-07-31", "9月底前": "2023-09-30"}),
        ("明年3月底前完成改造，6月底前完成验收。", {"明年3月底前": "2023-03-31", "6月底前": "2023-06-30"}),
        ("2023年6月底前完成；9月底前验收", {"2023年6月底前": "2023-06-30", "9月底前": "2022-09-30"}),
        ("专项行动从11月下旬开始，到明年3月底结束", {"11月下旬开始，到明年3月底": "2023-03-31"}),
        ("到2022年6月底，全市园区降为一般风险", {"2022年6月底": "2022-06-30"}),
        ("请于12月5日下班前报送", {"12月5日下班前": "2022-12-05"}),
        ("于2022年6月底前彻底关停", {"2022年6月底前": "2022-06-30"}),
        ("发现问题及时整改，2022年12月底前达到C类以上水平", {"2022年12月底前": "2022-12-31"}),
        ("2022年2月15日前完成方案，2022年11月底前完成治理", {"2022年2月15日前": "2022-02-15", "2022年11月底前": "2022-11-30"}),
    ],
)  # fmt: skip
def test_spans_of_a_sentence(sentence: str, spans: dict[str, str]) -> None:
    found = find_deadlines(sentence, Frame(Setting.PROSE, year=2022))
    assert {one.text: one.due and one.due.isoformat() for one in found} == spans


def test_a_bare_year_in_prose_is_never_certain() -> None:
    for sentence in ("2022年完成负责人轮训", "2022年力争培育1家企业达标"):
        assert all(one.uncertain for one in find_deadlines(sentence, Frame(Setting.PROSE, year=2022)))


@pytest.mark.parametrize(
    ("said", "day"),
    [
        ("明天", "2022-03-03"), ("后天", "2022-03-04"), ("大后天", "2022-03-05"), ("周五", "2022-03-04"), ("周一", "2022-03-07"),
        ("下周五", "2022-03-11"), ("本周日", "2022-03-06"), ("月底", "2022-03-31"), ("下月初", "2022-04-10"), ("下个月15号", "2022-04-15"),
        ("15号", "2022-03-15"), ("1号", "2022-04-01"), ("三天后", "2022-03-05"), ("一周后", "2022-03-09"), ("2月15日", "2023-02-15"),
        ("3月2日", "2022-03-02"), ("年底", "2022-12-31"),
    ],
)  # fmt: skip
def test_in_chat_a_day_without_a_year_is_the_next_such_day(said: str, day: str) -> None:
    found = find_deadlines(said, Frame(Setting.CHAT, on=ON))
    assert [one.due and one.due.isoformat() for one in found] == [day]


def test_a_cell_that_says_more_is_not_read_as_a_whole() -> None:
    assert read_deadline("2022年6月", Frame(Setting.CELL, year=2022)) is not None
    assert read_deadline("2022年6月完成并上报市安委办公室汇总", Frame(Setting.CELL, year=2022)) is None


NUMBERS = {
    "0": 0, "05": 5, "１２": 12, "十": 10, "十二": 12, "二十": 20, "三十一": 31, "六": 6, "二零二二": 2022, "": -1, "六月": -1, "月": -1,
}  # fmt: skip


@pytest.mark.parametrize(("written", "value"), NUMBERS.items())
def test_a_number_is_read_in_digits_and_numerals(written: str, value: int) -> None:
    assert number(written) == value


@pytest.mark.parametrize(
    ("parts", "day"),
    [
        ((2022, 6, 30), "2022-06-30"), ((2022, 6, 31), "None"), ((2022, 6, 1), "2022-06-01"), ((2022, 6, 0), "None"),
        ((2022, 2, -1), "2022-02-28"), ((2024, 2, -1), "2024-02-29"), ((2022, 6, -2), "None"), ((2022, 1, 5), "2022-01-05"), ((2022, 0, 5), "None"),
        ((2022, 12, 5), "2022-12-05"), ((2022, 13, 5), "None"), ((1949, 1, 1), "1949-01-01"), ((1948, 12, 31), "None"),
        ((2100, 12, 31), "2100-12-31"), ((2101, 1, 1), "None"),
    ],
)  # fmt: skip
def test_a_day_is_made_only_where_there_is_one(parts: tuple[int, int, int], day: str) -> None:
    assert str(make(*parts)) == day


def test_days_and_months_are_added_within_the_years_we_answer() -> None:
    first, last = date(1949, 1, 1), date(2100, 12, 31)
    assert [add_days(ON, days) for days in (1, -1, 0)] == [date(2022, 3, 3), date(2022, 3, 1), ON]
    assert [add_days(first, days) for days in (-1, 0)] == [None, first]
    assert [add_days(last, days) for days in (0, 1)] == [last, None]
    assert [add_days(ON, days) for days in (10**9, -(10**9))] == [None, None]
    assert [str(add_months(date(2022, 1, 31), months)) for months in (-1, 1, 12)] == [
        "2021-12-31",
        "2022-02-28",
        "2023-01-31",
    ]
    assert [add_months(first, -1), add_months(last, 1)] == [None, None]


def test_a_span_counts_every_day_unless_workdays_are_asked_for() -> None:
    assert later(date(2022, 3, 4), "P1D") == date(2022, 3, 5)
    assert later(date(2022, 3, 4), "P1D", workdays=True) == date(2022, 3, 7)


def test_normal_text_has_one_mark_for_those_that_mean_the_same() -> None:
    wide = "".join(chr(code) for code in range(0xFF01, 0xFF5F) if chr(code) not in "Ｏ～")
    assert normal(wide).text == "".join(chr(code) for code in range(0x21, 0x7E) if chr(code) != "O")
    assert normal("｟　月\t月\u200b月\ufeff月\xa0号").text == "｟ 月月月月号"
    assert normal("〇○Ｏ︰﹑､×两俩號後").text == "零零零:、、X二二号后"
    assert normal("—–－―‐‑﹣~～〜∼").text == "-" * 11
    assert [normal(text).text for text in ("2022——2024", "2022———2024", "稿——新", "6 月\n30 日", "稿 月 稿")] == [
        "2022-2024", "2022-2024", "稿--新", "6月30日", "稿 月 稿",
    ]  # fmt: skip


def test_a_span_keeps_its_place_where_blanks_were_dropped() -> None:
    (one,) = find_deadlines("请于 2022 年 6 月 30 日 前完成", Frame(Setting.PROSE, 2022))
    assert (one.text, one.start, one.end) == ("2022 年 6 月 30 日 前", 3, 20)
    assert normal("6 月").span(0, 1) == (0, 1)
    assert normal("6月").span(0, 1) == (0, 1)


HOW = {
    "6月": "只写月份，取当月最后一日；年份取文件的2022年", "6月初": "旬、底、初按约定的日子；年份取文件的2022年", "6月5日": "写明了日子；年份取文件的2022年",
    "一季度": "季度，取季末最后一日；年份取文件的2022年", "上半年": "半年，取最后一日；年份取文件的2022年", "年底": "年底、年中，取最后一日；年份取文件的2022年",
    "2022年": "只写年份，取12月31日", "2022年6月": "只写月份，取当月最后一日", "明年6月": "只写月份，取当月最后一日", "4—6月": "只写月份，取当月最后一日；区间取终点；年份取文件的2022年",
    "20XX年6月": "缺少数字，不推算", "6月31日": "写明了日子", "下月": "相对于参照日", "每月5日": "周期性任务", "每月28日": "周期性任务", "每月29日": "周期性任务；没有该日的月份按当月最后一日",
    "每月31日": "周期性任务；没有该日的月份按当月最后一日",
    "国庆前": "事件的前一日", "到期前30日": "到期之前的期限", "30日内": "自印发之日起算", "长期": "期限栏中的用语",
}  # fmt: skip


@pytest.mark.parametrize(("written", "how"), HOW.items())
def test_it_is_said_by_which_rule_a_day_was_told(written: str, how: str) -> None:
    (one,) = find_deadlines(written, Frame(Setting.CELL, 2022, ON))
    assert one.how == how


def test_it_is_said_from_where_the_year_came() -> None:
    found = find_deadlines("2023年6月底前完成，9月底前验收", Frame(Setting.PROSE, 2022))
    assert [one.how for one in found] == ["旬、底、初按约定的日子", "旬、底、初按约定的日子；年份承前"]
    (one,) = find_deadlines("6月", Frame(Setting.CELL, on=ON))
    assert one.how == "只写月份，取当月最后一日"


def test_a_list_has_forty_points_at_the_most() -> None:
    found = find_deadlines("、".join(["6月底"] * 41), Frame(Setting.CELL, 2022))
    assert [len(one.text) for one in found] == [159] * 40 + [3]


def test_the_reading_of_a_cell_is_remembered_until_it_is_to_be_forgotten() -> None:
    before, again = (find_deadlines("6月底前", Frame(Setting.CELL, 2022)) for _time in range(2))
    assert before[0] is again[0]
    forget()
    assert find_deadlines("6月底前", Frame(Setting.CELL, 2022))[0] is not before[0]


BESIDE = [
    "完成",
    "办结",
    "完毕",
    "并",
    "且",
    "于",
    "在",
    "到",
    "至",
    "截止",
    "时限",
    "期限",
    "限",
    "左右",
    "力争",
    "争取",
    "确保",
    "报送",
    "上报",
    "整改",
    "验收",
    "执行",
    "落实",
    "为",
    "时间",
    "日期",
    "24时",
    "12点",
    "（暂定）",
    "：",
    "，。",
]


@pytest.mark.parametrize("word", BESIDE)
def test_a_word_beside_a_deadline_says_nothing_more(word: str) -> None:
    for text in (f"2022年6月底{word}", f"{word}国庆前"):
        assert read_deadline(text, Frame(Setting.CELL, 2022)) is not None


@pytest.mark.parametrize("word", ["自", "从"])
def test_where_a_range_begins_says_nothing_more(word: str) -> None:
    assert read_deadline(f"{word}2022年3月至6月", Frame(Setting.CELL, 2022)) is not None


def test_two_days_are_no_one_deadline() -> None:
    assert read_deadline("6月、9月", Frame(Setting.CELL, 2022)) is None
    assert read_deadline("完成", Frame(Setting.CELL, 2022)) is None
    assert answers("完成", on=ON) == []


_WORDS = st.lists(
    st.sampled_from(
        ["2022", "年", "6", "月", "30", "日", "底", "前", "每", "季度", "、", "至", "—", "（", "）", "上旬", "内", "个", "工作日", "自", "印发",
         "起", "十", "二", "〇", " ", "，", "。", "明年", "后", "99", "周", "五", "国庆", "持续推进", "13", "0", "20XX年", "《", "》"]
    ),
    max_size=14,
).map("".join)  # fmt: skip
_FRAMES = st.builds(
    Frame, st.sampled_from(Setting), st.none() | st.integers(1949, 2100),
    st.none() | st.dates(date(1949, 1, 1), date(2100, 12, 31)), st.none() | st.dates(date(1949, 1, 1), date(2100, 12, 31)),
)  # fmt: skip


@given(st.text(max_size=60) | _WORDS, _FRAMES)
def test_no_text_makes_it_fail_or_answer_a_day_outside_its_years(text: str, frame: Frame) -> None:
    for one in find_deadlines(text, frame):
        assert text[one.start : one.end] == one.text
        for day in (one.due, one.next):
            assert day is None or 1949 <= day.year <= 2100


@given(_WORDS)
def test_full_width_and_half_width_are_read_alike(text: str) -> None:
    wide = text.translate({ord(str(digit)): chr(0xFF10 + digit) for digit in range(10)})
    frame = Frame(Setting.PROSE, year=2022, on=ON)
    assert [(one.kind, one.due, one.rule) for one in find_deadlines(text, frame)] == [
        (one.kind, one.due, one.rule) for one in find_deadlines(wide, frame)
    ]


def test_kinds_are_words_of_the_domain() -> None:
    assert {str(kind) for kind in DeadlineKind} == {"date", "ongoing", "recurring", "relative", "immediate", "event"}
