"""One token pair, renewed once however many want it, stored before it is used."""

import threading
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.db.models.functions import Now
from pytest_django import Settings

from cases.models import ProcedureCase
from cases.tests.walk import take_in_case
from notifications.channels.oauth import Pair
from notifications.models import Delivery, ZaloAccount
from notifications.models.zalo import TokenStatus
from notifications.services import tokens
from notifications.states import State, Why
from notifications.tests.engine import dispatch_all, sending, state_of, wait_until
from notifications.tests.fault_server import OAUTH, FaultServer, Reply
from offices.models import Commune, Officer

pytestmark = [pytest.mark.django_db(transaction=True)]

TakeIn = Callable[[int], None]


@pytest.fixture
def take_in(case: ProcedureCase, commune: Commune, front_desk: Officer) -> TakeIn:
    """Accepts a dossier of the person with a number."""

    def take(number: int) -> None:
        take_in_case(case, commune=commune, officer=front_desk, number=number)

    return take


def age(account: ZaloAccount, *, hours: int) -> None:
    """As if the pair had been obtained that long ago."""
    rows = ZaloAccount.objects.filter(pk=account.pk)
    rows.update(
        obtained_at=Now() - timedelta(hours=hours), expires_at=Now() + timedelta(hours=25 - hours)
    )


def fresh(account: ZaloAccount) -> ZaloAccount:
    return ZaloAccount.objects.get(pk=account.pk)


