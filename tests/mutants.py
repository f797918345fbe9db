"""Mutants: one rule at a time is broken, and the tests that stand for it must see it. ``make mutants``.

A rule of ours stands in a table, a set of states or a pattern as often as in a function, so mutants are made of
whole modules: a condition is dropped or turned round, a number grows by one, a statement, a row of a table, a word
or a guard of a pattern goes missing. (mutmut changes the bodies of functions alone.) What is imported stays loaded,
each mutant is a fork that loads its module, and what stands on it, anew.

Which tests stand for which module, and why a survivor may live, is told in ``mutants.toml``.
"""

import argparse
import ast
import copy
import gc
import importlib
import importlib.abc
import importlib.util
import inspect
import itertools
import os
import re
import shutil
import signal
import sys
import tempfile
import time
import tomllib
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from types import CodeType, ModuleType
from typing import Any

HOUSE = Path(__file__).resolve().parents[1]
ANSWERS = HOUSE / "tests/mutants.toml"
SHARE = 0.05
"""At most so many of a group's mutants may live, each with its reason."""

SURVIVED, INVALID = 0, 70
ROOMS = ("db", "jobs", "bot", "tests")


# ---------------------------------------------------------------- what may be broken


@dataclass(frozen=True)
class Mutant:
    """One change: ``name`` says where and what, and stays the same when lines move; ``apply`` makes it in the tree."""

    name: str
    line: int
    apply: Callable[[], None]
    word: bool = False
    """A word among a pattern's others: counted apart, see ``words`` in mutants.toml."""


_OPPOSITE: dict[type[ast.cmpop], type[ast.cmpop]] = {
    ast.Eq: ast.NotEq, ast.NotEq: ast.Eq, ast.Lt: ast.LtE, ast.LtE: ast.Lt, ast.Gt: ast.GtE, ast.GtE: ast.Gt,
    ast.Is: ast.IsNot, ast.IsNot: ast.Is, ast.In: ast.NotIn, ast.NotIn: ast.In,
}  # fmt: skip
_OTHER: dict[type[ast.operator], type[ast.operator]] = {
    ast.Add: ast.Sub, ast.Sub: ast.Add, ast.BitOr: ast.BitAnd, ast.BitAnd: ast.BitOr, ast.Mult: ast.FloorDiv,
}  # fmt: skip
_TWINS = {"min": "max", "max": "min", "any": "all", "all": "any"}


def mutants_of(tree: ast.Module) -> list[Mutant]:
    """Return every mutant of a module, in the order of its lines."""
    seen: Counter[str] = Counter()
    found = []
    for scope, parent, name, place, node in _places(tree, "", None):
        for new, said in _changes(node, parent):
            label = f"{scope}: {said}"
            seen[label] += 1
            label += f" #{seen[label]}" if seen[label] > 1 else ""
            found.append(
                Mutant(label, getattr(node, "lineno", 0), _replacing(parent, name, place, new), _is_word(node, said))
            )
    return found


def _is_word(node: ast.AST, said: str) -> bool:
    return isinstance(node, ast.Constant) and isinstance(node.value, str) and said.startswith("without |")


def _replacing(parent: ast.AST, name: str, place: int | None, new: ast.AST) -> Callable[[], None]:
    def apply() -> None:
        if place is None:
            setattr(parent, name, new)
        else:
            getattr(parent, name)[place] = new

    return apply


_Place = tuple[str, ast.AST, str, int | None, ast.AST]


def _places(node: ast.AST, scope: str, _parent: ast.AST | None) -> Iterator[_Place]:
    """Yield every node that may change with its scope, its parent and where it hangs there."""
    for name, value in ast.iter_fields(node):
        if name in ("annotation", "returns", "decorator_list", "type_params", "exc", "cause", "format_spec"):
            continue
        many = isinstance(value, list)
        for place, child in enumerate(value if many else [value]):
            if not isinstance(child, ast.AST) or _is_still(child):
                continue
            inner = _scope(child, scope)
            yield inner, node, name, place if many else None, child
            yield from _places(child, inner, node)


