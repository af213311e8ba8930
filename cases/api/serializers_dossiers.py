"""Answers about dossiers: a sheet, a row of a list, the timeline."""

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema_field, inline_serializer
from rest_framework import serializers

from cases.api.fields import CodeOfField, InstantField
from cases.deadlines import Timeliness
from cases.selectors.dossiers import DossierRow, DossierSheet
from cases.services.issued_forms import lookup_url
from cases.workflow import Action, Event, Outcome, ResultChannel, Stage, Status
from offices.kinds import Role


class OfficerSerializer(serializers.Serializer[Any]):
    """An officer, by log-in name and full name."""

    username = serializers.CharField()
    name = serializers.CharField(source="full_name")


class StepSerializer(serializers.Serializer[Any]):
    """An open step."""

    key = serializers.CharField()
    name = serializers.CharField()
    office = serializers.CharField(source="office.code")
    role = serializers.ChoiceField(Role.choices)
    officer = OfficerSerializer(allow_null=True)
    due_at = InstantField(allow_null=True)


class DossierRowSerializer(serializers.Serializer[Any]):
    """A dossier in a list. `office` and `officer` are those of the first open step."""

    ref = serializers.CharField(
        source="dossier.ref", help_text=_("Random, from the first moment; stands for a code.")
    )
    code = serializers.CharField(
        source="dossier.code", allow_null=True, help_text=_("Null before acceptance.")
    )
    stage = serializers.ChoiceField(Stage.choices, source="dossier.stage")
    status = serializers.ChoiceField(Status.choices, source="dossier.status")
    version = serializers.IntegerField(
        source="dossier.version", help_text=_("Grows by one with each move; send it with the next.")
    )
    procedure = serializers.CharField(
        source="dossier.procedure_version.procedure.code", help_text=_("Code of the procedure.")
    )
    procedure_name = serializers.CharField(source="dossier.procedure_version.short_name")
    case = serializers.CharField(
        source="dossier.case.code", help_text=_("Code of the case of the procedure.")
    )
    office = CodeOfField(allow_null=True, help_text=_("Of the first open step."))
    officer = OfficerSerializer(
        allow_null=True, help_text=_("Null while nobody has taken the first open step.")
    )
    received_at = InstantField(
        source="dossier.received_at", allow_null=True, help_text=_("When it was accepted.")
    )
    due_at = InstantField(
        source="dossier.due_at",
        allow_null=True,
        help_text=_("The legal date; while the clock stands, the one last told."),
    )
    promised_at = InstantField(
        source="dossier.promised_at", allow_null=True, help_text=_("The first promise.")
    )
    paused_at = InstantField(
        source="dossier.paused_at", allow_null=True, help_text=_("Since when the clock stands.")
    )
    outcome = serializers.SerializerMethodField()
    timeliness = serializers.SerializerMethodField()

    @extend_schema_field(serializers.ChoiceField(Outcome.choices, allow_null=True))
    def get_outcome(self, row: DossierRow) -> str | None:
        return row.dossier.outcome or None

    @extend_schema_field(serializers.ChoiceField(Timeliness.choices, allow_null=True))
    def get_timeliness(self, row: DossierRow) -> str | None:
        return row.dossier.timeliness or None


class SupplementItemSerializer(serializers.Serializer[Any]):
    """A paper that is asked for."""

    key = serializers.CharField(allow_blank=True)
    name = serializers.CharField()
    original = serializers.BooleanField()
    copies = serializers.IntegerField()
    photocopies = serializers.IntegerField()


class SupplementSerializer(serializers.Serializer[Any]):
    """The open request for missing papers."""

    number = serializers.IntegerField()
    reason = serializers.CharField()
    due_at = InstantField()
    items = SupplementItemSerializer(many=True, source="items.all")


_ALLOWED_ACTION = inline_serializer(
    "AllowedAction",
    {
        "action": serializers.ChoiceField(Action.choices),
        "fields": inline_serializer(
            "ActionField",
            {"name": serializers.CharField(), "required": serializers.BooleanField()},
            many=True,
        ),
    },
    many=True,
    help_text=_("What this token may do now, and with which fields."),
)


class DossierSerializer(DossierRowSerializer):
    """A dossier as this token sees it."""

    result_channel = serializers.ChoiceField(ResultChannel.choices, source="dossier.result_channel")
    submitted_at = InstantField(
        source="dossier.submitted_at", help_text=_("When it was handed in.")
    )
    ready_at = InstantField(source="dossier.ready_at", allow_null=True)
    closed_at = InstantField(source="dossier.closed_at", allow_null=True)
    early_days = serializers.IntegerField(
        source="dossier.early_days", help_text=_("Working days before the date last told.")
    )
    steps = StepSerializer(many=True, help_text=_("The open ones."))
    supplement = SupplementSerializer(
        allow_null=True, help_text=_("The open request for missing papers.")
    )
    lookup_url = serializers.SerializerMethodField()
    lookup_code = serializers.CharField(
        source="dossier.lookup_code", help_text=_("Printed on the receipt, for the public look-up.")
    )
    receipt_url = serializers.SerializerMethodField()
    allowed_actions = serializers.SerializerMethodField()

    @extend_schema_field(serializers.URLField(help_text=_("What the QR of the receipt holds.")))
    def get_lookup_url(self, sheet: DossierSheet) -> str:
        return lookup_url(sheet.dossier)

    @extend_schema_field(
        serializers.URLField(allow_null=True, help_text=_("Null before acceptance."))
    )
    def get_receipt_url(self, sheet: DossierSheet) -> str | None:
        if not sheet.dossier.is_accepted:
            return None
        path = reverse("api:receipt", args=[sheet.dossier.handle])
        address: str = self.context["request"].build_absolute_uri(path)
        return address

    @extend_schema_field(_ALLOWED_ACTION)
    def get_allowed_actions(self, sheet: DossierSheet) -> list[dict[str, Any]]:
        return [
            {
                "action": move.row.action.value,
                "fields": [
                    {"name": field.name, "required": field.required} for field in move.row.fields
                ],
            }
            for move in sheet.moves
            if not move.reasons
        ]


class DossierPageSerializer(serializers.Serializer[Any]):
    """A keyset page."""

    next = serializers.URLField(allow_null=True)
    previous = serializers.URLField(allow_null=True)
    results = DossierRowSerializer(many=True)


class TimelineEntrySerializer(serializers.Serializer[Any]):
    """Something that happened to the dossier."""

    at = InstantField()
    event = serializers.ChoiceField(Event.choices)
    actor = OfficerSerializer(allow_null=True)
    office = CodeOfField(allow_null=True)
    text = serializers.CharField()
