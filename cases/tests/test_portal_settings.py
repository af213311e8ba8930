"""Settings in the administration, as an administrator without superuser rights: seen at once."""

import pytest
from django.test import Client
from django.urls import reverse

from cases.models import Dossier, PortalSettings
from cases.selectors.rules import portal_settings
from cases.services import actions, supplements
from cases.services.inputs import MissingPaper
from common import clock
from offices.models import Officer

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("no_tries_yet")]
LIST = reverse("admin:cases_portalsettings_changelist")
PAGE = reverse("admin:cases_portalsettings_change", args=[1])
VALUES = {
    "supplement_working_days": "15",
    "lookup_tries_per_code": "10",
    "lookup_tries_per_address": "30",
    "lookup_tries_in_all": "600",
}


@pytest.fixture
def admin_pages(client: Client, administrator: Officer, province: None) -> Client:
    client.force_login(administrator)
    return client


def test_the_entry_leads_to_the_one_row_with_the_defaults(admin_pages: Client) -> None:
    page = admin_pages.get(LIST, follow=True)

    assert page.redirect_chain == [(PAGE, 302)]
    form = page.context["adminform"].form
    assert {name: str(form.initial[name]) for name in VALUES} == VALUES
    assert PortalSettings.objects.count() == 1


def test_days_for_missing_papers_hold_for_the_next_request(
    admin_pages: Client, dossier: Dossier, front_desk: Officer
) -> None:
    admin_pages.get(LIST)

    answer = admin_pages.post(PAGE, VALUES | {"supplement_working_days": "3"})

    assert answer.status_code == 302
    actions.request_supplement(
        dossier=dossier,
        officer=front_desk,
        version=dossier.version,
        items=[MissingPaper("Giấy chứng nhận đã cấp")],
        reason="Mới có bản chụp",
    )
    request = dossier.supplement_requests.get()
    assert request.due_at == supplements.default_due(dossier, request.requested_at)
    assert (clock.local(request.due_at).date() - clock.today()).days < 15


def test_fewer_tries_hold_at_once(admin_pages: Client, dossier: Dossier) -> None:
    admin_pages.get(LIST)
    admin_pages.post(PAGE, VALUES | {"lookup_tries_per_code": "1"})

    codes = [
        admin_pages.post("/tra-cuu/", {"code": dossier.code, "secret": "nope"}).status_code
        for _try in range(2)
    ]

    assert codes == [200, 429]


@pytest.mark.parametrize("days", ["0", "61", "ba", ""])
def test_days_that_make_no_sense_are_refused_and_nothing_changes(
    admin_pages: Client, days: str
) -> None:
    admin_pages.get(LIST)

    answer = admin_pages.post(PAGE, VALUES | {"supplement_working_days": days})

    assert answer.status_code == 200
    assert "supplement_working_days" in answer.context["adminform"].form.errors
    assert portal_settings().supplement_working_days == 15


def test_nobody_else_opens_them(client: Client, front_desk: Officer) -> None:
    client.force_login(front_desk)

    assert client.get(LIST).status_code in (302, 403)
    assert not PortalSettings.objects.exists()
