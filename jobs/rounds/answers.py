"""What a unit writes → the fields that a round asks for, purely.

Units answer in their own words: 已完成八成，问题是缺专家，下一步7月底前招标. What stands under no field's name is the first one's.
"""

import re
from collections.abc import Iterable, Mapping, Sequence

PERCENT = "完成比例"
"""The field that is a figure: what the words or the act say of it."""

FIELDS = ("进展", "存在问题", "下一步", PERCENT)
"""What is asked for where nobody says otherwise."""

_CALLED: dict[str, str] = {
    "进展": r"(?:目前|工作)?进展(?:情况)?|完成情况",
    "存在问题": r"(?:目前)?(?:存在|主要|面临)(?:的)?(?:主要)?(?:问题|困难)(?:和困难)?|问题|困难|堵点|难处|难点|卡点|瓶颈",
    "下一步": r"下一?步(?:的)?(?:工作)?(?:打算|安排|措施|计划|举措)?|后续(?:工作)?(?:打算|安排|措施|计划)?",
    PERCENT: r"完成(?:比例|率|进度|度)|进度",
}
"""How people write the names of fields beside what each is called; a part of its name does before a colon, where no other has it."""

_SHORTEST = 2
"""Characters of the shortest part of a name by which a field is called: 堵点, 需协调 of 需协调事项."""

_KEPT: dict[str, str] = {
    "存在问题": r"(?:没有?|暂?无)(?:什么|啥|太?大的?|明显的?|任何|其他)*(?:存在)?(?:问题|困难|难处)(?=[\s，,。；;！!]|$)",
    "下一步": r"(?:下周|下个?月|下旬|接下来|下阶段|下季度|下半年)(?!的|[^，,。；;]{0,6}已)",
}
"""What is told of a field without its name behind something else, and stays as it is: 已开工，没啥困难，下周进场."""

_MARK, _IS = r"[：:]", r"就?[是为有]|在于"
_NEEDS_NO_MARK = frozenset({"下一步"})

_PERCENT = re.compile(
    r"(\d{1,3}(?:\.\d+)?)\s*[%％]|百分之(\d{1,3})"
    r"|(?:完成|完工|进度|达到?|过|近|约|已)了?(?P<tenths>[一二三四五六七八九])成(?P<half>半)?"
)
_TENTHS = "一二三四五六七八九"
_COMMAND = re.compile(
    r"^(?:报?进展|报送|调度)?[\s：:]*(?:(?:第\s*\d+\s*[项号])|[〔\[]?[A-Za-z]{1,2}-\d+(?:\.\d+)?[〕\]]?|\d+(?:\.\d+)?(?=[\s：:，,、]))?[\s：:，,、]*"
)
_SAYS_NO_MORE = frozenset({"存在问题"})
_CLAUSES = re.compile(r"[\s，,。；;]+")
_EDGE = " \t\n，,；;。、"


def _names(fields: Sequence[str], *, marked: bool) -> re.Pattern[str]:
    """Return the pattern of the fields' names where they begin a clause; only with a colon where ``marked``."""
    each = []
    for place, field in enumerate(fields):
        after = _MARK if marked else rf"(?:{_MARK}|{_IS})" + ("?" if field in _NEEDS_NO_MARK else "")
        shorter = "".join(f"|{re.escape(part)}\\s*{_MARK}" for part in _parts(field, fields))
        kept = f"|(?<=[，,；;。\\s、])(?={_KEPT[field]})" if field in _KEPT and not marked else ""
        each.append(rf"(?P<f{place}>(?:{_whole(field)})\s*{after}{shorter}{kept})")
    return re.compile(rf"(?:^|(?<=[，,；;。\s、]))(?:[（(]?\d[）)、.．]\s*)?(?:{'|'.join(each)})")


def _whole(field: str) -> str:
    """Return how the whole name of a field is written: 需协调事项, 需要协调的事项."""
    return _CALLED.get(field, "[的要]?".join(map(re.escape, field)))


