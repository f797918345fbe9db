"""What people read in a chat, over all that the dialogue can say: no programs to run, and only words that are heard there."""

import ast
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from jinja2 import meta

from db.bodies import MissedBody
from db.words import NoticeKind
from jobs.notices.cards import under_its_text
from jobs.notices.render import environment
from jobs.ports import Face
from tests.messages.replies import REPLIES
from tests.messages.sample import NOTICES
from tests.messages.written import DOCUMENT, TEMPLATES, written

HOUSE = Path(__file__).resolve().parents[2]
TERMINAL = {
    "bot/cli", "bot/tools/bench/run.py", "bot/tools/bench/reading.py", "bot/tools/bench/telegram.py", "bot/tools/demo/show.py", "bot/tools/doctor.py", "bot/service/run.py", "bot/service/trying.py",
    "bot/wiring.py", "bot/settings.py", "bot/tools/backup.py", "bot/tools/unit_sheet.py", "bot/__main__.py", "db/migrate.py", "db/session.py",
    "db/backup.py", "db/audit", "db/migrations", "jobs/reading/read.py", "jobs/reading/reference.py",
}  # fmt: skip
"""What only who runs the program reads."""

PROGRAM = re.compile(r"\bduban [a-z]|(?<![\w-])--[a-z]+")


def spoken(path: Path) -> Iterator[str]:
    """Yield the literals of a module that may reach a chat: no docstrings, and nothing that is worded for a terminal."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    silent = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    silent |= {id(part) for node in ast.walk(tree) if isinstance(node, ast.keyword) and node.arg == "terminal"
               for part in ast.walk(node.value)}  # fmt: skip
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in silent:
            yield node.value


def modules() -> list[Path]:
    paths = [path for room in ("bot", "jobs", "db") for path in (HOUSE / room).rglob("*.py")]
    return [path for path in paths if not any(str(path.relative_to(HOUSE)).startswith(one) for one in TERMINAL)]


def templates() -> list[Path]:
    return sorted((HOUSE / "templates/zh").rglob("*.j2"))


def test_nobody_in_a_chat_is_told_to_run_a_program() -> None:
    said = {path.name: PROGRAM.findall(path.read_text(encoding="utf-8")) for path in templates()}
    for path in modules():
        said[str(path.relative_to(HOUSE))] = [
            text for text in spoken(path) if re.search("[一-鿿]", text) and PROGRAM.search(text)
        ]
    assert {name: found for name, found in said.items() if found} == {}


def test_an_error_says_what_to_do_where_it_is_read() -> None:
    from db.words import Refusal

    refusal = Refusal("没有这个单位", chat="；发“单位”看全部", terminal="；全部单位见 duban unit list")
    assert (str(refusal), refusal.terminal) == (
        "没有这个单位；发“单位”看全部",
        "没有这个单位；全部单位见 duban unit list",
    )
    plain = Refusal("没有这个单位")
    assert (str(plain), plain.terminal) == ("没有这个单位", "没有这个单位")
    assert Refusal("不行", chat="；请再试").terminal == "不行；请再试"


SPOKEN = re.compile(r"spoken\(\s*['\"]([^'\"]+)['\"],\s*['\"]([^'\"]+)['\"]\s*\)")


def test_a_hint_names_a_command_as_the_table_of_commands_does() -> None:
    from bot.dialogue.commands import COMMANDS
    from bot.dialogue.contact.words import CONTACT_WORDS

    known = {(word, command.latin) for command in COMMANDS for word in command.words}
    known |= {(one.word, one.latin) for one in CONTACT_WORDS}
    paths = [*templates(), *(path for path in modules() if path.name != "ports.py")]
    named = {(path.name, *pair) for path in paths for pair in SPOKEN.findall(path.read_text(encoding="utf-8"))}
    assert len(named) > 15
    assert {one for one in named if one[1:] not in known} == set()


HINT = re.compile(r"(?:请写|写：|请发送|请用“|例如：|可用“|附文字：|（或：)\s*({words})(?=[ ”：])")


def test_no_hint_tells_a_bare_word_that_a_group_may_not_hear() -> None:
    """Telegram brings a group's words to a bot only as /commands or replies: a hint is written for the service."""
    from bot.dialogue.commands import COMMANDS

    words = "|".join(word for command in COMMANDS for word in command.words if len(word) > 1)
    pattern = re.compile(HINT.pattern.replace("{words}", words))
    told = {path.name: pattern.findall(path.read_text(encoding="utf-8")) for path in templates()}
    told |= {str(path.relative_to(HOUSE)): [hit for text in spoken(path) for hit in pattern.findall(text)]
             for path in modules() if path.name != "commands.py" and "channels" not in path.parts}  # fmt: skip
    assert {name: hits for name, hits in told.items() if hits} == {}


