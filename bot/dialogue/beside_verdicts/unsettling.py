"""What unsettles a verdict that gives a reason: it is taken back, put off, asked about or hangs on something: 之前先打电话, 还早, 没必要,
吗, 还是通过, 报王局批. A reason is none of them: 照片不清, 没必要再办 beside 撤销, 先补照片再报.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from bot.dialogue.beside_verdicts.settling import REASON
from bot.dialogue.phrases import Phrase, Pieces

_ALONE = ("early", "puts_off", "against", "errs", "wavers")
"""The lines of words that leave a verdict open where a clause says no more."""


_ASIDE = Pieces("unsettled")("{aside}|(?<!\\S)@")


_WRITES = re.compile("理由(?:就|只|要)?[写是]")
"""理由就写围挡没修好，别说是孙局让退的: what the unit is to read is told, and nothing else goes to it."""


@dataclass
class Unsettling:
    """A verdict by the line of its ``own`` words in the table. What finds fault or says what to do first is for its unit. ``not_against`` are
    the lines of words that are a reason of it where they stand alone: 太早了 of more time that is not given, 先放一放 of what is
    suspended, which ``waits`` for something itself. ``goes_with`` it what else would put it off, ``also`` leaves this one open alone.
    """

    own: str
    not_against: tuple[str, ...] = ()
    waits: bool = False
    goes_with: re.Pattern[str] | None = None
    also: Phrase | re.Pattern[str] | None = None

    head: Phrase = field(init=False)
    """The act itself at the head of a clause, as a sentence has it: 退回不合适."""
    alone: Phrase = field(init=False)
    """What leaves it open where a clause says no more."""
    denied: Phrase = field(init=False)
    """The act that is not to be: 不该退回, 还不能通过; and the one that cannot: 通过不了, 退回有难度."""
    later: Phrase = field(init=False)
    """等王局看了再退, 下周再销."""

    def __post_init__(self) -> None:
        """Make the forms over this verdict's own words."""
        say = Pieces("unsettled", clause="[^，,。]", of_it="[的了这个项事件]", anew="再(?:说|议|定|看)")
        act = f"{{{self.own}}}"
        lines = "+".join(one for one in _ALONE if one not in self.not_against)
        self.head = say(f"^{{around}}*{act}?(?:{{of_it}}|也|是)*")
        self.alone = say(f"{{softly}}*{{{lines}}}[了吧的啊呀呢嘛]*")
        self.denied = say(f"{{not_to}}{{hastily}}*{act}|{act}(?:不了|不得|不成|不下|{{hard}})")
        self.later = say(
            f"等{{clause}}{{1,12}}?(?:{{anew}}|(?:再|才能?){act})|^(?:再|还[要得]?)等|{{some_day}}(?:{{anew}}|(?:再|才能?){act})"
        )

    def open_in(self, clauses: Sequence[str], *, day: bool, asked: bool) -> str:
        """Return the first clause that leaves the verdict open, "" where none does. ``asked`` tells that the words are the reason that was
        asked for.
        """
        for place, whole in enumerate(clauses):
            if REASON.fullmatch(whole):
                return ""
            if _ASIDE.search(whole) and not any(_WRITES.match(one) for one in clauses):
                return whole
            if self.goes_with is not None and self.goes_with.search(whole):
                continue
            also = self.also is not None and self.also.search(whole) is not None
            if also or self._leaves_open(whole, first=place == 0, asked=asked):
                return whole
        return ""

    def _leaves_open(self, whole: str, *, first: bool, asked: bool) -> bool:
        clause = self.head.sub("", whole)
        alone = _PUT_OFF if asked else self.alone
        if alone.fullmatch(clause) or self.denied.search(whole) or _OR.search(whole) or _WORDING.search(whole):
            return True
        if first and clause != whole and _OFTEN.match(clause):
            return True
        before = _BEFORE.match(clause)
        if before is not None and not (before["told"] and _FAULT.search(clause)):
            return True
        if _ASKS.search(clause) or _ASKS.search(whole):
            return not _WANTS_ANSWER.search(clause)
        if not self.waits and _ABOVE.search(clause):
            return True
        if _FOR_UNIT.search(clause):
            return False
        if not self.waits and (_FIRST.search(clause) or self.later.search(clause)):
            return True
        return first and bool(_HANGS.search(whole) or _HANGS.search(clause))


