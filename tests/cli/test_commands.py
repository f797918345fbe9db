"""The command line, as somebody uses it in a terminal: exit status, one line of error, nothing lost."""

import hashlib
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session

from bot.cli.shell import run
from bot.settings import Settings, load
from bot.terminal import progress
from bot.wiring import SERVICES, build, sample
from db import ledger, outbox, register
from db.ledger import Which
from db.session import Store, StoreError
from db.words import LIVING, NoticeKind
from jobs.papers import drafts

NINE = "2022-03-01T09:00+08:00"


class Terminal:
    """Runs commands in this process and keeps what they printed."""

    def __init__(self, capsys: pytest.CaptureFixture[str], begun: Path) -> None:
        """``begun`` is where a campaign at its first morning is kept, for tests to copy."""
        self._capsys, self.begun = capsys, begun

    def __call__(self, *arguments: str, status: int = 0) -> str:
        got = run(list(arguments))
        out, err = self._capsys.readouterr()
        self.error = err
        assert got == status, f"duban {' '.join(arguments)} ended with {got}: {err}{out}"
        if status:
            assert len(err.strip().splitlines()) == 1, err
            assert "Traceback" not in err
        return out

    def json(self, *arguments: str) -> Any:
        return json.loads(self(*arguments, "--json"))


@pytest.fixture
def duban(capsys: pytest.CaptureFixture[str], tmp_path_factory: pytest.TempPathFactory) -> Terminal:
    return Terminal(capsys, tmp_path_factory.getbasetemp() / "begun")


def begun(duban: Terminal) -> None:
    """Bring a campaign on a virtual clock to its first morning; it gets there once, and every other test has a copy."""
    data = Path(os.environ["DUBAN_DATA_DIR"])
    if not duban.begun.exists():
        brings_to_the_first_morning(duban)
        shutil.copytree(data, duban.begun, ignore=shutil.ignore_patterns("*-shm"))
    elif not data.exists():
        shutil.copytree(duban.begun, data)
    else:
        raise AssertionError("there is a campaign already")


def brings_to_the_first_morning(duban: Terminal) -> None:
    duban("migrate", "--virtual")
    duban("import", str(sample("list.txt")), "--year", "2022", "--at", NINE)
    duban("bind", "--all")
    duban("bind", "--room", "coordinators")
    duban("contact", "add", "王协调", "--rank", "coordinator")
    duban("activate", "1")
    duban("tick")


def test_a_draft_is_shown_with_its_units_and_items_and_signed_or_dropped_by_somebody_s_name(duban: Terminal) -> None:
    begun(duban)
    duban("contact", "add", "李厅长", "--rank", "leader")
    assert "没有待签发的文稿" in duban("bulletin")
    with build().store.write() as session:
        named = ledger.lines(session, Which(LIVING, campaign=1))[:2]
        now = datetime(2022, 3, 1, 2, tzinfo=UTC)
        for line in named:
            line.assignment.due = date(2022, 2, 1)
            numbers = [line.assignment.id]
            drafts.draft(session, 1, NoticeKind.SUMMONS, date(2022, 3, 1), line.unit.id, numbers, now)
    first, second = duban.json("bulletin")
    assert (first["units"], [item["milestone"] for item in first["items"]]) == ([named[0].unit.name], [named[0].code])
    assert "⚠此前未曾催办、督办" in duban("bulletin", "show", str(first["paper"]))
    assert "不是签发人" in duban("bulletin", "sign", "1", "--as", "王协调", "--yes", status=1) + duban.error
    signed = duban.json("bulletin", "sign", "1", "--as", "李厅长")
    assert (signed["number"], signed["chats"], signed["unreached"]) == (1, 1, [])
    assert "已签发" in duban("bulletin", "drop", "1", "--as", "王协调", status=1) + duban.error
    assert "已作废" in duban("bulletin", "drop", str(second["paper"]), "--as", "王协调")
    assert duban.json("bulletin") == []
    assert duban.json("bulletin", "show", "1")["state"] == "signed"


def test_papers_the_ledger_and_calendars_are_written_as_files(duban: Terminal, tmp_path: Path) -> None:
    begun(duban)
    page, book, dates = (str(tmp_path / name) for name in ("一页纸.docx", "台账.xlsx", "期限.ics"))
    assert "已写出" in duban("paper", "一页纸", "--out", page)
    told = duban.json("paper", "一页纸", "--explain")
    assert (told["figures"][0]["figure"], told["figures"][0]["count"]) == ("交办", 111)
    assert "111 条" in duban("ledger", "--out", book)
    assert re.search(r"\d+ 个期限", duban("calendar", "--unit", "省应急管理厅", "--out", dates))
    again = str(tmp_path / "again.json")
    Path(again).write_text(duban("read", book, "--year", "2022", "--json"), encoding="utf-8")
    assert len(json.loads(Path(again).read_text(encoding="utf-8"))["tasks"]) == 50
    for arguments, status, why in (
        (("paper", "一页纸"), 2, "--out"),
        (("paper", "一页纸", "--out", "a.pdf"), 2, ".docx"),
        (("paper", "年报", "--out", page), 2, "没有“年报”这种文稿"),
        (("paper", "7", "--out", page), 1, "没有文稿 7"),
        (("paper", "督办单", "--out", page), 2, "--unit"),
        (("paper", "督办单", "--unit", "省应急管理厅", "--out", page), 1, "没有督办过"),
        (("paper", "销号单", "--item", "A-99", "--out", page), 1, "没有〔A-99〕"),
        (("paper", "销号单", "--item", "A-7", "--out", page), 2, "请写全编号"),
        (("ledger", "--out", "台账.csv"), 2, ".xlsx"),
        (("calendar", "--out", "期限.txt"), 2, ".ics"),
        (("paper", "一页纸", "--out", str(tmp_path / "nowhere" / "一页纸.docx")), 1, "nowhere"),
    ):
        duban(*arguments, status=status)
        assert why in duban.error, (arguments, duban.error)


