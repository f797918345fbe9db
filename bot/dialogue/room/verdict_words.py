"""A verdict on several of what waits, as coordinators say it: 除了A-46都通过；其他都退回，佐证不清楚."""

import re
from dataclasses import dataclass, replace
from enum import Enum, auto

from bot.dialogue.parts import several
from bot.dialogue.phrases import Pieces
from bot.dialogue.understanding.hearing import as_written, heard
from bot.dialogue.understanding.named_after import makes_a_name
from db.words import Action


class Of(Enum):
    """Of which of what waits a verdict is."""

    NAMED = auto()
    """Tasks by their codes."""
    ALL_NAMED = auto()
    """Several tasks by their codes, which are said to be all of one mind: A-1和A-2都通过."""
    WHOSE = auto()
    """All of the units that are named."""
    THEIRS = auto()
    """What units that are named have of tasks by their codes: B-2水利局的通过."""
    BUT = auto()
    """All but those that are named, by code or by unit."""
    REST = auto()
    """What nothing else in the message is of."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What is decided of which, with the reason as it was written: ``codes`` of tasks, ``named`` the words that may name units.
    ``told`` is what may as well tell of somebody's act or be said by the way: 都批了, 省水利厅都同意, 都没问题. No ``action`` leaves
    it for now: 气象局的再等等. ``before`` are the clauses before it that decide nothing and give no reason.
    """

    action: Action | None
    of: Of
    codes: tuple[str, ...] = ()
    named: str = ""
    reason: str = ""
    told: bool = False
    before: tuple[str, ...] = ()


GIVES_REASON = frozenset({Action.RETURN, Action.REFUSE})

_ACTIONS = (Action.REFUSE, Action.RETURN, Action.GRANT, Action.VERIFY)
_SAY = Pieces(
    "verdicts",
    returns="{checked}?{not_so}通过{checked}?|{checked}[没不]过|{sends_back}|退(?=$|吧)",
    passes="(?<!待)(?:{checked}通过|核查(?:销号|属实)?)|通过{checked}|销号|核销|销(?=$|[了掉吧])",
    verifies="{passes}|通过|属实|过(?=$|吧)|没有?问题",
    decides="(?P<REFUSE>{refuses})|(?P<RETURN>{returns})|(?P<GRANT>{grants})|(?P<VERIFY>{verifies})",
    so_many=r"[那这]?(?:\d{1,3}|[一二两三四五六七八九十几])[项件个家条]",
    them="(?:报上来|报来|报)?的?(?:待核查?|待批)?的?{so_many}?{called}*的?",
    all_without="(?P<without>.{1,40}?)除外的?(?:{others}{them})?",
)
_VERDICT = _SAY(
    "(?P<scope>.{0,40}?)(?P<all>{all})?(?:给|予以|准予|可以)?{decides}(?P<done>(?:[了吧掉]|$)*)(?P<behind>.*)"
)
_BEGINS = re.compile("^(?:那|就|请|把|给|先|我看|看过了|因为|由于)+")
_BUT = _SAY("除了?(?P<named>.{1,40}?){beyond}?的?{others}{them}|除了?(?P<alone>.{1,40}?){beyond}?{them}|{all_without}")
_REST = _SAY("(?:{others}|余下){them}")
_EVERY = _SAY("(?P<every>所有|全部)?(?:待核查?|待批)?{them}")
_OTHERS = re.compile("除|其他|其余|其它|剩下|剩余|余下|别的")
_WHOSE = _SAY("(?P<named>.{2,40}?)(?P<own>(?:报上来|报)?的|的?[那这][个项份])(?:{them})")
_MORE_TIME = re.compile("延期|申请")
_ALL_OF_THEM = re.compile(r"的?(?:各|所有|全部|[这那]?(?:[两二三四五六七八九十几]|\d{1,2}))(?:家|个?单位)的?")
"""All units of a task: B-2两家都通过."""
_NAME = "[\u4e00-\u9fff]{1,12}[局厅委办院队站镇乡县区]"
_UNIT_BEHIND = re.compile(f"(?P<named>{_NAME})的?")
"""A unit that stands behind what is decided of it: 退回水利局."""
_UNIT_ALONE = re.compile(f"{_NAME}的?")
_LEFT = re.compile(
    r"(?P<scope>\d{1,3}|.{2,40}?)的?(?:那边|这边)?(?:先|就|可以|再|暂时?|还要?)*"
    r"(?:等一?等|等一?下|放一?放|缓一?缓|看一?看|不动|别动|不急|搁着|放着|不办)[吧了的]*"
)
"""What is left for now: 气象局的再等等."""
_JOINED = re.compile(
    r"(除[^，,。；;]{1,40}?外?|除外)[，,\s]+(?=其他|其余|其它|剩下|剩余|别的|[都全]|[^，,。；;]{0,12}(?:延期|申请|报告|办结|待核查?|待批)[^，,。；;]{0,4}[都全])"
)
_ASKS = re.compile("[?？吗么呢]|有没有|是不是|谁|哪|什么|几[项个家]没|如果|要是|的话|等.{0,6}再|先别|先不|暂不")
_NO_VERDICT_BEHIND = re.compile("^[的率后前过时]")
_BESIDE = re.compile(
    "辛苦.{0,3}|谢谢.{0,3}|麻烦.{0,4}|(?:理由|原因)(?:都|已经?|也|另外?){0,2}.{0,4}(?:告知|说|讲|通知|写).{0,3}"
)
"""What stands beside a verdict and is no reason: 辛苦了, 理由已告知."""
_TOLD = re.compile("了|问题")


