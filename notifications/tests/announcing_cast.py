"""Announcements in tests: written, submitted and released over HTTP as officers do it."""

import re
from datetime import timedelta
from typing import Any

from django.test import Client

from common import clock
from notifications.models import Announcement, Notification
from notifications.tests.engine import dispatch_all
from offices.models import Officer

BASE = "/tin-dien-rong/"
MY_THO, ANOTHER, THIRD = "28261", "30169", "28249"
TEXT = "Đưa người già và trẻ em đến nơi cao, cắt điện trước khi nước vào nhà"


def at(**ahead: int) -> str:
    """A moment ahead as the form's field posts it."""
    return clock.local(clock.now() + timedelta(**ahead)).strftime("%Y-%m-%dT%H:%M")


def warning(**change: Any) -> dict[str, Any]:
    """What the form of a warning posts."""
    return {
        "hazard": "flood",
        "level": "2",
        "text": TEXT,
        "area": "2 phường ven sông Tiền",
        "expires_at": at(hours=6),
        "communes": [MY_THO],
        "do": "save",
    } | change


def news(**change: Any) -> dict[str, Any]:
    """What the form of policy news posts."""
    return {
        "text": "Miễn phí đăng ký khai sinh tại mọi quầy",
        "area": "toàn tỉnh",
        "effective_from": "2026-12-05",
        "expires_at": at(days=2),
        "communes": [MY_THO],
        "do": "save",
    } | change


def signed_in(officer: Officer) -> Client:
    """A browser in which the officer is signed in."""
    client = Client()
    client.force_login(officer)
    return client


def write(author: Officer, *, kind: str = "emergency", **change: Any) -> Announcement:
    """A draft, written through the form."""
    data = warning(**change) if kind == "emergency" else news(**change)
    answer = signed_in(author).post(f"{BASE}soan/{kind}/", data)
    assert answer.status_code == 302, answer.content.decode()[:3000]
    return Announcement.objects.latest("id")


def submitted(author: Officer, **change: Any) -> Announcement:
    """One that waits for release."""
    return write(author, do="submit", **change)


def release(announcement: Announcement, releaser: Officer) -> Any:
    """POSTs the confirmation as the page offers it; the page it leads to."""
    client = signed_in(releaser)
    url = f"{BASE}{announcement.token}/duyet/xac-nhan/"
    found = re.search(r'name="fingerprint" value="(\w+)"', client.get(url).content.decode())
    assert found is not None
    return client.post(url, {"fingerprint": found[1]}, follow=True)


def send(author: Officer, releaser: Officer, **change: Any) -> Announcement:
    """Written, submitted, released, and its people written down."""
    announcement = submitted(author, **change)
    release(announcement, releaser)
    dispatch_all()
    announcement.refresh_from_db()
    return announcement


def status_of(announcement: Announcement) -> str:
    """Its status in the database."""
    return Announcement.objects.get(pk=announcement.pk).status


def told() -> set[int | None]:
    """Ids of the citizens who are told something."""
    return set(Notification.objects.values_list("citizen_id", flat=True))


def numbers_on(page: str) -> dict[str, str]:
    """The numbers of a page by name."""
    return dict(re.findall(r'data-number="(\w+)">([\d.]+)<', page))
