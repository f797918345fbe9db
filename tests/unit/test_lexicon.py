"""Every word of the lexicon says what its sense says: a word added to lexicon.toml is tested by standing in it."""

import tomllib
from collections import Counter
from datetime import date
from pathlib import Path

import pytest

from bot.dialogue import understanding
from bot.dialogue.understand import Intent, Understanding, understand
from bot.dialogue.understanding.lexicon import Sense, in_common_words, lexicon
from bot.dialogue.understanding.quantities import found

ON, DUE = date(2022, 6, 1), date(2022, 6, 30)

TOLD = tomllib.loads((Path(understanding.__file__).parent / "lexicon.toml").read_text(encoding="utf-8"))
NEAR = TOLD.pop("typos")
KINDS = TOLD.pop("kinds")
ELSEWHERE = TOLD.pop("elsewhere")
WORDS = {Sense(sense): words.split() for section in TOLD.values() for sense, words in section.items()}


def heard(said: str, *, coordinator: bool = False) -> Understanding:
    return understand(said, on=ON, due=DUE, coordinator=coordinator)


def is_sure_report(said: str) -> bool:
    understood = heard(said)
    return understood.intent is Intent.DONE and understood.confident


FRAMES: dict[Sense, tuple[str, Intent]] = {
    Sense.FINISH: ("{}", Intent.DONE),
    Sense.SETTLE: ("已{}", Intent.DONE),
    Sense.RESULT: ("整改{}", Intent.DONE),
    Sense.HAND: ("材料已{}", Intent.DONE),
    Sense.WORK: ("已{}", Intent.PROGRESS),
    Sense.STEP: ("{}已完成", Intent.PROGRESS),
    Sense.GO: ("{}", Intent.PROGRESS),
    Sense.BEGIN: ("已{}", Intent.PROGRESS),
    Sense.FIND: ("检查{}3处问题", Intent.PROGRESS),
    Sense.URGE: ("已{}企业整改", Intent.PROGRESS),
    Sense.PART: ("{}已完成", Intent.PROGRESS),
    Sense.REST: ("{}两家", Intent.PROGRESS),
    Sense.PERIOD: ("{}任务已完成", Intent.PROGRESS),
    Sense.HEDGE: ("{}完成", Intent.PROGRESS),
    Sense.PLAN: ("{}完成", Intent.PROGRESS),
    Sense.DUTY_BOUND: ("{}完成", Intent.PROGRESS),
    Sense.CONDITION: ("{}完成", Intent.PROGRESS),
    Sense.FUTURE: ("{}完成", Intent.PROGRESS),
    Sense.LATER: ("{}完成", Intent.PROGRESS),
    Sense.HEARSAY: ("{}已完成", Intent.PROGRESS),
    Sense.EARLIER: ("{}已完成", Intent.PROGRESS),
    Sense.THEIRS: ("{}已完成", Intent.PROGRESS),
    Sense.RECEIVE: ("{}", Intent.ACKNOWLEDGE),
    Sense.MOVE: ("申请{}", Intent.EXTEND),
    Sense.SHIFT: ("完成时限{}7月底", Intent.EXTEND),
    Sense.DEADLINE: ("{}调整到7月底", Intent.EXTEND),
    Sense.BEG: ("{}延期到7月底", Intent.EXTEND),
    Sense.MAY: ("{}延期到7月底", Intent.EXTEND),
    Sense.CHARGE: ("{}李工", Intent.ACKNOWLEDGE),
    Sense.LEAVE: ("{}了", Intent.ACKNOWLEDGE),
    Sense.CRY: ("{}", Intent.QUESTION),
    Sense.INQUIRE: ("{}", Intent.ACKNOWLEDGE),
    Sense.REPLY: ("明天{}", Intent.ACKNOWLEDGE),
    Sense.STUCK: ("{}", Intent.NOT_DONE),
    Sense.FOREIGN: ("{}", Intent.NOT_DONE),
    Sense.NIL: ("{}", Intent.PROGRESS),
    Sense.UNDO: ("{}", Intent.UNDO),
    Sense.SLIP: ("刚才{}了", Intent.UNDO),
    Sense.TOLD: ("{}取消了", Intent.UNDO),
    Sense.LIST: ("{}", Intent.LIST),
    Sense.SHOW: ("{}第7项", Intent.SHOW),
    Sense.HELP: ("{}", Intent.HELP),
    Sense.WHICH: ("{}没办", Intent.LIST),
    Sense.ASK: ("{}办结", Intent.QUESTION),
    Sense.CHAT: ("{}", Intent.NONE),
    Sense.PRAISE: ("县局{}，都弄完了", Intent.NONE),
    Sense.HOME: ("{}水管修好了", Intent.NONE),
    Sense.THANKS: ("{}", Intent.NONE),
    Sense.ALL: ("{}完成", Intent.NONE),
    Sense.WISH: ("{}完成", Intent.NONE),
}
"""For a sense, a message in which each of its words makes the same of it."""


