"""值班: who is on duty is said in a sentence, a swap too; a gap is told the workday before, and an urgent call reaches them."""

import json
from datetime import timedelta

import pytest
from sqlmodel import select

from db import register
from db.models import Duty, Message, Notice
from db.words import Rank, State
from jobs import retention
from jobs.sheets import book
from tests.harness.story import ECONOMY, EMERGENCY, Story, task

POLICY = "[duty]\noffice = 2\nunits = 1\n"


@pytest.fixture
def week(story: Story) -> Story:
    """A Thursday; nobody is on duty yet."""
    story.begins("2022-06-22 10:00", task(1, "2022-12-30"), task(2, "2022-12-30", lead=(EMERGENCY,)), policy=POLICY)
    story.appoints("王芳", Rank.COORDINATOR)
    for unit in (ECONOMY, EMERGENCY):
        story.group(unit).says("收到")
    story.until("2022-06-23 10:00")
    story.forget()
    return story


def registered(story: Story, name: str, unit: str | None, rank: Rank = Rank.CONTACT) -> None:
    """Let somebody be registered and have spoken to the bot in private."""
    with story.store.write() as session:
        person = register.person_of(session, "console", name, name)
        whose = register.get_unit(session, unit) if unit else None
        register.appoint(session, person, rank, whose, story.stage.clock.now())
        chat = register.ensure_chat(session, "console", f"私聊{name}", f"私聊{name}")
        chat.person_id, chat.briefed = person.id, True


def test_the_roster_knows_whose_day_is_which_of_two_that_are_exchanged(week: Story) -> None:
    group = week.group(ECONOMY)
    group.says("明天王工、后天李工值班")
    week.forget()
    group.says("李工和王工把明后天的班对调一下")
    group.hears("2022年6月24日（周五）：李工", "2022年6月25日（周六）：王工")
    group.says("李工和赵工把明天、后天的班换一下")
    group.hears("没有更改")


def test_each_has_their_part_of_a_day_and_where_it_is_not_said_whose_is_which_nothing_is_kept(week: Story) -> None:
    group = week.group(ECONOMY)
    group.says("周六赵工值班")
    week.forget()
    group.says("周六上午王工、下午李工值班")
    group.hears("已记下", "2022年6月25日（周六）：王工（上午）、李工（下午）、赵工（夜班）", "（6月25日原为赵工）")
    group.says("周六王工、夜间钱工值班")
    group.hears("没有更改：没有看懂谁值哪一班", "6月25日上午王工，下午李工值班")
    group.says("取消周六的夜班")
    group.hears("2022年6月25日（周六）：王工（上午）、李工（下午）")
    group.says("周六下午李工改由张建国值班")
    group.hears("2022年6月25日（周六）：王工（上午）、张建国（下午）")


def test_two_who_have_parts_of_one_day_exchange_them_and_who_has_the_same_has_nothing_to_exchange(week: Story) -> None:
    group = week.group(ECONOMY)
    group.says("明天夜班王工，白班李工")
    week.forget()
    group.says("明天王工和明天李工换班")
    group.hears("已记下", "2022年6月24日（周五）：王工（白班）、李工（夜班）")
    group.says("6月25日至26日王工、李工值班")
    week.forget()
    group.says("6月25日王工和6月25日李工换班")
    group.hears("没有可换的班；没有更改")
    group.says("6月25日王工和6月26日李工换班")
    group.hears("6月25日王工和李工都值班，不用换；没有更改")
    group.says("6月25日至26日谁值班")
    group.hears("2022年6月25日（周六）：王工、李工", "2022年6月26日（周日）：王工、李工")


def test_above_it_is_told_who_is_on_duty_at_that_moment_of_the_night(week: Story) -> None:
    group = week.group(ECONOMY)
    group.says("今天白班李工13800138000，夜班王工13900139000")
    group.says("明天白班李工，夜班赵工")
    week.until("2022-06-23 23:30")
    week.forget()
    week.room.says(f"叫应 {ECONOMY} 暴雨，立即核实避险情况！", "王芳")
    week.room.presses(week.room.hears("预览】"), "确认发出", "王芳")
    week.forget()
    week.until("2022-06-24 02:00")
    week.leaders.hears("【叫应上报】", f"{ECONOMY}现在值班：王工（夜班） 13900139000\n")
    week.forget()


