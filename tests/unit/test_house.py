"""The house, read from the imports: its rooms and floors, the five rules, and that the drawing in the docs is the house."""

import ast
import re
from functools import cache
from graphlib import TopologicalSorter
from importlib import import_module
from pathlib import Path

import pytest

from tests.harness.patterns import patterns_in, written

HOUSE = Path(__file__).resolve().parents[2]

FLOORS = {
    "db": [
        "words plain days clock workdays periods locking ahead archive surroundings stored whoever",
        "bodies",
        "kinds",
        "models",
        "many",
        "session history stated leases lived copying broadcasts",
        "register migrate audit",
        "outbox backup",
        "ledger",
    ],
    "jobs": [
        "ports sheets reading planning papers vitals quoted strays letterhead",
        "desk nudging standing problems audiences personal",
        "scoring rounds verification sparing",
        "notices campaigns",
        "planner delivery watch pending printed roster retention duties",
        "telephone",
        "broadcasts",
        "routine",
        "rehearsal",
    ],
    "bot": [
        "settings terminal logs memory channels",
        "dialogue",
        "inbound",
        "wiring",
        "tools",
        "service",
        "cli",
        "__main__",
    ],
}
"""The rooms of each slab, from the ground up: a room stands on lower floors alone, and has nothing to do with its own."""

SLABS = ("db", "jobs", "bot")
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


def modules(folder: str) -> list[Path]:
    return [path for path in (HOUSE / folder).rglob("*.py") if "migrations" not in path.parts]


@cache
def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


@cache
def name_of(path: Path) -> str:
    parts = path.relative_to(HOUSE).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


@cache
def own() -> frozenset[str]:
    return frozenset(name_of(path) for slab in SLABS for path in modules(slab))


def imported(node: ast.AST) -> set[str]:
    """Return the full names that an import brings in: of ``from a import b``, a.b where that is a module of ours, else a."""
    if isinstance(node, ast.Import):
        return {name.name for name in node.names}
    if isinstance(node, ast.ImportFrom) and node.module:
        full = {f"{node.module}.{name.name}" for name in node.names}
        return {name if name in own() else node.module for name in full}
    return set()


def imports(path: Path) -> set[str]:
    return {name for node in ast.walk(tree(path)) for name in imported(node)}


def everything() -> list[Path]:
    return [path for slab in SLABS for path in modules(slab)]


# ---------------------------------------------------------------- the drawing


def room_of(module: str) -> tuple[str, str]:
    slab, _, rest = module.partition(".")
    return slab, rest.partition(".")[0]


@pytest.mark.parametrize("slab", SLABS)
def test_slabs_import_downwards_only(slab: str) -> None:
    for path in modules(slab):
        wrong = {name for name in imports(path) if name.split(".")[0] in {*SLABS, "tests"} - MAY_IMPORT[slab]}
        assert not wrong, f"{path.relative_to(HOUSE)} imports {wrong}"


@pytest.mark.parametrize("slab", SLABS)
def test_a_room_stands_on_lower_floors_alone(slab: str) -> None:
    floor = {room: level for level, rooms in enumerate(FLOORS[slab]) for room in rooms.split()}
    for path in modules(slab):
        _, room = room_of(name_of(path))
        if not room:
            continue  # the slab's own docstring
        assert room in floor, f"{path.relative_to(HOUSE)} stands in no room of the drawing"
        below = {room_of(name) for name in imports(path) if name in own()}
        up = {
            other for there, other in below if there == slab and other not in ("", room) and floor[other] >= floor[room]
        }
        assert not up, f"{path.relative_to(HOUSE)} looks up at {up}"


FREE = 40
"""How often values of any type stand under any key: what a program of ours writes and reads has a type of its own."""

NAMED = {"db/stored.py: Json", "db/many.py: Row", "bot/channels/wecom/cards.py: Frame"}
"""What may be called by another name: JSON of whatever shape, a row's columns, and what a service says as it likes."""


