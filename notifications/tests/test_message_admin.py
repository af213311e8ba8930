"""The page of one delivery in the administration says what may still become of it."""

import html

import pytest
from django.test import Client
from django.urls import reverse

from cases.models import Dossier
from notifications.models import Delivery
from notifications.states import State
from notifications.tests.engine import dispatch_all
from offices.models import Officer

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def delivery(dossier: Dossier) -> Delivery:
    dispatch_all()
    return Delivery.objects.get(notification__dossier=dossier, kind="received")


def page_of(delivery: Delivery, client: Client) -> str:
    address = reverse("admin:notifications_delivery_change", args=[delivery.pk])
    return html.unescape(client.get(address).content.decode())


def test_what_may_happen_to_a_waiting_message_is_said_in_words(
    delivery: Delivery, client: Client, administrator: Officer
) -> None:
    client.force_login(administrator)

    page = page_of(delivery, client)

    assert "tin được gửi đi → đang gửi" in page
    assert "tin bị hủy → đã hủy" in page
    assert "không có bằng chứng: gửi lại một lần" not in page


def test_a_message_that_was_read_has_nothing_before_it(
    delivery: Delivery, client: Client, administrator: Officer
) -> None:
    Delivery.objects.filter(pk=delivery.pk).update(state=State.SEEN)
    client.force_login(administrator)

    assert "→" not in page_of(delivery, client)