def test_a_months_score_is_listed_and_written_as_a_file(duban: Terminal, tmp_path: Path) -> None:
    begun(duban)
    for day in ("2022-07-01", "2022-08-01"):
        duban("tick", "--at", f"{day} 09:00")
    listed = duban.json("score", "--month", "2022-07", "--at", "2022-08-01 09:00")
    assert {row["kind"] for row in listed} <= {"late", "receipt_late"}
    assert all(row["points"] < 0 for row in listed)
    book = tmp_path / "记分.xlsx"
    assert f"{len(listed)} 条" in duban("score", "--month", "2022-07", "--out", str(book), "--at", "2022-08-01 09:00")
    rows = list(load_workbook(book).active.iter_rows(values_only=True))
    assert rows[0][:2] == ("单位", "编号")
    summed = {row[0] for row in rows[1:] if row[3] == "合计"}
    assert len(rows) == 1 + len(listed) + len(summed)
    duban("score", "--month", "2021-01", "--out", str(book))
    nothing = list(load_workbook(book).active.iter_rows(min_row=2, values_only=True))
    assert {(row[0], row[6]) for row in nothing} == {(name, 0) for name in summed}, "who has no points stands there too"
    assert "没有加分或扣分" in duban("score", "--month", "2021-01")
    for arguments, status, why in (
        (("score", "--month", "7月"), 2, "2022-06"),
        (("score", "--out", "记分.csv"), 2, ".xlsx"),
        (("score", "--unit", "省不存在厅"), 1, "省不存在厅"),
        (("score", "--campaign", "9"), 1, "没有编号为 9"),
    ):
        duban(*arguments, status=status)
        assert why in duban.error, (arguments, duban.error)


def test_a_wrong_year_is_no_dead_end(duban: Terminal) -> None:
    duban("migrate", "--virtual")
    assert "期限里写的是2022年" in duban("import", str(sample("list.txt")), "--year", "2100", "--at", NINE)
    duban("activate", "1", status=1)
    assert "年份无误请加 --yes" in duban.error
    told = duban("import", str(sample("list.txt")), "--year", "2022")
    assert "未作改动" in told
    assert "--again" in told
    assert duban.json("import", str(sample("list.txt")), "--year", "2022", "--again")["campaign"] == 2
    assert [one["status"] for one in duban.json("campaign", "list", "--all")] == ["ended", "draft"]
    duban("activate", "2")
    duban("import", str(sample("list.txt")), "--year", "2023", "--again", status=1)
    assert "专项行动2进行中，不能重读" in duban.error


_OVER = re.compile("专项行动1已由命令行于.+结束，不再办理")


def test_a_start_tells_in_one_line_what_has_no_unit_or_no_day(duban: Terminal, tmp_path: Path) -> None:
    listed = tmp_path / "清单.txt"
    rows = [
        "序号\t工作任务\t责任单位\t完成时限",
        "1\t完成渠道清淤\t县水利局\t2022年6月底",
        "2\t完成补植\t\t2022年7月底",
    ]
    rows += ["3\t完成测绘\t县资规局\t", "4\t完成复核\t各有关单位\t2022年7月底", "5\t巡查林道\t县林业局\t长期"]
    listed.write_text("某县重点任务清单\n\n" + "\n".join(rows) + "\n", encoding="utf-8")
    duban("migrate", "--virtual")
    duban("import", str(listed), "--year", "2022", "--at", NINE)
    told = duban("activate", "1").splitlines()
    assert told[-1] == (
        "〔A-2〕〔A-4〕没有单位，没有人收到：请用 duban edit A-2 --add 单位 补上；"
        "〔A-3〕没有期限，不会到期提醒：请用 duban edit A-3 --due 日期 定下。"
    )


def test_campaigns_are_listed_dropped_and_ended(duban: Terminal) -> None:
    begun(duban)
    duban("campaign", "discard", "1", status=1)
    assert "启动，不能放弃" in duban.error
    told = duban("campaign", "end", "1", status=2)
    assert "待批延期 0 项，待发通知" in told
    assert "确认请加 --yes" in duban.error
    assert duban.json("campaign", "end", "1", "--yes")["open"] == 111
    assert duban.json("campaign", "list") == []
    assert duban.json("ledger") == []
    assert len(duban.json("ledger", "--campaign", "1")) == 111
    duban("ledger", "--campaign", "77", status=1)
    assert "没有编号为 77 的专项行动" in duban.error
    duban("edit", "A-9", "--due", "2022-11-30", status=1)
    assert _OVER.search(duban.error)
    duban("edit", "Q-9", "--due", "2022-11-30", status=1)
    assert "没有编号 Q-9" in duban.error
    for again in (("end", "1"), ("end", "1", "--yes"), ("discard", "1")):
        duban("campaign", *again, status=1)
        assert _OVER.search(duban.error)
    duban("activate", "1", status=1)
    assert "结束，不再办理" in duban.error


def test_a_campaign_is_exported_and_what_people_wrote_is_taken_out_once_it_is_over(
    duban: Terminal, tmp_path: Path
) -> None:
    begun(duban)
    duban("campaign", "forget", "1", "--yes", status=1)
    assert "还没有结束；先结束" in duban.error
    duban("campaign", "end", "1", "--yes")
    out = tmp_path / "专项.zip"
    assert str(out) in duban("campaign", "export", "1", "--out", str(out))
    assert out.is_file()
    duban("campaign", "export", "1", "--out", str(out), status=2)
    assert "已存在" in duban.error
    assert "duban campaign export" in duban("campaign", "forget", "1", status=2)
    assert "没有可删的个人信息" in duban("campaign", "forget", "1", "--yes")
    duban("campaign", "forget", "1", "--yes", status=1)
    assert "已经删除过" in duban.error
    assert duban("audit")


