"""What is said beside a report and changes nothing of it, and what only looks like one. On Friday 10 June 2022, due on 30 June."""

from datetime import date

import pytest

from bot.dialogue.understand import Intent, Understanding, understand

ON, DUE = date(2022, 6, 10), date(2022, 6, 30)


def heard(said: str, *, coordinator: bool | None = False) -> Understanding:
    return understand(said, on=ON, due=DUE, coordinator=coordinator)


SURE: dict[str, str] = {
    "grumbling first": "不用再催了，水闸早修好了|你们怎么又催，这件早销号了|天天催，都做完了还催|催得这么紧，前天就交过了|用不着催我们，都办利索了|井盖全修好了，别再问了|别老提醒了，昨天就交了",
    "which one is meant": "您老问的那件事已办结|领导过问的那项已经整改到位|你们催了三次的那个井盖换好了|答应你们的事办完了|说好周二交的表，已经交了",
    "before it was asked": "通知下来之前我们就整改完了|没等你们催，早就办结了|接到督办单当天就整改到位了|收到函之前我们已经弄好了",
    "the office may look now": "修好了，您那边核一下吧|都弄妥了，你们啥时候来都行|做完了，您看着销吧|办好了，请归档|已完成，请结案",
    "none of it left": "渔船都系好缆了，已办结，一艘不漏|危房都腾空了，一间没留|老化软管全换了，一根没剩|四十家餐馆全部达标，无一家未完成|没有漏的，隐患全改完了",
    "what was in the way at first": "起初两户不愿意，现在全部拆除了|原来没钱，后来批了经费，路已修好|前阵子下雨拖了几天，现在全部完成|加夜班赶出来了，已经完成",
    "by whom it was passed": "墙加固好了，镇里也来看过说可以|全部整改到位，监管所来验过了|已修复，县里派人来查过没问题",
    "where something is": "学校的30盏应急灯全部修复完毕|村里那座危桥加固好了|罐区那三条隐患都整改完了，请核销|要换的那五盏路灯全换好了",
    "concluded by what stands behind it": "配电箱装上了，破门也换好，这事就结了|淤泥都清走了，这事就算完了|这事前天就了了",
    "what goes along with an end": "反馈的五条已全部整改并在村务栏公示|已整改完毕并在官网公开|已办，已回复游客|问题整改完了，也告知家长了|电梯检修完毕并通过特检院检验",
    "of whom it was wanted": "要求我们拆除的那三处雨棚，前天都拆完了|责令我们整改的那两条，已经改好了",
    "names that hold a word of something else": "除湿机已修复|会议中心的消防栓修好了|换热站的阀门修好了|过街天桥的护栏修好了",
    "closed in other words": "水管换过了，不漏了，可以结了|这单可以关了，路灯已修好|案子销了吧，全部整改到位了|7号那个活儿昨儿收的工，您给划掉",
    "meant first, done then": "对照清单认真整改，目前已全部整改到位|收到通知后我们立即整改，现已全部完成",
    "what was lacking, or owed": "缺的灭火器都补齐了|补偿款已发到农户手里|拖欠的工钱都打到农民工账上了",
    "set up": "走廊里缺失的应急灯都配上了|缺失的护栏都立起来了",
    "one's own part, and a formal reply": "咱们负责的部分全整完了，绝无遗漏|回复贵办：所反映问题已处理完毕|我们这边已经把飞线收拾利索了|您昨天发的那份督办，全落实完了",
    "who was content": "护栏加固好了，督导员看过点头了|全部整改到位，群众挺满意",
    "goes as it should, and where it is": "校门的燃气报警器全部修好，联网测试正常|通道的塌方清理完了，车能过了|水房的护栏已修好并试运行正常|残疾人通道的石墩挪走了",
    "a detail": "村里换届全部结束，9个村一次成功|全部整改完成，共检查23家",
    "what a step would be elsewhere": "代表建议已答复|政协提案已经办结|领导要求今天报，已经报了",
}


@pytest.mark.parametrize("kind", SURE)
def test_what_is_said_aside_leaves_a_report_a_sure_one(kind: str) -> None:
    doubtful = {
        said: (str(of.intent), of.confident)
        for said in SURE[kind].split("|")
        if not ((of := heard(said)).intent is Intent.DONE and of.confident)
    }
    assert doubtful == {}


