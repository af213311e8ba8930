"""The public look-up over the API."""

from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response

from cases.api.base import ApiView
from cases.api.schema import LANGUAGE, problems
from cases.api.serializers_lookup import LookupSerializer
from cases.selectors.public import public_view


class LookupView(ApiView):
    """`lookup/{token}/`; the token of the receipt's QR is all that it asks for."""

    authentication_classes = ()
    permission_classes = (AllowAny,)

    @extend_schema(
        operation_id="lookup_read",
        auth=[],
        parameters=[
            OpenApiParameter("token", str, OpenApiParameter.PATH, description="From the QR."),
            LANGUAGE,
        ],
        responses={200: LookupSerializer, **problems(404, 406)},
    )
    def get(self, request: Request, token: str) -> Response:
        """What the public page shows."""
        return Response(LookupSerializer(public_view(token)).data)
