"""All error codes of Zalo, each in its class (zalo-contract 3.6 and 6, delivery-rules 3).

The class of delivery-rules wins where it names a code; the others take that of the contract's
table, its "permanent" without a named user or phone being a fault of the text. What the caller may
do with a class is in `notifications.services.results`.
"""

import re
from dataclasses import dataclass

from notifications.channels.base import Result

_R = Result


@dataclass(frozen=True)
class Meaning:
    """The class of a code, its meaning for operators, and what it names."""

    result: Result
    text: str
    hold: str = ""  # for configuration: template, channel or account


def _rows(result: Result, rows: dict[int, str], hold: str = "") -> dict[int, Meaning]:
    return {code: Meaning(result, text, hold) for code, text in rows.items()}


MEANINGS: dict[int, Meaning] = {
    **_rows(_R.RETRY, {
        -100: "unknown, retry later", -129: "RSA key generation failed",
        -152: "key fetch failed", -214: "article being processed",
    }),
    **_rows(_R.RATE, {-32: "call rate of the app or account reached"}),
    **_rows(_R.RETRY_FEW, {-200: "send failed"}),
    **_rows(_R.QUOTA, {
        -144: "daily limit of the account", -147: "daily limit of the template",
        -126: "quota of development mode", -1441: "monthly promotion limit",
        -160: "daily quota of templates or uploads", -211: "out of quota",
        -218: "receive quota of the recipient", -115: "out of quota or balance",
    }),
    **_rows(_R.NIGHT, {-133: "not at night", -234: "this type not at night"}),
    **_rows(_R.TOKEN, {
        -124: "access token invalid", -216: "access token invalid",
        -220: "access token expired or removed",
    }),
    **_rows(_R.CONFIGURATION, {
        -101: "app invalid", -102: "app does not exist", -103: "app not activated",
        -104: "app secret invalid", -105: "app linked to no account", -106: "method unsupported",
        -120: "account lacks the feature", -1201: "account may not create tag 3",
        -1202: "account may not use media", -123: "RSA decoding failed", -125: "account id invalid",
        -1241: "appsecret_proof invalid", -128: "encoding key missing",
        -135: "account may not send", -1351: "account blocked for violation",
        -136: "billing account must be linked", -137: "billing failed",
        -138: "app lacks this permission", -1381: "extension right not granted",
        -142: "RSA key absent", -143: "RSA key exists already", -145: "content type not allowed",
        -202: "mac invalid", -204: "account disabled", -205: "account does not exist",
        -207: "not a third-party account", -208: "no secret", -209: "app not activated",
        -212: "app has not registered this API", -215: "app id invalid",
        -219: "app removed or disabled", -221: "account must be verified",
        -224: "account must buy a package", -235: "API not for this type of account",
        -237: "group disabled", -238: "asset used or disabled", -241: "asset disabled",
        -242: "appsecret_proof invalid", -320: "billing account must be linked",
        -321: "billing account out of money",
    }, "account"),
    **_rows(_R.CONFIGURATION, {
        -151: "template is not end-to-end encrypted", -161: "sending mode invalid",
        -162: "sending mode not for this tag", -240: "API version shut down",
    }, "channel"),
    **_rows(_R.CONFIGURATION, {
        -109: "template id invalid", -117: "no right to the template",
        -131: "template not approved", -146: "template disabled, low quality",
        -249: "template not sendable by user id",
    }, "template"),
    **_rows(_R.RECIPIENT, {
        -107: "message id invalid", -108: "phone invalid", -110: "Zalo version too old",
        -114: "user inactive or refuses", -118: "no Zalo account for this phone",
        -119: "account cannot receive", -127: "test only to administrators",
        -134: "user has not answered the opt-in", -139: "user refused this content",
        -140: "user not eligible", -141: "user refused this account",
        -1471: "monthly follow-up cap of the user", -1472: "daily promotion cap of the user",
        -213: "user does not follow", -217: "user blocked invitations",
        -222: "user banned or inactive", -227: "user banned or inactive over 45 days",
        -230: "no interaction in 7 days", -232: "interaction expired",
        -244: "user restricted this type", -305: "outside of 48 hours", -311: "8 replies used up",
        -403: "account not in the group",
    }),
    **_rows(_R.PAYLOAD, {
        -1091: "template not editable", -111: "template data empty",
        -112: "template data invalid", -1121: "parameter too long", -1122: "parameter missing",
        -1123: "QR cannot be generated", -1124: "parameter format invalid",
        -113: "button invalid", -1131: "link invalid", -116: "text invalid", -121: "body empty",
        -122: "body not JSON", -130: "content over the longest", -132: "parameter invalid",
        -148: "journey token missing", -149: "journey token invalid",
        -1491: "journey token of the wrong type", -150: "journey token expired",
        -153: "data violates a rule", -158: "upload too big", -159: "format not allowed",
        -201: "a field is invalid", -210: "parameter over its limit",
        -233: "message type unsupported", -248: "violates the platform's standards",
    }),
}  # fmt: skip

# Contact points that a code closes, and until when (delivery-rules 3).
PHONE_CLOSED = frozenset({-110, -118, -119})
CLOSED_UNTIL_CONTACT = frozenset({-213, -230, -232})
CLOSED_UNTIL_OPT_IN = frozenset({-139, -141, -217})
PHONE_ONLY_TEMPLATE = -249
_NAMES_RECIPIENT = re.compile(r"\b(user_id|phone)\b", re.IGNORECASE)


def meaning_of(code: int, text: str = "") -> Meaning:
    """The meaning of a code; `text` is the provider's message, needed where a code is overloaded.

    A code that is not listed is retried a few times and reported as unclassified.
    """
    if code == -201 and _NAMES_RECIPIENT.search(text):
        return Meaning(_R.RECIPIENT, "user id or phone invalid")
    if code == -223:
        is_quota = "quota" in text.lower()
        return (
            Meaning(_R.QUOTA, "article quota")
            if is_quota
            else Meaning(_R.CONFIGURATION, "API not authorised by the account", "account")
        )
    return MEANINGS.get(code) or Meaning(_R.RETRY_FEW, "unclassified code")
