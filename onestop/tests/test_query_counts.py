"""How many queries each page makes: as many for 30 rows as for one, and as many as the ledger says.

The ledger is query_counts.json beside this file. After a change that is meant, write it anew:
`WRITE_QUERY_COUNTS=1 pytest onestop/tests/test_query_counts.py`.
"""

import json
import os
from collections.abc import Callable, Generator
from datetime import datetime
from pathlib import Path

import pytest
from django.db import connection
from django.db.models import Model
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from cases.models import (
    Dossier,
    DossierEvent,
    DossierPaper,
    DossierStep,
    ProcedureCase,
    ProcedureStep,
)
from cases.services.catalogue import create_draft
from cases.tests.cast import BUSINESS, case_of
from cases.tests.walk import take_in_case
from cases.workflow import Event, PaperState
from citizens.models import Citizen, Consent
from citizens.tests.cast import add_citizen
from common import clock
from notifications.models import Announcement, AnnouncementEvent
from notifications.tests.announcing_cast import send
from offices.models import Commune, Office, Officer, RoleAssignment
from offices.services.tokens import create_api_token
from offices.tests.cast import add_officer, officer_of

pytestmark = pytest.mark.django_db

LEDGER = Path(__file__).with_name("query_counts.json")
MANY = 30
# A working day with days off soon after it: the start page tries the due dates behind each.
MORNING = datetime(2026, 11, 23, 9, 0, tzinfo=clock.VIETNAM)


@pytest.fixture(autouse=True)
def _one_morning() -> Generator[None]:
    """The ledger holds on any day it is read."""
    with clock.standing_at(MORNING):
        yield


@pytest.fixture
def case(province: None) -> ProcedureCase:
    return case_of(BUSINESS)


@pytest.fixture
def take_in(
    case: ProcedureCase, commune: Commune, front_desk: Officer
) -> Callable[[int, int], Dossier]:
    """(first number, how many) -> the last of so many new dossiers at the front desk."""

    def taken_in(first: int, n: int) -> Dossier:
        made = [
            take_in_case(case, commune=commune, officer=front_desk, number=number)
            for number in range(first, first + n)
        ]
        return made[-1]

    return taken_in


@pytest.fixture
def browser(front_desk: Officer) -> Client:
    client = Client()
    client.force_login(front_desk)
    return client


@pytest.fixture
def caller(front_desk: Officer) -> Client:
    return Client(headers={"authorization": f"Token {create_api_token(officer=front_desk)}"})


def queries(client: Client, address: str, data: dict[str, str] | None = None) -> int:
    """Of the second visit: what is read once per process is not the page's. `data` is posted."""

    def visit() -> int:
        answer = client.get(address) if data is None else client.post(address, data)
        return answer.status_code

    visit()
    with CaptureQueriesContext(connection) as made:
        status = visit()
    assert status == 200, f"{address} answers {status}"
    return len(made)


def thicken(dossier: Dossier) -> None:
    """So many more papers and events that a query per row would show."""
    DossierPaper.objects.bulk_create(
        DossierPaper(
            dossier=dossier,
            position=100 + n,
            key=f"more-{n}",
            name=f"Giấy tờ {n}",
            short_name=f"Giấy tờ {n}",
            required=False,
            state=PaperState.COPY,
            count=1,
        )
        for n in range(MANY)
    )
    DossierEvent.objects.bulk_create(
        DossierEvent(
            event=Event.TAKEN,
            at=clock.now(),
            dossier=dossier,
            dossier_version=1000 + n,
            actor=dossier.submitted_by,
            office=dossier.receiving_office,
            status_before=dossier.status,
            status_after=dossier.status,
        )
        for n in range(MANY)
    )


def check(page: str, for_one: int, for_many: int) -> None:
    """Both are equal, and what the ledger says."""
    assert for_many == for_one, f"{page}: {for_one} queries for one row, {for_many} for {MANY}"
    ledger: dict[str, int] = json.loads(LEDGER.read_text()) if LEDGER.exists() else {}
    if os.environ.get("WRITE_QUERY_COUNTS"):
        ledger[page] = for_one
        LEDGER.write_text(json.dumps(dict(sorted(ledger.items())), indent=1) + "\n")
        return
    assert ledger.get(page) == for_one, f"{page}: the ledger says {ledger.get(page)}, now {for_one}"


