"""Short names of the kinds, for people: on the dossier page, in the look-up, in admin."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

KIND_LABELS: dict[str, Promise] = {
    "received": _("Dossier received"),
    "handed_over": _("Moved to another office"),
    "supplement": _("Papers missing"),
    "supplement_before": _("Papers missing before acceptance"),
    "supplement_received": _("Missing papers received"),
    "due_moved": _("Due date moved"),
    "ready": _("Result ready"),
    "ready_early": _("Result ready early"),
    "ready_post": _("Result posted"),
    "ready_online": _("Electronic result ready"),
    "refused_result": _("Not granted"),
    "returned": _("Result handed over"),
    "refused_intake": _("Not accepted"),
    "withdrawn": _("Processing stopped"),
    "intake_cancelled": _("Acceptance undone"),
    "assigned": _("New dossier for an officer"),
    "policy_news": _("Policy news"),
    "emergency": _("Emergency warning"),
    "chat_answer": _("Answer in the chat"),
}


def kind_label(name: str) -> str:
    """The label of a kind; the bare name where the registry no longer has it."""
    return str(KIND_LABELS.get(name, name))
