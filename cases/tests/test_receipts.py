"""Form 01 as issued: what it says, and that it stays as it is."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import connection, transaction
from django.db.utils import ProgrammingError

from cases.models import Dossier, IssuedForm, Procedure
from cases.services.receipts import receipt_data, receipt_pdf
from cases.tests.intake_form import LAND
from cases.tests.walk import take_in_case
from common import clock
from offices.models import Commune, Officer

pytestmark = pytest.mark.django_db


@pytest.fixture
def dossier(province: None, commune: Commune, front_desk: Officer) -> Dossier:
    version = Procedure.objects.get(code=LAND).current
    assert version is not None
    return take_in_case(version.cases.all()[0], commune=commune, officer=front_desk)


def refused_by_database(work: Callable[[], object]) -> bool:
    try:
        with transaction.atomic():
            work()
    except ProgrammingError as error:  # what a trigger raises
        assert "ledger rows are never" in str(error) or "Cannot delete" in str(error)
        return True
    return False


def empty() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")  # nothing of this test is pending
        cursor.execute("TRUNCATE cases_issuedform")


def test_issued_form_is_printed_once_and_then_never_changed(dossier: Dossier) -> None:
    forms = IssuedForm.objects.filter(dossier=dossier)

    assert refused_by_database(lambda: forms.update(data="{}"))
    assert refused_by_database(lambda: forms.update(pdf=b"%PDF", data="{}"))
    assert refused_by_database(lambda: forms.update(issued_at=clock.now() - timedelta(days=1)))
    printed = receipt_pdf(dossier)
    assert refused_by_database(lambda: forms.update(pdf=b"%PDF"))
    assert refused_by_database(lambda: forms.update(pdf=None))
    assert refused_by_database(forms.delete)
    assert refused_by_database(empty)

    assert forms.get().pdf == printed


@pytest.mark.parametrize(
    ("typed", "printed"),
    [
        ("", "Phường Mỹ Tho"),
        ("12 Ấp Bắc", "12 Ấp Bắc, phường Mỹ Tho"),
        ("12 Ấp Bắc, Phường Mỹ Tho, Đồng Tháp", "12 Ấp Bắc, Phường Mỹ Tho, Đồng Tháp"),
        ("7 đường Mỹ Tho", "7 đường Mỹ Tho, phường Mỹ Tho"),
    ],
)
def test_address_on_the_receipt_names_the_commune(
    typed: str, printed: str, dossier: Dossier, front_desk: Officer
) -> None:
    dossier.citizen.address = typed

    assert receipt_data(dossier, officer=front_desk)["address"] == printed
