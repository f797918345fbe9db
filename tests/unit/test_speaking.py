"""What a clause speaks of: its words together, and not one of them, decide."""

import pytest

from bot.dialogue.understand import explain
from bot.dialogue.understanding.what import What

SPEAKS = {
    What.FINISHED: "已按要求落实|照办了|框架搭好了|招标完毕|报告妥了|发完了|已到位请核查|目前到位|基本到位|市水务局到位|5月底到位|到位谢谢|到位吗|已毕|会议完成了|推进完成|启动完成|"
    "查看第7项已完成|整改了|全部整改|已整改|好了|销号了",
    What.HANDED_IN: "清单已报送|材料已交",
    What.TAKEN: "公示期延长了三天|检查发现灭火器过期8具|人已到岗|签了28户|发给企业了|又去催了一次|已督促|督促12家|整改12家|检查12家|方案已落实|督促企业已整改|检查已整改",
    What.UNDER_WAY: "企业还在申请延期|在准备方案|在整改|抓紧在做|正在整改到位|开始整改到位|收到正在改|好的已启动|会场设备调试|督促企业",
    What.TO_DO: "高考期间暂缓施工|会场要检查|整改|报送|上传照片",
    What.SEEN: "收到|好|妥|按要求落实|照办",
    What.MORE_TIME: "需要延期了|申请推迟开工|能否暂缓施工|不延期不行|不取消延期|申请会议延期|会议能否延期|批准时限延长|恳请两周|能否三天|给三天|多三天|再三天|申请调整到7月底|能否改到7月底|期限调整|能否改到后天",
    What.SLIPPED: "证书发错了|上报日期写错了|宣传栏标错了|台账报错了两处|厂家发错货了|系统报错了|报表数据有误",
    What.UNDO: "任务点错了|日期按错了|我发错了|刚才那条不算|刚才那条报错了|报错了|有误|点错了没办完|撤回延期|撤回",
    What.LIST: "烦请列个清单|请发任务清单|可以发个清单吗|今天的清单|本月待办|欠报的清单|您看看我局的任务|我局的事项|哪些没办|完成的清单",
    What.PROOF_OWED: "照片还没传|截图没发|照片还没报给你们",
    What.FOREIGN: "我们配合主要是应急厅|这活该水利局干|牵头单位是应急厅|这个由水利局办",
    What.SHOW: "烦请看一下第7项|看下第7项是什么|麻烦看一下第7项|发第7项详情|看一下第7项时限",
    What.SHARE: "差不多|部分|80%",
    What.REST: "还剩两家|铺砖还得几天|效果还要看",
    What.CHAT: "哈哈|谢谢",
    What.NOTHING: "企业又申请延期|市水务局申请延期|我们延期过|会议延期到下周三|我们没申请延期|企业申请延期|请安排验收|补充材料|整改照片|整改照片的|我局整改照片|检查表|桥面好|桥面到位|任务|会议延期|A-3有哪些要求|局长要看哪些|延期的事推迟|三天|调整到7月底|请调整|好的会议|完成率|核查通过",
}  # fmt: skip


def spoken_of(said: str, *, coordinator: bool) -> str:
    (told,) = explain(said, coordinator=coordinator)
    return told.splitlines()[1].split(" · ")[0].strip()


@pytest.mark.parametrize("what", SPEAKS)
def test_a_clause_speaks_of(what: What) -> None:
    told = {said: spoken_of(said, coordinator=False) for said in SPEAKS[what].split("|")}
    assert told == dict.fromkeys(told, what)


DECIDES = {
    What.PERMIT: "同意延期|第7项同意延期|也同意延期|老师同意延期|现在同意延期|延期同意|同意|时限同意|可以延期|收到延期",
    What.DENY: "退回期限调整|延期退回请说明|驳回延期|不同意|不同意延期|不行",
    What.RETURN: "不能销号|退回|材料退回|该项工作退回|不同意销号|退回重新完成|销号退回|退回请补齐材料|退回抓紧整改|退回请完成整改后再报|退回还在推进的",
    What.VERIFY: "核查通过|已核查通过|该项验收合格|销号|同意销号|通过了",
    What.MORE_TIME: "恳请批准延期",
    What.UNDER_WAY: "正在核查通过|核查通过正在走流程",
    What.TO_DO: "批准后抓紧实施",
    What.FINISHED: "销号了|销号全部完成|全部销号|不同意请按期完成",
    What.NOTHING: "局长同意延期|如果同意延期|拟同意延期|同意延期的话|退回的话|已退回|省厅已核查通过",
}


@pytest.mark.parametrize("what", DECIDES)
def test_a_coordinator_decides(what: What) -> None:
    """A wish, a plan, and what is told of somebody decide nothing; what is to be done after 退回 leaves it a decision."""
    told = {said: spoken_of(said, coordinator=True) for said in DECIDES[what].split("|")}
    assert told == dict.fromkeys(told, what)