def test_what_is_ours_has_a_type_and_is_no_dict_of_anything() -> None:
    texts = {path: path.read_text(encoding="utf-8") for slab in SLABS for path in modules(slab)}
    free = [
        str(path)
        for path, text in texts.items()
        if "migrations" not in path.parts
        for _ in re.finditer(r"dict\[str, Any\]", text)
    ]
    assert len(free) <= FREE
    renamed = {
        f"{path.relative_to(HOUSE)}: {found}"
        for path, text in texts.items() for found in re.findall(r"^(\w+) = dict\[str, Any\]$", text, re.M)
    }  # fmt: skip
    assert renamed == NAMED


def test_the_versions_of_the_schema_are_one_chain() -> None:
    """Two hands that take the same number would each leave a store that the other cannot migrate."""
    folder = HOUSE / "db/migrations/versions"
    chain = [
        (path.name[:4], *re.findall(r'^(?:down_)?revision = (?:"(\d+)"|None)$', path.read_text(encoding="utf-8"), re.M))
        for path in sorted(folder.glob("[0-9]*.py"))
    ]
    assert chain == [(f"{n:04}", f"{n:04}", f"{n - 1:04}" if n > 1 else "") for n in range(1, len(chain) + 1)]


def test_no_row_is_taken_for_number_nought() -> None:
    """A row that is stored has its number; what may have none says so, and is not looked for under 0."""
    guessed = [
        f"{path.relative_to(HOUSE)}: {found}"
        for path in everything()
        for found in re.findall(r"\b(?:\w+_)?(?:id|number) or 0\b", path.read_text(encoding="utf-8"))
    ]
    assert guessed == []


def test_no_modules_go_round_in_a_circle() -> None:
    list(TopologicalSorter({name_of(path): imports(path) & own() for path in everything()}).static_order())


def test_the_docs_draw_the_house_as_it_is() -> None:
    drawing = (HOUSE / "docs/architecture.md").read_text(encoding="utf-8").split("```")[1]
    drawn = {slab: set(re.findall(rf"^{slab}/(\S+) ", drawing, re.M)) for slab in SLABS}
    built = {slab: {room for rooms in FLOORS[slab] for room in rooms.split()} for slab in SLABS}
    assert drawn == built


PLACE = re.compile(r"`([a-z_/]+\.py):([\w.]+)`")
"""How the docs name a place: a file, and what is defined in it."""


def defined_in(path: Path) -> set[str]:
    """Return what a module defines: functions, classes with their methods, and values."""
    names: set[str] = set()
    for node in tree(path).body:
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            names.add(node.name)
        if isinstance(node, ast.ClassDef):
            functions = (inner for inner in node.body if isinstance(inner, ast.FunctionDef | ast.AsyncFunctionDef))
            names |= {f"{node.name}.{inner.name}" for inner in functions}
        targets = (
            node.targets if isinstance(node, ast.Assign) else [node.target] if isinstance(node, ast.AnnAssign) else []
        )
        names |= {target.id for target in targets if isinstance(target, ast.Name)}
    return names


def test_every_place_that_the_docs_name_is_there() -> None:
    told = [(HOUSE / f"docs/{name}.md").read_text(encoding="utf-8") for name in ("architecture", "testing")]
    named = PLACE.findall("".join(told))
    assert len(named) > 70
    gone = [
        f"{path}:{name}" for path, name in named
        if not (HOUSE / path).exists() or name not in defined_in(HOUSE / path)
    ]  # fmt: skip
    assert gone == [], "what has moved or is called otherwise: tell it so in the docs"


LATE = {
    "bot/cli/": "a command loads only what it needs",
    "bot/wiring.py": "the library of a service is loaded where that service is set up",
    "bot/tools/": "what is run by hand loads what it measures, plays or looks at",
    "jobs/reading/files.py": "the library of a format is loaded for a file of that format",
    "jobs/reading/guard.py": "the reader is loaded in the process that reads",
}
"""Where modules of ours are imported inside functions, and why: everywhere else an import stands at the top."""


