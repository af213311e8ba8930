"""The Vietnamese catalogue is complete: the product speaks it, the code speaks English."""

import ast
import re
from functools import cache
from pathlib import Path

import django
from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_file
from babel.messages.pofile import read_po
from django import forms
from django.utils.translation import gettext, ngettext, override

from common.extract import KEYWORDS, fresh_catalogue
from common.text import nfc

ROOT = Path(__file__).resolve().parents[2]
VIETNAMESE = ROOT / "locale" / "vi" / "LC_MESSAGES" / "django.po"
APPS = ("common", "offices", "citizens", "cases", "notifications", "onestop")


@cache
def in_code() -> Catalog:
    return fresh_catalogue(ROOT)


@cache
def in_catalogue() -> Catalog:
    with VIETNAMESE.open("rb") as lines:
        return read_po(lines, locale="vi")


def named(message: Message) -> tuple[str | None, str]:
    singular = message.id if isinstance(message.id, str) else message.id[0]
    return message.context, singular


def messages(catalogue: Catalog) -> dict[tuple[str | None, str], Message]:
    return {named(message): message for message in catalogue if message.id}


def words(message: Message) -> str:
    return message.string if isinstance(message.string, str) else "".join(message.string or ())


def test_every_name_that_the_code_translates_by_is_one_that_is_extracted() -> None:
    unread = [
        f"{path.relative_to(ROOT)}: {name.asname}"
        for app in APPS
        for path in (ROOT / app).rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.ImportFrom) and node.module == "django.utils.translation"
        for name in node.names
        if "gettext" in name.name and (name.asname or name.name) not in KEYWORDS
    ]
    assert unread == []


def test_every_message_of_the_code_is_in_the_catalogue() -> None:
    missing = messages(in_code()).keys() - messages(in_catalogue()).keys()
    assert not missing, f"run `make messages`: {sorted(missing, key=str)}"


def test_no_message_is_left_untranslated() -> None:
    empty = [named(message) for message in in_catalogue() if message.id and not words(message)]
    assert empty == []


def test_no_entry_is_unused_or_obsolete() -> None:
    unused = messages(in_catalogue()).keys() - messages(in_code()).keys()
    assert not unused, f"run `make messages`: {sorted(unused, key=str)}"
    assert not in_catalogue().obsolete


def test_no_translation_is_fuzzy() -> None:
    assert [named(m) for m in in_catalogue() if m.id and m.fuzzy] == []


def test_placeholders_agree_between_message_and_translation() -> None:
    wrong = [
        (named(message), str(error))
        for message, errors in in_catalogue().check()
        for error in errors
    ]
    assert wrong == []


def test_nobody_is_shouted_at_and_everybody_is_addressed_with_respect() -> None:
    wrong = re.compile(r"\b(bạn|khách hàng)\b|!(?!\w)", re.IGNORECASE)
    assert [words(m) for m in in_catalogue() if m.id and wrong.search(words(m))] == []


def test_vietnamese_is_written_in_nfc_without_stray_white_space() -> None:
    texts = [words(message) for message in in_catalogue() if message.id]
    assert [text for text in texts if nfc(text) != text.strip()] == []


def test_django_still_says_the_words_that_are_named_for_it() -> None:
    said = {
        named(message)[1]
        for path in Path(django.__file__).parent.rglob("locale/en/LC_MESSAGES/django.po")
        for message in read_po(path.open("rb"))
        if message.id
    }
    named_here = {
        ids if isinstance(ids, str) else ids[0]
        for _line, ids, _comments, _context in extract_from_file(
            "python", ROOT / "onestop" / "framework_words.py", keywords=KEYWORDS
        )
    }
    assert named_here
    assert named_here - said == set()


def test_a_field_error_of_django_is_said_in_our_words() -> None:
    class Age(forms.Form):
        age = forms.IntegerField()

    with override("vi"):
        assert Age({"age": "x"}).errors["age"] == ["Nhập một số nguyên."]
        assert Age({}).errors["age"] == ["Cần nhập mục này."]


def test_vietnamese_has_one_plural_form() -> None:
    assert in_catalogue().num_plurals == 1
    plurals = [m for m in in_catalogue() if isinstance(m.id, tuple)]
    assert all(len(message.string or ()) == 1 for message in plurals)


def test_a_plural_message_is_translated_for_one_and_for_many() -> None:
    with override("vi"):
        assert ngettext("%(n)d day", "%(n)d days", 1) % {"n": 1} == "1 ngày"
        assert ngettext("%(n)d day", "%(n)d days", 3) % {"n": 3} == "3 ngày"
        assert gettext("On time") == "Đúng hạn"
    with override("en"):
        assert gettext("On time") == "On time"
