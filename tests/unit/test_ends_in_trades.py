"""How people of many trades say that a duty came to its end, and what sounds like it and is none. On 1 June 2022."""

from datetime import date

import pytest

from bot.dialogue.understand import Intent, Understanding, understand

ON, DUE = date(2022, 6, 1), date(2022, 6, 30)


def heard(said: str) -> Understanding:
    return understand(said, on=ON, due=DUE, coordinator=False)


def sure(said: str) -> bool:
    return heard(said).intent is Intent.DONE and heard(said).confident


PLAIN: dict[str, str] = {
    "the last of it": "收尾工作都做完了|扫尾结束，请验收|这边已收尾|收完尾了，请核查",
    "an idiom for the end": "打完收工|弄妥收工|这事画句号了|这摊事结束了|硬骨头啃下来了",
    "what was asked for is met": "整改要求都落实了|各项要求已落实到位|全部符合要求，已办结|督办要求已落到实处",
    "it took root": "任务落地了|这项工作已落地见效",
    "a place with 场 in its name": "牧场地面污水清完了|停车场地沟堵塞问题已解决|屠宰场地面破损已修补",
    "so well that nothing is left": "排洪沟淤泥清得干干净净|枯草除净了|线缆缺损处补得整整齐齐了，已办结|塘边杂草割净了",
    "nothing owed, nobody there": "都交了，一件不欠|已办结，没逾期|补助全发了，一分不少|危房已腾退，没人住了",
    "whose duty it is": "我社承办的事项均已办结|领到的任务全做完了|分派的事都弄好了",
    "handed up, in other words": "月报前天递上去了|统计表已经交过去了",
    "paid out": "民工的钱都给了|遗属补助发齐了",
    "a trouble that is named by what lacks": "水闸没电那个修好了|路灯不亮那个处理好了",
    "with a word to calm": "都修好了放心吧|已经办结，您放心吧",
    "which of them it was, by what was still to be done": "没贴的都贴上了，已办结|没还的都还清了|没换的也换完了",
    "a place or a thing in whose name an act stands": "鱼苗场发酵罐补好了|失能老人床位扶手已修复|果园检修井已封盖",
    "the report itself was forgotten": "早办完忘点了|弄妥了，忘了说",
    "an answer, and that it is one": "回复：已办结|复：都整改完了",
    "truly": "真办完了|这回是真弄妥了",
    "to the last bit": "病木全烧掉了|沟渣清光了|百分百完成",
    "that duty, by what it is about": "水窖漏水这个处理好了|积压的案子全结了",
    "at once": "当场就改好了",
    "by a day, against a reminder": "谢谢提醒，不过我们5月12号就已经办完了|收到，但是塘坝早就修好了",
    "that it is not shown is no fault of theirs": "不是没办，是早办完了|早修好了，平台上没更新",
    "nothing left, said in one breath": "全都完成了没有任何遗留问题了请放心|已办结没有任何尾巴",
    "with its papers": "网格名单、责任书、巡查表都归档了，任务全部完成",
    "what is left out of a form": "缺项的都补齐了",
    "a resulting verb without a sign of the past": "坡道扶手擦干净|护林沟枯枝清干净",
}


@pytest.mark.parametrize("kind", PLAIN)
def test_a_plain_end_is_understood_and_sure(kind: str) -> None:
    assert [said for said in PLAIN[kind].split("|") if not sure(said)] == []


NONE_SUCH: dict[str, str] = {
    "another duty": "上个任务做完了，这个才开头|上一项弄好了|前一件办结了",
    "handed out, and due to nobody": "倡议书发完了|海报发齐了",
    "to be met": "整改要求月底前完成|各项要求要落实|离达到要求还远|没达到要求",
    "begun to take root": "已落地实施|正在推动落地见效",
    "asked of others": "把池塘清干净|把扶手装完|大家把门口扫干净",
    "a curse": "完成个锤子|办结个铲铲",
    "perhaps": "八成是弄完了|八成没弄完",
    "still the last of it": "正在收尾|还在做收尾工作|这两天收尾",
    "off work": "收工了|今天收工早",
    "supposed, and not so": "以为办完了，结果没有|我们都弄好了他们还没",
    "of those that are still to be done": "没贴的还没贴|没换的换了两台|未整改的全部整改到位|没还的他们都还了|没修的都修了没",
    "another's answer": "县水务局回复：已办结|李某回复：都弄完了",
    "forgotten, and nothing else": "忘点了|忘了报",
    "what stands still": "机井停着呢|手续没批下来",
    "of poor quality": "修是修好了，质量不行",
}


@pytest.mark.parametrize("kind", NONE_SUCH)
def test_what_sounds_like_an_end_is_no_sure_report(kind: str) -> None:
    assert [said for said in NONE_SUCH[kind].split("|") if sure(said)] == []


UNDERSTOOD: dict[Intent, str] = {
    Intent.QUESTION: "还有几家没报？",
    Intent.LIST: "调出来看看|翻出来看看|清单再发一遍|查查当月该报的|瞧一眼我们手上的活|名下任务报一下|我想看看名下的|发下我们村的任务表|手上还压着几件|把我名下的都列给我|任务再给我发一遍",
    Intent.ACKNOWLEDGE: "收到啦 多谢科长提醒|收到，感谢李局长督促",
    Intent.SHOW: "把7号任务调出来|第4项翻出来看看",
    Intent.PROGRESS: "平台上点了提交，还没审核通过呢|材料交了，尚未复核通过|夜班也在顶着干|完成65%，主要是后山几个点慢|还有几家没报|办完了，但是照片没拍|都弄好了，不过有两家没交|沥青在铺|焊工在焊呢|三班倒|修完之后再给照片|东沟弄完了，质量不行，得重来",
    Intent.EXTEND: "要不缓到清明以后",
    Intent.NOT_DONE: "忘了报|忘记办这个了|图斑停着呢|手续没批下来|一点眉目都没有|动静都没有|还没排上|邻县都结了我们还没",
}


@pytest.mark.parametrize("intent", UNDERSTOOD)
def test_what_is_wanted_or_told_otherwise_is_understood(intent: Intent) -> None:
    assert [said for said in UNDERSTOOD[intent].split("|") if heard(said).intent is not intent] == []


@pytest.mark.parametrize(
    ("said", "percent"), [("才两成", 20), ("八成是完了", None), ("弄了八成", 80), ("九成都好了", 90)]
)
def test_tenths_in_words_are_a_share_where_they_count(said: str, percent: int | None) -> None:
    assert heard(said).percent == percent
