"""One sentence of a contact about several tasks, or about who sees to them now: on Telegram and on WeCom."""

import pytest
from sqlmodel import select

from db.models import History
from db.words import Action, State
from tests.harness.bot_api import BOT_NAME
from tests.harness.story import ECONOMY, task
from tests.harness.world import Group, InProcess


def asked_for_progress(world: InProcess) -> tuple[Group, Group, object]:
    """Five ongoing tasks and the quarter's check-in, all signed for."""
    room, group = world.room(), world.group("经信厅工作群", bound_to=(ECONOMY,))
    world.begins("2022-06-01 10:00", *(task(number, None) for number in range(1, 6)))
    group.says("收到", reply=group.hears("交办通知"))
    group.hears("已签收")
    world.until("2022-06-20 11:00")
    world.takes_silently()
    return room, group, group.said("进展报送", "以下5项")


def states(world: InProcess, *numbers: int) -> list[State]:
    return [world.line(number).assignment.state for number in numbers]


def test_one_sentence_answers_for_all_that_was_asked_and_is_taken_back_at_once(world: InProcess) -> None:
    _room, group, asked = asked_for_progress(world)
    group.says("都在推进，完成一半了", reply=asked)
    told = group.hears("已记录5项进展", "都在推进")
    assert states(world, 1, 2, 3, 4, 5) == [State.IN_PROGRESS] * 5
    assert {world.line(number).assignment.percent for number in range(1, 6)} == {50}
    assert "已撤回5项" in (group.presses(told, "撤回") or group.hears("已撤回5项").text)
    assert states(world, 1, 2, 3, 4, 5) == [State.ACKNOWLEDGED] * 5


def test_of_one_sentence_each_task_hears_its_own_and_the_others_the_rest(world: InProcess) -> None:
    room, group, asked = asked_for_progress(world)
    group.says("都在推进，3号已完成，5号要晚几天", reply=asked)
    group.hears("〔A-3〕已报办结")
    group.hears("〔A-5〕", "哪一天")
    group.hears("已记录3项进展〔A-1〕〔A-2〕〔A-4〕", "都在推进")
    room.hears("待核查", "〔A-3〕")
    assert states(world, 1, 2, 3, 4) == [State.IN_PROGRESS, State.IN_PROGRESS, State.REPORTED, State.IN_PROGRESS]


def test_what_says_nothing_that_is_known_is_progress_of_all_where_progress_was_asked(world: InProcess) -> None:
    _room, group, asked = asked_for_progress(world)
    group.says("本季度走访企业情况见上次简报", reply=asked)
    group.hears("已记录5项进展")


def test_the_others_are_what_is_left_of_the_list(world: InProcess) -> None:
    room, group, asked = asked_for_progress(world)
    group.says("3号已完成，其他都在推进", reply=asked)
    group.hears("〔A-3〕已报办结")
    group.hears("已记录4项进展", "其他都在推进")
    room.hears("待核查")


def test_of_a_list_all_are_reported_once_somebody_says_so(world: InProcess) -> None:
    room, group, asked = asked_for_progress(world)
    group.says("已完成", reply=asked)
    question = group.hears("请问是哪一项")
    group.presses(question, "全部")
    told = group.hears("〔A-1〕〔A-2〕〔A-3〕〔A-4〕〔A-5〕已报办结")
    for _number in range(5):
        room.hears("待核查")
    assert states(world, 1, 5) == [State.REPORTED] * 2
    group.says("撤回", reply=told)
    group.hears("已撤回5项")
    assert states(world, 1, 5) == [State.ACKNOWLEDGED] * 2
    world.silent = True  # the room is told of each, in its message or after it


def test_a_receipt_before_a_task_is_no_receipt_for_all_the_unit_owes(world: InProcess) -> None:
    world.room()
    group = world.group("经信厅工作群", bound_to=(ECONOMY,))
    world.begins("2022-06-01 10:00", task(1, "2022-09-30"), task(2, "2022-09-30"))
    group.hears("交办通知")
    group.room.admin = True  # it hears what names it
    group.says(f"@{BOT_NAME} 收到，A-1正在推进")
    group.hears("已记录〔A-1〕进展")
    assert states(world, 1, 2) == [State.IN_PROGRESS, State.PENDING]


