"""Tables as copies and offices leave them."""

import pytest

from jobs.reading.cells import Look, look
from jobs.reading.naming import is_open, names


@pytest.mark.parametrize("name", ["望江经开区管委会", "武装部", "河东乡", "何家乡", "希望办"])
def test_a_unit_is_named_whole_however_its_name_begins(name: str) -> None:
    assert (names(f"{name}、县财政局")[0], look(name)) == ([name, "县财政局"], Look.UNITS)


@pytest.mark.parametrize("text", ["统筹城乡", "科技下乡", "我的家乡", "返乡"])
def test_a_word_that_ends_as_a_township_does_is_none(text: str) -> None:
    assert look(text) is not Look.UNITS


@pytest.mark.parametrize("name", ["县各有关单位", "区政府有关部门", "镇其他部门"])
def test_whoever_is_concerned_is_nobody_in_particular(name: str) -> None:
    assert is_open(name)
