"""What a wish of a coordinator speaks of, and what is done by those that are no plain command."""

import re

from sqlmodel import Session

from bot.dialogue.access import Denied
from bot.dialogue.phrases import Pieces
from bot.dialogue.room import broadcasts, corrections, handing, lookups, rounds
from bot.dialogue.room.wish_said import Said
from bot.dialogue.targets import CODE, UNIT_AT_HEAD, of_coordinator
from bot.dialogue.turn import Turn
from bot.dialogue.understanding.hearing import as_written
from db import register
from db.ledger import Which
from db.models import Unit
from db.plain import SURNAME
from db.words import UNENDED
from jobs.notices.render import shorten

_SAY = Pieces(
    "wished",
    stays=r"(?<![^，,。；;\s])[^，,。；;\s]{2,20}?的?(?:期限|时间)?{unchanged}(?=[，,。；;\s]|$)",
    left_out=r"(?<![^，,。；;\s])(?:除了?[^，,。；;\s]{2,20}|[^，,。；;\s]{2,20}(?:除外|不算))(?=[，,。；;\s]|$)",
    does="(?:办理?|报送?|做|负责|牵头|完成|承担)",
    one_to="[给跟和同向对]",
    asks="[?？吗呢问]|催(?![了过完]|的时候)(?<!电话催)|{asked}",
    heard_by="{by}|[他她]们?说|单位说|对方说",
    told="[办做弄搞][完结好理]|{done}|[成%％]|[正还]在|[没未]|(?:说|答应|承诺|回[话复电]).{0,8}(?:[周月日号天]|报|交|弄|办)",
    whom="给(?P<whom>[^，,。；;：:]{2,40}?)(?=发)",
    quote='[“”"「」『』]',
    words='[^“”"「」『』]{1,60}',
    all_stand="{of_what}(?:情况)?(?:一?[张个份])?(?:总?表(?![示扬态明述达现])|表格)",
    made="(?:做|汇总|整理|列|导)[成出个为]+一?[张份个]?(?:总?表|表格|[Ee]xcel)",
    talked="(?!.*(?:[?？吗]|谁|哪|没有?约谈)).*(?:(?:已经?|刚刚?|才)(?:把.{2,12})?约谈|约谈[了过完]|{talked_to})",
    talked_to="约谈[^，,。]{2,20}[了过](?:[，,。；;：:]|$)",
    opens="(?:请|麻烦)?(?:[再先想要]|我们)?{open}展?一?[次轮个期]?",
    gathers="[把将]?(?:各单位的?)?(?:最新的?|大家的)?(?:进度|进展|情况)[都再]?收{in_all}",
    surname=SURNAME,
    says="(?:[说讲](?![明话法服不过了])(?:一?[下声句]|清楚)?|[带捎]个话|打个招呼)",
)
_STAYS = _SAY(r"[^，,。；;\s]*{keeps}[^，,。；;\s]*|{stays}")
_LEFT_OUT = _SAY("{left_out}")
_DOES_IT = _SAY(
    r"(?<![^，,。；;\s])[^，,。；;\s]{2,20}?(?:{alone}+{does}|{does}(?:就|即)(?:行|可以?|够|成|好))[^，,。；;\s]{0,4}(?=[，,。；;\s]|$)"
)
_FREES = re.compile("取消|去掉|删[掉去]|免了|免办|不用")


def who_stays(session: Session, text: str, *, of_a_task: bool) -> tuple[list[Unit], str]:
    """Return the units that are to stay on a task, 取消甲局，只留乙局 or, of one that is named, 不用报了，除了乙局 and 甲局不用办了，乙局一家办
    就行, and the words without them.
    """
    kept: list[Unit] = []
    of_it = (_LEFT_OUT, *((_DOES_IT,) if _FREES.search(text) else ())) if of_a_task else ()
    for pattern in (_STAYS, *of_it):
        kept += [unit for one in pattern.finditer(text) for unit in register.mentioned(session, one[0])]
        text = pattern.sub(" ", text)
    return kept, text


_FREED = re.compile("(?P<who>[\u4e00-\u9fff]{2,10}[局厅委办院队站])的?[就先也都]?(?:不用|免了|免办|取消)")


def is_a_stranger_freed(session: Session, text: str) -> bool:
    """Tell whether who is freed is named in a way that nobody knows: then the other units of the sentence are not meant."""
    found = _FREED.search(text)
    return found is not None and not register.mentioned(session, found["who"])


