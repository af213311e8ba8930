"""The public look-up over the API."""

from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response

from cases.api.base import ApiView
from cases.api.examples import answer_of
from cases.api.refusals import ANY_CALL, refusals
from cases.api.schema import LANGUAGE
from cases.api.serializers_lookup import LookupSerializer
from cases.selectors.public import public_view

_TOKEN = OpenApiParameter(
    "token",
    str,
    OpenApiParameter.PATH,
    description=_("From the QR of the receipt: the last part of `lookup_url`."),
)


class LookupView(ApiView):
    """`lookup/{token}/`; the token of the receipt's QR is all that it asks for."""

    authentication_classes = ()
    permission_classes = (AllowAny,)

    @extend_schema(
        operation_id="lookup_read",
        auth=[],
        summary=_("Look a dossier up"),
        description=_(
            "What the public page shows to whoever holds the receipt. No API token is asked for "
            "and none is charged."
        ),
        parameters=[_TOKEN, LANGUAGE],
        responses={
            200: OpenApiResponse(
                LookupSerializer,
                description=_("The dossier as its filer sees it."),
                examples=answer_of("lookup_read"),
            ),
            **refusals(*ANY_CALL, "not_acceptable", "not_found"),
        },
    )
    def get(self, request: Request, token: str) -> Response:
        """What the public page shows."""
        return Response(LookupSerializer(public_view(token)).data)
