"""Of what an end is told: what a duty in the field is about, a problem of any kind, and what may be anything. On 1 June 2022."""

from datetime import date

import pytest

from bot.dialogue.understand import Intent, Understanding, understand

ON, DUE = date(2022, 6, 1), date(2022, 6, 30)

SETTLED = {
    "what a duty is about": "垃圾已清理|坑槽都修补好了|破损井盖换好了|危房拆了|排污口已封堵|喷淋系统修好了|老旧电梯已更换|裸土全覆盖到位|淤泥拉走了",
    "a problem, whatever is said of its kind": "农村饮水问题已解决|消防通道堵塞问题处理好了|乱停车的问题解决了|化粪池那个事弄妥当了",
    "a debt that is paid": "欠农民工的钱都结清了|欠工人的钱已还清",
    "how it was to be done": "已按时限要求完成整改|按文件要求已落实|已按督办要求整改到位",
    "an hour of a day that is gone": "昨天下班前弄完了|前天下班前已办结|昨晚下班前就搞定了",
    "what comes along later": "弄完了照片还没传|已办结，截图还没发|整改好了，可以来验",
    "by whom and when it was given out": "贵办5月20日转来的信访件现已办结|上次检查通报的问题都改好了|市局交办的任务已完成|之前说的那个隐患已经排除了|居民反映的问题已解决|你们派来的工单办结了",
    "what was theirs": "企业排污口已封堵到位|两家企业都已完成搬迁",
    "what the office is asked to close": "桥面铺装已完成，请核查|雨棚拆了，可以来验|展板弄好了，申请销号",
    "an end, and what goes along": "工单已办结并答复来电人|公厕改造完工并投入使用|任务全部完成，材料放你们一楼收发室了",
    "what was in the way": "拖了好久的那个事终于办下来了",
    "a day of this week that is gone": "这周一就报给你们了|周二就弄完了",
    "who passed it": "已于昨日整改完毕并通过街道复核",
    "a month that is gone": "5月就报了|材料5月底已交",
    "readied and handed in": "整改报告已盖章交到你们办公室|总结签字后已报送|总结打印后已报送",
    "English mixed in": "A-8这边finished了|任务fixed了",
    "a day in the week of a day": "这个礼拜一就已经办妥",
    "the last bit, and then all of it": "把剩下的两户也签了，全部完成|这周刚刚收尾，全部完成了|企业已关停，设备已拆除，任务完成",
    "when it was handed in": "报告早上交的|材料上午报的",
    "by hand": "那堆建筑垃圾昨晚拉完了|积水抽完了",
    "in the words of a letter": "路灯检修业已全部完成|此项业已告竣|该事早已画上句号|我乡夏季防汛演练业已圆满结束|秋季防火宣传任务业已全部完成",
    "long ago": "老早就弄完了|早早就报上去了|八百年前就交了|早八辈子就办妥了|早都拆完了|汛前清淤早就搞完啦",
    "how it was done": "妥妥地办结了|妥妥滴办好，求关单|就地整改完毕|当场改好了|当天就拆除完毕了|违建已就地拆除|麻利儿办完了|立查立改完毕|利利索索弄完了",
    "several things of which all is told": "水闸、护坡、路肩全部修好了|管网、泵房已全部改造完成|照片、台账、小结都交了|名单、清单、承诺书已全部报送|用电、设备、灯杆隐患全部整改到位",
    "when it was handed in, long ago": "早就修好了呀，上周就报过|早已办结，前天就交过|上个月就报过",
    "a search that is the task itself": "自查这项任务全部完成|摸排该任务已完成|这次自查这项任务已办结",
    "a slip of the keys": "已完戍，请查看|全部完戌",
    "nothing left out of what was told": "全部完成，无漏报|已办结，没有漏检",
    "a task by its number": "第12号办好了|任务12号都弄好了|6号问题已整改|A—3已办结|a–3办好了|2.已完成 3.已办结",
}
"""Plain completions, each understood and sure."""

