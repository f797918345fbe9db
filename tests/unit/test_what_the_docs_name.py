"""What the docs name is there: folders and files, functions, classes and their parts, targets of make, options of commands; and what the tests set aside.

``tests/unit/test_house.py`` holds the same of places (a file, and what is defined in it), ``tests/cli`` of commands.
"""

import ast
import re
from functools import cache

import pytest

from tests.conftest import LONG
from tests.unit.test_house import HOUSE, everything, modules, name_of, tree

DOCS = ("architecture", "testing", "keeping")

TOKEN = re.compile(r"(?<!`)`([^`\n]+)`")
PATH = re.compile(r"(?:bot|jobs|db|tests|templates|samples|docs)(?:/[\w.-]+)+|tests")
DOTTED = re.compile(r"(?:db\.)?([A-Za-z_]\w*)\.([a-z_A-Z]\w*)(?:\(.*\))?")
NAME = re.compile(r"([A-Z][a-z]\w*|[a-z]+_\w+|[a-z_]+(?=\(\)))(?:\(\))?")

PLACEHOLDERS = {"templates/zh/KIND.j2": "templates/zh/reminder.j2"}
"""What stands for any of its kind, and one of them."""

FILES = {"duban.db", "lexicon.toml"}
"""What a person or the docs call so, beside the place where it lies."""


def tokens(doc: str) -> list[str]:
    text = (HOUSE / f"docs/{doc}.md").read_text(encoding="utf-8")
    return TOKEN.findall(re.sub(r"```.*?```", "", text, flags=re.S))


def parts(node: ast.ClassDef) -> set[str]:
    """Return what a class has: its methods and fields, also those that a method sets."""
    fields = {sub.target.id for sub in node.body if isinstance(sub, ast.AnnAssign) and isinstance(sub.target, ast.Name)}
    methods = {sub.name for sub in node.body if isinstance(sub, ast.FunctionDef | ast.AsyncFunctionDef)}
    own = {sub.attr for sub in ast.walk(node) if isinstance(sub, ast.Attribute) and isinstance(sub.ctx, ast.Store)}
    return fields | methods | own


@cache
def things() -> dict[str, set[str]]:
    """Return of each module, package and class of the house what can be named of it, by its own name in small letters."""
    named: dict[str, set[str]] = {}
    for path in [*everything(), *modules("tests/harness")]:
        module = named.setdefault(name_of(path).rsplit(".", 1)[-1].lower(), set())
        for node in tree(path).body:
            if isinstance(node, ast.ClassDef):
                named.setdefault(node.name.lower(), set()).update(parts(node))
            if isinstance(node, ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
                module.add(node.name)
            if isinstance(node, ast.ImportFrom):
                module |= {name.asname or name.name for name in node.names}
            if isinstance(node, ast.Assign | ast.AnnAssign):
                targets = node.targets if isinstance(node, ast.Assign) else [node.target]
                module |= {target.id for target in targets if isinstance(target, ast.Name)}
    return named


def is_there(token: str) -> bool:
    """Tell whether what a doc names is in the house; what looks like no name of ours is words."""
    if PATH.fullmatch(token):
        return (HOUSE / PLACEHOLDERS.get(token, token)).exists()
    if found := DOTTED.fullmatch(token):
        return token in FILES or found[2] in things().get(found[1].lower(), ())
    if found := NAME.fullmatch(token):
        return found[1].lower() in things() or any(found[1] in some for some in things().values())
    return True


@pytest.mark.parametrize("doc", DOCS)
def test_every_path_and_every_name_is_there(doc: str) -> None:
    assert [token for token in tokens(doc) if not is_there(token)] == []


def test_what_is_not_there_is_noticed() -> None:
    gone = [
        "bot/quoting.py",
        "tests/nowhere",
        "outbox.steal",
        "Store.never",
        "Prophet",
        "no_such_field",
        "conjure_up()",
    ]
    assert [token for token in gone if is_there(token)] == []


@pytest.mark.parametrize("doc", DOCS)
def test_every_target_of_make_is_there(doc: str) -> None:
    targets = set(re.findall(r"^(\w+):", (HOUSE / "Makefile").read_text(encoding="utf-8"), re.M))
    assert {token.split()[1] for token in tokens(doc) if token.startswith("make ")} <= targets


@pytest.mark.parametrize("doc", DOCS)
def test_every_option_is_one_of_some_command(doc: str) -> None:
    commands = "".join(path.read_text(encoding="utf-8") for path in (HOUSE / "bot/cli").glob("*.py"))
    named = {option for token in tokens(doc) for option in re.findall(r"(?<!\S)--[a-z-]+", token)}
    assert {option for option in named if f'"{option}"' not in commands} <= {"--json"}


@pytest.mark.parametrize("name", LONG)
def test_what_stands_aside_for_being_long_is_there(name: str) -> None:
    path, _, test = name.partition("::")
    tests = HOUSE / "tests"
    assert (tests / path).is_dir() or f"def {test}" in (tests / f"{path}.py").read_text(encoding="utf-8")
