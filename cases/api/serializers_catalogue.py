"""Answers about procedures, in the shape of the import file."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from cases.api.fields import InstantField
from cases.deadlines import Unit
from cases.models import Fee, ProcedureCase, ProcedureVersion, RequiredDocument
from cases.selectors.catalogue import common_steps_of, steps_of
from offices.kinds import Role


class DeadlineSerializer(serializers.Serializer[Any]):
    """The time by law; `same_day` overrides the amount."""

    amount = serializers.IntegerField(source="deadline_amount")
    unit = serializers.ChoiceField(Unit.choices, source="deadline_unit")
    same_day = serializers.BooleanField(help_text=_("On the day of receipt, whatever the amount."))


class CaseRowSerializer(serializers.Serializer[Any]):
    """A case in a list."""

    code = serializers.CharField()
    name = serializers.CharField()
    deadline = DeadlineSerializer(source="*")


class ProcedureRowSerializer(serializers.Serializer[Any]):
    """A procedure in a list, as its current version says."""

    code = serializers.CharField()
    name = serializers.CharField(source="current.name")
    short_name = serializers.CharField(source="current.short_name")
    field = serializers.CharField(source="current.field")
    level = serializers.CharField(source="current.level")
    external_system = serializers.CharField(
        source="current.external_system_name",
        help_text=_("Not empty: handled there, refused at intake."),
    )
    cases = CaseRowSerializer(many=True, source="current.cases.all")


class ProcedurePageSerializer(serializers.Serializer[Any]):
    """A keyset page."""

    next = serializers.URLField(allow_null=True)
    previous = serializers.URLField(allow_null=True)
    results = ProcedureRowSerializer(many=True)


class RequiredDocumentSerializer(serializers.ModelSerializer[RequiredDocument]):
    """A paper that a case asks for; without channels every channel needs it."""

    class Meta:
        model = RequiredDocument
        fields = [
            "key", "name", "short_name", "originals", "copies", "kind", "required", "when",
            "from_database", "channels",
        ]  # fmt: skip


class FeeSerializer(serializers.ModelSerializer[Fee]):
    """A fee or charge in đồng; without an amount the note decides."""

    class Meta:
        model = Fee
        fields = ["channel", "kind", "amount_vnd", "note"]


class ProcedureStepSerializer(serializers.Serializer[Any]):
    """A step; neighbours with one parallel group run together."""

    key = serializers.CharField()
    name = serializers.CharField()
    office = serializers.CharField(help_text=_("Code of an office, or a kind of office."))
    role = serializers.ChoiceField(Role.choices)
    working_hours = serializers.IntegerField()
    parallel_group = serializers.CharField(
        allow_blank=True, help_text=_("Neighbours with the same one run together.")
    )


class CaseSerializer(CaseRowSerializer):
    """A case with its papers, fees and the steps that its dossiers walk."""

    note = serializers.CharField(allow_blank=True)
    documents = RequiredDocumentSerializer(many=True, source="documents.all")
    fees = FeeSerializer(many=True, source="fees.all")
    steps = serializers.SerializerMethodField()

    @extend_schema_field(ProcedureStepSerializer(many=True))
    def get_steps(self, case: ProcedureCase) -> Any:
        return ProcedureStepSerializer(steps_of(case, case.version), many=True).data


class ProcedureSerializer(serializers.Serializer[Any]):
    """A procedure as its current version says; `steps` are those of cases without their own."""

    code = serializers.CharField(source="procedure.code")
    version = serializers.IntegerField(source="number")
    published_at = InstantField()
    name = serializers.CharField()
    short_name = serializers.CharField()
    field = serializers.CharField()
    level = serializers.CharField()
    external_system = serializers.CharField(source="external_system_name", allow_blank=True)
    receives = serializers.ListField(child=serializers.CharField())
    deciding_office = serializers.CharField()
    other_deciding_offices = serializers.ListField(child=serializers.CharField())
    channels = serializers.ListField(child=serializers.CharField())
    result_documents = serializers.ListField(child=serializers.CharField())
    max_supplement_requests = serializers.IntegerField()
    supplement_within_days = serializers.IntegerField(allow_null=True)
    legal_basis = serializers.ListField(child=serializers.CharField())
    cases = CaseSerializer(many=True, source="cases.all")
    steps = serializers.SerializerMethodField()

    @extend_schema_field(ProcedureStepSerializer(many=True))
    def get_steps(self, version: ProcedureVersion) -> Any:
        return ProcedureStepSerializer(common_steps_of(version), many=True).data
