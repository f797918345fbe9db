"""Things of some trade that no lexicon knows: when an end that is told of one is told of the duty, and when it is not. On 1 June 2022."""

from datetime import date

import pytest

from bot.dialogue.understand import Intent, Understanding, understand
from tests.unit.test_lexicon import KINDS, TOLD
from tests.unit.test_what_is_settled import CHANGED

ON, DUE = date(2022, 6, 1), date(2022, 6, 30)

SETTLED = {
    "set right": "煤气柜已修复|鸡舍已经拆除了|放映厅踏步灯已修复到位|跳伞塔已加固|我场泄洪槽已疏通|把冷却塔拆掉了|已取缔粉条作坊|已将浮桥拆除|蒙古包拆了",
    "set right, of several names": "井下皮带机已修复完毕|滑雪场索道护栏已加固到位|粮仓熏蒸间裂缝已修补|药材市场楼道杂物都清完了|鱼塘投饵机线路已整改完",
    "a name with words of ours in it": "剧院安全出口堵塞物已清除|网球场违规接线已拆除|游戏厅占用楼梯间已整改到位|红十字会门牌已修复|中转站渗漏已修复|古树名木围挡破损已修复",
    "a name with words of others, of steps, of what is left": "学校跑道缺口已补上|社区的飞线充电都清理干净了|市福利院制氧间安全间距不足问题已解决|武术培训机构违规广告已撤除|烂尾楼基坑积水已抽干|厂房消防封堵的窗户已全部拆除|稳岗补贴漏发的9户已全部补发",
    "by a verb that no one listed, of signs that set right": "泵房积水已抽排完毕|鱼道缺口均已补足|蜂箱裂口已封死",
    "moved, or looked at once a year": "低洼户转移完毕|农机年检完毕",
    "troubles of whatever kind": "我乡5处燃气隐患全部销号|索道缺陷已消除|粉尘风险已化解",
    "gone through, and opened": "洗消池已建好并启用|厕所改造升级完成并开放",
    "what was wrong with a thing of a step": "监控设备故障已修复|卫生院车辆隐患已整改|托育园消防验收问题已整改",
    "looked at, every one": "本县9家粮库全部检查完毕|花店已逐家检查完成|已对辖区31家澡堂全部完成检查|已完成辖区液氯企业专项检查|已完成全部14个林场的入户排查",
    "work on a thing, by name": "水表具更换工作已全部完成|渔港灯塔扩建已竣工|名木挂牌已完成",
    "all of so many": "全乡9口机井已全部封填|6盏航标灯都修好了|13艘趸船均已加固",
    "closed, whatever was done for it": "所有点位均已落实措施并销号",
    "in a word": "这事已经结了|那件事前天就结了|都弄利索了，您派人来看",
    "a trouble that is over": "饮水机没水的事已经解决了|巡察反馈的三个问题都改完了",
    "by a verb of one sign, of a name that is long enough": "输液泵外壳玻璃修好了",
    "a trouble in whose name is a no, by a verb and its end": "消防箱没水带的问题处理完了",
    "what drains": "矿坑积水已经抽排干净|码头积水已清掏",
    "to an office by its short name": "季度总结已经报县安委办了",
    "by hand, whatever stands before it of where": "灶间护栏焊好了|酒窖积水抽干净了|船坞栏杆刷好了",
    "by a verb of one sign, of what a duty is about": "码头护栏修好了|灶间水龙头修好了|灶间井盖修好了",
    "what was put up where something was wrong": "坝顶缺失的护栏已安装完毕|酒窖失灵的烟感都换了|码头破损的栏杆换成新的了|老旧吊桥钢索已更换",
    "a thing of a step that was mended": "料场围挡已经修好|烘干设备检修完毕",
    "set right, as plants, dykes and cables are": "线下树障已修剪完|坝脚渗漏已灌浆处理|鸭棚病木已清理|河坡木桥已加固",
    "what leaks": "油罐漏油的问题解决了|液压站漏液已处理",
    "how it runs since": "引风机已修复，试运行正常|坝体检查完毕，一切正常|排涝泵已修复，运转良好",
    "every one was looked at": "全县渡口都查过了|所有酒坊都排查过了",
    "passed, by who reports": "坝体已夯实回填，验收合格|船闸已通电，检测合格|酒窖已整改，复查合格|引水渠已通水，验收合格|镇里来人看过了，验收合格|监理已签名，验收合格",
    "with nothing left": "网箱都搬走了，一个不剩|全弄完了，一家不剩|积案已见底",
    "a trouble in whose name is a no": "酒吧容留未成年人的问题已整改到位",
    "by a verb glued to its thing": "酒厂后沟的排口封死了|船坞的豁口补足了",
    "a thing of a step, and what is on it": "渡运车辆护栏已修复|冷藏设备电缆修好了",
    "set going anew": "水位监测设备已恢复上线|泵站供电已恢复",
    "of a list": "台账清单里的事项都办结了",
    "how it came about": "经多方协调，码头堵塞问题已解决|经过三天抢修，渗漏已修复",
    "a paper by what it tells of": "汛期值守总结已提交|培训总结已报送|宣讲报告已提交|自查材料已上报|完成情况报告已上报|整改意见已落实|承诺书全部签订完毕并上报",
    "what befell a thing": "船闸异响已处理|坝坡塌方已清除|酒坊安全隐患已解除",
    "of so much money": "欠薪80万已全部结清",
    "made new, and going as before": "塔台公告栏更新了",
    "paid in full": "船租已结清|垫款已全部付清",
    "what stands in the place of an institution": "企业供氧线路已修复|学校后山护坡已加固",
    "words in a name that begin another": "滩地杂草已清除|高空作业平台护栏已加固|在建工地裸土已覆盖",
    "past by its own end": "杂物清了|码头水泵恢复正常|旧烟囱关了|这个隐患销了",
    "money that was owed": "高温津贴已补发|押金已退还",
    "taken from who may not have it": "黑渡船已查扣",
    "a paper that follows": "浮桥已加固，资料随后补上|任务已完成，材料之后补齐",
    "as a notice asked": "按整改通知书已逐条落实|按督办函已整改完毕",
    "how it is kept so": "酒窖已整改到位，下一步加强巡查|浮桥已加固，我们将继续保持|已办结，后续长期坚持",
    "handed out to whom it is due": "粮食补贴发下去了|高温津贴发到手了|救灾物资发到位了",
    "of the duty, by its name": "这件事拿下了|那个隐患销了",
    "whom one looked at": "所有企业都检查完了|全部商户均已走访完毕",
    "so many days ago": "五天前已办结|两周前就已经整改完",
}
"""Plain completions, each understood and sure."""

