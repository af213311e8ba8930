"""Dossiers over the API: taken in, found, read, moved."""

from collections.abc import Iterable
from typing import Any

from django.http import HttpResponse
from django.utils.translation import gettext as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import (
    OpenApiExample,
    OpenApiParameter,
    PolymorphicProxySerializer,
    extend_schema,
)
from rest_framework.negotiation import BaseContentNegotiation
from rest_framework.parsers import BaseParser
from rest_framework.renderers import BaseRenderer
from rest_framework.request import Request
from rest_framework.response import Response

from cases.api import serializers_intake as intake_bodies
from cases.api.base import ApiView, checked, officer_of
from cases.api.idempotency import once
from cases.api.moves import MOVES
from cases.api.pages import KeysetPages
from cases.api.schema import HANDLE, IDEMPOTENCY, LANGUAGE, LIST, READ, SHEET, WRITE, problems
from cases.api.serializers_dossiers import (
    DossierPageSerializer,
    DossierRowSerializer,
    DossierSerializer,
    TimelineEntrySerializer,
)
from cases.api.serializers_query import DossierQuerySerializer
from cases.models import Dossier
from cases.printing import Sheet
from cases.selectors import dossiers
from cases.selectors.access import visible_dossier
from cases.selectors.timeline import timeline_of
from cases.services import intake, issued_forms
from cases.workflow import Action, Stage, Status, rows_of
from citizens.models import AccessReason
from citizens.services import log_access
from common.errors import DomainError, NotFoundError
from offices.models import Officer


def _sheet(dossier: Dossier, request: Request) -> Any:
    sheet = dossiers.sheet_of(dossier, officer_of(request))
    return DossierSerializer(sheet, context={"request": request}).data


_NEW_DOSSIER = OpenApiExample(
    "splitting a plot",
    {
        "procedure": "1.115783",
        "commune": "28261",
        "applicant": {
            "identity_number": "082199000001",
            "full_name": "Nguyễn Thị Ưởng",
            "phone": "0951000001",
            "commune": "28261",
            "consents": {"dossier": True, "news": False},
        },
        "documents": [
            {"key": "d1", "state": "original", "count": 1},
            {"key": "d2", "state": "missing", "count": 0},
        ],
        "result_channel": "counter",
    },
    request_only=True,
)


class DossiersView(ApiView):
    """`dossiers/`: the list, and the counter's intake."""

    @extend_schema(
        operation_id="dossiers_list",
        parameters=[
            DossierQuerySerializer,
            OpenApiParameter("cursor", str, description="From `next` or `previous`."),
            LANGUAGE,
        ],
        responses={200: DossierPageSerializer, **problems(*LIST)},
    )
    def get(self, request: Request) -> Response:
        """The dossiers of the caller's offices, newest first."""
        query = checked(DossierQuerySerializer, request.query_params)
        found = dossiers.search(
            officer_of(request),
            stage=Stage(query["stage"]) if query.get("stage") else None,
            status=Status(query["status"]) if query.get("status") else None,
            office=query["office"],
            text=query["q"],
        )
        pages = KeysetPages()
        page = pages.paginate_queryset(found, request, view=self)
        rows = dossiers.rows_of(page or [])
        return pages.get_paginated_response(DossierRowSerializer(rows, many=True).data)

    @extend_schema(
        operation_id="dossiers_take_in",
        parameters=[IDEMPOTENCY, LANGUAGE],
        request=intake_bodies.NewDossierSerializer,
        responses={201: DossierSerializer, **problems(*WRITE)},
        examples=[_NEW_DOSSIER],
    )
    def post(self, request: Request) -> Response:
        """Takes a dossier in: accepted, or waiting for a required paper, then without a code."""
        return once(request, 201, lambda: self._take_in(request))

    def _take_in(self, request: Request) -> Any:
        officer = officer_of(request)
        intake.counter_of(officer)
        values = checked(intake_bodies.NewDossierSerializer, request.data)
        new = intake_bodies.new_dossier(values)
        try:
            dossier = intake.take_in(new=new, officer=officer)
        except DomainError as error:
            raise intake_bodies.in_body_terms(error) from None
        return _sheet(dossier, request)


