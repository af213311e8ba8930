"""The product against the local Zalo as a process of its own: what Zalo refuses, by its codes."""

import json
import os
import socket
import subprocess
import sys
import urllib.request
from collections.abc import Callable, Generator
from dataclasses import dataclass
from typing import Any

import pytest
from django.conf import settings as django_settings
from django.core.management import CommandError, call_command
from pytest_django import Settings

from cases.models import Dossier, ProcedureCase
from cases.tests.walk import take_in_case
from notifications.models import Delivery, DeliveryAttempt, ZaloAccount, ZaloTemplate
from notifications.states import Reason, State, Why
from notifications.tests.engine import link_zalo, sending, state_of, wait_until
from offices.models import Commune, Officer

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.processes,
    pytest.mark.usefixtures("sandbox"),
]
ENV = {
    "ZALO_APP_ID": "4410000000000000001",
    "ZALO_APP_SECRET": "app-secret-for-tests",
    "ZALO_OA_ID": "5520000000000000002",
    "ZALO_OA_SECRET_KEY": "oa-secret-for-tests",
    "ZALO_ACCESS_TOKEN": "AT1-first-access-token",
    "ZALO_REFRESH_TOKEN": "RT1-first-refresh-token",
}
NO_ZALO = "0951000000"
USER = "6630000000000000003"


@dataclass
class Sandbox:
    """The control side of a running sandbox."""

    url: str

    def messages(self, **query: str) -> list[dict[str, Any]]:
        """What arrived at a phone or an account."""
        text = "&".join(f"{name}={value}" for name, value in query.items())
        with urllib.request.urlopen(f"{self.url}/_sandbox/messages?{text}") as answer:
            found: list[dict[str, Any]] = json.load(answer)
        return found

    def order(self, **fault: object) -> None:
        """The next calls meet this fault."""
        request = urllib.request.Request(
            f"{self.url}/_sandbox/faults",
            json.dumps(fault).encode(),
            {"Content-Type": "application/json"},
        )
        urllib.request.urlopen(request).close()


