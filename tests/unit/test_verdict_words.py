"""A verdict on several of what waits: of which it is, with which reason, and what is none."""

import pytest

from bot.dialogue.room.verdict_words import Of, Verdict, verdicts
from db.words import Action

VERIFY, RETURN, GRANT, REFUSE = Action.VERIFY, Action.RETURN, Action.GRANT, Action.REFUSE


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("除了B-3都核查通过", [Verdict(VERIFY, Of.BUT, ("B-3",))]),
        ("除B-3、B-5外，其余都通过", [Verdict(VERIFY, Of.BUT, ("B-3", "B-5"))]),
        ("B-3除外都核查通过", [Verdict(VERIFY, Of.BUT, ("B-3",))]),
        ("市水利局除外，其余都通过", [Verdict(VERIFY, Of.BUT, (), "市水利局")]),
        ("B-1和B-2都通过", [Verdict(VERIFY, Of.ALL_NAMED, ("B-1", "B-2"))]),
        ("B-1、B-2都退回，缺盖章", [Verdict(RETURN, Of.ALL_NAMED, ("B-1", "B-2"), reason="缺盖章")]),
        ("除了市水利局的都通过", [Verdict(VERIFY, Of.BUT, (), "市水利局")]),
        ("除了市水利局的，延期都同意", [Verdict(GRANT, Of.BUT, (), "市水利局")]),
        ("除市水利局外，待批的延期全部同意", [Verdict(GRANT, Of.BUT, (), "市水利局")]),
        ("除了市水利局的申请，延期都批准", [Verdict(GRANT, Of.BUT, (), "市水利局")]),
        ("除市水利局的延期外，其他都同意", [Verdict(GRANT, Of.BUT, (), "市水利局")]),
        ("除了市水利局，待核查的都通过", [Verdict(VERIFY, Of.BUT, (), "市水利局")]),
        ("除了B-3，待核查的都通过", [Verdict(VERIFY, Of.BUT, ("B-3",))]),
        ("水利局的我再想想，延期都同意", [Verdict(GRANT, Of.REST, before=("水利局的我再想想",))]),
        ("材料都翻过了，全部通过", [Verdict(VERIFY, Of.REST, before=("材料都翻过了",))]),
        ("市水利局的都通过", [Verdict(VERIFY, Of.WHOSE, (), "市水利局")]),
        ("市水利局、市气象局报上来的都核查通过", [Verdict(VERIFY, Of.WHOSE, (), "市水利局、市气象局")]),
        ("市水利局的都退回让他们补签字页", [Verdict(RETURN, Of.WHOSE, (), "市水利局", "让他们补签字页")]),
        ("剩下的退回 签字页缺了", [Verdict(RETURN, Of.REST, reason="签字页缺了")]),
        ("签字页缺了，其他都退回", [Verdict(RETURN, Of.REST, reason="签字页缺了")]),
        ("都没通过，数字对不上，重新算", [Verdict(RETURN, Of.REST, reason="数字对不上，重新算")]),
        ("剩下3项都过吧", [Verdict(VERIFY, Of.REST)]),
        ("其他都通过，辛苦了", [Verdict(VERIFY, Of.REST)]),
        (
            "B-1、B-2退回，缺盖章；其余都通过",
            [Verdict(RETURN, Of.NAMED, ("B-1", "B-2"), reason="缺盖章"), Verdict(VERIFY, Of.REST)],
        ),
        ("市水利局的延期都同意", [Verdict(GRANT, Of.WHOSE, (), "市水利局")]),
        ("B-2水利的通过", [Verdict(VERIFY, Of.THEIRS, ("B-2",), "水利")]),
        (
            "B-2退回市水利局，市气象局通过",
            [Verdict(RETURN, Of.THEIRS, ("B-2",), "市水利局"), Verdict(VERIFY, Of.THEIRS, ("B-2",), "市气象局")],
        ),
        (
            "B-2水利局的通过，气象局的再等等",
            [Verdict(VERIFY, Of.THEIRS, ("B-2",), "水利局"), Verdict(None, Of.THEIRS, ("B-2",), "气象局")],
        ),
        ("B-2通过，B-4再看看", [Verdict(VERIFY, Of.NAMED, ("B-2",)), Verdict(None, Of.NAMED, ("B-4",))]),
        ("市气象局的先放一放，其他都通过", [Verdict(None, Of.WHOSE, (), "市气象局"), Verdict(VERIFY, Of.REST)]),
        ("B-2两家都通过", [Verdict(VERIFY, Of.ALL_NAMED, ("B-2",))]),
        ("市水利局、市气象局报的都可以销号", [Verdict(VERIFY, Of.WHOSE, (), "市水利局、市气象局")]),
        ("待核查的都销掉吧", [Verdict(VERIFY, Of.REST)]),
        ("延期都不批，汛期要紧", [Verdict(REFUSE, Of.REST, reason="汛期要紧")]),
    ],
)
def test_a_verdict_is_of_what_its_words_say(text: str, said: list[Verdict]) -> None:
    assert verdicts(text) == said


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("都批了", True),
        ("剩下的都退回了，图是旧的", True),
        ("市水利局都批准", True),
        ("市水利局、市气象局全部核查", True),
        ("都没有问题", True),
        ("全部批准", False),
        ("市水利局的都批准", False),
        ("剩下的都退回，图太旧了", False),
    ],
)
def test_what_may_tell_of_somebody_s_act_is_no_plain_order(text: str, told: bool) -> None:
    assert [one.told for one in verdicts(text)] == [told]


def test_that_the_reason_is_told_elsewhere_is_no_reason() -> None:
    assert [one.reason for one in verdicts("剩下的都退回，原因已跟他们讲过")] == [""]
    assert [one.reason for one in verdicts("剩下的都退回，理由不充分")] == ["理由不充分"]


@pytest.mark.parametrize(
    "text",
    [
        "B-1通过，B-2退回",  # of codes alone, which is heard elsewhere
        "通过",
        "退回",
        "都通过了吗",
        "谁都通过",
        "如果材料齐，都通过",
        "先别都通过",
        "所有单位都要通过",
        "其他单位都已核查",
        "其他都通过，等周五再说",
        "都通过率",
        "会议精神都传达了，通过",
        "除了市水利局都催一下",
        "市水利局通过",
        "市气象局的再等等",
        "B-2再看看",
        "B-2水利局的通过，气象局的等周五再说",
    ],
)
def test_other_words_are_none(text: str) -> None:
    assert verdicts(text) == []


def test_no_row_of_signs_makes_it_try_endless_ways() -> None:
    for sign in ("除了", "都", "其他", " ", "1、", "的", "通过", "退", "除外，", "B-1局", "的再等等", "先"):
        verdicts(sign * 2000)
