"""异议: a unit objects to what a month's score says of it, in words or by replying to what it was shown."""

import re
from collections.abc import Sequence

from bot.dialogue.contact import answers
from bot.dialogue.parts import parts
from bot.dialogue.phrases import Pieces
from bot.dialogue.targets import names_it, of_contact, split
from bot.dialogue.turn import Turn
from db import days, ledger, outbox, register
from db.bodies import ObjectionBody, ReplyBody, ScoreBody
from db.kinds import PAPERS, WORK
from db.ledger import Line, Which
from db.models import ScoreSheet
from db.plain import one_line
from db.words import EVERY, OPEN_STATES, ChatRole, NoticeKind, Reason
from jobs.notices.render import shorten
from jobs.scoring import sheets

_OBJECTS = re.compile(r"^(?:我们?(?:局|厅|委|单位)?|对|本单位)?(?:对?记分)?(?:有|提出?)?异议[\s：:，,。]*")
_SAY = Pieces(
    "objections",
    agrees="{none}{any}*{held}",
    plainly="不(?:能|予)?{accept}|不认(?![真识领得为定出])|{protests}|有{some}*的?意见",
    against="{plainly}|我们的意见|{ought_not}[^，,。；;]{0,4}[扣算记罚减]|(?:[扣算记弄搞]错|{wronged})(?!的)",
    number=r"(?:[A-Za-z]{1,2}\d{0,2}-)?\d{1,4}(?!\d)(?:\.\d{1,3})?",
    ours=r"(?:{whose}|\d{1,2}月份?|[这那]个?(?:一?[项条次])?|[〔\[]?{number}[〕\]]?|[\s，,：:])*",
    points=r"扣{docked}?[得的]?[\d.]{0,4}分数?|[记得]分|分数?扣得?|(?:^|(?<=[的个这那]))分数?",
    end=r"[，,。；;：:！!\s]|$",
)
_AGREES = _SAY("{agrees}")
_TAKES = re.compile(
    r"认了|(?:[我分扣]|我们|单位)认[。！!\s]*$|(?<!不)(?<!不能)(?<!不予)(?:认可|认同|接受)|我们?的错|检讨|扣分?属实"
)
"""What takes a score as it is, unless something plainly speaks against it besides."""
_ABOUT_IT = re.compile(r"^(?:异议|关于|对于?)\s*")

_AGAINST = _SAY("{against}")
"""What speaks against a score without its word: 我们不认可, A-2不该扣. 意见收到, 不该延误 and 不对的已改 do not."""
_PLAINLY_AGAINST = _SAY("{plainly}")
_OF_POINTS = _SAY("^{ours}{points}{ours}{stress}?{against}(?:[了吧]|{end})|^{ours}{ought_not}[扣记算]{ours}(?:分|了?$)")
"""What in a clause speaks, unasked, of our points, and in the same breath against them; what was found elsewhere, 检查扣分的3处, is work."""
_IS_MENDED = re.compile(r"已[^，,。；;]{0,6}(?:[更改]正|改好|整改|复核|落实|办结|完成)")
_AGREED_UNASKED = _SAY(r"{ours}{points}{ours}(?:{agrees}|认了?)[了的。！!\s]*")
_ASKS = re.compile(r"[?？]\s*$|[吗呢]$|为什么|为啥|怎么|凭什么|哪[一些]?[项条]")

HOW = "请写明哪一项、什么理由，例如：异议 A-7 退回当天已补报"


def objected(turn: Turn, text: str) -> bool:
    """Take what is an objection to a score; tell whether it was.

    Without a score that is open or replied to, only who begins with the word, or names the score, speaks of one.
    """
    shown = _shown(turn)
    begins = _OBJECTS.match(text)
    if begins is None and (agrees(text) if shown is not None else _AGREED_UNASKED.fullmatch(text)):
        turn.acted("无异议")
        turn.reply_text("好的，没有异议。", outcome="agreed")
        return True
    if _on_a_paper(turn, text):
        return True
    if _LETS_GO.search(text) and "异议" in text:
        _withdraw(turn, text)
        return True
    if shown is not None and "异议" not in text and _ASKS.search(text):
        answers.ask(turn, None, text)
        return True
    against = speaks_against(text) if shown is not None else objects_unasked(text)
    if begins is None and not against and shown is not None:
        return _told_how(turn, shown, text)
    if begins is None and not against and not _may_object(turn, text):
        return False
    open_ones = sheets.open_for(turn.session, [unit.id for unit in turn.visitor.units], turn.today())
    if begins is None and not against:
        return any(_told_how(turn, one, text, also_open=True) for one in open_ones)
    sheet = next((one for one in open_ones if shown is None or one.id == shown.id), None)
    if sheet is not None:
        _object(turn, sheet, text[begins.end() :] if begins else _ABOUT_IT.sub("", text))
    elif shown is not None or text.startswith("异议") or against:
        turn.reply("refused", why=_why_not(turn, shown))
    else:
        return False
    return True


