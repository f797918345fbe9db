"""What the heading of a column says that the column holds."""

import re

from jobs.reading.deadlines import Deadline, Frame, read_deadline
from jobs.reading.deadlines.resolve import NO_YEAR

_COLUMNS = (
    (
        "number",
        re.compile(
            r"^(?:(?:问题|任务|事项|项目|隐患|措施|督办|交办|批示|建议|提案|信访|案件|工单|台账)?(?:序号|编号)|序|项号|号|No\.?|任务序号|任务编号|项次|顺序号?)$",
            re.IGNORECASE,
        ),
    ),
    (
        "other",
        re.compile(
            r"^上个?[周月季]|实际|完成(?:情况|进度|状态)|进展|(?:检查|排查|巡查|走访|发现|会议|研究|交办|销号|下达|下发|开具|印发|发文|接报|立案|受理|登记|填报|制表|反馈|上次|成立|发生|批复|通报|更新|统计|批示|收文|来[文电信]|投诉|诉求|签收|签发|审批|分办|派[发单]|转办|拍摄|录入|建档)(?:时间|日期)|"
            r"(?:督[办导查促]|交办|转办|下达|检查|巡查|发现|举报|反映|批示|监督|监管|监理|验收|核查|销号|填报|考核|考评|评分|评价|评估|审批|审核|审查|批准|抄送|抄报|主送|计量|检测|设计|施工|包联|挂联|挂钩|帮扶|结对|使用|用款|受益|受检|被检查|产权|来文|提出|移交|执法|发布|发文|制表|中标)(?:责任)?(?:单位|部门|机关|领导|处室)|(?:受检|被检查?|受查|督办|督查)(?:科室|股室|科|学校|企业|对象|乡镇|村)|(?:抽查|检查|监管|执法|培训|服务|受训|参训|适用|宣传|走访|慰问)(?:对象|范围)|"
            r"联系|电话|备注|未完成|(?:复查|整改|落实|办理|核查|验收|销号|督查|执行|反馈)(?:情况|结果|意见|结论)$"
        ),
    ),
    (
        "start",
        re.compile(
            r"(?:开工|启动|开始|起始|进场|动工)(?:时间|日期|时限|节点|年月)|^(?:启动|开始|开工|起始|动工)$|(?:时[间限]|期限|节点|计划|预计|安排).{0,6}(?:启动|开始|开工|起始|动工)$|^(?i:start(?:date)?)$"
        ),
    ),
    (
        "deadline",
        re.compile(
            r"时限|时间|期限|时段|节点(?!任务|内容|名称|目标|事项|工程)|进度安排|完成日期|截止|办结日|到期|日期|进度要求|工期|报结|(?:要求|计划|预计|拟)(?:完成|办结|回复|竣工|完工)(?:日)?$|^(?:结束|截止)(?:日期?|时间)?$|^(?i:deadline|due(?:date)?|enddate|eta)$"
        ),
    ),
    (
        "person",
        re.compile(
            r"^(?!.*(?:单位|部门)).*(?:(?:责任|整改|落实|承办|实施|完成)人(?!数)|(?:项目|现场|工程)(?:负责|经理)$|领导|联系人|负责人|联络员|经办人|组长|(?<!参加)(?<!参训)人员$|姓名|带班)"
        ),
    ),
    ("lead", re.compile(r"牵头|主责|主办|发起(?:单位|部门)|第一责任|主要责任单位|(?:组长|召集)单位")),
    ("assist", re.compile(r"配合|协办|协助|参与|协同|协作|会办|联办|参[加演训会与](?:单位|部门)|支持单位|指导单位")),
    (
        "responsible",
        re.compile(
            r"责任(?:单位|部门|主体|处室|科室|股室|科股室|者)?$|责任单位|责任部门|承办|落实单位|实施单位|实施主体|整改单位|整改主体|主管|负责(?:单位|部门)|单位$|部门$|[处科股]室$|责任分工|任务分工|(?<!细化)分工$|"
            r"^负责$|(?:实施|承办|执行|责任|落实|负责|整改|检修)(?:机构|班组)$|承担单位|执行单位|责任清单|责任(?:乡镇|镇街|[乡镇村]|街道|社区|县区|区县|车间|班组|企业)$"
        ),
    ),
    (
        "other",
        re.compile(
            r"^(?:组别|分组|小组|批次|班次)$|^(?:所在)?(?:区域|位置|部位|点位|场所|楼栋|楼层)$|标准|依据|来源|状态|佐证|成果|资金|目标值|说明|形式|完成标志|级别|地点|是否"
        ),
    ),
    (
        "problem",
        re.compile(
            r"隐患(?:描述|内容|问题|情况|名称|表现)|问题描述|存在问题|问题$|风险描述|隐患描述|问题表现|隐患内容|问题清单|问题和隐患|反馈问题|隐患$"
        ),
    ),
)
"""What a heading means; the first that fits decides. What is left is a task's text or its section."""

