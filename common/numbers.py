"""Numbers as people write them: "1.234,5" in Vietnamese, "1,234.5" in English."""

from common.dates import language

_VIETNAMESE = str.maketrans(",.", ".,")


def grouped(value: float, lang: str | None = None) -> str:
    """`value` with thousands set apart; one decimal where it is not whole."""
    text = f"{value:,.0f}" if float(value).is_integer() else f"{value:,.1f}"
    return text if language(lang) == "en" else text.translate(_VIETNAMESE)