@pytest.mark.parametrize("sense", FRAMES)
def test_a_word_of_a_sense_says_the_same_in_its_frame(sense: Sense) -> None:
    frame, intent = FRAMES[sense]
    others = {
        word: str(heard(frame.format(word)).intent)
        for word in WORDS[sense]
        if heard(frame.format(word)).intent is not intent
    }
    assert others == {}


DECISIONS = {
    Sense.VERIFY: Intent.VERIFY,
    Sense.RETURN: Intent.RETURN,
    Sense.PERMIT: Intent.GRANT,
    Sense.DENY: Intent.REFUSE,
}


@pytest.mark.parametrize("sense", DECISIONS)
def test_a_coordinator_s_word_decides_and_a_contact_s_does_not(sense: Sense) -> None:
    extension = "延期" if sense in (Sense.PERMIT, Sense.DENY) else ""
    wrong = [word for word in WORDS[sense] if heard(word + extension, coordinator=True).intent is not DECISIONS[sense]]
    assert wrong == []
    assert [word for word in WORDS[sense] if heard(word).intent in DECISIONS.values()] == []


TAKES_BACK = (
    Sense.STEP, Sense.PART, Sense.REST, Sense.HEDGE, Sense.PLAN, Sense.DUTY_BOUND, Sense.CONDITION, Sense.FUTURE, Sense.LATER,
    Sense.HEARSAY, Sense.EARLIER, Sense.THEIRS, Sense.URGE, Sense.ASK, Sense.WHICH, Sense.MAY, Sense.ALL, Sense.WISH, Sense.ABOUT,
    Sense.EVENT, Sense.LINK, Sense.STUCK, Sense.FOREIGN, Sense.GO, Sense.BEGIN,
)  # fmt: skip


@pytest.mark.parametrize("sense", TAKES_BACK)
def test_a_word_that_takes_back_leaves_no_sure_report_of_anything(sense: Sense) -> None:
    sure = [
        f"{word}{act}"
        for word in WORDS[sense]
        for act in ("完成", "办结了", "搞定", "全部整改到位")
        if is_sure_report(f"{word}{act}")
    ]
    assert sure == []


def test_a_negation_before_or_after_an_act_denies_it() -> None:
    kept = [
        word
        for word in WORDS[Sense.NO]
        if Intent.NOT_DONE not in (heard(f"{word}完成").intent, heard(f"完成{word}").intent)
    ]
    assert kept == []
    assert [word for word in WORDS[Sense.NO] if is_sure_report(f"{word}完成")] == []


HARMLESS: dict[Sense, str] = {
    Sense.CLEAN: "已完成，{}", Sense.POLITE: "已完成，{}", Sense.THANKS: "{}，已完成", Sense.FILLER: "{}已完成", Sense.OURS: "{}已完成",
    Sense.PAST: "{}整改完毕", Sense.MANNER: "已{}完成", Sense.NOW: "{}已完成", Sense.WHOLE: "已{}完成", Sense.DUTY: "{}已完成", Sense.OBJECT: "{}都已处理",
}  # fmt: skip


@pytest.mark.parametrize("sense", HARMLESS)
def test_a_word_that_changes_nothing_leaves_a_plain_completion_sure(sense: Sense) -> None:
    assert [word for word in WORDS[sense] if not is_sure_report(HARMLESS[sense].format(word))] == []


def test_an_end_behind_a_receipt_is_no_sure_report_unless_it_is_told_as_past() -> None:
    assert [
        said for said in ("已签收 按期办结", "收到完成", "收悉 按要求办结", "签收 完成") if is_sure_report(said)
    ] == []
    assert is_sure_report("收到 已办结")


def test_how_it_is_done_tells_of_no_end_without_a_word_of_the_past() -> None:
    assert [word for word in WORDS[Sense.MANNER] if is_sure_report(f"{word}完成")] == []


def test_a_longer_word_keeps_the_shorter_ones_in_it_from_being_heard() -> None:
    wrong = [word for word in WORDS[Sense.PLAIN] if heard(f"{word}整改已完成").intent is not Intent.DONE]
    assert wrong == []


