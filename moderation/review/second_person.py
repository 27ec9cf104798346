"""Step 6, two pairs of eyes: what waits for a second person, and what that person says instead of agreeing.

A rejection of an author who reaches many people counts only when somebody else has confirmed it (``holds.confirm``).
Or they decide otherwise, or send it back to be decided anew.
"""

from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from moderation.enums import CaseStatus, HoldKind, HoldStatus, Outcome
from moderation.models import Decision, DecisionHold
from moderation.review.access import queues_of
from moderation.review.blindness import contents_kept_from
from moderation.review.holds import lock_hold, reopen, require_second
from moderation.review.leases import new_claim, write
from moderation.review.notes import add_note
from moderation.review.refusals import ActRefused
from moderation.review.resolve import Resolution, decide_locked


def waiting_for_second(*, person: User) -> QuerySet[DecisionHold]:
    """The decisions that wait for a second person in the queues of this one, the oldest first.

    None about a content that the person is asked about without knowing what others said.
    """
    held = DecisionHold.objects.filter(kind=HoldKind.SECOND_PERSON, status=HoldStatus.HELD)
    rows = held.filter(case__queue__in=queues_of(person)).exclude(decision__content__in=contents_kept_from(person))
    return rows.select_related("decision__moderator", "decision__content__author", "case__queue").order_by("created_at")


@transaction.atomic
def decide_otherwise(
    *, decision: Decision, person: User, outcome: Outcome, label: str = "", reasoning: str = "", private_note: str = ""
) -> Resolution:
    """The second person's own decision in the place of one that waits for them; the first never counts.

    Two people have looked then, so that it waits for no third; it can be undone like any other. Raises
    PermissionDenied, HoldEnded, and ActRefused for a decision that says the same: that is to confirm it.
    """
    hold, case = lock_hold(decision.pk)
    require_second(hold=hold, case=case, person=person)
    same = (hold.decision.outcome, hold.decision.label, hold.decision.reasoning) == (outcome, label, reasoning)
    if same:
        raise ActRefused(_("This is what was decided: confirm it."))
    reopen(holds=[hold], person=person, data={"decided": "otherwise"})
    write(case, status=CaseStatus.OPEN, decision=None, **new_claim(person, timezone.now()))
    return decide_locked(
        case=case,
        content=hold.decision.content,
        moderator=person,
        outcome=outcome,
        label=label,
        reasoning=reasoning,
        private_note=private_note,
        seen_by_two=True,
    )


@transaction.atomic
def send_back(*, decision: Decision, person: User, note: str) -> None:
    """Gives the case back to be decided anew by anybody; the note stays with the content. The decision never counts.

    Raises PermissionDenied, HoldEnded, and BadNote for an empty or too long note.
    """
    hold, case = lock_hold(decision.pk)
    require_second(hold=hold, case=case, person=person)
    add_note(writer=person, text=note, content=hold.decision.content)
    reopen(holds=[hold], person=person, data={"decided": "sent back"})
