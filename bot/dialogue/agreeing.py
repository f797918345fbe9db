"""Agreement: what a second person says of what another has told, 情况属实，同意报送; every clause agrees, and nothing else is said."""

import re

from bot.dialogue.phrases import Pieces

_SAY = Pieces(
    "agreeing",
    of_what="{which}*(?:填报|报送)?的?{what}?",
    how="{who}*{looked}?(?:过|一遍)?了?[均都]?",
    is_so="{so}|没有?(?:什么|任何)?{matter}",
    may_go="(?:同意|可以|确认)(?:无误|属实)?{sent}?|(?:审核|核实)?通过|(?<=[回次])行",
)
_AGREES = _SAY("{of_what}{how}(?:{is_so}|{may_go})[的了]*")
_LOOKED = _SAY("{of_what}{how}")
_BETWEEN = re.compile(r"[\s，,、；;。.！!]+")
_POLITE = frozenset({"谢谢", "辛苦了", "好的", "好"})
"""What is said besides and decides nothing; so does that somebody has looked, 已核实."""


def agrees(text: str) -> bool:
    """Tell whether a text says that what another told is so, or may go, and nothing else."""
    clauses = [one for one in _BETWEEN.split(text) if one and one not in _POLITE]
    agreed = [one for one in clauses if _AGREES.fullmatch(one)]
    return bool(agreed) and all(one in agreed or _LOOKED.fullmatch(one) for one in clauses)