def test_papers_are_handed_in_and_what_goes_with_a_leader_is_a_step() -> None:
    unsure = {word for word in WORDS[Sense.PAPER] if not is_sure_report(f"{word}已报送")}
    of_a_step = {word for word in WORDS[Sense.PAPER] if word.endswith("情况")}  # may be how things stand
    assert unsure == of_a_step | {*KINDS["pictures"].split()}
    assert [word for word in WORDS[Sense.SEND] if is_sure_report(f"已{word}")] == []
    assert [word for word in WORDS[Sense.LEADER] if heard(f"已报{word}").intent is not Intent.PROGRESS] == []
    assert [word for word in WORDS[Sense.REASON] if heard(f"申请延期一周，{word}下大雨了").reason != "下大雨了"] == []


def test_each_sense_of_the_lexicon_has_a_test() -> None:
    others = {Sense.NO, Sense.PLAIN, Sense.PAPER, Sense.SEND, Sense.LEADER, Sense.REASON}
    assert set(WORDS) == {*FRAMES, *DECISIONS, *HARMLESS, *TAKES_BACK, *others}


def test_a_word_stands_in_one_sense_and_is_found_whole() -> None:
    assert [
        word for word, times in Counter(word for words in WORDS.values() for word in words).items() if times > 1
    ] == []
    cut = [word for words in WORDS.values() for word in words if getattr(lexicon().at(word, 0), "text", "") != word]
    assert cut == []


@pytest.mark.parametrize("meant", NEAR)
def test_a_near_character_is_heard_as_the_one_that_is_meant(meant: str) -> None:
    for typed in NEAR[meant].split():
        for plain, intent in (
            ("已完成", Intent.DONE),
            ("已办结", Intent.DONE),
            ("收到", Intent.ACKNOWLEDGE),
            ("尚未", None),
        ):
            if meant in plain and intent is not None:
                assert heard(plain.replace(meant, typed)).intent is intent, plain.replace(meant, typed)


def test_what_is_said_in_some_region_is_heard_as_it_is_said_everywhere() -> None:
    told = {word: in_common_words(word) for line in ELSEWHERE.values() for word in line.split()}
    assert told == {word: plain.strip("=") or word for plain, line in ELSEWHERE.items() for word in line.split()}
    assert {word for plain in ELSEWHERE for word in ELSEWHERE if in_common_words(plain) != plain} == set()


@pytest.mark.parametrize(("text", "place"), [("donee", 0), ("donee的", 0), ("adone", 1), ("的ndone", 2), ("2done", 1)])
def test_a_latin_word_is_none_inside_another(text: str, place: int) -> None:
    assert lexicon().at(text, place) is None
    assert [getattr(lexicon().at(said, 1), "text", "") for said in ("，done了", "已done")] == ["done", "done"]


@pytest.mark.parametrize(
    ("typed", "intent", "sure"),
    [
        ("以经整改", Intent.DONE, True),
        ("已整概", Intent.DONE, True),
        ("尚末完成", Intent.NOT_DONE, True),
        ("待板", Intent.NONE, False),
    ],
)
def test_a_near_character_is_heard_in_what_is_past_denied_or_settled_and_in_no_other_word(
    typed: str, intent: Intent, sure: bool
) -> None:
    assert (heard(typed).intent, heard(typed).confident) == (intent, sure)


FORMS = {
    "day": "20号|7月|7月份|十月底|6月上旬|6月20日|六月二十日|2022年6月|6.20|下周三|这个星期五|礼拜天|月底|年末|季末",
    "future": "三天后|两周内|3个工作日之内|半年以后|一年内|24小时内",
    "length": "三天|两周|3个月|10个工作日|一个星期|两个礼拜|半天",
    "count": "3家|12公里|一百家|20余户|3.5公里|两百多万元",
    "share": "80%|80.5 %|百分之八十|百分之80|八成|七成五|三分之一|进度60|完成率为60",
    "unit": "市水务局|北湖区|东河县",
    "": "第7号|120号|7号楼|112.6|3.5亿|6.205|本周一期|第3家|1234567家|我市水务局|在北湖区里|工业园区|老区长|产业园区已办结|班子一成立",
}
"""What is known by its form, by its sense; and what looks like it."""


@pytest.mark.parametrize("sense", FORMS)
def test_a_form_is_heard_as_a_whole_and_what_looks_like_one_is_none(sense: str) -> None:
    told = {
        text: next(((word.text, word.sense) for word in found(text).values()), None) for text in FORMS[sense].split("|")
    }
    assert told == {text: (text, sense) if sense else None for text in told}
