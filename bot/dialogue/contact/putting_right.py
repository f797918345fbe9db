"""打错了，是13台: what was just told of a task is taken back and told anew, in one answer."""

import re
from collections.abc import Sequence
from datetime import timedelta

from bot.dialogue.contact import answers, several, undoing
from bot.dialogue.phrases import Pieces
from bot.dialogue.targets import CODE, Target
from bot.dialogue.turn import Turn
from bot.dialogue.understand import Intent, Understanding, understand
from db import ledger
from db.ledger import Line
from db.ledger import undoing as entries
from db.models import History
from db.words import EVERY, OPEN_STATES, Action

OWN = {
    "slip": "[报打写填说发弄搞数输记看算念]错|[报打写填]反|手误|口误|手滑",
    "mark": r"[，,。；;\s]*",
    "own": r"(?:{ours}|[报打写填说发]?的|[，,\s])*",
    "it_is": r"{really}*[是为]\s*",
    "end": "[了啊哈的]?[。！!]*$",
}
"""Pieces with which people put right what is of their own words alone: 通知时间不对 is of the notice."""
_SAY = Pieces(
    "putting_right",
    **OWN,
    erring="(?:{slip}了?|不对|有误|错了|{corrects}|[多少漏][报写算填]了?{figure}?)",
    corrects=r"(?:更正|纠正|订正)(?:一下)?[：:]?",
    figures="(?:上一?条|刚才|前面|上面|那个)?的?(?:数字?|数据|数量|人数|进度|情况)",
    before="(?:不是.{1,12}?{mark}|[^，,。；;]{1,12}?(?=改[为成]|应[为是]))",
    figure=r"(?:{number}(?:\.\d+)?[%％]?[个多]?[一-龥]{0,2})",
    number="(?:百分之)?[〇零一二两三四五六七八九十百千万半\\d]{1,9}",
)

_TOLD_WRONG = _SAY(r"^{own}{figures}?{erring}{mark}{before}?{rather}\s*(?P<words>\S.*)$")
_TOLD_WRONG_OF_A_TASK = _SAY(
    r"^{own}{figures}?(?:{slip}了?|不对|错了|{corrects}){mark}〔#〕的?{figures}?(?P<words>\S.*)$"
)
_NOT_BUT = _SAY(r"^不是(?P<old>[^，,。；;]{1,12}?){mark}(?:而?是|应该?[是为])(?P<words>[^，,。；;]{1,20}){end}")
"""不是12处，是21处: that it was wrong is said by naming it, and only where it was just told."""
_FIGURE_ALONE = (
    _SAY("^{own}{erring}{mark}(?P<words>(?:完成了?|只有|才)?{figure}){end}"),
    _SAY(r"^(?P<words>[^，,。；;]{2,16}\d[^，,。；;]{0,8}){mark}{just_now}{own}{slip}了?{end}"),
    _SAY("^{own}{it_is}?(?P<words>{figure}){mark}{own}(?:{slip}了?|错了){end}"),
    _SAY("^{it_is}?(?P<words>{figure}){mark}不是(?P<old>{figure}){end}"),
    _SAY("^不是(?P<old>{figure})(?:{mark}|的?是?){really}*[是为]?(?P<words>{figure}){end}"),
    _SAY("^{own}把?(?P<words>{figure})(?:给我?)?[写打填报说看]成了?(?P<old>{figure})[了啦]*{end}"),
)
"""打错了，31块; 31块，打错了; 31不是13; 不是13 31; 31写成13了: the figure that is right, and the wrong one where it is said."""
_OF_JUST_NOW = _SAY("{mark}{just_now}{own}{slip}了?{end}")
_RATHER = _SAY("^(?:哦|不对|不是)?{mark}(?:应该?|应当|其实|实际上?)[是为](?P<words>{figure}){end}")
"""应该是28根: another amount of the same than was just told."""
_ANNOUNCES = _SAY("^{corrects}")
CODES = re.compile(rf"[〔\[]?{CODE}[〕\]]?")
_AMOUNT = re.compile(r"[\d%％〇零一二两三四五六七八九十百千万半]")
_UNSURE = re.compile(r"[?？]|[吧吗么]|可能|好像|也许|大概|如果|要是")
_TELLS = (Intent.UNDO, Intent.PROGRESS, Intent.NOT_DONE, Intent.DONE, Intent.NONE)


def right_words(text: str) -> str | None:
    """Return what is right where the words say that one's own last words were wrong: 13台 of 打错了，是13台; else None."""
    bare = CODES.sub("〔#〕", text.strip())
    alone = (one.match(bare) for one in _FIGURE_ALONE if "old" not in one.form)
    found = next((match for match in alone if match), None) or _TOLD_WRONG.match(bare)
    if found is None or _UNSURE.search(text):
        return None
    words = found["words"].strip()
    words = words.removeprefix("〔#〕").strip() if _OF_JUST_NOW.search(bare) else words
    return None if "〔#〕" in words else words