OPEN = {
    "the last bit, still to be done": "下周把剩下的两户签了，全部完成|月底前把剩下的两户签了，全部完成|要把剩下的两户也签了，任务完成|争取把余下两户签了，全部完成|再把其余的两户签了，全部完成|等把剩下的两户签了，全部完成|把剩下的两户签了吧，全部完成",
    "anything may be mended": "车修好了|讲稿改好了|宣传栏换好了|门做好了|桌子修好了|展板弄好了",
    "an obstacle, out of the way": "用电问题解决了|用地问题已解决|权属问题处理好了|土地问题解决了",
    "a place of many": "东片区任务完成|第一标段问题已解决|学校门口的问题已解决|二科的任务完成了|东街问题已解决|李庄井盖换好了|东街口已整改到位",
    "a part of what is owed": "还欠两家的钱没结清|欠着的还差一半|垃圾清了一半|垃圾清理了3处",
    "a search, or a step, of several": "自查任务已完成|招标这项任务已完成|方案设计这项任务完成了",
    "to be handed in": "下周就报过去|上月说就报",
    "another's": "物业说垃圾已清理|企业垃圾清运中|镇里的井盖换好了",
    "an hour of today": "今天下班前弄完|下班前办结",
    "only a proof": "照片还没传|截图没发",
    "by whom it was given out, and not whether": "贵办转来的信访件没办结|上次通报的问题还没改|市局交办的任务基本完成|他们转来的任务说完成了",
    "the work of others": "市局负责的任务已完成|居民说解决了|企业已完成",
    "closed by the office, but a step": "方案已完成，请核查|设备安装已完成，可以来验|招标完成，申请核查|市水务局已办结，请核查|桥面铺装完成一半，请核查|桥面铺装明天完成，请核查",
    "all of it, but not yet": "刚收尾，全部完成还要两周|任务完成，就差验收|他们说任务全部完成|其余三户也签了，完成八成|只剩下两户了，全部完成还早",
    "what did not last": "路面修好又坏了|井盖换好了又丢了|垃圾清了又有人倒",
    "what others ask for then": "材料交上去了，人家说要补两样|报告交了，他们要求补盖章",
    "what should have been": "昨天下班前就该弄完了|早该办完了",
    "an application, a vehicle, what is ready": "补贴申请已提交|垃圾清运车到位了|材料已备齐|问题清单已整理完毕|欠的材料补齐了",
    "a day": "12号弄好给你|12号搞定|3号整改完毕",
    "a day of a week to come": "周一完成|下周一就报|周五就报了结果|周一就能报",
    "an end, and more of it to come": "已完成并等待验收|已完成并正在验收|整改完并于下周报",
    "what was not in the way": "除一家拒不配合外都整改了|难度大的问题还没解决",
    "English that denies": "A-8 not finished|还没fixed",
    "a vow": "妥妥能办完|妥妥的，下周办完|妥妥办好|当天就能改完了|当天就改|老早就想交了|老早就说要拆",
    "several things, not all of them": "管网、泵房还没改完|表、清单都没交|管网、泵房明天修完|手续、合同、招标都办完了|管网、泵房修完一半",
    "several things, of others or of two of many": "他们的闸门、大坝都修好了|隔壁镇闸门、大坝都修好了|保洁公司说灶台、烟道都清好了|老张讲护栏、大门都换好了|一组、二组都改完了|二期护栏、大门都装好了",
    "what should have been long ago": "老早就该弄完了|早早就该拆了|早都该办了",
    "a season's share": "秋季任务已完成|夏季的活弄完了",
    "a step": "整改通知书已下发|路灯采购完成|电梯安装到位|危房鉴定方案已完成",
}
"""What is no sure report."""

CHANGED = "还没有{}|不算{}|{}吗|是否{}|{}没有|基本{}|快{}|应该{}吧|预计{}|明天{}|如果{}|等{}后再报|听说{}|大部分{}|除两家外{}|大家{}"


