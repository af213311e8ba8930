"""The body of `POST dossiers/`: shape and words, then one NewDossier for the service."""

from collections.abc import Callable
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l
from rest_framework import serializers

from cases.api.fields import BodySerializer, RowsField, TextField
from cases.selectors.catalogue import current_case
from cases.services.intake import NewDossier, PaperCheck
from cases.workflow import PaperState, ResultChannel
from citizens.identity import parse_full_name, parse_identity_number, parse_phone
from citizens.models import Purpose
from citizens.services import Applicant
from common.errors import DomainError
from offices.models import Commune
from offices.selectors.communes import find_commune

_MOST_PAPERS = 100
_MOST_OF_A_PAPER = 99


class ConsentsSerializer(BodySerializer):
    """What the applicant was asked; a purpose left out was not asked."""

    dossier = serializers.BooleanField(required=False, help_text=_l("Messages about own dossiers."))
    news = serializers.BooleanField(required=False, help_text=_l("Policy news."))


class ApplicantSerializer(BodySerializer):
    """The person who hands in the dossier."""

    identity_number = TextField(max_length=40, help_text=_l("12 digits."))
    full_name = TextField(max_length=200)
    phone = TextField(
        max_length=40,
        required=False,
        allow_blank=True,
        default=None,
        help_text=_l("0951234567; empty: none. Left out: the one on record stays."),
    )
    commune = TextField(
        max_length=80, help_text=_l("Statistics code, or that of one of its offices.")
    )
    consents = ConsentsSerializer(required=False)

    def validate_identity_number(self, text: str) -> str:
        return _parsed(parse_identity_number, text)

    def validate_full_name(self, text: str) -> str:
        return _parsed(parse_full_name, text)

    def validate_phone(self, text: str | None) -> str | None:
        return _parsed(parse_phone, text) if text else text

    def validate_commune(self, code: str) -> Commune:
        return _commune(code)


class DocumentSerializer(BodySerializer):
    """One line of the checklist."""

    key = TextField(max_length=20, help_text=_l("As in `procedures/{code}/`."))
    state = serializers.ChoiceField(PaperState.choices)
    count = serializers.IntegerField(min_value=0, max_value=_MOST_OF_A_PAPER, default=1)


class NewDossierSerializer(BodySerializer):
    """What the front desk took in."""

    procedure = TextField(max_length=40, help_text=_l("Code of the procedure."))
    case = TextField(
        max_length=80, required=False, default="", help_text=_l("Code; the first when left out.")
    )
    commune = TextField(
        max_length=80,
        required=False,
        default=None,
        help_text=_l("The competent one, e.g. where the land lies; left out: the applicant's."),
    )
    applicant = ApplicantSerializer()
    documents = RowsField(
        child=DocumentSerializer(),
        required=False,
        default=None,
        max_length=_MOST_PAPERS,
        help_text=_l("Left out: all required ones are there. A line left out is missing."),
    )
    result_channel = serializers.ChoiceField(ResultChannel.choices, default=ResultChannel.COUNTER)

    def validate_commune(self, code: str | None) -> Commune | None:
        return None if code is None else _commune(code)

    def validate_documents(self, documents: list[Any] | None) -> list[Any] | None:
        keys = [document["key"] for document in documents or ()]
        if len(keys) != len(set(keys)):
            raise serializers.ValidationError(_("A paper is named twice."))
        return documents


def new_dossier(values: dict[str, Any]) -> NewDossier:
    """The service's input from validated values. Raises DomainError for an unknown procedure."""
    person = values["applicant"]
    papers = values["documents"]
    return NewDossier(
        case=current_case(values["procedure"], values["case"]),
        applicant=Applicant(
            identity_number=person["identity_number"],
            full_name=person["full_name"],
            commune=person["commune"],
            phone=person["phone"],
            consents={Purpose(p): answer for p, answer in person.get("consents", {}).items()},
        ),
        commune=values["commune"],
        papers=None
        if papers is None
        else [PaperCheck(p["key"], PaperState(p["state"]), p["count"]) for p in papers],
        result_channel=ResultChannel(values["result_channel"]),
    )


def in_body_terms(error: DomainError) -> DomainError:
    """The refusal of the service with its fields named as in the body: `applicant.full_name`."""
    person = ApplicantSerializer().fields
    error.fields = {
        f"applicant.{name}" if name in person and name != "commune" else name: texts
        for name, texts in error.fields.items()
    }
    return error


def _parsed(parse: Callable[[str], str], text: str) -> str:
    try:
        return parse(text)
    except DomainError as error:
        raise serializers.ValidationError(error.message) from None


def _commune(code: str) -> Commune:
    commune = find_commune(code)
    if commune is None:
        raise serializers.ValidationError(_("There is no commune with this code."))
    return commune
