"""Agreement: what a second person says of what another has told, 情况属实，同意报送; every clause agrees, and nothing else is said."""

import re

_OF_WHAT = r"(?:以上|上述|上面|所报|本次|这[次回]|本单位|我们?单位)*(?:填报|报送)?的?(?:情况|内容|数据|材料|信息)?"
_HOW = r"(?:我|本人|均|都|已|经|再)*(?:自查|复查|审核|审阅|审定|核实|核对|核查|复核|检查|看)?(?:过|一遍)?了?(?:均|都)?"
_IS_SO = (
    r"属实|真实|准确|无误|没有?(?:什么|任何)?(?:问题|异议|意见|错)|无(?:异议|意见)|合格|符合(?:要求)?|对得上|相符|一致"
)
_MAY_GO = r"(?:同意|可以|确认)(?:无误|属实)?(?:上报|报送|报出|呈报|报|通过)?|(?:审核|核实)?通过|(?<=[回次])行"

_AGREES = re.compile(rf"{_OF_WHAT}{_HOW}(?:{_IS_SO}|{_MAY_GO})(?:的|了)*")
_LOOKED = re.compile(rf"{_OF_WHAT}{_HOW}")
_BETWEEN = re.compile(r"[\s，,、；;。.！!]+")
_POLITE = frozenset({"谢谢", "辛苦了", "好的", "好"})
"""What is said besides and decides nothing; so does that somebody has looked, 已核实."""


def agrees(text: str) -> bool:
    """Tell whether a text says that what another told is so, or may go, and nothing else."""
    clauses = [one for one in _BETWEEN.split(text) if one and one not in _POLITE]
    agreed = [one for one in clauses if _AGREES.fullmatch(one)]
    return bool(agreed) and all(one in agreed or _LOOKED.fullmatch(one) for one in clauses)