NEW = {
    "更换煤气柜和冷却塔": "煤气柜和冷却塔都换掉了",
    "更换井下皮带机": "井下皮带机已更换完毕",
    "设置渡口警示牌": "警示牌设置好了",
    "更换航标灯": "6盏航标灯都换新了|航标灯换好了|航标灯已更换，试运行正常",
    "加装灶间燃气报警器": "灶间燃气报警器装好了|报警器已加装完毕",
    "坝顶安装护栏": "坝顶护栏已安装完毕",
    "更换趸船缆绳": "13艘趸船均已更换缆绳",
    "重新施划跑道线": "跑道线已重新施划",
    "检测吊桥": "吊桥检测做完了",
}
"""What was put up or renewed, by the task that asks for it: a report of that task, and of any other perhaps a step."""

OPEN = {
    "made new or put up, which may be a step": "塔台雷达装好了|粮仓测温线已换完|船闸启闭机已更换|酒窖喷淋都装好了|泵站主板换了新的|栈桥栏杆立好了|坝顶灯挂好了|矿灯已全部换完|排洪渠挖好了|码头面层浇完了|栈道木板铺完了|操作规程写完了|吊桥检测做完了",
    "what helps, or makes room": "脚手架已拆除|临时浮桥已拆除|旧泵房已拆除|原有护栏已拆除|施工便道已平整|基坑已回填|配件已更换|样板间已更换|旧路面已铲除",
    "what anybody may set up or renew": "闹钟设置好了|权限设置完毕|驾驶证补办好了|车保养完了|车年检过了",
    "handed to somebody else": "案件已转移|线索转移完毕",
    "by whom one is reached": "联系人换成新的|联系电话已更换",
    "a part of a thing": "先行段已完工，验收合格|试验段已完工|鸡舍外墙已拆除|鸡舍门窗已拆除|塔架底部已加固",
    "one of many": "南岸已检查完毕|三号库已检查完毕|岗楼街已排查完毕|东区鸡舍已拆除|3号皮带机已更换|一号井已封填|二矿已整改|北坡已加固|首期鸡舍已拆除|鸡舍大部已拆除",
    "who did it": "窑方已整改到位|老板已清理完毕|包村干部已走访完|店家已整改|包工头已修复|房东已整改|老板已把鸡舍拆了|牧民已拆除鸡舍|鸡舍由执法队拆除了|鸡舍被村里拆除了|网格员已排查完毕|安监员已检查完",
    "who says so": "据园区反馈排口已封堵|业主反馈扶梯已修复|村支书讲鸡舍已拆除|视频显示鸡舍已拆除|群众称踏步灯已修复|维修工说皮带机已更换",
    "seen to by a verb that is said of anything": "住宿已解决|牌照已吊销|管沟已回填|电源已接通|放映机已落实",
    "gone through on paper": "白名单已核实完毕|登记表已核对完毕",
    "a stretch, or what lies in the way": "上游已清淤|中段已疏通|老管道已拆除|废管已拆除|青苗已清除|作业面已清理|示范点已整改",
    "a verb that no one listed": "防火带已开设完毕|货架已架设到位",
    "a heading, and what only stands beside an end": "完成老仓评估|完成驾驶证年审|已收存整改前照片|重开已销号的|改错了",
    "on its way": "鸡舍已拆除，接着复垦|鸡舍已拆除，余土明天清|鸡舍已拆除，余土在清|先把鸡舍拆除了|鸡舍拆除到位后报|鸡舍虽已拆除",
    "going on, or only begun": "鸡舍已拆除重建中|鸡舍已拆除清运中|鸡舍已拆除在重建|鸡舍开拆了|开拆了|在拆了|鸡舍在拆了|浮桥拆着呢|鸡舍已拆除，重建中|鸡舍已拆除，羊圈拆除中|路灯已更换，电缆更换中|隔离栏已拆除更换中|索道在加固了",
    "something is left, or comes later in the day": "鸡舍拆完了，粪污下午清|鸡舍拆完了，粪污晚上清|鸡舍已拆除，傍晚清垃圾|展架已拆除，柱子留着|展架已拆除，留了个角|鸡舍已拆除，羊圈晚些拆|鸡舍已拆除，柱子堆着",
    "of a period": "上半年饭馆全部检查完毕|前半年加油站全部检查完毕|本月花店已逐家检查完成|一季度粮库全部检查完毕|1季度粮库全部检查完毕|今年加油站全部检查完毕|1-5月澡堂全部检查完毕|上半年鸡舍已拆除|六月份的门店全部检查完毕|上个月的鱼塘查完了",
    "of a district, or of some of them by a condition": "镇区饭馆全部检查完毕|城东花店全部检查完毕|不合格饭馆全部检查完毕|重点粮库全部检查完毕|无证澡堂全部检查完毕|城北鸡舍已拆除|沿街花店已逐家检查完成|镇区花店检查已完成",
    "shown by something": "照片显示鸡舍已拆除|监控显示鸡舍已拆除|画面显示鸡舍已拆除|从照片看鸡舍已拆除",
    "held": "会议已召开完毕|听证会已召开完毕|比赛已举办完毕",
    "a part by a verb of two signs": "鸡舍屋面整修完了|二级泵房墙面修缮完了",
    "waiting for others": "我这头弄完了，就等县里|都办完了，只等财政拨钱",
    "a paper, and more to be done with it": "表填好并待上报|登记表已填好并准备上报",
    "of those of one district, while others go on": "城里弄完了，乡镇还在弄",
    "seen to by others themselves": "企业自己整改|店家自己换了",
    "what is no trouble of a place": "警报已解除|合同已解除",
    "two places, one of them open": "南坡弄好了北坡还没|塔吊弄好了浮桥还没",
    "other places": "别的乡镇都报完了|其他街道都弄完了",
    "what may be before it is normal": "等水位恢复正常|明天恢复正常",
    "spoilt": "泵弄坏了|搞砸了，要重弄",
    "what is still to come, though it is kept so": "浮桥已加固，后续加强整改|酒窖已清理，下周加强消杀设备安装",
    "gone through, and something is wrong": "渡口都查过了，5处有隐患|酒坊全部检查完毕，存在问题3处|都检查完了，有两户有问题",
    "a paper of the work, signed": "整改协议签了|整改承诺签了|拆除合约签了",
    "the last of it": "剩下的也弄完了|其余的都清掉了|尾巴也扫干净了",
    "an order": "局长要求：月底前全部完成|领导批示：已完成的要巩固",
    "who did it, by the end of the name": "白蚁防治队已修补完毕|粮食局已清理完|燃气集团已整改",
    "a share that is another's": "林业局负责的那段已修剪|牧场承担的已完成",
    "some of them, though all of these": "老城饭馆都检查完了|郊区井盖都换了|严重的隐患都整改了|小的问题都解决了",
    "one of many, by number or place": "二车间已整改到位|四分厂已整改|赵村的水龙头已更换|背街小巷标线已重划",
    "shown by a picture": "照片里鸡舍已拆除|图片上已拆除|截图中已更换",
    "looked at, some of them": "已完成重点粮库检查|已完成小型饭馆排查",
    "tonight": "今晚弄完|下午清完|中午换好",
    "before something else": "整改完毕后销号|验收合格后销号|复查合格后销号",
    "passed, of what is another's, one of many or a step": "邻县已通气，验收合格|别的局的，已改完，复查合格|示范段已竣工，验收合格|2号风机已修好，验收合格|2号风机已修好，恢复正常|基槽已开挖，验收合格|7处已加固，检测合格|老板已修好，验收合格|原闸门已拆除，验收合格|他们已竣工，验收合格|去年已通气，验收合格|听说已通气，验收合格",
    "whom somebody sent for": "叫人来拆了|喊人去修了",
    "done with it, by a verb that may be the duty": "渡船已拖航|桅灯已校准|粮堆已翻晒|枢纽已泄压|灯塔闸刀已合上",
    "supposed": "鸡舍已经拆除了吧|都弄完了吧|井盖换好了吧",
    "anything, by a verb of one sign": "手表修好了|轮胎换了|广告牌换了",
    "a paper of what is on its way, and pictures": "中期小结已报送|中期数据已提交|阶段工作报告已上报|动员小结已提交|摸底报告已上报|摸排登记表已报送|招商月报已提交|培训照片已上报|宣贯图片已提交|学习截图已报送|整改照片已上报|照片已报送|培训资料已提交|调研材料已报送|自评照片已提交",
    "told of anything: won, used up, put away, made ready": "包件拿下了|这个项目拿下了|假期销了|假已销了|油料见底了|河湾见底了|货装完了|车挪走了|请假单已补办|档案已归位|表格密封了|回执收回来了|材料复检合格|文件换了新的|程序已履行|电恢复了|工程恢复正常|生活恢复正常|时间腾出来了|工作组已增设|物证已暂扣|证据已暂扣|桥墩灌浆了|难的弄完了",
    "handed on, which is a step": "函件发下去了|指标分解表发下去了|督办函发下去了|任务书发到手了|通报发到位了|宣传册发下去了|整改文件已送达|材料已送达|法院传票已送达|整改通知书已送达",
    "what is to be passed": "验收资料已报送|竣工验收资料已提交",
}
"""What is no sure report."""


