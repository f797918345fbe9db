"""Wishes: what coordinators write as they would to a colleague, 谁还没签收, 催一下没签收的, is a command of the table."""

import re

from bot.dialogue.room import handing, lookups, nudges
from bot.dialogue.turn import Turn
from jobs.notices.press import Verb, button
from jobs.ports import Button

_UNSIGNED, _LATE = nudges.SAID["未签收"], nudges.SAID["逾期"]
_REPORTED = re.compile("待核|等.{0,3}核|报上来|要核查|没核查")
_URGES = re.compile("催")
_HANDS = re.compile("导出|导一|下载|发我|发给我|发一份|给我|来一份|要一份|打印")
_LEDGER = re.compile("台账")
_LOOKS = re.compile("谁|哪些|哪个|哪几|多少|几个|几家|有没有|看|查|列|名单|情况")

_GRANTS = (
    (_URGES, _UNSIGNED, nudges.preview_of, "未签收", True),
    (_URGES, _LATE, nudges.preview_of, "逾期", True),
    (_HANDS, _LEDGER, handing.ledger_in_words, "", False),
    (_LOOKS, _UNSIGNED, lookups.silent, "", False),
    (_LOOKS, _LATE, lookups.show_list, "逾期", False),
    (_LOOKS, _REPORTED, lookups.show_list, "待核", False),
)
"""What is wanted, of what; the command with its words; and whether only a coordinator may say it. The first that fits."""

LONGEST = 20
"""Characters of a wish; who writes more than that tells something else."""


def granted(turn: Turn, text: str) -> bool:
    """Do what somebody of the room wishes in their own words; tell whether it was understood."""
    if len(text) > LONGEST or not (turn.incoming.is_addressed or turn.incoming.private):
        return False
    for wants, of, command, words, steers in _GRANTS:
        if wants.search(text) and of.search(text) and (turn.visitor.steers or not steers):
            command(turn, words)
            return True
    return False


def nearest(text: str) -> list[Button]:
    """Return the two lists that words which were not understood speak of, else the two that are asked for most."""
    likely = sorted(_LISTS, key=lambda one: one[0].search(text) is None)[:2]
    return [button(Verb.LOOK_AT_LIST, 0, place, label) for _pattern, place, label in likely]


_LISTS = ((_REPORTED, 1, "看待核"), (_LATE, 0, "看逾期"), (_UNSIGNED, 2, "看未签收"))
"""What is spoken of, and the list that a press shows, as `jobs.notices.digests` counts them."""
