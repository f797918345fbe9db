"""Tells in Chinese what is wrong with a command line that the command-line library has refused."""

import re
from typing import Any

_SAID = (
    (r"No such command '(.+?)'", "没有“{0}”这个命令"),
    (r"No such option: (\S+)", "没有 {0} 这个选项"),
    (r"Missing \w+ '?([^'.]+)'?", "缺少 {0}"),
    (r"Option '(.+?)' requires an argument", "{0} 后面要写一个值"),
    (r"Invalid value for '(.+?)': .*is not one of (.+?)\.?$", "{0} 须为 {1} 之一"),
    (r"Invalid value for '(.+?)'", "{0} 的值不对"),
    (r"extra arguments?(?:\(s\))? \((.+)\)", "多了“{0}”；有空格的话请加引号"),
)
"""What the library says, and what we say: the first that fits."""

_MEANT = re.compile(r"(?:Possible options: |Did you mean |one of: )(.+?)[?)]")


def told(error: Any) -> str:
    """Return one line that says what was wrong, what may have been meant, and where the right use is described."""
    message = " ".join(error.format_message().split())
    said = next(
        (ours.format(*found.groups()) for theirs, ours in _SAID if (found := re.search(theirs, message))), message
    )
    meant = _MEANT.search(message)
    near = f"，是不是 {meant[1].replace(chr(39), '').replace(', ', ' 或 ')}" if meant else ""
    command = error.ctx.command_path if error.ctx else "duban"
    return f"{said}{near}（用法见 {command} --help）"
