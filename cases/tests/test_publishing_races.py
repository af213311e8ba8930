"""Changes of a draft while it is being published, over committed transactions."""

from collections.abc import Callable, Generator
from concurrent.futures import Future, ThreadPoolExecutor, wait

import pytest
from django.db import connection, connections, transaction
from django.db.utils import ProgrammingError
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from cases.models import ProcedureVersion, RequiredDocument
from cases.services.catalogue import create_draft, publish
from cases.tests.cast import SPLIT_PLOT, current
from cases.tests.test_procedure_admin import page_data
from common.errors import DomainError
from offices.models import Officer

pytestmark = pytest.mark.django_db(transaction=True)

PATIENCE_S = 30
Later = Callable[[Callable[[], object]], Future[object]]


@pytest.fixture
def draft(province: None) -> ProcedureVersion:
    return create_draft(current(SPLIT_PLOT))


@pytest.fixture
def later() -> Generator[Later]:
    """Runs work in another thread, over a connection of its own."""

    def with_own_connection(work: Callable[[], object]) -> object:
        try:
            return work()
        finally:
            connections.close_all()

    with ThreadPoolExecutor(1) as pool:
        yield lambda work: pool.submit(with_own_connection, work)


def wait_until_it_waits_for_us(work: Future[object]) -> None:
    """Until the work stands before a lock of this connection, or is over."""
    for _turn in range(PATIENCE_S * 50):
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT EXISTS (SELECT FROM pg_locks"
                " WHERE pg_backend_pid() = ANY(pg_blocking_pids(pid)))"
            )
            if cursor.fetchone() == (True,):
                return
        if wait([work], timeout=0.02).done:
            return
    pytest.fail("it neither waits nor ends")


def first_paper(version: ProcedureVersion) -> RequiredDocument:
    return RequiredDocument.objects.filter(case__version=version).order_by("pk")[0]


def test_publishing_waits_for_an_open_change_and_checks_what_it_says(
    draft: ProcedureVersion, later: Later
) -> None:
    with transaction.atomic():
        RequiredDocument.objects.filter(pk=first_paper(draft).pk).update(name="")
        publishing = later(lambda: publish(draft, officer=None))
        wait_until_it_waits_for_us(publishing)

    with pytest.raises(DomainError) as refusal:
        publishing.result(PATIENCE_S)

    assert refusal.value.code == "not_publishable"
    draft.refresh_from_db()
    assert not draft.is_published


def test_change_that_comes_during_the_publication_is_refused(
    draft: ProcedureVersion, later: Later
) -> None:
    paper = first_paper(draft)
    with transaction.atomic():
        publish(draft, officer=None)
        change = later(lambda: RequiredDocument.objects.filter(pk=paper.pk).update(name="Khác"))
        wait_until_it_waits_for_us(change)

    with pytest.raises(ProgrammingError, match="a published version is frozen"):
        change.result(PATIENCE_S)

    assert first_paper(draft).name == paper.name


def test_new_paper_that_comes_during_the_publication_is_refused(
    draft: ProcedureVersion, later: Later
) -> None:
    case = draft.cases.all()[0]
    with transaction.atomic():
        publish(draft, officer=None)
        addition = later(
            lambda: RequiredDocument.objects.create(case=case, position=99, key="new", name="Mới")
        )
        wait_until_it_waits_for_us(addition)

    with pytest.raises(ProgrammingError, match="a published version is frozen"):
        addition.result(PATIENCE_S)


def test_an_administrator_who_saves_during_the_publication_is_told_so(
    draft: ProcedureVersion, later: Later, administrator: Officer, client: Client
) -> None:
    client.force_login(administrator)
    case = draft.cases.all()[0]
    address = reverse("admin:cases_procedurecase_change", args=[case.pk])
    data = page_data(client.get(address)) | {"deadline_amount": 99}

    with transaction.atomic():
        publish(draft, officer=None)
        saving = later(lambda: client.post(address, data, follow=True))
        wait_until_it_waits_for_us(saving)

    page = saving.result(PATIENCE_S)
    assert isinstance(page, HttpResponse)
    assert page.status_code == 200
    assert "Bản nháp này vừa được công bố" in page.content.decode()
    case.refresh_from_db()
    assert case.deadline_amount != 99