TASK_HEADINGS = (
    r"^[本下]个?[周月季]度?(?:重点)?(?:工作)?(?:计划|任务|安排|内容)$|细化(?:分工|任务|措施|举措|内容)|具体(?:任务|措施|举措|内容|工作|事项|要求)|分解任务|任务分解",
    r"任务|事项|措施|举措|内容|实事|工作$|做法|拟办|里程碑|手续",
    r"要求|项目|目标|工作|职责",
    r"名称|情况|标题|批示",
)
"""Headings of the column that holds the task, the surest first; of several the rightmost, which says it most closely."""

_SECTION_HEADINGS = re.compile(
    r"类别|分类|领域|治理措施|方面|板块|重点|项目|指标|环节|专项|任务|措施|目标|名称|内容|工作|行动|事项|问题|类型|一级|二级|大类|章节|部分|企业|县区|地区|部位|位置|点位|场所"
)

BESIDE = re.compile(r"要求|目标|标准|举措|措施|备注|说明|成果|下一步|(?:反馈|报送|上报|检查|验收)(?:时间|日期|时限)")
"""Headings of columns that are no deadline and may yet say by when something is to be done."""

BOTH = re.compile(r"(?:责任|单位|部门|分工).{0,4}[及和与、/].{0,6}(?:时限|时间|期限|节点)")
"""A heading of units and deadlines in one column."""

_TASK_AND_DAY = re.compile(r"(?:任务|内容|事项|措施|工作)[及和与、].{0,6}(?:时限|时间|期限|节点)")
"""A heading of a task that says in its own words when it is due."""

UNITS = ("lead", "responsible", "assist")

_MANY = {*UNITS, "mixed", "deadline", "start", "person", "other"}
"""Parts that several columns may have."""

LONGEST = 16


def columns_of(cells: tuple[str, ...]) -> dict[str, tuple[int, ...]]:
    """Return what the columns under these headings hold."""
    columns: dict[str, tuple[int, ...]] = {}
    rest: list[int] = []
    for place, cell in enumerate(cells):
        heading = plain_heading(cell)
        if not heading or len(heading) > LONGEST:
            continue
        meaning = _of_lines(cell) or meaning_of(heading)
        if meaning is None:
            rest.append(place)
        elif meaning in _MANY or meaning not in columns:
            columns[meaning] = (*columns.get(meaning, ()), place)
    members = [at for at in columns.get("responsible", ()) if "成员单位" in cells[at]]
    if "lead" in columns and members:
        columns["assist"] = (*columns.get("assist", ()), *members)
        columns["responsible"] = tuple(at for at in columns["responsible"] if at not in members)
        if not columns["responsible"]:
            del columns["responsible"]
    task = _task_column(cells, rest)
    if task is None and "problem" in columns:
        task = columns["problem"][0]
    if task is not None:
        columns["task"] = (task,)
        before = [place for place in rest if place < task and _SECTION_HEADINGS.search(plain_heading(cells[place]))]
        sections = before or [place for place in columns.get("problem", ()) if place < task]
        if columns.get("problem") == (task,):
            del columns["problem"]
        if sections:
            columns["section"] = (sections[-1],)
    return columns


ROLES = {
    **dict.fromkeys(("牵头", "主办", "主责", "主抓", "总牵头"), "lead"),
    **dict.fromkeys(("负责", "责任", "承办", "落实", "实施", "主体", "具体负责", "属地"), "responsible"),
    **dict.fromkeys(("配合", "协办", "协助", "协同", "参加", "参与", "参演", "支持", "会办"), "assist"),
    **dict.fromkeys(("督导", "监督", "督办", "督查", "指导", "监管", "验收", "考核"), "other"),
}
"""What a word alone says of the units below it, in a line of its own under 责任分工 or at the head of a column."""


