"""What stands beside a document's text — notes, comments, heads and feet of pages, what was deleted — is told where it says
by when, who, or that a task changed: it is in no task, and must not vanish.
"""

import re
from collections.abc import Iterable, Iterator

from jobs.reading.account import unread
from jobs.reading.blocks import Aside, Paragraph
from jobs.reading.deadlines import Frame
from jobs.reading.document import LOOK, Unread
from jobs.reading.likely import looks_like_unit
from jobs.reading.preparing import MAX_TEXT
from jobs.reading.repair import is_traditional, simplified

_CHANGED = re.compile(
    r"[延推]迟|[延顺]期|顺延|延[至到长后]|推[至到后]|提前[至到]|暂[缓停]|缓办|取消|终止|作废|撤销|不再|不纳入|不列入|删[去除]"
    r"|改[为由到至在成]|调整[为由到至]|变更|[移转]交|(?:并|合并)[入到至]"
)
"""Words that change a task which stands elsewhere."""
_SENTENCE = re.compile(r"[^。；;！!？?\n]+")


def said_beside(asides: Iterable[Aside], frame: Frame) -> Iterator[Unread]:
    """Yield what ``asides`` say of deadlines, units and changes, a sentence and kind once; ``frame`` is that of cells."""
    for one in asides:
        text, now = (simplified(some) if is_traditional(some) else some for some in (one.text[:MAX_TEXT], one.now))
        told = list(unread([Paragraph(text, one.place)], (), frame))
        for sentence in (found[0].strip() for found in _SENTENCE.finditer(text)):
            yield from _of_sentence(one, sentence, now, [some for some in told if some.text in sentence])


def _of_sentence(one: Aside, sentence: str, now: str, told: list[Unread]) -> Iterator[Unread]:
    """Yield what one sentence says, of each kind once; what stands in the text ``now`` just so was not deleted."""
    changed = not one.now and _CHANGED.search(sentence) is not None
    gone = [some for some in told if _is_gone(some, now)]
    kinds = {some.kind: some for some in sorted(gone, key=lambda some: some.asks)}
    if changed and not kinds:
        yield Unread(one.place, sentence, "deadline", f"写在{_name(one)}，说的是任务有变动，{LOOK}")
    if DELETION in _name(one) and not kinds and len(sentence) <= _CELL and _lost_units(sentence, now):
        yield Unread(one.place, sentence, "units", DELETED)
    for kind, some in kinds.items():
        why = f"写在{_name(one)}，没有归到哪一项任务，{LOOK}" if some.asks or changed else some.why
        yield Unread(one.place, sentence, kind, DELETED if DELETION in _name(one) else why)


def _is_gone(told: Unread, now: str) -> bool:
    """Tell whether what was said does not stand in the text ``now``: its day, or one of its units."""
    return _lost_units(told.text, now) if told.kind == "units" and now else told.text not in now


def _lost_units(text: str, now: str) -> bool:
    return any(looks_like_unit(name) and name not in now for name in map(str.strip, _PARTED.split(text)))


_CELL = 40
"""Up to this length what was deleted may be a cell, whose column says what its units are to do."""

_PARTED = re.compile(r"[、，,（）()：:和及与由请于]|牵头|配合|负责|单位|会同")
DELETION = "修订删除"
DELETED = f"修订中删去的文字，未读取；仍要办理的{LOOK}"


def _name(one: Aside) -> str:
    return (one.place.part or "").rstrip("0123456789")