@pytest.mark.parametrize("command", [
    ("unit", "alias", "省经信厅", "省工信厅"), ("unit", "former", "省经信厅", "省经委"), ("contact", "add", "李工", "--unit", "省经信厅"),
    ("unit", "members", "省危化安全专委会成员单位", "省商务厅"), ("contact", "remove", "王协调"), ("invite", "--unit", "省经信厅"),
    ("invite", "--all", "--out", "codes.xlsx"), ("bind", "--unit", "省经信厅", "--chat", "二群"), ("bind", "--room", "leaders"),
    ("edit", "A-7", "--due", "2022-11-30", "--as", "王协调"), ("broadcast", "请报送名单。", "--yes"), ("campaign", "end", "1", "--yes"),
])  # fmt: skip
def test_a_command_that_others_get_in_the_way_of_is_done_once_more(
    duban: Terminal, monkeypatch: pytest.MonkeyPatch, command: tuple[str, ...]
) -> None:
    begun(duban)
    duban("contact", "add", "李协调", "--rank", "coordinator")
    write, collisions = Store.write, []

    @contextmanager
    def collides_once(store: Store) -> Iterator[Session]:
        with write(store) as session:
            yield session
            if not collisions:
                collisions.append(session)
                raise IntegrityError("somebody wrote the same", {}, Exception())

    monkeypatch.setattr(Store, "write", collides_once)
    duban(*command)
    assert collisions


def test_a_campaign_from_nothing_as_a_script_does_it(duban: Terminal) -> None:
    duban("migrate", "--virtual")
    told = duban.json("import", str(sample("list.txt")), "--year", "2022", "--at", NINE)
    assert {key: told[key] for key in ("campaign", "tasks", "uncertain", "past")} == {
        "campaign": 1, "tasks": 50, "uncertain": 0, "past": 0,
    }  # fmt: skip
    assert duban.json("import", str(sample("list.txt")), "--year", "2022")["new"] is False
    assert duban.json("activate", "1", "--past", "summary")["assignments"] == 111
    invited = duban.json("invite", "--unit", "省经信厅")
    assert set(invited) == {"code", "link", "expires_at"}
    out = duban("say", "--chat", "经信厅群", "--as", "张工", f"绑定 {invited['code']}")
    assert "已绑定：本群为省经信厅" in out
    assert "【补送】" in out
    ledger = duban.json("ledger")
    assert set(ledger[0]) == {
        "assignment", "campaign", "task", "milestone", "unit", "role", "state", "due", "original_due", "lamp",
        "acknowledged_by", "acknowledged_at", "reported_at", "closed_at", "returns", "extensions",
    }  # fmt: skip
    assert {"at", "who", "chat", "action", "assignment", "before", "after", "message"} <= set(duban.json("history")[0])
    deliveries = duban.json("deliveries")
    assert {"notice", "kind", "reason", "chat", "state", "tries", "at", "message_id", "why"} == set(deliveries[0])
    assert {one["state"] for one in deliveries} >= {"sent", "no_route"}


def test_people_talk_in_the_console(duban: Terminal) -> None:
    begun(duban)
    assert "已签收" in duban("say", "--chat", "省经信厅", "--as", "张工", "收到")
    assert "已报办结" in duban("say", "--chat", "省经信厅", "--as", "张工", "办结 9")
    assert "请回复退回的理由" in duban("say", "--chat", "协调室", "--as", "王协调", "--press", "退回")
    assert "已退回" in duban("say", "--chat", "协调室", "--as", "王协调", "缺少意见")
    (row,) = [one for one in duban.json("ledger") if one["task"] == "9" and one["unit"] == "省经信厅"]
    assert (row["state"], row["returns"], row["acknowledged_by"]) == ("in_progress", 1, "张工")
    assert "完整" in duban("audit")
    assert "✓ 数据库" in duban("doctor")


def test_corrections_keep_the_old_value_in_the_record(duban: Terminal) -> None:
    begun(duban)
    duban("edit", "A-9", "--due", "2022-11-30", status=1)
    assert "--as" in duban.error
    duban("edit", "A-9", "--due", "2022-11-30", "--as", "路人", status=1)
    assert "没有登记的协调员或领导“路人”" in duban.error
    by = ("--as", "王协调")
    duban("edit", "A-9", "--due", "2022-11-30", "--reason", "文件勘误", *by)
    duban("edit", "A-9", "--due", "2022-11-30", *by, status=1)
    assert "未作改动" in duban.error
    duban("edit", "A-9", "--add", "省科技厅", "--role", "assist", *by)
    duban("edit", "A-9", "--text", "复核化工园区认定。", *by)
    duban("edit", "A-9", "--deliverable", "认定结果", *by)
    duban("edit", "A-11", "--closed", *by)
    shown = duban("history")
    assert "A-9 省经信厅" in shown
    assert "期限 2022-12-31 → 2022-11-30" in shown
    assert "成果 （无） → 认定结果" in shown
    assert "王协调" in shown
    rows = duban.json("ledger")
    nine = [one for one in rows if one["task"] == "9"]
    assert {one["due"] for one in nine} == {"2022-11-30"}
    assert {one["original_due"] for one in nine if one["unit"] == "省经信厅"} == {"2022-12-31"}
    assert ("省科技厅", "assist") in {(one["unit"], one["role"]) for one in nine}
    assert {one["state"] for one in rows if one["task"] == "11"} == {"closed"}
    assert any(one["before"].get("due") == "2022-12-31" for one in duban.json("history"))


def test_a_collective_unit_is_expanded_to_its_members(duban: Terminal) -> None:
    begun(duban)
    out = duban("unit", "members", "省危化安全专委会成员单位", "省公安厅", "省教育厅")
    assert "展开出 6 项交办" in out
    rows = [one for one in duban.json("ledger") if one["task"] == "1"]
    states = {one["unit"]: one["state"] for one in rows}
    assert states == {
        "省危化安全专委办": "pending", "省危化安全专委会成员单位": "waived", "省公安厅": "pending", "省教育厅": "pending",
    }  # fmt: skip


def test_rehearsal_prints_one_json_line_a_message(duban: Terminal) -> None:
    out = duban(
        "rehearse", str(sample("list.txt")), "--year", "2022", "--from", "2022-03-01", "--to", "2022-03-08", "--json"
    )
    lines = [json.loads(line) for line in out.splitlines()]
    assert set(lines[0]) == {"at", "chat", "kind", "reason", "items", "text"}
    assert {"task", "milestone", "due", "days_left"} <= set(lines[0]["items"][0])
    assert lines[0]["at"] == "2022-03-01T09:00:00+08:00"
    assert len([one for one in lines if one["kind"] == "slip"]) == 21