def freed(said: Said) -> str:
    """Return, as a button shows it, who is freed of a task, and who stays."""
    stays = f"（留{'、'.join(shorten(unit.name, 8) for unit in said.kept)}）" if said.kept else ""
    return f"免办〔{said.task}〕{shorten(said.whom, 8)}{stays}"


def for_how_many(said: Said) -> str:
    """Return, as a button shows it, that a day moves for more than one unit."""
    return f"（{said.shared}个单位一并改）" if said.shared > 1 else ""


def no_such_day(said: Said) -> None:
    raise Denied(f"没有看懂新的期限，〔{said.task}〕没有改动；请核对日期再写，例如：把{said.task}的期限改成6月30日。")


def told_by(said: Said) -> str:
    """Return what is said of a unit behind the word that says that it said so, or before it where that comes last: 办完了 电话说的."""
    parts = [part.strip(" ，,：:。") for part in SAID.split(said.text)]
    behind = parts[-1] if len(parts[-1]) > 1 else next((part for part in reversed(parts) if len(part) > 1), "")
    told = re.sub(rf"[〔\[]?{CODE}[〕\]]?", "", behind).strip(" ，,：:")
    return UNIT_AT_HEAD.sub("", told).strip(" ，,：:") if said.units and len(parts[-1]) < 2 else told


def send(turn: Turn, said: Said) -> None:
    """Show to whom something is to be sent, and what, in the very words."""
    begins = _TELL.match(said.written)
    whom = (begins["whom"] or begins["with"]) if begins is not None else None
    words = said.written[begins.end() :].lstrip(" ，,") if begins is not None else said.written
    addressed = bool(whom) or _TO_WHOM.match(said.written) is not None
    what = _A_MESSAGE.sub("", words)
    broadcasts.begin_in_words(turn, f"{whom} {what}" if whom else what, addressed=addressed)


BY_TELEPHONE = _SAY("(?!.*(?:{asks}))(?=.*(?:{heard_by}))(?=.*(?:{told}))")
"""How what a unit said is told without the unit's name: A-1已经办完了 电话说的."""
SAID = re.compile("打?电话|来电|回电|反馈|回话|口头|说|讲")
_TELL = _SAY(r"^\s*(?:{tell}(?:一?下)?|{whom}|{one_to}(?P<with>.{2,20}?){says}|群里说(?:一[下声])?)[\s，,：:]*")
TELLS = _SAY(r"^\s*(?:请|麻烦)?{one_to}(?!我|咱|你).{2,20}?{says}(?![了过吗])[\s，,：:]*(?=\S)")
"""That something is to be said to a unit, 给甲局说一声：照片要今年的, and not that it said something."""
_TO_WHOM = re.compile(r"^\s*(?:再?告诉|告知|转告|发给)")
"""What is followed by whom it is for, and by nobody else's words."""
_A_MESSAGE = re.compile(
    r"^发(?:一?[个条份下])?(?:(?:群发|通知|消息|信息|短信)[\s，,：:]*|(?:出去|过去)?\s*[：:，,]\s*)(?=\S)"
)
"""What only says that something is to be sent: 给各单位发个通知 明天开会, 给甲局和乙局发：明天开会."""
REOPENED = re.compile("重新打开|重新办理?|打回重办|重开")
"""How people say that what was closed is to be done again."""


def why_back(said: Said) -> str:
    """Return why a report goes back, as it was written, without the code before it."""
    return re.sub(rf"^\s*[〔\[]?{CODE}[〕\]]?的?[\s，,：:]*", "", said.written)


SEEN_FOR_THEM = re.compile("^(?!.*(?:[?？吗]|没|未|不)).*(?:[帮替代]|代为).{0,12}?(?:签收|收一下)")
"""That a receipt is to be written down for a unit: A-1帮公安局签收一下."""
CLOSED = re.compile("^(?!.*(?:[?？吗]|没|未|不|待|才|再|后)).*(?:(?<![撤注吊报开抵供])销|了结)[了掉]吧?[。！!]?$")
"""That a report is to be closed, so shortly that it may tell of it as well: A-3销了."""


HURRY = re.compile("抓紧|尽快|赶紧|快点|加快")
"""What is to be told to a unit, in whatever words; it is offered to urge it."""
NEW_TEXT = re.compile(r"(?:内容|任务|文字|表述)(?:应?(?:改|换|调整)(?:成|为)|应为)[:：]?")
_QUOTED = re.compile(r"[“\"「『](?P<words>[^“”\"「」『』]+)[”\"」』][。.；;]?")