def test_no_import_hides_in_a_function() -> None:
    hidden = {
        str(path.relative_to(HOUSE))
        for path in everything()
        for function in ast.walk(tree(path)) if isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef)
        for node in ast.walk(function) if imported(node) & own()
    }  # fmt: skip
    assert {path for path in hidden if not path.startswith(tuple(LATE))} == set()


# ---------------------------------------------------------------- the five rules


def test_planning_and_the_workflow_are_pure() -> None:
    allowed = {*PURE, "db.words", "db.kinds", "db.workdays"}
    for path in [*modules("jobs/planning"), HOUSE / "db/ledger/workflow.py"]:
        wrong = {name for name in imports(path) if not name.startswith("jobs.planning") and name not in allowed
                 and name.split(".")[0] not in PURE}  # fmt: skip
        assert not wrong, f"{path.relative_to(HOUSE)} imports {wrong}"
        text = path.read_text(encoding="utf-8")
        assert ".now(" not in text
        assert "async def" not in text


WITHOUT_A_STORE = ("db.words", "db.days", "db.periods", "db.workdays", "db.surroundings", "db.stored", "db.whoever")
"""What lies under the store and needs none: words, calendars and what is written beside them."""


def test_reading_knows_no_store() -> None:
    for path in modules("jobs/reading"):
        wrong = {
            name
            for name in imports(path)
            if name.split(".")[0] in ("sqlmodel", "sqlalchemy", "bot")
            or (name in own() and not name.startswith(("jobs.reading", *WITHOUT_A_STORE)))
        }
        assert not wrong, f"{path.relative_to(HOUSE)} imports {wrong}"


def test_a_channel_knows_its_service_and_the_ports() -> None:
    """A channel is a folder, or one module: what stands in it may import what else does, and what every channel shares."""
    shared = ("jobs.ports", "bot.channels.incoming")
    for path in modules("bot/channels"):
        if path.stem in ("incoming", "service"):
            continue  # what a channel hands in, and what is asked of it
        mine = ".".join(name_of(path).split(".")[:3])
        wrong = {name for name in imports(path) & own() if name not in shared and not name.startswith(mine)}
        assert not wrong, f"{path.relative_to(HOUSE)} imports {wrong}"


def test_a_channel_has_no_method_that_does_nothing() -> None:
    """What a service cannot do it does not have; ``bot/channels/service.py`` says what the program then does without."""
    idle = [
        f"{name_of(path)}.{node.name}"
        for path in modules("bot/channels") if path.stem != "service"
        for node in ast.walk(tree(path)) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        if all(isinstance(line, ast.Expr) and isinstance(line.value, ast.Constant) for line in node.body)
    ]  # fmt: skip
    assert idle == []


def test_one_module_reads_the_clock() -> None:
    for path in everything():
        if path == HOUSE / "db/clock.py":
            continue
        text = path.read_text(encoding="utf-8")
        reads = [mark for mark in ("datetime.now(", "datetime.utcnow(", "date.today(", "time.time(") if mark in text]
        assert not reads, f"{path.relative_to(HOUSE)} reads the clock: {reads}"


GATES = ("access", "access_to_calls", "turn", "binding", "membership", "links")
"""Modules of the dialogue that are asked for objects, or make chats and people known; all others act for people."""

