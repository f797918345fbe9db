"""Making a message ready: one script, one width, no mentions, a command as the word that it stands for."""

import re
import unicodedata
from functools import cache
from typing import TYPE_CHECKING

from bot.dialogue.understanding.lexicon import in_common_words
from jobs.reading.deadlines.resolve import number
from jobs.reading.repair import as_typed

if TYPE_CHECKING:
    from opencc import OpenCC

LONGEST = 2000
"""Characters of a message that are looked at."""

_MENTION = re.compile(r"^(?:@\S+\s*)+")
_REPEATED = re.compile(r"([,。.!?~、])\1+")
_COMMANDS = {"/done": "办结", "/progress": "进展", "/extend": "延期", "/ack": "收到", "/verify": "核查通过", "/return": "退回",
             "/grant": "同意延期", "/refuse": "不同意延期"}  # fmt: skip
_DASH = re.compile(r"(?<=[A-Za-z])[—–−‐‑―](?=\d)")
"""What a keyboard makes of the sign in a task's name: A—3."""
_SAID_MARKS = re.compile(r"(?<![画划个上的打])(逗号|句号|问号|感叹号)")
_MARKS = {"逗号": ",", "句号": "。", "问号": "?", "感叹号": "!"}
"""What somebody says who dictates: 办完了句号; but 画上句号 says something."""
_PASSED_ON = re.compile(
    r"^[【\[(]?转发?(?:[】\])]\s*:?|[一-龥]{0,8}(?<![科室股])[办局委府厅部]?:)(?=关于|.*[请须应要]|.*务必)", re.DOTALL
)
"""How a message begins that is another's: 转：请各单位…, 【转】各单位务必…."""
_ANSWERING = re.compile("^(?:回复|答复|复):(?=.)")
"""What somebody writes before their own answer: 回复：已办结; with a name before the colon, another's."""
_HEADLINE = re.compile(
    r"^(?:[【\[][^】\]\n]{0,8}(?:通知|通报|提醒|提示|公告|转发|预警)[】\]]:?|(?:重要|紧急|温馨)?(?:通知|提醒|提示):(?=.*(?:各|大家|务必|抓紧)))"
)
"""How a notice begins that went round: 【紧急通知】, 重要通知：请各单位…."""
WITHOUT_A_SIGN = r"前以之吧可行好能左哈啊呀吗不呢办报交完弄搞做送发验拆装改修,;。!?\s"
"""What may follow a day whose last sign nobody writes: 7月15吧, 十月二十办完; a measure may not."""
_N = "[一二三四五六七八九十]"
_WRITTEN = f"(?<![\\d第零〇百千]|{_N})"
_OF_A_MONTH = re.compile(f"{_WRITTEN}({_N}{{1,2}})月({_N}{{1,3}})(?=[日号{WITHOUT_A_SIGN}]|$)")
_OF_NEXT_MONTH = re.compile(f"(?<=[下本这当])(个?月)({_N}{{2,3}}|十|\\d{{1,2}})(?=[{WITHOUT_A_SIGN}]|成[不吗]|$)")
_BY_ITSELF = re.compile(f"{_WRITTEN}([二三]?十{_N}?)(?=[日号](?![内楼线]))")
"""Days in words, by month and number or by the number: 十月二十日, 十月二十前, 二十六号; 十日内 is a length, and 五月初八 no day of this calendar."""
_AN_HOUR = r"\s?(?:[01]?\d|2[0-4])(?:[时点]整?|[::][0-5]\d)"
_WITH_A_STROKE = re.compile(rf"(?<![\d/])(1[0-2]|0?[1-9])/(3[01]|[12]\d|0?[1-9])((?:{_AN_HOUR})?\s?[之以]?前)")
_HOUR = re.compile(rf"(?P<day>\d[日号]|[今明后]天|周[一二三四五六日]){_AN_HOUR}(?=[之以]?前)")
"""7/31 24时前: 7月31日前."""
_INVISIBLE = re.compile(r"[\x00\ufe0f\u200b-\u200f㊙]")


@cache
def _simple() -> "OpenCC":
    from opencc import OpenCC  # its tables take a while to load: only once somebody says something

    return OpenCC("t2s")


def heard(text: str) -> str:
    """Return a message as it is understood."""
    clean = unicodedata.normalize("NFKC", as_typed(text[:LONGEST]))
    clean = _MENTION.sub("", _INVISIBLE.sub("", clean).strip()).strip()
    if not clean.isascii():
        clean = _in_figures(in_common_words(str(_simple().convert(clean))))
        clean = _SAID_MARKS.sub(lambda match: _MARKS[match[1]], clean)
        clean = _PASSED_ON.sub("转发:", _HEADLINE.sub("转发:", _ANSWERING.sub("", clean)))
    for command, word in _COMMANDS.items():
        if clean.lower().startswith(command):
            clean = word + clean[len(command) :]
    return _DASH.sub("-", _REPEATED.sub(r"\1", clean))


def _in_figures(text: str) -> str:
    """Return a text in which the days that stand in words or with a stroke stand in figures and signs, without the hour before which they end."""
    if "前" in text:
        text = _HOUR.sub(r"\g<day>", _WITH_A_STROKE.sub(r"\1月\2日\3", text))
    text = text.replace("廿", "二十").replace("卅", "三十")
    text = _OF_A_MONTH.sub(lambda day: f"{number(day[1])}月{number(day[2])}", text)
    text = _OF_NEXT_MONTH.sub(lambda day: f"{day[1]}{number(day[2])}号", text)
    return _BY_ITSELF.sub(lambda day: str(number(day[1])), text)


def as_written(text: str, part: str) -> str:
    """Return a ``part`` of what was heard of a text in the very characters of the text, where they can be told; else the part."""
    told = [
        (char, place)
        for place, written in enumerate(text[:LONGEST])
        for char in _INVISIBLE.sub("", unicodedata.normalize("NFKC", as_typed(written)))
    ]
    plain = "".join(char for char, _place in told)
    clean = plain if plain.isascii() else str(_simple().convert(plain))
    at = clean.rfind(part) if len(clean) == len(plain) else -1
    return text[told[at][1] : told[at + len(part) - 1][1] + 1] if part and at >= 0 else part
