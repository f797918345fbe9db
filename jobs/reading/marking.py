"""The role that is marked beside a unit's name, written in the one way in which it is read: 县农业局（牵头）、县水利局（配合）."""

import re

_ROLE = r"(?:总?牵头|主责|主办|配合|(?<!政)协办|协助|参与|参加|负责|责任|落实|实施|承办)(?:单位|部门|科室|股室)?"
_OPEN, _SHUT = r"（(【［\[〔〖『「", r"）)】］\]〕〗』」"
_BLANKS = re.compile(rf"(?<=[{_OPEN}])(?P<first>[牵配主协参负责])[ \u3000]+(?P<last>[头合责办助与加任])(?=[{_SHUT}])")
"""（牵 头）."""
_OTHER_BRACKET = re.compile(rf"[【［\[〔〖『「]\s*(?P<role>{_ROLE})\s*[】］\]〕〗』」]")
_DASH = re.compile(rf"(?<=[\u4e00-\u9fff])\s*[-—–－]{{1,2}}\s*(?P<role>{_ROLE})(?=$|[\s、，,；;])")
"""县农业局-牵头."""
_OF_TWO = re.compile(
    rf"(?<![^、，,；;：:。（）()\n])(?P<first>[^、，,；;：:。（）()\n]{{1,40}})(?P<stroke>[、和与])(?P<last>[^、，,；;：:。（）()\n]{{1,40}})[（(]由?(?P<which>[前后])者(?P<role>{_ROLE})[）)]"
)
"""县农业局、县水利局（前者牵头）."""
_LINE = re.compile(rf"(?:^|\n)[ \u3000]*(?P<role>{_ROLE})[ \u3000]*(?=\n|$)")
_MARK = rf"[（(]\s{{0,9}}{_ROLE}\s{{0,9}}[）)]"
_APART = re.compile(rf"(?<=[\u4e00-\u9fff])\s+(?={_MARK})")
"""县农业局 / （牵头）: the mark in a line of its own, or behind a blank."""
_GLUED = re.compile(rf"(?P<mark>{_MARK})[ \u3000]*(?=[\u4e00-\u9fff])")
_FIRST = re.compile(
    rf"(?:^|(?<=[\n；;，,、]))\s{{0,9}}[（(]\s{{0,9}}(?P<role>{_ROLE})\s{{0,9}}[）)]\s{{0,9}}(?=[\u4e00-\u9fff])"
)

_BARE_LABEL = re.compile(
    r"(?:^|(?<=[\s；;，,、]))(?P<role>(?:总?牵头|主办|配合|协助|责任)(?:单位|部门|科室|股室)?)[ \u3000]+(?=[\u4e00-\u9fff]{3})"
)
"""牵头 县农业局 配合 县水利局: labels without their colons."""
_OF_ROLES = re.compile(
    rf"[［〔〖『「{{<＜](?=[^［〔〖『「{{}}<＜］〕〗』」>＞\n]*{_ROLE})[^［〔〖『「{{}}<＜］〕〗』」>＞\n]{{5,120}}[］〕〗』」}}>＞]"
)


def in_round_brackets(text: str) -> str:
    """Return a paragraph, as long as it was, with round brackets in place of any others in which roles are given."""
    return _OF_ROLES.sub(lambda match: f"（{match[0][1:-1]}）", text)


def unmarked(text: str) -> str:
    """Return the names of a cell without the marks beside them."""
    return re.sub(_MARK, "", in_one_way(text))


def in_one_way(text: str) -> str:
    """Return the text of a cell, or of a label, with the marks beside its names in round brackets behind them, and a
    mark that stands before its names as a label: （牵头）县农业局 is 牵头单位：县农业局.
    """
    text = _BLANKS.sub(r"\g<first>\g<last>", text)
    text = _OTHER_BRACKET.sub(r"（\g<role>）", text)
    text = _DASH.sub(r"（\g<role>）", text)
    text = _OF_TWO.sub(_on_one_of_two, text)
    text = _LINE.sub(r"\n（\g<role>）", text).removeprefix("\n")
    if _BARE_LABEL.match(text):
        return _BARE_LABEL.sub(lambda match: f"\n{_label(match['role'])}：", text).strip()
    if _FIRST.match(text):
        return _FIRST.sub(lambda match: f"\n{_label(match['role'])}：", text).strip()
    return _GLUED.sub(r"\g<mark>、", _APART.sub("", text))


def _on_one_of_two(match: re.Match[str]) -> str:
    mark = f"（{match['role']}）"
    first, last = (mark, "") if match["which"] == "前" else ("", mark)
    return f"{match['first']}{first}、{match['last']}{last}"


def _label(role: str) -> str:
    return role if role.endswith(("单位", "部门", "科室", "股室")) else f"{role}单位"
