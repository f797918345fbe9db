"""Messages by feature, what changes their meaning, and what leaves it as it is. On 1 June 2022, due on 30 June."""

from dataclasses import replace
from datetime import date

import pytest
from opencc import OpenCC

from bot.dialogue.understand import Intent, Understanding, explain, understand
from bot.dialogue.understanding.features import Features
from bot.dialogue.understanding.meaning import MESSAGES, Says, meant_by, said_by
from bot.dialogue.understanding.what import Extent, Sure, What, Whether, Whose

ON, DUE = date(2022, 6, 1), date(2022, 6, 30)


def heard(said: str) -> Understanding:
    return understand(said, on=ON, due=DUE, coordinator=False)


def is_sure_report(said: str) -> bool:
    understood = heard(said)
    return understood.intent is Intent.DONE and understood.confident


PLAIN = [
    "已完成",
    "办结了",
    "已全部整改到位",
    "搞定了",
    "弄好了",
    "整改完毕",
    "任务已完成",
    "我局已办结",
    "该项工作已于5月底完成",
    "材料已报送",
    "隐患全部整改到位",
    "已按时办结",
    "处理好了",
    "7号任务已办结",
    "A-3已完成",
    "已落实到位",
    "都办完了",
    "总结已经交了",
    "欠款已还清",
    "已整改",
    "违建已拆除",
    "报完了",
    "已办妥",
    "整改工作全部完成",
]
"""Plain completions, on which every change is tried."""

CHANGED = {
    "negated": "还没有{}|并不是{}|不算{}|尚未{}|不能说{}|没有说{}|离{}还远|{}是假的|{}才怪|不可能{}|难以{}",
    "asked": "{}？|{}吗|是否{}|{}没有|是不是{}|有没有{}|难道{}|请问{}|什么时候{}|谁{}|怎样才算{}|{}没|咋算{}|哪项{}",
    "hedged": "基本{}|差不多{}|快{}|可能{}|大概{}|应该{}吧|好像{}|初步{}|几乎{}|算是{}吧|原则上{}|估计{}|接近{}",
    "partly": "大部分{}|部分{}|除两家外{}|只有一家{}|{}80%|{}一半|还差一点{}|除城东外{}|第一批{}|一期{}|其中一处{}|个别点位{}",
    "planned": "预计{}|力争{}|争取月底前{}|明天{}|下周{}|计划{}|会{}的|马上{}|确保{}|保证{}|要{}|必须{}|需要{}|希望{}|能{}|打算{}|抓紧{}",
    "conditional": "如果{}|等{}后再报|要是{}|只要{}|一旦{}|待{}|{}的话|倘若{}|{}后通知我",
    "of a step": "招标{}|初稿{}|方案{}|设计{}|前期手续{}|合同签订{}|安装{}|评审{}|采购{}|动员部署{}|图纸会审{}",
    "quoted": "听说{}|据说{}|有人说{}|谁说{}|“{}”的链接打不开|《{}》|{}的标准|上次{}|去年{}|说{}还早",
    "called": "大家{}|别{}|请大家{}|各位{}",
}  # fmt: skip


@pytest.mark.parametrize("kind", CHANGED)
def test_a_changed_completion_is_no_sure_report(kind: str) -> None:
    frames = CHANGED[kind].split("|")
    assert [said for frame in frames for plain in PLAIN if is_sure_report(said := frame.format(plain))] == []


@pytest.mark.parametrize(
    "others", ["他们", "省厅", "企业", "别的单位", "各镇", "市水务局", "施工单位", "已督促企业", "北湖区"]
)
def test_what_others_finished_is_no_sure_report(others: str) -> None:
    """我局 in the words themselves says whose it is after all."""
    assert [plain for plain in PLAIN if "我局" not in plain and is_sure_report(others + plain)] == []


UNCHANGED = [
    "好的，{}",
    "{}！！",
    "{}。",
    "@督办 {}",
    "{}，谢谢",
    "收到，{}",
    "领导好，{}",
    "报告领导：{}",
    "{}👌",
    "{}，请核查",
    "{}哈",
    "👍{}",
    "您好，{}",
    "{}，请领导查收",
    "{}🙏",
    "主任，{}",
    " {} ",
    "{}，辛苦了",
    "{}，特此报告",
    "{}，照片见附件",
    "各位领导，{}",
    "{}~",
    "（{}）",
    "{}[抱拳]",
    "向领导汇报，{}",
    "{}啦",
    "{}，情况属实",
    "{}，请予销号",
    "{}，无遗留问题",
    "“{}”",
]