def names_another(text: str) -> str | None:
    """Return the code that what is right names besides telling of it, which is two things at once: 说错了，是A-2完成60%; else None."""
    masked, code = CODES.sub("〔#〕", text.strip()), re.search(CODE, text)
    found = _TOLD_WRONG.match(masked)
    names = (found is not None and "〔#〕" in found["words"]) or _TOLD_WRONG_OF_A_TASK.match(masked) is not None
    return code[0] if names and code is not None else None


_FIGURE = re.compile(r"\d+(?:\.\d+)?")
_AMOUNT_ALONE = re.compile(r"(?<![\d.])\d+(?:\.\d+)?(?P<of>[%％\u4e00-\u9fff]?)")
"""A figure and of what it is one: 31块."""


def in_its_place(told: str, right: str) -> str:
    """Return what was told with what is right in the place of the part that it puts right, the one that differs in its figures alone:
    33个整改了28个 and 整改了23个 make 33个整改了23个. Where no part or several may be meant, and more figures were told than are put
    right, both stand; else what is right stands alone.
    """
    plain = CODES.sub(lambda code: " " * len(code[0]), told)
    clean = right.rstrip("。！! ")
    alike = _FIGURE.pattern.join(re.escape(part) for part in _FIGURE.split(clean))
    places = list(re.finditer(rf"(?<![\d.]){alike}", plain)) if _FIGURE.search(clean) else []
    if len(places) == 1:
        return f"{told[: places[0].start()]}{clean}{told[places[0].end() :]}"
    amount, only = _AMOUNT_ALONE.fullmatch(clean), list(_AMOUNT_ALONE.finditer(plain))
    if amount is not None and len(only) == 1 and bool(amount["of"]) == bool(only[0]["of"]):  # 31块 of 完成25家
        return f"{told[: only[0].start()]}{clean}{told[only[0].end() :]}"
    fewer = 0 < len(_FIGURE.findall(right)) < len(_FIGURE.findall(plain))
    return f"{told}（更正：{right}）" if fewer else right


def just_told(turn: Turn, assignment: int | None) -> History | None:
    """Return what the person did last here, of one task or of any, as long as it may be taken back."""
    minutes = turn.desk.policy_of(turn.session, None).undo_minutes
    since = turn.now - timedelta(minutes=minutes)
    entry = entries.last_act(turn.session, assignment, turn.visitor.person.id, since)
    return entry if entry is not None and entry.chat_id == turn.visitor.chat.id else None


def line_of(turn: Turn, entry: History) -> Line:
    assert entry.assignment_id is not None, "what may be taken back is of a task"
    return ledger.line(turn.session, entry.assignment_id, EVERY)


TOLD_ANEW = {
    Action.PROGRESS: answers.progress,
    Action.REPORT: lambda turn, line, words, _said: answers.report(turn, line, words),
}


# ---------------------------------------------------------------- in other words


def heard(turn: Turn, said: Understanding, target: Target, text: str) -> bool:
    """Put right what the person has just told of a task, or of several at once, where the words say that it was wrong and what is
    right; tell whether they did. Where nothing can be put right they are told, so that nobody believes it was.
    """
    if said.intent not in _TELLS or turn.files:
        return False
    one = target.only if target.named else None
    entry = just_told(turn, one.assignment.id if one is not None else None)
    code = names_another(text)
    if code is not None and one is not None and not _was_told_last(turn, entry):
        turn.reply("refused", why=f"没有改动：要改到〔{code}〕，请写“是{code}不是……”，再写〔{code}〕的办理情况。")
        return True
    words = (
        right_words(text)
        or instead_of(text, entry.words if entry is not None else "")
        or (_of_its_own_task(text) if one else None)
    )
    if words is None:
        return _asks_for_what_is_right(turn, said, text, entry)
    again = understand(words, on=turn.today(), coordinator=False)
    if again.intent not in _TELLS or (again.intent is Intent.NONE and not _AMOUNT.search(words)):
        return entry is not None and entry.action is Action.NOTE and _given_to_another(turn, entry, words)
    if entry is None:
        return _beside(turn, one, words, again)
    together = [entry] if one is not None else entries.with_it(turn.session, entry)
    if any(told.action is not Action.PROGRESS for told in together):
        return _beside_a_report(turn, together, again, text)
    if len({told.words for told in together}) > 1:
        turn.reply("refused", why="没有改动：刚才报了几项，请写明编号再更正。")
        return True
    if not all(entries.stands(turn.session, told) for told in together):  # somebody has built on it
        return _beside(turn, one, words, again)
    lines = [undoing.take_back(turn, told) for told in together]
    turn.corrects = True
    words = in_its_place(entry.words, words)
    _tell(turn, list(reversed(lines)), words, understand(words, on=turn.today(), coordinator=False))
    return True


