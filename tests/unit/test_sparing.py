"""Who is left out of what is urged is never who is urged."""

from collections.abc import Iterator

import pytest
from sqlmodel import Session

from db import register
from db.session import MEMORY, Store
from jobs.sparing import spared

HOUSING, POLICE, WATER = "市住房和城乡建设局", "市公安局", "市水利局"


@pytest.fixture(scope="module")
def session() -> Iterator[Session]:
    store = Store(MEMORY)
    store.create_all()
    with store.write() as session:
        for name in (HOUSING, POLICE, WATER):
            register.ensure_unit(session, name)
    with store.read() as session:
        yield session


@pytest.mark.parametrize(
    ("said", "left_out", "words"),
    [
        ("逾期的全部，水利局除外", [WATER], "逾期的全部"),
        ("除了水利局，过期的都催", [WATER], "过期的都催"),
        ("除水利局、住建局外都催一遍", [WATER, HOUSING], "都催一遍"),
        ("除了公安局过期的都催催", [POLICE], "过期的都催催"),
        ("先别催水利局，其余没签收的都催", [WATER], "其余没签收的都催"),
        ("催没签收的，水利局和公安局不用催了", [WATER, POLICE], "催没签收的"),
        ("过期的都催一遍吧，公安的放到下午", [POLICE], "过期的都催一遍吧"),
        ("都催（不含市住房和城乡建设局）", [HOUSING], "都催"),
        ("没签收的都催催，水利局一早来过电话就算了", [WATER], "没签收的都催催"),
        ("过期的都催，住建局正在走程序就不用了", [HOUSING], "过期的都催"),
        ("没回的再催一下，公安局不用", [POLICE], "没回的再催一下"),
        ("先不管公安局，其他没签收的都催一遍", [POLICE], "其他没签收的都催一遍"),
        ("催一下水利局和住建局", [], "催一下水利局和住建局"),
        ("过期的都催一遍，明天下午要报", [], "过期的都催一遍，明天下午要报"),
    ],
)
def test_who_is_left_out_is_known_wherever_it_stands(
    session: Session, said: str, left_out: list[str], words: str
) -> None:
    found = spared(session, said)
    assert ([unit.name for unit in found.units], found.words, found.unknown) == (left_out, words, "")


@pytest.mark.parametrize("said", ["逾期的都催，园林中心除外", "除园林中心外都催", "都催，园林中心先不催"])
def test_who_is_left_out_and_known_to_nobody_is_asked_about(session: Session, said: str) -> None:
    assert (spared(session, said).units, spared(session, said).unknown) == ([], "园林中心")


@pytest.mark.parametrize(
    ("said", "unclear"),
    [
        ("没签收的都催一遍，水利局前天打过招呼", [WATER]),
        ("公安局的人在我这儿，剩下的都催一下", [POLICE]),
        ("住建局过期了，催一下", []),
        ("没签收的都催一遍，公安局也催", []),
        ("公安局和水利局没签收的都催一遍，今天要有个准信", []),
    ],
)
def test_who_is_named_beside_a_group_that_is_urged_is_not_urged_for_being_named(
    session: Session, said: str, unclear: list[str]
) -> None:
    found = spared(session, said)
    assert ([unit.name for unit in found.unclear], found.units) == (unclear, [])
