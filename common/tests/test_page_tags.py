"""Tags and filters of pages: fields with their errors, states in words, numbers, masks."""

from datetime import UTC, datetime

import pytest
from django import forms
from django.template import Context, Template
from django.utils.translation import override

from common import icons
from common.numbers import grouped
from common.templatetags import onestop_status, onestop_ui

AT = datetime(2026, 11, 27, 10, 0, tzinfo=UTC)  # 17:00 in Vietnam


class PhoneForm(forms.Form):
    phone = forms.CharField(label="Điện thoại", help_text="10 chữ số.")
    note = forms.CharField(label="Ghi chú", required=False)
    way = forms.ChoiceField(label="Cách", choices=[("a", "A")], widget=forms.RadioSelect)
    secret = forms.CharField(widget=forms.HiddenInput)


def render(source: str, **values: object) -> str:
    libraries = "{% load onestop_ui onestop_status onestop_dates %}"
    with override("vi"):
        return Template(libraries + source).render(Context(values))


def refused() -> PhoneForm:
    form = PhoneForm({"phone": "<b>"})
    form.add_error("phone", "Số điện thoại gồm 10 chữ số.")
    form.add_error(None, "Không lưu được.")
    return form


# ---- fields --------------------------------------------------------------------------------------


def test_the_error_stands_before_the_input_and_is_tied_to_it() -> None:
    html = render("{% field form.phone %}", form=refused())
    assert html.index('id="id_phone-hint"') < html.index('id="id_phone-error"')
    assert html.index('id="id_phone-error"') < html.index("<input")
    assert 'aria-describedby="id_phone-hint id_phone-error"' in html
    assert 'aria-invalid="true"' in html


def test_what_was_typed_stays_and_is_escaped() -> None:
    html = render("{% field form.phone %}", form=refused())
    assert 'value="&lt;b&gt;"' in html


def test_a_field_without_error_is_described_by_its_hint_alone() -> None:
    html = render("{% field form.phone %}", form=PhoneForm())
    assert 'aria-describedby="id_phone-hint"' in html
    assert "aria-invalid" not in html


def test_what_is_not_required_says_so() -> None:
    assert "(không bắt buộc)" in render("{% field form.note %}", form=PhoneForm())
    assert "(không bắt buộc)" not in render("{% field form.phone %}", form=PhoneForm())


def test_radios_are_a_fieldset_with_a_legend() -> None:
    html = render("{% field form.way %}", form=refused())
    assert "<legend" in html
    assert '<fieldset aria-describedby="id_way-error">' in html


def test_a_hidden_field_has_no_label() -> None:
    assert "label" not in render("{% field form.secret %}", form=PhoneForm())


def test_the_summary_names_every_error_with_a_link_to_its_field() -> None:
    html = render("{% error_summary form more %}", form=refused(), more=["Mạng bị ngắt."])
    assert '<a href="#id_phone">Số điện thoại gồm 10 chữ số.</a>' in html
    assert '<a href="#id_way_0">' in html
    assert "<li>Không lưu được.</li>" in html
    assert "<li>Mạng bị ngắt.</li>" in html
    assert 'role="alert"' in html


def test_there_is_no_summary_without_an_error() -> None:
    assert render("{% error_summary form more %}", form=PhoneForm(), more=None).strip() == ""


# ---- states --------------------------------------------------------------------------------------


@pytest.mark.parametrize("status", sorted(onestop_status.STATUSES))
def test_every_state_has_words_an_icon_and_a_tone(status: str) -> None:
    html = render("{% status_tag status %}", status=status)
    assert "<svg" in html
    assert "tone-" in html or "solid-" in html


def test_the_ten_states_differ_in_shape_or_words() -> None:
    looks = {(look.icon, str(look.words)) for look in onestop_status.STATUSES.values()}
    assert len(looks) == len(onestop_status.STATUSES)


