"""What contacts of offices write, each read by a person before it was tried: contacts.tsv. On 1 June 2022, due on 30 June."""

from datetime import date
from pathlib import Path

import pytest

from bot.dialogue.understand import Intent, Understanding, understand

ON, DUE = date(2022, 6, 1), date(2022, 6, 30)

ROWS = [line.split("\t") for line in (Path(__file__).parent / "contacts.tsv").read_text(encoding="utf-8").splitlines()]
"""The readings that are right, what task, share and day are named ("" where nobody names one), and the words."""


def heard(said: str) -> Understanding:
    return understand(said, on=ON, due=DUE, coordinator=False)


@pytest.mark.parametrize("kind", sorted({row[0].split(",")[0] for row in ROWS}))
def test_a_contact_is_read_as_a_person_reads(kind: str) -> None:
    wrong = {
        said: str(understood.intent)
        for right, tasks, share, day, said in ROWS
        if right.split(",")[0] == kind
        and (
            str((understood := heard(said)).intent) not in right.split(",")
            or (tasks and understood.task not in tasks.split("|"))
            or (share and str(understood.percent) != share)
            or (day and str(understood.due) != day)
        )
    }
    assert wrong == {}


def test_nothing_is_heard_as_done_that_a_person_reads_otherwise() -> None:
    surely = [said for right, *_of, said in ROWS if "done" not in right.split(",") and _is_sure(said)]
    assert surely == []
    assert len(ROWS) >= 400


def _is_sure(said: str) -> bool:
    understood = heard(said)
    return understood.intent is Intent.DONE and understood.confident


@pytest.mark.parametrize(
    "said", ["按计划开展，暂无需协调的问题", "稳步推进，没有需要协调的事项", "正常推进，无需要协调的困难"]
)
def test_who_needs_no_help_does_not_cry_for_it(said: str) -> None:
    assert not heard(said).cries
    assert heard(said.replace("暂无", "").replace("没有", "").replace("无", "")).cries
