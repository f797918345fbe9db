"""Who has which role by the words of a sentence: 由甲牵头，乙配合; and who owes which part of a text."""

import re
from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from db.words import Role
from jobs.reading.acting import ACTS, is_anybody
from jobs.reading.clauses import SENTENCE, clauses
from jobs.reading.deadlines import Deadline
from jobs.reading.due import SEVERALLY
from jobs.reading.likely import is_called, looks_like_unit
from jobs.reading.naming import names
from jobs.reading.owing import ANOTHER, LOOKS_ON, SHARED_DAY, is_all_at_once
from jobs.reading.subjects import (
    LEADS_OTHERS,
    NUMBERED,
    Others,
    has_subject,
    joined_by,
    subject_of,
)
from jobs.reading.units import Standing, by_label, of_cell

_INLINE = re.compile(
    r"^(?:由|请)?(?P<who>.{2,80}?)(?:(?:要|应当?|须)(?=牵头|主办))?(?:负责|具体|派员|派人|积极|密切|共同|全程|全力|联合|总|加强|做好|提供|给予|业务|技术){0,3}(?:(?P<role>牵头|负总责|主办|总抓|抓总|统筹|配合|协助|(?<!政)协办|会办|分办|参与|协同|参加|支持|指导)(?:负责|组织|实施|落实|做好|抓总|推进|调度|协调)*$|(?P<leads>牵头|主办)(?!单位|部门|人|领导|的|作用)\S|(?P<helps>配合|协助)(?!单位|部门|的|不|度)[\u4e00-\u9fff]{2})"
)
_LEADS = ("牵头", "负总责", "主办", "总抓", "抓总", "统筹")
_IS = re.compile(
    r"^(?:[^，,；;。：:]{2,20}[：:])?(?P<who>.{2,60}?)(?:为|是|作为|任)(?:[^，,；;。：:为是]{2,24}的)?(?:本项|该项|此项|这项)?(?:工作|任务)?的?(?P<label>[\u4e00-\u9fff]{0,6}(?:单位|部门|主体)|总?牵头|主办)$"
)
"""县医保局为第一责任单位: what a label says, said of them."""
_SAID_OF = re.compile(
    r"^(?P<label>[\u4e00-\u9fff]{0,4}(?:牵头|责任|配合|协办|承办|主办|落实|实施)(?:单位|部门))(?:为|是|由)?(?P<who>[^:：为是]{2,80})$"
)
"""牵头单位为县禁毒办, 责任单位县公安局: a label whose colon is a word, or was left out."""
_BY = re.compile(
    r"^(?:[^，,；;。由]{0,30})由(?P<who>.{2,80}?)(?:共同|具体|分别)?(?:负责|承办|承担|办理|组织实施|落实)(?:组织|具体|实施|落实|办理|推进|抓好|做好)*(?P<others>(?<=组织)[^，,：:]{2,20}?(?:实施|落实))?$"
)
_ALONE = re.compile(
    r"^(?P<who>[^，,：:]{2,80}?)(?:具体|共同|分别|分头|统筹)?(?:各负其责|负责|承办)(?:组织|具体|实施|落实|办理|推进|抓好|做好)*(?P<others>(?<=组织)[^，,：:]{2,20}?(?:实施|落实))?$"
)
"""市委党校负责."""
_WITH = re.compile(
    r"^(?:并)?(?:会同|联合|商|会(?=[省市县区州]))(?P<who>.{2,80}?)(?:共同)?(?:研究|研处|研办|办理|落实|处理)?$"
)
_EACH_HIS_OWN = re.compile(
    r"^(?P<who>.{2,80}?)(?:按照?|依据?|根据)(?:各自)?(?:工作)?(?:职责|职能)(?:分工|任务)?(?:抓好|做好|负责|认真|组织|推进|实施|落实|具体)+$"
)
"""After who leads: 市气象局、市水利局按各自职责抓好落实."""
_LENDS = re.compile(
    r"(?:并|同时|统一)?(?:抽调|选派|从(?=[^，,；;。：:]{2,80}抽调))(?P<who>[^，,；;。：:]{2,80}?)(?:各?(?:\d{1,2}|[一二两三四五六七八九十]{1,2})名)?(?:的?(?:(?:精干|专业|业务|相关|有关)*(?:骨干|力量|人员|干部|专人|工作人员)))?(?:抽调[^，,；;。：:]{0,12}?)?(?:共同|联合)?(?:组成|成立|组建)[^，,；;。：:]{0,16}$"
)
"""After who leads: 抽调甲、乙业务骨干组成专班, 从甲、乙抽调人员成立核查组."""
LENT = "抽调人员的单位按配合单位处理，请核对"
_CARRIES_OUT = re.compile(
    r"^(?P<who>.{2,80}?)(?:(?:负责)?(?:具体|组织|分头|分别|协同)(?:抓好)?(?:实施|落实|推进)|抓好?落实|抓好实施|包干落实)$"
)
"""After who leads: 各乡镇具体实施, 各街道抓落实."""
_PASSED_ON = re.compile(
    r"^(?:请|转|送|批转|转请)(?P<who>.{2,60}?)(?:阅处|阅办|阅研|研处|研办|核处|办理|牵头办理|抓好落实|认真落实|落实|处理)$"
)
"""What is written on a paper: 转县住建局阅处."""
_SAID = re.compile(r"^[^，,；;。：:]{0,60}(?:批示|要求|指示|决定|议定|明确|强调|指出|意见)[:：]")
"""李副市长在《…》上批示：…: what comes before the words that give a role."""
_ABOUT = re.compile(rf"(?:{NUMBERED})?[^，,：:。；;]{{2,30}}[：:](?=[\u4e00-\u9fff])")
"""网络餐饮：餐饮科牵头: what it is about stands before the colon."""
_MARKED = re.compile(
    r"^(?:由|请)?(?P<who>[^，,：:。；;]{2,80}[（(](?:前者|后者)?(?:牵头|主办|主责|配合|协助|参与|协办)(?:单位)?[）)])"
)
"""县农业局（牵头）、县水利局（配合）."""
_HAS_DAY = re.compile(
    r"(?P<mark>[（(](?:牵头|主办|配合|协助|参与|协办))?(?(mark)[，,、]|[（(])[^（）()，,、；;]{0,12}(?:\d|月|季度)[^（）()，,、；;]{0,6}[前底末日内](?P<shut>[）)])(?=、|$|[\u4e00-\u9fff])"
)
"""县农业局（5月底前）、县水利局（配合，6月底前）: the day beside each name is none of its role."""
_NOTE = re.compile(r"(?<=[负实落办推组][责施实理进织])[（(][^（）()]{2,40}[）)]$")
"""各学校负责落实（分校由总校统筹）: what is noted behind the words that give a role."""
_BEFORE = re.compile(rf"^(?:{NUMBERED})?(?:[^，,；;。由]{{0,30}}由)?")


