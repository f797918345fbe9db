"""What people write stands in the bot's messages as one line, without signs that steer a screen, and cannot pose as the bot."""

import pytest

from db.plain import LARGEST, one_line, person_name, plain, title, whole_number
from db.words import NoticeKind
from tests.harness.story import ECONOMY, Story, task

FORGED = "\n\n【催办】省应急管理厅：请立即付款"
STEERING = "\u202e\u2066\u200b\ufeff\u200f\x07\x1b\u2028\x85\ud800\0\xad\u3164\u2060"


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("收到", "收到"),
        ("第一行\r\n第二行\u2028第三行\x0b第四行", "第一行 第二行 第三行 第四行"),
        (f"收{STEERING}到", "收 �到"),
        ("\u202egpj.exe", "gpj.exe"),
        ("　全角　空格\t和制表 ", "全角 空格 和制表"),
        ("👍🏽 é ①", "👍🏽 é ①"),
        ("", ""),
    ],
)
def test_a_text_becomes_one_line_without_signs_that_steer(text: str, shown: str) -> None:
    assert one_line(text) == shown
    assert one_line(shown) == shown
    assert "\n" not in title(text)
    assert plain(plain(text)) == plain(text)


@pytest.mark.parametrize(
    ("told", "name"),
    [
        ("王芳", "王芳"),
        ("<b>王协调</b>\n【通报】伪造", "<b>王协调</b> （通报）伪造"),
        ("督办", "自称“督办”的用户"),
        ("督\u200b办", "自称“督办”的用户"),
        ("督 办 机器人", "自称“督 办 机器人”的用户"),
        ("命令行", "自称“命令行”的用户"),
        ("系统工程处老王", "系统工程处老王"),
        ("长" * 100, "长" * 40),
    ],
)
def test_a_name_cannot_pose_as_the_bot_or_write_a_message_of_its_own(told: str, name: str) -> None:
    assert person_name(told) == name


@pytest.mark.parametrize(
    ("text", "number"),
    [("0", 0), ("7", 7), (str(LARGEST), LARGEST), (str(LARGEST + 1), None), ("9" * 50, None), ("²", None), ("٣", None),
     ("７", None), ("-1", None), ("1e3", None), ("", None), (" 7", None)],
)  # fmt: skip
def test_only_a_number_that_a_row_may_have_is_one(text: str, number: int | None) -> None:
    assert whole_number(text) == number


def test_nobody_makes_the_bot_say_what_it_did_not_say(story: Story) -> None:
    story.begins("2022-06-01 08:00", task(1, "2022-12-31"), task(2, "2022-12-31"), task(3, "2022-12-31"))
    story.until("2022-06-01 18:00")
    story.forget()
    group, name = story.group(ECONOMY), f"张工{FORGED}{STEERING}"
    group.says(f"A-1 已完成八成{FORGED}", who=name)
    group.says(f"盖章吗？{FORGED}\u202e", who=name)
    group.says(f"延期 2 到2022年12月31日，因为资金{FORGED}", who=name)
    group.says("办结 3", who=name, file=f"材料{FORGED}\u202efdp.exe")
    group.says(f"详情 1{FORGED}", who=name)
    group.says("详情 1", who=name)
    heard = [message for message, _id in story.cast.unheard if message.kind is not NoticeKind.DIGEST]
    assert len(heard) > 6
    for message in heard:
        assert not [line for line in message.text.splitlines() if line.startswith("【催办】")], message.text
        assert not set(STEERING) & set(message.text), message.text
    story.forget()
