"""`manage.py explain_deadline` answers as interfaces.md says."""

import json
from datetime import date
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.utils import translation

from cases.tests.deadline_data import vectors
from offices.models import CalendarDay, Office, WeeklyInterval

pytestmark = pytest.mark.django_db


def ask(*arguments: str, unit: str = "working_days") -> Any:
    """The answer to the arguments, read from its JSON."""
    out = StringIO()
    call_command("explain_deadline", *arguments, "--unit", unit, "--json", stdout=out)
    return json.loads(out.getvalue())


def due_of(*arguments: str, unit: str = "working_days") -> Any:
    return ask(*arguments, unit=unit)["due"]


@pytest.mark.parametrize("vector", vectors("deadline_examples.json"), ids=str)
def test_it_tells_the_worked_deadlines(vector: dict[str, Any], province: None) -> None:
    arguments = ("--received", vector["received"], "--amount", str(vector["days"]))
    assert due_of(*arguments) == vector["due_no_shift"] + "T17:00:00+07:00"
    assert due_of(*arguments, "--cutoff-shifts-all") == vector["due"] + "T17:00:00+07:00"


@pytest.mark.parametrize("vector", vectors("pause_examples.json")["vectors"], ids=str)
def test_it_tells_the_worked_pauses(vector: dict[str, Any], province: None) -> None:
    arguments = ["--amount", str(vector["amount"])]
    for kind, moment in vector["events"]:
        arguments += [{"start": "--received"}.get(kind, f"--{kind}"), moment]
    assert due_of(*arguments, unit=vector["unit"]) == vector["due"] + ":00+07:00"
    if "due_shift" in vector:
        shifted = due_of(*arguments, "--cutoff-shifts-all", unit=vector["unit"])
        assert shifted == vector["due_shift"] + ":00+07:00"


def test_the_answer_has_a_date_and_sentences(province: None) -> None:
    answer = ask("--received", "2026-11-20T09:00", "--amount", "3")
    assert answer.keys() == {"due", "explanation"}
    assert "Thứ Ba 24/11 là ngày nghỉ: Ngày Văn hóa Việt Nam." in answer["explanation"]


def test_the_sentences_are_in_the_active_language(province: None) -> None:
    with translation.override("en"):
        answer = ask("--received", "2026-11-20T09:00", "--amount", "3")
    assert answer["explanation"][0] == "Due 17:00, Thursday 26 November 2026."


def test_without_json_it_prints_the_sentences(province: None) -> None:
    out = StringIO()
    call_command("explain_deadline", "--received", "2026-11-20T09:00", "--amount", "3", stdout=out)
    assert out.getvalue().splitlines()[0] == "Ngày hẹn trả: 17:00, thứ Năm 26/11/2026."


def test_a_pause_that_lasts_has_no_date(province: None) -> None:
    paused = ("--received", "2026-11-17T08:40", "--pause", "2026-11-23T15:20", "--amount", "7")
    answer = ask(*paused)
    assert answer["due"] is None
    assert "còn 3 ngày làm việc" in answer["explanation"][0]


def test_an_instant_may_name_its_zone(province: None) -> None:
    in_utc = due_of("--received", "2026-11-23T08:00+00:00", "--amount", "0")
    assert in_utc == "2026-11-25T17:00:00+07:00"


def test_an_office_is_asked_by_its_own_calendar_and_counter(province: None) -> None:
    centre = Office.objects.filter(weekly_intervals__counter_only=True).distinct()[0]
    saturday = ("--received", "2026-11-21T09:00", "--amount", "3")
    assert due_of(*saturday, "--office", centre.code) == "2026-11-26T17:00:00+07:00"
    assert due_of(*saturday) == "2026-11-27T17:00:00+07:00"
    CalendarDay.objects.create(
        date=date(2026, 11, 23),
        office=centre,
        kind="off",
        name="Dời trụ sở",
        legal_reference="12/QĐ-UBND",
    )
    answer = ask(*saturday, "--office", centre.code)
    assert answer["due"] == "2026-11-27T17:00:00+07:00"
    assert "Thứ Hai 23/11 là ngày nghỉ: Dời trụ sở (theo 12/QĐ-UBND)." in answer["explanation"]


@pytest.mark.parametrize(
    "arguments",
    [
        ("--received", "hôm qua", "--amount", "1"),
        ("--received", "2026-11-23T09:00", "--amount", "-1"),
        ("--received", "2026-11-23T09:00", "--amount", "1", "--office", "khong-co"),
        ("--received", "2026-11-23T09:00", "--amount", "1", "--resume", "2026-11-24T09:00"),
        ("--received", "2026-11-23T09:00", "--amount", "1", "--pause", "2026-11-20T09:00"),
        ("--received", "9999-12-31T09:00", "--amount", "1"),
    ],
)
def test_bad_input_is_refused_in_a_sentence(arguments: tuple[str, ...], province: None) -> None:
    with pytest.raises(CommandError):
        ask(*arguments)


def test_an_office_without_a_working_day_is_refused_in_a_sentence(province: None) -> None:
    office = Office.objects.filter(weekly_intervals__isnull=True)[0]
    WeeklyInterval.objects.create(
        office=office, weekday=5, opens="07:00", closes="11:30", counter_only=True
    )
    with pytest.raises(CommandError, match="28/11/2026"):
        ask("--received", "2026-11-23T09:00", "--amount", "1", "--office", office.code)


def test_an_empty_national_calendar_is_said_aloud(empty_province: None) -> None:
    out, err = StringIO(), StringIO()
    call_command(
        "explain_deadline", "--received", "2026-11-23T09:00", "--amount", "1", "--json",
        stdout=out, stderr=err,
    )  # fmt: skip
    assert json.loads(out.getvalue())["due"] == "2026-11-24T17:00:00+07:00"
    assert err.getvalue().strip()