def test_a_word_is_written_as_its_service_hears_it() -> None:
    from bot.channels.telegram import channel
    from bot.channels.wecom import ai_bot, app

    assert channel.ABILITIES.spoken("继续", "unpause") == "/unpause"
    assert ai_bot.ABILITIES.spoken("继续", "unpause") == app.ABILITIES.spoken("继续", "unpause") == "继续"


@pytest.mark.parametrize(
    ("day", "today", "told"),
    [("2022-11-30", "2022-06-01", "11月30日"), ("2022-11-30", "2027-01-04", "2022年11月30日"),
     ("2027-01-03", "2026-12-31", "2027年1月3日"), ("2022-11-30", None, "2022年11月30日")],
)  # fmt: skip
def test_a_day_says_its_year_where_it_is_not_this_one(day: str, today: str | None, told: str) -> None:
    from datetime import date

    from db import days

    assert days.short(date.fromisoformat(day), today and date.fromisoformat(today)) == told  # type: ignore[arg-type]


def test_a_moment_says_its_year_by_the_zones_own_calendar() -> None:
    from datetime import UTC, datetime
    from zoneinfo import ZoneInfo

    from db import days

    zone, new_year = ZoneInfo("Asia/Shanghai"), datetime(2022, 12, 31, 16, 30, tzinfo=UTC)
    assert days.at(new_year, zone, datetime(2023, 6, 1, tzinfo=UTC)) == "1月1日00:30"
    assert days.at(new_year, zone, datetime(2022, 12, 31, 15, tzinfo=UTC)) == "2023年1月1日00:30"


def test_one_module_writes_days() -> None:
    """Files are told apart from messages: a spreadsheet's cell is read as it shows its day."""
    for path in modules():
        if path.name not in ("days.py", "xlsx.py"):
            assert not re.search(r"\.month}月", path.read_text(encoding="utf-8")), f"{path} writes a day by itself"


def test_after_a_break_the_service_that_was_away_is_named() -> None:
    from jobs.notices.render import environment

    body = MissedBody("6月1日09:16", "6月1日10:01", "Telegram")
    said = environment().get_template("missed.j2").render(body=body)
    assert "督办机器人与Telegram的连接中断" in said
    assert "企业微信" not in said


@pytest.mark.parametrize(
    ("rule", "words"),
    [("FREQ=MONTHLY;BYMONTHDAY=5", "每月5日"), ("FREQ=MONTHLY;BYMONTHDAY=-1", "每月最后一日"), ("FREQ=MONTHLY;INTERVAL=3", "每季度"),
     ("FREQ=MONTHLY;INTERVAL=6", "每半年"), ("FREQ=YEARLY;BYMONTH=6,12;BYMONTHDAY=-1", "每年6月、12月最后一日"),
     ("FREQ=WEEKLY;BYDAY=MO,TH", "每周一、周四"), ("FREQ=WEEKLY;INTERVAL=2", "每2周"), ("FREQ=MONTHLY;BYMONTHDAY=15,-1", "每月15日、最后一日"),
     ("FREQ=YEARLY;INTERVAL=3", "每3年"), ("FREQ=DAILY", "每天"),
     ("FREQ=MONTHLY;BYMONTHDAY=5;UNTIL=20221231", "每月5日（至2022年12月31日）")],
)  # fmt: skip
def test_a_rule_is_written_as_people_say_it(rule: str, words: str) -> None:
    from db.periods import rule_in_words

    assert rule_in_words(rule) == words


