"""REST API v1."""

from django.urls import path

from cases.api.views_catalogue import ProceduresView, ProcedureView
from cases.api.views_docs import DocsView
from cases.api.views_dossiers import (
    DossiersView,
    DossierView,
    MoveView,
    ReceiptView,
    TimelineView,
)
from cases.api.views_lookup import LookupView
from cases.api.views_schema import SchemaView

app_name = "api"
urlpatterns = [
    path("dossiers/", DossiersView.as_view(), name="dossiers"),
    path("dossiers/<str:handle>/", DossierView.as_view(), name="dossier"),
    path("dossiers/<str:handle>/timeline/", TimelineView.as_view(), name="timeline"),
    path("dossiers/<str:handle>/receipt.pdf", ReceiptView.as_view(), name="receipt"),
    path("dossiers/<str:handle>/actions/<str:action>/", MoveView.as_view(), name="move"),
    path("procedures/", ProceduresView.as_view(), name="procedures"),
    path("procedures/<str:code>/", ProcedureView.as_view(), name="procedure"),
    path("lookup/<str:token>/", LookupView.as_view(), name="lookup"),
    path("docs/", DocsView.as_view(), name="docs"),
    path("schema/", SchemaView.as_view(), name="schema"),
]