@pytest.mark.parametrize("frame", UNCHANGED)
def test_politeness_and_marks_leave_a_completion_as_it_is(frame: str) -> None:
    assert [plain for plain in PLAIN if not is_sure_report(frame.format(plain))] == []


def test_script_and_width_change_nothing() -> None:
    traditional = OpenCC("s2t")
    wide = {code: code + 0xFEE0 for code in range(0x21, 0x7F)}
    messages = [*PLAIN, *(said for texts in FEATURES.values() for said in texts.split("|"))]
    for said in messages:
        plain = replace(heard(said), reason=None)  # which is kept as it was written
        assert replace(heard(traditional.convert(said)), reason=None) == plain, said
        assert replace(heard(said.translate(wide)), reason=None) == plain, said


@pytest.mark.parametrize("typed", ["己完成", "已玩成", "以办结", "已办节", "己办洁", "已完城", "搞定了", "已整该到位"])
def test_one_near_character_is_heard_through(typed: str) -> None:
    assert is_sure_report(typed)


REORDERED = (
    ("任务已完成", "已完成任务"), ("整改已全部完成", "已全部完成整改"), ("招标已完成", "已完成招标"), ("设备安装已完成", "已完成设备安装"),
    ("3家没完成", "没完成的有3家"), ("8处完成了6处", "完成了8处里的6处"), ("月底前预计办结", "预计月底前办结"), ("申请延期到7月15日", "到7月15日，申请延期"),
    ("已办结，谢谢", "谢谢，已办结"), ("没完成，资金没到位", "资金没到位，没完成"), ("除东街外都完成了", "都完成了，除东街外"),
)  # fmt: skip


@pytest.mark.parametrize(("said", "turned"), REORDERED)
def test_the_order_of_the_words_decides_nothing(said: str, turned: str) -> None:
    first, second = heard(said), heard(turned)
    assert (first.intent is Intent.DONE and first.confident) == (second.intent is Intent.DONE and second.confident)
    assert first.intent is second.intent or {first.intent, second.intent} == {Intent.NOT_DONE, Intent.PROGRESS}


