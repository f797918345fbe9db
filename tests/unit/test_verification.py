"""Verification, purely: what evidence a report is to bring by the words of its task, and what of it is missing."""

import pytest

from db.audit.spot_checks import draw, numbers_of, runs
from db.words import Level
from jobs.desk import default_policy
from jobs.planning.policy import PolicyError, parse_policy
from jobs.verification.levels import following
from jobs.verification.required import missing, required
from jobs.verification.spot_checks import Share

POLICY = parse_policy(
    """
[[evidence]]
words = ["隐患", "整改"]
required = ["照片", "报告"]

[[evidence]]
words = ["培训"]
required = ["文件"]
""",
    default_policy(),
)


@pytest.mark.parametrize(
    ("task", "wanted"),
    [
        ("完成消防通道隐患排查", ("照片", "报告")),
        ("对培训中发现的问题进行整改", ("照片", "报告")),  # the first row that fits decides
        ("组织一次全员培训", ("文件",)),
        ("召开专题会议", ()),
    ],
)
def test_the_words_of_a_task_say_what_its_report_is_to_bring(task: str, wanted: tuple[str, ...]) -> None:
    assert required(POLICY, task) == wanted


def test_without_a_word_in_the_policy_nothing_is_required() -> None:
    assert required(parse_policy(default_policy()), "完成消防通道隐患排查") == ()


@pytest.mark.parametrize(
    ("wanted", "names", "left"),
    [
        (("照片",), [], ("照片",)),
        (("照片",), ["IMG_2031.JPG"], ()),
        (("照片",), ["情况报告.docx"], ("照片",)),
        (("照片",), ["整改前后照片.docx"], ()),
        (("照片", "报告"), ["1.png"], ("报告",)),
        (("报告",), ["盖章报告.jpg"], ()),
        (("报告",), ["1.pdf"], ()),
        (("视频", "表格"), ["现场.mp4", "台账.xlsx"], ()),
        (("文件",), ["README"], ()),
        (("文件",), [], ("文件",)),
        ((), ["1.png"], ()),
    ],
)
def test_a_file_is_what_its_ending_or_its_name_says(
    wanted: tuple[str, ...], names: list[str], left: tuple[str, ...]
) -> None:
    assert missing(wanted, names) == left


@pytest.mark.parametrize(
    "text",
    [
        '[[evidence]]\nwords = ["隐患"]\nrequired = ["相片"]',
        '[[evidence]]\nwords = []\nrequired = ["照片"]',
        '[[evidence]]\nwords = ["隐患"]',
        "[evidence]\nwords = 3",
    ],
)
def test_a_table_of_evidence_that_cannot_be_used_is_refused_by_name(text: str) -> None:
    with pytest.raises(PolicyError, match="evidence"):
        parse_policy(text, default_policy())


# ---------------------------------------------------------------- levels


@pytest.mark.parametrize(
    ("levels", "done", "able", "comes"),
    [
        ("office", None, "self lead", None),
        ("lead office", None, "self lead", Level.LEAD),
        ("lead office", Level.LEAD, "self lead", None),
        ("self lead office", None, "self lead", Level.SELF),
        ("self lead office", Level.SELF, "self lead", Level.LEAD),
        ("self lead office", Level.SELF, "self", None),  # the lead reported itself, or has no chat
        ("self lead office", None, "lead", Level.LEAD),  # recorded for the unit
        ("self lead office", None, "", None),
        ("self office", Level.SELF, "self lead", None),
        ("office", Level.LEAD, "self lead", None),  # the policy was another when it was reported
    ],
)
def test_a_report_comes_to_the_next_level_that_can_look(
    levels: str, done: Level | None, able: str, comes: Level | None
) -> None:
    assert following([Level(one) for one in levels.split()], done, [Level(one) for one in able.split()]) is comes


@pytest.mark.parametrize("levels", ['["lead"]', '["lead", "self", "office"]', '["boss", "office"]', "[]", '"office"'])
def test_levels_stand_in_their_order_and_end_with_the_coordinators(levels: str) -> None:
    with pytest.raises(PolicyError, match=r"verification\.levels"):
        parse_policy(f"[verification]\nlevels = {levels}", default_policy())


def test_by_itself_a_report_goes_to_the_coordinators_alone() -> None:
    assert parse_policy(default_policy()).levels == (Level.OFFICE,)


# ---------------------------------------------------------------- spot checks


def test_the_same_list_by_the_same_seed_gives_the_same_draw_in_whatever_order_it_comes() -> None:
    once = draw(range(1, 101), 10, "5f2c")
    assert once == draw(reversed(range(1, 101)), 10, "5f2c")
    assert once == [13, 20, 21, 34, 49, 51, 52, 62, 63, 83]
    assert len(set(once)) == 10
    assert once != draw(range(1, 101), 10, "5f2d")


def test_a_larger_draw_by_the_same_seed_holds_the_smaller_and_all_is_all() -> None:
    assert set(draw(range(50), 5, "a")) < set(draw(range(50), 9, "a"))
    assert draw([3, 1, 2], 5, "a") == [1, 2, 3]
    assert draw([], 5, "a") == []


def test_everybody_is_drawn_about_as_often() -> None:
    times = [0] * 20
    for seed in range(2000):
        for number in draw(range(20), 2, str(seed)):
            times[number] += 1
    assert all(140 < one < 260 for one in times)


@pytest.mark.parametrize("numbers", [[], [7], [1, 2, 3, 9, 10, 20], [5, 4, 4]])
def test_a_list_is_kept_as_runs(numbers: list[int]) -> None:
    assert numbers_of(runs(numbers)) == sorted(set(numbers))


@pytest.mark.parametrize(
    ("said", "pool", "count"),
    [
        ("10%", 40, 4),
        ("10％", 41, 5),
        ("A 10%", 3, 1),
        ("5项", 40, 5),
        ("5项", 3, 3),
        ("抽5个", 9, 5),
        ("5", 9, 5),
        ("100%", 7, 7),
    ],
)
def test_a_share_is_so_many_or_per_cent_rounded_up(said: str, pool: int, count: int) -> None:
    share = Share.read(said)
    assert share is not None
    assert share.of(pool) == count


@pytest.mark.parametrize("said", ["", "A", "A-10", "0项", "-5", "一些"])
def test_what_names_no_share_is_none(said: str) -> None:
    assert Share.read(said) is None
