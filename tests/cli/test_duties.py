"""`duban add`: a duty in a sentence from the command line."""

from pathlib import Path

import pytest

from tests.cli.test_commands import Terminal

AT = ("--at", "2022-06-01T10:00+08:00")


@pytest.fixture
def duban(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> Terminal:
    terminal = Terminal(capsys, tmp_path / "begun")
    terminal("migrate", "--virtual")
    return terminal


def test_a_sentence_is_shown_as_it_is_understood_and_given_out(duban: Terminal) -> None:
    told = duban("add", "请省经信厅于6月30日前报送化工园区名单", "--yes", *AT)
    assert told == (
        "请省经信厅于6月30日前报送化工园区名单。\n　责任：省经信厅\n　期限：2022年6月30日（周四）\n"
        "已交办，列入专项行动 1《临时交办事项（2022年）》：\n　〔A-1〕省经信厅\n"
    )
    again = duban.json("add", "报送方案", "--unit", "省经信厅", "--due", "2022-07-15", "--yes", *AT)
    assert again == {"campaign": 1, "assignments": [{"code": "A-2", "unit": "省经信厅", "due": "2022-07-15"}]}
    assert "报送方案" in duban("ledger")


def test_what_is_left_open_is_asked_for_and_nothing_is_given_out(duban: Terminal) -> None:
    duban("add", "报送化工园区名单", "--yes", *AT, status=2)
    assert duban.error == "错误：没有写明由谁办理，请加 --unit 单位；没有写明期限（或期限已过），请加 --due 日期\n"
    duban("add", "请省经信厅于2022年5月1日前报送名单", "--yes", *AT, status=2)
    assert "没有写明期限（或期限已过）" in duban.error
    assert duban.json("campaign", "list") == []


def test_it_is_not_given_out_unasked_where_nobody_can_answer(duban: Terminal) -> None:
    duban("add", "请省经信厅于6月30日前报送名单", *AT, status=2)
    assert "确认请加 --yes" in duban.error
    duban("add", "请省经信厅于6月30日前报送名单", "--yes", "--as", "无此人", *AT, status=1)
    assert "没有登记的协调员或领导“无此人”" in duban.error
    duban("add", "请省经信厅于6月30日前报送名单", "--yes", "--campaign", "9", *AT, status=1)
    assert "没有编号为 9 的专项行动" in duban.error
    assert duban.json("campaign", "list") == []


def test_a_duty_joins_a_running_list_under_a_number_of_its_own_and_stays_when_the_list_is_revised(
    duban: Terminal, tmp_path: Path
) -> None:
    listed = tmp_path / "清单.txt"
    listed.write_text(
        "关于检查的通知\n3. 排查管道，6月底前完成。（市住建局牵头）\n4. 加固堤防，7月底前完成。（市水利局牵头）\n"
    )
    duban("import", str(listed), "--year", "2022", *AT)
    duban("add", "请市住建局于7月15日前报送方案", "--campaign", "1", "--yes", *AT, status=1)
    assert "专项行动1待启动，启动后才能加入任务" in duban.error
    duban("activate", "1")
    added = duban.json("add", "请市住建局于7月15日前报送方案", "--campaign", "1", "--yes", *AT)
    assert [one["code"] for one in added["assignments"]] == ["A-5"]
    revised = tmp_path / "修订.txt"
    revised.write_text(listed.read_text() + "\n")
    told = duban("import", str(revised), "--year", "2022", "--revise", "1", *AT)
    assert "删去 0 项" in told


def test_a_script_sees_what_was_read_before_anything_goes_out(duban: Terminal) -> None:
    read = duban.json("add", "请省经信厅于6月30日前报送名单，公安、卫健要做好保障", *AT)
    (task,) = read["tasks"]
    assert (read["given_out"], task["responsible"], task["gaps"]) == (False, ["省经信厅"], [])
    assert [one["due"] for one in task["deadlines"]] == ["2022-06-30"]
    assert [one["text"] for one in read["left"]] == ["公安、卫健要做好保障"]
    assert duban.json("campaign", "list") == []


def test_what_of_a_sentence_is_in_no_duty_is_shown_with_it(duban: Terminal) -> None:
    told = duban("add", "请省经信厅于6月30日前报送名单，公安、卫健要做好保障", "--yes", *AT)
    assert "　没有列入：“公安、卫健要做好保障”（没有归到哪一项任务，请核对）\n" in told
    assert "没有列入" not in duban("add", "请省经信厅于6月30日前报送名单", "--yes", *AT)


@pytest.mark.parametrize("day", ["4月31日", "2月30日", "13月5日"])
def test_a_day_that_does_not_exist_is_told_as_that(duban: Terminal, day: str) -> None:
    duban("add", f"请省经信厅于{day}前报送名单", "--yes", *AT, status=2)
    assert f"没有{day}这一天，请加 --due 日期" in duban.error
    assert duban.json("campaign", "list") == []


def test_a_problem_with_its_picture_stands_in_the_two_lists(duban: Terminal, tmp_path: Path) -> None:
    duban("add", "A罐区围堰开裂，省经信厅，6月30日前整改", "--photo", "无.jpg", "--yes", *AT, status=2)
    assert "--photo 与 --problem、--as 同用" in duban.error
    assert duban("problems") == "没有登记的问题。\n"
    added = duban.json("add", "A罐区围堰开裂，省经信厅，6月30日前整改", "--problem", "--yes", *AT)
    assert added["assignments"] == [{"code": "A-1", "unit": "省经信厅", "due": "2022-06-30"}]
    (told,) = duban.json("problems")
    assert (told["problem"], told["measure"], told["before"], told["found"]["how"]) == ("A罐区围堰开裂", "", [], "said")
    assert duban("problems") == (
        "〔A-1〕省经信厅：A罐区围堰开裂（待签收）\n　措施：还没有填报；照片：整改前0张，整改后0张\n"
    )
    out = tmp_path / "两张清单.xlsx"
    assert "1 条" in duban("problems", "--out", str(out))
    assert out.read_bytes().startswith(b"PK")
    duban("problems", "--out", "清单.docx", status=2)


def test_a_ledger_of_hazards_is_imported_as_problems_with_their_measures(duban: Terminal, tmp_path: Path) -> None:
    listed = tmp_path / "隐患台账.csv"
    listed.write_text(
        "序号,隐患描述,整改措施,整改责任单位,整改期限\n1,装卸区静电接地线断开,更换接地线,港务局,2022年7月20日\n"
    )
    duban("import", str(listed), "--year", "2022", *AT)
    duban("activate", "1")
    (told,) = duban.json("problems")
    assert (told["problem"], told["measure"], told["found"]) == (
        "装卸区静电接地线断开",
        "更换接地线",
        {"how": "list", "on": "2022-06-01", "by": ""},
    )


def test_a_register_sent_anew_with_later_days_plans_the_next_ones(duban: Terminal, tmp_path: Path) -> None:
    def listed(day: str) -> str:
        path = tmp_path / f"{day}.csv"
        path.write_text(f"序号,企业名称,证照名称,有效期至,监管责任单位\n1,乙油库,经营许可证,{day},省经信厅\n")
        return str(path)

    duban("contact", "add", "王协调", "--rank", "coordinator")
    duban("import", listed("2022-12-31"), "--year", "2022", *AT)
    duban("activate", "1")
    duban("import", listed("2025-12-31"), "--revise", "1", "--apply", "--as", "王协调", *AT)
    assert [(one["due"], one["state"]) for one in duban.json("ledger")] == [
        ("2022-09-30", "closed"),
        ("2025-09-30", "pending"),
        ("2022-12-31", "closed"),
        ("2025-12-31", "pending"),
    ]
    duban("renew", "A-1", "2025-12-31", "--as", "王协调", *AT, status=1)
    assert "新有效期须晚于现有效期2025年12月31日" in duban.error
    assert duban("renew", "A-1", "2028-12-31", "--as", "王协调", *AT) == "〔A-1〕有效期改为 2028-12-31：省经信厅。\n"
    duban("import", listed("2028-12-31"), "--revise", "1", "--apply", "--as", "王协调", *AT)
    assert [one["due"] for one in duban.json("ledger") if one["state"] == "pending"] == [
        "2028-09-30",
        "2028-12-31",
    ]
    campaign, _files = duban.json("audit")
    assert campaign["faults"] == []
