"""Finding and adding citizens, and what they agreed to, on the real database."""

from dataclasses import replace
from typing import Any

import pytest
from django.db import connection

from citizens.models import Citizen, Consent, Purpose
from citizens.selectors import by_identity_number, has_consent
from citizens.services import Applicant, find_or_add_citizen, record_consent
from common.errors import DomainError
from offices.models import Commune, Officer

pytestmark = pytest.mark.django_db
NUMBER = "082899000001"


def applicant(commune: Commune, **changes: Any) -> Applicant:
    person = Applicant(
        identity_number=NUMBER, full_name="Nguyễn Thị Ưởng", phone="0951234561", commune=commune
    )
    return replace(person, **changes)


def test_same_number_finds_the_same_person(commune: Commune, front_desk: Officer) -> None:
    first = find_or_add_citizen(applicant=applicant(commune), officer=front_desk)
    second = find_or_add_citizen(
        applicant=applicant(commune, phone="0951234572"), officer=front_desk
    )

    assert first.pk == second.pk
    assert second.phone == "0951234572"


def test_identity_number_is_unreadable_in_the_table_and_found_by_its_hash(
    commune: Commune, front_desk: Officer
) -> None:
    citizen = find_or_add_citizen(applicant=applicant(commune), officer=front_desk)

    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT identity_number, phone FROM citizens_citizen WHERE id = %s", [citizen.pk]
        )
        stored = cursor.fetchone()
    assert NUMBER not in stored[0]
    assert "0951234561" not in stored[1]
    assert by_identity_number("082 899 000 001") == citizen


def test_all_faults_of_a_person_come_at_once(commune: Commune, front_desk: Officer) -> None:
    wrong = applicant(commune, identity_number="123", phone="12", full_name=" ")

    with pytest.raises(DomainError) as refusal:
        find_or_add_citizen(applicant=wrong, officer=front_desk)

    assert set(refusal.value.fields) == {"identity_number", "phone", "full_name"}
    assert not Citizen.objects.filter(search_text="").exists()


@pytest.mark.parametrize("letter", ["각", "İ", "李", "م", "ﷺ"])
def test_longest_name_in_letters_of_another_script_is_kept(
    commune: Commune, front_desk: Officer, letter: str
) -> None:
    wanted = applicant(commune, full_name=letter * 80)

    citizen = find_or_add_citizen(applicant=wanted, officer=front_desk)

    citizen.refresh_from_db()
    assert citizen.full_name == letter * 80


def test_a_person_without_phone_is_taken_in(commune: Commune, front_desk: Officer) -> None:
    citizen = find_or_add_citizen(applicant=applicant(commune, phone=""), officer=front_desk)

    assert citizen.phone == ""


def test_newest_answer_counts_and_no_answer_is_written_twice(
    commune: Commune, front_desk: Officer
) -> None:
    citizen = find_or_add_citizen(applicant=applicant(commune), officer=front_desk)
    for granted in (True, True, False):
        record_consent(citizen=citizen, purpose=Purpose.NEWS, granted=granted, officer=front_desk)

    assert has_consent(citizen, Purpose.NEWS) is False
    assert has_consent(citizen, Purpose.WARNINGS) is None
    assert Consent.objects.filter(citizen=citizen, purpose=Purpose.NEWS).count() == 2
