"""How many queries each page makes: as many for 30 rows as for one, and as many as the ledger says.

The ledger is query_counts.json beside this file. After a change that is meant, write it anew:
`WRITE_QUERY_COUNTS=1 pytest onestop/tests/test_query_counts.py`.
"""

import json
import os
from collections.abc import Callable
from pathlib import Path

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from cases.models import Dossier, DossierEvent, DossierPaper, Procedure, ProcedureCase
from cases.tests.walk import take_in_case
from cases.workflow import Event, PaperState
from citizens.tests.cast import add_citizen
from common import clock
from notifications.models import Announcement, AnnouncementEvent
from notifications.tests.announcing_cast import send
from offices.models import Commune, Office, Officer, RoleAssignment
from offices.services.tokens import create_api_token
from offices.tests.cast import officer_of

pytestmark = pytest.mark.django_db

LEDGER = Path(__file__).with_name("query_counts.json")
MANY = 30


@pytest.fixture
def case(province: None) -> ProcedureCase:
    version = Procedure.objects.get(code="1.001612").current
    assert version is not None
    return version.cases.all()[0]


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