def heard(said: str) -> Understanding:
    return understand(said, on=ON, due=DUE, coordinator=False)


def is_sure_report(said: str) -> bool:
    understood = heard(said)
    return understood.intent is Intent.DONE and understood.confident


@pytest.mark.parametrize("kind", SETTLED)
def test_what_was_set_right_is_reported_whatever_it_is(kind: str) -> None:
    assert [said for said in SETTLED[kind].split("|") if not is_sure_report(said)] == []


@pytest.mark.parametrize(("about", "said"), [(about, one) for about, said in NEW.items() for one in said.split("|")])
def test_what_was_made_new_is_a_report_of_the_task_that_asks_for_it(about: str, said: str) -> None:
    without = heard(said)
    assert is_sure_of(about, said)
    assert (without.intent, without.confident) == (Intent.DONE, False)


@pytest.mark.parametrize("kind", OPEN)
def test_what_may_be_less_than_the_duty_is_no_sure_report(kind: str) -> None:
    assert [said for said in OPEN[kind].split("|") if is_sure_report(said)] == []


@pytest.mark.parametrize("frame", CHANGED.split("|"))
def test_a_changed_end_of_a_thing_is_no_sure_report(frame: str) -> None:
    ends = [said for kind in SETTLED for said in SETTLED[kind].split("|")]
    assert [said for end in ends if is_sure_report(said := frame.format(end))] == []


