"""What people say in other words than most: questions, refusals, complaints, courtesies, the least that there is. On 8 June 2022."""

from datetime import date

import pytest

from bot.dialogue.understand import Understanding, understand

ON, DUE = date(2022, 6, 8), date(2022, 6, 30)

SAID = {
    "question": {
        "of points": "迟报一周扣几分|漏报罚几分|补交还记几分",
        "when": "多前儿查验|现场会多咱开|啥前儿截止",
        "in a letter's words": "敢问此表报送何处|此函须否会签|附件需否装订|请教可否代签|所报口径当否",
        "whether it is still so": "报送日子没变吧|会没取消吧|没再推迟吧|地点没换吧|还是报你们科里吧",
    },
    "not_done": {
        "nobody of us will": "谁爱管谁管，我们弄不了|谁爱填谁填，没人干|谁有本事谁去弄",
        "what nobody can believe": "办啥结，桩都没打|弄啥完哟，料没到|还交个啥完啊，表都没填",
        "not the least of it": "第9项一个字没填|一个字都没写|5号任务一砖没砌|一个坑都没挖出来",
        "nothing moves": "塔吊动不了|供电所就是不批|开发商迟迟不签|图纸连个影都没有",
    },
    "acknowledge": {
        "a nod, and a complaint": "收到，急啥|晓得了晓得了，累不累|知道了，有完没完",
        "a nod, and thanks": "好的，感谢您的督促|收到，多谢领导提醒|明白，谢谢指导|好的，多谢您一直提醒",
        "a nod of a place": "中|成|得|中，谢您督促",
    },
    "none": {"courtesies": "不客气，分内的事|应该做的|客气了|多谢关心|爱咋咋地|客气啥，应该的|哪里话"},
    "progress": {
        "given a day to be left alone": "周五给你报上行了吧|后天交可以了吧|明早给您送去，满意了吧",
        "another thing comes next": "食堂都查过了，宿舍接着查|东墙拆完了，西墙接着拆",
        "by hand": "三组在刷墙|北段在铺砖呢|二标在挖沟|数据在啃了",
    },
    "extend": {"for us": "给我们放到月底吧，专家还没来|帮我们挪到下周四吧"},
}
"""What each kind of saying is understood as, by why."""

KINDS = [(intent, kind) for intent, kinds in SAID.items() for kind in kinds]


@pytest.mark.parametrize(("intent", "kind"), KINDS)
def test_it_is_heard_as_people_mean_it(intent: str, kind: str) -> None:
    assert [said for said in SAID[intent][kind].split("|") if str(heard(said).intent) != intent] == []


def test_what_looks_alike_keeps_what_it_says() -> None:
    assert str(heard("谁办这项").intent) == "question"
    assert str(heard("在打印店").intent) == "none"
    assert str(heard("谁检查谁签字").intent) != "not_done"
    assert str(heard("感谢督促，正在推进").intent) == "progress"
    assert heard("任务一标段在挖沟").tasks == ()
    assert not (heard("应该的确办完了").intent == "done" and heard("应该的确办完了").confident)


@pytest.mark.parametrize("said", ["了", "呢", "在呢", "着了", "啊", "在刷"])
def test_what_says_nothing_is_heard_as_nothing(said: str) -> None:
    assert not (heard(said).intent == "done" and heard(said).confident)


def heard(said: str) -> Understanding:
    return understand(said, on=ON, due=DUE, coordinator=False)