def _was_told_last(turn: Turn, entry: History | None) -> bool:
    """Tell whether an entry is progress or a report, and the last that this person told here: what is put right is what was just said."""
    latest = just_told(turn, None)
    same = entries.with_it(turn.session, latest) if latest is not None else []
    return entry is not None and entry.id in [one.id for one in same] and entry.action in TOLD_ANEW


def instead_of(text: str, told: str) -> str | None:
    """Return what is right where the words name what was just told and is wrong, 不是12处，是21处; 21不是12; else None."""
    named = (one.match(text.strip()) for one in (_NOT_BUT, *_FIGURE_ALONE) if "old" in one.form)
    found = next((match for match in named if match is not None and _figures(match["old"]) in told), None)
    if found is None or not told:
        return _another_amount(text, told)
    old, new = _figures(found["old"]), _figures(found["words"])
    places = re.findall(rf"(?<![\d.]){re.escape(old)}(?![\d.])", told)
    if len(places) == 1 and found["words"].strip() in (new, f"{new}{told.partition(old)[2][:1]}"):
        return re.sub(rf"(?<![\d.]){re.escape(old)}(?![\d.])", new, told)  # 不是25，是35 of 完成25家共40家
    return found["words"].strip()


def _another_amount(text: str, told: str) -> str | None:
    """Return what was told with another amount of the same in the place of the only one, where the words say that it should be that."""
    found = _RATHER.match(text.strip())
    amount = _AMOUNT_ALONE.fullmatch(found["words"].strip()) if found is not None else None
    plain = CODES.sub(lambda code: " " * len(code[0]), told)
    only = list(_AMOUNT_ALONE.finditer(plain))
    if amount is None or len(only) != 1 or not amount["of"] or amount["of"] != only[0]["of"]:
        return None
    return f"{told[: only[0].start()]}{amount[0]}{told[only[0].end() :]}"


def _figures(said: str) -> str:
    """Return the figures of what is said, by which it is found in what was told: 25 of 25家, else all of it."""
    found = _FIGURE.search(said)
    return found[0] if found is not None else said.strip()


def _of_its_own_task(text: str) -> str | None:
    """Return what is right of the task that the words name again: 70% of 说错了，A-2是70%; else None."""
    masked = CODES.sub("〔#〕", text.strip())
    found = _TOLD_WRONG_OF_A_TASK.match(masked) or _TOLD_WRONG.match(masked)
    words = found["words"].replace("〔#〕", "").lstrip("的才应该是为，, ") if found is not None else ""
    return words or None


def _asks_for_what_is_right(turn: Turn, said: Understanding, text: str, entry: History | None) -> bool:
    """Say how something is put right where the words only announce it, 更正, or cannot be read; tell whether they did."""
    if entry is None or said.intent is not Intent.NONE or _ANNOUNCES.match(text.strip()) is None:
        return False
    code = line_of(turn, entry).code
    turn.reply(
        "refused",
        why=f"没有改动：请把正确的写在后面，例如：打错了，是21处；改另一项的请写编号（刚才报的是〔{code}〕）。",
    )
    return True


def _beside_a_report(turn: Turn, told: Sequence[History], said: Understanding, text: str) -> bool:
    """Tell who verifies another figure than a report gave, which stands; tell whether it was that."""
    line = line_of(turn, told[0])
    if said.denies or said.falls_short:  # 不对，是下周办完
        return False
    if len(told) > 1 or told[0].action is not Action.REPORT or said.intent not in (Intent.NONE, Intent.PROGRESS):
        return False
    answers.tell_besides(turn, answers.held(turn, line), text)
    return True


def _given_to_another(turn: Turn, entry: History, right: str) -> bool:
    """Write down another name than was just given for who sees to a task, 说错了，是王工; tell whether it was a name."""
    before = understand(entry.words, on=turn.today(), coordinator=False).in_charge
    if not before or _NAME.fullmatch(right) is None or before not in entry.words:
        return False
    line = undoing.take_back(turn, entry)
    words = entry.words.replace(before, right)
    turn.corrects = True
    answers.note(turn, [line], words, understand(words, on=turn.today(line), coordinator=False))
    return True


_NAME = re.compile("[\u4e00-\u9fff]{2,4}")


def _beside(turn: Turn, line: Line | None, words: str, said: Understanding) -> bool:
    """Record what is right beside what stands; tell whether it is known of which task."""
    if line is None or line.assignment.state not in OPEN_STATES:
        return False
    _tell(turn, [line], words, said)
    return True


def _tell(turn: Turn, lines: Sequence[Line], words: str, said: Understanding) -> None:
    if said.intent is Intent.DONE and said.confident and len(lines) == 1:
        answers.report(turn, lines[0], words, said)
    elif said.intent is Intent.DONE and said.confident:
        several.report(turn, lines, words)
    elif len(lines) == 1:
        answers.progress(turn, lines[0], words, said)
    else:
        several.progress(turn, lines, words, said)