def agrees(text: str) -> bool:
    """Tell whether somebody says that they object to nothing, or take it as it is, and nothing against it besides."""
    rest = _AGREES.sub("", text)
    if _AGREES.search(text) is not None:
        return _AGAINST.search(rest) is None
    return _TAKES.search(text) is not None and _PLAINLY_AGAINST.search(text) is None


def speaks_against(text: str) -> bool:
    """Tell whether who answers a score speaks against it."""
    return not agrees(text) and _AGAINST.search(_AGREES.sub("", text)) is not None


def objects_unasked(text: str) -> bool:
    """Tell whether somebody who answers no score plainly objects to one: 对A-2扣分有异议. 检查扣分的3处已整改 tells of work."""
    plainly = any(_OF_POINTS.search(clause.strip()) for clause in _CLAUSES.split(text)) or _OF_POINTS.search(text)
    return bool(plainly) and ("异议" in text or _IS_MENDED.search(text) is None)


_CLAUSES = re.compile("[，,。；;！!\\n]")
_LETS_GO = re.compile("(?:撤回|收回|取消|不提了?|放弃)[^，,。]{0,6}异议|异议[^，,。]{0,6}(?:撤回|收回|取消|不提|放弃)")
"""Lets an objection go that waits for its decision."""
_IS_OPEN = re.compile("[?？吗呢]|能不能|可以|怎么|要不|是否|不?想|考虑|商量|如果|要是|没|未|(?<!提)不(?!提)|别")
"""What only asks or thinks about that: 异议能撤回吗, 异议不撤回."""


def _withdraw(turn: Turn, text: str) -> None:
    """Take back the objection of the unit that waits, or those to the tasks that are named; pass on what does not plainly say so."""
    waiting = sheets.waiting_of(turn.session, [unit.id for unit in turn.visitor.units])
    lines = (
        {
            one.assignment.id: one
            for one in ledger.lines(turn.session, Which(EVERY, ids=[w.assignment_id for w in waiting]))
        }
        if waiting
        else {}
    )
    named = [name for part in parts(text) for name in part.tasks]
    meant = [one for one in waiting if not named or any(names_it(lines[one.assignment_id], name) for name in named)]
    if not meant or _IS_OPEN.search(text):
        answers.ask(turn, None, text)
        return
    if len(meant) > 1 and not named and not re.search("[都全]|所有", text):
        codes = "、".join(f"〔{lines[one.assignment_id].code}〕" for one in meant)
        turn.reply(
            "refused",
            why=f"{codes}都有异议待定，还没有撤回；请写明哪一项，例如：撤回异议 {lines[meant[0].assignment_id].code}。",
        )
        return
    for one in meant:
        sheets.withdraw(turn.session, one, turn.visitor.actor, turn.now)
        asked = outbox.sent_about(turn.session, one.assignment_id, NoticeKind.OBJECTION)
        turn.show_in((sent for sent in asked if sent.body_as(ObjectionBody).objection == one.id), "单位已撤回")
    codes = "、".join(f"〔{lines[one.assignment_id].code}〕" for one in meant)
    told = (
        f"{lines[meant[0].assignment_id].unit.name}（{turn.visitor.person.name}）撤回了{codes}的记分异议，不用再裁定。"
    )
    for room in register.rooms(turn.session, ChatRole.COORDINATORS):
        outbox.answer(turn.session, room.id, ReplyBody(told), turn.now, reason=Reason.CHANGED)
    turn.acted("撤回异议", lines[meant[0].assignment_id].code)
    turn.reply_text(
        f"已撤回{codes}的异议，协调员已知道。", outcome="objection_withdrawn", line=lines[meant[0].assignment_id]
    )