def _is_still(node: ast.AST) -> bool:
    """Imports, assertions and words that stand alone (docstrings) are no rules."""
    return isinstance(node, ast.Import | ast.ImportFrom | ast.Assert) or (
        isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
    )


def _scope(node: ast.AST, scope: str) -> str:
    if isinstance(node, ast.FunctionDef | ast.ClassDef):
        return f"{scope}.{node.name}".strip(".")
    if not scope and isinstance(node, ast.Assign | ast.AnnAssign):
        return ast.unparse(node.targets[0] if isinstance(node, ast.Assign) else node.target)
    return scope


def _changes(node: ast.AST, parent: ast.AST) -> Iterator[tuple[ast.AST, str]]:
    """Yield what a node may become, and how that is said."""
    kind = type(node).__name__
    for new, said in _CHANGES.get(kind, _nothing)(node, parent):
        yield ast.copy_location(new, node), said


def _nothing(_node: Any, _parent: ast.AST) -> Iterator[tuple[ast.AST, str]]:
    yield from ()


def _said(old: ast.AST, new: ast.AST) -> str:
    return f"{_short(old)} → {_short(new)}"


def _short(node: ast.AST) -> str:
    text = " ".join(ast.unparse(node).split())
    return text if len(text) <= 90 else f"{text[:60]} … {text[-25:]}"


def _compare(node: ast.Compare, _parent: ast.AST) -> Iterator[tuple[ast.AST, str]]:
    for place, operator in enumerate(node.ops):
        new = copy.deepcopy(node)
        new.ops[place] = _OPPOSITE[type(operator)]()
        yield new, _said(node, new)


def _conditions(node: ast.BoolOp, _parent: ast.AST) -> Iterator[tuple[ast.AST, str]]:
    for place, dropped in enumerate(node.values):
        kept = [value for at, value in enumerate(node.values) if at != place]
        new = kept[0] if len(kept) == 1 else ast.BoolOp(node.op, kept)
        yield new, f"{_short(node)} without {_short(dropped)}"


def _not(node: ast.UnaryOp, _parent: ast.AST) -> Iterator[tuple[ast.AST, str]]:
    if isinstance(node.op, ast.Not):
        yield node.operand, _said(node, node.operand)


def _if(node: ast.If | ast.IfExp, _parent: ast.AST) -> Iterator[tuple[ast.AST, str]]:
    if isinstance(node.test, ast.Compare | ast.BoolOp | ast.UnaryOp):
        return
    new = copy.deepcopy(node)
    new.test = ast.UnaryOp(ast.Not(), new.test)
    yield new, f"if {_short(node.test)} → if not"


def _comprehension(node: ast.comprehension, _parent: ast.AST) -> Iterator[tuple[ast.AST, str]]:
    for place, condition in enumerate(node.ifs):
        new = copy.deepcopy(node)
        del new.ifs[place]
        yield new, f"{_short(node)} without {_short(condition)}"


def _constant(node: ast.Constant, parent: ast.AST) -> Iterator[tuple[ast.AST, str]]:
    value = node.value
    if isinstance(value, bool):
        yield ast.Constant(not value), f"{_about(parent, node)}{value} → {not value}"
    elif isinstance(value, int):
        yield ast.Constant(value + 1), f"{_about(parent, node)}{value} → {value + 1}"
    elif isinstance(value, str) and ("|" in value or "(?" in value):
        for less, gone in _patterns(value):
            yield ast.Constant(less), f"without {gone}"


def _about(parent: ast.AST, node: ast.Constant) -> str:
    """Say beside what a bare number stands: a row's key, a name."""
    if isinstance(parent, ast.Dict) and node in parent.values:
        key = parent.keys[parent.values.index(node)]
        return f"{_short(key)}: " if key is not None else ""
    return f"{parent.arg}=" if isinstance(parent, ast.keyword) else f"{_short(parent)}: "


def _sum(node: ast.BinOp, _parent: ast.AST) -> Iterator[tuple[ast.AST, str]]:
    texts = any(isinstance(side, ast.JoinedStr) or (isinstance(side, ast.Constant) and isinstance(side.value, str))
                for side in (node.left, node.right))  # fmt: skip
    if type(node.op) in _OTHER and not texts:
        new = ast.BinOp(node.left, _OTHER[type(node.op)](), node.right)
        yield new, _said(node, new)


