"""The worked examples of the province, exactly."""

from typing import Any

import pytest

from cases.deadlines import Budget, Entry, Unit, due, early_working_days, timeliness
from cases.tests.deadline_data import at, local, national_calendar, vectors

CALENDAR = national_calendar()


def _due_of(vector: dict[str, Any], *, shifts_all: bool) -> str | None:
    budget = Budget(vector["amount"], Unit(vector["unit"]))
    entries = [Entry(kind, at(moment)) for kind, moment in vector["events"]]
    return local(due(budget, entries, CALENDAR, cutoff_shifts_all=shifts_all).due_at)


@pytest.mark.parametrize("vector", vectors("deadline_examples.json"), ids=str)
def test_deadlines_in_working_days(vector: dict[str, Any]) -> None:
    budget, entries = (
        Budget(vector["days"], Unit.WORKING_DAYS),
        [Entry("start", at(vector["received"]))],
    )
    plain = due(budget, entries, CALENDAR)
    shifted = due(budget, entries, CALENDAR, cutoff_shifts_all=True)
    assert local(plain.due_at) == vector["due_no_shift"] + "T17:00"
    assert local(shifted.due_at) == vector["due"] + "T17:00"


@pytest.mark.parametrize("vector", vectors("pause_examples.json")["vectors"], ids=str)
def test_pauses_and_resumptions(vector: dict[str, Any]) -> None:
    assert _due_of(vector, shifts_all=False) == vector["due"]
    assert _due_of(vector, shifts_all=True) == vector.get("due_shift", vector["due"])


@pytest.mark.parametrize("vector", vectors("early_examples.json")["vectors"], ids=str)
def test_early_results(vector: dict[str, Any]) -> None:
    ready, due_at = at(vector["ready"]), at(vector["due"])
    assert early_working_days(ready, due_at, CALENDAR) == vector["early_working_days"]
    expected = "early" if vector["kind"] == "ready_early" else "on_time"
    assert timeliness(ready, due_at, Budget(7, Unit.WORKING_DAYS), CALENDAR) == expected
