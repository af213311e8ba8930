"""Procedures over the API."""

from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from cases.api.base import ApiView, checked
from cases.api.pages import CodePages
from cases.api.schema import LANGUAGE, LIST, READ, problems
from cases.api.serializers_catalogue import (
    ProcedurePageSerializer,
    ProcedureRowSerializer,
    ProcedureSerializer,
)
from cases.api.serializers_query import SearchQuerySerializer
from cases.selectors.catalogue import current_version, search_procedures


class ProceduresView(ApiView):
    """`procedures/`."""

    @extend_schema(
        operation_id="procedures_list",
        parameters=[
            SearchQuerySerializer,
            OpenApiParameter("cursor", str, description="From `next` or `previous`."),
            LANGUAGE,
        ],
        responses={200: ProcedurePageSerializer, **problems(*LIST)},
    )
    def get(self, request: Request) -> Response:
        """The procedures in force, by code; external ones too, with their system's name."""
        query = checked(SearchQuerySerializer, request.query_params)
        pages = CodePages()
        page = pages.paginate_queryset(search_procedures(query["q"]), request, view=self)
        return pages.get_paginated_response(ProcedureRowSerializer(page, many=True).data)


class ProcedureView(ApiView):
    """`procedures/{code}/`."""

    @extend_schema(
        operation_id="procedures_read",
        parameters=[OpenApiParameter("code", str, OpenApiParameter.PATH), LANGUAGE],
        responses={200: ProcedureSerializer, **problems(*READ)},
    )
    def get(self, request: Request, code: str) -> Response:
        """One procedure: cases, papers with their keys, fees, steps."""
        return Response(ProcedureSerializer(current_version(code)).data)
