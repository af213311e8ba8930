"""Procedures over the API."""

from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from cases.api.base import ApiView, checked
from cases.api.examples import answer_of
from cases.api.pages import CodePages
from cases.api.refusals import LIST, READ, refusals
from cases.api.schema import CURSOR, PARAMETERS
from cases.api.serializers_catalogue import (
    ProcedurePageSerializer,
    ProcedureRowSerializer,
    ProcedureSerializer,
)
from cases.api.serializers_query import SearchQuerySerializer
from cases.selectors.catalogue import current_version, search_procedures

_CODE = OpenApiParameter(
    "code", str, OpenApiParameter.PATH, description=_("Code of the procedure.")
)


class ProceduresView(ApiView):
    """`procedures/`."""

    @extend_schema(
        operation_id="procedures_list",
        summary=_("List procedures"),
        description=_("Those in force, by code; those of other systems with their name."),
        parameters=[SearchQuerySerializer, CURSOR, *PARAMETERS],
        responses={
            200: OpenApiResponse(
                ProcedurePageSerializer,
                description=_("A page of at most 50; follow `next`."),
                examples=answer_of("procedures_list"),
            ),
            **refusals(*LIST),
        },
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
        summary=_("Read a procedure"),
        description=_("Its cases, papers with their keys, fees and steps, as now in force."),
        parameters=[_CODE, *PARAMETERS],
        responses={
            200: OpenApiResponse(
                ProcedureSerializer,
                description=_("The version in force."),
                examples=answer_of("procedures_read"),
            ),
            **refusals(*READ),
        },
    )
    def get(self, request: Request, code: str) -> Response:
        """One procedure: cases, papers with their keys, fees, steps."""
        return Response(ProcedureSerializer(current_version(code)).data)
