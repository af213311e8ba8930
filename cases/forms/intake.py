"""The one form of the counter: person, procedure, papers, consents, and how the result is given."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django import forms
from django.forms.boundfield import BoundField
from django.forms.utils import ErrorDict
from django.utils.functional import Promise
from django.utils.translation import gettext as _g
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from cases.models import Dossier, ProcedureCase, ProcedureVersion, RequiredDocument
from cases.services.intake import NewDossier, PaperCheck, counter_documents
from cases.workflow import PaperState, ResultChannel
from citizens.identity import LONGEST_NAME, parse_full_name, parse_identity_number, parse_phone
from citizens.models import Citizen, Purpose
from citizens.services import Applicant
from common.errors import DomainError
from common.text import fold
from offices.models import Commune
from offices.selectors.communes import communes_meant

ACCEPT, SUPPLEMENT, REFUSE = "accept", "supplement", "refuse"
_MOST_NAMED = 4

_AGREES: dict[Purpose, str | Promise] = {
    Purpose.DOSSIER: _("Agrees to messages about the dossier by Zalo; the question was read out"),
    Purpose.NEWS: _("Agrees to policy news by Zalo"),
    Purpose.WARNINGS: _("Agrees to emergency warnings by Zalo"),
}
_WITHDRAWS: dict[Purpose, str | Promise] = {
    Purpose.DOSSIER: _("Has agreed to messages about dossiers; tick to withdraw"),
    Purpose.NEWS: _("Has agreed to policy news; tick to withdraw"),
    Purpose.WARNINGS: _("Has agreed to emergency warnings; tick to withdraw"),
}


@dataclass(frozen=True)
class Scene:
    """What is known while a dossier is being taken in."""

    communes: list[Commune]
    version: ProcedureVersion | None = None
    case: ProcedureCase | None = None
    citizen: Citizen | None = None
    consents: Mapping[str, bool] = field(default_factory=dict)
    open_dossiers: list[Dossier] = field(default_factory=list)
    submission_key: str = ""
    name_on_record: str = ""
    """Masked; only where it is another one than the name typed."""

    @property
    def cases(self) -> list[ProcedureCase]:
        """The cases of the chosen procedure, in order."""
        return sorted(self.version.cases.all(), key=lambda c: c.position) if self.version else []

    @property
    def documents(self) -> list[RequiredDocument]:
        """The checklist of the chosen case at a counter."""
        if self.case is None:
            return []
        return sorted(counter_documents(self.case), key=lambda d: d.position)

    @property
    def duplicates(self) -> list[Dossier]:
        """Open dossiers of the same person and procedure, but for the one this form made."""
        if self.version is None:
            return []
        wanted = self.version.procedure_id
        return [
            dossier
            for dossier in self.open_dossiers
            if dossier.procedure_version.procedure_id == wanted
            and dossier.submission_key != self.submission_key
        ]


@dataclass(frozen=True)
class Line:
    """One row of the checklist."""

    position: int
    document: RequiredDocument
    state: BoundField
    count: BoundField

    @property
    def note(self) -> str:
        """ "Required, 1 original and 2 copies", or when it applies."""
        document = self.document
        originals, copies = _originals(document.originals), _copies(document.copies)
        asked = originals or copies
        if originals and copies:
            words = {"originals": originals, "copies": copies}
            asked = _g("%(originals)s and %(copies)s") % words
        need = _g("Required") if document.required else _g("If it applies")
        shown = _g("to be shown only") if document.kind == "present" else ""
        when = "" if fold(document.when) == fold(need) else document.when
        return ", ".join(filter(None, [need, asked, shown, when]))

    @property
    def is_checked(self) -> bool:
        return bool(self.state.value())

    @property
    def css(self) -> str:
        return "doc-missing" if self.is_lacking else ""

    @property
    def is_lacking(self) -> bool:
        """Required, and ticked as missing."""
        return self.document.required and self.state.value() == PaperState.MISSING


def _originals(n: int) -> str:
    return ngettext("%(n)d original", "%(n)d originals", n) % {"n": n} if n else ""


def _copies(n: int) -> str:
    return ngettext("%(n)d copy", "%(n)d copies", n) % {"n": n} if n else ""


class IntakeForm(forms.Form):
    """`purpose` is what the officer pressed (ACCEPT, SUPPLEMENT, REFUSE); "" checks nothing."""

    submission_key = forms.CharField(widget=forms.HiddenInput, max_length=64)
    find = forms.CharField(
        label=_("Scan the card, or type an identity number, phone or name"),
        required=False,
        max_length=400,
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )
    identity_number = forms.CharField(
        label=_("Identity number"),
        max_length=30,
        error_messages={"required": _("Enter the identity number.")},
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
    )
    full_name = forms.CharField(
        label=_("Full name"),
        max_length=LONGEST_NAME,
        error_messages={"required": _("Enter the full name.")},
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    phone = forms.CharField(
        label=_("Phone, read back"),
        required=False,
        max_length=30,
        widget=forms.TextInput(attrs={"inputmode": "tel", "autocomplete": "off"}),
    )
    commune = forms.CharField(
        label=_("Commune where the person lives"),
        max_length=80,
        error_messages={"required": _("Enter the commune where the person lives.")},
        widget=forms.TextInput(attrs={"list": "communes", "autocomplete": "off"}),
    )
    address = forms.CharField(label=_("House, street, hamlet"), required=False, max_length=200)
    procedure = forms.CharField(
        widget=forms.HiddenInput,
        max_length=40,
        error_messages={"required": _("Choose the procedure.")},
    )
    procedure_words = forms.CharField(
        label=_("Type without accents, or the code"),
        required=False,
        max_length=120,
        widget=forms.TextInput(attrs={"list": "procedures", "autocomplete": "off"}),
    )
    case = forms.ChoiceField(
        label=_("Case"),
        required=False,
        error_messages={
            "required": _("Choose the case."),
            "invalid_choice": _("The procedure has no such case. Choose one and check its papers."),
        },
    )
    land_commune = forms.CharField(
        label=_("Commune that it concerns, if another (where the land lies)"),
        required=False,
        max_length=80,
        widget=forms.TextInput(attrs={"list": "communes", "autocomplete": "off"}),
    )
    result_channel = forms.ChoiceField(label=_("Result by"), choices=ResultChannel.choices)
    # What the page has shown, so that a tick never counts for something else.
    checklist = forms.CharField(widget=forms.HiddenInput, required=False)
    record_of = forms.CharField(widget=forms.HiddenInput, required=False)
    asked_of = forms.CharField(widget=forms.HiddenInput, required=False)
    name_ok = forms.BooleanField(
        label=_("The number is right: replace the name on record by the one typed"), required=False
    )
    duplicate_ok = forms.BooleanField(
        label=_("Take in another dossier of the same procedure"), required=False
    )
    refusal = forms.CharField(
        label=_("Reason, in words that the citizen understands"),
        required=False,
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def __init__(self, data: Mapping[str, Any], *, scene: Scene, purpose: str = "") -> None:
        super().__init__(data)
        self.scene, self.purpose = scene, purpose
        case = self.fields["case"]
        assert isinstance(case, forms.ChoiceField)
        case.choices = [(row.code, row.name) for row in scene.cases]
        case.required = bool(purpose and scene.cases)
        self._add_consents()
        for document in scene.documents:
            self._add_paper(document)

    def _add_consents(self) -> None:
        for purpose in Purpose:
            has_agreed = self.scene.consents.get(purpose, False)
            name = f"withdraw_{purpose.value}" if has_agreed else f"agree_{purpose.value}"
            label = (_WITHDRAWS if has_agreed else _AGREES)[purpose]
            self.fields[name] = forms.BooleanField(label=str(label), required=False)

    def _add_paper(self, document: RequiredDocument) -> None:
        states = [s for s in PaperState if s != PaperState.DATABASE or document.from_database]
        self.fields[f"state_{document.key}"] = forms.ChoiceField(
            label=document.short_name,
            required=False,
            choices=[(state.value, state.label) for state in states],
            widget=forms.RadioSelect,
        )
        self.fields[f"count_{document.key}"] = forms.IntegerField(
            label=_("Number"), required=False, min_value=0, max_value=99
        )

    # ---- what the page shows -------------------------------------------------------------------

    def consents(self) -> list[BoundField]:
        """One box per purpose, never ticked beforehand."""
        return [self[name] for name in self.fields if name.startswith(("agree_", "withdraw_"))]

    def lines(self) -> list[Line]:
        """The checklist in order."""
        return [
            Line(n, d, self[f"state_{d.key}"], self[f"count_{d.key}"])
            for n, d in enumerate(self.scene.documents, start=1)
        ]

    def agrees_to_messages(self) -> bool:
        """As the boxes stand now."""
        name = Purpose.DOSSIER.value
        if f"agree_{name}" in self.fields:
            return bool(self[f"agree_{name}"].value())
        return not self[f"withdraw_{name}"].value()

    def keeps_phone(self) -> bool:
        """An empty field leaves the phone on record which it has never shown."""
        shown, citizen = self["record_of"].value(), self.scene.citizen
        is_empty = not str(self["phone"].value() or "").strip()
        return is_empty and citizen is not None and shown not in (None, citizen.ref)

    # ---- checks --------------------------------------------------------------------------------

    def full_clean(self) -> None:
        """Checks only for a purpose: on the way there nothing is an error yet."""
        if self.purpose:
            super().full_clean()
            return
        self._errors = ErrorDict()
        self.cleaned_data: dict[str, Any] = {}

    def clean_identity_number(self) -> str:
        return _parsed(parse_identity_number, self.cleaned_data["identity_number"])

    def clean_full_name(self) -> str:
        return _parsed(parse_full_name, self.cleaned_data["full_name"])

    def clean_phone(self) -> str:
        phone: str = self.cleaned_data["phone"]
        return _parsed(parse_phone, phone) if phone else ""

    def clean_procedure(self) -> str:
        version = self.scene.version
        if version is None:
            raise forms.ValidationError(_("There is no procedure with this code."))
        if version.external_system:
            message = _g("This procedure is handled in another system: %(system)s.")
            raise forms.ValidationError(message % {"system": version.external_system_name})
        return version.procedure.code

    def clean_commune(self) -> Commune:
        return self._commune(self.cleaned_data["commune"])

    def clean_land_commune(self) -> Commune | None:
        text: str = self.cleaned_data["land_commune"]
        return self._commune(text) if text.strip() else None

    def _commune(self, text: str) -> Commune:
        found = communes_meant(text, self.scene.communes)
        if len(found) == 1:
            return found[0]
        if not found:
            raise forms.ValidationError(_("No commune has this name."))
        names = ", ".join(str(commune) for commune in found[:_MOST_NAMED])
        more = _g("Several communes fit: %(names)s. Write more of the name, with accents.")
        raise forms.ValidationError(more % {"names": names})

    def clean(self) -> dict[str, Any]:
        data = self.cleaned_data
        by_post = data.get("result_channel") == ResultChannel.POST
        if by_post and not str(data.get("address", "")).strip():
            self.add_error("address", _("Enter the address for the parcel."))
        if self.scene.name_on_record and not data.get("name_ok"):
            text = _g("This number belongs to another name. Look at the card, or tick to rename.")
            self.add_error("name_ok", text)
        if self.purpose == REFUSE:
            if not any(c.isalpha() for c in data.get("refusal", "")):
                text = _g("Write the reason in words that the citizen understands.")
                self.add_error("refusal", text)
            return data
        if self.scene.duplicates and not data.get("duplicate_ok"):
            text = _g("An open dossier of the same procedure is there. Tick to take in another.")
            self.add_error("duplicate_ok", text)
        self._check_papers()
        return data

    def _check_papers(self) -> None:
        lines = self.lines()
        for line in lines:
            words = {"n": line.position, "paper": line.document.short_name}
            if line.document.required and not line.is_checked:
                self.add_error(line.state.name, _g("Line %(n)s not checked: %(paper)s.") % words)
            elif line.is_lacking and self.purpose == ACCEPT:
                text = _g("Line %(n)s is required and missing: %(paper)s. Use form 02.")
                self.add_error(line.state.name, text % words)
        if self.purpose == SUPPLEMENT and lines and not any(line.is_lacking for line in lines):
            text = _g("No required paper is missing: accept the dossier instead.")
            self.add_error(lines[0].state.name, text)

    # ---- what it makes -------------------------------------------------------------------------

    def to_new(self) -> NewDossier:
        """The dossier of a valid form."""
        data, case = self.cleaned_data, self.scene.case
        assert case is not None, "a valid form has its procedure"
        return NewDossier(
            case=case,
            applicant=Applicant(
                identity_number=data["identity_number"],
                full_name=data["full_name"],
                commune=data["commune"],
                phone=None if self.keeps_phone() else data["phone"],
                address=data["address"],
                consents=self._answers(),
                may_rename=data["name_ok"],
            ),
            commune=data["land_commune"],
            papers=[self._paper(line) for line in self.lines()],
            result_channel=ResultChannel(data["result_channel"]),
            submission_key=data["submission_key"],
        )

    def _answers(self) -> dict[Purpose, bool]:
        """What was answered now; an empty box is no answer."""
        data = self.cleaned_data
        agreed = {p: True for p in Purpose if data.get(f"agree_{p.value}")}
        return agreed | {p: False for p in Purpose if data.get(f"withdraw_{p.value}")}

    def _paper(self, line: Line) -> PaperCheck:
        key = line.document.key
        state = PaperState(self.cleaned_data[f"state_{key}"] or PaperState.MISSING)
        count = self.cleaned_data[f"count_{key}"]
        return PaperCheck(key, state, 1 if count is None else count)


def _parsed(parse: Any, text: str) -> str:
    """What a rule of the domain makes of the text, its refusal at this field."""
    try:
        return str(parse(text))
    except DomainError as error:
        raise forms.ValidationError(error.message) from None
