"""What waits for a person, by queue and by how long it has waited."""

from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from dashboard.charts.base import Card, Chart, ChartData, Series
from dashboard.queries import AGE_BANDS, Period, overdue_cases, waiting_by_queue_and_age


class Waiting(Chart):
    slug = "waiting"
    title = gettext_lazy("Waiting for a person now, by queue and age")
    kind = "bars"
    nothing = gettext_lazy("Nothing waits for a person.")

    def data(self, period: Period) -> ChartData:
        queues = waiting_by_queue_and_age(period.end)
        ages = (
            Series(_(name), f"age-{number}", tuple(queue.by_age[number] for queue in queues))
            for number, (name, *_limits) in enumerate(AGE_BANDS)
        )
        return ChartData(_("Queue"), tuple(queue.queue for queue in queues), tuple(ages))

    def cards(self, period: Period, data: ChartData) -> tuple[Card, ...]:
        overdue = overdue_cases(period.end)
        note = _("%(number)s overdue") % {"number": number_format(overdue, force_grouping=True)} if overdue else ""
        return (
            Card(
                _("Waiting for a person"), number_format(data.total, force_grouping=True), note, alarming=bool(overdue)
            ),
        )
