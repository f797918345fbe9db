"""Units and their roles, from the texts of cells and brackets: 市应急管理局牵头，市住建局、市市场监管局配合."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field

from db.words import Role
from jobs.reading.likely import looks_like_unit
from jobs.reading.marking import in_one_way
from jobs.reading.naming import names, split
from jobs.reading.verbs import DOES


@dataclass(slots=True)
class Standing:
    """Who stands how to a task, in the printed order; ``open_ended`` when a list ends in 等."""

    lead: list[str] = field(default_factory=list)
    responsible: list[str] = field(default_factory=list)
    assist: list[str] = field(default_factory=list)
    implied: list[str] = field(default_factory=list)
    open_ended: bool = False

    def of(self, role: Role) -> list[str]:
        """Return the list of one role."""
        return {Role.LEAD: self.lead, Role.RESPONSIBLE: self.responsible, Role.ASSIST: self.assist}[role]

    def add(self, role: Role, names: Iterable[str]) -> None:
        """Add names to a role, each once."""
        there = self.of(role)
        there += [name for name in dict.fromkeys(names) if name not in there]

    def take(self, other: "Standing") -> None:
        """Add everybody of another standing."""
        for role in Role:
            self.add(role, other.of(role))
        self.implied += [name for name in other.implied if name not in self.implied]
        self.open_ended = self.open_ended or other.open_ended

    @property
    def everybody(self) -> list[str]:
        """All names, lead first, each once."""
        return list(dict.fromkeys([*self.lead, *self.responsible, *self.assist]))


# ---------------------------------------------------------------- names


# ---------------------------------------------------------------- roles

_BODY = r"(?:单位|部门|处室|科室|股室|机构|主体|地区|站办|站所|办所|股所|警种|中心|[支大中]队|班组|车间|方|者)"
_LABELS = (
    (
        Role.ASSIST,
        rf"[\u4e00-\u9fff]{{0,4}}?(?:配合|(?<!政)协办|协助|参与|协同|参[加演训]|支持|联办|会办|共同)[\u4e00-\u9fff]{{0,4}}?{_BODY}|(?:配合|(?<!政)协办|协助|参与|协同|参加|会办|共抓|支撑)|(?:会商|共抓|支撑|技术支撑)单位|(?<=[；;，,])成员单位",
    ),
    (
        Role.LEAD,
        rf"[\u4e00-\u9fff]{{0,4}}?(?:牵头|主责|主办|主要责任|第一责任|组长|召集)[\u4e00-\u9fff]{{0,4}}?{_BODY}|(?:总)?牵头(?:抓总)?|抓总|主办|主抓|主抓单位|统筹(?:协调|推进)?(?:单位|部门)?",
    ),
    (
        Role.RESPONSIBLE,
        rf"[\u4e00-\u9fff]{{0,4}}?(?:责任|承办|落实|实施|建设|业主|整改|主管|负责|执行|办理|承担|完成|(?<!党)组织|举办|演练|培训)[\u4e00-\u9fff]{{0,4}}?{_BODY}|负责|责任|责任分工|任务分工|承办|经办|(?:归口|认领|分办|跟进|对口|受理|属地)(?:单位|部门)|交办对象|(?:属地|主体)责任",
    ),
)
"""What a label says of those it names, whatever its wording: 协同责任单位, 牵头负责部门, 其他责任单位."""
_LABEL_WORDS = "|".join(f"(?P<{role}>{words})" for role, words in _LABELS)
_LABELLED = re.compile(
    rf"(?:^|(?<=[，,；;。\s（(、】）)—]))(?!各)(?:{_LABEL_WORDS})\s*(?:[（(][^（）()]{{0,12}}[）)])?\s*[:：]|[【\[〔［](?:{_LABEL_WORDS.replace('?P<', '?P<b')})[:：]?[】\]〕］]\s*[:：]?"
)

_ROLE_WORDS = (
    (Role.LEAD, re.compile(r"牵头")),
    (
        Role.ASSIST,
        re.compile(
            r"(?:配合|协助|(?<!政)协办|会办|参与|协同|参加|(?:给予|提供|予以)(?:大力|积极)?支持|(?<![负督总][责促抓])(?<!跟踪)(?:业务|技术)?指导)(?:落实|实施|做好)?$"
        ),
    ),
    (
        Role.RESPONSIBLE,
        re.compile(
            r"(?:负责|落实|分工|实施|承担|执行|办理|承办|经办)(?:负责|落实|实施|督促|监管|指导|监督|协调|组织|推进|督导|督办|执行)?$|(?:跟踪|跟进|盯办)(?:督办|落实|问效)?$"
        ),
    ),
)
_IMPLIED = re.compile(
    r"以下(?:各项|各条|任务|内容|工作|政策|措施|事项|条款|举措|涉及)*(?:均|都|还)?(?:需要?|由|须|应|涉及)?(?P<who>(?:(?!以下).)+?)(?:共同)?(?:负责)?(?:落实|负责|配合)$"
    r"|^(?:具体|各项|其[他余]|后续|上述|有关)*(?:任务|工作|措施|事项)(?:内容)?(?:均|都)涉及(?P<all>.+)$"
)
_SAID_BESIDE = re.compile(r"不再|下同|列出|赘述|另行|不一一|未列|为牵头单位$")
"""What a bracket says of itself and not of units: 以下各项不再一一列出, 下同."""


def label_at(text: str, begin: int = 0) -> int | None:
    """Return where the first label of units begins, at ``begin`` or after it."""
    found = _LABELLED.search(text, begin)
    return found.start() if found else None


def by_label(text: str) -> Standing | None:
    """Read 牵头单位：…；责任单位：… ; None where no such label stands.

    Roles that are said inside a label go before it: 责任单位：甲牵头，乙参加.
    """
    found = list(_LABELLED.finditer(text))
    if not found:
        return None
    standing = Standing()
    for match, following in zip(found, [*found[1:], None], strict=True):
        role = next(role for role in Role if match[str(role)] or match[f"b{role}"])
        body = _until_other_label(text[match.end() : following.start() if following else len(text)])
        standing.take(_of_body(body.strip("；;。，, \n"), role))
    return standing


def _of_body(body: str, role: Role) -> Standing:
    """Read what stands after a label: its units, and what a later sentence says of all following items."""
    standing = Standing()
    kept = []
    for at, sentence in enumerate(split(body, "。")):
        clauses = split(sentence, "，,；;")
        if at and not any(map(looks_like_unit, names(sentence)[0])):
            continue  # what is to be done by when: 。一季度完成方案，10月底前销号
        implied = [found for clause in clauses if (found := _IMPLIED.search(clause.strip()))]
        standing.implied += [name for found in implied for name in names(found["who"] or found["all"])[0]]
        kept.append(
            "，".join(
                clause
                for place, clause in enumerate(clauses)
                if not (place and _says_no_unit(clause))
                and not _IMPLIED.search(clause.strip())
                and not _SAID_BESIDE.search(clause)
            )
        )
    standing.take(_of_units("。".join(kept).strip("。，"), role))
    return standing


def _says_no_unit(clause: str) -> bool:
    """Tell whether a clause behind the units of a label says what is to be done, or when, and names none."""
    told = _TELLS.match(clause) or SAYS_WHEN.match(clause) or _DATED.search(clause)
    return told is not None and not looks_like_unit(clause)


_DATED = re.compile(r"\d{1,2}月(?:\d{1,2}[日号]|[底末初上中下])|[月年季][底末][前完]|每[月周季]")
SAYS_WHEN = re.compile(
    r"\s*(?:(?:务必)?[于在自从至到]?\d|每[年月季周半日天旬]|即日|全年|年[底内末中]|[今明本]年|第?[一二三四1-4]季度|[上下]半年|长期|持续|立即)"
)
"""责任单位：市政所，5月15日前: what stands behind the units of a label may say when."""
_TELLS = re.compile(rf"(?:并|同时)?(?:{DOES})")
"""责任科室：市政科，督促3家企业于…: what follows the units of a label is no name."""
_OTHER_LABEL = re.compile(
    r"(?<![；;，,。\s])[；;，,。\s]*(?:[\u4e00-\u9fff]{2,8}\s?[:：]|[【\[〔［][\u4e00-\u9fff]{2,8}[】\]〕］])"
)


def _until_other_label(body: str) -> str:
    other = _OTHER_LABEL.search(body)
    return body[: other.start()] if other else body


def by_words(text: str) -> Standing | None:
    """Read A牵头，B、C配合 ; None where nobody is said to do anything."""
    standing = Standing()
    waiting: list[str] = []
    said = False
    for segment in split(_parted_by_role(text), "，,；;。"):
        segment = segment.strip().strip("、/／")
        implied = _IMPLIED.search(segment)
        if implied:
            standing.implied += names(implied["who"] or implied["all"])[0]
            continue
        if _SAID_BESIDE.search(segment):
            continue
        role = _role_of(segment)
        listed, open_ended = names(segment)
        standing.open_ended = standing.open_ended or open_ended
        if role is None and LOOKS_ON.search(segment):
            continue  # 市纪委监督: not who owes it
        if role is None:
            waiting += [name for name in listed if looks_like_unit(name)]
            continue
        if said and role is Role.LEAD:  # 甲牵头、乙；丙牵头、丁: who waits stands beside the one before
            standing.add(Role.RESPONSIBLE, waiting)
            waiting = []
        said = True
        alone = role is Role.ASSIST and not standing.everybody  # 甲统筹，乙配合: who stands before owes the duty
        standing.add(Role.RESPONSIBLE if alone else role, waiting)
        standing.add(role, listed)
        waiting = []
    if waiting and said:
        standing.add(Role.RESPONSIBLE, waiting)
    return standing if said else None


_ENDS_ROLE = re.compile(
    r"(?P<role>(?:牵头|主责|主办|负责|承办|落实|实施|配合|协助|(?<!政)协办|会办|参与|参加|指导)(?:负责|落实|实施|组织|抓总|做好)*)[、/／ \u3000\xa0]+(?=[\u4e00-\u9fff\d])(?!牵头|主责|主办|负责|承办|落实|实施|组织|配合|协助|协办|会办|参与|参加|指导|单位|部门)"
    r"|(?P<leads>牵头|主办)(?=[省市县区州旗各][^、，,；;。]{1,20}(?:配合|协助|(?<!政)协办|会办|参与|参加))"
)
"""甲牵头、乙配合; 甲牵头 乙配合; 甲牵头乙配合: behind a role others are named, with whatever stands between."""


def _parted_by_role(text: str) -> str:
    return _ENDS_ROLE.sub(lambda match: f"{match['role'] or match['leads']}，", text)


LOOKS_ON = re.compile(r"(?:监督|督办|督查|督导|验收|考核)$")


def _role_of(segment: str) -> Role | None:
    for role, pattern in _ROLE_WORDS:
        if pattern.search(segment):
            return role
    return None


_MARK = re.compile(
    r"[（(](?P<said>[^（）()]{0,2}(?:牵头|主责|主办|配合|(?<!政)协办|协助|参与|参加|负责|责任|落实|实施|承办|属地|指导)[^（）()]{0,4}|[主牵辅配协次])[）)]"
)


_IN_FULL = {"主": "牵头", "牵": "牵头", "辅": "配合", "配": "配合", "协": "配合", "次": "配合", "责": "责任"}
_ABBREVIATED = re.compile(rf"(?:^|(?<=[；;\n，,]))[^\S\n]*(?P<role>[{''.join(_IN_FULL)}])[:：]")
"""主：县教育局；辅：南山镇: labels of a cell of which a character is left."""


def of_cell(text: str, role: Role) -> Standing:
    """Read a table's cell under a heading of ``role``; labels and role words inside it go before the heading."""
    text = in_one_way(_ABBREVIATED.sub(lambda match: f"{_IN_FULL[match['role']]}单位：", text))
    labelled, begin = by_label(text), label_at(text)
    if labelled is None or begin is None:
        return _of_units(text, role)
    before = text[:begin].strip("；;，, \n")
    standing = _of_units(before, role) if before else Standing()
    standing.take(labelled)
    return standing


