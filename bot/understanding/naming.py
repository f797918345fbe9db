"""Which tasks a message names: codes such as Z-7, 第7项, 任务七, 7号任务, and the number that stands by a command."""

import re

from db.intake.deadlines.resolve import number

MARK = "#"
"""Stands in a text where a task was named."""

LONGEST_RANGE = 20
"""Tasks that 第3至9项 may name at most: more is no list that a person means."""

_ZH = r"[一二三四五六七八九]?十[一二三四五六七八九]?|[一二三四五六七八九](?![下直定些样并般起周个天览切点])"
_N = rf"(?:\d{{1,3}}(?:\.\d{{1,3}})?(?!\d)|{_ZH})"
_CODE = r"[A-Za-z]{1,2}\d{0,2}-\d{1,4}(?:\.\d{1,3})?"
_JOIN = r"\s*(?:[、,，和及与]|以及|还有)\s*"
_TO = r"\s*(?:至|到|-)\s*"
_LIST = rf"第?{_N}(?:[项号])?(?:(?:{_JOIN}|{_TO})第?{_N}(?:[项号])?)*"
_ASCII_LIST = rf"\d{{1,3}}(?:\.\d{{1,3}})?(?:{_JOIN}\d{{1,3}}(?:\.\d{{1,3}})?)*"

_NO_COUNT = r"(?!\s*(?:[\d%‰个家月年天日周级成处名万元起次点分人户台套条份/.:\-]|工作日|星期|礼拜|小时|多|余|左右|百分|多个))"
"""What follows a number that counts or dates something, and so names no task."""

_SAID_OF_TASK = (
    r"(?=$|[\s,，。！!:：?？]|任务|工作|事项|已|均|都|全|收到|收悉|办|完|延|详|进|基|未|没|还|请|申|能|可|正|预|推|缓|顺|宽|"
    r"退|核|销|同|不|✅|搞|弄|做|整|无|暂|尚|知|签|内容|要求|因)"
)
_TASK = re.compile(
    rf"[〔\[【（]\s*(?P<boxed>{_CODE})\s*[〕\]】）]"
    rf"|(?<![A-Za-z\d-])(?P<code>{_CODE})(?![\d-])"
    rf"|第(?P<item>{_N}(?:(?:{_JOIN}|{_TO})第?{_N})*)\s*[项条号](?:任务|工作|事项)?"
    rf"|(?:任务|序号|编号)\s*[:：]?\s*(?P<task>{_N}){_NO_COUNT}(?:号|项)?"
    rf"|(?<![\d月年./-])(?P<no>\d{{1,3}}号(?:(?:[、,，和]|以及)\d{{1,3}}号)*)(?:任务|工作|事项|项)?{_SAID_OF_TASK}"
    rf"|(?<![\d月年./-])(?P<of>\d{{1,3}})(?:任务|号任务)(?![数量])"
)
_COMMAND = (
    r"核查销号|核查通过|审核通过|不同意延期|同意延期|不同意|同意|申请延期|报办结|报进展|办结|完成|进展|延期|签收|收到|详情|查看|查询|"
    r"核查|销号|退回|打回|通过|看看|看|查|撤回|撤销|取消|show|Z"
)
_AFTER_COMMAND = re.compile(
    rf"^(?P<before>\S{{0,6}}?(?:{_COMMAND})\s*[:：]?\s*)(?P<n>{_ASCII_LIST}){_NO_COUNT}(?!\s*号(?:[前上下晚]|$|左右|之前))(?:[项号])?"
)
_BEFORE_WORD = re.compile(
    rf"^(?P<n>{_ASCII_LIST})(?P<sign>[项号]?)\s*[:：,，.、]?\s*"
    r"(?=(?:都|均|已经|已|全部|也)*(?:报办结|办结|完成|收到|签收|延期|进展|详情|申请|未|没|尚未|还没|搞定|弄好|弄完|做完|办完|退回|打回|核查|审核|销号|通过|"
    r"同意|不同意|基本|正在|✅|准予|知悉|整改|\d{1,3}%))"
)
_ALONE = re.compile(r"^[2-9]\d?$|^1\d$")


def name_tasks(text: str) -> tuple[str, tuple[str, ...]]:
    """Return the text with :data:`MARK` for each task that is named, and the tasks in order, codes in capitals."""
    found: list[str] = []
    beside = _AFTER_COMMAND.match(text) or _counted_off(_BEFORE_WORD.match(text))
    if beside:
        found += _listed(beside["n"])
        text = text[: beside.start("n")] + MARK + text[beside.end() :]
    elif _ALONE.match(text):
        return MARK, (text,)

    def take(match: re.Match[str]) -> str:
        code = match["boxed"] or match["code"]
        found.extend([code.upper()] if code else _listed(match["item"] or match["task"] or match["no"] or match["of"]))
        return MARK

    marked = _TASK.sub(take, text)
    return marked, tuple(dict.fromkeys(found))


def _counted_off(match: re.Match[str] | None) -> re.Match[str] | None:
    """Leave 7项已完成 alone: one number before 项 counts; 7、8项 and 7号 name."""
    return None if match and match["sign"] == "项" and match["n"].isdigit() else match


def _listed(text: str) -> list[str]:
    """Return the numbers of 7、8和9 or 三至五, as digits."""
    ends = [_digits(one) for one in re.split(_TO, text)]
    if len(ends) == 2 and all(end.isdigit() for end in ends):
        first, last = int(ends[0]), int(ends[1])
        if first < last <= first + LONGEST_RANGE:
            return [str(one) for one in range(first, last + 1)]
    return [_digits(one) for one in re.split(rf"{_JOIN}|{_TO}", text)]


def _digits(text: str) -> str:
    bare = text.strip(" 第项号")
    return bare if not bare or bare[0].isascii() else str(number(bare))
