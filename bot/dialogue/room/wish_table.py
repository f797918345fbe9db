"""What coordinators and leaders can wish: each wish with the words by which it is known, what must be spoken of beside them, and the command that it is."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from bot.dialogue import duties
from bot.dialogue.phrases import Phrase, Pieces
from bot.dialogue.room import (
    additions,
    asked_lists,
    campaigns,
    charts,
    corrections,
    counted_days,
    decisions,
    handing,
    lookups,
    nudges,
    on_behalf,
    papers,
    problems,
    questions,
    reasons,
    register,
    rounds,
    scores,
    spot_checks,
    staffing,
    successors,
    summons,
    wished,
)
from bot.dialogue.room.wish_said import HANDED_OVER, Said, written_day
from bot.dialogue.turn import Turn
from db.words import Action
from jobs.notices.render import shorten

Do = Callable[[Turn, Said], object]


@dataclass(frozen=True, slots=True)
class Wish:
    """What is wanted: ``label`` says it on a button, ``words`` are how people speak of it, ``of`` what must be spoken of beside it.

    ``at_once`` tells that nothing is changed by it unseen, ``calls`` that units hear of it at once, ``leaders`` that leaders
    may wish it too, ``once`` that a second press would do it anew and is refused, ``lacks`` what must not be spoken of, ``counts``
    that it answers with a list or figures, for which each word of a question is to be accounted for.
    """

    label: Callable[[Said], str]
    words: re.Pattern[str] | Phrase
    of: tuple[str, ...]
    do: Do
    at_once: bool = True
    calls: bool = False
    leaders: bool = False
    once: bool = False
    lacks: tuple[str, ...] = ()
    counts: bool = False

    def fits(self, said: Said) -> bool:
        spoken_of = all(getattr(said, one) for one in self.of) and not any(getattr(said, one) for one in self.lacks)
        return spoken_of and bool(self.words.search(said.text))


def _command(run: Callable[[Turn, str], object], rest: Callable[[Said], str]) -> Do:
    return lambda turn, said: run(turn, rest(said))


def _nothing(_said: Said) -> str:
    return ""


def _asked(of: str) -> Phrase:
    """Return the phrase of who asks which, or wants to see, what is ``of`` it, in whatever order."""
    return _SAY(f"(?=.*{{who}})(?=.*(?:{of}))")


def _named(what: str) -> Callable[[Said], str]:
    return lambda _said: what


def _labelled(act: Action, said: Said) -> str:
    return f"{act.zh}〔{said.task}〕"


_URGE = "(?<![别不])(?<!别再)(?<!不要)(?<!要再)(?<!用再)(?<!电话)催(?![过完]|了(?![吧罢])|没)"
"""To urge, and not to leave it be, or to ask or tell whether it was done: 催了没有, 昨天催过."""
_TO_ALL = "(?:请|让|要求)(?:各|所有|全体|全部)(?:有关|相关|成员|责任)?(?:单位|部门)"
_DO = "报送|上报|提交|反馈|完成|整改|落实|开展|制定|核实|自查|排查|报[告一来]"
"""What units are told to do."""
_MOVES = re.compile("改|调|延|推|宽|再给|多给|定|期限|时限|截止|提前")
"""What is done with a day."""
UNSIGNED, LATE = nudges.SAID["未签收"], nudges.SAID["逾期"]
_SAY = Pieces(
    "wishes",
    unsigned=UNSIGNED.pattern,
    late=LATE.pattern,
    again="的?(?:单位)?[都再也]*[发来](?:一?[遍次个条])?(?:提醒|催办|通知|消息|一[遍次])[。！!]*$",
    so_far="(?:什么|啥)(?:进展|情况|样)",
    done="(?:办结|销号|完成)",
    list_of=r"专项(?:行动)?\s*[A-Za-z\d]{1,3}",
    why="(?:为什么|为啥).{0,6}(?:延|拖|没办|没报|没动)",
)
"""``again``: that who is such is to be told once more what they were told, 给没签收的再发一遍提醒."""

_ANYTHING = re.compile("")

GIVE_OUT = _command(additions.begin, lambda said: said.written)

STAFFS = re.compile("改|换|调整|变更|划|转给|加上|加入|增加|应该?[是为由]")
"""What is done with who has a task."""

WISHES: tuple[Wish, ...] = (
    Wish(_named("群发：先看预览"), wished.TELLS, ("units",), wished.send),
    Wish(
        lambda said: f"要〔{said.task}〕的销号单", re.compile("销号[单表]"), ("tasks",),
        _command(handing.paper_in_words, lambda said: f"销号单 {said.task}"), leaders=True,
    ),
    Wish(lambda said: f"看〔{said.task}〕", _ANYTHING, ("tasks", "is_of_a_paper"), _command(lookups.show, lambda said: said.task), leaders=True),
    Wish(_named("先看催谁"), _ANYTHING, ("spares",), _command(nudges.in_words, lambda said: said.text)),
    Wish(_named("看文稿"), re.compile("(?:约谈|通报)(?:稿|记录|材料|通知书|单)"), (), _command(handing.paper_in_words, _nothing), leaders=True, lacks=("tasks",)),
    Wish(
        lambda said: f"看{shorten(said.unit, 8)}的任务", _ANYTHING, ("units", "is_of_a_paper"), _command(lookups.show_list, lambda said: said.whom), leaders=True,
    ),
    Wish(
        lambda said: f"看〔{said.task}〕", re.compile("为什么|为啥|为何|凭什么|怎么(?:又|还|就|要)|咋(?:又|还|就|要)"), ("tasks",),
        _command(lookups.show, lambda said: said.task), leaders=True,
    ),
    Wish(
        lambda said: f"暂缓〔{said.task}〕", re.compile("别再?催|不要再?催|不用再?催|先不催|停一?停|先放一?放|暂缓|缓一缓|挂起|搁置|搁一?搁"), ("tasks",),
        _command(decisions.act(Action.SUSPEND), lambda said: said.task), at_once=False,
    ),
    Wish(
        lambda said: f"看{shorten(said.unit, 8)}的任务", re.compile("别再?催|不要再?催|不用再?催|先不催"), ("units",),
        _command(lookups.show_list, lambda said: said.unit), at_once=False,
    ),
    Wish(_named("改单位"), STAFFS, ("tasks", "role_stranger"), staffing.no_such_helper),
    Wish(lambda said: f"〔{said.task}〕{staffing.staffed(said)}", STAFFS, ("tasks", "roles", "gone"), staffing.staff, at_once=False),
    Wish(
        wished.freed, re.compile("取消|去掉|删[掉去]|免了|免办|不用[报办做]"), ("tasks", "units"),
        _command(corrections.correct, lambda said: f"{said.task} 去掉 {said.whom}"), at_once=False, lacks=("gone",),
    ),
    *(
        Wish(
            partial(_labelled, act), re.compile("算了|不用再?[报办做交搞]|不[报办做交搞]了|取消|作废|免了|免办|撤销|删除|删[了掉去]"), ("tasks",),
            _command(decisions.act(act), lambda said: said.task), at_once=False, lacks=("kept",),
        )
        for act in (Action.CANCEL, Action.WAIVE)
    ),
    Wish(
        lambda said: f"〔{said.task}〕{staffing.staffed(said)}", STAFFS, ("tasks", "roles"),
        staffing.staff, at_once=False, lacks=("day", "gone"),
    ),
    Wish(
        lambda said: f"〔{said.task}〕{staffing.staffed(said)}{staffing.with_day(said)}", STAFFS,
        ("tasks", "roles", "day_apart"), staffing.staff, at_once=False,
    ),
    Wish(
        lambda said: f"〔{said.task}〕{shorten(said.whom, 8)}改为长期，不设期限", wished.WITHOUT_END, ("tasks",),
        _command(corrections.correct, lambda said: f"{said.task} {said.whom} 期限 长期"), at_once=False, lacks=("day",),
    ),
    Wish(
        lambda said: f"〔{said.task}〕{wished.other_words(said)}", wished.OTHER_WORDS, ("tasks",),
        wished.say_otherwise, at_once=False,
    ),
    Wish(
        lambda said: f"〔{said.task}〕牵头改为{shorten(said.unit, 8)}{staffing.with_day(said)}", HANDED_OVER, ("tasks", "units", "day"),
        staffing.hand_over_task, at_once=False, lacks=("roles",),
    ),
    Wish(_named("改牵头"), HANDED_OVER, ("tasks", "to_a_stranger", "day"), staffing.no_such_unit),
    Wish(
        lambda said: f"〔{said.task}〕牵头改为{shorten(said.unit, 8)}", re.compile(r"转给|划给|改由|换成|交给|牵头.{0,3}改|改成(?!\s*[\d一二三四五六七八九十本下明后今周月年])"), ("tasks", "units"),
        _command(corrections.correct, lambda said: f"{said.task} 牵头 {said.unit}"), at_once=False, lacks=("roles",),
    ),
    Wish(
        lambda said: f"代录〔{said.task}〕{shorten(said.unit, 6)}签收", wished.SEEN_FOR_THEM, ("tasks", "units"),
        _command(on_behalf.record_for_unit, lambda said: f"{said.task} {said.unit} 收到"), at_once=False,
    ),
    Wish(
        lambda said: f"核查销号〔{said.task}〕", wished.CLOSED, ("tasks",), _command(decisions.act(Action.VERIFY), lambda said: said.task),
        at_once=False, lacks=("units",),
    ),
    Wish(
        lambda said: f"代录〔{said.task}〕", wished.SAID, ("tasks", "units"),
        _command(on_behalf.record_for_unit, lambda said: f"{said.task} {said.unit} {wished.told_by(said)}"), at_once=False,
    ),
    Wish(
        lambda said: f"代录〔{said.task}〕", wished.BY_TELEPHONE, ("tasks",),
        _command(on_behalf.offer, lambda said: f"{said.task} {wished.told_by(said)}"), lacks=("units",),
    ),
    Wish(
        lambda said: counted_days.each(said.given), _ANYTHING, ("tasks", "moves"), lambda turn, said: counted_days.move_each(turn, said.given),
        at_once=False, lacks=("kept",),
    ),
    Wish(_named("给几天"), _ANYTHING, ("gives_a_unit",), lambda turn, said: counted_days.offer(turn, said.given), lacks=("tasks",)),
    Wish(
        lambda said: f"〔{said.task}〕{said.whom}期限改为{written_day(said)}", _MOVES, ("tasks", "is_of_some", "day"),
        _command(corrections.correct, lambda said: f"{said.task} {said.whom} 期限{said.day:%Y年%-m月%-d日}"), at_once=False,
    ),
    Wish(
        lambda said: f"〔{said.task}〕期限改为{written_day(said)}{wished.for_how_many(said)}", _MOVES, ("tasks", "day"),
        _command(corrections.correct, lambda said: f"{said.task} 期限{said.day:%Y年%-m月%-d日}"), at_once=False, lacks=("kept",),
    ),
    Wish(
        lambda said: f"退回〔{said.task}〕", reasons.SENT_BACK, ("tasks",),
        _command(decisions.act(Action.RETURN), lambda said: f"{said.task} {wished.why_back(said)}"), at_once=False, lacks=("day",),
    ),
    Wish(
        _named("改期限"), re.compile(r"(?:期限|时限|截止|延|推|改)[^，。,]{0,6}?\d{1,2}月\d{1,2}[日号]?"), ("tasks",),
        lambda _turn, said: wished.no_such_day(said), lacks=("day",),
    ),
    Wish(
        lambda said: f"〔{said.task}〕改内容", wished.NEW_TEXT, ("tasks",),
        _command(corrections.correct, lambda said: f"{said.task} 内容 {wished.new_text(said)}"), at_once=False,
    ),
    Wish(
        lambda said: f"催〔{said.task}〕", re.compile(f"{_URGE}|再发|提醒|提个?醒|盯(?!着$|班)|重发|补发"), ("tasks",),
        _command(nudges.in_words, lambda said: f"{said.task} {said.whom}".strip()), calls=True,
    ),
    Wish(
        lambda said: f"催〔{said.task}〕", wished.HURRY, ("tasks",),
        _command(nudges.in_words, lambda said: f"{said.task} {said.whom}".strip()), at_once=False, calls=True,
    ),
    Wish(
        lambda said: f"催{shorten(said.whom, 8)}", wished.HURRY, ("units",),
        _command(nudges.in_words, lambda said: said.whom), at_once=False, calls=True, lacks=("tasks",),
    ),
    Wish(
        lambda said: f"记{shorten(said.whom, 6)}约谈结果", wished.TALKED, ("units",),
        _command(summons.outcome, wished.came_of_it), at_once=False, leaders=True, lacks=("tasks",),
    ),
    Wish(
        lambda said: f"拟约谈{shorten(said.whom, 6)}", wished.TO_TALK, ("units",),
        _command(summons.propose, lambda said: summons.in_a_sentence(said.written)), at_once=False, leaders=True,
    ),
    Wish(_named("同一单位"), re.compile(f"^{register.TWO_NAMES.pattern}$"), (), _command(register.same, lambda said: said.text), lacks=("tasks", "day")),
    Wish(_named("看待签发"), re.compile("约谈|通报|签发"), ("units",), _command(papers.show_first, _nothing), at_once=False),
    Wish(
        lambda said: f"催{shorten(said.whom, 8)}", re.compile(f"{_URGE}|再发|提醒|提个?醒|盯|重发|补发|约谈|通报"), ("units",),
        _command(nudges.in_words, lambda said: said.text), calls=True,
    ),
    Wish(
        _named("交办"), re.compile("^(?:请|让|叫|安排|责成|交给|由)"), ("units", "day"), GIVE_OUT, leaders=True,
    ),
    Wish(
        lambda said: f"重开〔{said.task}〕", wished.REOPENED, ("tasks",),
        _command(decisions.act(Action.REOPEN), lambda said: f"{said.task} {wished.REOPENED.split(said.text)[-1].strip(' ，,：:')}".strip()), at_once=False,
    ),
    Wish(
        _named("交办"), re.compile("^(?:请|让|叫|安排|责成)(?!.*[?？吗]).*(?:报送|上报|提交|反馈|完成|整改|落实|开展|制定|核实|报[告一来])"), ("units",),
        GIVE_OUT, at_once=False, leaders=True,
    ),
    Wish(_named("交办"), re.compile("^(?:请|让|叫|安排|责成|交给|由)"), ("stranger",), GIVE_OUT, leaders=True),
    Wish(
        _named("交办"), re.compile(f"^{_TO_ALL}(?!.*[?？吗]).*(?:{_DO})"), ("day",), GIVE_OUT, at_once=False, leaders=True, lacks=("tasks",),
    ),
    Wish(_named("群发：先看预览"), re.compile(f"^{_TO_ALL}(?!.*(?:[?？吗呢]|情况$|怎么|多少|谁|哪))"), (), wished.send, at_once=False, lacks=("tasks",)),
    Wish(
        _named("交办"), re.compile("^(?!.*(?:[?？吗呢说称]|哪|谁|什么|[几已能]|预计|电话|了$)).*(?:前|内|底).*(?:报送|上报|提交|反馈|完成|整改|落实|制定|核实|报[告一来个])"), ("units", "day"),
        GIVE_OUT, at_once=False, leaders=True, lacks=("tasks",),
    ),
    Wish(_named("催没签收的"), _SAY("(?:催|提醒|叫).*(?:{unsigned}|没回|没反应|没动静)|给?{unsigned}{again}|{unsigned}.*(?:催|提个?醒)"), (),
         lambda turn, _said: nudges.preview_of(turn, "未签收")),
    Wish(_named("催逾期的"), _SAY("(?:催|提醒).*{late}|给?{late}{again}|{late}.*(?:催|提个?醒)"), (),
         lambda turn, _said: nudges.preview_of(turn, "逾期")),
    Wish(_named("给领导看"), wished.FOR_A_LEADER, (), wished.for_a_leader, leaders=True, lacks=("units",)),
    Wish(
        _named("群发：先看预览"), re.compile("^(?!.*有没有[人谁])(?:再?通知|告诉|告知|转告|给[^，,。；;：:]{2,40}发|发给|跟.{2,12}说|群里说)"), (),
        wished.send,
    ),
    Wish(
        _named("怎样不催"), re.compile("(?:先?别|不要|不用|先不)再?(?:给.{2,10}?)?(?:催|发消?息?|提醒|通知)(?:了|吧|消息|提醒|他们|大家)*[。！!]?$"), (),
        wished.how_to_be_quiet, lacks=("tasks",),
    ),
    Wish(_named("先看催谁"), re.compile("^(?:再|都|全部)?催(?:一?[下遍]|一催|吧|呀|啊)*[。！!]?$"), (), lambda turn, _said: nudges.preview_of(turn, "")),
    Wish(_named("导出台账"), _SAY("{wants}.*台账|台账.*{wants}"), (), _command(handing.ledger_in_words, wished.ledger_of), leaders=True),
    Wish(_named("导出台账"), wished.TABLE, (), wished.hand_over_table, leaders=True, lacks=("tasks", "units")),
    Wish(_named("导出台账"), asked_lists.IN_A_FILE, (), _command(handing.ledger_in_words, wished.ledger_of), leaders=True, lacks=("tasks",)),
    Wish(_named("开调度"), wished.ROUND, (), _command(rounds.begin, wished.what_a_round_asks), lacks=("tasks",)),
    Wish(
        lambda said: f"换{shorten(said.unit, 8)}联络员", successors.CHANGED, ("units",), successors.begin, lacks=("tasks",),
    ),
    Wish(_named("抽查"), re.compile("抽查|抽检|随机抽|抽.{0,3}(?:[%％]|项|个|一半|成).{0,6}(?:核|看|查)"), (),
         _command(spot_checks.begin, lambda said: spot_checks.wanted(said.text)), at_once=False, once=True),
    Wish(_named("看进度图"), re.compile("进度图|画.{0,4}进度"), (), _command(charts.chart_in_words, _nothing), leaders=True),
    Wish(
        _named("要文稿"), _SAY(r"{wants}.*{paper}|{paper}.*{wants}|[给出做要].{0,3}一页纸|^(?:文稿\s*)?一页纸\s*[A-Za-z\d]{0,3}$"), (),
        _command(handing.paper_in_words, lambda said: wished.page_of(said.text)), leaders=True,
    ),
    Wish(
        lambda said: f"看〔{said.task}〕", _SAY("{of_one}|(?<![别再用要])催(?:[过没]|了(?!吧))|通过[了没吗]|[报交]没|补[来交]?[了没]|哪[天日]|到期了?[没吗]"), ("tasks",),
        _command(lookups.show, lambda said: said.task), leaders=True,
    ),
    Wish(
        lambda said: f"移除{wished.who_goes(said)}", wished.GOES, (), _command(register.remove, wished.who_goes), at_once=False, lacks=("tasks", "units"),
    ),
    Wish(_named("看值班"), _SAY("{wants}.*值班表|值班表.*(?:{wants}|发)"), (), _command(duties.begin, _nothing), leaders=True, lacks=("tasks", "units")),
    Wish(_named("看待办"), wished.WHAT_TO_DO, (), _command(wished.what_waits, _nothing), leaders=True, lacks=("tasks", "units")),
    Wish(_named("看人员"), wished.WHO_IS, (), _command(register.who_is, wished.who_it_is), lacks=("tasks", "units")),
    Wish(_named("看人员"), re.compile("联络员|联系人|谁负责|谁在管|负责人"), (), _command(register.people, lambda said: said.whom), leaders=True),
    Wish(
        _named("看各单位情况"), asked_lists.COMPARED, ("units",), _command(lookups.by_unit, lambda said: said.whom), leaders=True,
        lacks=("tasks", "names_days"), counts=True,
    ),
    *(
        Wish(
            _named("看各单位情况"), words, ("units", *of), _command(lookups.by_unit, lambda said: said.whom), leaders=True,
            lacks=("tasks", "names_days"), counts=True,
        )
        for words, of in ((_SAY("{figures}"), ()), (_ANYTHING, ("several",)))
    ),
    Wish(
        lambda said: f"看{shorten(said.unit, 8)}的任务", _SAY("{how_units_do}|签收了?[没吗]|回复?了[没吗]|还?[差剩]|{why}|[出来完好了]没有?[?？。]*$|[吗么][?？。]*$"), ("units",),
        _command(lookups.show_list, lambda said: said.query or said.whom), leaders=True, counts=True,
    ),
    Wish(_named("看待签发"), re.compile("通报(?:一下|下)?(?:逾期|超期|所有|全部|他们)的?|^(?!.*谁.*没签).*(?:[要待等没该让给](?:我|领导)?)签(?!收)|签发|(?:约谈|通报)(?:了|的是)?谁|谁.{0,4}(?:约谈|通报)"), (), _command(papers.show_first, _nothing), leaders=True),
    Wish(_named("看未绑定的"), re.compile("没绑|未绑|没进群|没建群|没有?群|没拉群"), (), _command(register.units, _nothing), leaders=True),
    Wish(
        _named("看待答复的提问"), _SAY("(?=.*(?:{who}|[吗么?？]))(?=.*(?:提问|提的问题|问的(?:事|话)|没人答复|(?:没|未)答复的?问|问题(?:还?没|未)答))"), (),
        _command(questions.unanswered, _nothing), leaders=True,
    ),
    Wish(
        _named("看未签收"), re.compile("(?:通知|消息|任务).{0,6}(?:有没有[人谁]|谁).{0,2}[没未](?:看|回|收|签)"), (), _command(lookups.silent, _nothing),
        leaders=True, lacks=("tasks", "units"),
    ),
    Wish(
        _named("看未签收"), re.compile("(?:单位|大家|他们|都)[^，,。]{0,4}(?:收到|签收)了?(?:没有?|吗|没)[呢啊]?[?？。]*$"), (), _command(lookups.silent, _nothing),
        leaders=True, lacks=("tasks", "units"),
    ),
    Wish(
        _named("看调度"), re.compile("调度.{0,6}(?:还?[差缺欠剩]|没报|未报).{0,4}(?:谁|哪|几|多少)|调度.{0,6}(?:谁|哪些?).{0,4}(?:没|未)"), (), _command(rounds.begin, _nothing), lacks=("tasks",),
    ),
    Wish(
        _named("看未送达"), _SAY("(?=.*(?:{who}|[吗么?？]))(?=.*(?:没|未)(?:能)?(?:送达|发出去|发到|送到|发成))"), (),
        _command(lookups.failures, _nothing), leaders=True, lacks=("tasks",),
    ),
    Wish(_named("看专项"), re.compile("(?:几个|哪些|哪几个|多少个?)专项"), (), _command(campaigns.overview, _nothing), leaders=True, lacks=("tasks",)),
    Wish(
        _named("看问题清单"), re.compile("(?:几个|哪些|多少)(?:问题|隐患)|(?:问题|隐患).{0,4}(?:[没未]|还有).{0,4}(?:整改|销号|改)"), (),
        _command(problems.show_problems, _nothing), leaders=True, lacks=("tasks", "units"),
    ),
    Wish(
        _named("看未签收"), _asked("{unsigned}|{silent}"), (),
        _command(lookups.silent, _nothing), leaders=True, lacks=("campaigns", "but"), counts=True,
    ),
    Wish(
        _named("看各单位情况"), asked_lists.BY_UNIT, (), _command(lookups.by_unit, lambda said: f"{said.whom} {said.letters} {said.but}"), leaders=True,
        lacks=("tasks", "names_days"), counts=True,
    ),
    Wish(
        _named("看总数"), _ANYTHING, ("several",), _command(lookups.status, lambda said: said.letters), leaders=True,
        lacks=("tasks", "names_days", "units", "but"), counts=True,
    ),
    Wish(_named("看清单"), asked_lists.EVERY_ONE, (), _command(lookups.show_list, _nothing), leaders=True, lacks=("tasks",)),
    Wish(
        lambda said: f"看{shorten(said.query, 20)}", asked_lists.ASKS, ("query",), _command(lookups.show_list, lambda said: said.query),
        leaders=True, lacks=("tasks",), counts=True,
    ),
    Wish(
        lambda said: f"看{said.letters}", _SAY("{undone}"), ("campaigns",), _command(lookups.show_list, lambda said: said.letters),
        leaders=True, lacks=("tasks", "units", "names_days"), counts=True,
    ),
    Wish(
        lambda said: f"看专项{said.letters}", _SAY("{how_units_do}|{in_all}|完成率|办结率|统计|[到干]哪|如何|怎样"), ("campaigns",),
        _command(lookups.status, lambda said: said.letters), leaders=True, lacks=("tasks", "units", "names_days"), counts=True,
    ),
    Wish(
        lambda said: f"看{said.letters}", asked_lists.ASKS, ("campaigns",), _command(lookups.show_list, lambda said: said.letters),
        leaders=True, lacks=("tasks", "units", "names_days"), counts=True,
    ),
    Wish(_named("看清单"), _SAY("^(?:{wants}|查|看|把|一下|的)*{list_of}的?(?:任务)?清单|清单.*{list_of}$"), (),
         _command(lookups.show_list, wished.campaign_of), leaders=True),
    Wish(
        _named("看没办完的"), _SAY("(?=.*{who})(?=.*{undone})|还?[剩差]下?(?:了|的|多少|几|哪).{0,4}[项个件条没]"), (),
        lambda turn, said: wished.left(turn, said), leaders=True, counts=True,
    ),
    Wish(
        _named("看记分"), re.compile("记分|得分|扣分|排个?名|排行|谁(?:最|做得)|最(?:差|好|慢|拖)"), (),
        _command(scores.look, lambda said: "".join(wished.MONTH.findall(said.text)[:1])), leaders=True,
    ),
    Wish(
        _named("看总数"), _SAY("{rate}|^{sum_up}[吧。]*$|各单位.{0,6}情况|{now}.{0,4}(?:进度|{so_far})|{in_all}.{0,8}{how}|{done}了?(?:几|多少)"), (),
        _command(lookups.status, _nothing), leaders=True, lacks=("names_days",), counts=True,
    ),
)  # fmt: skip
"""The first that fits is what is meant, the next one what else may be."""
