"""The form of a queue: every field in plain words, and a routing that is tried before it counts."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.functional import cached_property
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from moderation.models import ReviewQueue
from moderation.policy.schema import Condition
from moderation.review.routing import faults_of, read_routing
from moderation.review.routing_trial import MOST_CASES

MOST_MINUTES = 366 * 24 * 60
MOST_CHARACTERS = 10_000
EXAMPLE = "any:\n  - {category: hate, at_least: 0.6}\n  - {reports: {at_least: 3}}"


class ReviewQueueForm(forms.ModelForm):
    """``trial_content`` and ``trial_cases`` are asked of the test box, and stored nowhere."""

    due_minutes = forms.IntegerField(
        label=_("Due after, in minutes"),
        min_value=1,
        max_value=MOST_MINUTES,
        initial=24 * 60,
        help_text=_(
            "1,440 is a day of every hour, 480 a day of eight business hours. Cases that are open keep theirs."
        ),
    )
    trial_cases = forms.IntegerField(
        label=_("Of the last cases"), min_value=1, max_value=MOST_CASES, initial=200, required=False
    )
    trial_content = forms.CharField(label=_("Or a content's id"), max_length=255, required=False)

    class Meta:
        model = ReviewQueue
        fields = (
            "name",
            "slug",
            "description",
            "groups",
            "due_minutes",
            "due_clock",
            "routing",
            "position",
            "hide_text",
            "double_percent",
            "golden_percent",
        )
        labels = {
            "slug": _("Short name"),
            "groups": _("Who works in it"),
            "due_clock": _("What time counts"),
            "routing": _("Which cases come here"),
            "position": _("Asked in the order"),
            "hide_text": _("Cover the text"),
            "double_percent": _("Decided twice, in percent"),
            "golden_percent": _("With a known answer, in percent"),
        }
        help_texts = {
            "slug": _("By which policies name the queue. It stands in addresses, too."),
            "description": _("One sentence for those who work in it."),
            "groups": _("None chosen: every moderator."),
            "due_clock": _("Every hour, or the site's business hours (review.business_hours in the configuration)."),
            "routing": _(
                "A condition in the words of a policy, as in “category: spam” and “at_least: 0.9”; besides, it may ask"
                " for client, rule, queue, severity, reports, source and author.reach. Empty: only what a policy's rule"
                " sends here by name."
            ),
            "position": _("Of the queues that say which cases come to them, the lowest number is asked first."),
            "hide_text": _("Text and images lie under a cover until the moderator asks for them."),
            "double_percent": _(
                "Of what is decided here, so much is decided by a second person who is not told of the first."
            ),
            "golden_percent": _("Of what a moderator is shown here, so much has an answer that is agreed on."),
        }
        widgets = {
            "groups": forms.CheckboxSelectMultiple,
            "routing": forms.Textarea(
                attrs={"rows": 8, "cols": 80, "class": "routing", "spellcheck": "false", "placeholder": EXAMPLE}
            ),
        }

    @cached_property
    def changed_data(self) -> list[str]:
        """What the test box asks is no change of the queue."""
        return [name for name in super().changed_data if not name.startswith("trial_")]

    def clean_routing(self) -> str:
        routing = self.cleaned_data["routing"].replace("\r\n", "\n").strip()
        if len(routing) > MOST_CHARACTERS:
            message = gettext("It has %(found)s characters; %(most)s are the most.")
            raise ValidationError(message % {"found": f"{len(routing):,}", "most": f"{MOST_CHARACTERS:,}"})
        if faults := faults_of(routing):
            raise ValidationError([str(fault) for fault in faults])
        return routing

    def condition(self) -> Condition | None:
        """The routing that was typed, if there is one and nothing is wrong with it."""
        routing = getattr(self, "cleaned_data", {}).get("routing", "")
        read = read_routing(routing) if routing else None
        return read if isinstance(read, Condition) else None


class TrialForm(ReviewQueueForm):
    """Posted to be tried: what is wrong is said, and nothing is saved, however right it is."""

    def is_valid(self) -> bool:
        super().is_valid()
        return False


def tried_queue(form: Any) -> ReviewQueue:
    """The queue as it would be saved, for the place that it has among the others."""
    typed = form.cleaned_data
    return ReviewQueue(
        pk=form.instance.pk, slug=typed.get("slug") or form.instance.slug, position=typed.get("position") or 0
    )