_PART_ROLE = re.compile(
    r"(?:牵头|主责|主办|配合|协助|(?<!政)协办|会办|参与|参加)(?:负责|落实|实施|组织|督导|抓总|做好)*$"
)


_ROLE_BRACKET = re.compile(r"[（(]([^（）()]{2,60}(?:牵头|主办|配合|协助|(?<!政)协办|会办|参与|参加))[）)]")
"""县环保办（县规建局配合）, 甲、乙（由乙牵头）: the bracket names others, or some of those before it, and their role."""


def _of_units(text: str, role: Role) -> Standing:
    text, standing = _parted_by_role(in_one_way(text)), Standing()
    for match in list(_ROLE_BRACKET.finditer(text)):
        beside = by_words(match[1])
        if beside is not None and beside.everybody and all(map(looks_like_unit, beside.everybody)):
            standing.take(beside)
            text = text.replace(match[0], "")
    if standing.everybody:
        others = _of_units(text, Role.RESPONSIBLE if standing.lead and role is Role.LEAD else role)
        for one in Role:
            standing.add(one, [name for name in others.of(one) if name not in standing.everybody])
        standing.open_ended = standing.open_ended or others.open_ended
        return standing
    if _MARK.search(text):
        return _by_marks(text, role)
    for segment in split(text, "；;\n") if _ROLE_SAID.search(text) else [text]:
        parts = [part.strip() for part in split(segment, "，,。") if part.strip()]
        if len(parts) > 1 and any(_PART_ROLE.search(part) for part in parts):
            told = by_words(segment)
            if told is not None:
                standing.take(told)
                continue
        said = _role_of(segment.strip())
        listed, open_ended = names(segment)
        standing.add(said if said in (Role.LEAD, Role.ASSIST) else role, listed)
        standing.open_ended = standing.open_ended or open_ended
    return standing