def new_text(said: Said) -> str:
    """Return the new text of a task in the very characters in which it was written, without the quotation marks around all of it."""
    told = NEW_TEXT.split(said.written)
    words = (told[-1] if len(told) > 1 else as_written(said.written, NEW_TEXT.split(said.text)[-1])).strip()
    quoted = _QUOTED.fullmatch(words)
    return quoted["words"].strip() if quoted is not None else words


MONTH = re.compile(r"\d{1,2}月|[上本这]个?月")


def how_to_be_quiet(turn: Turn, _said: Said) -> None:
    """今天别催了: nothing is changed by it; what can be is said."""
    pause, suspend = turn.spoken("暂停", "pause"), turn.spoken("暂缓", "suspend")
    raise Denied(
        f"没有改动：自动消息只在工作日的上班时间发。一项不再催请写：{suspend} 7；整个专项先停请写：{pause} 1（恢复前都不发）。"
    )


def left(turn: Turn, said: Said) -> None:
    """谁还没报 while a round waits for answers is about that round; otherwise it is about what is still to be done."""
    if turn.visitor.steers and _UNTOLD.search(said.text) and rounds.is_open(turn):
        rounds.begin(turn, "")
    else:
        lookups.show_list(turn, "")


_UNTOLD = re.compile("没报|未报|没交")


def page_of(text: str) -> str:
    """Return how 一页纸 is asked for, with the campaign that is named beside it by number or letter; "" where another paper is."""
    page = _PAGE.search(text)
    return "" if page is None else f"一页纸 {page['after'] or page['before'] or ''}".strip()


_PAGE = re.compile(
    r"(?:专项\s*(?P<before>[A-Za-z\d]{1,3})\D{0,6})?一页纸(?:\s*(?:专项)?\s*(?P<after>[A-Za-z\d]{1,3})(?![\w月日号]))?"
)
"""A leader's page and, before or behind it, whose."""


def campaign_of(said: Said) -> str:
    """Return the number or letter of the campaign that is named: 看一下专项2的清单."""
    if said.campaigns:
        return said.letters
    found = re.search(r"专项(?:行动)?\s*([A-Za-z\d]{1,3})", said.text)
    return found[1] if found is not None else ""


GOES = re.compile(
    r"^(?:把|请)?(?P<who>[\u4e00-\u9fff]{2,4}?)(?:已经?)?(?:调走|调离|离职|退休|辞职|不干|换岗|的(?:权限|身份)).*(?:权限|身份|移除|去掉|取消|删)"
)
"""How it is said that somebody is to have no rank any more."""


def who_goes(said: Said) -> str:
    """Return who is to have no rank any more."""
    found = GOES.match(said.text)
    return found["who"] if found is not None else ""


WHAT_TO_DO = _SAY(
    "(?:{today})?.{0,4}[有是]?{what}.{0,4}(?:[要该等]|需要){us}?来?{decide}|^{today}还?有{what}{thing}[情吗啊呢]*[?？]?$"
)
"""How somebody asks what waits for them: 今天有哪些要我处理的."""


def what_waits(turn: Turn, _rest: str) -> None:
    """Say what waits for this room, with the lists one press away."""
    turn.reply("help_coordinator", steers=turn.visitor.steers, waits=lookups.waiting(turn))


WITHOUT_END = re.compile(
    "^(?!.*(?:[?？吗]|没有?改|不改|能不能|是不是)).*(?:(?:改|定|设|变|转|列|算|调)(?:[成为作回到]|整[成为])+|恢复[成为]?)(?:一?[个项])?(?:长期|常态化|持续推进|不设期限|不限期)"
)
"""How a task is given no deadline: 改成长期任务."""
OTHER_WORDS = _SAY(
    '{quote}(?P<before>{words}){quote}[^“”"「」『』?？]{0,4}?{becomes}[^“”"「」『』?？]{0,2}{quote}(?P<after>{words}){quote}'
)
"""Words of a task's text, and those that are to stand in their place: “验收”改成“复核”."""


def other_words(said: Said) -> str:
    """Return which words become which, as a button shows it."""
    found = OTHER_WORDS.search(said.written) or OTHER_WORDS.search(said.text)
    return f"“{shorten(found['before'], 8)}”改为“{shorten(found['after'], 8)}”" if found is not None else ""


