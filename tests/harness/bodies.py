"""Bodies for notices of which a test does not care what they carry."""

from typing import Any

from db.bodies import Body
from db.kinds import body_of
from db.words import NoticeKind

ENOUGH = {
    "text": "请注意防汛", "words": "请注意防汛", "who": "安委办", "unit": "某厅", "action": "report", "names": ["证明.pdf"],
    "what": "未能发出", "why": "原因：不明", "advice": "请核实。", "since": "6月1日09:16", "until": "6月1日10:01",
    "title": "测试清单", "day": "2022-06-01", "figures": {}, "sheet": 1, "objection": 1, "round": 1, "check": 1, "due": "2022-06-24", "fields": ["进展"],
}  # fmt: skip
"""What every kind needs, as the store keeps it: each takes its own of it."""


def some_body(kind: NoticeKind, **kept: Any) -> Body:
    """Return a body of that kind, with these of its fields as the store keeps them."""
    return body_of(kind, ENOUGH | kept)