_ROLE_SAID = re.compile(r"牵头|配合|协助|(?<!政)协办|参与|参加")


_ASSIST = re.compile(r"配合|协办|协助|参与")


def mixed_cell(text: str, heading: str = "") -> Standing:
    """Read a cell under a heading such as 牵头及配合单位: without words that say so, the first named leads; below 牵头/配合单位
    those before a stroke.
    """
    rest = Role.ASSIST if _ASSIST.search(heading) else Role.RESPONSIBLE
    sides = re.split(r"[/／]", text)
    if len(sides) == 2 and re.search(r"[/／]", heading):
        standing = of_cell(sides[0], Role.LEAD)
        standing.take(of_cell(sides[1], rest))
        return standing
    standing = of_cell(text, Role.RESPONSIBLE)
    alone = 1 if rest is Role.RESPONSIBLE else 0  # below 牵头/配合单位 whoever stands alone leads
    if not standing.lead and not standing.assist and len(standing.responsible) > alone:
        others = standing.responsible[1:]
        standing.lead, standing.responsible = standing.responsible[:1], []
        standing.add(rest, others)
    return standing


_MARKED_NAME = re.compile(
    r"(?P<name>.{2,40}?)[（(](?P<said>牵头|主办|配合|协助|(?<!政)协办|会办|参与|参加)(?:单位|部门)?[）)]"
)


