"""The test database: filled once with the province, and filled again after a test that commits.

Ordinary tests run inside a transaction that is rolled back. Transactional ones really commit, and
Django would empty every table after them (which the ledgers refuse); here the tables are emptied
past the triggers and the province comes back from a copy inside the same database.
"""

from typing import Any

import pgtrigger
from django.conf import settings
from django.db import connection, transaction

from cases.services.catalogue import import_procedures
from offices.services.import_calendar import import_calendar
from offices.services.import_former_communes import import_former_communes
from offices.services.import_offices import import_offices

DATA = settings.BASE_DIR / "data"
_COPIES = "filled"
_NOT_DATA = "django_migrations"


def fill() -> None:
    """Imports offices, calendar and procedures, and keeps a copy of all rows there are then."""
    with transaction.atomic():
        import_offices(DATA / "offices.csv")
        import_former_communes(DATA / "former_communes.csv")
        import_calendar(DATA / "calendar_2024_2028.csv")
        import_procedures(DATA / "procedures.json")
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"DROP SCHEMA IF EXISTS {_COPIES} CASCADE")
        cursor.execute(f"CREATE SCHEMA {_COPIES}")
        for table in _tables("public"):
            cursor.execute(f'SELECT EXISTS (SELECT FROM public."{table}")')
            if cursor.fetchone() == (True,):
                cursor.execute(f'CREATE TABLE {_COPIES}."{table}" AS TABLE public."{table}"')


def refill() -> None:
    """Every table as `fill` left it."""
    with pgtrigger.ignore(), transaction.atomic(), connection.cursor() as cursor:
        _empty(cursor)
        for table in _tables(_COPIES):
            cursor.execute(f'INSERT INTO public."{table}" SELECT * FROM {_COPIES}."{table}"')


def empty() -> None:
    """Not even the province, until the end of the surrounding transaction."""
    with pgtrigger.ignore(), connection.cursor() as cursor:
        for table in reversed(_tables(_COPIES)):
            if not table.startswith(("auth_", "django_")):
                cursor.execute(f'DELETE FROM public."{table}"')


def _empty(cursor: Any) -> None:
    names = ", ".join(f'public."{table}"' for table in _tables("public"))
    cursor.execute(f"TRUNCATE {names}")


def _tables(schema: str) -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = %s ORDER BY 1", [schema])
        return [name for (name,) in cursor.fetchall() if name != _NOT_DATA]
