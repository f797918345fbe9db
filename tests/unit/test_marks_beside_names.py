"""Roles that a cell marks beside its names, however the marks are written."""

import pytest

from db.words import Role
from jobs.reading.marking import in_round_brackets
from jobs.reading.units import of_cell

ONE_LEADS_ONE_HELPS = (
    "县农业局\n（牵头）\n县水利局\n（配合）",
    "县农业局 （牵头） 县水利局 （配合）",
    "县农业局(牵头)县水利局(配合)",
    "县农业局【牵头】\n县水利局【配合】",
    "县农业局[牵头]、县水利局[配合]",
    "县农业局 （牵 头）\n县水利局 （配 合）",
    "县农业局\n（牵头单位）\n县水利局\n（配合单位）",
    "县农业局-牵头\n县水利局-配合",
    "县农业局——牵头；县水利局——配合",
    "县农业局\n牵头\n县水利局\n配合",
    "牵头\n县农业局\n配合\n县水利局",
    "牵头 县农业局 配合 县水利局",
    "（牵头）县农业局\n（配合）县水利局",
)


@pytest.mark.parametrize("cell", ONE_LEADS_ONE_HELPS)
@pytest.mark.parametrize("role", [Role.LEAD, Role.RESPONSIBLE])
def test_a_cell_says_who_leads_and_who_helps(cell: str, role: Role) -> None:
    standing = of_cell(cell, role)
    assert (standing.lead, standing.responsible, standing.assist) == (["县农业局"], [], ["县水利局"])


def test_a_mark_in_a_line_of_its_own_holds_for_all_names_of_the_line_above() -> None:
    standing = of_cell("县农业局\n（牵头）\n县水利局、县林业局\n（配合）", Role.RESPONSIBLE)
    assert (standing.lead, standing.assist) == (["县农业局"], ["县水利局", "县林业局"])


def test_who_stands_unmarked_behind_the_leader_has_the_role_of_the_column() -> None:
    standing = of_cell("县农业局\n（牵头）\n县水利局", Role.RESPONSIBLE)
    assert (standing.lead, standing.responsible) == (["县农业局"], ["县水利局"])


def test_other_brackets_stay_where_they_give_no_roles() -> None:
    for text in ("县府〔2022〕18号", "『三基』建设", "<h1>县农业局</h1>"):
        assert in_round_brackets(text) == text
