"""The bodies of `POST dossiers/{code}/actions/{action}/`, one for each action of the table."""

from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from cases.api.fields import BodySerializer, DayOrInstantField, RowsField, TextField
from cases.workflow import Outcome

_LARGEST_VERSION = 2**31 - 1
_MOST_ITEMS = 50
_LONG_TEXT = 2000  # the services say how much they keep


class MoveSerializer(BodySerializer):
    """The version that the caller has seen; an older one than the newest is refused with 409."""

    version = serializers.IntegerField(
        min_value=1,
        max_value=_LARGEST_VERSION,
        help_text=_("The one that the caller has seen; an older one is refused with 409."),
    )


class HandOverSerializer(MoveSerializer):
    """The caller's step is done."""

    note = TextField(
        max_length=_LONG_TEXT,
        required=False,
        allow_blank=True,
        help_text=_("For colleagues; the citizen does not see it."),
    )


class ItemSerializer(BodySerializer):
    """A paper that the citizen shall bring."""

    key = TextField(
        max_length=20, required=False, allow_blank=True, help_text=_("A line of the checklist.")
    )
    name = TextField(max_length=300, help_text=_("As the citizen reads it."))
    original = serializers.BooleanField(default=False, help_text=_("The original is wanted."))
    copies = serializers.IntegerField(
        min_value=0, max_value=99, default=0, help_text=_("Certified copies.")
    )
    photocopies = serializers.IntegerField(
        min_value=0, max_value=99, default=0, help_text=_("Plain copies.")
    )


class RequestSupplementSerializer(MoveSerializer):
    """Everything that is missing, once."""

    items = RowsField(
        child=ItemSerializer(),
        max_length=_MOST_ITEMS,
        help_text=_("Everything that is missing, once."),
    )
    reason = TextField(max_length=_LONG_TEXT, help_text=_("In words that the citizen is told."))
    due = DayOrInstantField(
        required=False,
        help_text=_("Left out: as many working days ahead as the centre has set."),
    )


class CompleteSerializer(MoveSerializer):
    """The result is where the citizen gets it."""

    outcome = serializers.ChoiceField(Outcome.choices)
    note = TextField(
        max_length=_LONG_TEXT,
        required=False,
        allow_blank=True,
        help_text=_("For colleagues; the citizen does not see it."),
    )
    parcel_code = TextField(
        max_length=100,
        required=False,
        allow_blank=True,
        help_text=_("Needed for a result sent by post."),
    )


class ReturnResultSerializer(MoveSerializer):
    """Who has the result in hand."""

    collected_by = TextField(max_length=200, help_text=_("Who has the result in hand."))


class CloseSerializer(MoveSerializer):
    """An end without result, with the reason that the citizen is told."""

    reason = TextField(max_length=_LONG_TEXT, help_text=_("In words that the citizen is told."))
