"""What every view of the API is: strict JSON in, never cached, errors as problem+json."""

from collections.abc import Iterable
from typing import Any, TypeVar

from django.conf import settings
from django.http import HttpRequest
from django.utils.translation import gettext as _
from rest_framework.negotiation import BaseContentNegotiation
from rest_framework.parsers import BaseParser
from rest_framework.renderers import BaseRenderer
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.serializers import Serializer
from rest_framework.views import APIView

from cases.api.parsers import StrictJSONParser
from common import limits
from common.errors import DomainError
from offices.models import ApiToken, Officer

_S = TypeVar("_S", bound=Serializer[Any])
_WINDOW_S = 60


class AnyAccept(BaseContentNegotiation):
    """For a call that answers one thing, such as a PDF, whatever the caller accepts."""

    def select_parser(self, request: Request, parsers: Iterable[BaseParser]) -> BaseParser:
        return next(iter(parsers))

    def select_renderer(
        self, request: Request, renderers: Iterable[BaseRenderer], format_suffix: str | None = None
    ) -> tuple[BaseRenderer, str]:
        first = next(iter(renderers))
        return first, str(first.media_type)


class ApiView(APIView):
    """Base of the views below /api/v1/; upper apps build theirs on it too."""

    parser_classes = (StrictJSONParser,)

    def initialize_request(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Request:
        request.encoding = "utf-8"  # a caller may declare a charset that decodes no text
        return super().initialize_request(request, *args, **kwargs)

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)
        if isinstance(request.auth, ApiToken):
            _charge(request.auth)

    def finalize_response(
        self, request: Request, response: Any, *args: Any, **kwargs: Any
    ) -> Response:
        answer = super().finalize_response(request, response, *args, **kwargs)
        answer.headers.setdefault("Cache-Control", "no-store")
        return answer


def _charge(token: ApiToken) -> None:
    """One call of the token. Raises DomainError 429 beyond API_CALLS_PER_MINUTE."""
    most = {f"api:token:{token.pk}": settings.API_CALLS_PER_MINUTE}
    wait_s = limits.charge(most, window_s=_WINDOW_S)
    if wait_s:
        message = _("Too many calls. Call again in %(n)s seconds.") % {"n": wait_s}
        raise DomainError(message, code="too_many", status=429, retry_after_s=wait_s)


def officer_of(request: Request) -> Officer:
    """The officer whose token the request carries."""
    assert isinstance(request.user, Officer)
    return request.user


def token_of(request: Request) -> ApiToken:
    """The token that the request carries."""
    assert isinstance(request.auth, ApiToken)
    return request.auth


def checked(serializer: type[_S], data: Any) -> dict[str, Any]:
    """The validated values of a body or of query parameters. Raises ValidationError per field."""
    filled = serializer(data=data)
    filled.is_valid(raise_exception=True)
    values: dict[str, Any] = filled.validated_data
    return values
