"""The answer of `lookup/{token}/`: what the public page shows."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from cases.api.fields import InstantField
from cases.deadlines import Timeliness
from cases.selectors.public import PublicView, Sentence, sentence_of
from cases.workflow import Event, Outcome, ResultChannel, Stage, Status


class PublicContactSerializer(serializers.Serializer[Any]):
    """An office or an officer, with the office phone."""

    name = serializers.CharField()
    phone = serializers.CharField(allow_blank=True)


class PublicPaperSerializer(serializers.Serializer[Any]):
    """A paper to bring: the original, certified copies, plain photocopies."""

    name = serializers.CharField()
    original = serializers.BooleanField()
    copies = serializers.IntegerField()
    photocopies = serializers.IntegerField()


class MissingPapersSerializer(serializers.Serializer[Any]):
    """What is missing, why, and by when it is wanted."""

    reason = serializers.CharField()
    due_at = InstantField()
    papers = PublicPaperSerializer(many=True)


class CollectingSerializer(serializers.Serializer[Any]):
    """Where the result is collected."""

    channel = serializers.ChoiceField(ResultChannel.choices)
    place = serializers.CharField()
    address = serializers.CharField()
    phone = serializers.CharField(allow_blank=True)
    hours = serializers.CharField(help_text=_("In words."))
    parcel_code = serializers.CharField(allow_blank=True)


class ShareSerializer(serializers.Serializer[Any]):
    """Working days that the office used, has in all, and that it waited for the citizen."""

    used = serializers.IntegerField()
    total = serializers.IntegerField()
    waited = serializers.IntegerField()


class PublicTimelineEntrySerializer(serializers.Serializer[Any]):
    """Something that happened, in words for citizens."""

    at = InstantField()
    event = serializers.ChoiceField(Event.choices)
    text = serializers.CharField()
    office = serializers.CharField(source="office_name.name", allow_null=True, default=None)


class LookupSerializer(serializers.Serializer[PublicView]):
    """A dossier as its filer sees it; the filer's name is masked."""

    code = serializers.CharField(allow_null=True)
    procedure = serializers.CharField()
    applicant = serializers.CharField()
    received_by = serializers.CharField()
    stage = serializers.ChoiceField(Stage.choices)
    status = serializers.ChoiceField(Status.choices)
    sentence_key = serializers.ChoiceField([key.value for key in Sentence], source="sentence")
    sentence = serializers.SerializerMethodField()
    received_at = InstantField(allow_null=True)
    promised_at = InstantField(allow_null=True)
    due_at = InstantField(allow_null=True)
    paused_since = InstantField(allow_null=True)
    ready_at = InstantField(allow_null=True)
    closed_at = InstantField(allow_null=True)
    outcome = serializers.SerializerMethodField()
    timeliness = serializers.SerializerMethodField()
    early_days = serializers.IntegerField()
    is_late = serializers.BooleanField()
    closing_reason = serializers.CharField(allow_blank=True)
    office = PublicContactSerializer()
    officer = PublicContactSerializer(allow_null=True)
    missing = MissingPapersSerializer(allow_null=True)
    collecting = CollectingSerializer()
    timeline = PublicTimelineEntrySerializer(many=True)
    why = serializers.ListField(child=serializers.CharField())
    share = ShareSerializer(allow_null=True)
    shown_at = InstantField()

    def get_sentence(self, view: PublicView) -> str:
        return sentence_of(view)

    @extend_schema_field(serializers.ChoiceField(Outcome.choices, allow_null=True))
    def get_outcome(self, view: PublicView) -> str | None:
        return view.outcome or None

    @extend_schema_field(serializers.ChoiceField(Timeliness.choices, allow_null=True))
    def get_timeliness(self, view: PublicView) -> str | None:
        return view.timeliness or None
