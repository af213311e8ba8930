"""Reads about citizens."""

from collections.abc import Callable

from django.db.models import Q

from citizens.identity import parse_identity_number, parse_phone
from citizens.models import Citizen, Consent, Purpose
from common.errors import DomainError
from common.fields import keyed_hash
from common.text import fold

MOST_FOUND = 9
"""More people of one name than this must be told apart by number."""


def has_consent(citizen: Citizen, purpose: Purpose) -> bool | None:
    """The newest answer for the purpose; None when the citizen was never asked."""
    return (
        Consent.objects.filter(citizen=citizen, purpose=purpose)
        .order_by("-id")
        .values_list("granted", flat=True)
        .first()
    )


def consents_of(citizen: Citizen) -> dict[str, bool]:
    """The newest answer for each purpose that the citizen was ever asked about; one query."""
    newest = Consent.objects.filter(citizen=citizen).order_by("purpose", "-id").distinct("purpose")
    return dict(newest.values_list("purpose", "granted"))


def by_identity_number(text: str) -> Citizen | None:
    """The citizen with exactly this number. Raises DomainError when it is no number."""
    return (
        Citizen.objects.select_related("commune")
        .filter(identity_hash=keyed_hash(parse_identity_number(text)))
        .first()
    )


def find_people(text: str) -> list[Citizen]:
    """Citizens with exactly this identity number or phone number, or whose name has all the words.

    Accents do not count; at most MOST_FOUND, by name.
    """
    people = Citizen.objects.select_related("commune")
    number, phone = _parsed(parse_identity_number, text), _parsed(parse_phone, text)
    if number or phone:
        condition = Q(identity_hash=keyed_hash(number)) if number else Q()
        condition |= Q(phone_hash=keyed_hash(phone)) if phone else Q()
        return list(people.filter(condition)[:MOST_FOUND])
    words = fold(text).split()
    for word in words:
        people = people.filter(search_text__contains=word)
    return list(people[:MOST_FOUND]) if words else []


def _parsed(parse: Callable[[str], str], text: str) -> str:
    try:
        return parse(text)
    except DomainError:
        return ""
