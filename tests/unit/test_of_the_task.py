"""What an end is told of, by the words of the task that is meant: less than it, something else, or just it; and what did not pass."""

from datetime import date

import pytest

from bot.dialogue.understand import Intent, Understanding, understand

ON, DUE = date(2022, 6, 1), date(2022, 6, 30)

ASKED = {
    "": "演练完成了|应急演练都搞完了",
    "组织渡口应急演练。": "换了|选举完成了|慰问完成了|修好了",
    "改造提灌站3座。": "换了|修完了|巡查完成了|焊好了",
    "巡查整治河道采砂。": "巡查完了|全部巡查完毕",
    "核查渡船隐患并录入平台。": "核查完毕|核查完成了|录完了|录入完成",
    "清查处置闲置厂房。": "清查完了",
    "完成业委会换届选举并报送材料。": "换届选举完成了",
    "粮库熏蒸作业检查整改。": "检查完成了",
}
JUST_IT = {
    "组织渡口应急演练。": "演练完成了|演练搞完了|办完了|都弄好了|整改完了",
    "更换坝顶照明灯具。": "换了|都换了|换完了|办了",
    "巡查整治河道采砂。": "整治完了|都整治好了",
    "开展渡运安全大检查。": "排查完了|检查完成了",
    "签订清漂承包协议。": "签了|谢谢提醒，已经签了|协议签好了|昨天已经签完，一式三份",
    "更换井盖和护栏。": "都更换完了|办完了",
    "核查渡船隐患并录入平台。": "全部核查并录入完毕，共38艘|都弄完了|已办结",
    "组织船员义诊。": "义诊完了|义诊活动已圆满结束|诊完了|义诊结束了",
    "举办船员安全培训。": "培训结束了|培训搞完了",
    "修订江防预案并组织演练。": "报告：预案已修订完善，应急演练已于5月18日组织完毕",
    "抽检水样并公示结果。": "抽检和公示都完成了",
    "完成第4项工作。": "演练完成了|换了",
    "": "换了",
}


def heard(said: str, about: str = "", *, coordinator: bool | None = False) -> Understanding:
    return understand(said, on=ON, due=DUE, coordinator=coordinator, about=f"{about}\n" if about else "")


def each(table: dict[str, str]) -> list[tuple[str, str]]:
    return [(about, said) for about, several in table.items() for said in several.split("|")]


@pytest.mark.parametrize(("about", "said"), each(ASKED))
def test_an_end_of_what_the_task_does_not_name_is_asked_about(about: str, said: str) -> None:
    understood = heard(said, about)
    assert (understood.intent, understood.confident) == (Intent.DONE, False)


@pytest.mark.parametrize(("about", "said"), each(JUST_IT))
def test_an_end_of_just_what_it_names_is_a_report(about: str, said: str) -> None:
    understood = heard(said, about)
    assert (understood.intent, understood.confident) == (Intent.DONE, True)


def test_a_form_that_was_filled_in_may_not_be_all() -> None:
    assert not heard("登记表填了").confident
    assert heard("坑都填了").confident


@pytest.mark.parametrize("coordinator", [False, None])
@pytest.mark.parametrize("said", ["不合格3批次", "抽了60批次，不合格3批次", "在返工", "还在返工呢", "退回整改4家"])
def test_what_did_not_pass_is_how_the_work_goes(said: str, coordinator: bool | None) -> None:
    assert heard(said, coordinator=coordinator).intent is Intent.PROGRESS


@pytest.mark.parametrize("said", ["不合格", "A-3退回整改", "退回两项", "A-2返工"])
def test_a_verdict_of_the_office_stays_one(said: str) -> None:
    assert heard(said, coordinator=None).intent is Intent.RETURN


@pytest.mark.parametrize(
    ("said", "intent", "day"),
    [
        ("23号前能干完", Intent.PROGRESS, date(2022, 6, 23)),
        ("小王真能干", Intent.NONE, None),
        ("协调会挪到周四上午", Intent.NONE, None),
        ("A-1调度会改到下周一", Intent.NONE, None),
        ("检验报告要到下周三", Intent.PROGRESS, date(2022, 6, 8)),
        ("清不完", Intent.NOT_DONE, None),
        ("没办法", Intent.NOT_DONE, None),
        ("停了三天工", Intent.NOT_DONE, None),
        ("谢谢啊，麻烦你了", Intent.NONE, None),
        ("就知道催", Intent.NONE, None),
        ("a3搞定了", Intent.DONE, None),
        ("演练定在28号", Intent.PROGRESS, date(2022, 6, 28)),
        ("今天晚点发", Intent.PROGRESS, date(2022, 6, 1)),
        ("那条当我没发", Intent.UNDO, None),
        ("按错了别当真", Intent.UNDO, None),
        ("上周就交了好吧", Intent.DONE, None),
        ("干完了，昨天大雨都没积水", Intent.DONE, None),
        ("井掏完了", Intent.DONE, None),
        ("谈妥了", Intent.PROGRESS, None),
        ("还有A-2也办完了", Intent.DONE, None),
        ("忙晕了都", Intent.NONE, None),
    ],
)
def test_kin_of_an_ordinary_day(said: str, intent: Intent, day: date | None) -> None:
    understood = heard(said)
    assert (understood.intent, understood.due) == (intent, day)


@pytest.mark.parametrize("said", ["全部办完，多出来两件", "都弄完了，又冒出来3处"])
def test_more_than_there_was_leaves_it_open(said: str) -> None:
    understood = heard(said)
    assert (understood.intent, understood.confident) == (Intent.DONE, False)


def test_what_was_set_right_along_with_it_takes_nothing_away() -> None:
    assert heard("我乡救生点已建成并配齐救生圈", "建设乡镇水上救生点并配齐救生圈。").confident


@pytest.mark.parametrize(
    ("said", "short"), [("才换了一半", True), ("还差两根", True), ("还差一张照片", False), ("全换了", False)]
)
def test_what_falls_short_of_an_end_is_told(said: str, short: bool) -> None:
    assert heard(said).falls_short is short


def test_what_is_only_to_come_is_no_part_of_the_end() -> None:
    said = heard("预案改好了，演练还在排", "修订江防预案并组织演练。")
    assert said.intent is not Intent.DONE or not said.confident
    assert heard("预案改好了，演练定在28号", "修订江防预案并组织演练。").intent is Intent.PROGRESS


@pytest.mark.parametrize(
    "said", ["义诊名单定了", "义诊车到了", "诊了40人", "义诊完成了一半", "义诊还没结束", "义诊结束了吗"]
)
def test_what_the_task_names_is_no_end_by_itself(said: str) -> None:
    understood = heard(said, "组织船员义诊。")
    assert understood.intent is not Intent.DONE or not understood.confident


def test_what_nobody_names_says_nothing_of_an_end() -> None:
    assert heard("义诊结束了", "更换缆桩。").intent is not Intent.DONE
    assert heard("诊完了").intent is Intent.NONE
