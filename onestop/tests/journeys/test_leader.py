"""A leader: what is late before anything else, and a dossier to sign."""

import pytest
from playwright.sync_api import expect

from onestop.tests.journeys.conftest import READERS
from onestop.tests.journeys.people import LEADER, People, Reader

pytestmark = [pytest.mark.journey, pytest.mark.processes, pytest.mark.timeout(600)]


@pytest.mark.parametrize("reader", READERS, ids=str)
def test_a_leader_sees_what_is_late_and_signs(people: People, reader: Reader) -> None:
    code = people.walk_to(people.take_in()["code"], "leader")["code"]
    leader = people.officer(LEADER)
    for queue in ("late", "soon", "office", "mine"):
        leader.goto(f"/lam-viec/?queue={queue}")
        people.passes(leader, f"queue {queue}")
    leader.goto(f"/ho-so/{code}/")
    people.passes(leader, "dossier to sign")
    leader.goto(f"/ho-so/{code}/hand_over/xac-nhan/")
    people.passes(leader, "signing")

    leader.locator("[name=do][value=make]").click()

    expect(leader.locator("main")).to_contain_text(code)
    people.passes(leader, "signed")
    [step] = people.dossier(code, told_to=LEADER)["steps"]
    assert step["role"] == "clerk", "it went to whom the table says"