def _statement(node: ast.stmt, _parent: ast.AST) -> Iterator[tuple[ast.AST, str]]:
    yield ast.Pass(), f"without {_short(node)}"


def _assignment(node: ast.Assign | ast.AugAssign, parent: ast.AST) -> Iterator[tuple[ast.AST, str]]:
    targets = node.targets if isinstance(node, ast.Assign) else [node.target]
    if (
        isinstance(node, ast.AugAssign)
        or all(_is_part(target) for target in targets)
        or (isinstance(targets[0], ast.Tuple) and isinstance(node.value, ast.Tuple) and _is_part(targets[0].elts[0]))
    ):
        yield from _statement(node, parent)


def _is_part(target: ast.AST) -> bool:
    return isinstance(target, ast.Attribute | ast.Subscript)


def _elements(node: ast.Tuple | ast.List | ast.Set, parent: ast.AST) -> Iterator[tuple[ast.AST, str]]:
    plain = all(isinstance(one, ast.Constant | ast.Attribute | ast.Name | ast.Tuple | ast.Call) for one in node.elts)
    stored = isinstance(getattr(node, "ctx", None), ast.Store)
    if stored or not plain or len(node.elts) < 2 or isinstance(parent, ast.Subscript | ast.Assign | ast.Return):
        return
    for place, dropped in enumerate(node.elts):
        new = copy.copy(node)
        new.elts = [one for at, one in enumerate(node.elts) if at != place]
        yield new, f"without {_short(dropped)}"


def _rows(node: ast.Dict, _parent: ast.AST) -> Iterator[tuple[ast.AST, str]]:
    for place, key in enumerate(node.keys):
        if key is None or len(node.keys) < 2:
            continue
        new = ast.Dict(
            [one for at, one in enumerate(node.keys) if at != place],
            [one for at, one in enumerate(node.values) if at != place],
        )
        yield new, f"without the row {_short(key)}"


def _call(node: ast.Call, _parent: ast.AST) -> Iterator[tuple[ast.AST, str]]:
    if isinstance(node.func, ast.Name) and node.func.id in _TWINS:
        new = copy.copy(node)
        new.func = ast.copy_location(ast.Name(_TWINS[node.func.id], ast.Load()), node.func)
        yield new, _said(node, new)


_CHANGES: dict[str, Callable[..., Iterator[tuple[ast.AST, str]]]] = {
    "Compare": _compare, "BoolOp": _conditions, "UnaryOp": _not, "If": _if, "IfExp": _if, "While": _if,
    "comprehension": _comprehension, "Constant": _constant, "BinOp": _sum, "Expr": _statement, "Raise": _statement,
    "Continue": _statement, "Break": _statement, "Assign": _assignment, "AugAssign": _assignment, "Tuple": _elements,
    "List": _elements, "Set": _elements, "Dict": _rows, "Call": _call,
}  # fmt: skip
"""What may become of a node, by its kind."""


# ---------------------------------------------------------------- patterns

_TOKEN = re.compile(
    r"\\.|\[\^?\]?(?:\\.|[^\]\\])*\]|\(\?(?:[:=!]|<[=!]|P<\w+>|P=\w+\)|[aiLmsux]+\))|[()|]|[^\\\[()|]+", re.S
)
_GUARDS = ("(?=", "(?!", "(?<=", "(?<!")


def _patterns(text: str) -> Iterator[tuple[str, str]]:
    """Yield a pattern (or a piece of one) without one of its alternatives, or without one of its guards."""
    opened: list[list[Any]] = [[None, 0, []]]  # what opens a group, where its current alternative begins, those before
    for token in _TOKEN.finditer(text):
        start, end = token.span()
        if token[0] == "|":
            opened[-1][2].append((opened[-1][1], start))
            opened[-1][1] = end
        elif token[0].startswith("(") and not token[0].endswith(")"):
            opened.append([token, end, []])
        elif token[0] == ")" and len(opened) > 1:
            opening, begins, before = opened.pop()
            yield from _fewer(text, [*before, (begins, start)])
            if opening[0] in _GUARDS:
                yield text[: opening.start()] + text[end:], text[opening.start() : end]
    yield from _fewer(text, [*opened[0][2], (opened[0][1], len(text))]) if len(opened) == 1 else ()