def verdicts(text: str) -> list[Verdict]:
    """Return the verdicts of a message in order; none where it says anything else beside, asks, or speaks of codes alone, which
    is understood elsewhere. A clause without a verdict gives the reason: of the one before it, at the head of the one behind it.
    """
    clean = _JOINED.sub(r"\1", heard(text))
    if _ASKS.search(clean):
        return []
    found: list[Verdict] = []
    before: list[str] = []
    for clause in (one.strip() for one in re.split(r"[,，。;；!！\n]|\s+(?![\d、])", clean)):
        one = (_left(clause) or _verdict(clause, goes_on=bool(found))) if clause else None
        one = _of_the_same(one, found[-1]) if one is not None and found else one
        if one is not None and not (one.of is Of.NAMED and not one.codes and found):
            reasoned = one.action in GIVES_REASON
            found.append(_with(one, [*before, one.reason], text) if reasoned else replace(one, before=tuple(before)))
            before = []
        elif clause and _BESIDE.fullmatch(clause) is None:
            if found and found[-1].action in GIVES_REASON:
                found[-1] = _with(found[-1], [found[-1].reason, clause], text)
            elif found:
                return []
            else:
                before.append(clause)
    broad = any(one.of is not Of.NAMED or one.action is None for one in found) and any(one.action for one in found)
    told = all(one.codes or one.of is not Of.NAMED for one in found)
    return found if broad and told and not before else []


def _with(one: Verdict, clauses: list[str], text: str) -> Verdict:
    reason = ",".join(clause for clause in clauses if clause)
    return replace(one, reason=as_written(text, reason))


def _of_the_same(one: Verdict, before: Verdict) -> Verdict:
    """Return a verdict on a unit as of the task of which the one ``before`` it is, where that is on another unit of it."""
    return replace(one, of=Of.THEIRS, codes=before.codes) if one.of is Of.WHOSE and before.of is Of.THEIRS else one


def _left(clause: str) -> Verdict | None:
    """Return what a clause leaves for now."""
    said = _LEFT.fullmatch(clause)
    scope = _BEGINS.sub("", said["scope"]) if said is not None else ""
    codes, left = several(scope)
    if not scope:
        return None
    if _REST.fullmatch(scope):
        return Verdict(None, Of.REST)
    of = (Of.THEIRS if codes else Of.WHOSE) if left else Of.NAMED
    return Verdict(None, of, tuple(codes), left.strip("的 "))


def _verdict(clause: str, *, goes_on: bool) -> Verdict | None:
    """Return the verdict of a clause that says nothing else; ``goes_on`` tells that one stands before it."""
    said = _VERDICT.fullmatch(clause)
    one = None
    if said is not None and not _NO_VERDICT_BEHIND.match(said["behind"]):
        one = _of_which(said, goes_on=goes_on)
    if said is None or one is None:
        return None
    return replace(one, told=one.told or bool(_TOLD.search(clause, said.end("scope"), said.end("done"))))


