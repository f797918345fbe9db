"""What a task is called before people: its printed words without the number before them and the labels behind, which a message says in its own place."""

import re
from collections.abc import Sequence
from functools import lru_cache

from db.words import RENEWED, Action, Level

_NUMBER = re.compile(r"^\s*(?:\d{1,3}[.、．)）](?!\d)|[（(]?[一二三四五六七八九十]{1,3}[)）、])\s*")

_LABEL = re.compile(
    r"[。；;（(\s]+[【\[]?(?:(?:牵头|责任|配合|协同|主办|协办|承办|参与|落实|督办)(?:责任)?(?:单位|部门|处室)"
    r"|(?:完成|整改|办理|办结)?(?:时限|期限)(?:要求)?|(?:完成|整改|办理)时间|(?:整改)?(?:责任人|负责人))[】\]]?[:：]"
)
"""A label that says who and when; what stands before it is the task."""

_FIRST_LABELS = re.compile(
    r"^(?:\s*[【\[]?(?:牵头|责任|配合|协同|主办|协办|承办|参与|落实)(?:责任)?(?:单位|部门|处室)[】\]]?[:：][^\n。；;]*[\n。；;]\s*)+"
    r"(?:(?:督办|交办|工作|主要|重点|承办)?(?:任务|事项|内容)[:：])?"
)
"""Of a record that says first whose it is: 责任单位：某局⏎督办事项：…"""


@lru_cache(maxsize=8192)
def duty(text: str) -> str:
    """Return a task's words without its number and its labels; the whole where nothing else would be left."""
    text, whole = _FIRST_LABELS.sub("", text), text
    found = _LABEL.search(text)
    bare = _NUMBER.sub("", text[: found.start()] if found else text).strip()
    if not bare:
        return whole
    return bare + "。" if found and text[found.start()] == "。" else bare


def titled(text: str, deliverable: str) -> str:
    """Return what is owed: the deliverable of a task with several milestones, else the task without its number and labels.

    Of what expires the deliverable is the same for every licence, so that it is told whose and which; one that does not say of what it is,
    方案, 建成, 之后报进展, is told with what the task begins with.
    """
    bare = duty(text) if not deliverable or text.endswith(RENEWED) else ""
    if bare and deliverable:
        return f"{bare.removesuffix(RENEWED)}{deliverable}"
    of = _of_what(text, deliverable) if deliverable and _SAYS_NOT_OF_WHAT.fullmatch(deliverable) else ""
    return f"{deliverable}（{of}）" if of else deliverable or bare


_SAYS_NOT_OF_WHAT = re.compile(
    "(?:之后|此后|随后|并|再|每(?:月|季度?|周|年)(?:末|底)?|按[月季]|定期|全面|基本|正式|初步){0,3}"
    "(?:制定|印发|出台|报送?|上报|提交|形成|完成|编制|拿出|启动|开始|建成|投用|投入使用|通过|落实|到位){0,2}"
    "(?:实施|工作|年度|阶段|半年|全年)?"
    "(?:方案|计划|报告|总结|进展|情况|名单|台账|初稿|终稿|措施|清单|材料|制度|机制|成果|结果|验收)?[。]?"
)
_A_DAY = re.compile(r"^(?:于|在)?(?:\d{4}年|今年|本年)?(?:\d{1,2}月)?(?:\d{1,2}日|底|末|[上中下]旬|年底)?(?:之?前)?")
_CLAUSE = re.compile(r"[，,。；;：:（()）\n]")
LONGEST_OF_WHAT = 20
"""Characters of what a task is about that are told beside what falls due."""


@lru_cache(maxsize=8192)
def _of_what(text: str, deliverable: str) -> str:
    """Return the first clause of a task that says more than what falls due, without its day; "" where none does."""
    for clause in _CLAUSE.split(duty(text)):
        said = _A_DAY.sub("", clause.strip())
        if len(said) > max(4, len(deliverable) + 1) and not _SAYS_NOT_OF_WHAT.fullmatch(said):
            return said if len(said) <= LONGEST_OF_WHAT else f"{said[: LONGEST_OF_WHAT - 1]}…"
    return ""


def record_name(action: Action, level: Level | None, lacking: Sequence[str], *, on_behalf: bool) -> str:
    """Return what the record calls an act on what waited for ``level``: with what was passed over, or over."""
    closes = action in (Action.PUBLISH, Action.VERIFY)
    beside = ["代录"] if on_behalf else []
    beside += [f"缺{'、'.join(lacking)}"] if lacking else []
    beside += [f"未经{level.zh}"] if closes and level in (Level.SELF, Level.LEAD) and level is not None else []
    beside += ["公示期满"] if action is Action.VERIFY and level is Level.NOTICE else []
    return action.zh + (f"（{'，'.join(beside)}）" if beside else "")
