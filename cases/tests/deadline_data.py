"""What the tests of deadlines share: the national calendar, local times, the vectors."""

import csv
import json
from datetime import date, datetime
from pathlib import Path
from typing import Any

from common.clock import VIETNAM
from offices.worktime import Calendar, DayRule, default_calendar

VECTORS = Path(__file__).parent / "vectors"
CALENDAR_FILE = Path(__file__).parents[2] / "data" / "calendar_2024_2028.csv"


def national_calendar() -> Calendar:
    """Monday to Friday 07:00-11:30 and 13:30-17:00 with the days of calendar_2024_2028.csv."""
    with CALENDAR_FILE.open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    return default_calendar(
        {
            date.fromisoformat(row["date"]): DayRule(row["kind"], None, row["name"], row["source"])
            for row in rows
        }
    )


def at(text: str) -> datetime:
    """An aware instant from a local time such as 2026-11-23T15:00."""
    return datetime.fromisoformat(text).replace(tzinfo=VIETNAM)


def local(instant: datetime | None) -> str | None:
    """The local time of an instant, to the minute; None for none."""
    return None if instant is None else f"{instant.astimezone(VIETNAM):%Y-%m-%dT%H:%M}"


def vectors(name: str) -> Any:
    """The content of a file of vectors."""
    return json.loads((VECTORS / name).read_text(encoding="utf-8"))
