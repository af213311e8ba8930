"""Query parameters of the lists."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from cases.api.fields import TextField
from cases.workflow import Stage, Status


class SearchQuerySerializer(serializers.Serializer[Any]):
    """Words to look for; accents do not matter."""

    q = TextField(
        required=False,
        allow_blank=True,
        default="",
        max_length=200,
        help_text=_("Words to look for; accents do not matter."),
    )


class DossierQuerySerializer(SearchQuerySerializer):
    """`q` looks in code and filer's name, and for a whole identity number or phone number."""

    stage = serializers.ChoiceField(Stage.choices, required=False, allow_blank=True)
    status = serializers.ChoiceField(Status.choices, required=False, allow_blank=True)
    office = TextField(
        required=False,
        allow_blank=True,
        default="",
        max_length=80,
        help_text=_("Code of an office that has an open step."),
    )
