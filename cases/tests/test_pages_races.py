"""The same form from many windows at once, over committed transactions."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connections
from django.test import Client

from cases.models import Dossier, ProcedureCase
from cases.tests.intake_form import filled
from cases.tests.pages import signed_in, text_of
from citizens.models import Citizen
from offices.models import Officer
from offices.tests.cast import MY_THO, officer_of

pytestmark = pytest.mark.django_db(transaction=True)

WINDOWS = 6


@pytest.fixture
def desk(province: None) -> Officer:
    return officer_of(f"{MY_THO}-mot-cua", "front_desk")


@pytest.mark.parametrize("do", ["accept", "refuse"])
def test_form_posted_many_times_at_once_makes_one_dossier(
    case: ProcedureCase, desk: Officer, do: str
) -> None:
    windows = [signed_in(desk) for _window in range(WINDOWS)]
    form, start = filled(case, do=do, refusal="Không đúng nơi nhận"), Barrier(WINDOWS)

    def press(window: Client) -> str:
        start.wait(timeout=30)
        try:
            return window.post("/tiep-nhan/", form).headers["Location"]
        finally:
            connections.close_all()

    with ThreadPoolExecutor(WINDOWS) as pool:
        places = set(pool.map(press, windows))

    dossier = Dossier.objects.get()
    assert places == {f"/tiep-nhan/{dossier.handle}/"}
    assert Citizen.objects.count() == 1


def test_form_that_another_officer_has_sent_is_refused_in_words(
    case: ProcedureCase, desk: Officer
) -> None:
    signed_in(desk).post("/tiep-nhan/", filled(case))
    other = officer_of("trung-tam-tinh-dao-thanh", "front_desk")

    page = signed_in(other).post("/tiep-nhan/", filled(case))

    assert page.status_code == 400
    assert "Another officer has sent this form. Open a new one." in text_of(page)
    assert Dossier.objects.count() == 1