def _fewer(text: str, alternatives: list[tuple[int, int]]) -> Iterator[tuple[str, str]]:
    if len(alternatives) < 2:
        return
    for start, end in alternatives:
        gone = text[start:end].strip()
        if gone:
            first = start == alternatives[0][0]
            yield (text[:start] + text[end + 1 :]) if first else (text[: start - 1] + text[end:]), f"|{gone}"


# ---------------------------------------------------------------- one mutant at work


class _Broken(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    """Loads one module from its mutant's code."""

    def __init__(self, name: str, path: Path, code: CodeType) -> None:
        self.name, self.path, self.code = name, path, code

    def find_spec(self, fullname: str, _path: Any, _target: Any = None) -> Any:
        if fullname != self.name:
            return None
        package = self.path.name == "__init__.py"
        spec = importlib.util.spec_from_loader(fullname, self, origin=str(self.path), is_package=package)
        if package and spec is not None:
            spec.submodule_search_locations = [str(self.path.parent)]
        return spec

    def exec_module(self, module: ModuleType) -> None:
        module.__file__ = str(self.path)
        exec(self.code, module.__dict__)


@dataclass
class Target:
    """One module, the tests that stand for it, and what became of its mutants."""

    group: str
    path: Path
    tests: list[str]
    accepted: dict[str, str]
    above: set[str] = field(default_factory=set)
    limit: float = 60.0
    killed: Counter[bool] = field(default_factory=Counter)
    survivors: list[Mutant] = field(default_factory=list)
    words: int = 0
    """How many words of the group's patterns may still be without an example; never more than there were."""

    @property
    def name(self) -> str:
        """The module's dotted name."""
        parts = self.path.relative_to(HOUSE).with_suffix("").parts
        return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)

    @property
    def unanswered(self) -> list[Mutant]:
        """Survivors that nobody has spoken for."""
        return [mutant for mutant in self.survivors if mutant.name not in self.accepted]

    def alive(self, *, words: bool) -> int:
        """Count the survivors: words of patterns, or all else."""
        return sum(mutant.word is words for mutant in self.survivors)

    def total(self, *, words: bool) -> int:
        """Count the mutants that could be loaded at all."""
        return self.killed[words] + self.alive(words=words)


def run(target: Target, tree: ast.Module, mutant: Mutant | None, scratch: Path) -> int:
    """Run the tests over one mutant (None: the module as it is) in a child; return its process id."""
    child = os.fork()
    if child:
        return child
    status = INVALID
    try:
        os.setsid()
        silence = os.open(os.devnull, os.O_WRONLY)
        os.dup2(silence, 1)
        os.dup2(silence, 2)
        if mutant is not None:
            mutant.apply()
        code = compile(ast.fix_missing_locations(tree), str(target.path), "exec")
        for module in target.above:
            _forget(module)
        sys.meta_path.insert(0, _Broken(target.name, target.path, code))
        try:
            importlib.import_module(target.name)
        except (re.error, SyntaxError):
            os._exit(INVALID)  # what is no program, or no pattern, is no mutant
        except Exception:
            os._exit(1)
        status = _test(target.tests, scratch / str(os.getpid()), words=mutant is not None and mutant.word)
    finally:
        os._exit(status)
    return 0


def _forget(module: str) -> None:
    """Unload a module; its package forgets it too, or ``from package import module`` would give the old one."""
    sys.modules.pop(module, None)
    package, _, name = module.rpartition(".")
    if hasattr(sys.modules.get(package), name):
        delattr(sys.modules[package], name)


def _test(tests: list[str], folder: Path, *, words: bool) -> int:
    from hypothesis import settings

    settings.register_profile("mutants", max_examples=5, derandomize=True, database=None, deadline=None)
    settings.load_profile("mutants")
    os.environ["HYPOTHESIS_PROFILE"] = "mutants"
    modules = [importlib.import_module(_dotted(test)) for test in tests]
    functions = [
        function
        for module in modules
        for name, function in vars(module).items()
        if name.startswith("test_") and callable(function)
    ]
    if all(_is_plain(function) for function in functions):
        return _call_all([one for one in sorted(functions, key=_is_property) if not (words and _is_property(one))])
    return _pytest(tests, folder)


