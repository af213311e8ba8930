"""Nothing that was typed, ticked or shown for one person or case counts for another."""

from typing import Any

import pytest
from django.http import HttpRequest
from django.test import Client
from pytest_django import Settings

from cases.models import Dossier, ProcedureCase
from cases.panels import Recipient
from cases.services.catalogue import create_draft, publish
from cases.services.intake import counter_documents
from cases.tests.cast import BIRTH
from cases.tests.intake_form import CARD, filled, values
from cases.tests.pages import signed_in, text_of
from citizens.models import Citizen, Consent
from citizens.tests.cast import add_citizen
from offices.models import Officer

pytestmark = pytest.mark.django_db

NUMBER_OF_CARD = "082168000142"


@pytest.fixture
def other_case(case: ProcedureCase) -> ProcedureCase:
    return case.version.cases.order_by("position")[1]


@pytest.fixture
def desk(front_desk: Officer) -> Client:
    return signed_in(front_desk)


def shown(desk: Client, data: dict[str, Any]) -> dict[str, Any]:
    """The form as the browser holds it after a button that only fills in."""
    page = desk.post("/tiep-nhan/", data | {"do": "refresh"})
    return {bound.name: bound.value() or "" for bound in page.context["form"]}


def states(held: dict[str, Any]) -> list[str]:
    return [name for name, value in held.items() if name.startswith("state_") and value]


# ---- papers of another procedure or case ---------------------------------------------------------


def test_ticks_are_gone_when_another_procedure_is_chosen(case: ProcedureCase, desk: Client) -> None:
    held = shown(desk, filled(case, count_d1="7"))
    assert states(held)

    page = desk.post("/tiep-nhan/", held | {"do": f"choose:{BIRTH}"})

    assert not states(values(page))
    assert values(page)["count_d1"] != "7"
    assert "Line 1 not checked" in text_of(page)


def test_ticks_are_gone_when_the_case_alone_changes(
    case: ProcedureCase, other_case: ProcedureCase, desk: Client
) -> None:
    held = shown(desk, filled(case))

    assert not states(shown(desk, held | {"case": other_case.code}))


@pytest.mark.parametrize("do", ["accept", "supplement", "refuse"])
def test_case_changed_in_the_very_post_that_finishes_is_shown_first(
    case: ProcedureCase, other_case: ProcedureCase, desk: Client, do: str
) -> None:
    held = shown(desk, filled(case, refusal="Không đúng nơi nhận"))

    page = desk.post("/tiep-nhan/", held | {"case": other_case.code, "do": do})

    assert page.status_code == 400
    assert "These are the papers of another case than before." in text_of(page)
    assert not states(values(page))
    assert not Dossier.objects.exists()


def test_papers_of_a_version_published_meanwhile_are_checked_anew(
    case: ProcedureCase, desk: Client
) -> None:
    held = shown(desk, filled(case))
    publish(create_draft(case.version), officer=None)

    page = desk.post("/tiep-nhan/", held | {"do": "accept"})

    assert page.status_code == 400
    assert not states(values(page))


def test_ticks_of_the_checklist_shown_are_accepted(case: ProcedureCase, desk: Client) -> None:
    held = shown(desk, filled(case))

    answer = desk.post("/tiep-nhan/", held | {"do": "accept"})

    assert answer.status_code == 302
    checked = {paper.key: paper.state for paper in Dossier.objects.get().papers.all()}
    assert checked == {d.key: held[f"state_{d.key}"] for d in counter_documents(case)}


# ---- the person before ---------------------------------------------------------------------------


def ticked(citizen: Citizen) -> dict[str, Any]:
    """A form of a known person with everything ticked that can be."""
    return {
        "identity_number": citizen.identity_number,
        "full_name": citizen.full_name,
        "phone": citizen.phone,
        "address": citizen.address,
        "commune": str(citizen.commune),
        "record_of": citizen.ref,
        "agree_news": "on",
        "withdraw_dossier": "on",
        "duplicate_ok": "on",
        "name_ok": "on",
    }