def test_a_night_that_is_nobodys_is_a_gap(week: Story) -> None:
    group = week.group(ECONOMY)
    group.says("周六白班白工")
    group.hears("已记下")
    week.forget()
    week.until("2022-06-24 12:00")
    group.hears("【值班空缺】", "2022年6月25日（周六）：只有白工（白班）")
    week.forget()


def test_at_night_whoever_has_the_night_is_told_of_an_urgent_call(week: Story) -> None:
    for name in ("白工", "叶工"):
        registered(week, name, ECONOMY)
    week.group(ECONOMY).says("今天白班白工，夜班叶工")
    week.forget()
    week.until("2022-06-23 21:00")
    week.forget()
    week.room.says(f"叫应 {ECONOMY} 暴雨，立即核实避险情况！", "王芳")
    week.room.presses(week.room.hears("预览】"), "确认发出", "王芳")
    week.group("私聊叶工").hears("【紧急叫应】暴雨")
    week.group("私聊白工").hears_nothing_more()
    week.forget()


def test_who_is_on_duty_is_said_looked_up_and_exchanged_in_words(week: Story) -> None:
    group = week.group(ECONOMY)
    group.says("明天王工值班")
    group.hears(f"{ECONOMY}值班（已记下）", "2022年6月24日（周五）：王工")
    group.says("6月25日至26日李工、赵工值班")
    group.hears("2022年6月25日（周六）：李工、赵工", "2022年6月26日（周日）：李工、赵工")
    group.says("明天王工和6月25日李工换班")
    group.hears("2022年6月24日（周五）：李工", "2022年6月25日（周六）：王工、赵工")
    group.says("6月25日赵工改由张建国值班")
    group.hears("2022年6月25日（周六）：王工、张建国")
    group.says("张建国6月25日请假，赵工替他值班")
    group.hears("2022年6月25日（周六）：王工、赵工")
    group.says("6月25日王工、张建国值班")
    group.hears("2022年6月25日（周六）：王工、张建国")
    group.says("下周一至周三王工、李工轮流值班")
    group.hears("2022年6月27日（周一）：王工", "2022年6月28日（周二）：李工", "2022年6月29日（周三）：王工")
    group.says("本周六谁值班？")
    group.hears(f"{ECONOMY}值班：", "2022年6月25日（周六）：王工、张建国")
    week.room.says(f"值班 {ECONOMY} 本周六谁值班", "王芳")
    week.room.hears(f"{ECONOMY}值班：", "王工、张建国")
    with week.store.read() as session:
        ended = [one.name for one in session.exec(select(Duty)) if one.ended_by is not None]
    assert "赵工" in ended


def test_said_in_reply_to_a_slip_it_is_about_duty_and_signs_nothing(story: Story) -> None:
    story.begins("2022-06-22 10:00", task(1, "2022-12-30"))
    group = story.group(ECONOMY)
    slip = group.hears("交办通知")
    for words, row in (("明天李工值班", "李工"), ("明天李工改由王工值班", "王工"), ("明天谁值班", "王工")):
        group.says(words, reply=slip)
        group.hears(f"{ECONOMY}值班", f"2022年6月23日（周四）：{row}")
    assert story.line(1, ECONOMY).assignment.state is State.PENDING


def test_in_the_room_it_is_the_offices_own(week: Story) -> None:
    week.room.says("明天我和王主任值班", "王芳")
    week.room.hears("本办值班（已记下）", "2022年6月24日（周五）：王芳、王主任")
    week.room.says("值班 明天王主任、李主任", "王芳")
    week.room.hears("2022年6月24日（周五）：王主任、李主任", "（6月24日原为王芳、王主任）")
    week.room.says("值班", "王芳")
    week.room.hears("本办值班：", "2022年6月23日（周四）：没有人")