@pytest.mark.parametrize("queue", ["mine", "office"])
def test_a_queue(queue: str, browser: Client, take_in: Callable[[int, int], Dossier]) -> None:
    address = f"/lam-viec/?queue={queue}"
    take_in(1, 1)
    for_one = queries(browser, address)
    take_in(2, MANY - 1)

    check(f"queue {queue}", for_one, queries(browser, address))


def test_a_search(browser: Client, take_in: Callable[[int, int], Dossier]) -> None:
    take_in(1, 1)
    for_one = queries(browser, "/lam-viec/?q=uong")
    take_in(2, MANY - 1)

    check("search", for_one, queries(browser, "/lam-viec/?q=uong"))


@pytest.mark.parametrize(
    ("page", "address"),
    [
        ("dossier", "/ho-so/{code}/"),
        ("move hand_over", "/ho-so/{code}/hand_over/xac-nhan/"),
        ("move request_supplement", "/ho-so/{code}/request_supplement/xac-nhan/"),
        ("after intake", "/tiep-nhan/{code}/"),
        ("public page", "/t/{token}"),
    ],
)
def test_a_page_of_a_dossier(
    page: str, address: str, browser: Client, take_in: Callable[[int, int], Dossier]
) -> None:
    dossier = take_in(1, 1)
    url = address.format(code=dossier.code, token=dossier.lookup_token)
    for_one = queries(browser, url)
    thicken(dossier)

    check(page, for_one, queries(browser, url))


@pytest.mark.parametrize(
    ("page", "address"),
    [
        ("api dossier", "/api/v1/dossiers/{code}/"),
        ("api timeline", "/api/v1/dossiers/{code}/timeline/"),
        ("api notifications", "/api/v1/dossiers/{code}/notifications/"),
    ],
)
def test_a_dossier_in_the_api(
    page: str, address: str, caller: Client, take_in: Callable[[int, int], Dossier]
) -> None:
    dossier = take_in(1, 1)
    url = address.format(code=dossier.code)
    for_one = queries(caller, url)
    thicken(dossier)

    check(page, for_one, queries(caller, url))


def test_the_list_of_the_api(caller: Client, take_in: Callable[[int, int], Dossier]) -> None:
    take_in(1, 1)
    for_one = queries(caller, "/api/v1/dossiers/")
    take_in(2, MANY - 1)

    check("api dossiers", for_one, queries(caller, "/api/v1/dossiers/"))


def test_the_intake_of_a_person_with_open_dossiers(
    browser: Client, take_in: Callable[[int, int], Dossier], case: ProcedureCase
) -> None:
    dossier = take_in(1, 1)
    number = dossier.citizen.identity_number
    typed = {"do": "refresh", "procedure": "1.001612", "commune": "phường Mỹ Tho"}
    for_one = queries(browser, "/tiep-nhan/", typed | {"identity_number": number})
    take_in(2, MANY - 1)
    Dossier.objects.update(citizen=dossier.citizen)

    check("intake", for_one, queries(browser, "/tiep-nhan/", typed | {"identity_number": number}))


def test_the_officers_own_page(browser: Client, front_desk: Officer) -> None:
    for_one = queries(browser, "/tai-khoan/")
    RoleAssignment.objects.bulk_create(
        RoleAssignment(officer=front_desk, office=office, role="clerk")
        for office in Office.objects.all()[:MANY]
    )

    check("profile", for_one, queries(browser, "/tai-khoan/"))


@pytest.fixture
def announcer() -> Client:
    client = Client()
    client.force_login(officer_of("van-phong-uy-ban-tinh", "announcer"))
    return client


def announce(n: int) -> Announcement:
    """So many released warnings for two communes, written down for their people; the last one."""
    for _n in range(n):
        announcement = send(
            officer_of("van-phong-uy-ban-tinh", "announcer"),
            officer_of("van-phong-uy-ban-tinh", "releaser"),
        )
    return announcement


def test_the_list_of_announcements(province: None, announcer: Client) -> None:
    add_citizen()
    announce(1)
    for_one = queries(announcer, "/tin-dien-rong/")
    announce(19)

    check("announcements", for_one, queries(announcer, "/tin-dien-rong/"))


def test_an_announcement_with_many_people_and_events(province: None, announcer: Client) -> None:
    add_citizen()
    for_one = queries(announcer, f"/tin-dien-rong/{announce(1).token}/")
    for number in range(2, MANY):
        add_citizen(number)
    many = announce(1)
    AnnouncementEvent.objects.bulk_create(
        AnnouncementEvent(event="sent_back", announcement=many, actor=many.author)
        for _n in range(MANY)
    )

    check("announcement", for_one, queries(announcer, f"/tin-dien-rong/{many.token}/"))


