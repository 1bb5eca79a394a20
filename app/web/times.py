"""Times as people say them: in the site's zone and the reader's language."""

import re
from datetime import datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from babel import Locale
from babel.dates import format_skeleton, format_time, get_time_format

from app.domain.tracking_answer import Span
from app.web.texts import gettext as _

#: "Sat, Nov 22": weekday, month and day in the order of the language.
_DAY: Final = "MMMEd"
_HALF_OF_DAY: Final = re.compile(r"\s*a\s*")
#: Before the half of the day: "4:10 pm", "4:10 p.m.".
_BEFORE_HALF: Final = re.compile(r"(?<=\d)\s(?=[ap]\.?\s?m)", re.IGNORECASE)
_SHORT_SPAN: Final = re.compile(r"(?<=\d)–")
_LONG_SPAN: Final = re.compile(r"(?<=[^\W\d_])–|(?<=\.)–")
_NO_BREAK: Final = "\u00a0"
_JOINER: Final = "\u2060"


def kept_together(text: str) -> str:
    """Return a line whose times do not break over two, nor its spans where they are short.

    "4:10–4:25 pm" stays whole; "10:00 am–12:00 pm" is too long for a phone and may break after the
    dash. The twin is `keptTogether` in `frontend/customer/announcement.ts`.
    """
    text = _BEFORE_HALF.sub(_NO_BREAK, text)
    text = _SHORT_SPAN.sub(f"{_JOINER}–{_JOINER}", text)
    return _LONG_SPAN.sub(f"{_JOINER}–", text)


class Times:
    """Formats instants for one reader.

    Args:
        now: What "today" is measured from.
        timezone: IANA name of the site's zone.
    """

    def __init__(self, *, now: datetime, timezone: str, locale: Locale) -> None:
        self.now: Final = now
        self._zone = ZoneInfo(timezone)
        self._locale = locale
        self._today = now.astimezone(self._zone).date()
        self._pattern = get_time_format("short", locale).pattern

    def clock(self, instant: datetime) -> str:
        """Return "4:10 pm"."""
        return self._spoken(instant, self._pattern)

    def span(self, span: Span) -> str:
        """Return "4:10–4:25 pm", or "11:50 am–12:05 pm" when the halves of the day differ."""
        start = self._pattern
        if "a" in start and self._half(span.start) == self._half(span.until):
            start = _HALF_OF_DAY.sub("", start)
        return f"{self._spoken(span.start, start)}–{self.clock(span.until)}"

    def dated_span(self, span: Span) -> str:
        """Return "Today 4:00–6:00 pm" or "Sat, Nov 22, 4:00–6:00 pm"."""
        texts = {0: _("Today {span}"), 1: _("Tomorrow {span}")}
        text = texts.get(self.days_ahead(span.start)) or _("{day}, {span}")
        return text.format(day=self.day(span.start), span=self.span(span))

    def later_span(self, span: Span) -> str:
        """Return "4:10–4:25 pm" for today, "Sat, Nov 22, 4:10–4:25 pm" for other days."""
        text = _("{day}, {span}") if self.days_ahead(span.start) else "{span}"
        return text.format(day=self.day(span.start), span=self.span(span))

    def dated_clock(self, instant: datetime) -> str:
        """Return "4:10 pm" for today, "Sat, Nov 22, 4:10 pm" for other days."""
        clock = self.clock(instant)
        return f"{self.day(instant)}, {clock}" if self.days_ahead(instant) else clock

    def day(self, instant: datetime) -> str:
        """Return "Sat, Nov 22"."""
        local = instant.astimezone(self._zone)
        return format_skeleton(_DAY, local, locale=self._locale)

    def days_ahead(self, instant: datetime) -> int:
        """Return how many midnights lie ahead, below zero for days gone by."""
        return (instant.astimezone(self._zone).date() - self._today) // timedelta(days=1)

    def _half(self, instant: datetime) -> str:
        return format_time(instant, "a", tzinfo=self._zone, locale=self._locale)

    def _spoken(self, instant: datetime, pattern: str) -> str:
        text = format_time(instant, pattern, tzinfo=self._zone, locale=self._locale)
        # Unicode's data separate with narrow no-break spaces; people write "pm" small.
        return " ".join(text.lower().split())
