"""The commands there are, and what each is for, told from the text of the modules that add them: importing those takes
a second, reading them none."""

import ast
from collections.abc import Iterator
from pathlib import Path


def commands(path: Path) -> Iterator[tuple[str, str]]:
    """Yield the commands that a module adds to the program by ``app.command``, each with its help."""
    for node in _body(path):
        if isinstance(node, ast.FunctionDef):
            for call in _calls_of_app("command", *node.decorator_list):
                yield _name(call) or node.name, ast.get_docstring(node) or ""


def groups(path: Path) -> Iterator[tuple[str, str]]:
    """Yield the groups of commands that a module adds by ``app.add_typer``, each with its help."""
    helps = {
        target.id: _text(node.value, "help")
        for node in _body(path)
        if isinstance(node, ast.Assign) and isinstance(node.value, ast.Call)
        for target in node.targets
        if isinstance(target, ast.Name)
    }
    for call in _calls_of_app("add_typer", *(node.value for node in _body(path) if isinstance(node, ast.Expr))):
        added = call.args[0]
        assert isinstance(added, ast.Name), "a group is made first, and then added"
        yield _text(call, "name"), helps[added.id]


def _body(path: Path) -> list[ast.stmt]:
    return ast.parse(path.read_text(encoding="utf-8")).body


def _calls_of_app(method: str, *nodes: ast.expr) -> Iterator[ast.Call]:
    for node in nodes:
        if isinstance(node, ast.Call) and ast.unparse(node.func) == f"app.{method}":
            yield node


def _name(call: ast.Call) -> str:
    first = call.args[0] if call.args else None
    return str(first.value) if isinstance(first, ast.Constant) else _text(call, "name")


def _text(call: ast.Call, keyword: str) -> str:
    """Return what a call gives for a keyword, "" where nothing."""
    values = [pair.value for pair in call.keywords if pair.arg == keyword]
    return str(values[0].value) if values and isinstance(values[0], ast.Constant) else ""