def _shown(turn: Turn) -> ScoreSheet | None:
    """Return the sheet that the message shows to which somebody replies."""
    notice = turn.source.notice if turn.source is not None else None
    if notice is None or notice.kind is not NoticeKind.SCORE:
        return None
    return sheets.by_number(turn.session, notice.body_as(ScoreBody).sheet)


_DISPUTES = re.compile(
    "(?<!无)(?<!没有)(?<!没)异议|不服|有误|搞错|弄错|(?:撤销|撤回|收回|取消)[^，,。]{0,4}(?:通报|约谈)|不该[^，,。]{0,4}(?:通报|约谈)"
)


def _on_a_paper(turn: Turn, text: str) -> bool:
    """Pass on what a unit holds against a 通报 or 约谈 that it answers: that is the office's to decide; tell whether it was that."""
    notice = turn.source.notice if turn.source is not None and turn.incoming.press is None else None
    if notice is None or notice.kind not in PAPERS or turn.files or not _DISPUTES.search(text):
        return False
    found = of_contact(turn)
    answers.ask(turn, found.only if found.named else None, text)
    return True


def _may_object(turn: Turn, text: str) -> bool:
    """Tell whether words, unasked, may object to a score that they do not name: A-1这一条我们有意见. In answer to a task they are of that."""
    about_work = turn.source is not None and turn.source.notice.kind in WORK
    against = _PLAINLY_AGAINST.search(text) is not None and not agrees(text)
    return turn.is_spoken_to and against and not about_work and _IS_MENDED.search(text) is None


def _told_how(turn: Turn, sheet: ScoreSheet, text: str, *, also_open: bool = False) -> bool:
    """Say how one objects where words that answer a score name what of it is closed, A-2 那天专家没来, or is ``also_open``; tell
    whether they did.
    """
    references, words = split(text)
    inside = [] if references else [one for part in parts(text) for one in part.tasks]
    found = _meant(turn, sheet, references or inside) if (references or inside) and one_line(words) else []
    if not found or (not also_open and any(line.assignment.state in OPEN_STATES for line in found)):
        return False
    turn.reply("refused", why=f"没有记作异议；要提异议请写：异议 {found[0].code} {shorten(words, 30)}")
    return True


def _why_not(turn: Turn, shown: ScoreSheet | None) -> str:
    if shown is None:
        return "本单位现在没有公示中的记分。"
    if shown.settled_at is not None or shown.objections_until < turn.today():
        return f"{days.month(shown.month)}记分的异议期已于{days.short(shown.objections_until, turn.today())}届满；请与协调员联系。"
    return "本单位不在这份记分中。"


def _object(turn: Turn, sheet: ScoreSheet, rest: str) -> None:
    references, words = split(rest)
    against = [name for clause in _CLAUSES.split(rest) if not agrees(clause) for name in split(clause)[0]]
    found = _meant(turn, sheet, against or references)
    if not found:
        lost = f"这份记分里没有“{references[0]}”。" if references else "没有找到您说的这一项。"
        turn.reply("refused", why=lost + HOW)
        return
    if not one_line(words):
        turn.reply("refused", why=f"还缺理由。{HOW}")
        return
    for line in found:
        sheets.object_to(turn.session, sheet, line.assignment, words, turn.visitor.actor, turn.now)
    turn.acted("提出异议", found[0].code)
    turn.reply_text(
        f"已记录〔{found[0].code}〕的异议，由协调员裁定，结果会在这里告知。", outcome="objected", line=found[0]
    )


def _meant(turn: Turn, sheet: ScoreSheet, references: Sequence[str]) -> list[Line]:
    """Return what of the sheet is named, every period of it that the month counts; without a name the only one that there is."""
    units = [unit.id for unit in turn.visitor.units]
    costs = {point.assignment_id for unit in units for point, _code in sheets.rows(turn.session, sheet, unit)}
    lines = ledger.lines(turn.session, Which(EVERY, ids=sorted(costs))) if costs else []
    if references:
        return [line for line in lines if any(names_it(line, one) for one in references)]
    return lines if len(lines) == 1 else []
