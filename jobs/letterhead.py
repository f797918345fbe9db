"""What an office's papers carry: its name above the line and under the text, who gets copies, how they are numbered."""

from dataclasses import dataclass

from db.words import NoticeKind


@dataclass(frozen=True, slots=True)
class Letterhead:
    """What an office sets; empty is left out. ``pattern`` has {code}, {year} and {number}; without a code a paper is 2022年第1期."""

    office: str = ""
    copies: str = ""
    code: str = ""
    pattern: str = "{code}〔{year}〕{number}号"

    def numbered(self, kind: NoticeKind, year: int | None, number: int | None) -> str:
        """Return a number as printed; empty where the paper has none yet."""
        if year is None or number is None:
            return ""
        if self.code:
            return self.pattern.format(code=self.code, year=year, number=number)
        return f"{year}年第{number}{'期' if kind is NoticeKind.BULLETIN else '号'}"