def test_who_sees_to_it_now_is_noted_and_told_in_a_line(world: InProcess) -> None:
    room, group = world.room(), world.group("经信厅工作群", bound_to=(ECONOMY,))
    world.begins("2022-06-01 10:00", task(1, "2022-06-30"), task(2, "2022-09-30"))
    slip = group.hears("交办通知")
    group.says("转给李工", reply=slip)
    question = group.hears("请问是哪一项")
    group.presses(question, "全部")
    told = group.hears("已记下〔A-1〕〔A-2〕：现由李工办理")
    assert states(world, 1, 2) == [State.ACKNOWLEDGED] * 2
    room.says(f"/show@{BOT_NAME} A-1", who="王协调")
    room.hears("张工 说明：转给李工")
    assert "已撤回2项" in (group.presses(told, "撤回") or group.hears("已撤回2项").text)
    assert states(world, 1, 2) == [State.PENDING] * 2


def test_an_answer_that_is_to_come_is_a_receipt_and_nobody_is_chased_for_it(world: InProcess) -> None:
    world.room()
    group = world.group("经信厅工作群", bound_to=(ECONOMY,))
    world.begins("2022-06-01 10:00", task(1, "2022-09-30"))
    group.says("我马上去问，今天下班前回复", reply=group.hears("交办通知"))
    group.hears("已记下〔A-1〕", "今天下班前回复", "期限不变")
    assert states(world, 1) == [State.ACKNOWLEDGED]
    world.until("2022-06-07 18:00")
    group.hears_nothing_more()
    world.takes_silently()
    with world.store.read() as session:
        noted = session.exec(select(History).where(History.action == Action.NOTE)).one()
    assert (noted.event, noted.words) == ("说明", "我马上去问，今天下班前回复")


def test_a_promise_to_answer_moves_neither_a_reminder_nor_the_ladder(world: InProcess) -> None:
    world.room()
    group = world.group("经信厅工作群", bound_to=(ECONOMY,))
    world.begins("2022-06-01 10:00", task(1, "2022-06-15"))
    world.silent = True
    group.says("我去问一下，下个月给您回复", reply=group.hears("交办通知"))
    group.hears("已记下〔A-1〕", "期限不变")
    world.until("2022-06-20 18:00")
    told = "\n".join(sent.text for sent in world.api.sent if sent.chat == group.room.id)
    assert told.index("期限不变") < told.index("【提醒】") < told.index("【催办】") < told.index("【督办单】")


def test_what_is_nobody_s_there_goes_to_the_coordinators(world: InProcess) -> None:
    room, group = world.room(), world.group("经信厅工作群", bound_to=(ECONOMY,))
    world.begins("2022-06-01 10:00", task(1, "2022-09-30"))
    group.says("我们县没有这类企业", reply=group.hears("交办通知"))
    group.hears("认为不是本单位的任务")
    room.hears("〔A-1〕", "没有这类企业")


def owing(world: InProcess) -> tuple[Group, Group, object]:
    """Four tasks that say what they are about, and the message that told of them."""
    room, group = world.room(), world.group("经信厅工作群", bound_to=(ECONOMY,))
    abouts = ("检查液氨企业。", "整治小区消防通道。", "报送园区名单。", "宣传进社区。")
    world.begins("2022-06-01 10:00", *(task(n, "2022-06-30", text=about) for n, about in enumerate(abouts, 1)))
    world.silent = True
    return room, group, group.hears("交办通知")


PENDING, REPORTED, GOING = State.PENDING, State.REPORTED, State.IN_PROGRESS