FEATURES = {
    Intent.DONE: "领导好，我们这项已经全部弄完了，请查收|全部搞完了，辛苦|我镇已将隐患全部整改到位|现已整改完毕|我单位已于6月10日完成整改|任务3我们做完了|已办结，附件为验收报告|"
    "该任务已如期完成，相关材料已报送|整改完成，可以销号|这个已经搞好了|3号任务完成了|问题均已解决，请核销|已经处理完毕了|完成啦！|都整改好了，照片发群里了|"
    "已完成，请审核。联系人：张三 13800000000|〔B-12〕全部办结|已完成报送|上周五就办完了|隐患排查整治工作已全部完成|我县任务已全部完成|报告已上交|早就完成了|"
    "今天上午已全部整改完|已按时完成并报送|全部任务已经完成|工作已圆满完成|已督办落实到位|该项已办理完毕，请予以销号|"
    "该事项我们已经办完了|第7号已经办好|全部整改完毕，请核查|我委已按要求完成|这项工作上周就做完了|三处隐患点均已整改到位|问题已经解决了|报告已经报送|"
    "材料报上去了|昨天已办结|整改任务全面完成|违建已拆除|已按期完成整改任务|您好，任务已完成|已全部落实到位，谢谢领导|都弄好了哈|我们这边搞定啦|"
    "已于5月底全部完成|工作已完成，总结已上报|此事已办结，材料附后|欠薪已全部兑付|事情办妥了|我县已完成|报送完毕|隐患已消除|12345工单已办结|"
    "老旧小区改造工作已完成|A-3 完成|任务五：已完成|#12 搞定|序号8已办结|已经按照要求整改完成|检查已全部完成，没有发现问题|已完成，证明材料稍后补|"
    "己辦結|ok，已经做完了|方案已印发，任务完成|材料昨天就交了",
    Intent.PROGRESS: "预计这个月底能弄完|正在抓紧整改，预计周五完成|还有一家没整改完|大头完成了，还有点尾巴|施工招标已完成，准备进场|已启动|目前进展到70%|三个点位完成了两个|下周三报材料|材料正在准备|"
    "已开工，进度过半|这周能搞定|月底前保证完成|"
    "招标文件已挂网|已完成立项|只完成了三分之一|整改了大半|目前完成7成|下周一能完成|月底前一定完成|除东街外都整改完了|还差两家没完成|"
    "已完成10个，剩余5个正在办|正在走审批|已安排人去办|已上报市政府审批|方案已通过评审|施工单位已进场|快弄完了|争取这周搞定|手续正在办|"
    "等资金到位就能完成|差一个签字|主体已完工|已督促物业整改|第二批还没完成，第一批已办结|完成进度75%|预计本月底完工|明天上午交|"
    "已开会部署|进展顺利|目前一切正常推进|其他都好了，就差盖章|已完成采购合同签订|已整改3个问题|问题整改已过半|昨天完成了招标|试点已完成|"
    "完成需要两个月|完成是完成了，就是还差盖章|已处理一部分|2栋已完工，3栋还在弄|已报分管市长|硬件安装全部完成|一季度任务已完成|办完了我就报",
    Intent.NOT_DONE: "目前还没有进展|由于资金没到位，一直没开工|这个月完成不了了|没能按时完成，抱歉|还未完成|一点没动|人手不够，没做|"
    "这个还没办|没有按时完成|做不完了|进度滞后，未完成|因为没钱，还没开工|一直没有落实|目前无法推进|办不了|暂时没完成|还没弄好呢|"
    "我们这项没法办|不是我们的职责|尚未启动|没做完|完成不了啊|还没交|卡在审批环节|整改未到位|没那么快，还没完成|搞不定|办结不了|"
    "不完成|木有完成|整改不到位，正在返工|已完成是假的",
    Intent.EXTEND: "申请延期两周，因施工受天气影响|可以延到月底吗|7号任务想延期到8月底|能否推迟几天上报|麻烦宽限到下周一|需要延期，材料还没齐|时间来不及，申请延后十天|"
    "能不能再给一周|申请延期|请求宽限5天|可不可以晚几天交|想往后延一延|时间不够，申请延长到7月底|希望把期限放到8月|恳请顺延两周|"
    "完不成，申请延期到下月10号|时限可否调整到6月25日|资金没到位，想推迟一个月|能缓几天吗|申请将完成时间延后至7月1日|没完成，再给三天|收到，但要晚几天",
    Intent.QUESTION: "这个任务具体要我们做什么|报送格式是什么样的|请问联系谁|这项还需要报吗|7号任务是哪天截止|佐证材料发哪里|"
    "这项谁负责|要交什么材料|怎么报办结|已完成的还用报吗|什么时候截止|可以用电子版吗|这个是我们单位的吗|报给谁|延期怎么申请|完成没有|"
    "弄完了没|格式有要求吗|逾期会怎样|审核通过了没有|收到，请问报给谁|能报办结吗|算不算办结",
    Intent.LIST: "目前我们有哪些任务|查看任务清单|还有哪些没完成|"
    "我们还有哪些没办|看下我们的清单|还有几项没完成|发一下任务清单|有什么任务|我的待办|这个月要到期的有哪些|列一下没完成的任务",
    Intent.SHOW: "看一下任务7|第7项详情|"
    "看下第3项|7号任务详情|把A-7内容发一下",
    Intent.HELP: "这个机器人怎么用|"
    "怎么操作|使用说明发我|教一下怎么用",
    Intent.UNDO: "刚才点错了，撤销|不好意思发错群了|"
    "点错了|刚才发错了|撤回刚才那条|搞错了，不算|上一条作废",
    Intent.ACKNOWLEDGE: "好的，收到|已收悉，我们会认真办理|明白了，谢谢领导|收到，尽快办理|嗯，知道了|好的，我们尽快|"
    "收到，我们抓紧办理|好的，知道了|嗯嗯|已知悉，谢谢|OK|收到，这就安排|明白，坚决落实|已收到通知|好滴|收到收到|行，我们马上去办|"
    "全部收到|收到任务|遵照办理",
    Intent.NONE: "早|下班了|中午一起吃饭|祝大家周末愉快|那个电影看完了|今天加班到十点|"
    "大家早上好|今天天气真热|哈哈哈|下午三点开会|请大家尽快完成|各位抓紧报材料|恭喜恭喜|手机没电了|群里改个名|[图片]|会议材料发群里了|"
    "请按办结处理|不延期|批准的延期已收录",
}  # fmt: skip


@pytest.mark.parametrize(
    ("said", "intent"), [(said, intent) for intent, texts in FEATURES.items() for said in texts.split("|")]
)
def test_a_message_means(said: str, intent: Intent) -> None:
    understood = heard(said)
    assert understood.intent is intent
    assert understood.confident or intent is Intent.NONE