@dataclass(frozen=True, slots=True)
class Roles:
    """Who has which role in the sentence that begins at ``start`` (inclusive) and ends at ``end`` (exclusive)."""

    start: int
    end: int
    standing: Standing


def roles(text: str) -> list[Roles]:
    """Return what sentences say of roles: 由甲牵头，乙、丙配合，于8月底前…; 由丁负责."""
    found = []
    for sentence in SENTENCE.finditer(text):
        standing, listed = Standing(), list[str]()
        for at, clause in clauses(sentence[0]):
            had = {role: len(standing.of(role)) for role in Role}
            _add_role(standing, clause.strip())
            told = next((role for role in Role if len(standing.of(role)) > had[role]), None)
            if told:  # 甲、乙，丙按职责分工负责: those before the comma do, too
                standing.of(told)[had[told] : had[told]] = [name for name in listed if name not in standing.everybody]
            listed = [] if told else [*listed, *_closing(clause.strip())]
            standing.add(Role.ASSIST, joined_by(clause.strip()) if standing.everybody else ())
            if at and sentence[0][at + len(clause) : at + len(clause) + 1] in "；;":
                standing.add(Role.RESPONSIBLE, _closing(clause.strip()))
        if standing.lead or standing.responsible:
            found.append(Roles(sentence.start(), sentence.end(), standing))
    return found


_HOSTS = re.compile(r"(?:主办|牵头|承办|责任)(?:单位|部门)")
_HELPS = re.compile(r"(?:会办|分办|协办|配合|参与)(?:单位|部门)")
BY_ROLE = re.compile(f"{_HOSTS.pattern}|{_HELPS.pattern}")
NOT_SAID = "这一期限由谁办理没有写明，请核对"
_OFFICES = re.compile(r"(?:[局委科处厅镇乡]|办|公司|集团|中心|[支大]队|管委会|街道|管站)$")


