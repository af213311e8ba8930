"""Short names of the kinds, for people: on the dossier page, in the look-up, in admin."""

from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from notifications.states import Cause
from notifications.words import Channel

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


# Templates registered at Zalo for which no kind sends yet.
_TEMPLATES_WITHOUT_KIND: dict[str, Promise] = {
    "due_soon": _("Due soon"),
    "late": _("Late"),
    "stopped": _("Stopped at the applicant's request"),
}

# What became of a renewal of the token pair, as `notifications.services.tokens` writes it.
_RENEWALS: dict[str, Promise] = {
    "first pair stored": _("connected"),
    "renewed": _("renewed"),
}


def kind_label(name: str) -> str:
    """The label of a kind or of a template's name; the bare name where there is no label."""
    return str((KIND_LABELS | _TEMPLATES_WITHOUT_KIND).get(name, name))


def renewal_label(result: str) -> str:
    """How the last renewal ended; of a failed one, what Zalo or the network answered."""
    return str(_RENEWALS.get(result, result))


# Classes of answers, `notifications.channels.base.Result`.
RESULT_LABELS: dict[str, Promise] = {
    "accepted": _("taken"),
    "retry": _("not sent, tried again"),
    "rate": _("too many calls at once"),
    "retry_few": _("unknown answer, tried a few times"),
    "quota": _("quota used up"),
    "night": _("not at night"),
    "token": _("token refused"),
    "config": _("configuration to be mended"),
    "recipient": _("refused for this person"),
    "payload": _("refused for this text"),
    "unknown": _("fate unknown"),
}

# What may happen to a delivery, `notifications.states.MOVES`.
CAUSE_LABELS: dict[Cause, Promise] = {
    Cause.CLAIMED: _("its event is taken up"),
    Cause.NO_WAY: _("no channel, or no consent"),
    Cause.PICKED: _("it leaves"),
    Cause.NOT_TRUE: _("it is not true or not wanted any more"),
    Cause.PUT_OFF: _("night, quota, too many calls or a hold"),
    Cause.SUCCESS: _("Zalo takes it"),
    Cause.RETRY: _("it certainly did not leave and is tried again"),
    Cause.REFUSED_FOR_NOW: _("Zalo says later"),
    Cause.TOKEN_REFUSED: _("the token is refused"),
    Cause.HELD: _("something is to be mended first"),
    Cause.PERMANENT: _("refused for this person or text"),
    Cause.GIVEN_UP: _("no try or no time is left"),
    Cause.AMBIGUOUS: _("no certain answer comes"),
    Cause.RESEND: _("no proof comes: sent once more"),
    Cause.GRACE_OVER: _("no proof comes: given up"),
    Cause.RECEIPT: _("Zalo reports that it arrived"),
    Cause.SEEN: _("Zalo reports that it was read"),
    Cause.CANCEL: _("it is called off"),
    Cause.CRASHED: _("our program fails on it again and again"),
}

# Events of Zalo on which the program acts (zalo-contract 4).
EVENT_LABELS: dict[str, Promise] = {
    "user_received_message": _("Message received"),
    "user_seen_message": _("Message seen"),
    "follow": _("Follows the account"),
    "unfollow": _("Follows no longer"),
    "user_send_text": _("Wrote in the chat"),
    "change_template_status": _("State of a template changed"),
}
_QUALITIES: dict[str, Promise] = {
    "HIGH": _("high"),
    "MEDIUM": _("medium"),
    "LOW": _("low"),
    "UNDEFINED": _("not rated yet"),
}


def result_label(name: str) -> str:
    """The class of an answer; nothing while there is none."""
    return str(RESULT_LABELS.get(name, name))


def cause_label(cause: Cause) -> str:
    """What happens to a delivery, in words."""
    return str(CAUSE_LABELS[cause])


def event_label(name: str) -> str:
    """What a webhook reports; Zalo's own name where we have no words for it."""
    return str(EVENT_LABELS.get(name, name or "–"))


def quality_label(name: str) -> str:
    """How Zalo rates a template."""
    return str(_QUALITIES.get(name.upper(), name or "–"))


def held_label(key: str) -> str:
    """What a hold keeps back, from its key: "template:ready", "channel:zalo_user", "account"."""
    sort, _colon, name = key.partition(":")
    if sort == "template":
        return gettext("Template “%(name)s”") % {"name": kind_label(name)}
    if sort == "channel" and name in Channel.values:
        return gettext("Channel “%(name)s”") % {"name": Channel(name).label}
    return gettext("The whole account") if key == "account" else key