def _parts(field: str, fields: Sequence[str]) -> list[str]:
    """Return the parts of a field's name that are no part of another's and by which no other is called, the longest first."""
    lengths = range(len(field) - 1, _SHORTEST - 1, -1)
    parts = dict.fromkeys(field[begin : begin + size] for size in lengths for begin in range(len(field) - size + 1))
    others = [one for one in fields if one != field]
    return [part for part in parts if not any(part in one or re.fullmatch(_whole(one), part) for one in others)]


def is_labelled(text: str, fields: Sequence[str]) -> bool:
    """Tell whether a text names one of the fields with a colon after it."""
    return _names(fields, marked=True).search(text) is not None


def parted(text: str, fields: Sequence[str]) -> dict[str, str]:
    """Return what a text says of each field that it speaks of."""
    if not fields:
        return {}
    words = _COMMAND.sub("", text.strip(), count=1)
    found = list(_names(fields, marked=False).finditer(words))
    said = {fields[0]: words[: found[0].start() if found else len(words)].strip(_EDGE)}
    ends = [*(after.start() for after in found), len(words)][1:]
    for one, end in zip(found, ends, strict=False):
        field = next(name for place, name in enumerate(fields) if one[f"f{place}"] is not None)
        told = words[one.end() : end]
        if not one[0] and field in _SAYS_NO_MORE:  # what stands behind 没啥困难 is no problem
            told, *rest = _CLAUSES.split(told.strip(_EDGE), maxsplit=1)
            said[fields[0]] = "，".join(filter(None, (said.get(fields[0]), *(one.strip(_EDGE) for one in rest))))
        said[field] = "；".join(filter(None, (said.get(field), told.strip(_EDGE))))
    percent = _PERCENT.search(said.get(PERCENT, "") or (words if PERCENT in fields else ""))
    if percent is not None:
        said[PERCENT] = _written(percent)
    return {field: told for field, told in said.items() if told}


def share_under_its_name(text: str) -> int | None:
    """Return the share that stands under its field's name, 占30%；完成比例：60%; None where there is none such."""
    named = _names((PERCENT,), marked=True).search(text)
    found = _PERCENT.match(text[named.end() :].strip(_EDGE)) if named is not None else None
    return round(float(_written(found)[:-1])) if found is not None else None


def _written(percent: re.Match[str]) -> str:
    """Write a share as a figure: 80%, 百分之八十, 八成半."""
    if percent["tenths"] is None:
        return f"{percent[1] or percent[2]}%"
    return f"{10 * (_TENTHS.index(percent['tenths']) + 1) + (5 if percent['half'] else 0)}%"


_NOTHING_NEW = re.compile(
    r"(?:目前|现在|暂时?|本周|这周|仍然?|还是|我们?|本单位|[局厅委办])*(?:(?:没有?|暂?无)(?:什么|啥|其他|别的)?(?:新的?(?:情况|进展|变化|内容|动态)?|变化|补充|更新|要补充的?)"
    r"|(?:情况|进展|内容)?(?:同上|同前|同上次|[和跟与]上次一样|不变|没变))[了的吧啊。！!\s]*"
)


def adds_nothing(text: str) -> bool:
    """Tell whether somebody who may have answered before says that there is nothing to add: 没有新情况, 同上次."""
    return _NOTHING_NEW.fullmatch(_COMMAND.sub("", text.strip(), count=1)) is not None


def folded(told: Iterable[tuple[str, int | None]], fields: Sequence[str]) -> dict[str, str]:
    """Return what several messages say together, each with the share that was heard in it: of each field the latest counts."""
    answer: dict[str, str] = {}
    for words, percent in told:
        heard = {PERCENT: f"{percent}%"} if percent is not None and PERCENT in fields else {}
        answer |= parted(words, fields) | heard
    return {field: answer[field] for field in fields if field in answer}


def lacking(answer: Mapping[str, str], fields: Sequence[str]) -> list[str]:
    """Return the fields of which nothing was said."""
    return [field for field in fields if field not in answer]