_SAYS_MORE = re.compile(r"[将把于前后送由对在按向给与让使]|报(?!社)|交(?![警通运投管易])|\d")


def _closing(clause: str) -> list[str]:
    """Return the offices that a last clause is and nothing else: 5月10日前摘牌，资规局；…"""
    clause = _dayless(clause)
    listed = names(clause)[0] if len(clause) <= 40 else []
    whole = "、".join(listed) == clause and not _SAYS_MORE.search(clause)
    whole = whole and all(_OFFICES.search(name) and looks_like_unit(name) for name in listed)
    return listed if whole else []


_LOOKED_AT_BY = re.compile(
    r"[^，,。；;由]{0,6}(?:验收|监督|检查|考核|督办|督查|复核|审核|把关|跟踪)[^，,。；;由]{0,4}由"
)
"""4月底完工，验收由工程股负责: whoever looks whether it was done does not owe it by the day before."""
_PART = re.compile(r"(?:[^。！!？?\n；;（(]|[（(][^（）()]*[）)]?)+")
"""What stands between full stops and semicolons, which those in brackets are not."""


@dataclass(slots=True)
class _Group:
    """Who is named together: from ``start`` on, in the part that begins at ``part``; ``told`` where by their role."""

    part: int
    start: int
    who: list[str]
    told: bool
    joined: bool = False
    """Whether who stands beside them was told something else: whose the next day is, nobody says."""
    dated: bool = False
    """Whether a day stands in the clause that tells them so."""
    leads: bool = False
    """Whether all that is said of them is that they lead: then the days of those behind them are theirs, too."""


_ONLY_LEADS = re.compile(r"(?:牵头|抓总|统筹|负总责|主办)(?:负责|抓总|组织|统筹|协调|推进|实施|落实)*$")


