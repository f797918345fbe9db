"""What a chat message means, on 1 June 2022, about a task due on 30 June."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.dialogue.contact.several import shares
from bot.dialogue.understand import Intent, understand
from bot.dialogue.understanding.hearing import heard

ON, DUE = date(2022, 6, 1), date(2022, 6, 30)

MESSAGES = {
    Intent.DONE: "已完成|办结|已办结|完成了|搞定了|都弄好了|已整改到位|报办结|已全部完成|完成100%|做完了|办结 7|7号任务已办结|第7项已完成|"
    "〔Z-7〕已完成|Z-10.2 办结|收到，已完成|52个园区复核认定已完成|隐患已全部整改完毕|任务已完成，请核查|按时完成|✅|已经办完了|/done 7|"
    "该项工作已全部完成，佐证材料见附件|全部搞定|已落实到位|我单位已办结|已處理完畢|问题已清零|Ａ-9已完成",
    Intent.NOT_DONE: "未完成|没完成|还没办结|尚未完成|完成不了|无法完成|完成有困难|还没弄完|没有完成|办不完|暂未完成|还没做完|未能按期完成|"
    "不能按时完成|难以完成",
    Intent.PROGRESS: "基本完成|大体完成|快好了|即将完成|接近完成|完成了80%|预计下周完成|力争完成|争取月底完成|明天完成|月底前完成|完成了一部分|"
    "完成第一阶段|除省科技厅外均已完成|部分完成|正在推进|进行中|已开展|已部署|进展 7 已完成招标|进度60|已完成八成|百分之八十|正在办理|"
    "收到，正在办理|过半了|完成三分之二|有序推进|预计6月20日完成|计划6月完成|差不多完成了|初步完成|主体工程已完成|马上完成|已启动|正在走流程|"
    "目前完成12家，还剩3家|完成了大部分|已完成招标，正在施工",
    Intent.ACKNOWLEDGE: "收到|收悉|已阅|知悉|知道了|好的|OK|明白|遵照执行|马上办|👌|已签收|收到谢谢|收到 7|全部收到|好的收到|收到，马上落实|"
    "@督办助手 收到|收到！！|已收到|收到，谢谢|嗯嗯收到|照办|坚决落实",
    Intent.EXTEND: "延期|申请延期|延期一周|申请延期到7月15日，因设备到货推迟|能否延到7月15日|来不及，需要延到下周五|宽限三天|推迟到月底|缓一周|"
    "多给一周时间可以吗|延期 7 7月15日 原因招标流标|延长10个工作日|申请顺延一个月，原因是疫情|可否延期至八月底",
    Intent.QUESTION: "完成了吗？|是否已完成?|怎么算完成|请问什么时候要完成|收到了吗|收到？|谁负责？|延期的事怎么样了|材料报给谁|这个任务的标准是什么|"
    "如果完成了怎么办|要报哪些材料？|能不能用电子版",
    Intent.LIST: "没办的清单|把没办完的清单列一下|我的任务|任务清单|有哪些任务|还有什么没办|列表|待办|清单|我们还有哪些任务没完成？",
    Intent.SHOW: "看第7项|查看 Z-7|任务7详情|7 详情|详情 7",
    Intent.UNDO: "撤回|发错了|点错了|按错了|搞错了|撤销刚才的|取消",
    Intent.HELP: "帮助|怎么用|help|/help|菜单|？",
    Intent.NONE: "哈哈|谢谢|今天天气不错|大家好|不延期|辛苦了",
    Intent.VERIFY: "核查通过|已核查通过|同意销号|销号 7|通过|通过了|核实无误|审核通过|予以销号|经核查属实，同意销号",
    Intent.RETURN: "退回|不通过|打回|退回 7 材料不全|不同意销号|重新整改后再报",
    Intent.GRANT: "同意延期|准予延期|同意延到7月20日|批准|批准延期",
    Intent.REFUSE: "不同意延期|不予延期|驳回延期|驳回你们的延后|驳回顺延|驳回该推迟|驳回宽限|驳回展期|不批准延期",
}

NEVER_DONE = [
    "未完成",
    "基本完成",
    "快好了",
    "完成了80%",
    "预计下周完成",
    "力争完成",
    "完成了吗？",
    "尚未办结",
    "明天办结",
    "如果完成了",
    "完成一半",
    "已完成招标正在施工",
    "已完成初稿",
    "别人完成了",
    "不是完成了",
    "完成情况见附件",
    "除两家外均已完成",
    "等验收后办结",
    "马上就完成",
    "差一点完成",
    "完成时限是哪天",
    "说完成了其实没有",
    "争取办结",
    "计划办结",
    "完成不了",
    "应该完成了吧",
    "可能完成了",
    "大概完成了",
    "快完成了",
    "就要完成了",
    "还没完成呢",
    "完成了才怪",
    "确保按期完成",
    "保证完成任务",
    "一定完成",
    "尽快完成",
    "抓紧完成",
    "正在完成",
    "需要完成什么",
    "完成后再报",
    "上次那项完成了",
    "已完成前期工作",
    "阶段性完成",
    "第一批已完成",
    "一期已完成",
    "大部分已完成",
    "原则上完成",
]


@pytest.mark.parametrize(
    ("said", "intent"), [(said, intent) for intent, texts in MESSAGES.items() for said in texts.split("|")]
)
def test_intent(said: str, intent: Intent) -> None:
    assert understand(said, on=ON, due=DUE).intent is intent


@pytest.mark.parametrize("said", NEVER_DONE)
def test_only_a_plain_statement_of_completion_is_a_report(said: str) -> None:
    understood = understand(said, on=ON, due=DUE, coordinator=False)
    assert understood.intent is not Intent.DONE or not understood.confident


@pytest.mark.parametrize(
    ("said", "task"),
    [("办结 7", "7"), ("第7项已完成", "7"), ("〔Z-7〕已完成", "Z-7"), ("z-10.2 办结", "Z-10.2"), ("7号任务已办结", "7"),
     ("任务十二进展顺利", "12"), ("收到", None), ("完成了80%", None), ("7月15日完成", None), ("延期 7 7月15日", "7")],
)  # fmt: skip
def test_the_task_that_is_named(said: str, task: str | None) -> None:
    assert understand(said, on=ON).task == task


@pytest.mark.parametrize("task", ["〔7〕", "任务7项", "任务7号", "任务 7", "第7项", "A-7", "〔A-7〕", "#7"])
def test_the_name_of_a_task_is_no_part_of_the_reason(task: str) -> None:
    understood = understand(f"退回{task}材料不全", on=ON, due=DUE, coordinator=True)
    assert (understood.intent, understood.reason) == (Intent.RETURN, "材料不全")


def test_several_tasks_are_all_kept() -> None:
    assert understand("7、8、9都办结了", on=ON).tasks == ("7", "8", "9")


@pytest.mark.parametrize(
    ("said", "percent"),
    [("完成了80%", 80), ("百分之八十", 80), ("已完成八成", 80), ("完成七成五", 75), ("进度60", 60), ("过半了", None), ("完成三分之二", 67),
     ("完成１００％", 100), ("完成120%", None), ("收到", None)],
)  # fmt: skip
def test_percent(said: str, percent: int | None) -> None:
    assert understand(said, on=ON).percent == percent


@pytest.mark.parametrize(
    ("said", "due", "shift"),
    [
        ("申请延期到7月15日", "2022-07-15", None), ("延期一周", "2022-07-07", "P1W"), ("宽限三天", "2022-07-03", "P3D"),
        ("顺延一个月", "2022-07-30", "P1M"), ("延长10个工作日", "2022-07-14", "P10D"), ("一周后完成，申请延期", "2022-06-08", None),
        ("延到下周五", "2022-06-10", None), ("7月底延期", "2022-07-31", None), ("宽限三天，周三报", "2022-06-08", None), ("申请延期到7月10日，赶在主汛期前", "2022-07-10", None), ("推迟到月底", "2022-06-30", None), ("延期半个月", "2022-07-15", "P15D"), ("延期", None, None), ("延期10日", "2022-07-10", "P10D"),
        ("延期两个礼拜", "2022-07-14", "P2W"), ("延四天", "2022-07-04", "P4D"), ("缓五个工作日", "2022-07-07", "P5D"), ("延十五天", "2022-07-15", "P15D"),
        ("晚三五天交", None, None), ("月底完不成，想往后延一延", None, None), ("A-5已办结，因设备未到A-6申请延到7月5日", "2022-07-05", None), ("延期一年", "2023-06-30", "P1Y"),
    ],
)  # fmt: skip
def test_more_time_counts_from_the_deadline_and_later_from_today(said: str, due: str | None, shift: str | None) -> None:
    understood = understand(said, on=ON, due=DUE)
    assert (understood.due and understood.due.isoformat(), understood.shift) == (due, shift)


@pytest.mark.parametrize(
    ("said", "reason"),
    [("申请延期到7月15日，因设备到货推迟", "设备到货推迟"), ("延期一周，原因：招标流标", "招标流标"), ("由于疫情影响，申请延期一个月", "疫情影响"),
     ("退回 7 材料不全", "材料不全"), ("延期一周", None)],
)  # fmt: skip
def test_the_reason(said: str, reason: str | None) -> None:
    assert understand(said, on=ON, due=DUE).reason == reason


@pytest.mark.parametrize(
    ("said", "intent"),
    [("同意延期", Intent.GRANT), ("照准", Intent.GRANT), ("不同意延期", Intent.REFUSE), ("不予延期", Intent.REFUSE), ("核查通过", Intent.VERIFY),
     ("退回重新完成", Intent.RETURN), ("退回请补齐材料", Intent.RETURN), ("退回抓紧完成", Intent.RETURN), ("退回请完成整改后再报", Intent.RETURN)],
)  # fmt: skip
def test_a_coordinator_decides_without_being_asked_back(said: str, intent: Intent) -> None:
    understood = understand(said, on=ON, due=DUE, coordinator=True)
    assert (understood.intent, understood.confident) == (intent, True)


def test_a_contact_has_no_coordinators_words() -> None:
    assert understand("核查通过", on=ON, coordinator=False).intent is not Intent.VERIFY


@pytest.mark.parametrize(
    ("said", "intent", "task"),
    [("/done 7", Intent.DONE, "7"), ("/progress 7 完成一半", Intent.PROGRESS, "7"), ("/extend 7 一周", Intent.EXTEND, "7"),
     ("/ack", Intent.ACKNOWLEDGE, None), ("/verify 7", Intent.VERIFY, "7"), ("/return 7 材料不全", Intent.RETURN, "7"),
     ("/grant 7", Intent.GRANT, "7"), ("/refuse 7", Intent.REFUSE, "7"), ("撤回 7", Intent.UNDO, "7"), ("撤回A-9", Intent.UNDO, "A-9")],
)  # fmt: skip
def test_a_command_is_the_word_that_it_stands_for(said: str, intent: Intent, task: str | None) -> None:
    understood = understand(said, on=ON, due=DUE)
    assert (understood.intent, understood.task) == (intent, task)


@pytest.mark.parametrize(
    ("said", "intent"),
    [("〔Z-7〕", Intent.SHOW), ("7", Intent.NONE), ("同意", Intent.GRANT), ("不同意", Intent.REFUSE), ("不行", Intent.REFUSE),
     ("没收到通知", Intent.QUESTION), ("完成101%", Intent.DONE), ("东街口的桥面铺装已完成", Intent.DONE),
     ("市水务局已办结", Intent.DONE), ("他们那边已经办结", Intent.PROGRESS), ("已完成，其他单位也办结了", Intent.DONE),
     ("看看情况", Intent.NONE)],
)  # fmt: skip
def test_in_doubt_the_bot_asks(said: str, intent: Intent) -> None:
    understood = understand(said, on=ON, due=DUE)
    assert (understood.intent, understood.confident) == (intent, False)


@pytest.mark.parametrize(
    ("said", "intent"),
    [("好的，搞定了", Intent.DONE), ("好了", Intent.DONE), ("结束了", Intent.DONE), ("进展：已完成", Intent.PROGRESS),
     ("推进中", Intent.PROGRESS), ("完成了80%", Intent.PROGRESS), ("还没完成，完成了80%", Intent.PROGRESS),
     ("收到贵办发来的纸质文件了。", Intent.ACKNOWLEDGE), ("未完成，基本上没动", Intent.NOT_DONE), ("已完成招标", Intent.PROGRESS),
     ("材料已报送", Intent.DONE), ("推进", Intent.PROGRESS), ("两周后完成", Intent.PROGRESS), ("收到，好的，搞定了", Intent.DONE)],
)  # fmt: skip
def test_what_is_plain_needs_no_question(said: str, intent: Intent) -> None:
    understood = understand(said, on=ON, due=DUE)
    assert (understood.intent, understood.confident) == (intent, True)


@pytest.mark.parametrize(
    ("said", "percent", "due", "shift", "reason"),
    [
        ("完成0%", 0, None, None, None), ("进度101%", None, None, None, None), ("百分之百", 100, None, None, None),
        ("百分之一百完成", 100, None, None, None), ("没有完成100%", 100, None, None, None),
        ("完成60%，申请延期一周", 60, "2022-07-07", "P1W", None), ("延期10个工作日", None, "2022-07-14", "P10D", None),
        ("延期两周", None, "2022-07-14", "P2W", None), ("延期两个星期", None, "2022-07-14", "P2W", None),
        ("延期一周到7月15日", None, "2022-07-15", None, None), ("延期0天", None, None, None, None),
        ("设备没到货，申请延期一周", None, "2022-07-07", "P1W", "设备没到货"), ("延期一周，原因：", None, "2022-07-07", "P1W", None),
        ("延期一周，没人手", None, "2022-07-07", "P1W", "没人手"), ("延期一周，没钱", None, "2022-07-07", "P1W", "没钱"),
        ("延期到7月8日因为7月20日才发工资", None, "2022-07-08", None, "7月20日才发工资"),
        ("延期到7月8日，配件7月20日到港，赶不上", None, "2022-07-08", None, "配件7月20日到港，赶不上"),
        ("因配件7月20日到港，申请延期至8月5日", None, "2022-08-05", None, "配件7月20日到港"),
        ("原来延到7月1日，现在想延到7月15日", None, "2022-07-15", None, None),
        ("延期到2023年，缺钱", None, None, None, "缺钱"), ("延期到2023年3月", None, "2023-03-31", None, None),
        ("延三天 配件没来", None, "2022-07-03", "P3D", "配件没来"), ("再给一周时间吧 人手不够", None, "2022-07-07", "P1W", "人手不够"),
        ("延到7.8，放假", None, "2022-07-08", None, "放假"), ("延期到7/8 缺人", None, "2022-07-08", None, "缺人"),
        ("延期申请表已盖章 延期到7月8日 因为缺钱 A-2", None, "2022-07-08", None, "缺钱"), ("延期到7月8日，谢谢", None, "2022-07-08", None, None),
        ("没完成，预计7月5日完成，因设备未到", None, "2022-07-05", None, "设备未到"),
        ("预计6月20日完成", None, "2022-06-20", None, None), ("6月20日已开工，主汛期前完成", None, None, None, None),
        ("同意延到7月20日", None, "2022-07-20", None, None), ("不同意延期 工期充足", None, None, None, "工期充足"),
        ("不能同意延期 工期充足", None, None, None, "工期充足"),
        ("退回", None, None, None, None), ("退回 7 上次也是退回，材料不全", None, None, None, "上次也是退回，材料不全"),
    ],
)  # fmt: skip
def test_the_details_of_what_was_said(
    said: str, percent: int | None, due: str | None, shift: str | None, reason: str | None
) -> None:
    told = understand(said, on=ON, due=DUE).as_json()
    assert (told["percent"], told["due"], told["shift"], told["reason"]) == (percent, due, shift, reason)


def test_more_time_without_a_deadline_has_a_length_and_no_day() -> None:
    told = understand("〔Z-7〕延期两周，因下雨", on=ON).as_json()
    assert told == {"intent": "extend", "task": "Z-7", "percent": None, "due": None, "shift": "P2W", "reason": "下雨",
                    "confident": True}  # fmt: skip


@pytest.mark.parametrize(
    ("said", "tasks"),
    [("ABC-7型设备已完成", ()), ("A-7-1号楼已完成", ()), ("完成任务5个", ()), ("2022项已办结", ()), ("7号楼已完成", ()),
     ("A-7和A-8都办结了", ("A-7", "A-8")), ("第二十一项已完成", ("21",)), ("任务七、进展顺利", ("7",))],
)  # fmt: skip
def test_a_number_that_names_something_else_names_no_task(said: str, tasks: tuple[str, ...]) -> None:
    assert understand(said, on=ON).tasks == tasks


@pytest.mark.parametrize(
    ("said", "never"),
    [
        ("多么难都已完成", Intent.QUESTION), ("怎么都联系不上施工单位", Intent.QUESTION), ("哪怕加班也要完成", Intent.QUESTION),
        ("呢绒企业检查已完成", Intent.QUESTION), ("未来科技城整改已完成", Intent.NOT_DONE), ("没问题已办结", Intent.NOT_DONE),
        ("快速检查已完成", Intent.PROGRESS), ("将军路整改已完成", Intent.PROGRESS), ("会议已完成", Intent.PROGRESS),
        ("会商已完成", Intent.PROGRESS), ("行政许可的事", Intent.ACKNOWLEDGE), ("是市局的事", Intent.ACKNOWLEDGE),
        ("延期费", Intent.EXTEND), ("延期批了", Intent.EXTEND), ("延期的事", Intent.EXTEND), ("恳请同意延期", Intent.GRANT),
        ("核查通过不了", Intent.VERIFY), ("同意销号流程", Intent.VERIFY), ("销号条件", Intent.VERIFY), ("详情", Intent.SHOW),
        ("驳回该延期", Intent.RETURN),
    ],
)  # fmt: skip
def test_a_word_inside_another_says_nothing(said: str, never: Intent) -> None:
    assert understand(said, on=ON, due=DUE).intent is not never


@pytest.mark.parametrize(
    ("said", "percent"),
    [("完成二分之一", 50), ("完成三分之一", 33), ("完成四分之三", 75), ("完成四分之一", 25), ("完成五分之四", 80), ("完成一多半", None),
     ("完成大半", None), ("完成五分之三", 60), ("完成五分之二", 40), ("完成五分之一", 20), ("百分之80", 80), ("目前进展70", 70),
     ("完成率60", 60), ("完成度60", 60), ("办结率60", 60), ("完成一半", 50), ("班子一成立就开展", None), ("进度60家", None)],
)  # fmt: skip
def test_a_share_in_words_is_a_percentage(said: str, percent: int | None) -> None:
    assert understand(said, on=ON).percent == percent


@pytest.mark.parametrize(
    ("said", "reason"),
    [
        ("因设备故障，且招标流标，申请延期一周", "设备故障，且招标流标"),
        ("因此延期一周", None),
        ("延期一周，原因为招标流标", "招标流标"),
        ("延期一周，原因在于招标流标", "招标流标"),
        ("延期一周，理由是招标流标", "招标流标"),
        ("恳请延期一周", None),
        ("可以延到月底吗", None),
        ("时限能否调整到7月底", None),
        ("因设备故障，时限调整到7月底", "设备故障"),
        ("没完成，原因：", None),
        ("因而延期一周", None),
        ("我们人手不够，申请延期一周", "我们人手不够"),
        ("恳请多留三天", None),
        ("恳请延期报送", None),
        ("烦请延期报送", None),
        ("希望延期报送", None),
        ("需要延期报送", None),
        ("我局延期报送", None),
        ("该任务延期报送", None),
        ("目前延期报送", None),
        ("延期到明天报送", None),
        ("注意安全，申请延期一周", None),
        ("予以批准延期", None),
        ("没通过核查", "没通过核查"),
        ("退回材料不全", "材料不全"),
        ("材料退回 缺页", "材料退回 缺页"),
        ("未按时报送，退回", "未按时报送"),
    ],
)
def test_a_reason_ends_where_the_request_begins(said: str, reason: str | None) -> None:
    assert understand(said, on=ON, due=DUE).reason == reason


@pytest.mark.parametrize("said", ["未完成延期，完成", "没办完，延期一周", "没办完延期"])
def test_a_no_to_the_finishing_is_none_to_more_time(said: str) -> None:
    assert understand(said, on=ON, due=DUE).intent is Intent.EXTEND


@pytest.mark.parametrize("said", ["没办延期", "没有延期", "不用办延期"])
def test_a_no_to_more_time_asks_for_none(said: str) -> None:
    assert understand(said, on=ON, due=DUE).intent is Intent.NONE


@pytest.mark.parametrize("said", ["可以延期吗？", "能不能延期？", "交稿时限能否调整到7月底"])
def test_asking_a_coordinator_s_leave_is_no_reason(said: str) -> None:
    understood = understand(said, on=ON, due=DUE, coordinator=False)
    assert (understood.intent, understood.reason) == (Intent.EXTEND, None)


WORDS = {
    Intent.QUESTION: "咨询标准|想问标准|问一下标准|问下标准|标准如何|报什么材料|几号交|几月交|交多少份|要多久|何时交|为啥退|为何退|咋报|要不要盖章|"
    "需不需要盖章|需要盖章吗|对不对|行不行|可否传真|能否传真|可不可以传真|有没有模板|是不是传真|是否传真|谁审核呢|在哪报送|怎么填|这样行么",
    Intent.NOT_DONE: "还没办结|未全部办结|未按期办完|没按时做完|没完全弄完|没及时搞定|未正式启动|没再整改|未曾落实|无法落实|来不及了|做不完|办不了|不可能完成|未能达到|"
    "没有结束|弄不好|搞不定，没办|整改不到位|处理不了|赶不出|没完|没好|没弄|没做|没搞|差得远|还早|有难度|"
    "做不到|办不到|完成不了|卡住了|停滞|没动|没进展|无进展|还没开始|没到位|未报|未实现",
    Intent.PROGRESS: "还差|尚缺|还缺|还剩|还欠|还有三家未报|大致完成|多数完成|一部分完成|主体工程完成|主体工作完成|首批完成|首期完成|草稿完成|征求意见完成|将要完成|临近完成|近乎完成|几乎完成|"
    "眼看完成|就要完成|收尾中，完成|扫尾，完成|过半完成|大半完成|只差盖章就完成|仅剩一家未完成|原则上完成|算是完成|应该完成|可能完成|也许完成|大概完成|"
    "估计完成|好像完成|似乎完成|据说完成|听说完成|视为完成|有争议，完成|预期完成|打算完成|准备完成|拟完成|确保完成|保证完成|承诺完成|目标完成|希望完成|"
    "有望完成|后天完成|下月完成|本周内完成|这周内完成|月底完成|月末完成|年底完成|周五完成|之后完成|以后完成|待验收后完成|等验收后完成|"
    "假如完成|要是完成|若完成|一旦完成|只要完成|才能完成|方能完成|加紧完成|加快完成|尽早完成|努力完成|着手完成|开始整改，完成|要求完成|需要完成|还要完成|"
    "还得完成|须完成|曾经完成|去年完成|以前完成|别人完成|别的完成|其他单位完成|其他部门完成|在推进|部署了|启动了|着手了|正按要求做|办理中|整改中|施工了|采购了|"
    "起草了|印发了|召开了|检查了|排查了|摸底了|送审了|报批了|审核中|走流程|验收中|安装了|调试了|培训了|走访了|梳理了|协调了|落实中|有序|稳步|已安排|"
    "已组织|已下发|已联系|已制定|已成立|已形成|已建立|已开工|已上会|已批复|在办|在做|在弄|在搞",
    Intent.DONE: "任务完成|工作完成|事项完成|我局完成|均完成|都完成|已经完成|已完成|现已完成|现完成|今天完成|今日完成|昨天完成|刚刚完成|刚才完成|目前完成|"
    "终于完成|如期完成|按期完成|按要求完成|顺利完成|圆满完成|全面完成|提前完成|问题整改完成|隐患整改完毕|完成啦|完成喽|完成咯|完成整改|完成办理|"
    "完成销号|完成落实|完成验收|办结啦|办结完毕|办完了|办好了|做完啦|弄完了|弄好啦|做好了|搞完了|结束了|处理完了|处理好了|处理完毕|整改好了|"
    "落实完毕|已落实|已解决|均清零|都销号|全部归零|全部拆除|已关停|已验收合格|办理完毕|执行完毕|了结|清零了|☑️|done|finished|completed|"
    "已完成，请查收|已完成，请审核|已完成，请核实|已完成，请销号|已完成，请领导核查|已完成，请予以销号|已完成，请验收|已完成，请审阅|已完成，特此报告|"
    "已完成，辛苦|已完成，可以核查|已完成，申请核查|已完成，材料见附件|已完成，照片附后|已完成，报告已附|已完成，佐证在附件|已完成，证明如下|已完成，材料已上传|已完成哈|已完成哦",
    Intent.ACKNOWLEDGE: "阅悉|已悉|获悉|晓得了|了解|清楚|遵办|没问题|没有问题|可以|立即办理|立刻落实|这就去办|尽快落实|抓紧落实|按要求执行|认真贯彻|坚决执行|"
    "一定落实|马上安排|okay|roger|copy|received|👍|🫡|确认收到|是的|行|嗯|好|1|收悉，谢谢|均已收悉|好的，领导|知道了，辛苦",
    Intent.EXTEND: "展期|顺延|延后|往后推|往后延|晚几天交|晚两天报|缓交|缓办|缓报|推迟|宽限|再给三天|多给几天时间|能否给半个月|延长",
    Intent.LIST: "查看清单|看看任务|显示任务清单|列出任务|我们的任务|本单位任务|还有哪些任务|任务列表|台账|list|tasks|还有什么没办",
    Intent.HELP: "使用说明|说明书|如何使用|怎么使用|怎么操作|有什么功能|你会什么|你能做什么|指令|命令|用法",
    Intent.UNDO: "我要撤回|请撤回|撤消|撤回刚才|撤回上一条|撤回办结|撤回收到|撤回延期申请|不好意思，发错了|抱歉，报错了|写错了|选错了|填错了|弄错了",
    Intent.REFUSE: "未批准延期|不准延期|不批延期|不允许延期|不予同意|拒绝延期|否决延期|延期不同意|延期不予|不批准延长|不同意推迟|不同意宽限|不同意顺延|不同意展期",
    Intent.GRANT: "准许延期|允许延期|可以延期|核准延期|照准|核准|准予|予以批准|同意其延期|同意延至7月底|批准宽限|批准展期|批准顺延|延期同意|延期批准",
    Intent.RETURN: "不予销号|不予通过|不予认可|不能销号|未通过|没通过|返工|不合格|核查不属实|与实际不符|不属实|重新办理|重新上报|驳回",
    Intent.VERIFY: "予以销号|准予销号|可以销号|核查属实|核查合格|核查无误|核实属实|查验通过|验收合格|同意办结|同意核销|同意通过|核销|准予办结|核查销号",
}  # fmt: skip
"""One example for a word: each is heard as its kind, surely or with a question."""


COORDINATORS = (Intent.REFUSE, Intent.GRANT, Intent.RETURN, Intent.VERIFY)


@pytest.mark.parametrize(
    ("said", "intent"), [(said, intent) for intent, texts in WORDS.items() for said in texts.split("|")]
)
def test_every_word_has_its_example(said: str, intent: Intent) -> None:
    assert understand(said, on=ON, due=DUE, coordinator=intent in COORDINATORS).intent is intent


# ---------------------------------------------------------------- what stays the same, and what takes it back

PLAIN = (
    "已完成",
    "办结了",
    "全部完成",
    "已整改到位",
    "搞定了",
    "7号任务已办结",
    "〔Z-7〕已完成",
    "我单位已办结",
    "收到，已完成",
)
"""Plain completions, on which the changes below are tried."""

TAKES_BACK = {
    "negated": ("未{}", "没有{}", "还没{}", "不是{}", "{}不了"), "asked": ("{}吗", "{}？", "是否{}", "{}了没有？", "请问{}"),
    "hedged": ("基本{}", "快{}", "差不多{}", "大部分{}", "可能{}", "应该是{}了吧", "初步{}", "除两家外{}"),
    "planned": ("预计{}", "争取{}", "力争月底前{}", "下周{}", "明天{}", "计划{}", "确保{}", "正在{}"),
    "conditional": ("如果{}", "等{}后再报", "待{}后", "一旦{}"), "of others": ("他们{}", "其他单位{}", "听说{}"),
    "a step": ("招标{}", "招标已{}", "手续全部{}", "方案{}", "培训已{}", "初稿{}", "第一批{}", "一期{}"),
}  # fmt: skip


@pytest.mark.parametrize("frame", [frame for frames in TAKES_BACK.values() for frame in frames])
@pytest.mark.parametrize("plain", ["完成", "办结了", "全部完成", "整改到位", "搞定了"])
def test_a_word_that_takes_it_back_leaves_no_sure_report(plain: str, frame: str) -> None:
    understood = understand(frame.format(plain), on=ON, due=DUE, coordinator=False)
    assert understood.intent is not Intent.DONE or not understood.confident


@pytest.mark.parametrize("plain", PLAIN)
def test_full_width_digits_doubled_marks_and_politeness_change_nothing(plain: str) -> None:
    wide = plain.translate({ord("7"): "７", ord("Z"): "Ｚ", ord("-"): "－"})
    for said in (plain, wide, f"{plain}！！", f"  {plain}。", f"@督办助手 {plain}", f"好的，{plain}", f"{plain}，谢谢"):
        understood = understand(said, on=ON, due=DUE, coordinator=False)
        assert (understood.intent, understood.confident) == (Intent.DONE, True), said


@pytest.mark.parametrize(
    ("simple", "traditional"),
    [
        ("已办结", "已辦結"),
        ("还没完成", "還沒完成"),
        ("申请延期一个月", "申請延期一個月"),
        ("完成了吗", "完成了嗎"),
        ("问题已清零", "問題已清零"),
    ],
)
def test_traditional_script_says_the_same(simple: str, traditional: str) -> None:
    assert understand(simple, on=ON, due=DUE) == understand(traditional, on=ON, due=DUE)


_CUES = st.lists(
    st.sampled_from(["已", "未", "没", "完成", "办结", "了", "吗", "？", "基本", "80%", "预计", "下周", "收到", "，", "延期", "7月15日", "第7项", "因",
                     "退回", "同意", "不", "全部", "快", "好", "〔A-9〕", "@a ", "100", "月", "进展", "👌"]),
    max_size=8,
).map("".join)  # fmt: skip


@given(
    st.text(max_size=80) | _CUES,
    st.dates(date(1950, 1, 1), date(2099, 1, 1)),
    st.none() | st.dates(date(1950, 1, 1), date(2099, 1, 1)),
)
def test_any_message_is_understood_somehow(text: str, on: date, due: date | None) -> None:
    understood = understand(text, on=on, due=due)
    assert understood.percent is None or 0 <= understood.percent <= 100
    assert understood.due is None or 1949 <= understood.due.year <= 2100


@given(_CUES, st.sampled_from(["未", "没", "尚未", "基本", "快", "预计", "力争", "是否", "争取"]))
def test_done_never_stands_beside_a_word_that_takes_it_back(text: str, guard: str) -> None:
    understood = understand(f"{guard}完成{text}", on=ON, coordinator=False)
    assert understood.intent is not Intent.DONE or not understood.confident


@pytest.mark.parametrize(
    ("said", "reason"),
    [
        ("退回 A-1：照片不清楚，请补（两张）！", "照片不清楚，请补（两张）"),
        ("A-1退回，缺签字页：第２页、第3页", "缺签字页：第２页、第3页"),
        ("A-1退回 材料不齊", "材料不齊"),
        ("A-1退回 缺照片！！", "缺照片"),
        ("A-13材料不全，退回去让他们补盖章件", "材料不全，退回去让他们补盖章件"),
        ("A-4 材料不全退回去补齐", "材料不全退回去补齐"),
        ("证明材料没有公章，重新提供", "证明材料没有公章，重新提供"),
        ("A-10省交通运输厅退回去重报", "重报"),
        ("A-4 材料不全退回去", "材料不全"),
        ("没照片退回吧", "没照片"),
    ],
)
def test_a_reason_keeps_the_characters_in_which_it_was_written(said: str, reason: str) -> None:
    heard = understand(said, on=ON, coordinator=True)
    assert (heard.intent, heard.reason) == (Intent.RETURN, reason)


@pytest.mark.parametrize(
    ("words", "first"),
    [
        ("电动自行车10.1干了一半了 10.2还没动", "干了一半了"),
        ("说反了，是10.1一半，10.2没动", "一半"),
    ],
)
def test_parts_of_a_duty_that_stand_behind_a_word_are_told_apart(words: str, first: str) -> None:
    said = understand(words, on=date(2022, 6, 8), coordinator=False, known=frozenset({"10.1", "10.2"}))
    assert said.tasks == ("10.1", "10.2")
    one, other = shares(words, said.tasks, in_a_list=False)
    assert one.tasks == ("10.1",)
    assert first in one.heard
    assert other.tasks == ("10.2",)
    assert "一半" not in other.heard
    assert "反" not in other.heard


@pytest.mark.parametrize("words", ["计划到10.1完成，拖到10.2", "电动车10.1元一辆，10.2元两辆"])
def test_days_and_sums_with_a_dot_are_no_parts_of_a_duty(words: str) -> None:
    assert understand(words, on=date(2022, 6, 8), coordinator=False, known=frozenset({"10.1", "10.2"})).tasks == ()


def test_radicals_of_a_copied_pdf_are_heard_as_the_characters_that_are_typed() -> None:
    assert heard("⺠⽣⼤厅的⻔⼾已换，⻓6⽶") == "民生大厅的门户已换,长6米"
