"""The shared test database itself."""

import pytest
from django.db import connection

from cases.models import Procedure, ProcedureVersion
from citizens.tests.cast import add_citizen
from offices.models import CalendarDay, Commune, Office


def counts() -> tuple[int, int, int, int]:
    return (
        Commune.objects.count(),
        Office.objects.count(),
        CalendarDay.objects.count(),
        Procedure.objects.filter(current__isnull=False).count(),
    )


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("turn", [1, 2])
def test_committing_test_finds_the_province_whole(turn: int) -> None:
    assert counts() == (102, 647, 77, 41)
    assert ProcedureVersion.objects.count() == 41

    add_citizen()  # its consent is a ledger row, which Django's own flush could not remove
    CalendarDay.objects.all().delete()

    assert not connection.in_atomic_block


def test_emptied_province_has_no_rows(empty_province: None) -> None:
    assert counts() == (0, 0, 0, 0)


def test_rolled_back_test_finds_the_province_whole(province: None) -> None:
    assert counts() == (102, 647, 77, 41)
