"""The steps on the way to a dossier: reading a card, finding a person, finding a procedure."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field

from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from cases.models import Procedure
from cases.selectors.catalogue import search_procedures
from citizens.identity import parse_card_text
from citizens.models import AccessReason, Citizen
from citizens.selectors import by_identity_number, find_people
from citizens.services import log_access
from common.errors import DomainError
from common.text import fold, nfc
from offices.models import Commune, Officer
from offices.selectors.communes import communes_meant

_MOST_PROCEDURES = 12
_OF_ONE_PERSON = (
    "identity_number", "full_name", "phone", "address", "commune", "record_of", "duplicate_ok",
    "name_ok", "agree_", "withdraw_",
)  # fmt: skip
_BESIDE_WARNINGS = ("duplicate_ok", "name_ok")
_OF_ONE_CHECKLIST = ("state_", "count_")
_CODE_AT_END = re.compile(r"\(([\w.]+)\)\s*$")


@dataclass
class Filling:
    """The form's values while a step fills them in, and what the step found or could not read."""

    officer: Officer
    data: QueryDict
    communes: list[Commune]
    said: str = ""
    errors: dict[str, str] = field(default_factory=dict)
    people: list[Citizen] = field(default_factory=list)
    procedures: list[Procedure] = field(default_factory=list)

    def put(self, **values: str) -> None:
        """Sets what is not empty."""
        for name, value in values.items():
            if value:
                self.data[name] = value

    def begin_person(self, identity_number: str) -> None:
        """Forgets all that was said of another person before, ticks and consents with it."""
        if _digits(str(self.data.get("identity_number", ""))) != identity_number:
            self._drop(_OF_ONE_PERSON)
        self.data["identity_number"] = identity_number

    def drop_papers(self) -> None:
        """Forgets the ticks and numbers of a checklist that is not shown any more."""
        self._drop(_OF_ONE_CHECKLIST)

    def drop_ticks(self) -> None:
        """Forgets the ticks beside warnings that are not shown any more."""
        self._drop(_BESIDE_WARNINGS)

    def _drop(self, beginnings: tuple[str, ...]) -> None:
        for name in [name for name in self.data if name.startswith(beginnings)]:
            del self.data[name]


def _digits(text: str) -> str:
    return "".join(c for c in text if c.isdigit())


def read_person(filling: Filling, value: str) -> None:
    """A scanned card fills the person in; a number, phone or name is looked up."""
    text = nfc(str(filling.data.get("find", "")).replace("\0", ""))
    if not text:
        # Enter in any field presses the form's first button.
        find_procedure(filling, value)
        return
    if "|" in text:
        _read_card(filling, text)
        return
    people = find_people(text)
    if len(people) == 1:
        _put_person(filling, people[0])
    elif people:
        filling.people = people
        n = len(people)
        filling.said = ngettext("%(n)d person found.", "%(n)d people found.", n) % {"n": n}
    else:
        digits = _digits(text)
        if len(digits) == 12:
            filling.begin_person(digits)
        filling.said = _("Nobody known by that. Fill in the person below.")
        return
    filling.data["find"] = ""


def _read_card(filling: Filling, text: str) -> None:
    try:
        card = parse_card_text(text)
    except DomainError as error:
        filling.errors["find"] = error.message
        return
    filling.begin_person(card.identity_number)
    known = by_identity_number(card.identity_number)
    if known is not None and filling.data.get("record_of") != known.ref:
        _put_record(filling, known)
    filling.put(
        full_name=card.full_name,
        address=card.address,
        commune=_commune_of(card.address, filling.communes),
    )
    filling.data["find"] = ""
    year = f", {card.birth_date.year}" if card.birth_date else ""
    filling.said = _("Card read: %(person)s") % {"person": f"{card.full_name}{year}"}


def _commune_of(address: str, communes: list[Commune]) -> str:
    """The commune in an address: its first part that names just one, before the district.

    On an older card the part names a former commune, which district and province tell apart.
    """
    parts = address.split(",")
    for number, part in enumerate(parts):
        for text in (part, ",".join(parts[number:])):
            meant = communes_meant(text, communes)
            if len(meant) == 1 and (text != part or _is_named(meant[0], part)):
                return str(meant[0])
    return ""


def _is_named(commune: Commune, part: str) -> bool:
    return fold(part) in (commune.search_text, commune.search_text.partition(" ")[2])


def choose_person(filling: Filling, value: str) -> None:
    """One of the people found."""
    citizen = Citizen.objects.select_related("commune").filter(ref=value).first()
    if citizen is not None:
        _put_person(filling, citizen)
        filling.data["find"] = ""


def _put_person(filling: Filling, citizen: Citizen) -> None:
    filling.begin_person(citizen.identity_number)
    _put_record(filling, citizen)
    filling.said = _("Known person: %(person)s") % {"person": citizen.full_name}


def _put_record(filling: Filling, citizen: Citizen) -> None:
    """What is on record of the person, and that the form has shown it."""
    log_access(citizen=citizen, officer=filling.officer, reason=AccessReason.INTAKE)
    filling.put(
        record_of=citizen.ref,
        full_name=citizen.full_name,
        phone=citizen.phone,
        address=citizen.address,
        commune=str(citizen.commune),
    )


def find_procedure(filling: Filling, value: str) -> None:
    """By code or words: a single hit is chosen, several are offered."""
    text = nfc(str(filling.data.get("procedure_words", "")).replace("\0", ""))
    if not text:
        return
    code = _CODE_AT_END.search(text)
    found = list(search_procedures(code.group(1) if code else text)[: _MOST_PROCEDURES + 1])
    if len(found) == 1:
        _put_procedure(filling, found[0].code)
    elif found:
        filling.procedures = found[:_MOST_PROCEDURES]
    else:
        filling.errors["procedure_words"] = _("No procedure has these words. Try fewer.")


def choose_procedure(filling: Filling, value: str) -> None:
    """One of the procedures offered, by code."""
    _put_procedure(filling, value)


def _put_procedure(filling: Filling, code: str) -> None:
    if filling.data.get("procedure") != code:
        filling.data["case"] = ""
        filling.drop_papers()
    filling.data["procedure"] = code
    filling.data["procedure_words"] = ""


def procedure_options() -> list[Procedure]:
    """What the field offers while typing."""
    return list(search_procedures())


FILLERS: dict[str, Callable[[Filling, str], None]] = {
    "read": read_person,
    "citizen": choose_person,
    "procedure": find_procedure,
    "choose": choose_procedure,
}
