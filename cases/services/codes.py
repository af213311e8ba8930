"""Numbers without gaps: dossier codes by receiving office and day (Circular 01/2018, 19), forms by
office and year."""

from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import connection

from common import clock
from offices.models import Office

_NEXT = """
    INSERT INTO cases_codecounter (office_id, date, last) VALUES (%s, %s, 1)
    ON CONFLICT (office_id, date) DO UPDATE SET last = cases_codecounter.last + 1
    RETURNING last
"""
_NEXT_FORM = """
    INSERT INTO cases_formcounter (office_id, kind, year, last) VALUES (%s, %s, %s, 1)
    ON CONFLICT (office_id, kind, year) DO UPDATE SET last = cases_formcounter.last + 1
    RETURNING last
"""


def draw_code(*, office: Office, at: datetime) -> str:
    """The next code of the office on the local day of `at`, such as H20.118-261117-0043.

    Locks the counter's row until the surrounding transaction ends, so a rolled-back intake leaves
    no gap.
    """
    day = clock.local(at).date()
    number = _draw(_NEXT, [office.pk, day])
    return f"{settings.PROVINCE_CODE}.{office.subcode}-{day:%y%m%d}-{number:04d}"


def draw_form_number(*, office: Office, kind: str, at: datetime) -> int:
    """The next number of the office's forms of this kind in the local year of `at`; locks too."""
    return _draw(_NEXT_FORM, [office.pk, kind, clock.local(at).year])


def _draw(statement: str, values: list[Any]) -> int:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        number: int = cursor.fetchone()[0]
    return number