@pytest.mark.parametrize(
    ("said", "why"),
    [
        ("明天赵工改由李工值班", "6月24日值班的是王工，不是赵工；没有更改"),
        ("6月20日王工和6月24日王工换班", "6月20日已过，不再更改"),
        ("昨天王工值班", "6月22日已过"),
    ],
)
def test_what_is_not_so_is_not_changed(week: Story, said: str, why: str) -> None:
    group = week.group(ECONOMY)
    group.says("明天王工值班")
    group.hears("王工")
    group.says(said)
    group.hears(why)
    group.says("明天谁值班")
    group.hears("：王工")


def test_a_gap_is_told_the_workday_before_to_whom_it_is(week: Story) -> None:
    week.group(ECONOMY).says("6月25日王工值班")
    week.room.says("6月25日王主任值班", "王芳")
    week.forget()
    week.until("2022-06-24 12:00")
    week.room.hears(
        "【值班空缺】本办（每天2人）", "2022年6月25日（周六）：只有王主任", "2022年6月26日（周日）：没有人", "2022年6月27日（周一）：没有人",
    )  # fmt: skip
    told = week.group(ECONOMY).hears(f"【值班空缺】{ECONOMY}", "2022年6月26日（周日）：没有人")
    assert "6月25日" not in told.text
    assert 8 <= told.at.hour < 18
    week.group(EMERGENCY).hears_nothing_more()
    week.room.hears_nothing_more()


def test_an_urgent_call_reaches_who_is_on_duty_and_at_night_the_office_hears_the_answer(week: Story) -> None:
    for name, unit, rank in (
        ("王工", ECONOMY, Rank.CONTACT),
        ("李工", EMERGENCY, Rank.CONTACT),
        ("陈主任", None, Rank.COORDINATOR),
    ):
        registered(week, name, unit, rank)
    week.group(ECONOMY).says("今天王工、李工值班")
    week.room.says("今天陈主任值班", "王芳")
    week.until("2022-06-23 21:00")
    week.forget()
    week.room.says(f"叫应 {ECONOMY} 暴雨，立即核实避险情况！", "王芳")
    week.room.presses(week.room.hears("预览】"), "确认发出", "王芳")
    week.room.hears("已排入发送")
    called = week.group(ECONOMY).hears("【紧急叫应】")
    week.group("私聊王工").hears("【紧急叫应】暴雨", f"您今天在{ECONOMY}值班")
    week.group("私聊李工").hears_nothing_more()
    week.group(ECONOMY).says("已转移120人，两户需支援", reply=called)
    week.group("私聊陈主任").hears("【值班转告】", "两户需支援")
    week.forget()


def test_the_days_off_of_a_feast_are_given_in_a_sentence(week: Story) -> None:
    group = week.group(ECONOMY)
    group.says("国庆期间王工、李工值班")
    group.hears(f"{ECONOMY}值班（已记下）", "2022年10月1日（周六）：王工、李工", "2022年10月7日（周五）：王工、李工")
    week.room.says("值班 2027年春节期间王主任", "王芳")
    week.room.hears("2027年春节期间的放假安排还没有公布，请写明日期")
    with week.store.read() as session:
        assert len(session.exec(select(Duty)).all()) == 14


def test_a_number_is_kept_with_its_name_and_told_where_nobody_answered_an_urgent_call(week: Story) -> None:
    group = week.group(ECONOMY)
    group.says("今天王工13800138000、李工值班")
    group.hears("2022年6月23日（周四）：王工 13800138000、李工")
    group.says("明天王工值班")
    group.hears("2022年6月24日（周五）：王工 13800138000")
    group.says("明天王工13900139000值班")
    group.hears("王工 13900139000")
    group.says("今天谁值班")
    group.hears("2022年6月23日（周四）：王工 13900139000")
    week.room.says(f"值班 {ECONOMY} 谁值班", "王芳")
    week.room.hears("王工 13900139000、李工")
    week.room.says(f"叫应 {ECONOMY} 暴雨，立即核实避险情况！", "王芳")
    week.room.presses(week.room.hears("预览】"), "确认发出", "王芳")
    week.forget()
    week.until("2022-06-23 11:00")
    week.leaders.hears("【叫应上报】", f"{ECONOMY}\n{ECONOMY}现在值班：王工 13900139000、李工\n叫应内容：暴雨")
    week.forget()
    assert "13900139000" in sent_and_to_send(week)
    with week.store.write() as session:
        retention.forget_people(session, 30, week.stage.clock.now() + timedelta(days=31))
    assert "13900139000" not in sent_and_to_send(week), "what went above is no better kept than the roster"
    assert "王工" not in sent_and_to_send(week)
    assert "暴雨，立即核实避险情况！" in sent_and_to_send(week), "the office's own words stay"


