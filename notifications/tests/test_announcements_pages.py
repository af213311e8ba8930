"""Pages about announcements: numbers, lists, the public page, the officer's own link."""

import re

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from pytest_django import DjangoAssertNumQueries, Settings

from citizens.models import Purpose, ZaloLink
from citizens.tests.cast import add_citizen
from notifications.models import Delivery
from notifications.selectors import progress
from notifications.services import announcements
from notifications.states import State
from notifications.tests.announcing_cast import (
    BASE,
    TEXT,
    numbers_on,
    send,
    signed_in,
    write,
)
from offices.models import Officer

pytestmark = pytest.mark.django_db


# ---- pages --------------------------------------------------------------------------------------


def test_page_tells_planned_sent_delivered_failed(author: Officer, releaser: Officer) -> None:
    for number in range(1, 5):
        add_citizen(number)
    announcement = send(author, releaser)
    ids = list(Delivery.objects.order_by("id").values_list("id", flat=True))
    Delivery.objects.filter(pk=ids[0]).update(state=State.ACCEPTED)
    Delivery.objects.filter(pk=ids[1]).update(state=State.DELIVERED)
    Delivery.objects.filter(pk=ids[2]).update(state=State.FAILED, reason="permanent")

    page = signed_in(author).get(f"{BASE}{announcement.token}/").content.decode()

    numbers = numbers_on(page)
    assert (numbers["planned"], numbers["waiting"]) == ("4", "1")
    assert (numbers["sent"], numbers["delivered"], numbers["failed"]) == ("2", "1", "1")
    assert "hx-get" in page


def test_the_numbers_are_counted_once_for_all_who_ask_at_a_time(
    author: Officer, releaser: Officer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(progress, "_RECENT_S", 60.0)  # so that a busy machine is in time
    add_citizen(1)
    announcement = send(author, releaser)
    url = f"{BASE}{announcement.token}/so-lieu/"

    with CaptureQueriesContext(connection) as queries:
        for officer in (author, releaser, author):
            part = signed_in(officer).get(url, headers={"HX-Request": "true"}).content.decode()
            assert numbers_on(part)["planned"] == "1"
            assert signed_in(officer).get(BASE).status_code == 200

    counts = [row for row in queries if "CROSS JOIN LATERAL" in row["sql"]]
    assert len(counts) == 1


def test_numbers_come_alone_for_htmx_and_lead_to_the_page_otherwise(
    author: Officer, releaser: Officer
) -> None:
    add_citizen()
    announcement = send(author, releaser)
    client, url = signed_in(author), f"{BASE}{announcement.token}/so-lieu/"

    part = client.get(url, headers={"HX-Request": "true"}).content.decode()
    assert numbers_on(part)["planned"] == "1"
    assert "<html" not in part
    assert client.get(url)["Location"] == f"{BASE}{announcement.token}/"


def test_list_costs_the_same_for_one_and_for_twenty(
    author: Officer,
    releaser: Officer,
    django_assert_max_num_queries: DjangoAssertNumQueries,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(progress, "_RECENT_S", 0.0)  # counted at each request
    add_citizen()
    client = signed_in(author)
    send(author, releaser)
    client.get(BASE)
    with django_assert_max_num_queries(30) as captured:
        client.get(BASE)
    one = len(captured)
    for _n in range(19):
        send(author, releaser)

    with django_assert_max_num_queries(one):
        client.get(BASE)


def test_list_goes_on_beside_the_last_row_and_narrows_by_state(author: Officer) -> None:
    drafts = [write(author, area=f"khu vực {n:02d}") for n in range(22)]
    client = signed_in(author)

    first = client.get(BASE).content.decode()
    assert "khu vực 21" in first
    assert "khu vực 01" not in first
    older = client.get(f"{BASE}?after={drafts[2].token}").content.decode()
    assert "khu vực 01" in older
    assert "khu vực 02" not in older
    newer = client.get(f"{BASE}?before={drafts[1].token}").content.decode()
    assert "khu vực 02" in newer
    assert "khu vực 01" not in newer
    assert "khu vực" not in client.get(f"{BASE}?status=released").content.decode()
    assert client.get(f"{BASE}?status=nonsense&after=x").status_code == 200


# ---- the public page ----------------------------------------------------------------------------


def test_public_page_says_what_where_until_when_and_whom_to_call(
    author: Officer, releaser: Officer
) -> None:
    add_citizen()
    announcement = send(author, releaser)

    page = Client().get(f"/tin/{announcement.token}").content.decode()

    for words in ("Cảnh báo lũ, ngập", TEXT, "Mức 2, nguy hiểm", "tel:112", "Phường Mỹ Tho"):
        assert words in page
    assert author.full_name not in page


def test_draft_has_no_public_page(author: Officer) -> None:
    announcement = write(author)

    assert Client().get(f"/tin/{announcement.token}").status_code == 404
    assert Client().get("/tin/khong-co").status_code == 404


def test_public_page_of_a_stopped_or_ended_warning_says_so(
    author: Officer, releaser: Officer, settings: Settings
) -> None:
    add_citizen()
    stopped, ended = send(author, releaser), send(author, releaser)
    announcements.cancel(token=stopped.token, officer=author)
    assert "đã dừng" in Client().get(f"/tin/{stopped.token}").content.decode()

    settings.ONESTOP_CLOCK_OFFSET_S += 7 * 3600
    page = Client().get(f"/tin/{ended.token}").content.decode()

    assert "hết hiệu lực" in page
    assert "tel:112" not in page


def test_news_page_leads_to_how_to_stop_and_a_warning_has_no_such_page(
    author: Officer, releaser: Officer
) -> None:
    add_citizen(1, consents=(Purpose.NEWS,))
    item = send(author, releaser, kind="policy_news")
    alarm = send(author, releaser)

    page = Client().get(f"/tin/{item.token}").content.decode()
    assert f"/tin/{item.token}/ngung" in page
    stop = Client().get(f"/tin/{item.token}/ngung").content.decode()
    assert "dừng tin" in stop
    assert "0277 3898989" in stop
    assert Client().get(f"/tin/{alarm.token}/ngung").status_code == 404


# ---- the officer's own page ---------------------------------------------------------------------


def test_profile_gives_a_one_time_code_once(front_desk: Officer) -> None:
    client = signed_in(front_desk)
    assert "/tai-khoan/zalo/ma/" in client.get("/tai-khoan/").content.decode()

    page = client.post("/tai-khoan/zalo/ma/").content.decode()

    found = re.search(r'id="one-time-code">(\w{8})<', page)
    assert found is not None
    assert found[1] not in client.get("/tai-khoan/").content.decode()
    assert client.get("/tai-khoan/zalo/ma/").headers["Location"] == "/tai-khoan/"


def test_officer_unlinks_on_their_own_page(front_desk: Officer) -> None:
    ZaloLink.objects.create(user_id="6630000000000000003", officer=front_desk)
    client = signed_in(front_desk)
    assert "/tai-khoan/zalo/go/" in client.get("/tai-khoan/").content.decode()

    client.post("/tai-khoan/zalo/go/")

    assert not ZaloLink.objects.exists()
