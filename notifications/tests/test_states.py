"""The table of deliveries: complete, and evidence never lowers anything."""

import pytest

from notifications.labels import CAUSE_LABELS
from notifications.states import (
    COULD_NOT,
    IN_PROGRESS,
    MOVE_BY,
    MOVES,
    OUR_FAULT,
    Cause,
    Reason,
    State,
    moves_from,
)


def test_every_cause_has_exactly_one_row() -> None:
    assert len(MOVES) == len(MOVE_BY) == len(Cause)


@pytest.mark.parametrize("cause", [Cause.RECEIPT, Cause.SEEN], ids=lambda cause: cause.name)
def test_evidence_raises_from_every_lower_state_and_lowers_none(cause: Cause) -> None:
    move = MOVE_BY[cause]
    higher = {State.DELIVERED, State.SEEN} if move.target == State.DELIVERED else {State.SEEN}

    assert move.sources == set(State) - higher


def test_nothing_but_evidence_leaves_a_terminal_state() -> None:
    leaving = {m.cause for m in MOVES if m.sources & {State.SEEN, State.FAILED, State.CANCELLED}}
    assert leaving == {Cause.RECEIPT, Cause.SEEN}


def test_an_unknown_fate_is_sent_again_by_its_policy_or_after_a_late_sure_refusal_only() -> None:
    again = {State.CREATED, State.DEFERRED}
    back = {m.cause for m in MOVES if State.UNKNOWN in m.sources and m.target in again}
    refusals = {Cause.RETRY, Cause.REFUSED_FOR_NOW, Cause.TOKEN_REFUSED, Cause.HELD}
    assert back == {Cause.RESEND} | refusals


def test_every_reason_belongs_to_exactly_one_group_of_the_figures() -> None:
    on_purpose = {Reason.SUPERSEDED, Reason.EXPIRED, Reason.NO_CONSENT}
    groups = [on_purpose, COULD_NOT, OUR_FAULT]
    assert sum(len(group) for group in groups) == len(Reason)
    assert set(Reason) == on_purpose | COULD_NOT | OUR_FAULT


def test_every_state_is_reached_and_every_unfinished_one_left() -> None:
    assert {m.target for m in MOVES} == set(State)
    assert all(any(state in m.sources for m in MOVES) for state in IN_PROGRESS)


def test_what_may_still_happen_is_read_from_the_table() -> None:
    assert [move.cause for move in moves_from(State.SEEN)] == []
    assert [move.cause for move in moves_from(State.DELIVERED)] == [Cause.SEEN]
    assert Cause.RESEND in [move.cause for move in moves_from(State.UNKNOWN)]


def test_every_cause_has_words_for_the_administration() -> None:
    assert CAUSE_LABELS.keys() == set(Cause)