SURE = {
    Intent.DONE: "昨天办结的啊|昨天办结的，谢谢|早就办结的谢谢|昨天办结的请核查|是昨天办结的了|昨天就办结了|没问题已办结|完成了没问题|已完成全部3家|全部12处整改到位|排查好了|任务到位|任务7好了|我们的到位了|昨天已到位|"
    "违规广告牌已全部整改到位|违规广告牌已全部拆除|主任任务已办结|附件问题已整改|已完成，东街又没有路灯",
    Intent.PROGRESS: "明天排查|下周排查|今天要排查|按期完成没问题|已打算完成了|今天报|原因：已启动招标|因为正在走审批|督促企业|3天后完成|两个月后完成|3个工作日内完成|两个星期后完成|一年内完成|24小时内完成|三天之内完成|三天以内完成|"
    "本周五完成|这周五完成|星期五完成|礼拜五完成|完成12公里|完成300平方米|已完成50万元|完成3.5公里|初稿好了|完成率80%|今天18点前报|现在就发|本月整改任务已完成|本季度排查已完成|本月整改已完成",
    Intent.NOT_DONE: "有困难的是资金|收到，因为下雨来不及|难度大的问题还没解决",
    Intent.EXTEND: "可延期么|能延期么|能不能延期？|可以延期吗？|能延期一周吗",
    Intent.SHOW: "看一下A-3的时限",
    Intent.QUESTION: "A-3有哪些材料|完成率没有|完成没有啊|完成未|办结了不|材料报哪些|怎么延期|能不能完成|延期向谁申请",
    Intent.ACKNOWLEDGE: "进度一定加快|1|都好|收到，保证完成任务",
    Intent.LIST: "今天的清单|待办？|我们有哪些事项|我们的事项",
    Intent.UNDO: "昨天的没撤回，撤回吧",
    Intent.NONE: "望完成|请完成|哈哈|哈哈哈",
}
"""What is told plainly, whatever stands around it."""


@pytest.mark.parametrize(("said", "intent"), [(said, intent) for intent in SURE for said in SURE[intent].split("|")])
def test_a_message_means_surely(said: str, intent: Intent) -> None:
    understood = heard(said)
    assert (understood.intent, understood.confident) == (intent, True)


@pytest.mark.parametrize(
    "said",
    [
        "没",
        "未",
        "改",
        "发",
        "今天已发送",
        "已完成的标准",
        "已办结的任务",
        "昨天办结的任务",
        "下午已发送",
        "施工方：已完成",
        "在准备材料",
    ],
)
def test_what_tells_nothing_is_asked_about(said: str) -> None:
    assert (heard(said).intent in (Intent.NONE, Intent.PROGRESS), heard(said).confident) == (True, False)


ASKED_BACK = [
    "宣传册已全部印制完成",
    "桥面铺装已完成",
    "名单已报送组织部门审核过",
    "东街口已整改到位",
    "市水务局已办结",
    "2号点位已整改完毕",
    "12家已完成",
    "3项已完成",
    "完成80",
    "展板完成了",
    "情况到位",
    "市水务局到位",
    "会议已办结",
    "任务",
    "市水务局：已完成，材料已报送",
    "完成101%",
    "已完成，他们也弄完了",
    "进度100%",
    "报告完成了",
    "完成，才怪",
    "上级批了就能完成",
    "写字楼已完成",
    "已办结7个月",
    "广告牌换了",
    "已完成，东街没有路灯",
]


@pytest.mark.parametrize("said", ASKED_BACK)
def test_what_may_be_a_part_or_another_s_is_asked_about(said: str) -> None:
    assert not is_sure_report(said)


