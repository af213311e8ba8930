"""The messages of a dossier over the API."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from cases.api.base import ApiView, officer_of
from cases.api.fields import InstantField
from cases.api.schema import HANDLE, LANGUAGE, READ, problems
from cases.selectors.access import visible_dossier
from notifications.selectors import Told, told_about
from notifications.states import State
from notifications.words import Channel


class MessageSerializer(serializers.Serializer[Any]):
    """One message as it stands; `attempts` counts the requests on all its channels."""

    kind = serializers.CharField(help_text="The name in the registry, such as `supplement`.")
    recipient = serializers.ChoiceField(["citizen", "officer"])
    channel = serializers.ChoiceField(Channel.choices)
    state = serializers.ChoiceField(State.choices)
    reason = serializers.CharField(help_text="Why it failed, else empty.")
    attempts = serializers.IntegerField()
    at = InstantField(
        help_text="When it was seen, delivered or sent, the latest of these; of what failed or "
        "waits, when it was decided to tell."
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
        parameters=[HANDLE, LANGUAGE],
        responses={200: MessageSerializer(many=True), **problems(*READ)},
    )
    def get(self, request: Request, handle: str) -> Response:
        """What was told about the dossier, to whom and how far it came, oldest first."""
        dossier = visible_dossier(officer_of(request), handle)
        rows = [_as_row(told) for told in told_about(dossier)]
        return Response(MessageSerializer(rows, many=True).data)
