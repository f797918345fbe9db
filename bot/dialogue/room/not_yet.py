"""What coordinators do not decide yet, A-2的延期先不批, and what they put right in the same breath, B-3退回，不对，是B-7退回."""

import re

from bot.dialogue.access import Denied
from bot.dialogue.phrases import Pieces
from bot.dialogue.room.reasons import DECIDES
from bot.dialogue.targets import CODE, of_coordinator
from bot.dialogue.turn import Turn
from bot.dialogue.understand import Intent, understand
from db import ledger, register
from db.ledger import Line, Which
from db.words import LIVING, State
from jobs.notices.render import MAX_ITEM_BUTTONS, shorten

HOLDS = Pieces("not_yet", one="[批准销退过](?=[了吧，,。；;！!\\s〔\\[A-Za-z]|$)")(
    "{not_now}(?:急着|给|予以?)?(?:核查|审核)?(?:{acts}|{one})"
)
"""Says that nothing is decided for now: 先不批, 暂缓销号, 先别退."""


_PUTS_OFF = re.compile(
    r"(?!.*(?:通报|约谈|文稿))[^，,。；;！!?？\n]{0,30}(?:先|再|暂时?)(?:再)?(?:放一?放|放着|等一?等|缓一?缓|搁一?搁|看一?看|研究研究|议一?议)[吧了的]*[。！!]?"
)
"""Says nothing but that it is put off: 市交通局的延期先放一放."""


_LEAVES_OUT = re.compile(
    r"^除了?|除外|以外|(?:先|暂时?)不|别(?=[通批销动过同])|不要(?=[通批销动过同])|再(?:等|看|议)|(?:先|再)放"
)
"""Says that somebody is not meant: 除了省经信厅, 省经信厅的别通过."""


def left_out(turn: Turn) -> str:
    """Return the clause of a message in several that leaves a unit out of what another decides, "" where none does."""
    clauses = [one.strip() for one in re.split(r"[，,。；;！!\n]", turn.text) if one.strip()]
    out = (one for one in clauses if _LEAVES_OUT.search(one) and list(register.mentioned(turn.session, one)))
    return next(out, "") if len(clauses) > 1 else ""


def held_back(turn: Turn, text: str) -> bool:
    """Do nothing where words say that nothing is to be done yet, and tell what stays waiting; tell whether they said so."""
    clauses = re.split(r"[，,。；;！!\n]", text)
    if not (HOLDS.search(text) or (turn.visitor.steers and _PUTS_OFF.fullmatch(text.strip()))):
        return False
    on = turn.today()
    others = [one for one in clauses if one.strip() and not (HOLDS.search(one) or _PUTS_OFF.fullmatch(one.strip()))]
    decided = [one for one in others if understand(one, on=on, coordinator=True).intent in DECIDES]
    named = understand(text, on=on, coordinator=True).tasks
    if decided and len(named) < 2 and all(_returns(turn, one) for one in decided):
        return False
    if decided:
        raise Denied(f"有的先放着，“{shorten(decided[0], 20)}”也没有办理；请把要办的另写一条。")
    lines = _waiting(turn, named)
    if not lines:
        return False
    stay = "、".join(f"〔{line.code}〕{line.unit.name}（{_waits_for(line)}）" for line in lines[:MAX_ITEM_BUTTONS])
    turn.reply("refused", why=f"没有办理，照旧等着：{stay}{'等' if len(lines) > MAX_ITEM_BUTTONS else ''}。")
    return True


def _returns(turn: Turn, clause: str) -> bool:
    return understand(clause, on=turn.today(), coordinator=True).intent is Intent.RETURN


def _waiting(turn: Turn, named: tuple[str, ...]) -> list[Line]:
    """Return what waits for a decision, of the tasks and units that are named where any are."""
    ways = (Which(LIVING, waits_for_more_time=True), Which(LIVING, states=[State.REPORTED]))
    found = {line.assignment.id: line for which in ways for line in of_coordinator(turn, named, which).lines}
    units = {unit.id for unit in register.mentioned(turn.session, turn.text)}
    theirs = [line for line in found.values() if line.unit.id in units]
    return theirs or ([] if units and not HOLDS.search(turn.text) else list(found.values()))


def _waits_for(line: Line) -> str:
    return "延期待批" if line.assignment.decision_pending else ledger.stands(line.assignment)


_PUTS_RIGHT = re.compile(
    r"(?:^|[，,。；;！!\s])[哦啊呃哎]?(?:不对(?:不对)?|不是|[说写打看发搞弄]?错了|口误|更正(?:一下)?)[，,：:；;。！!\s]*"
    r"(?P<so>(?:应该?|应当)?是|我?说的是|要的是)?\s*"
)
"""Says that what was just said is not meant: 不对，是, 说错了，."""
_CODE_AT_HEAD = re.compile(rf"[〔\[]?{CODE}")
_DECIDED = re.compile("通过|退回|打回|驳回|同意|不同意|批准|不批|销号")


def meant(turn: Turn, text: str) -> str:
    """Return what of a message is meant that decides, and then corrects itself: what stands after the correction.

    Raises ``Denied`` where what comes after it decides nothing by itself: A-3通过，不对，是A-4. 退回，不对，是去年的 gives a reason.
    """
    slips = [one for one in _PUTS_RIGHT.finditer(text) if one.start()]
    slip = next((one for one in reversed(slips) if _is_of_its_own(turn, text[one.end() :], bool(one["so"]))), None)
    if slip is None or understand(text[: slip.start()], on=turn.today(), coordinator=True).intent not in DECIDES:
        return text
    after = text[slip.end() :]
    told = understand(after, on=turn.today(), coordinator=True)
    if told.intent not in DECIDES or not _names_which(turn, after):
        raise Denied(
            f"话里有更正（“{shorten(text[slip.start() :].strip('，,。；;！! '), 16)}”），没有办理；请把要办的重新写一遍。"
        )
    return after


def _is_of_its_own(turn: Turn, after: str, so: bool) -> bool:
    """Tell whether what follows 不对，是 is what was meant, and no reason."""
    return bool(_CODE_AT_HEAD.match(after)) or (so and (bool(_DECIDED.match(after)) or _names_which(turn, after)))


def _names_which(turn: Turn, after: str) -> bool:
    return bool(_CODE_AT_HEAD.match(after)) or bool(register.beginning_with(turn.session, after))
