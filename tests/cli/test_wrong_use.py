"""What a person reads who has mistyped a command line: one line in Chinese that says what is wrong."""

import pytest

from bot.cli import shell

WRONG = [
    (["frob"], "没有“frob”这个命令（用法见 duban --help）"),
    (["campaign", "ed"], "没有“ed”这个命令，是不是 end（用法见 duban campaign --help）"),
    (["read", "--frob"], "没有 --frob 这个选项（用法见 duban read --help）"),
    (["read", "--jsn", "x"], "没有 --jsn 这个选项，是不是 --json（用法见 duban read --help）"),
    (["campaign", "end"], "缺少 campaign（用法见 duban campaign end --help）"),
    (["import", "x", "--year"], "--year 后面要写一个值（用法见 duban --help）"),
    (["import", "x", "--year", "abc"], "--year 的值不对（用法见 duban import --help）"),
    (["when", "下", "周三"], "多了“周三”；有空格的话请加引号（用法见 duban when --help）"),
]


@pytest.mark.parametrize(("arguments", "told"), WRONG)
def test_a_mistyped_command_line_is_told_in_one_chinese_line(
    arguments: list[str], told: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert shell.run(arguments) == 2
    assert capsys.readouterr().err == f"错误：{told}\n"