@pytest.mark.parametrize("found_by", [CARD, "082 168 000 142"])
def test_next_person_takes_over_nothing_of_the_one_before(
    found_by: str, citizen: Citizen, desk: Client
) -> None:
    page = desk.post("/tiep-nhan/", ticked(citizen) | {"do": "read", "find": found_by})

    held = values(page)
    assert held["identity_number"] == NUMBER_OF_CARD
    assert not {"phone", "record_of", "agree_news", "duplicate_ok", "name_ok"} & held.keys()
    assert held.get("address") != citizen.address
    assert held.get("full_name") != citizen.full_name


def test_person_who_is_chosen_takes_over_nothing_of_the_one_before(
    citizen: Citizen, desk: Client
) -> None:
    chosen = add_citizen(2)
    Citizen.objects.filter(pk=chosen.pk).update(phone="", address="")

    page = desk.post("/tiep-nhan/", ticked(citizen) | {"do": f"citizen:{chosen.ref}"})

    held = values(page)
    assert (held["identity_number"], held["record_of"]) == (chosen.identity_number, chosen.ref)
    assert not {"phone", "address", "agree_news", "withdraw_dossier", "duplicate_ok"} & held.keys()


def test_card_of_the_same_person_again_keeps_what_was_typed(citizen: Citizen, desk: Client) -> None:
    card = CARD.replace(NUMBER_OF_CARD, citizen.identity_number)
    typed = ticked(citizen) | {"phone": "0951000999"}

    held = values(desk.post("/tiep-nhan/", typed | {"do": "read", "find": card}))

    assert held["phone"] == "0951000999"
    assert held["agree_news"]


def test_tick_for_a_second_dossier_counts_for_the_person_it_was_shown_with(
    case: ProcedureCase, desk: Client
) -> None:
    people = [add_citizen(number) for number in (1, 2)]
    for citizen in people:
        desk.post("/tiep-nhan/", filled(case, **person(citizen), submission_key=citizen.ref))
    held = shown(desk, filled(case, **person(people[0]), duplicate_ok="on"))

    page = desk.post("/tiep-nhan/", held | person(people[1]) | {"do": "accept"})

    assert page.context["form"].errors["duplicate_ok"]
    assert Dossier.objects.count() == 2


# ---- a number that belongs to somebody else ------------------------------------------------------


def person(citizen: Citizen) -> dict[str, str]:
    return {"identity_number": citizen.identity_number, "full_name": citizen.full_name}


@pytest.mark.parametrize("do", ["accept", "refuse"])
def test_number_of_another_name_needs_a_tick_before_anything_is_replaced(
    case: ProcedureCase, citizen: Citizen, desk: Client, do: str
) -> None:
    form = filled(
        case, identity_number=citizen.identity_number, do=do, refusal="Không đúng nơi nhận"
    )

    page = desk.post("/tiep-nhan/", form)

    assert page.status_code == 400
    assert "belongs to Nguyễn T** Ư** , not to the name typed" in text_of(page)
    assert page.context["form"].errors["name_ok"]
    assert Citizen.objects.get().phone == citizen.phone
    assert not Dossier.objects.exists()

    desk.post("/tiep-nhan/", form | {"name_ok": "on"})

    assert Citizen.objects.get().full_name == "Phạm Thị Ngọc Hạnh"
    assert Dossier.objects.count() == 1


def test_tick_for_another_name_counts_for_the_name_it_was_shown_with(
    case: ProcedureCase, citizen: Citizen, desk: Client
) -> None:
    held = shown(desk, filled(case, identity_number=citizen.identity_number, name_ok="on"))

    page = desk.post("/tiep-nhan/", held | {"full_name": "Trần Văn Khác", "do": "accept"})

    assert page.context["form"].errors["name_ok"]
    assert Citizen.objects.get().full_name == citizen.full_name


