"""What people say in other words than most: questions, refusals, complaints, courtesies, the least that there is. On 8 June 2022."""

from datetime import date

import pytest

from bot.dialogue.understand import Understanding, understand

ON, DUE = date(2022, 6, 8), date(2022, 6, 30)

SAID = {
    "question": {
        "of points": "迟报一周扣几分|漏报罚几分|补交还记几分",
        "when": "多前儿查验|现场会多咱开|啥前儿截止",
        "in a letter's words": "敢问此表报送何处|此函须否会签|附件需否装订|请教可否代签|所报口径当否",
        "whether it is still so": "报送日子没变吧|会没取消吧|没再推迟吧|地点没换吧|还是报你们科里吧",
    },
}
"""What each kind of saying is understood as, by why."""

KINDS = [(intent, kind) for intent, kinds in SAID.items() for kind in kinds]


@pytest.mark.parametrize(("intent", "kind"), KINDS)
def test_it_is_heard_as_people_mean_it(intent: str, kind: str) -> None:
    assert [said for said in SAID[intent][kind].split("|") if str(heard(said).intent) != intent] == []


def heard(said: str) -> Understanding:
    return understand(said, on=ON, due=DUE, coordinator=False)
