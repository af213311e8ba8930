"""The first message of a version, shown before the version is published."""

import pytest
from django.test import Client
from django.urls import reverse

from cases.services.catalogue import create_draft
from cases.tests.cast import SPLIT_PLOT, current
from notifications.models import Delivery, Notification
from notifications.zalo_templates import templates
from offices.models import Officer

pytestmark = pytest.mark.django_db


def test_publishing_page_shows_the_first_message_filled_in(
    client: Client, province: None, administrator: Officer
) -> None:
    draft = create_draft(current(SPLIT_PLOT))
    client.force_login(administrator)

    html = client.get(
        reverse("admin:cases_procedureversion_publish", args=[draft.pk])
    ).content.decode()

    layout = templates()["received"].layout
    assert layout["title"] in html
    assert draft.short_name in html
    card = html[html.index("phone-card-in") :]
    assert "{" not in card[: card.index("</figure>")], "every parameter is filled"
    assert not Notification.objects.exists()
    assert not Delivery.objects.exists()