@pytest.fixture(scope="module")
def process() -> Generator[Sandbox]:
    """`python -m sandbox` on a free port."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [
        sys.executable, "-m", "sandbox", "--port", str(port),
        "--templates", "notifications/zalo_templates.json",
    ]  # fmt: skip
    running = subprocess.Popen(
        command, cwd=django_settings.BASE_DIR, env={**os.environ, **ENV}, stderr=subprocess.DEVNULL
    )
    sandbox = Sandbox(f"http://127.0.0.1:{port}")
    try:
        wait_until(lambda: _answers(port), within_s=30)
        yield sandbox
    finally:
        running.terminate()
        running.wait(10)


def _answers(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


@pytest.fixture
def sandbox(transactional_db: None, process: Sandbox, settings: Settings) -> Sandbox:
    """The sandbox anew, the product authorised and its templates known."""
    urllib.request.urlopen(
        urllib.request.Request(f"{process.url}/_sandbox/reset", b"{}", method="POST")
    ).close()
    for name, value in ENV.items():
        setattr(settings, name, value)
    for name in ("OAUTH", "OPENAPI", "BUSINESS"):
        setattr(settings, f"ZALO_{name}_BASE_URL", process.url)
    call_command(
        "zalo_authorize",
        "--access-token", ENV["ZALO_ACCESS_TOKEN"], "--refresh-token", ENV["ZALO_REFRESH_TOKEN"],
    )  # fmt: skip
    call_command("sync_templates")
    return process


@pytest.fixture
def take_in(case: ProcedureCase, commune: Commune, front_desk: Officer) -> Callable[..., Dossier]:
    """Accepts a dossier of a person with this phone."""

    def take(phone: str = "0951000011") -> Dossier:
        dossier = take_in_case(case, commune=commune, officer=front_desk)
        dossier.citizen.phone = phone
        dossier.citizen.save()
        return dossier

    return take


def the_attempt() -> tuple[str, int | None]:
    attempt = DeliveryAttempt.objects.get()
    return attempt.outcome, attempt.code


def test_the_command_learns_every_template_by_its_name(sandbox: Sandbox) -> None:
    names = [entry["name"] for entry in json.loads(_file())]

    rows = ZaloTemplate.objects.filter(status="ENABLE", problem="")
    assert sorted(rows.values_list("name", flat=True)) == sorted(names)


def _file() -> str:
    return (django_settings.BASE_DIR / "notifications" / "zalo_templates.json").read_text()


def test_a_dossier_s_message_is_on_the_phone(
    sandbox: Sandbox, take_in: Callable[..., Dossier]
) -> None:
    dossier = take_in()

    with sending():
        wait_until(lambda: state_of("received") == State.ACCEPTED)

    [message] = sandbox.messages(phone="84951000011")
    assert message["template"] == "received"
    assert message["template_data"]["ma"] == dossier.code
    assert message["tracking_id"] == DeliveryAttempt.objects.get().tracking_id


def test_a_linked_account_gets_it_by_user_id(
    sandbox: Sandbox, take_in: Callable[..., Dossier]
) -> None:
    link_zalo(take_in().citizen, USER)

    with sending():
        wait_until(lambda: state_of("received") in (State.ACCEPTED, State.FAILED))

    assert Delivery.objects.latest("id").state == State.ACCEPTED


def test_a_phone_without_zalo_ends_with_the_office_s_call(take_in: Callable[..., Dossier]) -> None:
    take_in(NO_ZALO)

    with sending():
        wait_until(lambda: state_of("received") == State.FAILED)

    assert the_attempt() == ("recipient", -118)


def test_a_bad_phone_is_refused_by_its_code(take_in: Callable[..., Dossier]) -> None:
    take_in("0123")

    with sending():
        wait_until(lambda: state_of("received") == State.FAILED)

    assert the_attempt() == ("recipient", -108)
    assert Delivery.objects.get().reason == Reason.PERMANENT


def test_an_unknown_template_holds_its_kind(take_in: Callable[..., Dossier]) -> None:
    ZaloTemplate.objects.filter(name="received").update(template_id="999999")
    take_in()

    with sending():
        wait_until(lambda: state_of("received") == State.DEFERRED)

    assert the_attempt() == ("config", -109)
    assert Delivery.objects.get().why == Why.HELD


def test_a_missing_parameter_is_refused_by_its_code(take_in: Callable[..., Dossier]) -> None:
    """Under the id of `returned`, which wants the place besides, `received` lacks one."""
    wrong = ZaloTemplate.objects.get(name="returned").template_id
    ZaloTemplate.objects.filter(name="received").update(template_id=wrong)
    take_in()

    with sending():
        wait_until(lambda: state_of("received") == State.FAILED)

    assert the_attempt() == ("payload", -1122)
    assert Delivery.objects.get().reason == Reason.PERMANENT


def test_an_over_long_parameter_is_refused_by_its_code(
    take_in: Callable[..., Dossier], front_desk: Officer
) -> None:
    """A code longer than its cap is never cut, so Zalo refuses it."""
    dossier = take_in()
    Dossier.objects.filter(pk=dossier.pk).update(code="H20.102-" + "9" * 30)

    with sending():
        wait_until(lambda: state_of("received") == State.FAILED)

    assert the_attempt() == ("payload", -1121)


def test_a_spent_token_is_renewed_and_the_message_goes_once(
    sandbox: Sandbox, take_in: Callable[..., Dossier]
) -> None:
    ZaloAccount.objects.get()
    sandbox.order(kind="error", code=-216, times=1)
    take_in()

    with sending():
        wait_until(lambda: state_of("received") == State.ACCEPTED)

    assert ZaloAccount.objects.get().generation == 2
    assert len(sandbox.messages(phone="84951000011")) == 1


def test_a_pair_that_zalo_does_not_know_is_said_so(sandbox: Sandbox) -> None:
    call_command("zalo_authorize", "--access-token", "nope", "--refresh-token", "nope-either")

    with pytest.raises(CommandError, match="zalo_authorize"):
        call_command("sync_templates")


def test_accepted_then_dropped_is_unknown_and_one_message(
    sandbox: Sandbox, take_in: Callable[..., Dossier]
) -> None:
    sandbox.order(kind="drop", times=1)
    take_in()

    with sending():
        wait_until(lambda: state_of("received") == State.UNKNOWN)

    assert len(sandbox.messages(phone="84951000011")) == 1