KNOWN_BY_THEMSELVES = {
    "problem": ("断水断粮{}已解决", True),
    "of_anything": ("煤气柜已{}", False),
    "in_the_field": ("煤气柜{}了", True),
    "all_at_once": ("避风塘{}了", True),
    "done_to": ("违规养鱼户已{}", True),
    "taken_away": ("旧煤气柜已{}", False),
    "things": ("{}故障已修复", True),
    "institutions": ("{}的冷却塔已修复", True),
    "below": ("收到，马上转给{}", False),
    "of_a_step": ("入网手续{}已完成", False),
    "plights": ("粉尘{}已整改", True),
    "defects": ("设备{}已修复", True),
    "indefinite": ("没有{}新鲜的，已办结", True),
    "mends": ("堆场围挡已{}", True),
    "fittings": ("岸边缺失的{}已安装到位", True),
    "puts_up": ("渡口护栏已{}", False),
    "to_the_office": ("月报已发{}", True),
    "answered": ("{}已答复", True),
    "as_it_should": ("核查结束，{}", True),
    "upkeep": ("井盖已{}", True),
    "makes": ("稿子{}完了", False),
    "able": ("25号{}收工", False),
    "searches": ("全部{}整改结束", True),
    "asked_for": ("春运值守{}已提交", True),
    "events": ("{}搞完了", False),
    "of_a_duty": ("煤气{}", False),
    "of_a_thing": ("位置{}了", False),
    "hands_out": ("船票{}了", False),
    "of_papers": ("档案{}了", False),
    "pictures": ("渡口{}已报送", False),
    "of_a_paper": ("{}小结已提交", True),
    "whereabouts": ("{}已更换", False),
    "nothing_new": ("已办结，{}", True),
    "none_such": ("本季度{}", False),
}
IN_NAMES = {
    "ends_by": ("大后天{}", False),
    "dues": ("养老{}发下去了", True),
    "says": ("孙某{}鸡舍已拆除", False),
    "helps": ("小{}已修复", False),
    "people": ("养鱼{}已整改", False),
    "parts": ("鸡舍{}已拆除", False),
    "districts": ("{}饭馆全部检查完毕", False),
    "conditions": ("{}饭馆全部检查完毕", False),
    "worn": ("渡口{}护栏已更换", True),
    "looks": ("驻点{}已排查完毕", False),
    "groundwork": ("渔船{}已建好", False),
    "listed": ("本乡{}已核对完毕", False),
    "keeps_up": ("已办结，后续{}", True),
    "not_people": ("灶间{}已修复", True),
    "acts": ("{}单打印一份", False),
    "papers": ("3号销号{}", False),
    "matters": ("3号销号{}", False),
    "in_time": ("A-3{}销号", False),
    "possible": ("{}办完了", False),
    "closed": ("可以{}了", False),
    "light": ("我们{}了", False),
    "least": ("一个{}没写", False),
    "arranges": ("都{}好了", False),
}
"""Frames for each kind of words that say more than their sense, or than nothing, and whether what they make is a sure report."""


