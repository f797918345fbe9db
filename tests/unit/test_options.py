"""Which option of a broadcast somebody answers with, and what is never taken for the one that says all is well."""

import pytest

from bot.dialogue.options import choice_in, says_no_more, share_words

MOVED = ("已转移", "未转移", "需要支援")
ASKED = "请报危房群众转移情况"
CLEAN = ("有隐患", "无隐患")
COMES = ("参加", "不参加")


@pytest.mark.parametrize(
    ("said", "option"),
    [
        ("已转移", "已转移"),
        ("已转移，共120人", "已转移"),
        ("转移完毕", "已转移"),
        ("都转移了", "已转移"),
        ("危房群众已全部转移完毕", "已转移"),
        ("我局已经转移完了！", "已转移"),
        ("未转移", "未转移"),
        ("还没转移", "未转移"),
        ("没有转移，路断了", "未转移"),
        ("未转移，还有2户不肯走", "未转移"),
        ("需要支援，还差两条船", "需要支援"),
        # neither what is negated nor what is partial, planned or asked is the option that says all is well
        ("还没转移完，差5人", ""),
        ("没全部转移", ""),
        ("未全部转移", ""),
        ("已经转移了32户，还有2户不肯走", ""),
        ("已转移，还有2户不肯走", ""),
        ("都转移了，只剩一户", ""),
        ("基本转移完毕", ""),
        ("大部分转移了", ""),
        ("正在转移", ""),
        ("马上转移", ""),
        ("明天转移完", ""),
        ("转移", ""),
        ("都转移了吗？", ""),
        ("不是已转移", ""),
        ("我们没有危房", ""),
        ("不需要支援", ""),
        ("已转移或未转移", ""),
        ("已转移、未转移", ""),
        ("村里还在清点", ""),
    ],
)
def test_an_option_is_said_plainly_or_not_at_all(said: str, option: str) -> None:
    assert choice_in(said, MOVED, ASKED) == option


@pytest.mark.parametrize(
    ("said", "options", "option"),
    [
        ("我局没有隐患", CLEAN, "无隐患"),
        ("无隐患", CLEAN, "无隐患"),
        ("有隐患", CLEAN, "有隐患"),
        ("有3处隐患", CLEAN, ""),
        ("没有重大隐患", CLEAN, ""),
        ("我局无隐患，还有两家没查", CLEAN, ""),
        ("我们参加", COMES, "参加"),
        ("我局不参加", COMES, "不参加"),
        ("不能参加", COMES, ""),
        ("参加不了", COMES, ""),
    ],
)
def test_a_sign_before_the_core_parts_one_option_from_the_other(
    said: str, options: tuple[str, ...], option: str
) -> None:
    assert choice_in(said, options, "请报隐患排查情况") == option


LEAVE = ("参加", "请假", "派员代替")


@pytest.mark.parametrize(
    ("said", "options", "option"),
    [
        ("能参加了", LEAVE, "参加"),
        ("还是参加吧", LEAVE, "参加"),
        ("请假改参加", LEAVE, "参加"),
        ("我局由请假改为参加", LEAVE, "参加"),
        ("刚才说请假，现在能参加了", LEAVE, "参加"),
        ("不请假了，参加", LEAVE, "参加"),
        ("请假取消，准时参加", LEAVE, "参加"),
        ("又要请假了", LEAVE, ""),
        ("不参加了", COMES, "不参加"),
        ("不是不参加，是参加", COMES, "参加"),
        ("现在转移完了", MOVED, "已转移"),
        ("未转移改为已转移", MOVED, "已转移"),
        ("刚才报的未转移，现在都转移了", MOVED, "已转移"),
        ("原来未转移的已全部转移", MOVED, "已转移"),
        ("已转移，不需要支援了", MOVED, "已转移"),
        ("说错了，其实还没转移", MOVED, "未转移"),
        # what was chosen and is no more is no choice, and what one can do is no state
        ("不请假", LEAVE, ""),
        ("请假，改成李科长参加", LEAVE, ""),
        ("不是未转移", MOVED, ""),
        ("能完成", ("完成", "未完成"), ""),
        ("原来未转移的正在转移", MOVED, ""),
        ("能参加吗", LEAVE, ""),
    ],
)
def test_another_option_than_was_chosen_is_said_in_plain_words(
    said: str, options: tuple[str, ...], option: str
) -> None:
    assert choice_in(said, options, "请报危房群众转移情况") == option


def test_what_stands_beside_the_option_is_more_than_a_choice() -> None:
    assert says_no_more("危房群众都转移了！", "已转移", ASKED)
    assert not says_no_more("都转移了，共120人", "已转移", ASKED)


def test_words_of_the_matter_and_no_others_tell_that_a_broadcast_is_meant() -> None:
    assert share_words("还没转移完，差5人", ASKED)
    assert share_words("我们没有危房", ASKED)
    assert share_words("我局没有隐患", "请报隐患排查情况")
    assert not share_words("今天下雨了", ASKED)
    assert not share_words("都整改完了", "请报隐患整改情况")
    assert not share_words("我们单位的情况好", ASKED)