_EITHER = re.compile(r"牵头[（(](?:责任|主责|负责|配合)[）)]|(?:责任|负责)[（(]牵头[）)]")
"""牵头（责任）单位: who leads and who is responsible in one column."""


def _of_lines(heading: str) -> str | None:
    """Return what a heading means by its lines or its brackets: 督导 below 责任分工 by the word for a role in its last line, 属地
    below 整改责任 by the line above.
    """
    if _EITHER.search(heading):
        return "mixed"
    upper, _break, lower = heading.rpartition("\n")
    role = ROLES.get(plain_heading(lower))
    if (
        role is not None
        or not upper
        or len(plain_heading(lower)) < 2
        or says_something(heading)
        or says_something(lower)
    ):
        return role
    above = meaning_of(plain_heading(upper))
    return above if above in UNITS else None


def says_something(heading: str) -> bool:
    """Tell whether a text reads like a heading of any column of a task table."""
    bare = plain_heading(heading)
    return 0 < len(bare) <= LONGEST and (
        meaning_of(bare) is not None
        or any(re.search(words, bare) for words in TASK_HEADINGS)
        or _SECTION_HEADINGS.search(bare) is not None
    )


def meaning_of(heading: str) -> str | None:
    """Return what a heading means, by the names of ``_COLUMNS`` or mixed; None where it is a task's, a section's or nothing."""
    if _TASK_AND_DAY.search(heading):
        return None
    if "牵头" in heading and re.search(r"牵头.{0,4}[及和与、/（(].{0,6}(?:配合|责任|协办|参与)", heading):
        return "mixed"
    if BOTH.search(heading):
        return "responsible"
    return next((name for name, pattern in _COLUMNS if pattern.search(heading)), None)


_LATER = re.compile(r"下一?步|下阶段|后续")
"""What is to be done next is a task only where no other column is."""


def _task_column(cells: tuple[str, ...], rest: list[int]) -> int | None:
    rest = sorted(rest, key=lambda at: (not _LATER.search(cells[at]), at))
    for words in TASK_HEADINGS:
        for place in reversed(rest):
            if re.search(words, plain_heading(cells[place])):
                return place
    return None


def rank(heading: str) -> int:
    """Say how surely a heading means the day of the whole task."""
    bare = plain_heading(heading)
    if re.search(r"主体|封顶|前期|阶段|[上中]报", bare):
        return 2
    if re.search(r"完成|竣工|完工|办结|整改", bare):
        return 0
    return 1 if re.search(r"时限|期限|截止|到期", bare) else 2


_NAMED_DAY = re.compile(
    r"^\s*(?:周|星期)[一二三四五六日天]\s*[（(].*\d.*[）)]\s*$|^\s*第.{1,3}[周天日]\s*[（(].*\d.*[）)]\s*$"
)


_PHASE = re.compile(r"^\s*第?[一二三四五1-5]?(?:阶段|期|批次?)\s*[（(].*\d.*[）)]\s*$")


def stage_of(heading: str, frame: Frame) -> Deadline | None:
    """Return the deadline that a heading itself is, or its last line is, such as 一季度目标 or 2022年底."""
    if re.match(r"[本下]个?[周月季]", heading):
        return None  # 本周计划 says what is planned, and not by when
    told = [heading.rsplit("\n")[-1], heading]
    if _NAMED_DAY.match(heading):
        told.append(re.sub(r"^.*?[（(]|[）)].*$", "", heading))  # 周一（5月12日）
    if _PHASE.match(heading):
        told.append(re.sub(r"^.*?[（(]|[）)].*$", "", heading))  # 第一阶段（1-4月）
    for text in dict.fromkeys(told):
        bare = re.sub(r"(?:工作)?(?:目标|任务|进度|计划|节点|安排|要求|时间|时限|完成|内容)", "", plain_heading(text))
        found = read_deadline(bare, frame)
        if found is not None and (found.due is not None or found.uncertain == NO_YEAR):
            return found
    return None


def plain_heading(heading: str) -> str:
    """Return a heading without blanks and without what it says in brackets."""
    return re.sub(r"[（(【\[][^）)】\]]{0,100}[）)】\]]|\s|[*★]", "", heading) or re.sub(r"\s", "", heading)
