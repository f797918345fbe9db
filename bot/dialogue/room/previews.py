"""What is said under a preview: 先不发 takes it back, 等等，水利局的先不过 shows it anew without them, a plain yes shows its buttons."""

import re
from collections.abc import Callable
from dataclasses import replace

from bot.dialogue import access, commanding
from bot.dialogue.parts import several
from bot.dialogue.phrases import Phrase, Pieces
from bot.dialogue.room import broadcasts, not_yet, rounds, together, verdicts
from bot.dialogue.room.reasons import DECIDES
from bot.dialogue.targets import names_it
from bot.dialogue.turn import Turn
from bot.dialogue.understand import understand
from db import ledger, outbox, register
from db.bodies import ReplyBody
from db.ledger import Line, Which
from db.models import Notice
from db.words import LIVING
from jobs.audiences import called
from jobs.notices.press import Press, Verb
from jobs.ports import Button

_SAY = Pieces("previews", whom="[^，,。都全通退同批销]{1,24}")
_NOT = "(?:别|不|缓)(?:要|用|必|能|再|先|急着)*[^，,。；;！!]{0,6}?"
_NOT_YET: dict[Verb, re.Pattern[str] | Phrase] = {
    Verb.BROADCAST: re.compile(
        f"{_NOT}(?:发|通知|叫)|^只发|^改[成为到].{{1,12}}发(?:送|出)?吧?$|^(?:再?加一?[句条]|写?得?客气|语气|口气|落款)"
    ),
    Verb.OPEN_ROUND: re.compile(f"{_NOT}(?:发|调度|通知)"),
    Verb.CONFIRM_NUDGE: re.compile(f"{_NOT}(?:催|提醒|发)"),
    Verb.VERIFY_THESE: not_yet.HOLDS,
    Verb.DECIDE_THESE: not_yet.HOLDS,
}
"""Which press of a preview does it, and how it is said that it is not to be done."""
_DROPS: dict[Verb, Callable[[Turn, int], None]] = {Verb.BROADCAST: broadcasts.drop, Verb.OPEN_ROUND: rounds.drop}
"""What is dropped with its preview; of the others the buttons are of no use any more."""
_DOES = frozenset({*_NOT_YET, Verb.GIVE_OUT})
_LEAVES_OUT = re.compile(
    "算了|等一?[等下]|慢着|[放缓]一?[放缓]|再(?:看看?|想想?|议|说)|[去拿删划撤]掉|剔除|除外|例外|不算|不含|不包括|取消|作废|先[别不]|^除"
)
"""What holds a preview back, or somebody out of it, in reply to it, whatever it would do."""
_YES = re.compile(
    r"(?:(?:嗯+|好|行|可以|成|ok|没有?问题|同意|确认|是|对|就这样|(?:就这[么样])?[发催办])[的吧啊了呀]*[，,。！!\s]*)+",
    re.IGNORECASE,
)
LONGEST = 30
"""Characters of what is said under a preview; who writes more than that tells something else."""
_LATELY = 5
"""Among so many messages of the chat, the latest, is the preview of which somebody speaks who replies to none."""


def answered(turn: Turn, text: str) -> bool:
    """Take the preview back that is spoken of, or show its buttons again; tell whether it was one of both."""
    said = text.strip()
    if not turn.visitor.steers or turn.files or not turn.is_spoken_to or not said or len(said) > LONGEST:
        return False
    if commanding.find(said) is not None:
        return False
    found = _preview(turn, said)
    if found is None:
        return False
    notice, body, press = found
    if _YES.fullmatch(said):
        buttons = [Button(label, data) for label, data in body.buttons]
        turn.reply("refused", why="还没有办理；要办请按下面的按钮。", buttons=buttons, seen=body.seen)
    elif not _shown_anew(turn, notice, body, press, said):
        _take_back(turn, notice, press, [unit.name for unit in register.mentioned(turn.session, said)], said)
    return True