class Shares:
    """Who owes which day of a text: …由甲负责，6月底前…；乙牵头，7月底前…，丙于8月底前… binds each day to whoever is named last
    before it, or first behind it where it opens its part.

    Whoever is told to act besides, without a day, is added to the standing, and to whoever stands before in the same part.
    """

    def __init__(self, text: str, standing: Standing, dated: Sequence[Deadline], offset: int = 0) -> None:
        """Look through ``text``, which begins at ``offset``; ``standing`` is what all of it says of roles."""
        self._text, self._dated, self._offset = text, dated, offset
        self._groups: list[_Group] = []
        self._others = Others(text)
        self._waiting: _Group | None = None
        everybody, days = list(standing.everybody), sorted(one.start for one in dated)
        for part in _PART.finditer(text):
            own = Standing()
            for at, clause in clauses(part[0]):
                start = part.start() + at + offset
                opened = part.start() + offset if at and not self._heard(part.start() + offset) else start
                has_day = bisect_left(days, opened) < bisect_left(days, start + len(clause))
                self._hear(own, clause.strip(), part.start() + offset, start, has_day, closes=part[0].endswith(clause))
            standing.add(Role.ASSIST, [name for name in own.assist if name not in standing.everybody])
        for group in self._groups:
            standing.add(Role.RESPONSIBLE, [name for name in group.who if name not in standing.everybody])
        self._take_for_whom_it_means(standing)
        named = {name for group in self._groups for name in group.who}
        for group in self._groups:
            group.who += [name for name in everybody if name not in named]
        self._days = Counter(id(self._of(one)) for one in dated)

    def of(self, one: Deadline) -> tuple[str, ...] | None:
        """Return who owes what falls due by a deadline; None where all of them do."""
        group = self._of(one)
        alone = group and len(self._groups) > 1 and not self._all_at_once(one, group)
        return tuple(dict.fromkeys([*self._leading(group), *group.who])) if group and alone else None

    def _leading(self, group: _Group) -> list[str]:
        """Return who was said before a group, and nothing else of them, to lead: 甲牵头，乙年底前完成."""
        before = (other for other in self._groups if other.leads and other.start < group.start)
        leading = [other for other in before if not self._days[id(other)]]
        return [] if group.leads or not leading else leading[-1].who

    def _all_at_once(self, one: Deadline, group: _Group) -> bool:
        """Tell whether all who were told something before a day, the first of the text, hand it in together by then."""
        start, end = one.start - self._offset, one.end - self._offset
        first = all(other.start >= one.start for other in self._dated) and group is not self._groups[0]
        return first and is_all_at_once(self._text, group.start - self._offset, start, end)

    def _take_for_whom_it_means(self, standing: Standing) -> None:
        """Take 主办单位 and 会办单位 for those that the text itself says host and assist."""
        meant = {
            name: who
            for name in standing.everybody
            for pattern, who in (
                (_HOSTS, [one for one in standing.lead or standing.responsible if not BY_ROLE.fullmatch(one)]),
                (_HELPS, [one for one in standing.assist if not BY_ROLE.fullmatch(one)]),
            )
            if who and pattern.fullmatch(name)
        }
        if not meant:
            return
        for group in self._groups:
            group.who = list(dict.fromkeys(one for name in group.who for one in meant.get(name, [name])))
        for role in Role:
            listed = standing.of(role)
            listed[:] = [name for name in listed if name not in meant]

    def doubt(self, one: Deadline) -> str | None:
        """Say why a person should look whose a day is: another unit is named before it, or several owe it severally."""
        group = self._of(one)
        if group is None:
            first = self._groups[0].part if self._groups else len(self._text)
            dated_itself = any(other.start >= first > one.start for other in self._dated)
            return NOT_SAID if len(self._groups) > 1 or dated_itself else None
        if self._all_at_once(one, group):
            return SHARED_DAY
        if group.start > one.start:
            return NOT_SAID if _LOOKED_AT_BY.match(self._text, group.start - self._offset) else None
        start, end = group.start - self._offset, one.start - self._offset
        before = self._text[start:end]
        stop = re.search("[，,；;]", before)
        behind = start + stop.end() if stop else end
        if self._others.are_named(behind, end, group.who) or (group.joined and not has_subject(self._clause_of(one))):
            return ANOTHER
        return SEVERALLY if min(self._days[id(group)], len(group.who)) > 1 and "分别" in before else None

    def _clause_of(self, one: Deadline) -> str:
        at = one.start - self._offset
        return self._text[max(self._text.rfind(mark, 0, at) for mark in "，,；;。") + 1 :]

    def _heard(self, part: int) -> bool:
        """Tell whether anybody was named in a part yet: else its subject owes the day before it, too."""
        return bool(self._groups) and self._groups[-1].part == part

    def _hear(self, own: Standing, clause: str, part: int, start: int, has_day: bool, *, closes: bool) -> None:
        before = own.everybody
        _add_role(own, clause)
        roles_said = [name for name in own.everybody if name not in before]
        last = self._groups[-1] if self._groups else None
        closing = _closing(clause) if closes and start > part else []
        roles_said = roles_said or closing
        leads = bool(set(roles_said) & set(own.lead))
        apart = has_day and (_HAS_DAY.search(clause) or (leads and last and last.dated))
        same = last and not apart and (set(roles_said) <= set(own.assist) or (last.told and last.part == part))
        if roles_said and last and same:
            last.who += roles_said
            return
        if roles_said:
            leads = bool(_ONLY_LEADS.search(clause)) and set(roles_said) <= set(own.lead) and not has_day
            self._groups.append(_Group(part, start, roles_said, told=True, leads=leads, dated=has_day))
            return
        led = last is not None and LEADS_OTHERS.match(clause)
        who = [] if led else subject_of(clause)
        waiting, self._waiting = self._waiting, None
        if not who and has_day and waiting and waiting.part == part and (last is None or last.part != part):
            self._groups.append(waiting)  # 甲、乙联合执法，每周不少于1次
        elif who and not is_anybody(who) and not LOOKS_ON.search(clause):
            self._waiting = _Group(part, start, list(who), told=False)
        if who and has_day:
            self._groups.append(_Group(part, start, list(who), told=False))
        elif who and ACTS.search(clause) and not LOOKS_ON.search(clause) and not is_anybody(who):
            if last and last.part == part:
                last.who += who
                last.joined = True
            else:
                self._groups.append(_Group(part, start, list(who), told=False))

    def _of(self, one: Deadline) -> _Group | None:
        place = bisect_right(self._groups, one.start, key=lambda group: group.start)
        before, following = self._groups[max(0, place - 1) : place], self._groups[place : place + 1]
        if following and following[0].part <= one.start and (not before or before[0].part < following[0].part):
            return following[0]
        return before[0] if before else None


