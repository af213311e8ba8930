"""The product against the local Zalo as a process of its own: what Zalo refuses, by its codes."""

import json
from collections.abc import Callable, Generator

import pytest
from django.conf import settings as django_settings
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse
from pytest_django import Settings

from cases.models import Dossier, ProcedureCase
from cases.tests.walk import take_in_case
from notifications.models import Delivery, DeliveryAttempt, ZaloAccount, ZaloTemplate
from notifications.states import Reason, State, Why
from notifications.tests import local_zalo
from notifications.tests.engine import link_zalo, sending, state_of, wait_until
from notifications.tests.local_zalo import USER, Sandbox
from notifications.zalo_templates import templates
from offices.models import Commune, Officer

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.processes,
    pytest.mark.usefixtures("sandbox"),
]
NO_ZALO = "0951000000"


@pytest.fixture(scope="module")
def process() -> Generator[Sandbox]:
    """One sandbox for all tests."""
    with local_zalo.running() as zalo:
        yield zalo


@pytest.fixture
def sandbox(transactional_db: None, process: Sandbox, settings: Settings) -> Sandbox:
    """The sandbox anew, the product authorised and its templates known."""
    process.post("/_sandbox/reset")
    local_zalo.authorise(process, settings)
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


def test_an_administrator_has_zalo_asked_for_its_templates(
    sandbox: Sandbox, client: Client, administrator: Officer
) -> None:
    ZaloTemplate.objects.all().delete()
    client.force_login(administrator)

    page = client.post(reverse("admin:notifications_zalotemplate_ask"), follow=True)

    assert ZaloTemplate.objects.filter(status="ENABLE").count() == len(templates())
    [said] = page.context["messages"]
    assert str(len(templates())) in str(said)
