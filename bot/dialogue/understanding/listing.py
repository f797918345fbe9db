"""What asks for a list in any words: by how the duties stand that somebody wants to see, and that they want to see them."""

from bot.dialogue.phrases import Pieces
from bot.dialogue.understanding.clauses import Clause
from bot.dialogue.understanding.lexicon import Sense

_SAY = Pieces(
    "listing",
    whose="(?:{us}{of_us}{0,2}(?:的|{hands})?|{hands}的?)",
    kind="{stands}(?:[和跟、]?{stands})?[了着]?的?{things}?",
    shows="{show}(?:{measure}|{out}|{sheet}|给?{to_us}){1,3}",
    makes="(?:{make}|给)(?:{out}|给?{to_us})?(?:{measure}?{sheet}|一[份张])|给{to_us}?{look}",
    gives="再?(?:[给帮替]{to_us})?(?:{shows}|{makes}{out}?|{twice}|请(?:予以?)?{present}){look}?",
)
_ASKS = _SAY("{lead}{0,3}{whose}?{when}?{whose}?(?:{kind}|{whole}?{things}|{hands}的){all}{0,2}{gives}{softly}?")
_NAMES = _SAY("{lead}{0,2}(?:{whose}?{when}?{kind}|{whose}{things})的?{sheet}{softly}?")
_COUNTS = _SAY("{lead}?{to_us}?(?:{tally}一?下?)?{whose}?{when}?{kind}(?:还|一共|总共|现在)?有{many}[啊呀呢吗]?")
_HOLDS = _SAY("{lead}?{whose}?(?:还|现在|一共)?{holds}着?{many}[啊呀呢]?")
_SENDS = _SAY("{lead}{0,2}(?:[一-龥]{1,5}的?)?{duties}发来{look}?{softly}?")
_PRESENTS = _SAY("{lead}{0,2}{present}{whose}?{when}?(?:{kind}|{things})的?{sheet}?{softly}?")
_OWES = _SAY(
    "{lead}?{to_us}?(?:{tally}一?下?)?{whose}?{when}?(?:还|一共|总共)?[欠差剩有]{many}{things}?[没未]{acts}完?[的啊呀呢]?"
)
_LOOKS = _SAY("{lead}{0,2}{view}{whose}?{when}?{whose}?(?:{kind}|{things}|{hands}的)的?{sheet}?{softly}?")
_FETCHES = _SAY("{lead}{0,2}{fetch}{look}{softly}?")
_GIVES = _SAY("{lead}{0,2}(?:{shows}|{makes})(?:给?{to_us})?{whose}?{when}?(?:{kind}|{things})的?{sheet}?{softly}?")
_KIND = _SAY("{lead}{0,3}{whose}?{when}?{whose}?{stands}[了着]?的{things}?")


def asks_for_a_list(clause: Clause) -> bool:
    """Tell whether a clause asks for the duties that stand so or so: 拖着没办的给个单子, 承办事项开列一份, 欠账清单, 红灯的有几条."""
    told = _told(clause)
    if ("发来" in told and _SENDS.fullmatch(told)) or (Sense.OURS in clause.senses and _PRESENTS.fullmatch(told)):
        return True
    return Sense.TASK not in clause.senses and any(
        form.fullmatch(told) for form in (_ASKS, _NAMES, _COUNTS, _OWES, _HOLDS, _LOOKS, _GIVES, _FETCHES)
    )


def names_a_kind(clause: Clause) -> bool:
    """Tell whether a clause is one of several kinds of which a list is wanted: (到期的)、没报的、(退回的都列给我)."""
    return clause.mark == "、" and _KIND.fullmatch(_told(clause)) is not None


def _told(clause: Clause) -> str:
    return "".join(word.text for word in clause.words if word.sense not in (Sense.POLITE, Sense.THANKS))
