"""What a channel says of itself, as data."""

import pytest

from jobs.ports import Changes

WHEN = {
    Changes.NEVER: (False, False, False, False),
    Changes.ON_PRESS: (False, True, False, False),
    Changes.ONCE: (True, True, False, True),
    Changes.ANYTIME: (True, False, True, True),
}
"""Whether a message is changed unasked and at a press, and whether it can be without a handle and with one."""


@pytest.mark.parametrize("changes", Changes)
def test_when_a_message_that_is_out_can_be_changed(changes: Changes) -> None:
    assert (changes.unasked, changes.at_a_press, changes.allows(None), changes.allows("h")) == WHEN[changes]
