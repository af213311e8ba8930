"""The OpenAPI 3.1 document, for programs; a browser is led to the page for people."""

from collections.abc import Iterable
from typing import Any

from django.http import HttpResponseBase, HttpResponseRedirect
from django.urls import reverse
from django.utils.cache import patch_vary_headers
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from drf_spectacular.renderers import (
    OpenApiJsonRenderer,
    OpenApiJsonRenderer2,
    OpenApiYamlRenderer,
    OpenApiYamlRenderer2,
)
from drf_spectacular.utils import extend_schema
from rest_framework.negotiation import DefaultContentNegotiation
from rest_framework.permissions import AllowAny
from rest_framework.renderers import BaseRenderer
from rest_framework.request import Request
from rest_framework.response import Response

from cases.api.base import ApiView
from cases.api.document import document
from common.errors import DomainError


class _PageForPeople(BaseRenderer):
    """Stands for HTML when callers say what they accept; the page has its own address."""

    media_type = "text/html"
    format = "html"


class _FormatFirst(DefaultContentNegotiation):
    """`?format=` json, yaml or html says more than what a browser accepts."""

    def select_renderer(
        self, request: Request, renderers: Iterable[BaseRenderer], format_suffix: str | None = None
    ) -> tuple[BaseRenderer, str]:
        wanted = request.query_params.get("format")
        if wanted is None:
            chosen: tuple[BaseRenderer, str]
            chosen = super().select_renderer(request, renderers, format_suffix)
            return chosen
        for renderer in renderers:
            if renderer.format == wanted:
                return renderer, str(renderer.media_type)
        message = _("Choose json, yaml or html.")
        raise DomainError(message, fields={"format": [message]})


class SchemaView(ApiView):
    """JSON where the caller does not ask for something else."""

    http_method_names = ("get", "head")
    authentication_classes: Any = ()
    permission_classes = (AllowAny,)
    content_negotiation_class = _FormatFirst
    renderer_classes = (
        OpenApiJsonRenderer2,
        OpenApiJsonRenderer,
        OpenApiYamlRenderer,
        OpenApiYamlRenderer2,
        _PageForPeople,
    )

    @extend_schema(exclude=True)
    def get(self, request: Request) -> HttpResponseBase:
        """The document in the caller's language."""
        if isinstance(request.accepted_renderer, _PageForPeople):
            answer = HttpResponseRedirect(reverse("api:docs"))
            patch_vary_headers(answer, ["Accept"])
            return answer
        return Response(document(get_language()))