@pytest.mark.parametrize(
    ("rule", "first", "words"),
    [("FREQ=MONTHLY;INTERVAL=3;BYMONTHDAY=10", date(2022, 4, 10), "每季度首月10日"),
     ("FREQ=YEARLY;BYMONTH=1,4,7,10;BYMONTHDAY=10", None, "每季度首月10日"),
     ("FREQ=YEARLY;BYMONTH=1,7;BYMONTHDAY=15", None, "每年1月、7月15日"),
     ("FREQ=MONTHLY;INTERVAL=3;BYMONTHDAY=25", date(2022, 3, 25), "每季度末月25日"),
     ("FREQ=MONTHLY;INTERVAL=3;BYMONTHDAY=25", None, "每季度末月25日"),
     ("FREQ=MONTHLY;INTERVAL=3;BYMONTHDAY=-1", date(2022, 3, 31), "每季度最后一日"),
     ("FREQ=MONTHLY;BYDAY=1FR", None, "每月第1个周五"), ("FREQ=MONTHLY;BYDAY=-1TH", None, "每月最后一个周四"),
     ("FREQ=DAILY;INTERVAL=10", None, "每10天")],
)  # fmt: skip
def test_a_rule_says_which_month_of_a_quarter_and_which_week_of_a_month(
    rule: str, first: date | None, words: str
) -> None:
    from db.periods import rule_in_words

    assert rule_in_words(rule, first) == words


@pytest.mark.parametrize(
    ("length", "words"),
    [("P10D", "10天内"), ("P1W", "1周内"), ("P3M", "3个月内"), ("-P3M", "到期前3个月"), ("-P30D", "到期前30天")],
)
def test_a_length_is_written_as_people_say_it(length: str, words: str) -> None:
    from db.periods import length_in_words

    assert length_in_words(length) == words


def test_the_file_of_all_messages_says_what_the_templates_say() -> None:
    assert DOCUMENT.read_text(encoding="utf-8") == written(), "run: python -m tests.messages"


def test_every_kind_and_every_answer_has_its_sample() -> None:
    assert {sample.kind for sample in NOTICES} == set(NoticeKind)
    assert set(REPLIES) == {path.stem for path in (TEMPLATES / "reply").glob("*.j2")}


SHELL = re.compile(r"\bduban\b|(?<![\w-])--?[a-z]|\b(?:pip|python|docker|systemctl|sudo|make|bash)\b|DUBAN_")


def test_no_message_has_a_word_of_a_command_line() -> None:
    told = written().split("## 通知", 1)[1]
    blocks = "\n".join(re.findall(r"```text\n(.*?)```", told, re.DOTALL))
    assert SHELL.findall(blocks) == []


GIVEN = {"file_word", "hint", "today", "spoken", "answer_word"}
"""What every answer's template may name, whoever answers (`Turn.reply`)."""


def test_every_answer_is_given_the_names_that_its_template_reads() -> None:
    """An answer whose template names something that is not given is a fault of ours, whoever asked."""
    missing = []
    for path in modules():
        for call in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not (isinstance(call, ast.Call) and isinstance(call.func, ast.Attribute) and call.func.attr == "reply"):
                continue
            name = call.args[0].value if call.args and isinstance(call.args[0], ast.Constant) else None
            if name is None or any(keyword.arg is None for keyword in call.keywords):
                continue  # chosen when it runs, or values that stand elsewhere
            lacking = names_read(str(name)) - GIVEN - {str(keyword.arg) for keyword in call.keywords}
            missing += [f"{path.name}:{call.lineno} {name}: {', '.join(sorted(lacking))}"] if lacking else []
    assert not missing, "\n".join(missing)


def names_read(name: str) -> set[str]:
    """Return the names that an answer's template cannot do without."""
    source = (TEMPLATES / "reply" / f"{name}.j2").read_text(encoding="utf-8")
    optional = set(re.findall(r"(\w+) is defined", source))
    return set(meta.find_undeclared_variables(environment().parse(source))) - optional


def test_a_card_under_its_text_says_the_first_line_of_it_and_no_more() -> None:
    told = Face(
        "【每日要情】", "", "共42项：逾期2　待核1\n逾期：\n　〔A-3〕镇安监站：报送危化品企业名单，还差两家没有报来。"
    )
    assert under_its_text(told).text == "共42项：逾期2　待核1……（全文见上）"
    assert under_its_text(replace(told, text="逾期（0项）\n没有符合的任务。")).text == "逾期（0项）\n没有符合的任务。"
