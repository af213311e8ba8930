"""A processor: the queues, a dossier handed over, and somebody else who was quicker."""

import pytest
from playwright.sync_api import expect

from onestop.tests.journeys.conftest import READERS
from onestop.tests.journeys.people import COUNTER, LAND_REGISTRY, People, Reader

pytestmark = [pytest.mark.journey, pytest.mark.processes, pytest.mark.timeout(600)]

QUEUES = ("mine", "office", "unassigned", "late", "waiting", "ready")


@pytest.mark.parametrize("reader", READERS, ids=str)
def test_a_dossier_is_found_taken_and_handed_over(people: People, reader: Reader) -> None:
    code = people.walk_to(people.take_in()["code"], "processor")["code"]
    officer = people.officer(LAND_REGISTRY)
    for queue in QUEUES:
        officer.goto(f"/lam-viec/?queue={queue}")
        people.passes(officer, f"queue {queue}")
    officer.goto(f"/lam-viec/?q={code}")
    expect(officer.locator("main")).to_contain_text(code)
    people.passes(officer, "found")
    officer.goto(f"/ho-so/{code}/")
    people.passes(officer, "dossier at my office")

    officer.goto(f"/ho-so/{code}/hand_over/xac-nhan/")
    people.passes(officer, "hand over")
    officer.locator("[name=do][value=make]").click()

    expect(officer.locator(".actions, main")).not_to_have_count(0)
    done = reader.words("Hand over", verb=True)
    expect(officer.locator("main")).to_contain_text(done)
    people.passes(officer, "handed over")
    officer.goto("/tai-khoan/")
    people.passes(officer, "account")


@pytest.mark.parametrize("reader", READERS, ids=str)
def test_the_slower_of_two_reads_who_was_quicker(people: People, reader: Reader) -> None:
    dossier = people.walk_to(people.take_in()["code"], "processor")
    officer = people.officer(LAND_REGISTRY)
    officer.goto(f"/ho-so/{dossier['code']}/hand_over/xac-nhan/")
    people.walk_to(dossier["code"], "leader")

    officer.locator("[name=do][value=make]").click()

    expect(officer.locator("main [role=alert]")).to_be_visible()
    people.passes(officer, "stale form")


@pytest.mark.parametrize("reader", READERS, ids=str)
def test_a_dossier_of_another_office_is_not_there(people: People, reader: Reader) -> None:
    officer = people.officer(LAND_REGISTRY)
    code = people.take_in()["code"]
    stranger = people.officer("mc.28249")
    stranger.goto(f"/ho-so/{code}/")

    expect(stranger.locator("main")).not_to_contain_text(code)
    people.passes(stranger, "not found")
    officer.goto("/lam-viec/?q=khong-co-ho-so-nay")
    people.passes(officer, "nothing found")
    assert people.dossier(code, told_to=COUNTER)["code"] == code
