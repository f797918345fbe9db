"""What somebody says right after their own report that takes it back, or stands against it: the report does not stay."""

import pytest

from db.words import State
from tests.harness.story import ECONOMY, Group, Story, task


@pytest.fixture
def unit(story: Story) -> Group:
    """One unit with three tasks, signed."""
    story.mornings = False
    texts = ("组织渡口防汛演练。", "更换码头老旧缆桩。", "清理航道沉船。")
    story.begins("2022-06-20 09:00", *(task(n, "2022-07-31", text=text) for n, text in enumerate(texts, 1)))
    story.group(ECONOMY).says("收到")
    story.forget()
    return story.group(ECONOMY)


def states(story: Story) -> list[State]:
    return [story.line(number).assignment.state for number in (1, 2, 3)]


@pytest.mark.parametrize(
    "then",
    [
        "先别报",
        "等等，先不要上报",
        "看错单子了",
        "不好意思，看串行了",
        "刚才的话当我没说",
        "不算不算",
        "发错人了",
        "不是这项",
        "我说的是别的事",
        "哎不对 那个是去年的",
        "A-1先别报",
        "王主任说他要看一遍，先别报",
    ],
)
def test_a_report_that_does_not_count_is_taken_back_in_a_line(story: Story, unit: Group, then: str) -> None:
    unit.says("A-1办完了")
    unit.hears("〔A-1〕已报办结")
    unit.says(then)
    unit.hears("已撤回“报办结”〔A-1〕")
    assert states(story)[0] is State.ACKNOWLEDGED
    story.forget()


@pytest.mark.parametrize("then", ["没办完", "看错单子了，还没完成", "A-1其实没弄完"])
def test_who_denies_the_end_is_recorded_so(story: Story, unit: Group, then: str) -> None:
    unit.says("A-1办完了")
    unit.hears("〔A-1〕已报办结")
    unit.says(then)
    unit.hears("〔A-1〕已撤回报办结，已记下尚未办结")
    assert states(story)[0] is State.IN_PROGRESS
    story.forget()


@pytest.mark.parametrize("then", ["还差一点", "其实还有两根没换", "才换了一半", "A-2才完成七成"])
def test_that_a_part_is_left_stands_in_its_place(story: Story, unit: Group, then: str) -> None:
    unit.says("A-2换完了")
    unit.hears("〔A-2〕已报办结")
    unit.says(then)
    unit.hears("已记录〔A-2〕进展", "〔A-2〕的报办结已撤回。")
    assert states(story)[1] is State.IN_PROGRESS
    story.forget()


def test_of_two_that_were_reported_each_is_as_it_is_said_now(story: Story, unit: Group) -> None:
    unit.says("A-1、A-2都完成了")
    unit.hears("〔A-1〕已报办结")
    unit.hears("〔A-2〕已报办结")
    unit.says("只有A-1完成了")
    unit.hears("〔A-2〕已撤回报办结，已记下尚未办结")
    assert states(story)[:2] == [State.REPORTED, State.IN_PROGRESS]
    unit.says("A-2办完了")
    unit.says("是A-3办完 A-2没有")
    assert states(story) == [State.REPORTED, State.IN_PROGRESS, State.REPORTED]
    story.forget()


def test_a_task_that_falls_short_after_all_is_named_beside_another(story: Story, unit: Group) -> None:
    unit.says("A-1办完了")
    unit.says("A-1还差一点 A-2办完了")
    assert states(story)[:2] == [State.IN_PROGRESS, State.REPORTED]
    story.forget()


def test_both_are_taken_back_where_neither_is_finished(story: Story, unit: Group) -> None:
    unit.says("A-1、A-3都完成了")
    story.forget()
    unit.says("两个都没完成 我看错单子了")
    unit.hears("〔A-3〕已撤回报办结")
    unit.hears("〔A-1〕已撤回报办结")
    assert states(story) == [State.IN_PROGRESS, State.ACKNOWLEDGED, State.IN_PROGRESS]
    story.forget()


