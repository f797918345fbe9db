"""Commands that only read: a document, a phrase, a chat message. Nothing is stored."""

import hashlib
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any
from zoneinfo import ZoneInfo

import typer

from bot.cli.shell import a_day, a_year, app, batch
from bot.terminal import Misuse, progress, say, say_json, table
from db import days
from db.clock import WallClock
from db.periods import length_in_words, rule_in_words
from db.words import DeadlineKind

if TYPE_CHECKING:
    from jobs.reading.document import Document, MilestoneRead, Problem, Unread
    from jobs.reading.guard import Guard

Year = Annotated[int | None, typer.Option(help="文件的年份（1949–2100）；不给则由文件推断")]
Issued = Annotated[str | None, typer.Option(help="印发日期，如 2022-03-02")]
On = Annotated[str | None, typer.Option(help="参照日，如 2022-03-02；不给则为今天")]
Json = Annotated[bool, typer.Option("--json", help="输出 JSON")]
Batch = Annotated[Path | None, typer.Option(help="JSON 行文件（- 为标准输入），逐行回答")]


def today() -> date:
    """Return the local day, where a command was given none."""
    now: datetime = WallClock().now()
    return now.astimezone(ZoneInfo("Asia/Shanghai")).date()


@app.command()
def read(
    file: Annotated[Path | None, typer.Argument(help="要读的文件")] = None,
    year: Year = None,
    issued: Issued = None,
    as_json: Json = False,
    explain: Annotated[str | None, typer.Option(help="说明某一项（编号）是按什么规则读出来的")] = None,
    out: Annotated[
        Path | None, typer.Option(help="写出核对表（.xlsx）：原文和读到的并排，改好后用 duban import 导入")
    ] = None,
    batch_file: Annotated[Path | None, typer.Option("--batch", help="JSON 行文件：每行给出 file 或 text")] = None,
) -> None:
    """读取文件：列出任务、单位和期限，只读不存。"""
    from jobs.reading.guard import Guard, read_guarded

    if batch_file is not None:
        with Guard() as guard:
            batch(
                batch_file, lambda asked: ("document", _read_one(guard, asked, a_year(year), a_day(issued, "--issued")))
            )
        return
    if file is None:
        raise Misuse("请给出要读的文件，或用 --batch")
    with progress("读取") as tell:
        document = read_guarded(file, a_year(year), a_day(issued, "--issued"), tell)
    if out is not None:
        _write_checklist(document, file, out)
    elif explain is not None:
        _explain(document, explain)
    elif as_json:
        say_json(document.as_json())
    else:
        _show(document)


def _write_checklist(document: "Document", file: Path, out: Path) -> None:
    from jobs.reading import checklist

    if out.suffix.lower() != ".xlsx":
        raise Misuse(f"核对表须写成 .xlsx，不是“{out.name}”")
    out.write_bytes(checklist.book(document, hashlib.sha256(file.read_bytes()).hexdigest()))
    doubtful = sum(bool(task.uncertain or any(one.uncertain for one in task.milestones)) for task in document.tasks)
    missing = sum(bool(task.gaps) for task in document.tasks)
    say(f"已写出 {out}：{len(document.tasks)} 项任务，{doubtful} 项待核对（黄），{missing} 项有空缺（红）。")
    say(f"改好后：duban import {out}")


def _read_one(guard: "Guard", asked: Mapping[str, Any], year: int | None, issued: date | None) -> dict[str, Any]:
    from jobs.reading.read import UnreadableFile, read_text

    own_year = a_year(asked.get("year", year))
    own_issued = a_day(asked["issued"], "issued") if asked.get("issued") else issued
    try:
        if "file" in asked:
            return guard.read(Path(asked["file"]), own_year, own_issued).as_json()
        return read_text(asked["text"], year=own_year, issued=own_issued).as_json()
    except UnreadableFile as error:
        return {"error": str(error)}


_SHOWN = 12
"""So many of what was not taken are shown one by one."""

_ROLES = (("牵头：", "lead"), ("责任：", "responsible"), ("配合：", "assist"), ("另加：", "implied"))


