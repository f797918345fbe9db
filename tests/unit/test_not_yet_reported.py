"""What sounds like a report and is none, by why it is none; beside it, what looks alike and is one. On 8 June 2022, due on 30 June."""

from datetime import date

import pytest

from bot.dialogue.understand import Intent, Understanding, understand

ON, DUE = date(2022, 6, 8), date(2022, 6, 30)


def heard(said: str, on: date = ON, due: date = DUE) -> Understanding:
    return understand(said, on=on, due=due, coordinator=False)


def is_sure_report(said: str, on: date = ON) -> bool:
    understood = heard(said, on)
    return understood.intent is Intent.DONE and understood.confident


# ---------------------------------------------------------------- months and days

YEAR_END = date(2022, 12, 31)
PLANS = [
    (date(2022, 3, 2), "12月底办完|12月底全部整改到位|我局12月完成|12月底完成"),
    (date(2022, 1, 10), "10月完成|11月底办结|我们12月份完成"),
    (date(2022, 2, 15), "11月底完成|12月完工"),
]
"""Months ahead that were also the last ones of the year before."""


@pytest.mark.parametrize(("on", "said"), [(on, said) for on, every in PLANS for said in every.split("|")])
def test_a_month_at_the_end_of_the_year_is_a_plan_at_its_beginning(on: date, said: str) -> None:
    understood = heard(said, on, YEAR_END)
    year = understood.due and understood.due.year
    assert (understood.intent, understood.confident, year) == (Intent.PROGRESS, True, 2022)


@pytest.mark.parametrize(
    ("on", "said"),
    [(ON, said) for said in ("5月完成", "4月底办结", "我们3月份完成", "5月底整改完成", "5月整改完毕")]
    + [(date(2022, 1, 10), said) for said in ("12月20日完成", "11月30日办结")],
)
def test_whether_a_month_or_a_day_of_last_year_is_gone_or_to_come_is_asked_where_nothing_is_told_as_past(
    on: date, said: str
) -> None:
    understood = heard(said, on)
    assert (understood.intent, understood.confident) == (Intent.DONE, False)


@pytest.mark.parametrize(
    ("on", "said"),
    [(ON, said) for said in ("5月底已完成", "5月完成了", "5月20日完成", "5月底就办完了")]
    + [(date(2022, 1, 10), said) for said in ("12月底已完成", "12月20日办结了")],
)
def test_what_is_told_as_past_was_finished_in_its_month(on: date, said: str) -> None:
    assert is_sure_report(said, on)


# ---------------------------------------------------------------- by words

NO_REPORTS = {
    "what came down, or slowed down": "任务下来了|活下来了|文件下来了|整改停下来了|问题拖下来了|整改慢下来了|施工许可证办下来了",
    "what others say, before a comma": "据业主反馈，已修复到位|物业回复，已整改完毕|小李说，办完了|据悉，已完成|对方答复，已处理完毕|县里来电，已办结|"
    "施工方保证，已全部整改|根据企业反馈，已全部完成|街道汇报，已清理完毕",
    "what others say, before a colon": "李厂长：已经修好了|小王：完成了|校长：已整改完毕",
    "what was reported and is not so": "昨天报的已完成是错的|前天报的办结有误|上周报的已完成作废|昨天报的完成不属实|5月20日报的已完成取消|之前报的完成了是笔误",
    "some of many that the office is asked to close": "三家已整改完，请核查|6处已整改到位，请核查|西区已整改完成，请核查|二号车间已整改，请核查|"
    "李村的已完成，请核查|三楼已装修完，请验收|5月完成，请核查",
    "what may be a step, or a paper, to be looked at": "基坑挖好了，请验收|地基浇好了，请验收|表填好了，请核查|名单报好了，请核查",
    "what may be ordered, or only to come": "限期完成|继续完成|今天完成|市里交办的任务今天完成|昨天交办的任务今天完成|今天全部办完",
    "what goes on, or is near": "完成中|建设完成中|完成在即|完成可期|趋于完成|妥妥的|妥妥能完成",
    "what nobody believes": "完成了就怪了|办结了就见鬼了",
    "a step by name": "路灯已报修|已报案|已报请批示|监控已报修",
    "what is applied for": "已申请验收|销号申请已提交|验收申请已上报",
    "how things stand, or nothing by name": "完成情况已上报|整改情况已报送|早上交的|上午报的",
    "a bit that is no last one": "剩下的两户已签一户，全部完成|企业已完成三家，全部完成",
    "what can be by now, or is hoped for": "原来验收不了，现在能验收了|原先没电源，现在能装完了|本来缺图纸，现在有望办结了|现在能归还完了|现在有望拆完了|现在打算办结了|"
    "现在准备报了|现在就能交了|可以整改完了|可以上交了|已经可以办完了|材料可以报了|可以把台账都报了|已可完成|现可完成整改|场地腾出来了，现在能安装完了|设备到了，可以修好了|"
    "有把握办完了|有信心搞定了|有条件拆除了|最好办结了|允许完成了|办得完了|验收可以通过了|有希望清完了|盼着拆完了|已达到办结条件了|完成没有问题了|起初不肯签，现在同意拆完了|开始不肯挪，现在同意挪完了|完成是可以完成了|可以说都拆完了|可以销号了|这件可以办结了|已可销号",
    "what others have still to do with it": "样品已取完并送检|预案已修订完成并送审|已办结并报局长审定|已查处完毕并移送检察机关|已清理完并交由园林所管护|已拆完，已报县政府审批|已修订完，送审了|"
    "已封堵完毕，已移交水务部门|全部整治完毕，并提交党组审议|已粉刷完，报镇里批了|已兑付并有两户未领",
    "what comes up beside it": "已清理完毕，并发现新问题|全部拆完，并留三间|都修完了，并新添两处|已清理完毕，又转入二期|已加固完，发现新隐患|检查完成并开出罚单|已刷完并反馈存在问题|已拆除并公示中|已拆除并公示，有异议|已建成，住户有意见|已清理完并上报剩余问题",
    "no more than that something was done": "弄了|我们弄了|做了|已经搞了|上头要求搞完，我们搞了|加班赶了，弄了",
    "what is said against it": "已完成，后又出现新问题|已完成，又坏了|已办结，结果不合格|已完成，市里不认可|信访人不认可，已办结",
}
"""Kinds of saying that leave it open whether the duty is done."""

