from cases.models.dossier import CodeCounter, Dossier, DossierOffice, DossierPaper, DossierStep
from cases.models.history import ClockEntry, DossierEvent, DuePromise
from cases.models.papers import (
    FormCounter,
    FormPrint,
    IdempotencyKey,
    IssuedForm,
    SupplementItem,
    SupplementRequest,
)
from cases.models.portal_settings import PortalSettings
from cases.models.procedure import (
    Fee,
    Procedure,
    ProcedureCase,
    ProcedureStep,
    ProcedureVersion,
    RequiredDocument,
)

__all__ = [
    "ClockEntry",
    "CodeCounter",
    "Dossier",
    "DossierEvent",
    "DossierOffice",
    "DossierPaper",
    "DossierStep",
    "DuePromise",
    "Fee",
    "FormCounter",
    "FormPrint",
    "IdempotencyKey",
    "IssuedForm",
    "PortalSettings",
    "Procedure",
    "ProcedureCase",
    "ProcedureStep",
    "ProcedureVersion",
    "RequiredDocument",
    "SupplementItem",
    "SupplementRequest",
]