def test_a_rehearsals_summary_tells_the_busiest_day_the_cap_and_the_days_off(duban: Terminal) -> None:
    out = duban("rehearse", str(sample("list.txt")), "--year", "2022", "--from", "2022-03-01", "--to", "2022-04-30")
    for words in (
        "推演：共会发出",
        "最忙的一天：2022年3月1日（周二），21 条",
        "按月",
        "按种类",
        "按会话",
        "每日上限",
        "休息日",
        "2022年4月29日（周五）",
    ):
        assert words in out


def test_a_folder_that_cannot_be_written_says_so(duban: Terminal, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DUBAN_DATA_DIR", "/proc/duban")
    duban("migrate", status=1)
    assert "DUBAN_DATA_DIR" in duban.error


def test_a_cast_may_answer_in_a_rehearsal(duban: Terminal, tmp_path: Path) -> None:
    answers = tmp_path / "cast.json"
    answers.write_text(
        json.dumps([{"chat": "省经信厅", "who": "张工", "say": "收到", "kinds": ["slip"]}]), encoding="utf-8"
    )
    arguments = (
        "rehearse",
        str(sample("list.txt")),
        "--year",
        "2022",
        "--from",
        "2022-03-01",
        "--to",
        "2022-03-04",
        "--json",
    )
    chased = [json.loads(line) for line in duban(*arguments, "--answers", str(answers)).splitlines()]
    assert not any(one["kind"] == "receipt_chase" and one["chat"] == "省经信厅" for one in chased)
    assert any(one["kind"] == "receipt_chase" and one["chat"] == "省公安厅" for one in chased)
    answers.write_text("{}", encoding="utf-8")
    duban(*arguments, "--answers", str(tmp_path / "none.json"), status=1)


def test_batches_answer_line_by_line(duban: Terminal, tmp_path: Path) -> None:
    asked = tmp_path / "in.jsonl"
    rows = [{"id": "a", "text": "6月底前", "on": "2022-03-02"}, {"id": "b", "text": "共52个", "on": "2022-03-02"}]
    asked.write_text("\n".join(json.dumps(row) for row in rows), encoding="utf-8")
    first, second = (json.loads(line) for line in duban("when", "--batch", str(asked)).splitlines())
    assert (first["id"], first["answers"][0]["due"], second["answers"]) == ("a", "2022-06-30", [])
    first, _second = (json.loads(line) for line in duban("understand", "--batch", str(asked)).splitlines())
    assert set(first["answer"]) == {"intent", "task", "percent", "due", "shift", "reason", "confident"}
    asked.write_text(json.dumps({"id": 1, "text": "1.开展检查。（市应急局负责）", "year": 2022}), encoding="utf-8")
    (document,) = (json.loads(line) for line in duban("read", "--batch", str(asked)).splitlines())
    assert document["document"]["tasks"][0]["responsible"] == ["市应急局"]


BAD = [
    (("read", "none.txt"), 1, "没有这个文件"),
    (("read", "."), 1, "是文件夹"),
    (("read",), 2, "请给出要读的文件"),
    (("read", "x", "--year", "3000"), 2, "1949 到 2100"),
    (("when", "6月底", "--on", "yesterday"), 2, "--on"),
    (("nonsense",), 2, "nonsense"),
    (("import", "none.txt"), 1, "没有这个文件"),
    (("ledger",), 1, "duban migrate"),
    (("activate", "x"), 2, "--help"),
    (("rehearse", "x", "--from", "2022-03-02", "--to", "2022-03-01"), 2, "起止日期"),
    (("say", "--chat", "x", "--as", "y"), 2, "请写要说的话"),
    (("invite",), 2, "请指明一种"),
    (("edit", "A-1"), 2, "请说明要更正什么"),
    (("run", "--speed", "0"), 2, "--speed"),
]


@pytest.mark.parametrize(("arguments", "status", "words"), BAD)
def test_bad_use_gets_one_line_that_says_what_to_do(
    duban: Terminal, arguments: tuple[str, ...], status: int, words: str
) -> None:
    duban(*arguments, status=status)
    assert words in duban.error


def test_bad_input_leaves_the_store_as_it_was(duban: Terminal, tmp_path: Path) -> None:
    begun(duban)
    before = (duban.json("ledger"), duban.json("history"), duban.json("deliveries"))
    empty, binary, none = tmp_path / "empty.txt", tmp_path / "binary.txt", tmp_path / "news.txt"
    empty.write_bytes(b"")
    binary.write_bytes(bytes(range(256)))
    none.write_text("今天召开会议。", encoding="utf-8")
    for arguments in (
        ("import", str(empty)), ("import", str(binary)), ("import", str(none)), ("activate", "1"), ("activate", "9"),
        ("edit", "Z-1", "--due", "2022-06-30"), ("edit", "A-1", "--remove", "省外事办"), ("bulletin", "sign", "7", "--as", "某人"),
        ("unit", "alias", "省外事办", "外办"), ("say", "--chat", "没有的会话", "--as", "某人", "--press", "收到"),
        ("tick", "--at", "yesterday"),
    ):  # fmt: skip
        duban(*arguments, status=1)
    assert (duban.json("ledger"), duban.json("history"), duban.json("deliveries")) == before


def test_a_store_on_the_real_clock_takes_no_virtual_time(duban: Terminal) -> None:
    duban("migrate")
    duban("ledger", "--at", NINE, status=1)
    assert "虚拟时钟" in duban.error
    duban("run", "--start-at", NINE, "--speed", "600", status=1)
    assert "虚拟时钟" in duban.error


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [("DUBAN_TIMEZONE", "Mars/Base", "timezone"), ("DUBAN_WEB_PORT", "many", "web_port"), ("DUBAN_DATABASE_URL", "mysql://x", "mysql"),
     ("DUBAN_POLICY", "none.toml", "DUBAN_POLICY"), ("DUBAN_WEB_PASSWORD", "short", "web_password"), ("DUBAN_LOG", "LOUD", "DUBAN_LOG"),
     ("DUBAN_WECOM_ROBOTS", '{"群": " "}', "wecom_robots")],
)  # fmt: skip
def test_a_wrong_setting_is_named(
    duban: Terminal, monkeypatch: pytest.MonkeyPatch, name: str, value: str, words: str
) -> None:
    monkeypatch.setenv(name, value)
    duban("doctor", status=1)
    duban("ledger", status=1)
    assert words in duban.error
    assert "Traceback" not in duban.error