def say_otherwise(turn: Turn, said: Said) -> None:
    """Put other words in the place of some of a task's text."""
    found = OTHER_WORDS.search(said.written) or OTHER_WORDS.search(said.text)
    tasks = {line.task.id: line for line in of_coordinator(turn, said.tasks, Which(UNENDED)).lines}
    if found is None or len(tasks) != 1:
        raise Denied("一次改一项任务的文字，没有改动；请一项写一条。")
    line = next(iter(tasks.values()))
    if found["before"] not in line.task.text:
        show = turn.spoken("详情", "show")
        raise Denied(
            f"〔{line.code}〕的内容里没有“{shorten(found['before'], 20)}”，没有改动；原文请写：{show} {line.code}。"
        )
    corrections.correct(turn, f"{said.task} 内容 {line.task.text.replace(found['before'], found['after'])}")


TABLE = _SAY("^(?!.*(?:[?？吗]|调度|值班|核对)).*(?:{all_stand}|{made})")
"""A table of how all stand: 导出进度表, 把进度做成表."""


def hand_over_table(turn: Turn, said: Said) -> None:
    """Hand over the ledger here; what is for the leaders is sent on by who asked for it."""
    handing.ledger_in_words(turn, "")
    if turn.visitor.steers and _FOR_LEADERS.search(said.text):
        page = turn.spoken("印发", "paper")
        turn.say_beside(f"表只发在这里，没有发给领导，请转发；要给领导看的一页纸请写：{page} 一页纸。", ())


FOR_A_LEADER = _SAY("^(?:请|帮我|把.{1,8})?(?:{hands})?给?.{0,4}{leader}.{0,2}(?:{looks})[吧呗。！!]*$")
"""That somebody above is to be shown something that is not said: 发给李局看看."""


def for_a_leader(turn: Turn, _said: Said) -> None:
    """Say that nothing was sent to them, and what there is to be handed on."""
    page, ledger_ = turn.spoken("印发", "paper"), turn.spoken("导出台账", "ledger")
    raise Denied(f"没有发给领导，请出在这里后转发：一页纸请写“{page} 一页纸”，台账请写“{ledger_}”。")


_FOR_LEADERS = re.compile("(?:发|送|报|呈|转)给?.{0,4}(?:领导|[局厅市县区]长|书记|主任)")

_OF_THE_LEDGER = re.compile(
    "[的把将要看给我发一份导出]*(?P<whose>[\u4e00-\u9fff]{2,14}?[局厅委办院队站镇乡县区])的?台账"
)
_LEDGERS = ("按单位", "逾期", "临期", "待核查", "延期", "未签收", "销号")
"""What narrows a ledger, as its command takes it."""


def ledger_of(said: Said) -> str:
    """Return of what the ledger is wanted: units, a campaign, what is late; a name that no unit has is told to be none."""
    words = [one for one in _LEDGERS if one in said.text]
    strange = _OF_THE_LEDGER.search(said.text) if not said.units else None
    whose = said.whom or (strange["whose"] if strange is not None and "本" not in strange["whose"] else "")
    return " ".join(filter(None, (whose, campaign_of(said), *words)))


TALKED = _SAY("^{talked}")
"""How it is told that a talk was had: 已经约谈教育局了，他们承诺月底完成."""

TO_TALK = _SAY("^(?!.*(?:[?？吗]|谁|哪|约谈[了过]))(?!{talked}).*约谈")
"""What proposes one: 约谈教育局."""


def came_of_it(said: Said) -> str:
    """Return what came of a talk, as its command takes it."""
    _before, _, behind = said.written.partition("约谈")
    words = re.split(r"[，,。；;：:\s]+", behind, maxsplit=1)
    return f"{said.whom} {words[1] if len(words) > 1 else ''}".strip()


ROUND = _SAY("^{opens}(?:工作|进度)?调度(?![会室员])(?!.*[?？吗])|^{gathers}[吧。]*$")
"""How a round is opened in other words than its command: 开一次调度，本周五前报送进展."""


def what_a_round_asks(said: Said) -> str:
    """Return what stands behind the words that open a round."""
    return ROUND.sub("", said.text).strip(" ，,：:。") or "进展"


WHO_IS = _SAY(
    r"^(?P<who>{surname}[\u4e00-\u9fff]{1,3}?)(?:同志)?(?:是谁|是?哪位|是哪[个家](?:单位|部门)的)[啊呀呢?？。]*$"
)
"""Who somebody is: 陈老师是谁."""


def who_it_is(said: Said) -> str:
    """Return of whom it is asked who they are."""
    found = WHO_IS.match(said.text)
    return found["who"] if found is not None else ""