def _show(document: "Document") -> None:
    from jobs.notices.render import shorten

    say(f"{document.title or '（无标题）'}　年份：{document.reference_year or '不明'}（{document.reference_basis}）")
    rows = [
        (
            task.number or "—",
            shorten(task.text.replace("\n", ""), 60),
            "；".join(f"{role}{'、'.join(getattr(task, name))}" for role, name in _ROLES if getattr(task, name))
            or "—（？待补单位）",
            "\n".join(_day_of(one) for one in task.owed if one.text or one.units) or "—",
            task.place.zh,
        )
        for task in document.tasks
    ]
    if rows:
        table(("序号", "任务", "单位", "期限", "位置"), rows)
    uncertain = sum(one.uncertain is not None for task in document.tasks for one in task.milestones)
    for group in document.groups:
        say(f"{group.name}的成员：{'、'.join(group.members)}")
    say(f"共{len(document.tasks)}项任务；{uncertain}处期限待核对（标 ？）；{len(document.problems)}处问题。")
    _say_where(document.problems)
    _say_sum(document)


def _say_where(told: "Sequence[Problem | Unread]") -> None:
    for why, count in Counter(one.why for one in told).most_common():
        places = [one.place.zh for one in told if one.why == why]
        say(f"　{why}：{count}处（{'、'.join(places[:8])}{'……' if count > 8 else ''}）")


def _say_sum(document: "Document") -> None:
    """Say how much of the source is in tasks, and where what is not stands."""
    for kind, zh in (("deadline", "期限"), ("units", "单位名单")):
        left = [one for one in document.unread if one.kind == kind]
        if kind == "deadline":
            taken = document.deadlines_taken
            say(f"{taken + len(left)}处期限：{taken}处已入任务，{len(left)}处未取。")
        elif left:
            say(f"{len(left)}处{zh}未取。")
        for one in left[:_SHOWN]:
            say(f"　{one.place.zh}“{one.text[:30]}”：{one.why}")
        if len(left) > _SHOWN:
            say(f"　……另有{len(left) - _SHOWN}处，见 --json 的 unread")


def _meaning(text: str, due: date | None, rule: str | None, shift: str | None, following: date | None = None) -> str:
    """Say in words which day is meant, or how often, or how long after."""
    if due is not None:
        return days.written(due)
    if rule:
        return rule_in_words(rule, following)
    length = length_in_words(shift) if shift else ""
    return length.replace("天", "个工作日") if "工作日" in text else length


def _day_of(one: "MilestoneRead") -> str:
    meaning = _meaning(one.text, one.due, one.rule, one.shift, one.next) or one.kind.zh
    whose = f"{'、'.join(one.units)}：" if one.units else ""
    return f"{whose}{one.text or '—'} → {meaning}" + (f"（？{one.uncertain}）" if one.uncertain else "")


def _explain(document: "Document", number: str) -> None:
    """Print for one task where each part stands and by which rule it was read."""
    from jobs.notices.render import shorten

    found = [task for task in document.tasks if number in (task.number, task.key)]
    if not found:
        raise Misuse(f"没有编号为 {number} 的任务；编号见 duban read 的第一列")
    for task in found:
        say(f"〔{task.number or task.key}〕{task.place.zh}　{shorten(task.text, 60)}")
        if task.original:
            say(f"　原文：{shorten(task.original, 80)}")
        if task.uncertain:
            say(f"　待核对：{task.uncertain}")
        if task.section:
            say(f"　所在标题：{task.section}")
        for how in task.how:
            say(f"　{how}")
        for one in task.milestones:
            say(
                f"　期限“{one.text}” → {_meaning(one.text, one.due, one.rule, one.shift, one.next) or '—'}：{one.how or one.kind.zh}"
                + (f"；待核对：{one.uncertain}" if one.uncertain else "")
            )
        for problem in document.problems:
            if problem.place == task.place:
                say(f"　问题：{problem.why}“{shorten(problem.text, 30)}”")


