"""How much came in, hour by hour."""

from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from dashboard.charts.base import Card, Chart, ChartData, Series
from dashboard.past_hours import hour_by_hour
from dashboard.queries import Period, received_by_hour, unprocessed

SLOW_SECONDS = 60


class Received(Chart):
    slug = "received"
    title = gettext_lazy("Received, by hour (UTC)")
    kind = "columns"
    nothing = gettext_lazy("Nothing was received in the last 24 hours.")

    def data(self, period: Period) -> ChartData:
        by_hour = hour_by_hour("received", received_by_hour, period)
        labels = tuple(f"{hour:%H}:00" for hour in by_hour)
        return ChartData(_("Hour"), labels, (Series(_("Received"), "neutral", tuple(by_hour.values())),))

    def cards(self, period: Period, data: ChartData) -> tuple[Card, ...]:
        waiting = unprocessed()
        seconds = int((period.end - waiting.oldest_at).total_seconds()) if waiting.oldest_at else 0
        slow = seconds > SLOW_SECONDS
        note = _("oldest for %(minutes)s min: are the workers up?") % {"minutes": seconds // 60} if slow else ""
        return (
            Card(_("Received"), number_format(data.total, force_grouping=True)),
            Card(_("Being processed"), number_format(waiting.count, force_grouping=True), note, alarming=slow),
        )
