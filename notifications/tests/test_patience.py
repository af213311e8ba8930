"""How long a message waits for what holds its channel back before it takes the next one."""

from datetime import timedelta

import pytest
from django.db.models import DurationField, ExpressionWrapper, F
from django.db.models.functions import Now

from citizens.tests.cast import add_citizen
from notifications.models import ChannelHold, Delivery
from notifications.services import holds
from notifications.states import State, Why
from notifications.tests.announcing_cast import send
from notifications.tests.engine import link_zalo, sending, state_of, wait_until
from notifications.tests.fault_server import BY_USER, FaultServer, Reply
from notifications.words import Channel, Lane
from offices.models import Officer

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("account")]


@pytest.fixture
def by_phone(account: object, author: Officer, releaser: Officer) -> Delivery:
    """A warning to one person who linked no account, not yet sent."""
    add_citizen(100, commune="28261")
    send(author, releaser)
    return Delivery.objects.get()


@pytest.fixture
def by_account(account: object, author: Officer, releaser: Officer) -> Delivery:
    """A warning to one person who linked an account, not yet sent."""
    link_zalo(add_citizen(100, commune="28261"))
    send(author, releaser)
    return Delivery.objects.get()


def hold(channel: Channel) -> None:
    """The channel is held for five minutes, as after several failed tries."""
    holds.put(holds.channel_key(channel), Why.HELD, code=-240, detail="shut down", for_s=300)


def wait_of(delivery: Delivery) -> timedelta:
    """How long after its being held the delivery is due again."""
    rows = Delivery.objects.filter(pk=delivery.pk).annotate(
        wait=ExpressionWrapper(F("due_at") - F("held_since"), output_field=DurationField())
    )
    wait: timedelta = rows.values_list("wait", flat=True)[0]
    return wait


def test_a_warning_waits_half_a_minute_for_a_channel_that_is_held_for_five(
    by_account: Delivery, zalo: FaultServer
) -> None:
    hold(Channel.ZALO_USER)

    with sending([Lane.EMERGENCY]):
        wait_until(lambda: state_of("emergency") == State.DEFERRED)

    assert wait_of(by_account) == timedelta(seconds=30)
    assert zalo.sent() == []


def test_what_was_held_for_a_while_waits_the_rest_of_its_time_only(
    by_account: Delivery, zalo: FaultServer
) -> None:
    hold(Channel.ZALO_USER)
    Delivery.objects.update(held_since=Now() - timedelta(seconds=20), why=Why.HELD)

    with sending([Lane.EMERGENCY]):
        wait_until(lambda: state_of("emergency") == State.DEFERRED)

    assert timedelta(seconds=29) < wait_of(by_account) < timedelta(seconds=35)


def test_without_a_next_channel_it_waits_as_long_as_the_hold_lasts(
    by_phone: Delivery, zalo: FaultServer
) -> None:
    hold(Channel.ZALO_PHONE)

    with sending([Lane.EMERGENCY]):
        wait_until(lambda: state_of("emergency") == State.DEFERRED)

    assert timedelta(seconds=290) < wait_of(by_phone) <= timedelta(seconds=300)


def test_an_answer_that_opens_a_long_hold_lets_its_own_warning_go_on_in_time(
    by_account: Delivery, zalo: FaultServer
) -> None:
    template = holds.template_key("emergency")
    holds.put(template, Why.HELD, code=-131, detail="not approved")
    ChannelHold.objects.filter(key=template).update(openings=5, until=Now())
    holds.forget_cache()
    zalo.answer(Reply(error=-131, message="not approved"), path=BY_USER)

    with sending([Lane.EMERGENCY]):
        wait_until(lambda: state_of("emergency") == State.DEFERRED)

    assert ChannelHold.objects.filter(until__gt=Now() + timedelta(minutes=4)).exists()
    assert wait_of(by_account) == timedelta(seconds=30)