SECRETS = sorted(name for name, field in Settings.model_fields.items() if "SecretStr" in str(field.annotation)
                 and name != "wecom_robots")  # fmt: skip


@pytest.mark.parametrize("name", [*SECRETS, "wecom_bot_id", "wecom_corp_id", "scanner", "policy"])
@pytest.mark.parametrize("blank", ["", "  "])
def test_a_blank_secret_is_no_secret(monkeypatch: pytest.MonkeyPatch, name: str, blank: str) -> None:
    monkeypatch.setenv(f"DUBAN_{name.upper()}", blank)
    assert getattr(load(), name) is None


@pytest.mark.parametrize("blank", ["", " "])
def test_with_a_blank_password_the_page_opens_to_nobody_else(
    duban: Terminal, monkeypatch: pytest.MonkeyPatch, blank: str
) -> None:
    duban("migrate")
    monkeypatch.setenv("DUBAN_WEB_PASSWORD", blank)
    monkeypatch.setenv("DUBAN_WEB_HOST", "0.0.0.0")
    assert "对外监听须设置 DUBAN_WEB_PASSWORD" in duban("doctor", status=1)
    duban("run", status=1)
    assert "必须设置 DUBAN_WEB_PASSWORD" in duban.error


def test_deliveries_in_a_state_that_there_is_not_are_wrong_use(duban: Terminal) -> None:
    duban("migrate")
    duban("deliveries", "--state", "bogus", status=2)
    assert "没有状态“bogus”" in duban.error
    assert "no_route" in duban.error


def test_a_settings_file_with_a_secret_must_be_the_owners_alone(duban: Terminal, tmp_path: Path) -> None:
    path = tmp_path / "duban.toml"
    path.write_text('web_password = "secret-word"\n', encoding="utf-8")
    path.chmod(0o644)
    duban("ledger", status=1)
    assert "chmod 600" in duban.error
    assert "secret-word" not in duban.error


@pytest.mark.parametrize(
    "url", ["postgresql://duban:secret-word@127.0.0.1:1/duban", "postgresql://127.0.0.1:1/duban?password=secret-word"]
)
def test_a_database_password_in_the_settings_file_is_a_secret(duban: Terminal, tmp_path: Path, url: str) -> None:
    path = tmp_path / "duban.toml"
    path.write_text(f'database_url = "{url}"\n', encoding="utf-8")
    path.chmod(0o640)
    duban("ledger", status=1)
    assert "chmod 600" in duban.error
    path.chmod(0o600)
    for command in (("ledger",), ("doctor",), ("backup", "b.zip")):
        told = duban(*command, status=1)
        assert "secret-word" not in duban.error + told


