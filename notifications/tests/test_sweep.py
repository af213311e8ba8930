"""What time alone does, also to what no kind of the registry claims any more."""

from datetime import timedelta

import pytest
from django.db.models.functions import Now

from cases.models import Dossier, ProcedureCase
from cases.tests.walk import take_in_case
from notifications.models import Delivery, DeliveryAttempt
from notifications.services import sweep
from notifications.states import Reason, State
from notifications.tests.by_hand import send_on
from offices.models import Commune, Officer

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("account")]
LATE = Now() - timedelta(seconds=1)


def test_a_lost_request_of_an_unknown_kind_ends_as_perhaps_sent(dossier: Dossier) -> None:
    send_on()
    Delivery.objects.update(kind="abolished", lease_until=LATE)

    sweep.run()
    sweep.run()

    delivery = Delivery.objects.get()
    assert (delivery.state, delivery.reason) == (State.FAILED, Reason.PERHAPS_SENT)
    assert DeliveryAttempt.objects.get().outcome == "unknown"


@pytest.mark.parametrize("state", [State.SENDING, State.UNKNOWN])
def test_many_of_an_unknown_kind_stand_before_no_other(
    case: ProcedureCase,
    commune: Commune,
    front_desk: Officer,
    monkeypatch: pytest.MonkeyPatch,
    state: State,
) -> None:
    monkeypatch.setattr(sweep, "_LIMIT", 2)
    for number in range(1, 6):
        take_in_case(case, commune=commune, officer=front_desk, number=number)
        send_on()
    ids = list(Delivery.objects.order_by("id").values_list("id", flat=True))
    Delivery.objects.update(
        state=state, lease_until=LATE, unknown_since=Now() - timedelta(hours=7), grace_until=LATE
    )
    Delivery.objects.filter(id__in=ids[:4]).update(kind="abolished")

    for _round in range(6):
        sweep.run()

    assert (
        list(Delivery.objects.filter(id__in=ids[:4]).values_list("state", flat=True))
        == [State.FAILED] * 4
    )
    expected = State.UNKNOWN if state == State.SENDING else State.FAILED
    assert Delivery.objects.get(pk=ids[4]).state == expected
