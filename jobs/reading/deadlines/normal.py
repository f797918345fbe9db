"""Normal text: full-width marks made half, dashes made one, blanks inside dates and what moves a day off dropped, places
remembered.
"""

import re
from dataclasses import dataclass

from jobs.reading.deadlines.moving import MOVED
from jobs.reading.deadlines.resolve import N
from jobs.reading.repair import TYPED

_SAME: dict[int, int | str] = {
    **TYPED,
    **{code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)},
    **dict.fromkeys(map(ord, "—–－―‐‑﹣~～〜∼"), ord("-")),
    **str.maketrans("〇○Ｏ︰﹑､×两俩號後", "零零零:、、X二二号后"),
    **str.maketrans("禮週這個聽農曆節勞動國慶從內間開會與雙", "礼周这个听农历节劳动国庆从内间开会与双"),
    **dict.fromkeys(map(ord, "\u00a0\u3000\t\u200b\ufeff"), ord(" ")),
}
"""One character for one, so that places stay what they are."""

_FIRST_MONTH = re.compile(
    r"(?<![\d万千百亿零一二三四五六七八九十])元(?=月[份底末初上中下\d一二三四五六七八九十前内,、。;)]|月$)"
)
"""元月 is January; what costs 500元 a month is not."""

_DASH = re.compile(r"(?<=\d[日号月])一(?=\d{1,2}[月日号])")
"""5月30日一6月4日: a numeral that was typed, or recognised, for a dash."""

_NAUGHT = re.compile(
    r"(?<=[12])[Oo](?=[\dOo]{2}年)|(?<=[12][\dOo])[Oo](?=[\dOo]年)|(?<=[年月./-][\d])[Oo](?=[日号月前止之以,。]|$)|(?<=年)[Oo](?=\d月)|(?<=月)[Oo](?=\d[日号])"
)
_ONE = re.compile(r"(?<=[年月])[lI](?=\d?[月日号])|(?<=[年月]\d)[lI](?=[月日号])")
_SUN = re.compile(rf"(?P<day>月(?:{N}))(?:目(?![标录])|曰)")
_TEN = re.compile(r"(?<=月[一二三])零(?=[日号])")
_FORMAL = re.compile(
    r"(?<=月)[壹贰叁肆伍陆柒捌玖拾]{1,3}(?=[日号])|[壹贰叁肆伍陆柒捌玖拾]{1,2}(?=月[\d一二三四五六七八九十壹贰叁肆伍陆柒捌玖拾底末初上中下])|[贰零壹]{2}[零壹贰叁肆伍陆柒捌玖]{2}(?=年)"
)
_PLAIN = str.maketrans("壹贰叁肆伍陆柒捌玖拾", "一二三四五六七八九十")
"""What a hand, or a machine that recognises, writes for the figures of a day: 5月3O日, 5月l5日, 5月30目, 三〇日, 叁拾日."""


def _figures(text: str) -> str:
    text = _ONE.sub("1", _NAUGHT.sub("0", text))
    text = _FORMAL.sub(lambda match: match[0].translate(_PLAIN), text)
    return _TEN.sub("十", _SUN.sub(r"\g<day>日", text))


_DATE = r"0-9零一二三四五六七八九十年月日号季度底末初前旬每周内至到\-./个天"
_BLANK = re.compile(
    rf"(?<=[{_DATE}])(?<![A-Za-z]\d)(?<![A-Za-z]\d\d)[ \n]+(?=[{_DATE}])(?!\d{{1,2}}:\d\d)|(?<!--)(?<=-)-++(?=[0-9])"
    r"|(?<=月)\((?=\d{1,2}\)[日号])|(?<=月\(\d)\)(?=[日号])|(?<=月\(\d\d)\)(?=[日号])"
)


@dataclass(frozen=True, slots=True)
class Normal:
    """A normal text with, for each of its characters, the place in the original (None when nothing was dropped)."""

    text: str
    original: str
    places: list[int] | None

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Return the place in the original of a span, start inclusive and end exclusive."""
        if self.places is None:
            return start, end
        return self.places[start], self.places[end - 1] + 1


def normal(text: str) -> Normal:
    """Return the normal form of ``text``."""
    same = _figures(_DASH.sub("-", _FIRST_MONTH.sub("1", text.translate(_SAME))))
    dropped = [match.span() for match in (*_BLANK.finditer(same), *MOVED.finditer(same))]
    if not dropped:
        return Normal(same, text, None)
    kept: list[str] = []
    places: list[int] = []
    last = 0
    for start, end in [*sorted(dropped), (len(same), len(same))]:
        if start < last:
            continue  # a blank inside of what is dropped
        kept.append(same[last:start])
        places.extend(range(last, start))
        last = end
    return Normal("".join(kept), text, places)