@app.command()
def when(
    text: Annotated[str | None, typer.Argument(help="一句话，如 6月底前")] = None,
    on: On = None,
    year: Year = None,
    as_json: Json = False,
    batch_file: Annotated[Path | None, typer.Option("--batch", help="JSON 行文件：每行 text、on、year、issued")] = None,
) -> None:
    """一个期限说的是哪一天。"""
    from jobs.reading.deadlines import answers

    day = a_day(on, "--on")
    if batch_file is not None:
        batch(batch_file, lambda asked: ("answers", _when_one(asked, day, a_year(year))))
        return
    if text is None:
        raise Misuse("请给出一句话，或用 --batch")
    found = answers(text, on=day or today(), year=a_year(year))
    if as_json:
        say_json(found)
        return
    for one in found:
        meaning = _meaning(one["text"], one["due"] and date.fromisoformat(one["due"]), one["rule"], one["shift"])
        first = f"，第一次{days.written(date.fromisoformat(one['next']))}" if one["next"] else ""
        say(
            f"{one['text']} → {DeadlineKind(one['kind']).zh} {meaning}".rstrip()
            + first
            + (f"（？{one['uncertain']}）" if one["uncertain"] else "")
        )
    if not found:
        say("没有期限")


def _when_one(asked: Mapping[str, Any], on: date | None, year: int | None) -> list[dict[str, Any]]:
    from jobs.reading.deadlines import answers

    own = a_day(asked["on"], "on") if asked.get("on") else on
    issued = a_day(asked["issued"], "issued") if asked.get("issued") else None
    return answers(asked["text"], on=own or today(), year=a_year(asked.get("year", year)), issued=issued)


@app.command()
def understand(
    text: Annotated[str | None, typer.Argument(help="一条聊天消息")] = None,
    on: On = None,
    due: Annotated[str | None, typer.Option(help="该任务现在的期限")] = None,
    as_json: Json = False,
    batch_file: Annotated[Path | None, typer.Option("--batch", help="JSON 行文件：每行 text、on、due")] = None,
    explain: Annotated[bool, typer.Option("--explain", help="逐句列出识别的词、五项特征和含义")] = False,
) -> None:
    """一条聊天消息是什么意思。"""
    from bot.dialogue import understand as understanding

    def one(words: str, day: date, deadline: date | None) -> dict[str, Any]:
        return understanding.understand(words, on=day, due=deadline).as_json()

    def asked_one(asked: Mapping[str, Any]) -> tuple[str, Any]:
        day = (a_day(asked["on"], "on") if asked.get("on") else a_day(on, "--on")) or today()
        deadline = a_day(asked["due"], "due") if asked.get("due") else a_day(due, "--due")
        return "answer", one(asked["text"], day, deadline)

    if batch_file is not None:
        batch(batch_file, asked_one)
        return
    if text is None:
        raise Misuse("请给出一条消息，或用 --batch")
    answer = one(text, a_day(on, "--on") or today(), a_day(due, "--due"))
    if as_json:
        say_json(answer | ({"clauses": understanding.explain(text)} if explain else {}))
        return
    if explain:
        say("\n".join(understanding.explain(text)))
    told = [write(answer[key]) for key, write in _TOLD.items() if answer[key] is not None]
    say(
        _INTENTS[answer["intent"]]
        + (f"（{'，'.join(told)}）" if told else "")
        + ("" if answer["confident"] else "，须再问一句")
    )


_INTENTS = {
    "acknowledge": "签收",
    "done": "报办结",
    "not_done": "尚未办结",
    "progress": "报进展",
    "extend": "申请延期",
    "question": "提问",
    "list": "看清单",
    "show": "看一项",
    "undo": "撤回",
    "help": "问用法",
    "none": "与督办无关",
    "verify": "核查销号",
    "return": "退回",
    "grant": "同意延期",
    "refuse": "不同意延期",
}
_TOLD: dict[str, Callable[[Any], str]] = {
    "task": lambda task: f"任务{task}",
    "percent": lambda percent: f"完成{percent}%",
    "due": lambda due: f"到{days.written(date.fromisoformat(due))}",
    "shift": lambda shift: f"延{length_in_words(shift)[:-1]}",
    "reason": lambda reason: f"理由：{reason}",
}
"""How an answer is printed for people; ``--json`` is for scripts."""