REPORTS = {
    "what was brought about": "终于办下来了|那个事弄下来了|对通报有异议，路早就修好了",
    "our own word": "我局回复，已完成|回复，已完成|向领导汇报，已完成|各位领导，已完成",
    "whence a duty came": "根据省厅要求，已完成整改|群众反映的问题，已全部解决",
    "a whole that the office is asked to close": "桥面铺装已完成，请核查|展板弄好了，申请销号|雨棚拆了，可以来验",
    "today, told as past": "今天已完成|今天完成了|今天弄好了|已持续整改到位|昨天就完成了",
    "what was asked for once it was done": "我单位已完成该项任务，申请销号|已完成，已申请销号",
    "what is so by now": "现在办完了|现在都弄好了|现已完成|原来没图纸，现在装好了|原来修不好，现在修好了|可以，已经办完了|整改完成，可以销号了|护栏修好了，可以验收了",
    "what goes along with it": "已整改完毕并在村口公示|已修复并启用|已拆除完毕并拍照留存|工单办完并回复来电人|已办结并归档|全部换完并通过复核|已清理完，并落实长效管护|已修完并报局里备案|已封堵完毕，已报局长办公会审议通过|已换完，附件是验收意见|已拆完，没有收到异议",
    "the last bit": "把剩下的两户也签了，全部完成|企业已关停，任务完成",
    "done once more": "已完成，又发了一遍|又办结了|已完成，又补了照片",
    "a paper by name": "报告早上交的|材料已报送|情况说明已上报",
}
"""What sounds like these and is plainly a report."""


@pytest.mark.parametrize("kind", NO_REPORTS)
def test_what_leaves_it_open_is_no_sure_report(kind: str) -> None:
    assert [said for said in NO_REPORTS[kind].split("|") if is_sure_report(said)] == []


@pytest.mark.parametrize("kind", REPORTS)
def test_what_is_plain_stays_sure(kind: str) -> None:
    assert [said for said in REPORTS[kind].split("|") if not is_sure_report(said)] == []


def test_an_earlier_report_that_is_called_wrong_is_taken_back() -> None:
    wrong = NO_REPORTS["what was reported and is not so"].split("|")
    assert [said for said in wrong if heard(said).intent is not Intent.UNDO] == []


# ---------------------------------------------------------------- numbers of tasks, and days


@pytest.mark.parametrize(
    ("said", "task"),
    [("6号办好了", "6"), ("20号验收过了", "20"), ("10号已交", "10"), ("12号都弄好了", "12"), ("1号办结了", "1"), ("7号已办结", "7"),
     ("6.3完成", "6.3"), ("7.10已完成", "7.10")],
)  # fmt: skip
def test_a_number_that_may_be_a_day_is_asked_about_and_names_nothing_beside_what_is_answered(
    said: str, task: str
) -> None:
    understood = heard(said)
    assert (understood.intent, understood.confident, understood.tasks) == (Intent.DONE, False, (task,))
    assert understood.of_what_is_answered().tasks == ()


@pytest.mark.parametrize(
    ("said", "tasks"),
    [("A-2 7号办好了", ("A-2",)), ("A-2：7号就办好了", ("A-2",)), ("A-2 5日办结了", ("A-2",)), ("截至15号已完成", ()),
     ("7号任务已办结", ("7",)), ("第7号已办结", ("7",)), ("17、18号已办结", ("17", "18")), ("35号办好了", ("35",)),
     ("A-1~A-3已完成", ("A-1", "A-2", "A-3")), ("A-1到A-3已完成", ("A-1", "A-2", "A-3")), ("〔A-1〕至〔A-3〕都办完了", ("A-1", "A-2", "A-3"))],
)  # fmt: skip
def test_beside_a_code_a_day_is_no_task_and_from_one_code_to_another_all_are(said: str, tasks: tuple[str, ...]) -> None:
    assert (is_sure_report(said), heard(said).tasks) == (True, tasks)
    assert heard(said).of_what_is_answered().tasks == tasks


@pytest.mark.parametrize(
    ("said", "tasks"),
    [("1、已完成；2、预计7月1日完成；3、没有进展", ("1", "2", "3")), ("1号、3号完成，2号的企业说完成了", ("1", "3", "2")),
     ("A-1延期到 12号", ("A-1",)), ("A-3到A-1没动", ("A-3", "A-1"))],
)  # fmt: skip
def test_each_number_of_a_list_is_a_task(said: str, tasks: tuple[str, ...]) -> None:
    understood = heard(said)
    assert (understood.tasks, is_sure_report(said)) == (tasks, False)


@pytest.mark.parametrize("said", ["任务一定完成", "任务一直没动", "事项一共三处", "项目一旦完工就报", "我站任务一览"])
def test_a_word_that_begins_with_one_is_no_number_of_a_task(said: str) -> None:
    assert (heard(said).tasks, is_sure_report(said)) == ((), False)
    assert heard("任务一没动").tasks == ("1",)