_SAY = Pieces(
    "unsettled",
    clause="[^，,。]",
    for_chief="^[以请]?{clause}{0,3}{chief}(?:来?{has_it}|{clause}{0,3}为准)$",
    hands_in="[报交传提送上补申]",
)
_BEFORE = re.compile(
    "^(?:之前|以前|前)(?=[先再还应须需得等打问看我核]|要(?!求)|必须|确认|(?P<told>[请让叫跟和向]|要求))"
)
"""What stands before the act: 之前先打电话; 之前让补的照片没补 is a reason."""
_FIRST = _SAY("先(?:{consults})|先?报{clause}{1,8}?(?:同意|批准)|先请{clause}{1,6}?(?:看|审|定|批)")
_PUT_OFF = _SAY("{softly}*{puts_off+wavers}[了吧的啊呀呢嘛]*")
"""What is no reason where one was asked for; 不合适 alone is one there."""
_OR = _SAY("{or}(?:先|就)?{decides}[吧呢啊]?$|(?:延期|{decides})[还尚]?[没未待]定")
"""退回还是通过, 延期同意没定."""
_ABOVE = _SAY(
    "^(?:先|再|还?要|得)?{above}(?:{clause}{1,8}?)?(?:{says}|{chief}定)(?:后|了|吧|一下)*$|^请示{clause}{1,6}$|{for_chief}"
)
"""Who is to decide instead: 报王局批, 王局定."""
_FOR_UNIT = _SAY("再(?:重新)?{hands_in}|重新?报|后再?{hands_in}|先(?:别|不要?)(?:急着)?{hands_in}|^{them}")
"""What the unit is to do first: 先核实数字再报, 请先核对."""
_WORDING = _SAY("^(?:{asks_me})*(?:{writes}(?:一下|一[句段条个份])|{draft}$)|^{think}[^，,。]{0,6}这[样么]")
"""What tells that words are tried: 帮我拟一句话给教育局, 口径：, 你看这样写行不行."""
_OFTEN = re.compile(r"过?(?:\d|[一二两三四五几好多])+[次回遍]|过(?=[^，,。]*$)(?![不没])")
"""What tells of what was: 退回过两次了."""
_HANGS = _SAY("的话|^(?:{if_so})")
_ASKS = _SAY("[吗么?？]+$|^(?:{softly})*(?:{whether})")
_WANTS_ANSWER = _SAY("{tell}|请|(?:怎么|为什么|为何){clause}*[没不未缺]|呢[?？]")
"""What a reason asks of its unit: 请说明是否已整改."""
_FAULT = re.compile("[不没未缺错漏假差]")
LIMITS = re.compile("不[能可要宜]?再?(?:同意|批准?|准|给|延期?)(?:得|他们)?(?:[太全整]|这么|那么|超过)")
"""What refuses only so much: 不能同意太久."""
MISJUDGED = re.compile("误判|判错|错判|认定错|结论[^，,。]{0,2}(?:先|还|别)|先别下")


NOT_VERIFIED = re.compile("(?:先|暂时?|还)(?:不|别)要?(?:核查|审核)?(?:通过|销号?|过(?![几两天]))")
"""What goes with sending back: 先不通过，退回补表."""


_NO_MORE = re.compile(r"不再?等[了候]?|[这本]次|到此为止|[\s，,。！!吧了啊呀]")


def beside_an_end(rest: str) -> str:
    """Return what stands behind 结束调度 and may be more than that it ends: 之前再催一次."""
    return rest.strip() if _NO_MORE.sub("", rest) else ""