def test_the_page_behind_the_button_of_an_announcement(province: None) -> None:
    add_citizen()
    announcement = announce(1)
    url = f"/tin/{announcement.token}"
    for_one = queries(Client(), url)
    announcement.communes.set(Commune.objects.all()[:MANY])

    check("announcement in public", for_one, queries(Client(), url))


# ---- administration ------------------------------------------------------------------------------


@pytest.fixture
def admin_pages(administrator: Officer) -> Client:
    client = Client()
    client.force_login(administrator)
    return client


def page_of(row: Model) -> str:
    """Where the administration shows one row."""
    return reverse(f"admin:{row._meta.app_label}_{row._meta.model_name}_change", args=[row.pk])


def others(n: int) -> list[Officer]:
    """So many officers of one office: a query for each would show."""
    office = Office.objects.get(code="van-phong-uy-ban-tinh")
    return [add_officer(office, "clerk") for _n in range(n)]


def test_a_dossier_in_the_administration(
    admin_pages: Client, take_in: Callable[[int, int], Dossier]
) -> None:
    dossier = take_in(1, 1)
    for_one = queries(admin_pages, page_of(dossier))
    thicken(dossier)
    DossierStep.objects.bulk_create(
        DossierStep(
            dossier=dossier, position=100 + n, key=f"more-{n}", name=f"Bước {n}", role="clerk",
            office=dossier.receiving_office, officer=officer, working_hours=1,
        )
        for n, officer in enumerate(others(MANY))
    )  # fmt: skip

    check("admin dossier", for_one, queries(admin_pages, page_of(dossier)))


def test_a_citizen_in_the_administration(admin_pages: Client, citizen: Citizen) -> None:
    for_one = queries(admin_pages, page_of(citizen))
    Consent.objects.bulk_create(
        Consent(citizen=citizen, purpose="news", granted=True, recorded_by=officer)
        for officer in others(MANY)
    )

    check("admin citizen", for_one, queries(admin_pages, page_of(citizen)))


def test_a_procedure_in_the_administration(admin_pages: Client, case: ProcedureCase) -> None:
    procedure, version = case.version.procedure, case.version
    for_one = queries(admin_pages, page_of(procedure))
    for number, officer in enumerate(others(MANY), 2):
        version.pk, version.number, version.published_by = None, number, officer
        version.save(force_insert=True)

    check("admin procedure", for_one, queries(admin_pages, page_of(procedure)))


def test_a_draft_in_the_administration(admin_pages: Client, case: ProcedureCase) -> None:
    draft = create_draft(case.version)
    for_one = queries(admin_pages, page_of(draft))
    rows = draft.steps.all()[0], draft.cases.all()[0]
    for n in range(MANY):
        for row in rows:
            row.pk, row.position = None, 100 + n
            setattr(row, "key" if isinstance(row, ProcedureStep) else "code", f"more-{n}")
            row.save(force_insert=True)

    check("admin draft", for_one, queries(admin_pages, page_of(draft)))


def test_an_announcement_in_the_administration(
    province: None, admin_pages: Client, citizen: Citizen
) -> None:
    announcement = announce(1)
    for_one = queries(admin_pages, page_of(announcement))
    AnnouncementEvent.objects.bulk_create(
        AnnouncementEvent(event="sent_back", announcement=announcement, actor=officer)
        for officer in others(MANY)
    )

    check("admin announcement", for_one, queries(admin_pages, page_of(announcement)))


def test_the_start_page_of_the_administration(
    admin_pages: Client, take_in: Callable[[int, int], Dossier]
) -> None:
    take_in(1, 1)
    for_one = queries(admin_pages, reverse("admin:index"))
    others(MANY)
    take_in(2, MANY - 1)

    check("admin start", for_one, queries(admin_pages, reverse("admin:index")))


def test_an_officer_with_many_roles_in_the_administration(
    admin_pages: Client, front_desk: Officer
) -> None:
    for_one = queries(admin_pages, page_of(front_desk))
    RoleAssignment.objects.bulk_create(
        RoleAssignment(officer=front_desk, office=office, role="clerk")
        for office in Office.objects.all()[:MANY]
    )

    check("admin officer", for_one, queries(admin_pages, page_of(front_desk)))
