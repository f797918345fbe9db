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


def test_people_get_objects_through_access_alone() -> None:
    for name in ("answers", "buttons", "steering", "dialogue", "targets"):
        text = (HOUSE / "bot" / f"{name}.py").read_text(encoding="utf-8")
        assert "session.get(Assignment" not in text
        assert "get_one(Assignment" not in text


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