def _dotted(path: str) -> str:
    return path.removesuffix(".py").replace("/", ".")


def _is_property(function: Any) -> bool:
    return getattr(function, "is_hypothesis_test", False)


def _marks(function: Any) -> list[Any]:
    return getattr(function, "pytestmark", [])


def _is_plain(function: Any) -> bool:
    """Tell whether a test asks for nothing but its own examples: then it can be called without pytest, ten times as fast."""
    if _is_property(function):
        return not _marks(function)
    names = {name.strip() for mark in _marks(function) if mark.name == "parametrize" for name in _names(mark)}
    return set(inspect.signature(function).parameters) == names


def _names(mark: Any) -> list[str]:
    return mark.args[0].split(",") if isinstance(mark.args[0], str) else list(mark.args[0])


def _call_all(functions: list[Any]) -> int:
    """Call tests with each of their examples, in order, until one fails."""
    try:
        for function in functions:
            for example in _examples(function):
                function(**example)
    except BaseException:
        return 1
    return SURVIVED


def _examples(function: Any) -> Iterator[dict[str, Any]]:
    marks = [mark for mark in _marks(function) if mark.name == "parametrize"]
    for rows in itertools.product(*(list(mark.args[1]) for mark in marks)):
        example: dict[str, Any] = {}
        for mark, row in zip(marks, rows, strict=True):
            names = [name.strip() for name in _names(mark)]
            example |= zip(names, (row,) if len(names) == 1 else row, strict=True)
        yield example


def _pytest(tests: list[str], folder: Path) -> int:
    import pytest

    status = pytest.main([
        *tests, "-x", "-q", "-o", "addopts=", "-o", "timeout=0", "-p", "no:cacheprovider", "-p", "no:xdist", "--assert=plain",
        f"--basetemp={folder}", "-k", "not postgresql", f"--rootdir={HOUSE}",
    ])  # fmt: skip
    shutil.rmtree(folder, ignore_errors=True)
    return int(status)


def _stand_on(name: str) -> set[str]:
    """Return what is loaded and stands on a module, itself and the tests included."""
    loaded = {module: _imports(module) for module in list(sys.modules) if module.split(".")[0] in ROOMS}
    gone = {name} | {module for module in loaded if module.startswith("tests.")}
    while more := {module for module, on in loaded.items() if module not in gone and on & gone}:
        gone |= more
    return gone


