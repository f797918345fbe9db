"""What an office's papers carry: its name above the line and under the text, who gets copies, how they are numbered, in which fonts."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from db.plain import one_line
from db.words import NoticeKind


@dataclass(frozen=True, slots=True)
class Letterhead:
    """What an office sets; empty is left out. ``pattern`` has {code}, {year} and {number}; without a code a paper is 2022年第1期.

    ``fonts`` are those that the office has in place of the ones that the standard names.
    """

    office: str = ""
    copies: str = ""
    code: str = ""
    pattern: str = "{code}〔{year}〕{number}号"
    fonts: Mapping[str, str] = field(default_factory=dict)

    @property
    def copied(self) -> str:
        """Who gets copies, as it stands under a paper: the last with a full stop, however it was set."""
        return f"{one_line(self.copies).rstrip('，,、；;。. ')}。"

    def numbered(self, kind: NoticeKind, year: int | None, number: int | None) -> str:
        """Return a number as printed; empty where the paper has none yet."""
        if year is None or number is None:
            return ""
        if self.code:
            return self.pattern.format(code=self.code, year=year, number=number)
        return f"{year}年第{number}{'期' if kind is NoticeKind.BULLETIN else '号'}"


NAMED = ("仿宋_GB2312", "宋体", "黑体", "楷体_GB2312", "方正小标宋简体")
"""The fonts that the standard's papers name: text, page numbers, the first two levels, titles."""


def fonts_in(written: str) -> dict[str, str]:
    """Read 仿宋_GB2312=方正仿宋_GBK, 黑体=思源黑体 as fonts by those in whose place they stand; raise ``ValueError`` with what is wrong."""
    found = {}
    for pair in filter(None, (one.strip() for one in written.replace("，", ",").split(","))):
        name, mark, own = (part.strip() for part in pair.partition("="))
        if name not in NAMED or not mark or not own:
            raise ValueError(f"“{pair}”不是“原字体=本单位的字体”；原字体是{'、'.join(NAMED)}之一")
        found[name] = own
    return found