def sent_and_to_send(story: Story) -> str:
    """Return all that the store keeps of notices and messages, as one text."""
    with story.store.read() as session:
        rows = [row.model_dump(mode="json") for table in (Notice, Message) for row in session.exec(select(table))]
    return json.dumps(rows, ensure_ascii=False)


@pytest.mark.parametrize("said", ["端午三天值班：初三王工、初四李工", "除夕王工，初一李工值班", "正月初二王工值班"])
def test_a_lunar_day_is_no_part_of_a_name_and_what_to_write_is_told(week: Story, said: str) -> None:
    week.room.says(said, "王芳")
    week.room.hears("没有更改：农历的日子", "请写公历日期，例如：6月24日王工值班")
    with week.store.read() as session:
        assert session.exec(select(Duty)).all() == []


def test_a_day_of_this_month_that_is_over_is_not_given_a_year_later(week: Story) -> None:
    week.room.says("6月20日王工值班", "王芳")
    week.room.hears("6月20日已过")
    week.room.says("2023年6月20日王工值班", "王芳")
    week.room.hears("2023年6月20日（周二）：王工")
    week.room.says("明天待定值班", "王芳")
    week.room.hears("没听懂")


def test_who_says_that_they_are_on_duty_and_their_number_is_kept_with_it(week: Story) -> None:
    week.group(ECONOMY).says("今天值班的是我，13912345678")
    week.group(ECONOMY).hears("张工 13912345678")


def duty_sheet(*rows: tuple[str, ...], unit: bool = False) -> bytes:
    """A 值班表 as a unit sends it."""
    headings = ("日期", "值班人员", *(("单位",) if unit else ()))
    return book("值班表", headings, rows, (14,) * len(headings))


def test_a_unit_sends_its_duty_sheet_to_its_own_group(week: Story) -> None:
    group = week.group(ECONOMY)
    group.says(
        "",
        file="经信厅6月值班表.xlsx",
        content=duty_sheet(("6月24日", "王工"), ("6月25日", "李工、赵工"), ("下下周", "钱工")),
    )
    group.hears("值班表已记下", f"{ECONOMY}2天", "第4行：没有看懂日期")
    group.says("周六谁值班")
    group.hears("2022年6月25日（周六）：李工、赵工")
    week.group(EMERGENCY).says("周六谁值班")
    week.group(EMERGENCY).hears("没有人")


def test_rows_of_another_unit_in_it_are_left_out_and_told(week: Story) -> None:
    rows = (("6月24日", "王工", ECONOMY), ("6月25日", "钱工", EMERGENCY))
    week.group(ECONOMY).says("这是我们的排班", file="6月.xlsx", content=duty_sheet(*rows, unit=True))
    week.group(ECONOMY).hears(f"{ECONOMY}1天", f"第3行：{EMERGENCY}的值班由该单位自己报")


def test_a_duty_sheet_for_a_task_is_its_evidence(week: Story) -> None:
    content = duty_sheet(("6月24日", "王工"))
    week.group(ECONOMY).says("A-1 的值班表", file="值班表.xlsx", content=content)
    week.group(ECONOMY).hears("佐证", "值班表.xlsx")
    week.group(ECONOMY).says("周五谁值班")
    week.group(ECONOMY).hears("没有人")


def test_what_is_called_a_duty_sheet_and_is_none_is_heard_as_any_file(week: Story) -> None:
    week.group(ECONOMY).says("值班表", file="值班表.xlsx", content=b"damaged")
    week.group(ECONOMY).hears("值班表.xlsx")
    with week.store.read() as session:
        assert session.exec(select(Duty)).all() == []


def test_a_guess_is_not_written_down(week: Story) -> None:
    for guess in ("可能", "估计是", "应该"):
        week.room.says(f"明天{guess}小赵值班", "王芳")
        week.room.hears("没有记下", "还没有定")