@pytest.mark.parametrize(
    ("words", "after"),
    [
        ("1和3都完了 2还没动", [REPORTED, GOING, REPORTED, PENDING]),
        ("1号办完了 2号延到8月 3号还差两家 4号正常", [REPORTED, PENDING, GOING, GOING]),
        ("1、2收到，3不是我们的", [State.ACKNOWLEDGED, State.ACKNOWLEDGED, PENDING, PENDING]),
        ("1弄完了2还差一点3要延到7月5号", [REPORTED, GOING, PENDING, PENDING]),
        ("1号完成，2号进行中", [REPORTED, GOING, PENDING, PENDING]),
        ("1已完成，2已完成80%，3还没开始", [REPORTED, GOING, GOING, PENDING]),
        ("前三项都完成了", [REPORTED, REPORTED, REPORTED, PENDING]),
        ("头两项办完了，后面的还没动", [PENDING] * 4),
        ("前两个收到", [State.ACKNOWLEDGED, State.ACKNOWLEDGED, PENDING, PENDING]),
        ("前面两项可能办完了", [GOING, GOING, PENDING, PENDING]),
        ("前五项都完成了", [PENDING] * 4),
        ("前两项任务都办完了", [REPORTED, REPORTED, PENDING, PENDING]),
        ("前两项都办完了吗", [PENDING] * 4),
        ("前两个季度的任务已完成", [PENDING] * 4),
        ("前三个月已完成", [PENDING] * 4),
        ("前3个点位已全部整改完成", [PENDING] * 4),
        ("目前两项都办完了", [PENDING] * 4),
        ("提前两项完成", [PENDING] * 4),
        ("收到，前三个月已完成的继续巩固", [PENDING] * 4),
        ("除了2都完成了", [PENDING] * 4),
        ("名单报过了", [PENDING] * 4),
        ("液氨查了一半，消防通道没动，名单已报送", [GOING, GOING, REPORTED, PENDING]),
        ("收到，液氨和消防通道都办完了，名单下周报", [REPORTED, REPORTED, GOING, PENDING]),
        ("名单的收到", [PENDING, PENDING, State.ACKNOWLEDGED, PENDING]),
        ("除了2都收到", [PENDING] * 4),
        ("只收到两项", [PENDING] * 4),
        ("确认报送", [PENDING] * 4),
    ],
)
def test_each_task_hears_what_is_said_of_it_whatever_parts_the_words(
    world: InProcess, words: str, after: list[State]
) -> None:
    _room, group, slip = owing(world)
    group.says(words, reply=slip)
    assert states(world, 1, 2, 3, 4) == after


def test_the_first_tasks_of_a_list_are_counted_as_it_was_shown(world: InProcess) -> None:
    room, group, slip = owing(world)
    group.says("A-1 已办结", reply=slip)
    group.hears("已报办结")
    room.presses(room.hears("待核查"), "核查销号", who="王协调")
    group.says("前两项都办完了", reply=slip)
    assert states(world, 1, 2, 3, 4) == [State.CLOSED, REPORTED, PENDING, PENDING]


def test_each_task_that_a_sentence_calls_by_what_it_is_about_has_its_own_share(world: InProcess) -> None:
    _room, group, slip = owing(world)
    group.says("液氨查了三成 消防通道还差一点 名单要延到7月5号", reply=slip)
    assert [world.line(number).assignment.percent for number in (1, 2, 3)] == [30, None, None]
    assert group.said("〔A-3〕", "2022年7月5日").text.count("〔A-1〕") == 0
    assert states(world, 1, 2, 3, 4) == [GOING, GOING, PENDING, PENDING]


def test_of_several_tasks_the_one_that_is_called_by_what_it_is_about_is_offered(world: InProcess) -> None:
    _room, group, slip = owing(world)
    group.says("消防通道那个搞完了", reply=slip)
    asked = group.hears("说的是〔A-2〕")
    (offered,) = world.platform.labels(asked)
    assert offered.startswith("〔A-2〕整治小区")
    group.presses(asked, offered)
    assert states(world, 1, 2, 3) == [PENDING, REPORTED, PENDING]


def test_what_is_said_to_people_beside_a_laugh_is_asked_nothing_about(world: InProcess) -> None:
    _room, group, slip = owing(world)
    group.says("哈哈你们这个机器人挺能干", reply=slip)
    group.hears_nothing_more()


def test_a_number_that_may_be_a_day_reports_no_task_of_that_number(world: InProcess) -> None:
    _room, group, slip = owing(world)
    group.says("2号办好了", reply=slip)
    assert states(world, 1, 2, 3, 4) == [PENDING, PENDING, PENDING, PENDING]
    group.hears("哪一项")
