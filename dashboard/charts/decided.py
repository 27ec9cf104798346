"""What was decided, and by whom."""

from collections import Counter

from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from dashboard.charts.base import Card, Chart, ChartData, Series
from dashboard.past_hours import hour_by_hour
from dashboard.queries import Period, decided_by_hour
from moderation.enums import FINAL_OUTCOMES, DecisionSource, Outcome


class Decided(Chart):
    slug = "decided"
    title = gettext_lazy("Decided, by source and outcome")
    kind = "bars"
    nothing = gettext_lazy("Nothing was decided in the last 24 hours.")

    def data(self, period: Period) -> ChartData:
        by_hour = hour_by_hour("decided", decided_by_hour, period)
        numbers = sum(by_hour.values(), Counter())
        series = tuple(
            Series(
                _(outcome.label),
                outcome.value,
                tuple(numbers[source.value, outcome.value] for source in DecisionSource),
            )
            for outcome in Outcome
        )
        return ChartData(_("Source"), tuple(_(source.label) for source in DecisionSource), series)

    def cards(self, period: Period, data: ChartData) -> tuple[Card, ...]:
        by_policy = sum(series.values[0] for series in data.series if series.tone in FINAL_OUTCOMES)
        final = sum(sum(series.values) for series in data.series if series.tone in FINAL_OUTCOMES)
        share = _("%(share)s %% by the policy alone") % {"share": 100 * by_policy // final} if final else ""
        return (Card(_("Decided"), number_format(final, force_grouping=True), share),)