@pytest.mark.parametrize("kind", KINDS)
def test_a_word_says_what_its_kind_says(kind: str) -> None:
    frame, sure = {**KNOWN_BY_THEMSELVES, **IN_NAMES}[kind]
    assert [said for word in KINDS[kind].split() if is_sure_report(said := frame.format(word)) is not sure] == []


@pytest.mark.parametrize("kind", ["nothing_new", "none_such"])
def test_of_a_period_it_is_told_that_there_was_nothing(kind: str) -> None:
    told = [heard(f"本季度{word}") for word in KINDS[kind].split()]
    assert {(said.intent, said.confident, said.nil, said.not_ours) for said in told} == {
        (Intent.PROGRESS, True, True, False)
    }


@pytest.mark.parametrize("below", KINDS["below"].split())
def test_what_is_given_to_those_below_stays_the_offices_duty(below: str) -> None:
    said = heard(f"收到，马上转给{below}")
    assert (said.intent, said.not_ours) == (Intent.ACKNOWLEDGE, False)


@pytest.mark.parametrize(
    "plain",
    [
        "鸡舍已拆除",
        "小泵房已修复",
        "养鱼池已整改",
        "饭馆全部检查完毕",
        "驻点商铺已排查完毕",
        "孙某鸡舍已拆除",
        "煤气柜已拆除",
    ],
)
def test_beside_a_word_of_a_kind_the_same_is_sure(plain: str) -> None:
    assert is_sure_report(plain)