LOOKS_UP = {
    "room.lists.read_ahead": "runs before the transaction, for a coordinator alone, and shows nothing",
    "room.lists._read_for": "a part of it",
    "room.lists.apply_revision": "the message that the revision's button names, after to_campaign",
    "room.campaigns.campaign_in": "campaigns by their state, for a coordinator alone",
    "contact.calls_again._said_since": "whether this very person has written in that chat since",
    "contact.edits._earlier": "messages of the same person in the same chat",
    "contact.evidence._album": "messages of the same person in the same chat",
    "contact.evidence.unplaced": "messages of the same person in the same chat",
    "contact.evidence.went_with": "messages of the same person in the same chat",
    "contact.meant_another._asked_since": "the person's own messages in that chat of which it is asked what they are about",
    "contact.meant_another._say_where_files_stay": "the message by which the person told what they now put right",
    "contact.withdrawing._brought_by": "the message with files to which somebody replies in that chat",
    "contact.while_asked._asked": "the person's own last message in that chat",
    "contact.while_asked._question": "what was asked of the person about that message",
    "room.said_last._talked_since": "whether anybody has written in this chat since a moment; shows nothing",
    "prompts.waiting": "what this very person was asked for in this chat",
    "yes_or_no._asked": "the last question of ours to this very person in this chat",
    "room.additions._tell_back": "the question with which what was brought waits",
    "room.additions.waits": "the duty that a message of the chat's own shows, and whether it waits",
    "room.additions._own": "what somebody brought to the coordinators, for one of them alone",
    "room.additions._require_own": "who of the chat itself wrote down what waits, so that it is said whose it is",
    "quotes.placed": "finds which message of the chat's own was quoted",
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
    acts = [path for path in modules("bot/dialogue") if path.stem not in (*GATES, "__init__")]
    found = {
        f"{name_of(path).removeprefix('bot.dialogue.')}.{node.name}"
        for path in acts for node in tree(path).body if isinstance(node, ast.FunctionDef) and looks_up(node)
    }  # fmt: skip
    assert found - LOOKS_UP.keys() == set(), "ask access instead, or say why nobody gets what is not theirs"
    assert LOOKS_UP.keys() - found == set(), "these no longer look anything up"


# ---------------------------------------------------------------- what goes together


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


def test_every_kind_has_its_row_and_its_template() -> None:
    from db.kinds import KINDS
    from db.words import NoticeKind

    assert set(KINDS) == set(NoticeKind)

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
        for slab in SLABS
        for path in modules(slab)
        for found in re.findall(r"with_for_update(?:=|\().*", path.read_text(encoding="utf-8"))
        if "key_share" not in found
    ]
    assert full == []


# ---------------------------------------------------------------- how big a thing is

LINES_OF_A_FILE, LINES_OF_A_FUNCTION = 400, 60
"""More than so many, and it tells more than one story."""

SQUEEZED = 23
"""How often the formatter is kept from a statement: only a table that is read as one may be; the number may only fall."""


def test_a_file_tells_one_story() -> None:
    long = {
        str(path.relative_to(HOUSE))
        for path in everything()
        if len(path.read_text(encoding="utf-8").splitlines()) > LINES_OF_A_FILE
    }
    assert not long, "part it by its stories"


def test_a_function_is_seen_at_once() -> None:
    long = [
        f"{name_of(path)}.{node.name}"
        for path in everything()
        for node in ast.walk(tree(path))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and (node.end_lineno or 0) - node.lineno >= LINES_OF_A_FUNCTION
    ]
    assert long == []


def test_the_formatter_lays_out_what_is_no_table() -> None:
    squeezed = sum(path.read_text(encoding="utf-8").count("# fmt: skip") for path in everything())
    assert squeezed <= SQUEEZED


LINE_OF_A_PATTERN = 120
"""Characters of the longest pattern that is written in the dialogue: more than that is a list of words, or a sentence."""


@cache
def patterns_written() -> dict[str, list[str]]:
    """Return the patterns that every module of the dialogue holds, as they are written, and those in its text."""
    found: dict[str, list[str]] = {}
    for path in modules("bot/dialogue"):
        held = vars(import_module(name_of(path)))
        own = [held[name] for name in defined_in(path) if name in held]
        texts = [
            one.value for one in ast.walk(tree(path)) if isinstance(one, ast.Constant) and isinstance(one.value, str)
        ]
        found[name_of(path)] = [one for pattern in patterns_in(own) for one in written(pattern)]
        found[name_of(path)] += [text for text in texts if "(?:" in text]
    return found


def test_no_pattern_of_the_dialogue_is_longer_than_a_line() -> None:
    patterns = patterns_written()
    assert sum(map(len, patterns.values())) > 800
    long = {name: one for name, of in patterns.items() for one in of if len(one) > LINE_OF_A_PATTERN}
    assert long == {}, "part it: words into phrases.toml, forms over them"