@pytest.mark.parametrize(
    ("said", "tasks"),
    [("#7已完成", ("7",)), ("＃15 未办结", ("15",)), ("7号已办结", ("7",)), ("第七项已完成", ("7",)), ("任务7收到", ("7",)), ("A-7完成", ("A-7",)),
     ("〔A-7.2〕收到", ("A-7.2",)), ("7：已办结", ("7",)), ("七，已办结", ("7",)), ("任务三十还没动", ("30",)), ("办结7", ("7",)), ("7号那个没搞定", ("7",)),
     ("序号 8 已办结", ("8",)), ("7、8、9都办结了", ("7", "8", "9")), ("第3条和第4条已完成", ("3", "4")), ("〔7〕收到", ("7",)), ("7项具体要求", ("7",)),
     ("2号楼已完成", ()), ("52家已完成", ()), ("7月7号完成", ()), ("20号前能弄完", ()), ("3项已完成", ()), ("7号完成", ()), ("进度：80", ()),
     ("完成80", ()), ("50项里哪几项是我们的", ()), ("除3号点位", ()), ("7.10前完成", ()), ("2022年已完成", ()), ("12345热线已办结", ()),
     ("编号7已办结", ("7",)), ("项目3已完成", ("3",)), ("事项5收到", ("5",)), ("任务77号", ("77",)), ("任务7号本月完成", ("7",)), ("任务7部分完成", ()),
     ("第7号已办结", ("7",)), ("7.10已完成", ("7.10",)), ("A7已完成", ("A-7",)), ("G15高速已通车", ()), ("B1层已完成", ()), ("7/8已完成", ()), ("5-7已完成", ()), ("第7条办结了", ("7",)),
     ("〔7〕〔8〕收到", ("7", "8")), ("办结7号任务7", ("7",)), ("17、18号已办结", ("17", "18")), ("7项收到", ("7",)), ("7项看一下", ("7",)),
     ("7项怎么办", ("7",)), ("7项要求", ("7",)), ("还有7项要求", ()), ("任务3收到。7已办结", ("3", "7")), ("上次7未办结", ()),
     ("7：招标已完成", ("7",)), ("7招标已完成", ()), ("7、招标已完成", ()), ("任务7项已办结", ("7",)), ("7号", ("7",)), ("7号，收到", ("7",)), ("一项具体要求不清楚", ()), ("下月10号完成", ()),
     ("1", ()), ("7天后完成", ()), ("两周7", ()), ("延期 7 7月15日", ("7",)), ("申请延期 7", ("7",)), ("看7", ("7",)), ("三已完成", ()),
     ("5-7号已办结", ()), ("任务7/8已完成", ()), ("任务7.1.2已完成", ()), ("第7号完成", ("7",)), ("下月10号已办结", ()), ("7项", ()), ("1：材料已报送", ()), ("办结 约7", ()), ("20日前办结", ()), ("最迟15号", ()), ("4号还没有", ("4",)), ("12号想延到9月底", ("12",)),
     ("1-3项都办完了", ("1", "2", "3")), ("3、5项都完成了", ("3", "5")), ("2.已整改", ("2",)), ("2号3号都申请延期", ("2", "3")), ("9-3项都办完了", ())],
)  # fmt: skip
def test_a_task_is_named_as_people_name_it(said: str, tasks: tuple[str, ...]) -> None:
    assert heard(said).tasks == tasks


AFTER_A_NUMBER = "未完成|完成了|收到|正在办|申请延期|延期一周|基本完成|来不及|撤回|整改完毕|报送了|退回|核查通过|同意|是否完成|时限能否调整|全部办结|看一下|已办结"
BEFORE_A_NUMBER = "收到|没办结|请核查|报送|已办结|不同意|退回|延期|申请延期|撤回|看|核查通过|同意|进展"
AFTER_NUMBER_SEVEN = "工作已完成|任务已完成|事项已完成|这个办结了|那个没办|那项没办|这项办好了|那件还没办|的已完成|恳请延期|申请延期|已报送"
ON_DAY_SEVEN = "的时候完成|验收|报送|延期|开展检查|办结"


def test_a_number_is_a_task_by_what_stands_before_or_after_it() -> None:
    texts = [f"7{said}" for said in AFTER_A_NUMBER.split("|")] + [f"{said}7" for said in BEFORE_A_NUMBER.split("|")]
    texts += [f"7号{said}" for said in AFTER_NUMBER_SEVEN.split("|")]
    assert [said for said in texts if heard(said).tasks != ("7",)] == []
    assert [said for said in ON_DAY_SEVEN.split("|") if heard(f"7号{said}").tasks != ()] == []


ROWS: dict[tuple[str, ...], str] = {
    (
        "1",
        "2",
        "3",
    ): "1弄完了2还差一点3要延到7月5号|1已完成，2已完成80%，3还没开始|1、2完了,3等领导签字|收到，1已完成，2还在办，3没动",
    ("1", "2"): "1号完成，2号进行中|1、2完了",
    ("A-1", "A-2"): "A1 A2完成|A1、A2都办完了",
    (): "8号完成方案，9号报送|1号完成，2号报送|B1 B2层已检查完|1个完成，2个没完成|3人到位，4人没到|20家，21家没完成|检查20家，3还没开始",
}
"""Tasks that a message names one by one, and days, floors and counts that look alike."""