def test_name_spelt_a_little_otherwise_is_no_other_name(
    case: ProcedureCase, citizen: Citizen, desk: Client
) -> None:
    desk.post(
        "/tiep-nhan/",
        filled(case, identity_number=citizen.identity_number, full_name=" nguyen  THI uong"),
    )

    assert Citizen.objects.get().phone == "0951000156"


# ---- the phone on record -------------------------------------------------------------------------


def tell_phone(request: HttpRequest, recipient: Recipient) -> tuple[str, dict[str, str]]:
    """A panel that shows the phone it was given."""
    return "components/empty_state.html", {"text": f"told at [{recipient.phone}]"}


@pytest.fixture
def panel(settings: Settings) -> None:
    settings.INTAKE_PANELS = [f"{__name__}.tell_phone"]


@pytest.mark.usefixtures("panel")
def test_phone_that_was_shown_and_emptied_is_gone_and_the_panel_says_so(
    case: ProcedureCase, citizen: Citizen, desk: Client
) -> None:
    read = values(desk.post("/tiep-nhan/", {"do": "read", "find": citizen.identity_number}))
    form = filled(case) | read | {"phone": "", "submission_key": "1"}

    page = desk.post("/tiep-nhan/", form | {"do": "refresh"})
    desk.post("/tiep-nhan/", form | {"do": "accept"})

    assert "told at []" in text_of(page)
    assert Citizen.objects.get().phone == ""


@pytest.mark.usefixtures("panel")
def test_phone_that_the_form_never_showed_stays_and_the_panel_says_so(
    case: ProcedureCase, citizen: Citizen, desk: Client
) -> None:
    by_hand = filled(case, **person(citizen), phone="", record_of="")

    page = desk.post("/tiep-nhan/", by_hand | {"do": "refresh"})
    desk.post("/tiep-nhan/", by_hand)

    assert f"told at [{citizen.phone}]" in text_of(page)
    assert Citizen.objects.get().phone == citizen.phone


@pytest.mark.usefixtures("panel")
def test_panel_shows_the_phone_as_it_will_be_stored(case: ProcedureCase, desk: Client) -> None:
    form = filled(case, phone="+84 951 000 156")

    page = desk.post("/tiep-nhan/", form | {"do": "refresh"})
    desk.post("/tiep-nhan/", form)

    assert f"told at [{Citizen.objects.get().phone}]" in text_of(page)


def test_known_card_brings_the_phone_on_record(citizen: Citizen, desk: Client) -> None:
    card = CARD.replace(NUMBER_OF_CARD, citizen.identity_number)

    held = values(desk.post("/tiep-nhan/", {"do": "read", "find": card}))

    assert (held["phone"], held["full_name"]) == (citizen.phone, "Phạm Thị Ngọc Hạnh")


# ---- a form that was sent already ----------------------------------------------------------------


def test_form_sent_again_for_another_person_is_refused_with_the_code_and_keeps_what_was_typed(
    case: ProcedureCase, desk: Client
) -> None:
    desk.post("/tiep-nhan/", filled(case))
    first = Dossier.objects.get()

    page = desk.post(
        "/tiep-nhan/",
        filled(case, identity_number="082168000999", full_name="Trần Văn Kế Tiếp"),
    )

    assert page.status_code == 400
    assert f"This form was already sent as {first.code}. Open a new one." in text_of(page)
    assert values(page)["full_name"] == "Trần Văn Kế Tiếp"
    assert Dossier.objects.count() == Citizen.objects.count() == 1


@pytest.mark.parametrize("do", ["accept", "refuse"])
def test_form_sent_again_for_another_case_is_refused_with_the_code(
    case: ProcedureCase, other_case: ProcedureCase, desk: Client, do: str
) -> None:
    desk.post("/tiep-nhan/", filled(case))

    page = desk.post("/tiep-nhan/", filled(other_case, do=do, refusal="Không đúng nơi nhận"))

    assert "This form was already sent as" in text_of(page)
    assert not Consent.objects.exists()
    assert Dossier.objects.count() == 1