def test_a_word_that_says_more_than_its_sense_has_one() -> None:
    known = {word for section in TOLD.values() for words in section.values() for word in words.split()}
    assert {kind: lost for kind in KNOWN_BY_THEMSELVES if (lost := {*KINDS[kind].split()} - known)} == {}


@pytest.mark.parametrize(
    ("said", "intent", "task"),
    [
        ("收到，马上转给各村", Intent.ACKNOWLEDGE, None),
        ("已转给市水务局", Intent.NOT_DONE, None),
        ("养猪场拒不停产", Intent.NOT_DONE, None),
        ("工期内完不成", Intent.NOT_DONE, None),
        ("按期交不了", Intent.NOT_DONE, None),
        ("鼓风机仍未接地", Intent.NOT_DONE, None),
        ("仓库围堰开裂", Intent.NONE, None),
        ("业主不让进", Intent.PROGRESS, None),
        ("这项一直没有动静", Intent.NOT_DONE, None),
        ("矿里不肯停", Intent.NOT_DONE, None),
        ("没完成的都有啥", Intent.LIST, None),
        ("据园区反馈排口已封堵", Intent.PROGRESS, None),
        ("防火带已开设完毕", Intent.DONE, None),
        ("值班表已报送你们", Intent.DONE, None),
        ("看看我们未完成的", Intent.LIST, None),
        ("查一下逾期的", Intent.LIST, None),
        ("6号任务详细内容", Intent.SHOW, "6"),
        ("下周能装完扶手", Intent.PROGRESS, None),
        ("下周三前把枯枝砍完", Intent.PROGRESS, None),
        ("脚手架已拆除", Intent.PROGRESS, None),
        ("浮桥浇筑已完成", Intent.PROGRESS, None),
        ("兄弟县的都完成了，我们抓紧", Intent.PROGRESS, None),
        ("校车座椅全部装完", Intent.DONE, None),
        ("是25号截止吗", Intent.QUESTION, None),
        ("25号到期吗", Intent.QUESTION, None),
        ("7号任务截止了吗", Intent.QUESTION, "7"),
    ],
)  # fmt: skip
def test_a_message_means(said: str, intent: Intent, task: str | None) -> None:
    understood = heard(said)
    assert (understood.intent, understood.task) == (intent, task)


