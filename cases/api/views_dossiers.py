"""Dossiers over the API: taken in, found, read, moved."""

from typing import Any

from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from cases.api import serializers_intake as intake_bodies
from cases.api.base import AnyAccept, ApiView, checked, officer_of
from cases.api.examples import answer_of, request_of
from cases.api.idempotency import once
from cases.api.moves import MOVES
from cases.api.pages import KeysetPages
from cases.api.refusals import LIST, READ, WITH_TOKEN, WRITE, refusals
from cases.api.schema import CURSOR, HANDLE, PARAMETERS, POST_PARAMETERS, SHEET
from cases.api.schema_moves import MoveSchema
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


class DossiersView(ApiView):
    """`dossiers/`: the list, and the counter's intake."""

    @extend_schema(
        operation_id="dossiers_list",
        summary=_l("List dossiers"),
        description=_l("The dossiers of the caller's offices, newest first."),
        parameters=[DossierQuerySerializer, CURSOR, *PARAMETERS],
        responses={
            200: OpenApiResponse(
                DossierPageSerializer,
                description=_l("A page of at most 50; follow `next`."),
                examples=answer_of("dossiers_list"),
            ),
            **refusals(*LIST),
        },
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
        summary=_l("Take a dossier in"),
        description=_l(
            "At the counter of the caller. With all required papers the dossier is accepted and "
            "has its code; with one missing it is `supplement_requested`, and its code comes later."
        ),
        parameters=[*POST_PARAMETERS],
        request=intake_bodies.NewDossierSerializer,
        responses={
            201: OpenApiResponse(
                DossierSerializer,
                description=_l("The new dossier."),
                examples=answer_of("dossiers_take_in"),
            ),
            **refusals(*WRITE, "external_system", "office_missing", "no_working_day"),
        },
        examples=request_of("dossiers_take_in"),
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
        summary=_l("Read a dossier"),
        description=_l("With its open steps and with what the caller may do next."),
        parameters=[HANDLE, *PARAMETERS],
        responses={
            200: OpenApiResponse(
                DossierSerializer,
                description=_l("The dossier as this token sees it."),
                examples=answer_of("dossiers_read"),
            ),
            **refusals(*READ),
        },
    )
    def get(self, request: Request, handle: str) -> Response:
        """One dossier with its open steps and what the caller may do."""
        return Response(_sheet(visible_dossier(officer_of(request), handle), request))


class TimelineView(ApiView):
    """`dossiers/{code or ref}/timeline/`."""

    @extend_schema(
        operation_id="dossiers_timeline",
        summary=_l("Read the history"),
        description=_l("What happened to the dossier, oldest first."),
        parameters=[HANDLE, *PARAMETERS],
        responses={
            200: OpenApiResponse(
                TimelineEntrySerializer(many=True),
                description=_l("All entries; there are no pages."),
                examples=answer_of("dossiers_timeline"),
            ),
            **refusals(*READ),
        },
    )
    def get(self, request: Request, handle: str) -> Response:
        """What happened to the dossier, oldest first."""
        dossier = visible_dossier(officer_of(request), handle)
        return Response(TimelineEntrySerializer(timeline_of(dossier), many=True).data)


def _paper(request: Request) -> Sheet:
    text = request.query_params.get("sheet", Sheet.A5)
    if text not in list(Sheet):
        raise DomainError(_("Choose a5 or a4."), fields={"sheet": [_("Choose a5 or a4.")]})
    return Sheet(text)


class ReceiptView(ApiView):
    """`dossiers/{code or ref}/receipt.pdf`."""

    content_negotiation_class = AnyAccept

    @extend_schema(
        operation_id="dossiers_receipt",
        summary=_l("Get the receipt"),
        description=_l(
            "Form 01 as issued, the same bytes each time; not there before acceptance. Who read it "
            "is written down."
        ),
        parameters=[HANDLE, SHEET, *PARAMETERS],
        responses={
            (200, "application/pdf"): OpenApiResponse(
                OpenApiTypes.BINARY, description=_l("The PDF.")
            ),
            **refusals(*WITH_TOKEN, "invalid", "not_found"),
        },
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


class MoveView(ApiView):
    """`dossiers/{code or ref}/actions/{action}/`; `move` is the one action that is documented."""

    schema = MoveSchema()
    move: Action | None = None

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