@pytest.mark.parametrize("then", ["A-1宽限一周", "A-1能不能延到8月10日"])
def test_who_asks_for_time_after_all_has_not_finished(story: Story, unit: Group, then: str) -> None:
    unit.says("A-1办完了")
    unit.hears("〔A-1〕已报办结")
    unit.says(then)
    unit.hears("〔A-1〕延期至", "〔A-1〕的报办结已撤回。")
    assert states(story)[0] is State.ACKNOWLEDGED
    story.forget()


def test_with_others_open_it_is_asked_for_which_the_time_is(story: Story, unit: Group) -> None:
    unit.says("A-1办完了")
    story.forget()
    unit.says("能不能宽限几天")
    asked = unit.hears("请问是哪一项")
    assert next(label for label, _data in asked.buttons).startswith("〔A-1〕")
    unit.presses(asked, next(label for label, _data in asked.buttons).strip("〔〕"))
    unit.hears("请回复延期到哪一天", "〔A-1〕的报办结已撤回。")
    assert states(story)[0] is State.ACKNOWLEDGED
    story.forget()


@pytest.mark.parametrize(
    "then",
    [
        "A-2还没完成",
        "其他的还没弄",
        "照片明天补",
        "还差一份材料没盖章",
        "完成一半",
        "先别催",
        "不是这项吗",
        "只有第一个办完了",
    ],
)
def test_what_is_of_another_task_or_of_a_paper_takes_nothing_back(story: Story, unit: Group, then: str) -> None:
    unit.says("A-1办完了")
    unit.says(then)
    assert states(story)[0] is State.REPORTED
    story.forget()


def test_a_whole_request_is_for_what_is_open(story: Story, unit: Group) -> None:
    unit.says("A-1办完了")
    story.forget()
    unit.says("延期到8月15日，因船没到")
    asked = unit.hears("请问是哪一项")
    assert not any("A-1" in label for label, _data in asked.buttons)
    story.forget()


def test_of_two_reports_one_after_another_it_is_asked_which_is_crossed(story: Story, unit: Group) -> None:
    unit.says("A-1办完了")
    unit.says("A-2办完了")
    story.forget()
    unit.says("还差一点")
    unit.hears("请问是哪一项")
    assert states(story)[:2] == [State.REPORTED, State.REPORTED]
    story.forget()


def test_a_colleagues_report_is_not_held_back(story: Story, unit: Group) -> None:
    unit.says("A-1办完了", "李工")
    unit.says("先别报")
    assert states(story)[0] is State.REPORTED
    story.forget()


def test_who_lets_go_of_a_request_because_it_is_finished_reports_it(story: Story, unit: Group) -> None:
    unit.says("A-1延期到8月15日，因船没到")
    unit.says("提交")
    story.forget()
    unit.says("不延了，办完了")
    unit.hears("〔A-1〕已撤回延期申请")
    unit.hears("〔A-1〕已报办结")
    story.forget()


# ---------------------------------------------------------------- what a colleague reported


@pytest.mark.parametrize(
    "then",
    ["小李报错了，A-2还有三根没换", "A-2李工说早了，没换完", "刚才李明填错了，还差三根", "小李误报了，A-2要下周才换完"],
)
def test_a_report_of_a_colleague_who_erred_does_not_stand(story: Story, unit: Group, then: str) -> None:
    unit.says("A-2换完了", "李明")
    unit.hears("〔A-2〕已报办结")
    unit.says(then)
    unit.hears("〔A-2〕已撤回报办结，已记下尚未办结")
    assert states(story) == [State.ACKNOWLEDGED, State.IN_PROGRESS, State.ACKNOWLEDGED]
    story.forget()


@pytest.mark.parametrize("then", ["小李报错了", "码头报错了，A-2还有三根没换", "李工报错了，A-3还有一条没捞"])
def test_what_does_not_plainly_deny_that_report_goes_to_who_verifies(story: Story, unit: Group, then: str) -> None:
    unit.says("A-2换完了", "李明")
    story.forget()
    unit.says(then)
    unit.hears("您的话已转达协调员")
    story.room.hears("〔A-2〕", then)
    assert states(story)[1] is State.REPORTED


