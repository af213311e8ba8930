"""Pages of dossiers and procedures."""

from django.urls import path

from cases.views import dossier, intake, lookup, moves, queue

urlpatterns = [
    path("tra-cuu/", lookup.lookup, name="lookup"),
    path("t/<str:token>", lookup.result, name="lookup-result"),
    path("lam-viec/", queue.workspace, name="workspace"),
    path("tiep-nhan/", intake.intake, name="intake"),
    path("tiep-nhan/<str:handle>/", intake.done, name="intake-done"),
    path("ho-so/<str:handle>/", dossier.show, name="dossier"),
    path("ho-so/<str:handle>/xem-day-du/", dossier.show_person, name="dossier-person"),
    path("ho-so/<str:handle>/giay-tiep-nhan.pdf", dossier.receipt, name="dossier-receipt"),
    path(
        "ho-so/<str:handle>/phieu-bo-sung-<int:number>.pdf",
        dossier.supplement,
        name="dossier-supplement",
    ),
    path("ho-so/<str:handle>/<slug:action>/xac-nhan/", moves.move, name="move"),
]