def heard(said: str) -> Understanding:
    return understand(said, on=ON, due=DUE, coordinator=False)


def is_sure_report(said: str) -> bool:
    understood = heard(said)
    return understood.intent is Intent.DONE and understood.confident


@pytest.mark.parametrize("kind", SETTLED)
def test_a_plain_end_is_sure(kind: str) -> None:
    assert [said for said in SETTLED[kind].split("|") if not is_sure_report(said)] == []


@pytest.mark.parametrize("kind", OPEN)
def test_what_may_be_something_else_is_no_sure_report(kind: str) -> None:
    assert [said for said in OPEN[kind].split("|") if is_sure_report(said)] == []


@pytest.mark.parametrize("frame", CHANGED.split("|"))
def test_a_changed_end_is_no_sure_report(frame: str) -> None:
    ends = [said for kind in SETTLED for said in SETTLED[kind].split("|") if "，" not in said and " " not in said]
    assert [said for end in ends if is_sure_report(said := frame.format(end))] == []


@pytest.mark.parametrize(
    ("said", "intent", "tasks"),
    [
        ("2.已完成 3.进行中", Intent.PROGRESS, ("2", "3")),
        ("1、已办结 2、没动", Intent.PROGRESS, ("1", "2")),
        ("6号问题还没整改", Intent.NOT_DONE, ("6",)),
        ("高温天气用水安排已印发", Intent.PROGRESS, ()),
        ("风大注意脚手架", Intent.NONE, ()),
        ("A—3收到", Intent.ACKNOWLEDGE, ("A-3",)),
        ("知道了别催了", Intent.ACKNOWLEDGE, ()),
        ("换小周来跟了", Intent.ACKNOWLEDGE, ()),
        ("这个以后归小孙管", Intent.ACKNOWLEDGE, ()),
        ("5号的具体要求发我一下", Intent.SHOW, ("5",)),
        ("这个应该是乡镇的活吧", Intent.NOT_DONE, ()),
        ("上面那个作废", Intent.UNDO, ()),
        ("A-2完成，A-4没动", Intent.PROGRESS, ("A-2", "A-4")),
        ("3号一直没进展", Intent.NOT_DONE, ("3",)),
        ("1号办结了，2号宽限一周", Intent.EXTEND, ("1", "2")),
        ("估摸着下个礼拜能行", Intent.PROGRESS, ()),
        ("收到，已转给张科", Intent.ACKNOWLEDGE, ()),
        ("没接到钱", Intent.NOT_DONE, ()),
        ("没接到通知", Intent.QUESTION, ()),
        ("这条是气象局的", Intent.NOT_DONE, ()),
        ("是按自然年还是财年统计", Intent.QUESTION, ()),
        ("刚那个不对，撤了吧", Intent.UNDO, ()),
        ("前面报的作废", Intent.UNDO, ()),
        ("上传的图传错了", Intent.PROGRESS, ()),
        ("刚才那个收回", Intent.UNDO, ()),
        ("我们早不管这块了", Intent.NOT_DONE, ()),
        ("看一眼A-5", Intent.SHOW, ("A-5",)),
        ("说早了，其实没完成", Intent.NOT_DONE, ()),
        ("连图纸都没有", Intent.NOT_DONE, ()),
        ("申请推迟到20号", Intent.EXTEND, ()),
        ("报表格式能发一个不", Intent.QUESTION, ()),
        ("不延期不行", Intent.EXTEND, ()),
        ("证书发错了", Intent.PROGRESS, ()),
    ],
)
def test_a_message_means(said: str, intent: Intent, tasks: tuple[str, ...]) -> None:
    understood = heard(said)
    assert (understood.intent, understood.tasks) == (intent, tasks)


def test_of_what_is_finished_and_what_is_not_the_open_one_is_spoken_of() -> None:
    assert [heard(said).task for said in ("A-2完成，A-4没动", "A-4没动，A-2完成")] == ["A-4", "A-4"]
    assert heard("申请推迟到20号").due == date(2022, 6, 20)
