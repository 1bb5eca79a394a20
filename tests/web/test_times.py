import pytest

from app.web.times import kept_together


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("Arriving 4:10–4:25 pm", "Arriving 4:10\u2060–\u20604:25\u00a0pm"),
        ("Tomorrow 10:00 am–12:00 pm", "Tomorrow 10:00\u00a0am\u2060–12:00\u00a0pm"),
        ("Llega 4:10–4:25 p.\u202fm.", "Llega 4:10\u2060–\u20604:25\u00a0p.\u202fm."),
        ("Mañana 10:00 a.m.–12:00 p.m.", "Mañana 10:00\u00a0a.m.\u2060–12:00\u00a0p.m."),
        ("Heute 14:00–16:00", "Heute 14:00\u2060–\u206016:00"),
        ("Delivered", "Delivered"),
    ],
)
def test_times_are_kept_in_one_line_and_short_spans(text: str, shown: str):
    assert kept_together(text) == shown