OTHERWISE: dict[str, dict[Intent, str]] = {
    "grumbling and no report": {
        Intent.PROGRESS: "不用催了，正在修|您催的那个下周完成|收到通知之后才开始弄|领导，正在弄，别催了",
        Intent.NOT_DONE: "用不着催，弄不完|一条没改|一个没修",
        Intent.QUESTION: "您催的是哪一项|您那边查一下吧",
    },
    "at first": {
        Intent.PROGRESS: "原来没钱，现在钱到了，下月开工|原来卡在审批，现在批了，正在施工|之前都弄好了，现在又坏了",
    },
    "of a stretch of time alone": {
        Intent.PROGRESS: "二季度的已经报了|上半年的都弄完了|上个月的交了|5月份的报送了|头一季的任务办完了|三月份的量做完了|七月的任务完成了|8月份的额度已完成|二季度的工作量已完成",
        Intent.DONE: "本月已报送|上周已经办结",
    },
    "at another time": {
        Intent.PROGRESS: "一号炉修好了，二号炉大修时再修|大门换了，侧门停电时再换|西墙停产检修时再拆|检查组走了，结论过几天出|食堂改好了，宿舍暑假再改",
        Intent.DONE: "全改好了，有问题再联系",
    },
    "one came, and the other did not": {
        Intent.PROGRESS: "主管道通了，支管还没接|杆子立了，线没拉|材料到了，还没装",
        Intent.NOT_DONE: "下雨了，没弄|人都走了，没弄",
    },
    "asked, and denied by who asks": {
        Intent.NOT_DONE: "弄好了吗？没呢，还在协调",
        Intent.QUESTION: "弄好了吗？什么时候报？",
    },
    "concluded only once it is": {
        Intent.PROGRESS: "批文一下来，这项就办结了",
    },
    "conceded, or put up and not connected": {
        Intent.PROGRESS: "拆是拆了，渣土堆在那没人运|修是修了，还是漏|装了探头，后台还没接通|铺了管子，还没回填",
    },
    "taken back, or only said to be": {
        Intent.UNDO: "刚报的那个不对，撤了|上面那条不对",
        Intent.QUESTION: "听说要取消这项，真的假的",
    },
    "in the speech of a place": {
        Intent.ACKNOWLEDGE: "得嘞|中嘞，俺这就去瞅瞅|行嘞，这就安排",
    },
    "not able, and who is to step in": {
        Intent.NOT_DONE: "我们没这个能力，请县里出面|没能力弄，请市里协调",
    },
    "the other's is still to come": {
        Intent.PROGRESS: "我们这头好了，运管那头还没动",
    },
    "who would do it, and as it was": {
        Intent.NOT_DONE: "连图纸都没有，谈啥完成|没人愿意接这活|还是老样子",
        Intent.EXTEND: "求您再容几天|容到28号吧",
        Intent.LIST: "我们欠的都列出来",
    },
    "handed in once more": {
        Intent.DONE: "已按您的意见修改并重新报送",
    },
    "off the duty": {
        Intent.NONE: "孩子的作业写完了|电视里说大桥通车了|谁捡到一把伞|有谁看到我的饭卡|表扬一下二小，表交得又快又好|点赞林业局，全部完成|听说办得快的有奖励|食堂的鱼做得不错|转：关于做好防寒防冻的通知",
    },
    "ordered by somebody above": {
        Intent.NONE: "【通知】关于开展防汛检查的通知|关于做好高考保障的通知|王局让我转告：各镇务必抓紧|陈书记强调：各村立即整改，确保清零|李县长指示，各部门要按时完成|领导要求周五前全部销号|陈局说必须周五前全部完成|重要通知：请各单位务必周五前报送",
        Intent.ACKNOWLEDGE: "领导让小赵盯这个",
    },
    "asked in other words": {
        Intent.QUESTION: "我们报的到底通过没通过|表报民政还是报人社|是到6月20号对吧|这样算弄好了伐|送档案室还是办公室|你说的办结是指报送还是改完",
        Intent.NOT_DONE: "谁也没跟我们讲过，没弄|谁都没管，到现在没动|分了几回还是没弄完",
    },
    "a choice, the other way": {
        Intent.QUESTION: "这表是手填还是打印|咱这算完成没算完成|系统里怎么没看到我们的任务",
        Intent.PROGRESS: "材料准备中",
        Intent.NOT_DONE: "没这笔钱|问题还是存在，没弄好",
        Intent.EXTEND: "可不可以放到下个月再报|等演练结束再报行不行",
    },
    "wanted of the bot": {
        Intent.LIST: "把我们单位的任务都发来|给看看我们林业局没销的|列一列快到点的|给我拉一份我们局的未完成清单|查一下我们宾馆的事项|看下我们林场的待办|发个台账来对一下|来一份任务表",
        Intent.SHOW: "9号的要求再给我瞅一眼|把那个禁渔的任务原文发我|第6项原文发我|把8号任务的要求发我看看|调一下第9项的内容",
    },
    "more time by other names": {
        Intent.EXTEND: "给点缓冲期吧|要个过渡期|时间上松快点吧",
    },
}


