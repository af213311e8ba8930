"""A conversation as it is: the local Zalo, the web server, the worker of webhooks, the sender."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from celery import current_app
from pytest_django import Settings
from pytest_django.live_server_helper import LiveServer

from cases.models import Dossier, ProcedureCase
from cases.tests.walk import take_in_case
from citizens.models import ZaloLink
from citizens.services import issue_link_code
from citizens.tests.cast import add_citizen
from common import bell
from notifications.models import WebhookInbox
from notifications.states import State
from notifications.tests import local_zalo
from notifications.tests.announcing_cast import ANOTHER, release, submitted
from notifications.tests.engine import BOTH, sending, state_of, wait_until
from notifications.tests.local_zalo import SECRETS, USER, Sandbox
from notifications.tests.workers import end, environment
from notifications.words import Lane
from offices.models import Commune, Officer

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.processes,
    pytest.mark.usefixtures("worker"),
    pytest.mark.timeout(180),
]
STRANGER = "6630000000000000009"


@pytest.fixture
def phone(live_server: LiveServer, settings: Settings) -> Iterator[Sandbox]:
    with local_zalo.with_webhooks(live_server, settings) as phone:
        yield phone


@pytest.fixture
def worker(phone: Sandbox, tmp_path: Path, settings: Settings) -> Iterator[None]:
    """The worker of webhooks, with a beat of its own that rings for what was missed."""
    command = [
        sys.executable, "-m", "celery", "-A", "onestop", "worker", "-P", "prefork", "-c", "1",
        "-Q", "webhooks", "-n", f"webhooks-{os.getpid()}@%h", "--without-gossip",
        "--without-mingle", "-B", "-s", str(tmp_path / "beat.db"),
    ]  # fmt: skip
    log = tmp_path / "worker.log"
    with log.open("wb") as output:
        process = subprocess.Popen(
            command,
            cwd=settings.BASE_DIR,
            env=environment(phone, **SECRETS),
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    try:
        phone.post("/_sandbox/follow", user_id=STRANGER, follow=False)
        # A ring may be over before the worker is up; beat would ring again.
        current_app.send_task(bell.WEBHOOK_TASK, queue=bell.WEBHOOK_QUEUE)
        wait_until(lambda: WebhookInbox.objects.filter(state="done").exists(), within_s=60)
        WebhookInbox.objects.all().delete()
        yield
    finally:
        end(process)


@pytest.fixture
def dossier(phone: Sandbox, case: ProcedureCase, commune: Commune, front_desk: Officer) -> Dossier:
    return take_in_case(case, commune=commune, officer=front_desk)


def test_citizen_links_asks_and_is_told_by_the_linked_account(
    phone: Sandbox, dossier: Dossier
) -> None:
    with sending(BOTH):
        phone.say(f"{dossier.code} {dossier.lookup_code}")
        wait_until(lambda: len(phone.answers()) == 1)
        phone.say(str(dossier.code))
        wait_until(lambda: len(phone.answers()) == 2)

    assert ZaloLink.objects.get(user_id=USER).citizen == dossier.citizen
    linked, state = phone.answers()
    assert "Nguyễn T** Ư**" in linked
    assert "đang giải quyết hồ sơ" in state.splitlines()[0]
    assert f"/t/{dossier.lookup_token}" in state


def test_receipts_of_the_phone_make_messages_delivered(phone: Sandbox, dossier: Dossier) -> None:
    with sending(BOTH):
        wait_until(lambda: state_of("received") == State.DELIVERED)

    wait_until(lambda: not WebhookInbox.objects.exclude(state="done").exists())


def test_following_and_leaving_take_effect(phone: Sandbox, dossier: Dossier) -> None:
    ZaloLink.objects.create(user_id=USER, citizen=dossier.citizen)

    def follows() -> bool:
        return ZaloLink.objects.get().is_following

    phone.follow(False)
    wait_until(lambda: not follows())
    phone.follow(True)
    wait_until(follows)


def test_officer_links_by_the_code_of_the_profile_page(phone: Sandbox, front_desk: Officer) -> None:
    code = issue_link_code(officer=front_desk).code
    with sending(BOTH):
        phone.say(code)
        wait_until(lambda: len(phone.answers()) == 1)

    assert ZaloLink.objects.get(user_id=USER).officer == front_desk
    assert front_desk.full_name in phone.answers()[0]


def test_warning_is_on_the_phones_of_one_commune_only(
    phone: Sandbox, author: Officer, releaser: Officer
) -> None:
    here, elsewhere = add_citizen(1), add_citizen(2, commune=ANOTHER)
    with sending([Lane.EMERGENCY]):
        release(submitted(author), releaser)
        wait_until(lambda: len(phone.messages(phone=f"84{here.phone[1:]}")) == 1)
        wait_until(lambda: state_of("emergency") == State.DELIVERED)

    assert phone.messages(phone=f"84{elsewhere.phone[1:]}") == []
    (card,) = phone.messages(phone=f"84{here.phone[1:]}")
    assert card["template"] == "emergency"
    assert card["title"] == "Cảnh báo lũ, ngập: 2 phường ven sông Tiền"
    assert [button["label"] for button in card["buttons"]] == ["Gọi cứu hộ", "Xem nơi an toàn"]