def test_a_settings_file_with_secrets_must_not_be_a_strangers(
    duban: Terminal, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "duban.toml"
    path.write_text('web_password = "secret-word"\n', encoding="utf-8")
    path.chmod(0o600)
    duban("migrate")
    monkeypatch.setattr(os, "geteuid", lambda: path.stat().st_uid + 1)
    status = 0 if path.stat().st_uid == 0 else 1  # what the administrator wrote is as good as our own
    duban("ledger", status=status)
    if status:
        assert "属于其他用户" in duban.error


@pytest.mark.parametrize("password", ["SEC@RET", "SEC@RET/x", "SEC@RET:x", "a/b@SECRET", "SEC@RET?x#y"])
def test_no_piece_of_a_password_is_ever_shown(
    duban: Terminal, monkeypatch: pytest.MonkeyPatch, password: str, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setenv("DUBAN_DATABASE_URL", f"postgresql://duban:{password}@127.0.0.1:1/duban")
    for command in (("ledger",), ("doctor",), ("migrate",), ("backup", "b.zip"), ("restore", "b.zip")):
        told = duban(*command, status=1)
        assert "RET" not in told + duban.error + caplog.text
    assert "%40" in duban.error


def test_whatever_is_written_is_for_its_owner_alone(duban: Terminal, tmp_path: Path) -> None:
    before = os.umask(0)
    try:
        begun(duban)
        file = tmp_path / "照片.jpg"
        file.write_bytes(b"jpeg")
        duban("say", "--chat", "省经信厅", "--as", "张工", "办结 9", "--file", str(file))
        duban("backup", "backup.zip")
        duban("invite", "--all", "--out", "codes.xlsx")
    finally:
        os.umask(before)
    written = [Path("backup.zip"), Path("codes.xlsx"), Path("data"), *Path("data").rglob("*")]
    assert any("evidence" in path.parts and path.is_file() for path in written)
    assert {str(path): oct(path.stat().st_mode & 0o777) for path in written if path.stat().st_mode & 0o077} == {}


def test_the_doctor_looks_at_every_service_that_there_is(duban: Terminal) -> None:
    duban("migrate")
    told = duban("doctor")
    for offer in SERVICES:
        assert f"✓ {offer.title}：未配置（{offer.setting}）" in told
        assert offer.setting.removeprefix("DUBAN_").lower() in Settings.model_fields


def test_the_doctor_tells_of_names_that_set_nothing_and_which_is_nearest(
    duban: Terminal, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun(duban)
    monkeypatch.setenv("DUBAN_LOG", "WARNING")
    monkeypatch.setenv("DUBAN_DATABASE_PASSWORD", "x")
    assert "设置名称" not in duban("doctor")
    monkeypatch.setenv("DUBAN_KEPP_DAYS", "365")
    monkeypatch.setenv("DUBAN_ZZZ", "1")
    told = duban("doctor", status=1)
    assert "✗ 设置名称：DUBAN_KEPP_DAYS 不是督办的设置，没有起作用；是否应为 DUBAN_KEEP_DAYS？" in told
    assert "✗ 设置名称：DUBAN_ZZZ 不是督办的设置，没有起作用　→" in told


def test_the_doctor_sees_what_others_can_read(duban: Terminal) -> None:
    begun(duban)
    assert "✓ 文件权限" in duban("doctor")
    Path("data/duban.db").chmod(0o644)
    assert "✗ 文件权限：其他用户可读：data/duban.db" in duban("doctor", status=1).replace(f"{Path.cwd()}/", "")


def test_a_backup_holds_the_database_and_the_evidence(duban: Terminal, tmp_path: Path) -> None:
    import zipfile

    begun(duban)
    file = tmp_path / "照片.jpg"
    file.write_bytes(b"jpeg")
    duban("say", "--chat", "省经信厅", "--as", "张工", "办结 9", "--file", str(file))
    target = tmp_path / "backup.zip"
    duban("backup", str(target))
    with zipfile.ZipFile(target) as archive:
        names = archive.namelist()
    assert "duban.db" in names
    assert any(name.startswith("evidence/") for name in names)
    duban("backup", str(target), status=1)


def test_a_backup_is_restored_where_the_operator_says_and_never_over_anything(
    duban: Terminal, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun(duban)
    file = tmp_path / "照片.jpg"
    file.write_bytes(b"jpeg")
    duban("say", "--chat", "省经信厅", "--as", "张工", "办结 9", "--file", str(file))
    ledger, target, copied = duban.json("ledger"), tmp_path / "backup.zip", tmp_path / "copied"
    duban("backup", str(target))
    duban("restore", str(target), status=1)
    assert "只能恢复到空库" in duban.error
    copied.mkdir()
    out = duban("restore", str(target), "--to", f"sqlite:///{copied / 'duban.db'}")
    assert "已恢复到" in out
    assert "请再运行 duban migrate" not in out
    monkeypatch.setenv("DUBAN_DATABASE_URL", f"sqlite:///{copied / 'duban.db'}")
    assert duban.json("ledger") == ledger
    assert "完整" in duban("audit")


def test_a_list_is_in_the_archive_before_anything_names_it_and_also_when_it_revises(
    duban: Terminal, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    duban("migrate", "--virtual")
    archive = build().desk.archive

    def no_rows(*_arguments: Any) -> None:
        assert len(list(archive.kept())) == 1
        raise StoreError("数据库连接失败")

    with monkeypatch.context() as patched:
        patched.setattr(Store, "settle", no_rows)
        duban("import", str(sample("list.txt")), "--year", "2022", status=1)
    duban("import", str(sample("list.txt")), "--year", "2022")
    revised = tmp_path / "修订稿.txt"
    revised.write_text(sample("list.txt").read_text(encoding="utf-8").replace("安全", "生产安全"), encoding="utf-8")
    duban("import", str(revised), "--year", "2022", "--revise", "1")
    assert len(list(archive.kept())) == 1
    duban("import", str(revised), "--year", "2022", "--revise", "1", "--apply")
    (_campaign, files) = duban.json("audit")
    assert (files["files"], files["faults"], files["unchecked"]) == (2, [], [])
    revised_path = archive.path(hashlib.sha256(revised.read_bytes()).hexdigest())
    revised_path.unlink()
    duban("audit", status=1)
    duban("backup", str(tmp_path / "b.zip"), status=1)
    assert "的原文件“修订稿.txt”" in duban.error
    duban("import", str(revised), "--year", "2022")
    assert "完整" in duban("audit")


def test_a_fingerprint_that_people_were_shown_is_looked_for_in_the_record(duban: Terminal) -> None:
    begun(duban)
    (campaign, files) = duban.json("audit")
    assert (campaign["campaign"], campaign["faults"], files["faults"]) == (1, [], [])
    duban("say", "--chat", "省经信厅", "--as", "张工", "办结 9")
    assert f"{campaign['head']} 在专项行动 1 的记录中" in duban("audit", "--head", campaign["head"])
    duban("audit", "--head", f"2-{'0' * 12}", status=1)
    assert "不在记录中" in duban.error
    duban("audit", "--head", "昨天的", status=2)


def test_reading_a_file_ends_with_the_sum_of_its_deadlines_and_where_those_stand_that_no_task_has(
    duban: Terminal, tmp_path: Path
) -> None:
    text = "关于检查的通知\n一、排查老旧管道，6月底前完成。（市住建局牵头）\n本通知有效期至2025年12月31日。\n"
    (tmp_path / "通知.txt").write_text(text)
    told = duban("read", str(tmp_path / "通知.txt"), "--year", "2022")
    assert "2处期限：1处已入任务，1处未取。" in told
    assert re.search(r"第3行“.*2025年12月31日”：是政策的有效期", told)


def test_long_work_shows_how_far_it_is_in_a_terminal_and_nowhere_else(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True, raising=False)
    with progress("读取") as tell:
        assert tell is not None
        tell(3, 40)
    assert "读取" in capsys.readouterr().err
    monkeypatch.setattr(sys.stderr, "isatty", lambda: False, raising=False)
    with progress("读取") as tell:
        assert tell is None
    assert capsys.readouterr().err == ""


def test_a_checklist_is_written_corrected_and_imported_in_place_of_the_draft(duban: Terminal, tmp_path: Path) -> None:
    duban("migrate", "--virtual")
    text = "关于检查的通知\n一、排查老旧管道，6月底前完成。（市住建局牵头）\n二、建立机制，主汛期前完成。（市水利局牵头）\n"
    (tmp_path / "通知.txt").write_text(text)
    listed, sheet = str(tmp_path / "通知.txt"), tmp_path / "核对表.xlsx"
    duban("import", listed, "--year", "2022", "--at", NINE)
    told = duban("read", listed, "--year", "2022", "--out", str(sheet))
    assert told.startswith(f"已写出 {sheet}：2 项任务，1 项待核对（黄），1 项有空缺（红）。")
    book = load_workbook(sheet)
    book["核对表"]["I3"], book["核对表"]["K3"] = "2022-05-31", None
    book.save(sheet)
    told = duban("import", str(sheet), "--at", NINE)
    assert "已导入专项行动 2：关于检查的通知" in told
    assert "核对表改了 1 处：\n　第2项 期限：（空） → 2022-05-31\n" in told
    assert [one["campaign"] for one in duban.json("campaign", "list")] == [2]
    duban("activate", "2")
    duban("read", str(sheet), "--out", str(tmp_path / "又一份.xlsx"))
    duban("import", str(tmp_path / "又一份.xlsx"), "--at", NINE, status=1)
    assert "这是专项行动2（进行中）的核对表；要改它，请按修订稿更新" in duban.error
    duban("read", listed, "--out", str(tmp_path / "核对表.doc"), status=2)
    assert "核对表须写成 .xlsx" in duban.error


def test_a_full_disk_is_told_in_one_line_that_says_what_to_do(
    duban: Terminal, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import errno

    from db import backup

    def full(*_arguments: Any) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    begun(duban)
    monkeypatch.setattr(backup, "_pack", full)
    duban("backup", str(tmp_path / "b.zip"), status=1)
    assert "磁盘已满" in duban.error
    assert not list(tmp_path.glob("*.zip*"))


def test_every_command_has_help(duban: Terminal) -> None:
    for command in ("read", "when", "understand", "import", "edit", "activate", "rehearse", "ledger", "bulletin", "broadcast", "unit",
                    "contact", "invite", "bind", "say", "tick", "history", "deliveries", "audit", "run", "demo", "migrate", "doctor",
                    "backup", "restore", "bench"):  # fmt: skip
        assert command in duban(command, "--help")


@pytest.mark.parametrize(
    ("asked", "printed"),
    [
        (("when", "每年12月底前", "--on", "2022-03-02"), "每年12月底前 → 周期 每年12月最后一日，第一次2022年12月31日"),
        (("when", "10个工作日内", "--on", "2022-03-02"), "10个工作日内 → 相对期限 2022年3月16日"),
        (("when", "持续推进"), "持续推进 → 长期"),
        (("understand", "7号任务完成了80%"), "报进展（任务7，完成80%）"),
        (("understand", "延期一周，因下雨", "--due", "2022-06-30"), "申请延期（到2022年7月7日，延1周，理由：下雨）"),
        (("understand", "桥面铺装已完成"), "报办结，须再问一句"), (("understand", "今天天气不错"), "与督办无关"),
    ],
)  # fmt: skip
def test_what_people_are_shown_is_words(duban: Terminal, asked: tuple[str, ...], printed: str) -> None:
    assert printed in duban(*asked)


def test_the_list_of_notices_is_in_the_language_of_its_headings(duban: Terminal) -> None:
    begun(duban)
    shown = duban("deliveries")
    assert "交办通知" in shown
    assert not re.search(r"\b(?:slip|queued|sent|no_route)\b", shown)


def test_a_broadcast_that_waits_for_the_office_says_so_before_anything_looked_at_it(duban: Terminal) -> None:
    begun(duban)
    duban("broadcast", "请注意防汛", "--unit", "省经信厅", "--yes", "--at", "2022-03-05T20:00+08:00")
    (told,) = [one for one in duban.json("deliveries", "--state", "queued") if one["kind"] == "broadcast"]
    assert told["why"] == "待上班时间 3月7日（周一）08:30"
    (later,) = [one for one in duban.json("deliveries", "--state", "queued") if one["kind"] == "tally" and one["why"]]
    assert re.fullmatch(r"3月\d+日（周.）\d\d:\d\d仍有未确认的单位才发", later["why"])


def test_the_page_leaves_signals_to_the_service() -> None:
    import uvicorn

    from bot.service.web.server import Server

    handlers = [signal.getsignal(one) for one in (signal.SIGTERM, signal.SIGINT)]
    with Server(uvicorn.Config("x")).capture_signals():
        assert [signal.getsignal(one) for one in (signal.SIGTERM, signal.SIGINT)] == handlers


def test_the_service_runs_answers_on_its_page_and_ends_cleanly(tmp_path: Path, duban: Terminal) -> None:
    import http.client

    begun(duban)
    environment = {**os.environ, "DUBAN_WEB_PORT": "18427", "PYTHONUNBUFFERED": "1"}
    command = [sys.executable, "-m", "bot", "run"]
    with subprocess.Popen(
        command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as service:
        assert service.stdout is not None
        assert service.stderr is not None
        try:
            assert "督办已运行" in service.stdout.readline()
            connection = http.client.HTTPConnection("127.0.0.1", 18427, timeout=10)
            connection.request("GET", "/api/events")
            assert connection.getresponse().readline() == b"data: changed\n"  # the page stays open, and is told
            page = http.client.HTTPConnection("127.0.0.1", 18427, timeout=10)
            page.request("GET", "/")
            assert "省经信厅" in page.getresponse().read().decode()
            began = time.monotonic()
            service.send_signal(signal.SIGTERM)
            assert service.wait(10) == 0
            assert time.monotonic() - began < 10
            assert "Traceback" not in service.stderr.read()
            connection.close()
            page.close()
        finally:
            service.kill()


# ---------------------------------------------------------------- WeCom


def test_a_chat_that_nobody_has_spoken_in_is_shown_as_unreachable_with_what_to_do(
    duban: Terminal, monkeypatch: pytest.MonkeyPatch
) -> None:
    duban("migrate")
    duban("import", str(sample("list.txt")), "--year", "2022")
    monkeypatch.setenv("DUBAN_WECOM_BOT_ID", "aib1")
    monkeypatch.setenv("DUBAN_WECOM_BOT_SECRET", "very-secret")
    duban("bind", "--unit", "省应急管理厅", "--channel", "wecom", "--chat", "wrABC")
    units = {one["unit"]: one["chats"] for one in duban.json("unit", "list")}
    assert "群里还没有人@过机器人" in units["省应急管理厅"][0]
    duban("bind", "--unit", "省应急管理厅", "--channel", "carrier-pigeon", status=2)
    assert "渠道 carrier-pigeon 未配置；已配置：console、wecom" in duban.error


def test_a_robot_is_bound_as_a_fallback(duban: Terminal, monkeypatch: pytest.MonkeyPatch) -> None:
    duban("migrate")
    duban("import", str(sample("list.txt")), "--year", "2022")
    monkeypatch.setenv("DUBAN_WECOM_ROBOTS", '{"应急厅通知": "key-of-the-robot"}')
    duban("bind", "--unit", "省应急管理厅", "--channel", "wecom_robot", "--chat", "应急厅通知", "--fallback")
    units = {one["unit"]: one["chats"] for one in duban.json("unit", "list")}
    assert units["省应急管理厅"] == ["应急厅通知（备用）"]


def test_a_group_robot_that_died_is_revived_by_being_bound_anew(
    duban: Terminal, monkeypatch: pytest.MonkeyPatch
) -> None:
    from bot.wiring import build

    duban("migrate")
    duban("import", str(sample("list.txt")), "--year", "2022")
    monkeypatch.setenv("DUBAN_WECOM_ROBOTS", '{"应急厅通知": "key-of-the-robot"}')
    robot = ("bind", "--unit", "省应急管理厅", "--channel", "wecom_robot", "--chat", "应急厅通知", "--fallback")
    duban(*robot)
    with build().store.write() as session:
        chat = register.find_chat(session, "wecom_robot", "应急厅通知")
        assert chat is not None
        outbox.lose(session, chat, "群机器人已被停用", build().now())
    assert "无法送达：群机器人已被停用" in duban("unit", "list")
    duban(*robot)
    assert "无法送达" not in duban("unit", "list")


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        ({"DUBAN_WECOM_BOT_ID": "aib1"}, "DUBAN_WECOM_BOT_ID 须与 DUBAN_WECOM_BOT_SECRET 一同设置"),
        ({"DUBAN_WECOM_CORP_ID": "ww1", "DUBAN_WECOM_APP_SECRET": "s"}, "DUBAN_WECOM_APP_AGENT_ID 一同设置"),
        ({"DUBAN_WECOM_APP_TOKEN": "t"}, "DUBAN_WECOM_APP_AES_KEY 一同设置"),
        ({"DUBAN_WECOM_WS_URL": "https://x"}, "wss://"),
        ({"DUBAN_WECOM_ROBOTS": "a=b"}, "DUBAN_WECOM_ROBOTS 须写成"),
        (
            {"DUBAN_WECOM_CORP_ID": "ww1", "DUBAN_WECOM_APP_SECRET": "s", "DUBAN_WECOM_APP_AGENT_ID": "1",
             "DUBAN_WECOM_APP_TOKEN": "t", "DUBAN_WECOM_APP_AES_KEY": "short-and-secret"},
            "DUBAN_WECOM_APP_AES_KEY",
        ),
    ],
)  # fmt: skip
def test_half_a_setting_of_wecom_s_is_told_in_one_line(
    duban: Terminal, monkeypatch: pytest.MonkeyPatch, settings: dict[str, str], said: str
) -> None:
    duban("migrate")
    for name, value in settings.items():
        monkeypatch.setenv(name, value)
    duban("invite", "--coordinator", status=1)
    assert said in duban.error
    assert "short-and-secret" not in duban.error


def test_a_settings_file_with_robots_in_it_is_for_its_owner_alone(duban: Terminal) -> None:
    Path("duban.toml").write_text('[wecom_robots]\n"应急厅通知" = "key-of-the-robot"\n', encoding="utf-8")
    Path("duban.toml").chmod(0o644)
    duban("migrate", status=1)
    assert "chmod 600" in duban.error
    Path("duban.toml").chmod(0o600)
    duban("migrate")


def test_a_round_is_opened_listed_chased_and_written_as_a_file(duban: Terminal, tmp_path: Path) -> None:
    begun(duban)
    said = "本周五前报送危化进展，发各单位"
    duban("round", said, "--at", "2022-07-04 09:00", status=2)
    assert "确认请加 --yes" in duban.error
    assert duban.json("round", "--at", "2022-07-04 09:00") == []
    made = duban.json("round", said, "--yes", "--as", "王协调", "--at", "2022-07-04 09:00")
    (listed,) = duban.json("round", "--at", "2022-07-04 10:00")
    assert (listed["due"], listed["items"], listed["answered"]) == ("2022-07-08", made["items"], 0)
    assert "已催未报的" in duban("round", "--chase", "--as", "王协调", "--at", "2022-07-04 10:00")
    book = tmp_path / "调度表.xlsx"
    duban("round", "--close", "--as", "王协调", "--out", str(book), "--at", "2022-07-08 19:00")
    rows = list(load_workbook(book).active.iter_rows(values_only=True))
    assert rows[0][7:11] == ("进展", "存在问题", "下一步", "完成比例")
    assert sum(row[12:13] == ("未报",) or "未报" in str(row[13]) for row in rows[1:]) == made["items"]
    for arguments, status, why in (
        (("round", "报送名单", "--yes", "--as", "王协调"), 2, "请写明报送什么"),
        (("round", "--out", "表.csv"), 2, ".xlsx"),
        (("round", "--number", "9", "--close", "--as", "王协调"), 1, "没有编号为 9"),
        (("round", "--close", "--as", "王协调"), 1, "已由王协调结束"),
    ):
        duban(*arguments, "--at", "2022-07-09 09:00", status=status)
        assert why in duban.error, (arguments, duban.error)


def test_who_is_on_duty_is_read_from_a_sheet_and_listed(duban: Terminal, tmp_path: Path) -> None:
    from jobs.sheets import book

    begun(duban)
    sheet, other = tmp_path / "值班表.xlsx", tmp_path / "别的.xlsx"
    sheet.write_bytes(
        book("值班表", ("日期", "值班人员"), [("2022-03-02", "张主任、赵主任"), ("2022-02-01", "钱工")], (12, 20))
    )
    other.write_bytes(book("表", ("任务", "期限"), [("检查", "6月底")], (12, 20)))
    assert "本办 1 天" in duban("roster", str(sheet), "--at", "2022-03-01 10:00")
    told = duban.json("roster", "--days", "2", "--at", "2022-03-01 10:00")
    assert told == [{"day": "2022-03-01", "names": []}, {"day": "2022-03-02", "names": ["张主任", "赵主任"]}]
    for arguments, why in (((str(other),), "不是值班表"), ((str(tmp_path / "nowhere.xlsx"),), "没有这个文件")):
        duban("roster", *arguments, "--at", "2022-03-01 10:00", status=1)
        assert why in duban.error


def test_a_spot_check_says_what_it_drew_and_by_which_seed(duban: Terminal) -> None:
    begun(duban)
    at = ("--at", "2022-07-04 09:00")
    assert "还没有抽查过" in duban("spotcheck", *at)
    duban("spotcheck", "10%", "--as", "王协调", *at, status=1)
    assert "没有可抽查的" in duban.error
    duban("spotcheck", "一些", "--as", "王协调", *at, status=2)
    assert "请写 10% 或 5项" in duban.error