@pytest.mark.parametrize(
    ("source", "words"),
    [
        ('{% deadline_chip "left" n=3 %}', "Còn 3 ngày"),
        ('{% deadline_chip "today" at=at %}', "Hôm nay 17:00"),
        ('{% deadline_chip "late" n=2 %}', "Trễ 2 ngày"),
        ('{% deadline_chip "paused" at=at %}', "Tạm dừng từ 27/11"),
        ('{% deadline_chip "done_early" n=2 %}', "Sớm 2 ngày"),
        ('{% deadline_chip "done_on_time" %}', "Đúng hạn"),
        ('{% deadline_chip "done_late" n=1 %}', "Trễ 1 ngày"),
        ('{% deadline_chip "left" n=5 unit="hours" %}', "Còn 5 giờ"),
    ],
)
def test_a_chip_says_how_the_due_date_stands(source: str, words: str) -> None:
    assert words in render(source, at=AT)


def test_the_share_of_time_says_it_in_words() -> None:
    html = render("{% share_of_time 4 7 waited=1 %}")
    assert html.count("<rect") == 8 + 3
    assert (
        "Cơ quan đã dùng 4 trên 7 ngày làm việc. "
        "Chờ Ông/Bà: 1 ngày, không tính vào hạn của cơ quan." in html
    )


def test_officers_read_of_the_citizen() -> None:
    assert "Chờ người dân: 1 ngày" in render("{% share_of_time 4 7 waited=1 staff=True %}")


@pytest.mark.parametrize(
    "source", ["{% share_of_time 0 0 %}", "{% share_of_time 90 60 %}", "{% share_of_time 1.5 8 %}"]
)
def test_the_bar_never_leaves_its_frame(source: str) -> None:
    html = render(source)
    bar = html[: html.index("<ul>")]
    ends = [
        float(x) + float(width)
        for x, width in zip(
            [part.split('"')[0] for part in bar.split(' x="')[1:]],
            [part.split('"')[0] for part in bar.split(' width="')[1:]],
            strict=True,
        )
    ]
    assert all(end <= 700 for end in ends)


# ---- small things --------------------------------------------------------------------------------


def test_a_button_that_is_off_says_why_and_cannot_send() -> None:
    html = render('{% button "Trả kết quả" off=True id="give" name="action" reason="Chưa có." %}')
    assert 'aria-disabled="true" aria-describedby="give-why"' in html
    assert 'type="button"' in html
    assert 'name="action"' not in html
    assert 'id="give-why"' in html


def test_a_notice_shows_markup_of_the_template_and_escapes_what_people_wrote() -> None:
    html = render('{% notice "bad" %}<p>{{ name }}</p>{% endnotice %}', name="<script>")
    assert "<p>&lt;script&gt;</p>" in html
    assert 'role="alert"' in html


def test_a_tag_escapes_its_words() -> None:
    assert "&lt;i&gt;" in render("{% tag words %}", words="<i>")


def test_dates_keep_the_day_together() -> None:
    assert render("{{ at|due_phrase }}", at=AT) == "17:00, thứ\u00a0Sáu\u00a027/11/2026"
    assert render("{{ at|iso }}", at=AT) == "2026-11-27T17:00:00+07:00"
    assert render("{{ at|short_when }}{{ none|due_phrase }}", at=AT, none=None) == "17:00 27/11"


@pytest.mark.parametrize(
    ("value", "vi", "en"), [(1234.5, "1.234,5", "1,234.5"), (150000, "150.000", "150,000")]
)
def test_numbers_are_grouped_as_the_language_does(value: float, vi: str, en: str) -> None:
    assert (grouped(value, "vi"), grouped(value, "en")) == (vi, en)


def test_money_is_in_dong() -> None:
    assert render("{{ 150000|money }}") == "150.000 đồng"


def test_masks_hide_the_middle() -> None:
    assert onestop_ui.mask_identity("087168000143") == "087******143"
    assert onestop_ui.mask_phone("0912000143") == "09****0143"


def test_a_phone_number_can_be_tapped() -> None:
    assert onestop_ui.tel("0277 3898989") == "tel:02773898989"


def test_the_sheet_of_icons_is_complete() -> None:
    used = {look.icon for look in onestop_status.STATUSES.values()}
    assert used <= icons.shapes().keys()
    assert len(icons.shapes()) == 36
