"""Which tasks a message names only to leave them out of what it says of all others: B-6 of 除了B-6都完成了, 都完成了，只有B-6没完成."""

import re

from bot.dialogue.understanding.tasks import MARK, Named

_NAMES = rf"{MARK}(?:[、,和及与跟\s]{{0,2}}{MARK})*"
_BUT = re.compile(
    rf"除[了去开]?\s?{_NAMES}(?:[这那][两三几]?[项个件])?(?:(?:以|之)?外|(?=[,\s都均全其别剩余。;!]|[A-Za-z][开打]头|$))"
)
_EXCEPTED = re.compile(rf"{_NAMES}(?:除外|不算|(?:以|之)外)")
_ALONE = re.compile(rf"(?:只|就|仅|唯独)(?:剩下?)?(?:有|是)?\s?{_NAMES}(?=[^,。;!?{MARK}]{{0,6}}?(?:没|未|不行))")
"""只有B-6没动, beside what is said of the others."""
_OF_ALL = re.compile("都|均|全|其[他它余]|别的|剩下|剩余|余下|[A-Za-z][开打]头")
"""What is said of the others; without it 除B-6外 may say that B-6 is of them: 除B-6外，还有两项没报."""
_TOO = re.compile(r"[,\s]*[^,都均全其别剩余]{0,4}?(?:也|还|又|另外|同时)")
_SENTENCE = re.compile("[。;!?\n]")


def left_out(marked: str, names: tuple[Named, ...]) -> tuple[Named, ...]:
    """Return of ``names`` those that a text, with a mark in the place of each, leaves out of what it says of all the others."""
    at = [place for place, char in enumerate(marked) if char == MARK]
    found: list[Named] = []
    for pattern in (_BUT, _EXCEPTED, _ALONE):
        for said in pattern.finditer(marked):
            behind = _SENTENCE.split(marked[said.end() :], maxsplit=1)[0]
            before = _SENTENCE.split(marked[: said.start()])[-1]
            besides = pattern is not _ALONE and _TOO.match(behind) is not None
            if not besides and (_OF_ALL.search(behind) or _OF_ALL.search(before)):
                found += [one for place, one in zip(at, names, strict=True) if said.start() <= place < said.end()]
    return tuple(found)
