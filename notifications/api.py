"""The messages of a dossier over the API."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import OpenApiExample, OpenApiResponse, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from cases.api.base import ApiView, officer_of
from cases.api.fields import InstantField
from cases.api.refusals import READ, refusals
from cases.api.schema import HANDLE, PARAMETERS
from cases.selectors.access import visible_dossier
from notifications.selectors.told import Told, told_about
from notifications.states import State
from notifications.words import Channel

_EXAMPLE = {
    "kind": "supplement",
    "recipient": "citizen",
    "channel": "zalo_phone",
    "state": "delivered",
    "reason": "",
    "attempts": 2,
    "at": "2026-11-24T10:00:09+07:00",
}


class MessageSerializer(serializers.Serializer[Any]):
    """One message as it stands; `attempts` counts the requests on all its channels."""

    kind = serializers.CharField(help_text=_("What it tells, such as `supplement`."))
    recipient = serializers.ChoiceField(["citizen", "officer"])
    channel = serializers.ChoiceField(Channel.choices)
    state = serializers.ChoiceField(State.choices)
    reason = serializers.CharField(help_text=_("Why it failed, else empty."))
    attempts = serializers.IntegerField(help_text=_("Requests on all its channels."))
    at = InstantField(
        help_text=_(
            "When it was seen, delivered or sent, the latest of these; of what failed or waits, "
            "when it was decided to tell."
        )
    )


def _as_row(told: Told) -> dict[str, Any]:
    return {
        "kind": told.kind,
        "recipient": "officer" if told.to_officer else "citizen",
        "channel": told.channel,
        "state": told.state,
        "reason": told.reason,
        "attempts": told.attempts,
        "at": told.at,
    }


class DossierMessagesView(ApiView):
    """`dossiers/{code or ref}/notifications/`."""

    @extend_schema(
        operation_id="dossiers_notifications",
        summary=_("Read the messages"),
        description=_("What was told about the dossier, to whom and how far it came."),
        parameters=[HANDLE, *PARAMETERS],
        responses={
            200: OpenApiResponse(
                MessageSerializer(many=True),
                description=_("All messages, oldest first; there are no pages."),
                examples=[OpenApiExample("answer", _EXAMPLE)],
            ),
            **refusals(*READ),
        },
    )
    def get(self, request: Request, handle: str) -> Response:
        """What was told about the dossier, to whom and how far it came, oldest first."""
        dossier = visible_dossier(officer_of(request), handle)
        rows = [_as_row(told) for told in told_about(dossier)]
        return Response(MessageSerializer(rows, many=True).data)
