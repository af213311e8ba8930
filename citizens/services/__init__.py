"""Writes about citizens: who they are, what they agreed to, and their Zalo accounts."""

from citizens.services.people import (
    WORDING_VERSION,
    Applicant,
    find_or_add_citizen,
    has_other_name,
    log_access,
    record_consent,
)
from citizens.services.zalo import (
    CODE_LIFETIME,
    NewCode,
    issue_link_code,
    link_citizen,
    note_contact,
    note_follow,
    redeem_link_code,
    unlink_officer,
)

__all__ = [
    "CODE_LIFETIME",
    "WORDING_VERSION",
    "Applicant",
    "NewCode",
    "find_or_add_citizen",
    "has_other_name",
    "issue_link_code",
    "link_citizen",
    "log_access",
    "note_contact",
    "note_follow",
    "record_consent",
    "redeem_link_code",
    "unlink_officer",
]
