"""Sentences of the explanation of a due date, Vietnamese and English, same keys and fields.

They are words of the law for the citizen as much as for the officer, so they are data here and not
entries of the catalogue; a test compares the two columns.
"""

VI: dict[str, str] = {
    "due": "Ngày hẹn trả: {due}.",
    "not_started": "Chưa tính thời hạn: hồ sơ chưa được tiếp nhận.",
    "paused": "Tạm dừng từ {at}; khi đủ giấy tờ, cơ quan còn {left}.",
    "stopped": "Đã thôi tính thời hạn từ {at}.",
    "days": "Hạn {amount}, không tính ngày nhận, {day}.",
    "calendar_days": "Hạn {amount}, tính cả ngày nghỉ, không tính ngày nhận, {day}.",
    "hours": "Hạn {amount}, chỉ tính giờ làm việc, từ lúc nhận {at}.",
    "same_day": "Nhận trước {cutoff} thì trả trong ngày.",
    "same_day_next": "Nhận từ {cutoff} trở đi thì trả vào ngày làm việc tiếp theo.",
    "office_closed": "Lúc nhận, cơ quan đã hết giờ làm việc, nên trả vào ngày làm việc tiếp theo.",
    "extended": "Đã gia hạn thêm {amount}.",
    "out_of_hours": "{at} là ngoài giờ tiếp nhận, nên tính là nhận {day}.",
    "shifted": "Nhận từ {cutoff} trở đi, nên tính từ sau {day}.",
    "counter_only": "{day} là ngày nhận nhưng không phải ngày làm việc.",
    "waited": "Tạm dừng từ {since} đến {until}: chờ {amount}, không tính vào hạn.",
    "waited_briefly": "Tạm dừng từ {since} đến {until}, không tính vào hạn.",
    "pause_rule": "Ngày tạm dừng tính là đã dùng, ngày tiếp tục không tính.",
    "nothing_left": "Lúc tiếp tục không còn ngày nào; trước {cutoff} nên trả trong ngày.",
    "nothing_left_next": "Lúc tiếp tục, {at}, không còn ngày nào: trả vào ngày làm việc tiếp theo.",
    "used": "Đã dùng {used} trên {total}: {days}.",
    "used_time": "Đến lúc tạm dừng đã dùng {used} trên {total}.",
    "counted": "Các ngày được tính: {days}.",
    "counted_from": "Các ngày được tính: từ {first} đến {last}.",
    "day_off": "{day} là ngày nghỉ: {name}.",
    "day_worked": "{day} là ngày làm việc: {name}.",
    "by": "{name} (theo {reference})",
    "short_day": "{day} chỉ làm việc {hours}.",
    "rolled": "Ngày cuối, {day}, không phải ngày làm việc, nên lấy ngày làm việc tiếp theo.",
}

EN: dict[str, str] = {
    "due": "Due {due}.",
    "not_started": "No deadline runs yet: the dossier has not been accepted.",
    "paused": "Paused since {at}; once all papers are in, the office has {left} left.",
    "stopped": "The deadline ended at {at}.",
    "days": "Deadline of {amount}; the day of receipt, {day}, does not count.",
    "calendar_days": (
        "Deadline of {amount}, days off included; the day of receipt, {day}, does not count."
    ),
    "hours": "Deadline of {amount} since receipt at {at}; only working time counts.",
    "same_day": "What is received before {cutoff} is due the same day.",
    "same_day_next": "What is received from {cutoff} on is due the next working day.",
    "office_closed": "The office had closed by then, so it is due on the next working day.",
    "extended": "Extended by {amount}.",
    "out_of_hours": "{at} is outside opening hours, so it counts as received on {day}.",
    "shifted": "Received from {cutoff} on, so counting starts after {day}.",
    "counter_only": "{day} is a day of receipt but not a working day.",
    "waited": "Paused from {since} to {until}: {amount} of waiting, not counted.",
    "waited_briefly": "Paused from {since} to {until}, not counted.",
    "pause_rule": "The day of a pause counts as used, the day of a resumption does not.",
    "nothing_left": "No day was left when it resumed; before {cutoff} it is due the same day.",
    "nothing_left_next": (
        "No day was left when it resumed at {at}: it is due on the next working day."
    ),
    "used": "Used {used} of {total}: {days}.",
    "used_time": "Used {used} of {total} before the pause.",
    "counted": "Days that count: {days}.",
    "counted_from": "Days that count: from {first} to {last}.",
    "day_off": "{day} is a day off: {name}.",
    "day_worked": "{day} is a working day: {name}.",
    "by": "{name} (by {reference})",
    "short_day": "{day} is worked only {hours}.",
    "rolled": "The last day, {day}, is not a working day, so the next working day counts.",
}

WORDS = {"vi": VI, "en": EN}
