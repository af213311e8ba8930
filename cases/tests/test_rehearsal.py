"""Before a version is published its form 01 is looked at, and nothing of the sample stays."""

import base64
import re
from io import BytesIO

import pytest
from django.apps import apps
from django.test import Client
from django.urls import reverse
from PIL import Image

from cases.models import Dossier, ProcedureCase, ProcedureVersion
from cases.services.catalogue import create_draft, rehearse
from cases.services.issued_forms import receipt_data
from cases.tests.cast import SPLIT_PLOT, current
from common.errors import DomainError
from offices.models import Office, Officer

pytestmark = pytest.mark.django_db


@pytest.fixture
def draft(province: None) -> ProcedureVersion:
    return create_draft(current(SPLIT_PLOT))


@pytest.fixture
def pages(client: Client, administrator: Officer) -> Client:
    client.force_login(administrator)
    return client


def rows_of_every_table() -> dict[str, int]:
    return {
        model._meta.label: model._default_manager.count()
        for model in apps.get_models()
        if model._meta.managed
    }


def publishing(draft: ProcedureVersion) -> str:
    return reverse("admin:cases_procedureversion_publish", args=[draft.pk])


def test_sample_is_taken_in_by_the_draft(draft: ProcedureVersion) -> None:
    draft.cases.update(deadline_amount=20)
    case = draft.cases.all()[0]

    def look(dossier: Dossier) -> tuple[int, str, bool]:
        officer = dossier.submitted_by
        assert officer is not None
        data = receipt_data(dossier, officer=officer)
        return data["budget_amount"], data["case"], dossier.code is not None

    assert rehearse(case, look=look) == (20, case.name, True)


def test_nothing_of_the_sample_stays(pages: Client, draft: ProcedureVersion) -> None:
    before = rows_of_every_table()

    assert pages.get(publishing(draft)).context["sample"].pages
    assert rows_of_every_table() == before
    draft.refresh_from_db()
    assert not draft.is_published
    assert draft.procedure.current_id != draft.pk


def test_page_shows_form_01_as_a_picture(pages: Client, draft: ProcedureVersion) -> None:
    html = pages.get(publishing(draft)).content.decode()

    found = re.findall(r'src="data:image/png;base64,([^"]+)"', html)
    width, height = Image.open(BytesIO(base64.b64decode(found[0]))).size
    assert width / height == pytest.approx(148 / 210, abs=0.01), "A5"


def test_any_case_of_the_version_can_be_looked_at(pages: Client, draft: ProcedureVersion) -> None:
    last = draft.cases.order_by("position").last()
    assert last is not None

    shown = pages.get(publishing(draft), {"case": last.code}).context["sample"]
    unknown = pages.get(publishing(draft), {"case": "x\0"}).context["sample"]

    assert shown.case == last
    assert unknown.case == draft.cases.order_by("position")[0]


def test_version_that_breaks_a_rule_shows_no_sample(pages: Client, draft: ProcedureVersion) -> None:
    draft.cases.update(deadline_amount=1)

    assert pages.get(publishing(draft)).context["sample"] is None


def test_case_that_no_office_can_decide_says_so_in_place_of_a_sample(
    pages: Client, draft: ProcedureVersion
) -> None:
    Office.objects.exclude(subcode=None).update(subcode=None)

    page = pages.get(publishing(draft))

    assert page.status_code == 200
    assert page.context["sample"].refusal in page.content.decode()


def test_look_that_fails_leaves_nothing_either(draft: ProcedureVersion) -> None:
    before = rows_of_every_table()

    def look(dossier: Dossier) -> None:
        raise DomainError("không xem được")

    with pytest.raises(DomainError):
        rehearse(ProcedureCase.objects.get(pk=draft.cases.all()[0].pk), look=look)
    assert rows_of_every_table() == before
