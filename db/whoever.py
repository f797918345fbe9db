"""Names that stand in a unit's place and say nobody in particular: 各有关单位, 各县区. Pure.

Nobody can be told of what such a name owes, nor be silent about it, until a person has said who is meant.
"""

import re

_OPEN = re.compile(
    r"^(?:[省市县区州]直|各级|全市|全县|全区|本级|[省市县区州镇乡](?:人民)?政府(?=各|有关|相关)|[省市县区州镇乡](?=各|有关|相关|其[他它余]))*(?:各)?(?:有关|相关|其他|其它|其余|责任|牵头|配合|成员|承办|主办|会办|协办|主管|职能|行业|各)*"
    r"(?:职能|主管|监管|责任|成员)*(?:(?:部门|单位|地方|地区)[和及、与]?)+$"
)


def is_open(name: str) -> bool:
    """Tell whether a name says nobody in particular, as 各有关单位 and 市直相关部门 do: a person must still say who."""
    return bool(_OPEN.match(name))


def is_a_kind(name: str) -> bool:
    """Tell whether a name is open or means all of a kind, 各县区: it has no chat of its own unless somebody binds one by its name."""
    return is_open(name) or name.startswith("各")
