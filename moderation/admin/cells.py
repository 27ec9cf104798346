"""Small pieces of a page: what people wrote is escaped, kept apart from its surroundings, and never a link."""

import json
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Any

from django.db.models import Model
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format, number_format
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.utils.translation import gettext_noop as N_

from moderation.admin.categories import category_title
from moderation.directions import inert
from moderation.enums import ContentStatus, HoldStatus

NOTHING = "–"
OUTCOMES = (N_("approve"), N_("review"), N_("reject"))
_EFFECTS = {
    HoldStatus.HELD: N_("not in effect yet"),
    HoldStatus.RELEASED: N_("in effect"),
    HoldStatus.WITHDRAWN: N_("taken back"),
    HoldStatus.LAPSED: N_("lapsed: never in effect"),
}
MINUTE, HOUR, DAY = 60, 3600, 86400


def foreign(text: object, most: int = 80) -> str | SafeString:
    """Text that came from outside, shortened to ``most`` characters; its direction cannot leak into the page.

    What would turn its own letters round, to be read as another name, is named instead of obeyed.
    """
    shown = inert(str(text or ""))
    if len(shown) > most:
        shown = shown[: most - 1] + "…"
    return format_html("<bdi>{}</bdi>", shown) if shown else NOTHING


def whole_text(text: str) -> SafeString:
    """All of a content's text, as it was written."""
    return format_html('<pre class="foreign-text" dir="auto" tabindex="0">{}</pre>', text)


def outcome_badge(outcome: str | None) -> str | SafeString:
    """An outcome in words, with its colour beside them."""
    if not outcome:
        return NOTHING
    return format_html('<span class="badge badge-{}">{}</span>', outcome, gettext(outcome))


def effect_of(decision: Any) -> str:
    """Whether a decision counts, where it did not from the start. ``hold`` of the decision is read."""
    hold = getattr(decision, "hold", None)
    return gettext(_EFFECTS[HoldStatus(hold.status) if hold else HoldStatus.RELEASED])


def status_of(content: Any) -> str:
    """Where a content is in the flow, said as everywhere else."""
    in_review = content.status == ContentStatus.IN_REVIEW
    return gettext("In review") if in_review else str(content.get_status_display())


def moment(when: datetime | None) -> str | SafeString:
    """A time to the second, in UTC, as the reader's language writes it."""
    if when is None:
        return NOTHING
    shown = written(when)
    return format_html('<time datetime="{}" title="{} UTC">{}</time>', when.isoformat(), shown, shown)


def written(when: datetime) -> str:
    """A time to the second, in UTC, as text."""
    return date_format(when.astimezone(UTC), "SHORT_DATETIME_FORMAT")


def to_the_minute(when: datetime) -> str:
    """A time in UTC without its seconds, as text."""
    moment_utc = when.astimezone(UTC)
    return f"{date_format(moment_utc, 'SHORT_DATE_FORMAT')} {moment_utc:%H:%M}"


def age(when: datetime | None) -> str | SafeString:
    """How long ago, in its largest unit, with the time itself as a tip."""
    if when is None:
        return NOTHING
    seconds = max(0, int((timezone.now() - when).total_seconds()))
    return format_html(
        '<time datetime="{}" title="{} UTC">{}</time>', when.isoformat(), written(when), duration(seconds)
    )


def duration(seconds: int) -> str:
    """Seconds in their largest unit: ``42 s``, ``12 min``, ``3 h``, ``5 d``."""
    for size, unit in ((DAY, gettext("d")), (HOUR, gettext("h")), (MINUTE, gettext("min"))):
        if seconds >= size:
            return f"{seconds // size} {unit}"
    return f"{seconds} {gettext('s')}"


def link_to(row: Model | None, label: object = None) -> str | SafeString:
    """A link to the row's own page in the console."""
    if row is None:
        return NOTHING
    url = reverse(f"admin:{row._meta.app_label}_{row._meta.model_name}_change", args=[row.pk])
    return format_html('<a href="{}"><bdi>{}</bdi></a>', url, label or inert(str(row)))


def count(number: int) -> str:
    """A whole number with its thousands apart, as the reader's language writes it: ``12,345``, ``12.345``."""
    return number_format(number, force_grouping=True)


def milliseconds(number: float, places: int = 0) -> str:
    """A short time as the reader's language writes it: ``0.4 ms``, ``0,4 ms``."""
    return f"{decimal(number, places)} ms"


def decimal(number: float, places: int = 2) -> str:
    """A number with so many decimal places, as the reader's language writes it: ``0.91``, ``0,91``."""
    return number_format(f"{number:.{places}f}")


def scores(readings: Mapping[str, float]) -> str | SafeString:
    """Category and score, highest first."""
    if not readings:
        return NOTHING
    ranked = sorted(readings.items(), key=lambda item: -item[1])
    items = format_html_join(
        "", "<li>{} <b>{}</b></li>", ((category_title(name), decimal(score)) for name, score in ranked)
    )
    return format_html('<ul class="scores">{}</ul>', items)


def listing(items: Iterable[object]) -> str | SafeString:
    """Short items, one under the other."""
    found = list(items)
    if not found:
        return NOTHING
    return format_html('<ul class="plain">{}</ul>', format_html_join("", "<li>{}</li>", ((item,) for item in found)))


def document(value: Any) -> str | SafeString:
    """A JSON value, indented."""
    if value in (None, {}, []):
        return NOTHING
    text = json.dumps(value, indent=2, ensure_ascii=False, sort_keys=True)
    return format_html('<pre class="document" dir="ltr" tabindex="0">{}</pre>', text)


def numbered_lines(source: str) -> SafeString:
    """A document with line numbers, which copying leaves out."""
    lines = format_html_join("", "<li><code>{}</code></li>", ((line,) for line in source.splitlines()))
    return format_html('<ol class="source" dir="ltr" tabindex="0" aria-label="{}">{}</ol>', gettext("Source"), lines)