class DossierView(ApiView):
    """`dossiers/{code or ref}/`."""

    @extend_schema(
        operation_id="dossiers_read",
        parameters=[HANDLE, LANGUAGE],
        responses={200: DossierSerializer, **problems(*READ)},
    )
    def get(self, request: Request, handle: str) -> Response:
        """One dossier with its open steps and what the caller may do."""
        return Response(_sheet(visible_dossier(officer_of(request), handle), request))


class TimelineView(ApiView):
    """`dossiers/{code or ref}/timeline/`."""

    @extend_schema(
        operation_id="dossiers_timeline",
        parameters=[HANDLE, LANGUAGE],
        responses={200: TimelineEntrySerializer(many=True), **problems(*READ)},
    )
    def get(self, request: Request, handle: str) -> Response:
        """What happened to the dossier, oldest first."""
        dossier = visible_dossier(officer_of(request), handle)
        return Response(TimelineEntrySerializer(timeline_of(dossier), many=True).data)


class _AnyAccept(BaseContentNegotiation):
    """A receipt is a PDF and its refusal a problem, whatever the caller accepts."""

    def select_parser(self, request: Request, parsers: Iterable[BaseParser]) -> BaseParser:
        return next(iter(parsers))

    def select_renderer(
        self, request: Request, renderers: Iterable[BaseRenderer], format_suffix: str | None = None
    ) -> tuple[BaseRenderer, str]:
        first = next(iter(renderers))
        return first, str(first.media_type)


def _paper(request: Request) -> Sheet:
    text = request.query_params.get("sheet", Sheet.A5)
    if text not in list(Sheet):
        raise DomainError(_("Choose a5 or a4."), fields={"sheet": [_("Choose a5 or a4.")]})
    return Sheet(text)


class ReceiptView(ApiView):
    """`dossiers/{code or ref}/receipt.pdf`."""

    content_negotiation_class = _AnyAccept

    @extend_schema(
        operation_id="dossiers_receipt",
        parameters=[HANDLE, SHEET, LANGUAGE],
        responses={(200, "application/pdf"): OpenApiTypes.BINARY, **problems(400, 401, 404, 429)},
    )
    def get(self, request: Request, handle: str) -> HttpResponse:
        """Form 01 as issued; not there before acceptance. Who read it is written down."""
        officer = officer_of(request)
        dossier = visible_dossier(officer, handle)
        pdf = issued_forms.receipt_pdf(dossier, sheet=_paper(request))
        log_access(
            citizen=dossier.citizen,
            officer=officer,
            reason=AccessReason.RECEIPT,
            dossier_ref=dossier.ref,
        )
        answer = HttpResponse(pdf, content_type="application/pdf")
        answer["Content-Disposition"] = f'inline; filename="{dossier.handle}.pdf"'
        return answer


_ANY_MOVE = PolymorphicProxySerializer(
    component_name="AnyMove",
    serializers=list(dict.fromkeys(move.body for move in MOVES.values())),
    resource_type_field_name=None,
)


class MoveView(ApiView):
    """`dossiers/{code or ref}/actions/{action}/`."""

    @extend_schema(
        operation_id="dossiers_move",
        parameters=[
            HANDLE,
            OpenApiParameter("action", str, OpenApiParameter.PATH, enum=Action.values),
            IDEMPOTENCY,
            LANGUAGE,
        ],
        request=_ANY_MOVE,
        responses={200: DossierSerializer, **problems(*WRITE)},
        examples=[
            OpenApiExample(
                "hand over", {"version": 3, "note": "Đã đo đạc xong"}, request_only=True
            ),
            OpenApiExample(
                "request a missing paper",
                {
                    "version": 4,
                    "items": [{"key": "d2", "name": "Giấy chứng nhận đã cấp", "original": True}],
                    "reason": "Mới có bản chụp",
                    "due": "2026-12-08",
                },
                request_only=True,
            ),
        ],
    )
    def post(self, request: Request, handle: str, action: str) -> Response:
        """Moves the dossier by one row of the workflow table."""
        return once(request, 200, lambda: self._move(request, handle, action))

    def _move(self, request: Request, handle: str, name: str) -> Any:
        officer: Officer = officer_of(request)
        dossier = visible_dossier(officer, handle)
        if name not in Action.values or not rows_of(Action(name)):
            raise NotFoundError(_("There is no action “%(action)s”.") % {"action": name})
        move = MOVES[Action(name)]
        values = checked(move.body, request.data)
        return _sheet(move.verb(dossier=dossier, officer=officer, **values), request)