def test_eight_that_want_a_new_token_make_one_request(
    account: ZaloAccount, zalo: FaultServer
) -> None:
    found: list[tokens.Credential | None] = []

    def renew(number: int) -> None:
        found.append(tokens.renew(me=f"t{number}", refused=1))
        connection.close()

    threads = [threading.Thread(target=renew, args=(n,)) for n in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert zalo.count(OAUTH) == 1
    assert [c and (c.access_token, c.generation) for c in found] == [("AT2", 2)] * 8


def test_eight_that_find_an_old_token_make_one_request_whenever_they_come(
    account: ZaloAccount, zalo: FaultServer
) -> None:
    age(account, hours=21)
    found: list[tokens.Credential | None] = []

    def renew(number: int) -> None:
        found.append(tokens.renew(me=f"t{number}"))
        connection.close()

    threads = [threading.Thread(target=renew, args=(n,)) for n in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    renew(9)

    assert zalo.count(OAUTH) == 1
    assert [c and c.generation for c in found] == [2] * 9


def test_an_unclear_pair_is_tried_six_times_in_its_first_hour(
    account: ZaloAccount, zalo: FaultServer
) -> None:
    zalo.answer(Reply(status=502, body=b"<html>"), path=OAUTH, times=20)
    at_s: list[float] = [0.0]
    while at_s[-1] < 3 * 3600:
        ZaloAccount.objects.update(next_refresh_at=None)
        tokens.renew(me="t", refused=1)
        wait = ZaloAccount.objects.annotate(db_now=Now()).values_list("next_refresh_at", "db_now")
        ((next_at, now),) = wait
        assert next_at is not None
        at_s.append(at_s[-1] + (next_at - now).total_seconds())

    per_hour = [sum(start <= at < start + 3600 for at in at_s) for start in at_s]
    assert max(per_hour) == per_hour[0] == 6


def test_who_is_stopping_begins_no_renewal_and_waits_for_none(
    account: ZaloAccount, zalo: FaultServer
) -> None:
    age(account, hours=21)
    stopping = threading.Event()
    stopping.set()

    found = tokens.renew(me="t", gives_up=stopping)

    assert found is not None and found.generation == 1
    assert zalo.count(OAUTH) == 0


def test_a_sender_that_is_stopped_stores_the_pair_that_is_on_its_way(
    account: ZaloAccount, zalo: FaultServer
) -> None:
    age(account, hours=21)
    answer = threading.Event()
    body = b'{"access_token": "AT2", "refresh_token": "RT2", "expires_in": "90000"}'
    zalo.answer(Reply(hold=answer, body=body), path=OAUTH)

    with sending():
        wait_until(lambda: zalo.count(OAUTH) == 1)
        timer = threading.Timer(1.0, answer.set)
        timer.start()
    timer.join()

    assert (fresh(account).access_token, fresh(account).generation) == ("AT2", 2)


def test_a_refused_token_is_renewed_once_and_the_messages_still_go_once(
    account: ZaloAccount, zalo: FaultServer, take_in: TakeIn
) -> None:
    zalo.valid_tokens = {"AT0"}
    for number in range(1, 9):
        take_in(number)

    with sending(senders=2):
        wait_until(lambda: Delivery.objects.filter(state=State.ACCEPTED).count() == 8)

    assert zalo.count(OAUTH) == 1
    assert sum(call.token == "AT2" for call in zalo.sent()) == 8
    assert set(Delivery.objects.values_list("failures", flat=True)) == {0}


def test_an_old_token_is_renewed_while_it_goes_on_sending(
    account: ZaloAccount, zalo: FaultServer, take_in: TakeIn
) -> None:
    age(account, hours=21)
    zalo.answer(Reply(delay_s=1.0, status=502, body=b"<html>"), path=OAUTH)
    take_in(1)

    with sending():
        wait_until(lambda: state_of("received") == State.ACCEPTED)
        wait_until(lambda: fresh(account).status == TokenStatus.SUSPECT)

    assert zalo.sent()[0].token == "AT1"
    assert fresh(account).generation == 1


@pytest.mark.parametrize(
    "reply",
    [
        Reply(body=b""),
        Reply(body=b'{"error": -14014, "error_name": "Invalid refresh token."}'),
        Reply(body=b'{"error": "-14014", "access_token": ""}'),
    ],
    ids=["empty", "int", "quoted"],
)
def test_a_spent_refresh_token_is_dead_and_is_not_asked_again(
    account: ZaloAccount, zalo: FaultServer, reply: Reply
) -> None:
    zalo.answer(reply, path=OAUTH)

    assert tokens.renew(me="t", refused=1) is None
    assert tokens.renew(me="t", refused=1) is None

    assert fresh(account).status == TokenStatus.DEAD
    assert zalo.count(OAUTH) == 1


@pytest.mark.parametrize(
    "reply",
    [Reply(status=500, body=b"<html>"), Reply(cut=True), Reply(body=b"<html>")],
    ids=["500", "cut", "html"],
)
def test_an_unclear_answer_leaves_the_pair_suspect_and_is_tried_later(
    account: ZaloAccount, zalo: FaultServer, settings: Settings, reply: Reply
) -> None:
    settings.NOTIFY_TIME_SCALE = 0.02
    zalo.answer(reply, path=OAUTH)

    tokens.renew(me="t", refused=1)
    assert fresh(account).status == TokenStatus.SUSPECT
    wait_until(lambda: tokens.renew(me="t", refused=1) is not None)

    assert (fresh(account).status, fresh(account).generation) == (TokenStatus.OK, 2)


def test_a_renewal_that_was_cut_off_by_a_crash_is_tried_once_more(
    account: ZaloAccount, zalo: FaultServer
) -> None:
    rows = ZaloAccount.objects.filter(pk=account.pk)
    rows.update(
        status=TokenStatus.REFRESHING,
        refresh_started_at=Now() - timedelta(seconds=31),
        refresh_by="dead process",
    )

    assert tokens.renew(me="t", refused=1) is not None

    assert zalo.count(OAUTH) == 1
    assert fresh(account).status == TokenStatus.OK


def test_without_a_pair_messages_wait_and_go_as_soon_as_one_is_stored(
    account: ZaloAccount, zalo: FaultServer, take_in: TakeIn
) -> None:
    ZaloAccount.objects.update(access_token="", refresh_token="", status=TokenStatus.DEAD)
    take_in(1)

    with sending():
        wait_until(lambda: state_of("received") == State.CREATED)
        call_command("zalo_authorize", "--access-token", "AT9", "--refresh-token", "RT9")
        wait_until(lambda: state_of("received") == State.ACCEPTED)

    assert [call.token for call in zalo.sent()] == ["AT9"]


def test_a_stored_pair_wakes_what_was_held_for_the_account(
    account: ZaloAccount, take_in: TakeIn
) -> None:
    take_in(1)

    dispatch_all()
    Delivery.objects.update(state=State.DEFERRED, why=Why.HELD, due_at=Now() + timedelta(hours=1))

    tokens.store_first_pair(Pair("AT9", "RT9", 90_000))

    with sending():
        wait_until(lambda: state_of("received") == State.ACCEPTED)


def test_the_pair_is_unreadable_in_the_database(account: ZaloAccount) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT access_token, refresh_token FROM notifications_zaloaccount")
        row = cursor.fetchone()

    assert row is not None
    assert "AT1" not in row[0]
    assert "RT1" not in row[1]


@pytest.mark.parametrize(
    "arguments",
    [
        ["--access-token", "A"],
        ["--access-token", "A", "--refresh-token", "A"],
        ["--access-token", "A B", "--refresh-token", "R"],
    ],
)
def test_a_pair_that_was_pasted_wrong_is_refused(
    account: ZaloAccount, arguments: list[str]
) -> None:
    with pytest.raises(CommandError):
        call_command("zalo_authorize", *arguments)

    assert fresh(account).access_token == "AT1"


def test_without_arguments_the_flow_starts_with_a_challenge(
    account: ZaloAccount, settings: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    settings.ZALO_APP_ID = "4410000000000000001"

    call_command("zalo_authorize")

    text = capsys.readouterr().out
    assert "/v4/oa/permission?app_id=4410000000000000001" in text
    assert "code_challenge=" in text
    assert "--verifier" in text