@pytest.mark.parametrize("kind", OTHERWISE)
def test_what_looks_like_a_report_or_asks_in_other_words_means(kind: str) -> None:
    wrong = {
        said: str(heard(said).intent)
        for intent, texts in OTHERWISE[kind].items()
        for said in texts.split("|")
        if heard(said).intent is not intent
    }
    assert wrong == {}


@pytest.mark.parametrize(
    ("said", "due"),
    [("25号能收工", date(2022, 6, 25)), ("下周三能出结果", date(2022, 6, 15)), ("要是不下雨，18号能拿出来", date(2022, 6, 18)), ("三天内给结果", date(2022, 6, 13)),
     ("大后天收口", date(2022, 6, 13)), ("周日合龙", date(2022, 6, 12)), ("面上推开要到年底", date(2022, 12, 31)),
     ("18号能回来", None)],
)  # fmt: skip
def test_the_day_by_which_something_can_be_is_promised_by_whatever_verb(said: str, due: date | None) -> None:
    assert heard(said).due == due


@pytest.mark.parametrize(
    ("said", "due"),
    [("窗口期在8月，恳请顺延至8月10日", date(2022, 8, 10)), ("7月放假，申请延一个月", date(2022, 7, 30)), ("容到28号吧", date(2022, 6, 28)), ("延期2月", date(2022, 8, 30)),
     ("设备7月2日才到，延十天", date(2022, 7, 10))],
)  # fmt: skip
def test_a_month_in_the_reason_is_no_day_and_no_length_that_is_asked_for(said: str, due: date) -> None:
    assert (heard(said).intent, heard(said).due) == (Intent.EXTEND, due)


def test_a_number_before_a_colon_is_a_task_though_it_could_count() -> None:
    assert [heard(said).task for said in ("22项：办结", "12项整改完成")] == ["22", None]


def test_what_was_made_and_is_no_duty_by_its_name_is_asked_about() -> None:
    said = (
        "施工便道修好了",
        "项目书已完成网上申报",
        "临时围挡已加固",
        "上半年的工资全部发放到位",
        "施工单位的作业面平整好了",
        "一号仓库的货物腾空了",
        "稿子写完了",
        "孩子们的登记卡填完了",
        "表录入完了",
    )
    assert [one for one in said if heard(one).intent is Intent.DONE and heard(one).confident] == []


def test_what_was_granted_on_the_way_is_no_decision() -> None:
    assert heard("原来卡在审批，现在批了，正在施工", coordinator=None).intent is Intent.PROGRESS


@pytest.mark.parametrize(
    "said",
    [
        "要求一户不落，全部完成", "争取月底前全部改完，一个不漏", "验收过了这事就结了", "批文一到，这项就结了", "隔壁村都拆完了，这事就结了", "原来没弄，现在也没弄好",
        "听说全整改到位了，群众挺满意", "材料费打到我们账上了", "缺的灭火器正在补齐", "不漏了但是还响", "并未通过验收，已整改", "接到督办单当天就能弄完",
        "全部结束，9个村一次成功，3个村另选", "全部完成，12个村完成了9个", "企业反馈：所反映问题已处理完毕", "除了两户全拆了，没有漏的", "弄好了？没呢",
        "拆是拆了，请核查", "一号炉大修时再修，二号炉修好了", "他们弄完了，已回复投诉人", "学校的已全部更换", "都办完了对吧", "等全改好了，您再来看",
    ],
)  # fmt: skip
def test_what_is_said_beside_it_leaves_no_sure_report(said: str) -> None:
    assert [
        coordinator
        for coordinator in (None, False)
        if (of := heard(said, coordinator=coordinator)).intent is Intent.DONE and of.confident
    ] == []
