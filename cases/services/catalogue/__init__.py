"""Writing the catalogue of procedures: import, draft, publish."""

from cases.services.catalogue.comparing import Difference, differences
from cases.services.catalogue.exporting import export_procedures
from cases.services.catalogue.importing import import_procedures
from cases.services.catalogue.publishing import create_draft, problems_of, publish
from cases.services.catalogue.rehearsal import rehearse

__all__ = [
    "Difference",
    "create_draft",
    "differences",
    "export_procedures",
    "import_procedures",
    "problems_of",
    "publish",
    "rehearse",
]
