"""等您办: what a chat says at its top that waits there, by the buttons that its messages still carry."""

from datetime import UTC, datetime

from bot.service.web.awaiting import Awaited, awaited
from bot.service.web.views import Said
from jobs.notices.press import Press, Verb, button
from jobs.ports import Button


def said(key: str, *verbs: Verb) -> Said:
    """Return a message of ours with these buttons."""
    buttons = tuple(button(verb, place) for place, verb in enumerate(verbs, 1))
    return Said(key, datetime(2022, 6, 23, tzinfo=UTC), "督办", True, "", buttons=buttons)


def test_what_wants_a_decision_comes_first_and_each_leads_to_its_latest_message() -> None:
    messages = [
        said("m1", Verb.ACKNOWLEDGE, Verb.ACKNOWLEDGE_ALL),
        said("m2", Verb.SIGN, Verb.ASK_DROP_PAPER),
        said("m3", Verb.SIGN_ALL, Verb.LOOK_AT_PAPER),
        said("m4", Verb.VERIFY, Verb.RETURN),
    ]
    verify, sign, receipt = Awaited("待核查", 1, "m4"), Awaited("待签发", 2, "m3"), Awaited("待签收", 1, "m1")
    assert awaited(messages) == [verify, sign, receipt]
    assert awaited(messages, first="待签发") == [sign, verify, receipt]


def test_what_was_answered_in_other_words_waits_no_more() -> None:
    one, other = Press(Verb.ACKNOWLEDGE, 1), Press(Verb.ACKNOWLEDGE, 2)
    message = said("m1", Verb.ACKNOWLEDGE, Verb.ACKNOWLEDGE)
    assert awaited([message], frozenset({one})) == [Awaited("待签收", 1, "m1")]
    assert awaited([message], frozenset({one, other})) == []


def test_what_only_looks_or_is_no_button_of_ours_waits_for_nobody() -> None:
    assert awaited([said("m1"), said("m2", Verb.SHOW, Verb.TURN_PAGE)]) == []
    assert (
        awaited([Said("m3", datetime(2022, 6, 23, tzinfo=UTC), "督办", True, "", buttons=(Button("不是按钮", "x"),))])
        == []
    )
