"""What may be done with a draft: the buttons under what was read, and again when everything doubtful has been asked."""

import re
from collections.abc import Sequence

from db.models import Campaign
from db.words import PastChoice
from jobs.notices.press import Verb, button
from jobs.ports import Button

NUMBER = re.compile(r"^\s*#?(\d{1,6})\s*")
"""How a campaign is named by its number."""

LETTER = re.compile(r"^\s*(?:专项(?:行动)?\s*)?([A-Za-z]{1,2}\d{0,2})(?![A-Za-z\d-])\s*")
"""How a campaign is named by the letter that opens its codes."""

PAST_CHOICES = (PastChoice.SUMMARY, PastChoice.CLOSE, PastChoice.ESCALATE)
"""What a button of the import can choose for past deadlines, by its place."""

_IN_SHORT = {PastChoice.SUMMARY: "只汇总", PastChoice.CLOSE: "视为办结", PastChoice.ESCALATE: "今起催办"}
"""What is done with tasks that are past, so short that no card cuts it."""


def starting(campaign: Campaign, past: int) -> Sequence[Button]:
    """Return the buttons that rehearse a draft and start it; ``past`` is how many deadlines have passed already."""
    start = [
        button(Verb.START, campaign.id, place, f"启动 {_IN_SHORT[choice]}" if past else "")
        for place, choice in enumerate(PAST_CHOICES)
        if past or place == 0
    ]
    return [button(Verb.REHEARSE, campaign.id), *start]