@pytest.mark.parametrize("tasks", ROWS)
def test_numbers_that_a_message_goes_through_one_by_one_are_tasks(tasks: tuple[str, ...]) -> None:
    assert [said for said in ROWS[tasks].split("|") if heard(said).tasks != tasks] == []


@pytest.mark.parametrize("quote", ["“{}”", "「{}」", "《{}》", "『{}』", '"{}"'])
def test_what_is_quoted_is_told_by_nobody(quote: str) -> None:
    quoted = quote.format("已完成")
    assert {heard(said).intent for said in (f"{quoted}的链接打不开", f"他说{quoted}")} == {Intent.NONE}
    assert is_sure_report(quoted) is (quote != "《{}》")


@pytest.mark.parametrize(
    ("said", "intent", "sure"),
    [("据反馈：已完成", Intent.PROGRESS, False), ("市水务局：已完成", Intent.PROGRESS, False), ("省厅反馈：已完成", Intent.PROGRESS, False),
     ("工作进展：已办结，材料已报送", Intent.PROGRESS, True), ("省厅反馈：已完成。我局已办结", Intent.DONE, False), ("清单：好", Intent.LIST, True), ("市水务局：已完成。我局已办结", Intent.DONE, False),
     ("没完成，原因：合同刚签，设备还在路上", Intent.NOT_DONE, True), ("省厅反馈：进展：已完成", Intent.PROGRESS, False),
     ("据反馈：已完成。据反馈：已办结", Intent.PROGRESS, False)],
)  # fmt: skip
def test_what_stands_after_a_colon_is_said_by_whom_is_named_before_it(said: str, intent: Intent, sure: bool) -> None:
    understood = heard(said)
    assert (understood.intent, understood.confident) == (intent, sure)


@pytest.mark.parametrize(
    ("said", "intent", "task", "tasks"),
    [("任务7办结了，任务9申请延期到7月10日", Intent.EXTEND, "9", ("7", "9")), ("已完成；任务7", Intent.DONE, "7", ("7",)),
     ("任务7收到，任务9没动静，申请延期一周", Intent.EXTEND, "9", ("7", "9")), ("任务9申请延期，任务7办结了", Intent.EXTEND, "9", ("9", "7")),
     ("A-16完成五成，A-17已检查12家", Intent.PROGRESS, "A-16", ("A-16", "A-17")), ("第3项已完成，第4项谁负责？", Intent.QUESTION, "4", ("3", "4")),
     ("任务3已完成，任务5还剩两家", Intent.PROGRESS, "5", ("3", "5"))],
)  # fmt: skip
def test_of_several_tasks_the_one_that_the_intent_is_about_is_the_task(
    said: str, intent: Intent, task: str, tasks: tuple[str, ...]
) -> None:
    understood = heard(said)
    assert (understood.intent, understood.task, understood.tasks) == (intent, task, tasks)


@pytest.mark.parametrize(
    ("said", "due"),
    [("周五交", "2022-06-03"), ("礼拜天交", "2022-06-05"), ("星期日交", "2022-06-05"), ("20号前能弄完", "2022-06-20"), ("今天下班前报给你们", "2022-06-01"), ("预计8月完成", "2022-08-31"),
     ("下周完成", None), ("下月完成", None), ("6月20日开会，要交什么材料", None), ("完成3.5公里", None), ("完成80.5%", None), ("今天18点前报", "2022-06-01"), ("今天内报", "2022-06-01"), ("今天下午开始弄", None), ("如果6月20日前批了就能完成", None), ("已于6月20日完成了一半", None),
     ("没完成，预计6月20日完成", "2022-06-20"), ("6月20日完不成", None), ("是6月30日截止吧？", "2022-06-30"), ("一周后完成", "2022-06-08"),
     ("如果月底前完成不了怎么办", None), ("6月10日开完会，6月20日前完成", "2022-06-20"), ("申请延期到7.10，资金没到位", "2022-07-10"),
     ("拟推迟到6月底后", None), ("延到15日", "2022-06-15")],
)  # fmt: skip
def test_the_day_of_a_promise_a_request_or_a_question(said: str, due: str | None) -> None:
    understood = heard(said)
    assert (understood.due and understood.due.isoformat()) == due