def test_a_contact_who_closes_something_verifies_nothing() -> None:
    said = "所有点位均已落实措施并销号"
    assert understand(said, on=ON).intent is Intent.DONE


def test_a_day_on_which_something_is_due_is_asked_about() -> None:
    assert heard("是25号截止吗").due == date(2022, 6, 25)


# ---------------------------------------------------------------- what the task is about

ABOUT = "加快城北二级泵房整修\n泵房整修"
NAMED = "泵房整好了|二级泵房弄好了"
NOT_NAMED = "宣传栏换好了|泵房屋顶修好了|泵房屋面整修完了|二级泵房屋面整修完了|二级泵房基础整修完了|城西泵房弄好了|东区泵房弄好了|三号泵房弄好了|两个泵房弄好了|泵房弄好了吧|泵房应该弄好了|泵房基坑已挖好|泵房弄好了吗|听说泵房弄好了|泵房今天弄好|泵房整修今天完成|泵房明天弄好"


def is_sure_of(about: str, said: str) -> bool:
    understood = understand(said, on=ON, due=DUE, coordinator=False, about=about)
    return understood.intent is Intent.DONE and understood.confident


@pytest.mark.parametrize("said", NAMED.split("|"))
def test_what_the_words_of_the_task_name_is_the_duty(said: str) -> None:
    assert (is_sure_of(ABOUT, said), is_sure_report(said)) == (True, False)


@pytest.mark.parametrize("said", NOT_NAMED.split("|"))
def test_what_the_task_does_not_name_or_names_more_of_is_asked_about(said: str) -> None:
    assert not is_sure_of(ABOUT, said)


@pytest.mark.parametrize(
    ("about", "one", "all_of_it"),
    [
        (
            "更换路灯和护栏。",
            "路灯已更换|护栏已全部更换",
            "路灯和护栏已更换|路灯已更换，护栏也已更换|已全部更换|已完成",
        ),
        ("拆除鸡舍、羊圈、狗窝。", "鸡舍已拆除|鸡舍、羊圈都拆除了|鸡舍全部拆除了", "鸡舍、羊圈、狗窝都拆了|已全部拆除"),
        ("完成排查、整改、验收。", "排查完了|整改完毕|已整改到位", "排查、整改、验收都完成了|都办结了"),
        ("修缮凉亭以及栈道", "凉亭已修好|栈道已修缮", "凉亭、栈道都已修缮"),
        ("报送报告和名册", "报告已报送", "报告、名册都已报送"),
        ("更换路灯及护栏", "路灯已更换", "路灯、护栏都已更换"),
        ("更换路灯与护栏", "路灯已更换", "路灯、护栏都已更换"),
        ("更换路灯并加固护栏", "路灯已更换", "路灯已更换，护栏已加固"),
        ("更换路灯同时加固护栏", "路灯已更换", "路灯已更换，护栏已加固"),
        ("更换路灯（含护栏）", "路灯已更换", "路灯、护栏都已更换"),
        ("更换路灯 护栏", "路灯已更换", "路灯、护栏都已更换"),
        ("更换路灯；加固护栏", "路灯已更换", "路灯已更换，护栏已加固"),
        ("1.更换路灯\n2.加固护栏\n路灯、护栏", "路灯已更换", "路灯已更换，护栏已加固"),
        ("抓好市政设施管护\n路灯更换、护栏加固", "路灯已更换", "路灯已更换，护栏已加固"),
        ("更换路灯，确保6月底前亮灯", "路灯更换了一半", "路灯已更换"),
        ("更换和平路路灯", "路灯更换了一半", "路灯已更换"),
    ],
)
def test_of_a_task_that_names_several_things_one_is_not_the_whole(about: str, one: str, all_of_it: str) -> None:
    assert [said for said in one.split("|") if is_sure_of(about, said)] == []
    assert [said for said in all_of_it.split("|") if not is_sure_of(about, said)] == []
