"""What coordinators say who looked at what was reported: that they looked, 昨天去现场看了, and that it is so, 情况属实."""

import re
from collections.abc import Iterable

from bot.dialogue.understanding import tasks
from bot.dialogue.understanding.hearing import heard
from bot.dialogue.understanding.lexicon import lexicon


def _any(words: str, *more: str) -> str:
    """Return a pattern of these words in any order and number, the longest first, which tries one way alone."""
    return f"(?:{'|'.join(sorted(' '.join([words, *more]).split(), key=len, reverse=True))})*+"


_LOOKS = "抽查 核查 核实 查实 复核 复查 核对 核验 检查 查验 查看 踏勘 走访 看 查 核"
_AROUND = (
    "我 我们 咱们 大家 已 已经 也 又 都 刚 刚才 今天 昨天 前天 上午 下午 早上 今早 昨晚 上周 派人 带人 带队 组织 专门 一起 经 经过 "
    "去 到 在 了 过 完 一遍 一下 一趟 现场 实地 当地 点位 进行 的 、 和 与"
)
_THINGS = "材料 台账 照片 佐证 资料 报告 原件 清单"
_REPORTED = "情况 完成 办理 整改 落实 结果 内容 数据 所报 报的 上报的 填报的 单位报的 他们报的 跟 同 实际 确实 完全 全部 全 均 是 确认"

_ONLY_LOOKED = re.compile(rf"(?=.*(?:{'|'.join(_LOOKS.split())})){_any(_LOOKS, _AROUND, _THINGS)}")
_FOUND = re.compile(
    rf"(?P<around>{_any(_LOOKS, _AROUND, _REPORTED)})"
    r"(?:(?P<so>属实|真实|对得上|相符)|没有?(?:什么|任何)?问题)(?:的|了)*+"
)
_POLITE = re.compile("好的?|辛苦.{0,3}|谢谢.{0,3}")


def clauses(text: str) -> list[str]:
    """Return the clauses of what is said without the codes and numbers of the tasks that it names."""
    clean = heard(text)
    for one in reversed(list(tasks.find(clean, lexicon()))):
        clean = f"{clean[: one.start]} {clean[one.end :]}"
    return [clause for clause in re.split(r"[，,。；;！!：:\s〔〕\[\]]+", clean) if clause]


def only_looked(clause: str) -> bool:
    """Tell whether a clause says that somebody looked, and nothing of what they saw: 我们昨天去现场看过了."""
    return _ONLY_LOOKED.fullmatch(clause) is not None


def is_so(said: Iterable[str]) -> bool:
    """Tell whether clauses say of what was reported that it is so, and nothing else but that somebody looked.

    群众投诉属实 is said of something else, 部分属实 with a reservation, and 台账没问题，灭火器过期了 of a part of it.
    没问题 says it only where somebody looked.
    """
    found = looked = False
    for clause in said:
        one = _FOUND.fullmatch(clause)
        if one is not None:
            found = True
            looked = looked or one["so"] is not None or only_looked(one["around"])
        elif only_looked(clause):
            looked = True
        elif _POLITE.fullmatch(clause) is None:
            return False
    return found and looked
