"""What is told of who was set on a duty, of people and telephones, or of what befell a unit: no report that the duty is done."""

from datetime import date

import pytest

from bot.dialogue.understand import Intent, Understanding, understand

ON, DUE = date(2022, 6, 10), date(2022, 6, 30)


def heard(said: str, about: str = "") -> Understanding:
    return understand(said, on=ON, due=DUE, coordinator=False, about=about)


def told(said: str, about: str = "") -> str:
    of = heard(said, about)
    return str(of.intent) if of.confident else f"{of.intent}?"


NEWS: dict[str, tuple[str, str]] = {
    "somebody was set on it": (
        "progress",
        "收到，人手已安排到位|好的，都安排妥了|水利站联系好了|跟供电所协调妥当了|维修队已联系好，放心|这项已安排好了|安排完毕|巡查的车安排好了|都联系妥了|已经和园林处协调到位",
    ),
    "another person, or a telephone": (
        "none?",
        "我换电话了|又换号了|刚换了个新手机号|我们站长换了|所长换了|分管领导刚换|换站长了|经办人换了，现在找我|联系人变更了|我们换牌子了|微信号换了|号码变了|领导班子调整了",
    ),
    "what befell us": (
        "none?",
        "我们站又被通报了|被点名批评了|昨天被约谈了|镇里被通报批评了|我们被投诉了|刚被扣分了",
    ),
    "handed over": ("none?", "我交接班了|工作已交接|刚交班"),
    "reported once, and asked again": ("done?", "我们早报过了怎么还催|报过了呀，咋又催"),
    "some are left": (
        "progress",
        "没弄完，还有几户没走到|还有几处没刷",
    ),
    "some of them were not seen to": ("not_done", "还没办完，山上的几户没去"),
    "one was taken for another": ("undo", "搞混了，看串行了|记混了"),
    "one was taken for another, and neither is done": ("not_done", "弄混了，两个都没弄完|搞混了，这个没修"),
    "some are left of what is done": ("progress", "就剩几个没换了|还差几处没刷"),
    "told about": ("progress", "已通报|已通报各镇"),
}


@pytest.mark.parametrize("kind", NEWS)
def test_news_is_no_report_of_completion(kind: str) -> None:
    expected, said = NEWS[kind]
    assert {one: told(one) for one in said.split("|")} == dict.fromkeys(said.split("|"), expected)


@pytest.mark.parametrize(
    ("about", "expected"),
    [
        ("拆除渡口危墙", "done?"),
        ("检修水闸启闭机", "done?"),
        ("报送渡口安全台账", "done"),
        ("上交闲置公车", "done"),
        ("", "done"),
    ],
)
def test_what_was_handed_up_ends_a_duty_to_hand_in_alone(about: str, expected: str) -> None:
    assert {said: told(said, about) for said in ("已上报", "报上去了", "都交了")} == dict.fromkeys(
        ("已上报", "报上去了", "都交了"), expected
    )


PLAIN = (
    "收到，已办结|好的，都办妥了|经协调，堤防缺口已修复|破损的路灯换好了|破损井盖已全部更换|全部整改到位，请放心|"
    "报告已上报|报表昨天交了|都弄好了，您放心|管子接好了|我们这块办完了|缺失的护栏都装上了|已完成|搞定了|换好了|已换新|"
    "危桥拆了|按要求已全部落实到位|台账已报送|隐患全部消除|已销号|此项已办结|阀门换过了，不漏了|老旧水泵换了新的|"
    "昨天就办结了|排查完毕，全部整改|自查报告已上报|通报的问题已整改到位"
)
"""Plain reports beside them, in words that are near."""


def test_plain_reports_stay_sure() -> None:
    assert {one: told(one) for one in PLAIN.split("|") if told(one) != str(Intent.DONE)} == {}
