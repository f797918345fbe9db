"""What notices carry: each kind its type, kept as JSON that every version has read, and read in one place."""

import ast
from dataclasses import fields
from typing import Any

import pytest

from bot.channels.incoming import Attached, revived
from db import stored
from db.bodies import Above, Body, CallBody, DecisionBody, KeptFile, PaperBody, ReplyBody, RequestBody, WorkBody
from db.kinds import KINDS, body_of
from db.models import Notice
from db.words import Action, NoticeKind
from tests.harness.bodies import some_body
from tests.unit.test_house import HOUSE, modules, tree


@pytest.mark.parametrize("kind", NoticeKind)
def test_what_a_notice_carries_is_read_as_it_was_written(kind: NoticeKind) -> None:
    body = some_body(kind)
    assert body_of(kind, stored.write(body)) == body


# What versions up to this one wrote, beginning with 7b6d404: lists for tuples, keys that nobody reads any more.
KEPT: list[tuple[NoticeKind, dict[str, Any], Body]] = [
    (NoticeKind.SLIP, {}, WorkBody()),
    (NoticeKind.SUPERVISION, {"for_information": True}, WorkBody(for_information=True)),
    (NoticeKind.SLIP, {"marks": {"1": ["张工 收到"]}, "handles": {}, "stale": True}, WorkBody()),
    (NoticeKind.BULLETIN, {"paper": 3, "draft": True}, PaperBody(paper=3, draft=True)),
    (NoticeKind.SUMMONS, {"papers": [3, 4], "draft": True, "alone": True, "urgent": True},
     PaperBody((3, 4), draft=True, alone=True, urgent=True)),
    (NoticeKind.SUMMONS, {"paper": 3, "units": [7]}, PaperBody(paper=3, units=(7,))),
    (NoticeKind.VERIFY_REQUEST, {"action": "report", "who": "张工", "words": "已完成", "version": 2},
     RequestBody(Action.REPORT, "张工", "已完成", 2)),
    (NoticeKind.DECISION, {"action": "correct", "who": "王协调", "words": "", "version": 2, "files": [], "was": {"due": None}},
     DecisionBody(Action.CORRECT, "王协调", version=2, was={"due": None})),
    (NoticeKind.BROADCAST, {"words": "请报数据", "who": "安委办", "buttons": [["收到", "k:1"]], "units": [1, 2], "round": 2,
                            "files": [{"sha256": "ab", "name": "附件.pdf", "size": 9}]},
     CallBody("请报数据", "安委办", 2, (1, 2), (("收到", "k:1"),), (KeptFile("ab", "附件.pdf", 9),))),
    (NoticeKind.URGENT, {"words": "防汛", "who": "", "urgent": True, "above": {"silent": [["省水利厅", 3]]}},
     CallBody("防汛", urgent=True, above=Above((("省水利厅", 3),)))),
    (NoticeKind.REPLY, {"text": "请问是哪一项？", "buttons": [["〔1〕", "c:5:7"]], "which": 5, "album": None},
     ReplyBody("请问是哪一项？", (("〔1〕", "c:5:7"),), which=5)),
]  # fmt: skip


@pytest.mark.parametrize(
    ("kind", "kept", "body"), KEPT, ids=[f"{kind}-{number}" for number, (kind, _k, _b) in enumerate(KEPT)]
)
def test_what_earlier_versions_kept_is_read(kind: NoticeKind, kept: dict[str, Any], body: Body) -> None:
    notice = Notice(kind=kind, body_json=kept)
    assert notice.body == body


def test_only_what_differs_from_the_usual_is_kept() -> None:
    assert stored.write(ReplyBody("好")) == {"text": "好"}
    assert stored.write(DecisionBody(Action.CORRECT, "王", was={"due": None})) == {
        "action": "correct", "who": "王", "was": {"due": None},
    }  # fmt: skip


def test_a_notice_of_another_family_is_not_taken_for_what_it_is_not() -> None:
    with pytest.raises(TypeError, match="a slip carries no ReplyBody"):
        Notice(kind=NoticeKind.SLIP, body_json={}).body_as(ReplyBody)


@pytest.mark.parametrize(
    "kept", [{}, {"text": 7}, {"text": "x", "buttons": 7}, {"text": "x", "buttons": [["签发"]]}, [], "x"], ids=str
)
def test_what_is_no_such_body_is_refused(kept: Any) -> None:
    with pytest.raises(ValueError, match="ReplyBody"):
        stored.read(ReplyBody, kept)


def test_what_may_be_asked_of_every_body_has_the_same_name_in_each() -> None:
    """A family's field takes the place of what holds for every body, and so is of its type: no notice, no draft, is nothing."""
    asked = {name for name, value in vars(Body).items() if isinstance(value, property)}
    for kind in KINDS.values():
        for one in fields(kind.body):  # type: ignore[arg-type]
            if one.name in asked:
                assert type(getattr(Body(), one.name)) is type(
                    getattr(some_body(next(k for k in KINDS if KINDS[k] is kind)), one.name)
                )


def test_nobody_looks_into_a_body_by_a_key() -> None:
    """A key that nobody has written is found by nobody; a field is found by the type checker."""
    looks = [
        f"{path.relative_to(HOUSE)}:{node.lineno}"
        for slab in ("db", "jobs", "bot") for path in modules(slab) if not {"migrations", "channels"} & set(path.parts)
        for node in ast.walk(tree(path))
        if (isinstance(node, ast.Subscript) and _is_body(node.value))
        or (isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "get" and _is_body(node.func.value))
    ]  # fmt: skip
    assert looks == []


def _is_body(node: ast.expr) -> bool:
    return isinstance(node, ast.Attribute) and node.attr in ("body", "body_json")


def test_a_message_whose_files_wait_is_taken_up_as_every_version_has_kept_it() -> None:
    kept = {
        "chat": "-5", "chat_title": "某厅", "person": "7", "person_name": "张工", "private": False, "anonymous": False,
        "people": "", "quoted": "", "addressed": True, "attached": [["证明.pdf", "file-1", None], ["照片.jpg", "file-2", 90]],
    }  # fmt: skip
    words = {"text": "佐证", "reply_to": "3", "message_id": "4", "press": None, "files": [], "kept": kept}
    message = revived("telegram", "u1", words, "album")
    assert message.attached == (Attached("证明.pdf", "file-1"), Attached("照片.jpg", "file-2", 90))
    assert (message.chat, message.person_name, message.addressed, message.private) == ("-5", "张工", True, False)
    assert revived("telegram", "u1", {**words, "kept": message.as_kept()}, "album") == message
