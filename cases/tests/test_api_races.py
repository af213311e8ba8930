"""Many callers at once, over committed transactions: no gap, no double, exactly one winner."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest
from django.db import connections

from cases.models import CodeCounter, Dossier, DossierEvent
from cases.tests.api_caller import Caller, Reply, caller, intake_body, stored
from cases.tests.cast import BIRTH
from citizens.models import Citizen
from offices.kinds import Role
from offices.models import Office, Officer
from offices.tests.cast import MY_THO, add_officer, officer_of

pytestmark = pytest.mark.django_db(transaction=True)

CALLERS = 8
MOST_THREADS = 50


def at_once(calls: list[Callable[[], Reply]], threads: int) -> list[Reply]:
    """Runs the calls in `threads` threads that start together, as the web server's would."""
    start = Barrier(threads)

    def run(number: int) -> list[Reply]:
        start.wait(timeout=30)
        try:
            return [call() for call in calls[number::threads]]
        finally:
            connections.close_all()

    with ThreadPoolExecutor(threads) as pool:
        return [reply for replies in pool.map(run, range(threads)) for reply in replies]


def as_thread(token: str, path: str, body: Any, **headers: str) -> Callable[[], Reply]:
    """A POST with a client of its own."""
    return lambda: Caller(token).post(path, body, headers=headers)


def test_fifty_intakes_at_once_get_fifty_codes_without_a_gap(province: None) -> None:
    desk = caller(officer_of(f"{MY_THO}-mot-cua", "front_desk"))
    calls = [as_thread(desk.token, "dossiers/", intake_body(number)) for number in range(1, 51)]

    replies = at_once(calls, threads=MOST_THREADS)

    assert {reply.status for reply in replies} == {201}
    numbers = sorted(int(reply.body["code"][-4:]) for reply in replies)
    assert numbers == list(range(1, 51))
    assert CodeCounter.objects.get().last == 50


def test_same_citizen_at_many_counters_at_once_is_one_citizen(province: None) -> None:
    desk = caller(officer_of(f"{MY_THO}-mot-cua", "front_desk"))
    calls = [as_thread(desk.token, "dossiers/", intake_body()) for _turn in range(CALLERS)]

    replies = at_once(calls, threads=CALLERS)

    assert {reply.status for reply in replies} == {201}
    assert Citizen.objects.count() == 1


def test_same_key_many_times_at_once_makes_one_dossier(province: None) -> None:
    desk = caller(officer_of(f"{MY_THO}-mot-cua", "front_desk"))
    key = {"Idempotency-Key": "one-click"}
    calls = [as_thread(desk.token, "dossiers/", intake_body(), **key) for _turn in range(CALLERS)]

    replies = at_once(calls, threads=CALLERS)

    assert {reply.status for reply in replies} == {201}
    assert len({reply.content for reply in replies}) == 1
    assert Dossier.objects.count() == 1


def test_same_key_with_two_bodies_at_once_does_one_and_refuses_the_other(province: None) -> None:
    desk = caller(officer_of(f"{MY_THO}-mot-cua", "front_desk"))
    key = {"Idempotency-Key": "one-key"}
    calls = [as_thread(desk.token, "dossiers/", intake_body(n), **key) for n in (1, 2)]

    replies = at_once(calls, threads=2)

    assert sorted(reply.status for reply in replies) == [201, 422]
    assert Dossier.objects.count() == 1


def test_of_two_officers_at_one_dossier_one_wins_and_the_other_is_told_who(
    province: None,
) -> None:
    desk = caller(officer_of(f"{MY_THO}-mot-cua", "front_desk"))
    office = Office.objects.get(code=f"{MY_THO}-van-phong")
    officers = [
        add_officer(office, Role.PROCESSOR, name=name) for name in ("Lê Văn Nhanh", "Bùi Thị Chậm")
    ]
    dossier = desk.moved(desk.take_in(procedure=BIRTH), "hand_over")
    path, body = f"dossiers/{dossier['code']}/actions/take/", {"version": dossier["version"]}

    replies = at_once([as_thread(caller(o).token, path, body) for o in officers], threads=2)

    assert sorted(reply.status for reply in replies) == [200, 409]
    winner, loser = _sorted_by_luck(officers, replies)
    refusal = next(reply for reply in replies if reply.status == 409)
    assert refusal.body["code"] == "stale"
    assert winner.full_name in refusal.body["title"]
    assert loser.full_name not in refusal.body["title"]
    assert stored(dossier).steps.get(state="open").officer == winner
    assert DossierEvent.objects.filter(event="taken").count() == 1


def _sorted_by_luck(officers: list[Officer], replies: list[Reply]) -> tuple[Officer, Officer]:
    """The officer whose call was answered with 200, then the other."""
    first, second = officers
    return (first, second) if replies[0].status == 200 else (second, first)
