"""What officers' pages say about messages, against what the messages do."""

import pytest

from cases.views.buttons import tells_the_citizen
from cases.workflow import TRANSITIONS, Transition
from notifications.kinds import KINDS, Recipient


@pytest.mark.parametrize("row", TRANSITIONS, ids=lambda row: f"{row.action}-{row.event}")
def test_the_page_of_a_move_promises_word_exactly_where_a_kind_sends_it(row: Transition) -> None:
    is_told = any(kind.event == row.event and kind.recipient is Recipient.CITIZEN for kind in KINDS)

    assert tells_the_citizen(row) == is_told
