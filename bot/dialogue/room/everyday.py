"""Verdicts in the forms of every day, A2通过, 9号销了, A-1到A-3都过, 都同意，商务局除外, in those in which they are heard elsewhere."""

import re

from bot.dialogue.phrases import Pieces
from bot.dialogue.room import apart, listed_items
from bot.dialogue.turn import Turn
from db import ledger
from db.ledger import Which
from db.plain import SURNAME
from db.words import LIVING, State

_SAY = Pieces(
    "everyday",
    of_what="(?:延期|申请|报告)的?|报上来的|待核查?的|待批的",
    surname=SURNAME,
    code=r"[〔\[]?(?P<letter>[A-Za-z]{1,2})-(?P<first>\d{1,3})[〕\]]?",
    verdict="(?:{softly})*{decides}(?!{no_verdict})",
    agreed=r"(?P<who>领导|{surname}[\u4e00-\u9fff]?(?:局长?|处长?|主任|书记|县长|市长|总))(?:已经?|也|都|说)?(?:同意|批准|批了|点头)了?",
)
_WITHOUT_DASH = _SAY(
    r"(?<![A-Za-z\d-])(?P<row>[A-Za-z]\d{1,3}(?:[\s、和,，]+[A-Za-z]?\d{1,3})*)(?=[的延期申请\s]{0,5}{verdict})"
)
_ONE_WITHOUT = re.compile(r"(?<![A-Za-z\d-])([A-Za-z])(\d{1,3})")
_IN_FRONT = _SAY(r"^(?P<act>同意|通过|退回|核查|不同意)\s?(?P<letter>[A-Za-z])(?P<first>\d{1,3})(?=$|[\s，,。的延])")
_RANGE = _SAY(
    r"{code}\s?[到至~—-]\s?(?:[〔\[]?(?P<other>[A-Za-z]{1,2})-)?(?P<last>\d{1,3})[〕\]]?(?P<all>都|全部?|均)?(?={verdict})"
)
_ROW = _SAY(r"{code}(?P<more>(?:[、和,，]\s?\d{1,3}(?![\d号项]))+)(?P<all>都|全部?|均)?(?={verdict})")
_NUMBER = _SAY(r"^(?:{begins})*第?(?P<number>\d{1,3})号?(?:可以)?(?P<act>销号|核销|销)[了吧掉]*(?=$|[，,。！!\s])")
_WELL = _SAY(r"^(?:{begins})*(?P<task>[〔\[]?[A-Za-z]{1,2}-\d{1,3}[〕\]]?)\s*(?:{well})[的啊呀]*(?=$|[，,。！!])")
_AGREED = _SAY(r"^{agreed}(?P<task>[〔\[]?[A-Za-z]{1,2}-\d{1,3}[〕\]]?)的?(?P<act>销号|通过|延期)[了吧。！!]*$")
_ALL_BUT = _SAY(
    r"^(?P<all>{of_what}?(?:全部|都|全){decides}[了吧]*)[，,\s]+(?P<who>[^，,。；;\s]{1,20}?)的?{beyond}[了吧。！!]*$"
)
_BOTH = _SAY(
    r"^(?P<who>[\u4e00-\u9fff]{2,12}[局厅委办队])的?(?:这|那)?(?:[两二三四五几]|\d)[个项条件份]的?(?=(?:都|全){decides})"
)
_MOST = 20


def written(turn: Turn, text: str) -> str:
    """Return a message of the room as it is heard: each verdict in its own clause, its tasks by their codes."""
    if turn.files or len(text) > LONGEST:
        return apart.apart(text)
    text = listed_items.named(turn, text)
    text = _WITHOUT_DASH.sub(lambda row: _with_dashes(turn, row["row"]), text)
    text = _IN_FRONT.sub(lambda said: f"{said['act']} {_with_dashes(turn, said['letter'] + said['first'])}", text)
    text = apart.apart(text)
    text = _RANGE.sub(_from_to, text)
    text = _ROW.sub(_each, text)
    for form in (_NUMBER, _WELL):
        text = form.sub(lambda said: _closed(turn, said), text)
    text = _AGREED.sub(lambda said: f"{said['task']}{_ACTS.get(said['act'], '通过')}，{said['who']}已同意", text)
    text = _ALL_BUT.sub(lambda said: f"除了{said['who']}，其他{said['all']}", text)
    return _BOTH.sub(lambda said: f"{said['who']}的", text)


LONGEST = 60
"""Characters of such a message; a longer one tells more than a verdict."""
_ACTS = {"延期": "同意延期"}


def _with_dashes(turn: Turn, row: str) -> str:
    """Return codes with the dash that was left out, A2, where there are such tasks; else as they are written."""
    whole = _ONE_WITHOUT.sub(lambda one: f"{one[1].upper()}-{one[2]}", row)
    codes = re.findall(r"[A-Z]-\d{1,3}", whole)
    return whole if codes and all(_lines(turn, code) for code in codes) else row


def _lines(turn: Turn, code: str, *states: State) -> bool:
    which = Which(LIVING, codes=[code], states=states or None)
    return bool(ledger.count(turn.session, which))


def _from_to(said: re.Match[str]) -> str:
    """Return the codes of a row from one to another, as all of one mind: A-1到A-3通过."""
    letter, first, last = said["letter"].upper(), int(said["first"]), int(said["last"])
    if (said["other"] or letter).upper() != letter or not first < last < first + _MOST:
        return said[0]
    return "、".join(f"{letter}-{number}" for number in range(first, last + 1)) + "都"


def _each(said: re.Match[str]) -> str:
    """Return each number of a row with the letter of the first: A-1、2、5通过."""
    letter, numbers = said["letter"].upper(), [said["first"], *re.findall(r"\d+", said["more"])]
    return "、".join(f"{letter}-{number}" for number in numbers) + (said["all"] or "都")


def _closed(turn: Turn, said: re.Match[str]) -> str:
    """Return that a report is closed, where that task has one that waits: 9号销了, A-7可以了."""
    given = said.groupdict()
    task = (given.get("task") or given.get("number") or "").strip("〔〕[]")
    code = task.removesuffix("号").upper()
    return f"{task if '-' in task else f'{code}号'}通过" if _lines(turn, code, State.REPORTED) else said[0]