def _imports(module: str) -> set[str]:
    found: set[str] = set()
    path = getattr(sys.modules[module], "__file__", None)
    for node in ast.walk(_tree(path)) if path else ():
        if isinstance(node, ast.Import):
            found |= {name.name for name in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found |= {node.module, *(f"{node.module}.{name.name}" for name in node.names)}
    return found


_TREES: dict[str, ast.Module] = {}


def _tree(path: str) -> ast.Module:
    if path not in _TREES:
        _TREES[path] = ast.parse(Path(path).read_text(encoding="utf-8"))
    return _TREES[path]


def _load(tests: Iterable[str]) -> None:
    """Load what the tests need, once, before anything is forked."""
    import pytest  # noqa: F401

    re._MAXCACHE = 1 << 16  # type: ignore[attr-defined]  # patterns that did not change are not compiled again
    importlib.import_module("tests.conftest")
    for test in tests:
        importlib.import_module(_dotted(test))
    gc.disable()
    gc.freeze()


# ---------------------------------------------------------------- all of them


def examine(target: Target, jobs: int, scratch: Path, only: str) -> None:
    """Run every mutant of a module, so many at a time; what takes far longer than the module as it is counts as killed."""
    tree, target.above = _tree(str(target.path)), _stand_on(target.name)
    began = time.monotonic()
    if (status := _wait_for(run(target, tree, None, scratch))) != SURVIVED:
        raise SystemExit(f"the tests of {target.name} are red before anything is broken (status {status})")
    target.limit = 10.0 + 8 * (time.monotonic() - began)
    todo = [mutant for mutant in mutants_of(tree) if only in mutant.name]
    running: dict[int, tuple[Mutant, float]] = {}
    while todo or running:
        while todo and len(running) < jobs:
            mutant = todo.pop(0)
            running[run(target, tree, mutant, scratch)] = (mutant, time.monotonic())
        for child, status in _ended(running, target.limit):
            mutant, _ = running.pop(child)
            if status == SURVIVED:
                target.survivors.append(mutant)
                if mutant.name not in target.accepted:
                    _say(f"  {target.path.name}:{mutant.line}  {mutant.name}")
            elif status != INVALID:
                target.killed[mutant.word] += 1


def _wait_for(child: int) -> int:
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def _ended(running: dict[int, tuple[Mutant, float]], limit: float) -> list[tuple[int, int]]:
    """Wait until a child has ended; one that hangs is ended, which is a kill."""
    while True:
        ended = []
        for child, (_mutant, since) in running.items():
            pid, status = os.waitpid(child, os.WNOHANG)
            if pid:
                ended.append((child, os.waitstatus_to_exitcode(status)))
            elif time.monotonic() - since > limit:
                os.killpg(child, signal.SIGKILL)
        if ended:
            return ended
        time.sleep(0.01)


def targets(only: str = "") -> list[Target]:
    """Read which modules are examined, by which tests, and which survivors are spoken for."""
    told = tomllib.loads(ANSWERS.read_text(encoding="utf-8"))
    return [
        Target(group["name"], HOUSE / path, group["tests"], told.get("lives", {}).get(path, {}), words=group.get("words", 0))
        for group in told["group"] for path in group["modules"] if only in path or only == group["name"]
    ]  # fmt: skip


def main() -> int:
    """Examine the modules whose path holds a word, or all; print who lives, and return 1 where that is too much."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("module", nargs="?", default="", help="a part of the module's path, e.g. workflow")
    options.add_argument("--only", default="", help="a part of the mutants' names")
    options.add_argument("--jobs", type=int, default=os.cpu_count() or 1)
    asked = options.parse_args()
    os.chdir(HOUSE)
    chosen = targets(asked.module)
    _load({test for target in chosen for test in target.tests})
    scratch = Path(tempfile.mkdtemp(prefix="mutants-"))
    try:
        for target in chosen:
            began = time.monotonic()
            examine(target, asked.jobs, scratch, asked.only)
            _tell(target, time.monotonic() - began, asked.only)
    finally:
        shutil.rmtree(scratch, ignore_errors=True)
    groups = [
        [target for target in chosen if target.group == name] for name in dict.fromkeys(one.group for one in chosen)
    ]
    held = [_holds(group) for group in groups]
    if len(groups) > 1:
        held.append(_holds(chosen))
    return 0 if all(held) else 1


def _holds(group: list[Target]) -> bool:
    """Tell whether few enough of a group's mutants live, each with its reason, and no more words than before; print it."""
    total, alive = (sum(count(one, words=False) for one in group) for count in (Target.total, Target.alive))
    words, unheard = (sum(count(one, words=True) for one in group) for count in (Target.total, Target.alive))
    allowed = sum({one.group: one.words for one in group}.values())
    _say(f"{' + '.join(dict.fromkeys(one.group for one in group))}: {total} mutants, {total - alive} killed, {alive} alive "
         f"({alive / max(total, 1):.1%}); {words} words, {unheard} without an example ({allowed} known)")  # fmt: skip
    silent = [mutant for one in group for mutant in one.unanswered if not mutant.word]
    return alive <= SHARE * total and not silent and unheard <= allowed


def _tell(target: Target, seconds: float, only: str) -> None:
    _say(f"{target.path.relative_to(HOUSE)}: {target.total(words=False)} mutants, {target.alive(words=False)} alive; "
         f"{target.total(words=True)} words, {target.alive(words=True)} without an example; {seconds:.0f} s")  # fmt: skip
    for name in target.accepted.keys() - {mutant.name for mutant in target.survivors}:
        if only in name:  # what was not examined may live as before
            _say(f"  no longer alive, or no longer there: {name}")


def _say(text: str) -> None:
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
