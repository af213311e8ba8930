"""The documentation page of the API, for people; whole without script."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language
from drf_spectacular.utils import extend_schema
from rest_framework.permissions import AllowAny
from rest_framework.request import Request

from cases.api.base import AnyAccept, ApiView
from cases.api.docs_page import page_of
from cases.api.document import document


class DocsView(ApiView):
    """`docs/`: every call of the OpenAPI document, in Vietnamese or English."""

    authentication_classes: Any = ()
    permission_classes = (AllowAny,)
    content_negotiation_class = AnyAccept

    @extend_schema(exclude=True)
    def get(self, request: Request) -> HttpResponse:
        base = request.build_absolute_uri("/").rstrip("/")
        page = page_of(document(get_language()), base=base)
        return render(request._request, "cases/api_docs.html", {"page": page, "base": base})