@dataclass(frozen=True, slots=True)
class _Scope:
    """What a clause says of which of what waits: ``scope`` are the words before the verdict, ``every`` tells that it is of all of them,
    ``codes`` and ``named`` are what they name, ``behind`` stands behind the verdict; ``goes_on`` tells that another stands before it.
    """

    action: Action
    scope: str
    every: bool
    behind: str
    goes_on: bool

    @property
    def reason(self) -> str:
        return self.behind.strip(" :：")

    @property
    def codes(self) -> tuple[str, ...]:
        return tuple(several(self.scope)[0])

    @property
    def left(self) -> str:
        return several(self.scope)[1]

    @property
    def named(self) -> str:
        return self.left.strip("的也 ")

    def verdict(self, of: Of, codes: tuple[str, ...] = (), named: str = "", *, told: bool = False) -> Verdict:
        return Verdict(self.action, of, codes, named, self.reason, told)


def _of_which(said: re.Match[str], *, goes_on: bool) -> Verdict | None:
    """Return of which of what waits the words of a clause are a verdict; None where they name something else."""
    action = next(action for action in _ACTIONS if said[action.name])
    if makes_a_name(said["behind"], of_a_refusal=action in GIVES_REASON):
        return None
    if said["behind"] and action not in GIVES_REASON:
        return None
    scope = _BEGINS.sub("", said["scope"]).strip()
    action = OF_MORE_TIME.get(action, action) if _MORE_TIME.search(scope) else action
    one = _Scope(action, scope, bool(said["all"]), said["behind"], goes_on)
    ways = _WITH_CODES if one.codes else _WITHOUT_CODES
    return next((verdict for way in ways if (verdict := way(one)) is not None), None)


OF_MORE_TIME = {Action.VERIFY: Action.GRANT, Action.RETURN: Action.REFUSE}
"""What is decided of a request by the words for a report: 延期通过."""


def _of_a_unit_behind(one: _Scope) -> Verdict | None:
    """A-6退回公安局."""
    behind = _UNIT_BEHIND.fullmatch(one.behind) if not one.named else None
    return Verdict(one.action, Of.THEIRS, one.codes, behind["named"]) if behind is not None else None


def _of_all_units(one: _Scope) -> Verdict | None:
    """B-2两家都通过."""
    return one.verdict(Of.ALL_NAMED, one.codes) if one.named and _ALL_OF_THEM.fullmatch(one.left) else None


def _of_what_they_have(one: _Scope) -> Verdict | None:
    """B-2水利局的通过."""
    if not one.named or _OTHERS.search(one.left):
        return None
    return one.verdict(Of.THEIRS, one.codes, one.named, told=not (one.left.endswith("的") or one.every))


def _of_tasks(one: _Scope) -> Verdict | None:
    """A-1通过, and of several 都通过."""
    if one.named:
        return None
    return one.verdict(Of.NAMED if not one.every or len(one.codes) < 2 else Of.ALL_NAMED, one.codes)


def _of_all_but(one: _Scope) -> Verdict | None:
    """除了A-46都通过."""
    but = _BUT.fullmatch(one.scope)
    if but is None or not (one.every or but["named"] or but["without"]):
        return None
    codes, left = several(but["named"] or but["alone"] or but["without"])
    return one.verdict(Of.BUT, tuple(codes), _WHAT_OF_IT.sub("", left.strip("的、 ")))


_WHAT_OF_IT = _SAY("的?{called}+$")
"""What of a unit is left out, beside its name: 除了公安局的延期."""


def _of_the_rest(one: _Scope) -> Verdict | None:
    """其他都退回, 全部通过."""
    whole = _EVERY.fullmatch(one.scope)
    every = whole is not None and (one.every or whole["every"])
    return one.verdict(Of.REST) if every or _REST.fullmatch(one.scope) else None


def _of_what_is_pointed_at(one: _Scope) -> Verdict | None:
    """通过, and nothing more."""
    return one.verdict(Of.NAMED) if not one.scope else None


def _of_units(one: _Scope) -> Verdict | None:
    """省应急管理厅的都通过; behind another verdict 教育局通过 as well."""
    whose = _WHOSE.fullmatch(one.scope)
    if whose is None and one.goes_on and _UNIT_ALONE.fullmatch(one.scope):
        return one.verdict(Of.WHOSE, named=one.scope.strip("的"))
    if whose is None and not one.every:
        return None
    return one.verdict(Of.WHOSE, named=whose["named"] if whose is not None else one.scope, told=whose is None)


_BY_SCOPE = (_of_all_but, _of_the_rest, _of_what_is_pointed_at, _of_units)
_WITH_CODES = (_of_a_unit_behind, _of_all_units, _of_what_they_have, _of_tasks, *_BY_SCOPE)
_WITHOUT_CODES = _BY_SCOPE
"""How it is said of which a verdict is, the first that fits."""