def _preview(turn: Turn, said: str) -> tuple[Notice, ReplyBody, Press] | None:
    """Return the preview that is replied to, else the latest of the chat that the words are about; None where they are about none."""
    if turn.source is not None:
        found = _shown(turn.source.notice)
        held = found is not None and (
            _holds(turn, said, found[2].verb) or bool(_taken_out(turn, found[1], found[2].verb, said))
        )
        return found if held or _YES.fullmatch(said) else None
    latest = outbox.sent_lately(turn.session, turn.visitor.chat.id, _LATELY)
    if _YES.fullmatch(said):
        return _shown(latest[0][0]) if latest else None
    last = _shown(latest[0][0]) if latest else None
    if last is not None and _taken_out(turn, last[1], last[2].verb, said):
        return last
    if re.search("[，,。；;！!?？].", said):
        return None
    shown = (found for notice, _message in latest if (found := _shown(notice)) is not None)
    return next((found for found in shown if _holds_by_name(said, found[2].verb)), None)


def _holds_by_name(said: str, verb: Verb) -> bool:
    """Tell whether words hold back by its name what a press would do."""
    return verb in _NOT_YET and _NOT_YET[verb].search(said) is not None


def _holds(turn: Turn, said: str, verb: Verb) -> bool:
    if verb not in _NOT_YET or _holds_by_name(said, verb):
        return verb in _NOT_YET
    decides = understand(said, on=turn.today(), coordinator=True).intent in DECIDES
    return bool(_LEAVES_OUT.search(said)) and not decides


_OUT = _SAY("(?:{but}[，,\\s]*)*(?:{without}(?P<who>{whom})|(?P<whose>{whom}?)(?:{of_it}|{too})*{stays})(?:{ends})*")
_ANEW = frozenset({Verb.VERIFY_THESE, Verb.DECIDE_THESE})
"""What is shown again without those who are taken out of it."""


def _taken_out(turn: Turn, body: ReplyBody, verb: Verb, said: str) -> list[Line]:
    """Return what of a preview words take out of it, 不对，甲局的除外, and do nothing else."""
    found = _OUT.fullmatch(said) if verb in _ANEW else None
    if found is None or not body.seen:
        return []
    who = found["who"] or found["whose"]
    codes, _left = several(who)
    units = {unit.id for unit in [*register.mentioned(turn.session, who), *called(turn.session, who)[0]]}
    lines = ledger.lines(turn.session, Which(LIVING, ids=[number for number, _version in body.seen]))
    return [line for line in lines if line.unit.id in units or any(names_it(line, code) for code in codes)]


def _shown_anew(turn: Turn, notice: Notice, body: ReplyBody, press: Press, said: str) -> bool:
    """Show a preview anew without what is taken out of it, and let its buttons be of no use; tell whether anything is left to be shown."""
    out = {line.assignment.id: line for line in _taken_out(turn, body, press.verb, said)}
    stays = [number for number, _version in body.seen if number not in out]
    if (
        not out
        or not stays
        or (press.verb is Verb.DECIDE_THESE and not access.is_own(turn.session, turn.visitor, press.what))
    ):
        return False
    access.require_room(turn.visitor)
    _let_go(turn, notice)
    turn.say_beside("上面那条的按钮已失效。", ())
    kept = ledger.lines(turn.session, Which(LIVING, ids=stays))
    if press.verb is Verb.DECIDE_THESE:
        verdicts.show_without(turn, press.what, kept, list(out.values()))
    else:
        together.show(turn, kept, [f"〔{line.code}〕{line.unit.name}：照旧等着" for line in out.values()])
    return True


def _let_go(turn: Turn, notice: Notice) -> None:
    """Take the buttons from a preview."""
    notice.carry(replace(outbox.body_to_change(turn.session, notice, ReplyBody), buttons=(), seen=()))
    turn.refresh_source()


def _shown(notice: Notice) -> tuple[Notice, ReplyBody, Press] | None:
    """Return a preview with what does it, None where a notice is none, or is none any more."""
    body = notice.legible
    if not isinstance(body, ReplyBody):
        return None
    read = [press for _label, data in body.buttons if (press := Press.read(data)) is not None]
    does = next((press for press in read if press.verb in _DOES), None)
    return (notice, body, does) if does is not None else None


def _take_back(turn: Turn, notice: Notice, press: Press, units: list[str], said: str) -> None:
    access.require_room(turn.visitor)
    if said.startswith("只发"):
        turn.say_beside("上面的预览已作废；只发几个单位的，请写明单位和内容重新发一遍。", ())
    elif units:
        turn.say_beside(f"要办而不含{'、'.join(units)}的，请重新写一遍。", ())
    if press.verb in _DROPS:
        _DROPS[press.verb](turn, press.what)
        return
    _let_go(turn, notice)
    turn.reply("refused", why="都没有办理，上面的按钮已失效；要办的请重新写一遍。")
