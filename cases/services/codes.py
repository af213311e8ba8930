"""Dossier codes: one sequence per receiving office and day, without gaps (Circular 01/2018, 19)."""

from datetime import datetime

from django.conf import settings
from django.db import connection

from common import clock
from offices.models import Office

_NEXT = """
    INSERT INTO cases_codecounter (office_id, date, last) VALUES (%s, %s, 1)
    ON CONFLICT (office_id, date) DO UPDATE SET last = cases_codecounter.last + 1
    RETURNING last
"""


def draw_code(*, office: Office, at: datetime) -> str:
    """The next code of the office on the local day of `at`, such as H20.118-261117-0043.

    Locks the counter's row until the surrounding transaction ends, so a rolled-back intake leaves
    no gap.
    """
    day = clock.local(at).date()
    with connection.cursor() as cursor:
        cursor.execute(_NEXT, [office.pk, day])
        (number,) = cursor.fetchone()
    return f"{settings.PROVINCE_CODE}.{office.subcode}-{day:%y%m%d}-{number:04d}"
