"""The five rules of the house, read from the imports, and the help texts."""

import ast
import re
from pathlib import Path

import pytest

HOUSE = Path(__file__).resolve().parents[2]
ROOMS = ("db", "jobs", "bot")
MAY_IMPORT = {"db": {"db"}, "jobs": {"db", "jobs", "templates"}, "bot": {"db", "jobs", "bot", "templates", "samples"}}
PURE = [
    "dataclasses",
    "collections",
    "datetime",
    "zoneinfo",
    "functools",
    "hashlib",
    "fnmatch",
    "json",
    "tomllib",
    "typing",
    "enum",
]


def modules(room: str) -> list[Path]:
    return [path for path in (HOUSE / room).rglob("*.py") if "migrations" not in path.parts]


def imports(path: Path) -> set[str]:
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {name.name for name in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found.add(node.module)
    return found


def everything() -> list[Path]:
    return [path for room in ROOMS for path in modules(room)]


@pytest.mark.parametrize("room", ROOMS)
def test_rooms_import_downwards_only(room: str) -> None:
    for path in modules(room):
        wrong = {name for name in imports(path) if name.split(".")[0] in {*ROOMS, "tests"} - MAY_IMPORT[room]}
        assert not wrong, f"{path.relative_to(HOUSE)} imports {wrong}"


def test_planning_and_the_workflow_are_pure() -> None:
    allowed = {*PURE, "db.words", "db.workdays"}
    pure = [*modules("jobs/planning"), HOUSE / "db/workflow.py"]
    for path in pure:
        wrong = {name for name in imports(path) if not name.startswith("jobs.planning") and name not in allowed
                 and name.split(".")[0] not in PURE}  # fmt: skip
        assert not wrong, f"{path.relative_to(HOUSE)} imports {wrong}"
        text = path.read_text(encoding="utf-8")
        assert ".now(" not in text
        assert "async def" not in text


def test_the_grammar_is_pure() -> None:
    for path in modules("db/intake/deadlines"):
        wrong = {name for name in imports(path) if name.split(".")[0] in ("sqlmodel", "sqlalchemy", "jobs", "bot")}
        assert not wrong


def test_a_channel_knows_its_service_and_the_ports() -> None:
    """The modules of one service may import each other: WeCom has three ways in, and one look of a card."""
    for path in modules("bot/channels"):
        own = "bot.channels.wecom" if path.parent.name == "wecom" else "bot.channels." + path.stem
        wrong = {
            name
            for name in imports(path)
            if name.split(".")[0] in ROOMS and name not in ("jobs.ports", "bot.message") and not name.startswith(own)
        }
        assert not wrong, f"{path.relative_to(HOUSE)} imports {wrong}"


def test_one_module_reads_the_clock() -> None:
    for path in everything():
        if path == HOUSE / "db/clock.py":
            continue
        text = path.read_text(encoding="utf-8")
        reads = [mark for mark in ("datetime.now(", "datetime.utcnow(", "date.today(", "time.time(") if mark in text]
        assert not reads, f"{path.relative_to(HOUSE)} reads the clock: {reads}"


ACTS = (
    "answers", "buttons", "calling", "campaigning", "commands", "correcting", "dialogue", "evidence", "introducing", "papers",
    "quoting", "registering", "steering", "targets",
)  # fmt: skip
"""The modules that act for people: whatever belongs to somebody comes to them through access."""

LOOKS_UP = {
    "campaigning.read_ahead": "runs before the transaction, for a coordinator alone, and shows nothing",
    "campaigning.apply_revision": "the message that the revision's button names, after to_campaign",
    "campaigning.resume": "every assignment of a campaign that to_campaign has given",
    "campaigning._waiting": "what waits of a campaign that access has given",
    "campaigning._campaign_in": "campaigns by their state, for a coordinator alone",
    "evidence._album": "messages of the same person in the same chat",
    "evidence.unplaced": "messages of the same person in the same chat",
    "quoting.placed": "finds which message of the chat's own was quoted",
}
"""Functions of the acts that ask the store themselves, each with the reason why nobody gets what is not theirs."""


def looks_up(function: ast.AST) -> bool:
    """Tell whether a function asks the store for rows: by ``select``, or by ``get`` and ``get_one`` of a session."""
    for node in ast.walk(function):
        if isinstance(node, ast.Call):
            called = node.func
            if isinstance(called, ast.Name) and called.id == "select":
                return True
            if isinstance(called, ast.Attribute) and called.attr in ("get", "get_one", "exec", "execute", "scalars"):
                owner = (
                    called.value.attr if isinstance(called.value, ast.Attribute) else getattr(called.value, "id", "")
                )
                if owner == "session":
                    return True
    return False


def test_people_get_objects_through_access_alone() -> None:
    found = set()
    for name in ACTS:
        tree = ast.parse((HOUSE / "bot" / f"{name}.py").read_text(encoding="utf-8"))
        found |= {f"{name}.{node.name}" for node in tree.body if isinstance(node, ast.FunctionDef) and looks_up(node)}
    assert found - LOOKS_UP.keys() == set(), "ask access instead, or say why nobody gets what is not theirs"
    assert LOOKS_UP.keys() - found == set(), "these no longer look anything up"


def test_the_top_level_is_what_was_agreed() -> None:
    allowed = {"bot", "jobs", "templates", "db", "tests", "docs", "samples", "pyproject.toml", "README.md", "Makefile", "LICENSE",
               "CHANGELOG.md", "constraints.txt", ".ci", ".gitignore", ".git"}  # fmt: skip
    ignored = {
        ".venv",
        ".pytest_cache",
        ".mypy_cache",
        ".ruff_cache",
        ".hypothesis",
        "duban.egg-info",
        "build",
        "data",
        "__pycache__",
    }
    assert {path.name for path in HOUSE.iterdir()} - ignored <= allowed


def test_every_template_has_its_kind_and_every_kind_its_template() -> None:
    from db.words import NoticeKind

    names = {path.stem for path in (HOUSE / "templates/zh").glob("*.j2") if not path.stem.startswith("_")}
    assert names == {str(kind) for kind in NoticeKind} | {"bundle"}


def test_what_one_service_cannot_do_stands_in_the_docs() -> None:
    told = (HOUSE / "docs/wecom.md").read_text(encoding="utf-8")
    reasons = {
        found
        for path in (HOUSE / "tests/channels").glob("test_*.py")
        for found in re.findall(r'mark\.only\("telegram", why="([^"]+)"', path.read_text(encoding="utf-8"))
    }
    assert len(reasons) > 5
    assert {reason for reason in reasons if reason not in told} == set()


def test_a_row_that_is_locked_may_still_be_referred_to() -> None:
    """Notices, receipts and presses refer to chats, assignments and campaigns; a full lock would let them wait for it."""
    full = [
        f"{path.relative_to(HOUSE)}: {found}"
        for room in ROOMS
        for path in modules(room)
        for found in re.findall(r"with_for_update(?:=|\().*", path.read_text(encoding="utf-8"))
        if "key_share" not in found
    ]
    assert full == []
