"""What panels of upper apps are about, where it is no dossier."""

from dataclasses import dataclass

from citizens.models import Citizen


@dataclass(frozen=True)
class Recipient:
    """Whom messages about a dossier would reach: the subject of INTAKE_PANELS.

    While a dossier is being taken in `citizen` is None for a person not known yet, `phone` is as
    typed ("" for none), and `agrees` is whether they consent to messages by Zalo.
    """

    citizen: Citizen | None
    phone: str
    agrees: bool
