"""Writing the catalogue of procedures: import, draft, publish."""

from cases.services.catalogue.importing import import_procedures
from cases.services.catalogue.publishing import create_draft, publish

__all__ = ["create_draft", "import_procedures", "publish"]
