"""What people write, made plain before it is kept or passed on: no signs that steer a screen, no numbers that no store holds.

Names, titles, file names and quoted words stand in the bot's own messages: they are one line, so that nobody can make
the bot seem to say what it did not say.
"""

import re
import unicodedata

LONGEST_NAME = 40
"""Characters of a person's name that are kept."""

LARGEST = 2**63 - 1
"""The largest number that a row can have."""

_BLANK = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u3164\uffa0")
"""Letters that show nothing."""

_BRACKETS = str.maketrans("【】〔〕［］", "（）（）（）")
"""What the bot's own headings and codes stand in."""

_OURS = ("督办", "命令行", "系统")
"""What the record and the page call the program itself, and who runs it."""


def plain(text: str) -> str:
    """Return a text without controls, bidi marks and signs that show nothing; lines stay lines.

    NULs and halves of characters, which no store takes, are gone too.
    """
    whole = text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    return "".join(sign for sign in re.sub(r"\r\n?|[\u2028\u2029\x85\x0b\x0c]", "\n", whole) if _shows(sign))


def _shows(sign: str) -> bool:
    return sign == "\n" or ((sign == "\t" or unicodedata.category(sign) not in ("Cc", "Cf")) and sign not in _BLANK)


def one_line(text: str) -> str:
    """Return a text as one line: plain, its lines joined by a blank."""
    return " ".join(plain(text).split())


def title(told: str) -> str:
    """Return what people call a group or a file as it can stand in a message: one line, no bracket of ours."""
    return one_line(told).translate(_BRACKETS)


def person_name(told: str) -> str:
    """Return what somebody calls themselves as a name that can stand in a message: one line, no bracket of ours, and
    not the bot's own name.
    """
    name = title(told)[:LONGEST_NAME].strip()
    seen = unicodedata.normalize("NFKC", name).replace(" ", "")
    return f"自称“{name}”的用户" if seen in _OURS or seen.startswith(_OURS[0]) else name


def whole(name: str) -> re.Pattern[str]:
    """Return the pattern of a task's name as a whole: the A-1 of A-1办完了, and neither that of A-11 nor the 1 of A-1 or of 21号."""
    return re.compile(rf"(?<![A-Za-z\d.-]){re.escape(name)}(?!\d|[.-]\d)", re.IGNORECASE)


def whole_number(text: str) -> int | None:
    """Read a number that a row may have, 0 to 2⁶³−1; None for anything else, such as ² or a number without end."""
    if not (text.isascii() and text.isdigit() and len(text) <= 19):
        return None
    number = int(text)
    return number if number <= LARGEST else None


SURNAME = "[王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛叶阎余潘杜戴夏钟汪田任姜范方石姚谭廖邹熊金陆郝孔白崔康毛邱秦江史顾侯邵孟龙万段钱]"
"""The common surnames, by which a person is known who is called by name."""
