"""Who leads a task has the days of those who do it."""

import pytest

from jobs.reading.read import read_text


def owed(clause: str) -> list[tuple[str, str | None]]:
    (task,) = read_text(f"某县水利工作方案\n\n二、重点任务\n\n{clause}\n", year=2022).tasks
    return [(str(one.due)[5:], "、".join(one.units) if one.units else None) for one in task.milestones]


@pytest.mark.parametrize(
    ("clause", "days"),
    [
        ("县农业局牵头，县水利局年底前完成渠道清淤。", [("12-31", "县农业局、县水利局")]),
        ("由县农业局牵头抓总，各乡镇7月底前完成清淤。", [("07-31", "县农业局、各乡镇")]),
        (
            "县农业局牵头；县水利局9月底前完成清淤；县林业局10月底前完成补植。",
            [("09-30", "县农业局、县水利局"), ("10-31", "县农业局、县林业局")],
        ),
        (
            "清淤由县水利局牵头，9月底前完成；补植由县林业局牵头，县农业局10月底前完成。",
            [("09-30", "县水利局"), ("10-31", "县林业局、县农业局")],
        ),
    ],
)
def test_who_only_leads_has_the_days_of_those_behind(clause: str, days: list[tuple[str, str | None]]) -> None:
    assert owed(clause) == days


@pytest.mark.parametrize(
    ("clause", "days"),
    [
        ("县农业局牵头制定方案，县水利局9月底前完成清淤。", [("09-30", "县水利局")]),
        (
            "县农业局牵头，9月底前完成方案，县水利局10月底前完成清淤。",
            [("09-30", "县农业局"), ("10-31", "县水利局")],
        ),
    ],
)
def test_who_has_something_else_to_do_or_a_day_of_their_own_has_no_other(
    clause: str, days: list[tuple[str, str | None]]
) -> None:
    assert owed(clause) == days


@pytest.mark.parametrize(
    ("clause", "days"),
    [
        (
            "县农业局（牵头）、县水利局于5月底前完成，县林业局（牵头）、县财政局于6月底前完成。",
            [("05-31", "县农业局、县水利局"), ("06-30", "县林业局、县财政局")],
        ),
        (
            "清点渠闸（县农业局牵头、县水利局，5月底前；县林业局牵头、县财政局，6月底前）。",
            [("05-31", "县农业局、县水利局"), ("06-30", "县林业局、县财政局")],
        ),
        (
            "县农业局牵头（4月底前），县水利局（5月底前）、县林业局（6月底前）配合。",
            [("04-30", "县农业局"), ("05-31", "县水利局"), ("06-30", "县林业局")],
        ),
        (
            "县农业局（牵头，4月底前）、县水利局（配合，5月底前）完成清淤。",
            [("04-30", "县农业局"), ("05-31", "县水利局")],
        ),
    ],
)
def test_a_day_is_theirs_with_whom_it_stands(clause: str, days: list[tuple[str, str | None]]) -> None:
    assert owed(clause) == days


def test_the_bracket_of_a_cell_says_who_of_its_list_leads() -> None:
    rows = ["序号|任务|牵头单位|时限", "1|清点渠闸|县水利局、县林业局（由县林业局牵头）|6月底"]
    rows += ["2|清点库房|县水利局、县财政局（前者牵头）|7月底"]
    first, second = read_text("\n".join(rows), year=2022).tasks
    assert (first.lead, first.responsible) == (("县林业局",), ("县水利局",))
    assert (second.lead, second.responsible) == (("县水利局",), ("县财政局",))
