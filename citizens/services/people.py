"""Who citizens are, how to reach them, and what they agreed to."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from django.db import transaction
from django.utils.translation import gettext as _

from citizens import selectors
from citizens.identity import parse_full_name, parse_identity_number, parse_phone
from citizens.models import AccessReason, Citizen, Consent, PersonalDataAccess, Purpose
from citizens.services.zalo import note_opt_in
from common.errors import DomainError
from common.fields import keyed_hash
from common.text import fold, nfc
from offices.models import Commune, Officer

# Version of the words that the front desk reads out before ticking a consent.
WORDING_VERSION = "2026-11"
_PARSERS = {
    "identity_number": parse_identity_number,
    "full_name": parse_full_name,
    "phone": parse_phone,
}


@dataclass(frozen=True)
class Applicant:
    """What the counter knows of the person who hands in a dossier, as typed or scanned.

    `phone` None means that nothing was said of it; "" that there is none. `may_rename` says that
    somebody looked: the name on record is wrong, not the number.
    """

    identity_number: str
    full_name: str
    commune: Commune
    phone: str | None = None
    address: str = ""
    consents: Mapping[Purpose, bool] = field(default_factory=dict)
    may_rename: bool = False


@transaction.atomic
def find_or_add_citizen(*, applicant: Applicant, officer: Officer) -> Citizen:
    """The citizen with this identity number, created or brought up to date, consents recorded.

    Raises DomainError with a text per field for anything that cannot be kept, also for the number
    of somebody else: a slip in one digit may not send a stranger's messages to this phone.
    """
    number, name, phone = _checked(applicant)
    citizen, created = Citizen.objects.select_for_update().get_or_create(
        identity_hash=keyed_hash(number),
        defaults={
            "identity_number": number,
            "full_name": name,
            "phone": phone or "",
            "address": nfc(applicant.address),
            "commune": applicant.commune,
        },
    )
    if not created:
        if has_other_name(citizen, name) and not applicant.may_rename:
            message = _("This identity number belongs to another name.")
            raise DomainError(message, fields={"full_name": [message]})
        _bring_up_to_date(citizen, name, phone, applicant)
    for purpose, granted in applicant.consents.items():
        record_consent(citizen=citizen, purpose=purpose, granted=granted, officer=officer)
    return citizen


def has_other_name(citizen: Citizen, name: str) -> bool:
    """Whether `name` differs from the one on record by more than accents, case and spaces."""
    return fold(nfc(name)) != fold(citizen.full_name)


def _checked(applicant: Applicant) -> tuple[str, str, str | None]:
    errors: dict[str, list[str]] = {}
    values = {"identity_number": "", "full_name": "", "phone": ""}
    for name, parse in _PARSERS.items():
        text = getattr(applicant, name)
        if not text and name == "phone":
            continue
        try:
            values[name] = parse(text)
        except DomainError as error:
            errors |= error.fields
    if errors:
        raise DomainError(_("Some values need mending."), fields=errors)
    phone = None if applicant.phone is None else values["phone"]
    return values["identity_number"], values["full_name"], phone


def _bring_up_to_date(citizen: Citizen, name: str, phone: str | None, applicant: Applicant) -> None:
    citizen.full_name = name
    citizen.commune = applicant.commune
    citizen.address = nfc(applicant.address) or citizen.address
    if phone is not None and phone != citizen.phone:
        citizen.phone = phone
        citizen.zalo_phone_closed_until = None
        citizen.zalo_phone_closed_until_opt_in = False
    citizen.save()


def record_consent(
    *,
    citizen: Citizen,
    purpose: Purpose,
    granted: bool,
    officer: Officer | None,
    wording_version: str = WORDING_VERSION,
) -> None:
    """Appends an answer when it differs from the newest one for that purpose.

    `officer` is None where the citizen answered without one, as in the chat.
    """
    if selectors.has_consent(citizen, purpose) is granted:
        return
    Consent.objects.create(
        citizen=citizen,
        purpose=purpose,
        granted=granted,
        wording_version=wording_version,
        recorded_by=officer,
    )
    if granted:
        note_opt_in(citizen=citizen)


def log_access(
    *, citizen: Citizen, officer: Officer, reason: AccessReason, dossier_ref: str = ""
) -> None:
    """Writes down that an officer read the full personal data of a citizen."""
    PersonalDataAccess.objects.create(
        citizen=citizen, officer=officer, reason=reason, dossier_ref=dossier_ref
    )