def lends(text: str) -> bool:
    """Tell whether a text says after who leads from whom it takes people: 甲牵头，抽调乙、丙人员组成专班."""
    return any(
        _LENDS.match(clause.strip()) for sentence in SENTENCE.finditer(text) for _at, clause in clauses(sentence[0])
    )


def assisting(text: str) -> list[str]:
    """Return who is said to assist where nobody is said to lead: 市城管局6月底前完成整治，市公安局配合."""
    standing = Standing()
    for sentence in SENTENCE.finditer(text):
        for _at, clause in clauses(sentence[0]):
            _add_role(standing, clause.strip())
            standing.add(Role.ASSIST, joined_by(clause.strip()))
    return standing.assist


def names_somebody(text: str) -> bool:
    """Tell whether any sentence of a text says by its subject, or by words, who is to do something."""
    return any(has_subject(sentence[0]) for sentence in SENTENCE.finditer(text)) or bool(roles(text))


_DID = re.compile(r"(?:牵头|负责|主办|配合|协助)[^，,。；;]{0,6}了(?!解)")
"""市住建局牵头组织了3轮督导 tells of the past."""


def _add_role(standing: Standing, clause: str) -> None:
    if _DID.search(clause):
        return
    clause = _dayless(_NOTE.sub("", _SAID.sub("", clause)))
    if marked := _MARKED.match(_BEFORE.sub("", clause)):
        by_marks = of_cell(marked["who"], Role.RESPONSIBLE)
        if (by_marks.lead or standing.lead) and _all_called(by_marks.everybody):
            standing.take(by_marks)
            _add_unmarked(standing, marked.string[marked.end() :])
            return
    named = _IS.match(clause) or _SAID_OF.match(clause)
    if named is not None:
        said_of = by_label(f"{named['label']}：{named['who']}")
        if said_of is not None and all(looks_like_unit(name) for name in said_of.everybody):
            standing.take(said_of)
        return
    joined = _WITH.match(clause) if standing.lead else None
    lends = _LENDS.match(clause) if standing.lead else None
    theirs = _EACH_HIS_OWN.match(clause) or _CARRIES_OUT.match(clause) if standing.lead else None
    said = _INLINE.match(_BEFORE.sub("", clause))
    if (
        said is not None
        and said["role"] not in _LEADS
        and not said["leads"]
        and not standing.everybody
        and _BY.match(clause)
    ):
        said = None
    by = joined or lends or theirs or (None if said else _BY.match(clause) or _PASSED_ON.match(clause))
    alone = None if by or said else _ALONE.match(_BEFORE.sub("", clause))
    match = by or said or alone
    listed = names(match["who"])[0] if match else []
    if match is None or not listed or not _all_called(listed):
        if about := _ABOUT.match(clause):
            _add_role(standing, clause[about.end() :])
        return
    if by or alone:
        standing.add(Role.ASSIST if joined or lends else Role.RESPONSIBLE, listed)
    else:
        leads = match["leads"] or match["role"] in _LEADS
        hosts = (match["leads"] or match["role"]) == "主办" and bool(standing.lead)  # 甲牵头，乙主办
        standing.add(Role.RESPONSIBLE if hosts else Role.LEAD if leads else Role.ASSIST, listed)


def _dayless(clause: str) -> str:
    return _HAS_DAY.sub(lambda match: f"{match['mark']}{match['shut']}" if match["mark"] else "", clause)


def _add_unmarked(standing: Standing, rest: str) -> None:
    """Add who stands without a mark behind those with one: 甲（牵头）、乙、丙于5月底前完成."""
    if rest[:1] not in ("、", "和", "与", "及"):
        return
    had = len(standing.everybody)
    _add_role(standing, rest[1:])
    if len(standing.everybody) == had:
        standing.add(Role.RESPONSIBLE, [name for name in subject_of(rest[1:]) if name not in standing.everybody])


def _all_called(listed: list[str]) -> bool:
    """Tell whether all of a list are units: what stands beside one that is known is one as well, 人民银行、三大运营商."""
    known = sum(map(looks_like_unit, listed))
    return all(is_called(name) or (known and 2 < len(name) <= 8 and not ACTS.search(name)) for name in listed)