# ---------------------------------------------------------------- the tables


WHOLE = Features(What.FINISHED)


@pytest.mark.parametrize(
    ("features", "says"),
    [
        (WHOLE, Says.FINISHED), (Features(What.HANDED_IN), Says.FINISHED), (Features(What.FINISHED, Whether.NOT), Says.UNFINISHED),
        (Features(What.FINISHED, sure=Sure.HEDGED), Says.PARTLY), (Features(What.FINISHED, sure=Sure.PLANNED), Says.PROMISES),
        (Features(What.FINISHED, sure=Sure.DATED), Says.PROMISES_DAY), (Features(What.FINISHED, sure=Sure.CONDITIONAL), Says.PROMISES),
        (Features(What.FINISHED, sure=Sure.WISHED), Says.CALLS), (Features(What.FINISHED, sure=Sure.QUOTED), Says.OF_OTHERS),
        (Features(What.FINISHED, sure=Sure.ASKED), Says.ASKS), (Features(What.FINISHED, whose=Whose.OTHERS), Says.OF_OTHERS),
        (Features(What.FINISHED, whose=Whose.NAMED), Says.PERHAPS_FINISHED), (Features(What.FINISHED, extent=Extent.STEP), Says.STEP),
        (Features(What.FINISHED, extent=Extent.PART), Says.PARTLY), (Features(What.FINISHED, extent=Extent.UNKNOWN), Says.PERHAPS_FINISHED),
        (Features(What.MORE_TIME), Says.WANTS_TIME), (Features(What.MORE_TIME, sure=Sure.BEGGED), Says.WANTS_TIME),
        (Features(What.MORE_TIME, sure=Sure.ASKED), Says.ASKS), (Features(What.MORE_TIME, Whether.NOT), Says.NOTHING),
        (Features(What.UNDER_WAY), Says.UNDER_WAY), (Features(What.TO_DO), Says.NOTHING), (Features(What.TO_DO, sure=Sure.PLANNED), Says.WILL), (Features(What.VERIFY, Whether.NOT), Says.RETURNS), (Features(What.PERMIT, Whether.NOT, extent=Extent.UNKNOWN), Says.REFUSES_PERHAPS), (Features(What.PERMIT, Whether.NOT), Says.REFUSES), (Features(What.MORE_TIME, sure=Sure.QUOTED), Says.NOTHING), (Features(What.MORE_TIME, sure=Sure.CONDITIONAL), Says.NOTHING), (Features(What.MORE_TIME, sure=Sure.WISHED), Says.NOTHING), (Features(What.MORE_TIME, Whether.NOT, Sure.PLANNED), Says.NOTHING), (Features(What.MORE_TIME, Whether.NOT, Sure.HEDGED), Says.NOTHING), (Features(What.FINISHED, Whether.NOT, whose=Whose.NAMED), Says.OTHERS_LACK), (Features(What.UNDER_WAY, whose=Whose.NAMED), Says.STEP), (Features(What.SHARE), Says.PERHAPS_FINISHED), (Features(What.CHAT), Says.CHATS), (Features(What.SEEN), Says.SEEN),
        (Features(What.SEEN, Whether.NOT), Says.NOT_SEEN), (Features(What.NOTHING), Says.NOTHING),
        (Features(What.NOTHING, Whether.NOT), Says.DENIES), (Features(What.TAKEN), Says.STEP),
        (Features(What.TAKEN, whose=Whose.OTHERS), Says.STEP), (Features(What.STUCK), Says.UNFINISHED), (Features(What.REST), Says.PARTLY),
    ],
)  # fmt: skip
def test_what_a_clause_says_by_its_features(features: Features, says: Says) -> None:
    assert said_by(features) is says


def test_only_an_affirmed_stated_own_whole_completion_is_finished() -> None:
    finished = [
        told
        for what in What for whether in Whether for sure in Sure for whose in Whose for extent in Extent
        if said_by(told := Features(what, whether, sure, whose, extent)) is Says.FINISHED
    ]  # fmt: skip
    assert {(told.whether, told.whose, told.extent) for told in finished} == {(Whether.SO, Whose.OWN, Extent.WHOLE)}
    assert {told.what for told in finished} == {What.FINISHED, What.HANDED_IN}
    assert {told.sure for told in finished} == {Sure.STATED, Sure.BEGGED}


@pytest.mark.parametrize("row", range(len(MESSAGES)))
def test_each_row_of_the_messages_decides_something(row: int) -> None:
    needed, intent, sure = MESSAGES[row]
    assert meant_by(needed) == (intent, sure, needed)