@pytest.mark.parametrize("then", ["小李报错了吗", "表格填错了，还差三根", "小周报错了"])
def test_what_asks_or_is_of_nobody_who_reported_takes_nothing_back(story: Story, unit: Group, then: str) -> None:
    unit.says("A-2换完了", "李明")
    unit.says(then)
    assert states(story)[1] is State.REPORTED
    story.forget()


# ---------------------------------------------------------------- one of several


@pytest.mark.parametrize(
    ("then", "told"),
    [
        ("第2项报早了，还有三根没换", "“还有三根没换”"),
        ("A-2报早了，还有三根没换", "“还有三根没换”"),
        ("说错了，A-2还差三根", "“还差三根”"),
        ("2号还差三根，刚才报急了", "还差三根"),
    ],
)
def test_of_several_only_the_one_that_was_wrong_is_taken_back_and_what_is_left_of_it_is_kept(
    story: Story, unit: Group, then: str, told: str
) -> None:
    unit.says("A-2换完了，A-3还在等潜水员")
    unit.hears("〔A-2〕已报办结")
    unit.hears("已记录〔A-3〕进展")
    story.forget()
    unit.says(then)
    unit.hears("已记录〔A-2〕进展", told, "〔A-2〕的报办结已撤回。")
    assert states(story) == [State.ACKNOWLEDGED, State.IN_PROGRESS, State.IN_PROGRESS]
    story.forget()


@pytest.mark.parametrize(
    ("then", "told"),
    [("其中3号报错了", "已撤回“报进展”〔A-3〕"), ("3号说错了，还差两艘没捞", "已按您改过的话更正：已记录〔A-3〕进展")],
)
def test_of_progress_told_along_with_a_report_the_report_stands(
    story: Story, unit: Group, then: str, told: str
) -> None:
    unit.says("A-2换完了，A-3还在等潜水员")
    story.forget()
    unit.says(then)
    unit.hears(told)
    assert states(story)[1] is State.REPORTED
    story.forget()


def test_which_of_several_was_wrong_is_asked_where_only_what_is_left_is_told(story: Story, unit: Group) -> None:
    unit.says("A-2换完了，A-3捞完了")
    story.forget()
    unit.says("报早了，还有一点没弄")
    asked = unit.hears("请问是哪一项")
    assert states(story)[1:] == [State.REPORTED, State.REPORTED]
    unit.presses(asked, "A-3〕清理航道沉船。", there=True)
    unit.hears("〔A-3〕的报办结已撤回。")
    assert states(story)[1:] == [State.REPORTED, State.IN_PROGRESS]
    story.forget()


def test_a_number_of_which_nothing_was_told_takes_nothing_else_back(story: Story, unit: Group) -> None:
    unit.says("A-2换完了")
    story.forget()
    unit.says("A-1说早了")
    unit.says("1号说早了")
    assert states(story)[1] is State.REPORTED
    story.forget()


# ---------------------------------------------------------------- while something is asked


@pytest.mark.parametrize("then", ["打错了，是35根", "是35根不是53根"])
def test_a_figure_is_put_right_in_the_words_that_are_asked_about(story: Story, unit: Group, then: str) -> None:
    unit.says("A-3捞了2艘")
    unit.hears("已记录〔A-3〕进展")
    unit.says("缆桩换了53根")
    unit.hears("〔A-2〕", "缆桩换了53根")
    unit.says(then)
    asked = unit.hears("〔A-2〕", "缆桩换了35根")
    unit.presses(asked, next(label for label, _data in asked.buttons if "A-2" in label).strip("〔〕"), there=True)
    unit.hears("已记录〔A-2〕进展", "“缆桩换了35根”")
    assert states(story) == [State.ACKNOWLEDGED, State.IN_PROGRESS, State.IN_PROGRESS]
    story.forget()


def test_words_that_are_asked_about_are_let_go_alone(story: Story, unit: Group) -> None:
    unit.says("A-3捞了2艘")
    story.forget()
    unit.says("缆桩换了53根")
    unit.hears("〔A-2〕")
    unit.says("看错了")
    unit.hears("好的，没有办理。")
    assert states(story)[2] is State.IN_PROGRESS
    unit.says("看错了")
    unit.hears("已撤回")
    story.forget()
