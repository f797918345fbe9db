"""How a sentence narrows whom a round asks, and of which tasks, purely: 只发应急局; 除应急局外; 应急局不用报; A-1进展."""

import re
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Narrowed:
    """What narrows a round as it is written: whom alone it asks, who is left out, of which tasks alone, and of which not."""

    who: str = ""
    but: tuple[str, ...] = ()
    codes: tuple[str, ...] = ()
    but_codes: tuple[str, ...] = ()


_CLAUSE = r"(?:^|(?<=[，,。；;！!\s（(]))"
_ENDS = r"(?=[，,。；;！!\n）)]|$)"
_NAMED = r"[^，,。；;！!\n（()）]"
_OUTSIDE = re.compile(rf"除(?!外)了?(?P<who>{_NAMED}{{1,40}}?)(?:之外|以外|外(?![事办联])|{_ENDS})的?")
_LEFT_OUT = (
    re.compile(rf"{_CLAUSE}(?:但是?|不过|其中)?(?P<who>{_NAMED}{{1,40}}?)(?:除外|例外|不算|不在内){_ENDS}"),
    re.compile(
        rf"{_CLAUSE}(?:但是?|不过|就|先|请)*(?:不含|不包[括含]|(?:不|不用|不必|不要|别|无需|先不)(?:再|用)?(?:发给|发到|发|问|通知|催|给|要求|调度))"
        rf"(?P<who>(?!了){_NAMED}{{2,40}}?)(?:[报填交]送?|了|吧)*{_ENDS}"
    ),
    re.compile(
        rf"{_CLAUSE}(?:但是?|不过|其中)?(?P<who>{_NAMED}{{1,40}}?)(?:这次|本次|那边|这边|就|可以|先|暂时?|都|的)*"
        rf"(?:不用|不必|不要|无需|无须|不需要?|暂不|别|不|免于?|免予)(?:再|参加)?(?:[报填交发写问催]|通知|参加|上报|(?<=用|必|要)了)(?:送|报|了|啦|吧|给)*{_ENDS}"
    ),
)
"""How somebody is left out: 除甲局外, 甲局除外; 不含甲局, 不发甲局; 甲局不用报."""
_NOBODY = re.compile(
    r"^[先暂还就都也再这次本]+$|^(?:已经?|凡是?|只要)[^局厅委]{0,8}$|^(?:没有?|无)(?:新的?)?(?:进展|变化|情况)|^不?(?:得|要|可|能|许|准|[迟漏瞒晚误错])"
)
"""What is said of an answer and names nobody to be left out: 已报的不用再报, 不得不报."""
_ALONE = re.compile(
    rf"{_CLAUSE}(?:这次|本次|请|先|就)*(?:只|仅|单独|光|就(?=[发问])|限(?!时|期|于?\d))"
    r"(?!在|有|[是需要让请]*(?:报|填|写|交(?!通)|说|提供|数|进展|问题|情况|进度|一句|简))"
    r"(?:需要?|是|要求?|让|由|请|限于?|发给?|发至|发到|下发给?|问|面向|给|针对|调度|涉及|向|对)*"
    rf"(?P<who>{_NAMED}{{1,40}}?)(?:(?:这|那)?[一两二三四几\d]*(?:家|个单位)|单位|的)?(?:[报填交]送?|上报|就行|即可|就可以|就好|了|吧)*{_ENDS}"
)
"""How it is said whom alone it asks: 只发应急局, 仅问住建局, 只要应急局报."""
_CODE = r"(?<![A-Za-z\d-])[A-Za-z]{1,2}\d{0,2}-\d{1,4}(?:\.\d{1,3})?(?![\d-])"
_CODES = re.compile(rf"(?P<first>{_CODE})\s*(?:[到至~～—]+\s*(?:[A-Za-z]{{1,2}}\d{{0,2}}-)?(?P<last>\d{{1,4}}))?")
_BY_NUMBER = re.compile(r"第\s*(?P<number>\d{1,3})\s*(?:项|条|号任务)|(?<![\d月日.-])(?P<plain>\d{1,3})号(?:任务|事项)")

MOST = 200
"""Tasks of a range, A-1至A-9, at most."""


def narrowed(text: str) -> tuple[Narrowed, str]:
    """Return what narrows the round for which a sentence asks, and the sentence without who is left out."""
    but: list[str] = []

    def left_out(found: re.Match[str]) -> str:
        who = found["who"].strip()
        if _NOBODY.search(who):
            return found[0]
        but.append(who)
        return ""

    words = text
    for pattern in (_OUTSIDE, *_LEFT_OUT):
        words = pattern.sub(left_out, words)
    alone = _ALONE.search(words)
    but_codes = [code for who in but for code in codes(who)]
    return (
        Narrowed(
            who=alone["who"].strip() if alone is not None and not codes(alone["who"]) else "",
            but=tuple(who for who in but if not codes(who)),
            codes=tuple(codes(words)),
            but_codes=tuple(but_codes),
        ),
        words,
    )


def codes(text: str) -> list[str]:
    """Return the tasks that a text names by their code or printed number, each of a range: A-1, A-3至A-5, 第7项."""
    found: list[str] = []
    for one in _CODES.finditer(text):
        first = one["first"].upper()
        letters, number = first.split("-")
        last = int(one["last"]) if one["last"] and number.isdigit() else None
        if last is not None and int(number) < last <= int(number) + MOST:
            found += [f"{letters}-{each}" for each in range(int(number), last + 1)]
        else:
            found.append(first)
    found += [one["number"] or one["plain"] for one in _BY_NUMBER.finditer(_CODES.sub(" ", text))]
    return list(dict.fromkeys(found))