def test_what_asks_the_office_to_act_leads() -> None:
    assert meant_by({Says.FINISHED, Says.WANTS_TIME, Says.ASKS})[0] is Intent.EXTEND
    assert meant_by({Says.FINISHED, Says.ASKS, Says.SEEN})[0] is Intent.QUESTION
    assert meant_by({Says.SEEN, Says.FINISHED})[:2] == (Intent.DONE, True)
    assert meant_by({Says.SEEN, Says.UNDER_WAY})[0] is Intent.PROGRESS
    assert meant_by({Says.PARTLY, Says.TAKES_BACK})[0] is Intent.UNDO
    assert meant_by({Says.NOTHING})[:2] == (Intent.NONE, False)


@pytest.mark.parametrize(
    ("said", "intent", "sure"),
    [
        ({Says.REFUSES}, Intent.REFUSE, True), ({Says.RETURNS}, Intent.RETURN, True), ({Says.GRANTS}, Intent.GRANT, True),
        ({Says.VERIFIES}, Intent.VERIFY, True), ({Says.UNFINISHED, Says.STEP}, Intent.PROGRESS, True),
        ({Says.UNFINISHED, Says.FINISHED}, Intent.PROGRESS, True), ({Says.UNFINISHED, Says.PARTLY}, Intent.PROGRESS, True),
        ({Says.DENIES, Says.FINISHED}, Intent.NOT_DONE, False), ({Says.DENIES, Says.PERHAPS_FINISHED}, Intent.NOT_DONE, False),
        ({Says.DENIES, Says.OF_OTHERS}, Intent.NOT_DONE, False), ({Says.FINISHED, Says.PROMISES}, Intent.PROGRESS, True),
        ({Says.FINISHED, Says.PROMISES_DAY}, Intent.PROGRESS, True), ({Says.FINISHED, Says.UNDER_WAY}, Intent.PROGRESS, True),
        ({Says.FINISHED, Says.WILL}, Intent.DONE, False), ({Says.FINISHED, Says.CALLS}, Intent.DONE, False),
        ({Says.FINISHED, Says.OF_OTHERS}, Intent.DONE, False), ({Says.PERHAPS_FINISHED, Says.PROMISES}, Intent.PROGRESS, True),
        ({Says.CHATS}, Intent.NONE, True), ({Says.CALLS}, Intent.NONE, True), ({Says.FINISHED, Says.STEP}, Intent.DONE, True),
    ],
)  # fmt: skip
def test_what_a_message_means_by_what_its_clauses_say(said: set[Says], intent: Intent, sure: bool) -> None:
    assert meant_by(said)[:2] == (intent, sure)


@pytest.mark.parametrize("said", ["补充材料", "整改照片", "检查表", "补充说明", "报送表"])
def test_a_name_of_a_paper_says_nothing(said: str) -> None:
    assert heard(said).intent is Intent.NONE


def test_a_bare_one_is_a_receipt_and_no_other_digit_is() -> None:
    assert heard("1").intent is Intent.ACKNOWLEDGE
    assert {heard(said).intent for said in ("2", "11", "核查 1")} == {Intent.NONE}


def test_a_coordinator_s_words_are_explained_to_a_coordinator() -> None:
    assert [explain("核查通过", coordinator=of)[0].split(" → ")[1] for of in (None, True, False)] == [
        "verifies",
        "verifies",
        "nothing",
    ]


def test_it_is_explained_by_words_features_and_what_they_say() -> None:
    assert explain("设备安装已完成") == [
        "设备/step 安装/step 已/past 完成/finish\n  finished · so · stated · own · step → tells of a step"
    ]


@pytest.mark.parametrize(
    "promise",
    ["今天内完成", "今日内办结", "今天之内报送", "今日之内报上", "今晚前办结", "下班前完成", "今天下班前完成"],
)
def test_a_promise_for_today_is_no_report(promise: str) -> None:
    assert understand(promise, on=date(2026, 3, 2), coordinator=False).intent is Intent.PROGRESS


@pytest.mark.parametrize(("said", "intent"), [("昨天请人做完了", Intent.DONE), ("请做完", Intent.NONE)])
def test_whom_somebody_asked_in_the_past_is_no_call_on_others(said: str, intent: Intent) -> None:
    assert understand(said, on=date(2026, 3, 2), coordinator=False).intent is intent