def as_marked(standing: Standing) -> Standing:
    """Return a standing with each name in the role that a mark behind it gives: 县气象局（参与）：…"""
    if not any(_MARKED_NAME.fullmatch(name) for name in standing.everybody):
        return standing
    told = Standing(open_ended=standing.open_ended, implied=standing.implied)
    for role in Role:
        for name in standing.of(role):
            mark = _MARKED_NAME.fullmatch(name)
            told.add(_marked_role(mark["said"]) or role if mark else role, [mark["name"] if mark else name])
    return told


def by_marks(text: str) -> Standing | None:
    """Read a bracket in which a mark beside a name gives its role, 甲（牵头）、乙、丙; None where none does, or words give roles."""
    if not _MARK.search(text) or by_words(_MARK.sub("", text)) is not None:
        return None
    return _by_marks(text, Role.RESPONSIBLE)


def _by_marks(text: str, role: Role) -> Standing:
    """Read 省应急厅（牵头）、省公安厅、省交通厅（配合）: after the lead, a mark holds for the unmarked before it too."""
    standing = Standing()
    waiting: list[str] = []
    if role is Role.LEAD and any(_marked_role(mark["said"]) is Role.LEAD for mark in _MARK.finditer(text)):
        role = Role.RESPONSIBLE  # below 牵头单位, 甲（牵头）、乙 says itself who does not lead
    for piece in split(text, "、，,；;\n"):
        mark = _MARK.search(piece)
        said = _marked_role(mark["said"]) if mark else None
        listed, open_ended = names(_MARK.sub("", piece))
        standing.open_ended = standing.open_ended or open_ended
        if said is None:
            waiting += listed
        elif said is Role.LEAD:
            standing.add(role, waiting)
            standing.add(said, listed)
            waiting = []
        else:
            standing.add(said, [*waiting, *listed] if standing.lead else listed)
            if not standing.lead:
                standing.add(role, waiting)
            waiting = []
    standing.add(role, waiting)
    return standing


def _marked_role(said: str) -> Role | None:
    if re.search("牵|主责|主办|^主$", said):
        return Role.LEAD
    return Role.ASSIST if re.search("配|协|辅|^次$|参[与加]|指导", said) else Role.RESPONSIBLE
