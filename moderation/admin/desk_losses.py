"""What a lead took from a person, in words: on their next page of the desk, and on the page of the case."""

from django.contrib import messages
from django.contrib.auth.models import User
from django.http import HttpRequest
from django.utils.translation import gettext as _

from moderation.directions import inert
from moderation.review.losses import Loss, take_losses


def tell_losses(request: HttpRequest, person: User) -> None:
    """One message for each case that was taken from the person since their last page."""
    for loss in take_losses(person=person):
        messages.warning(request, loss_words(loss))


def loss_words(loss: Loss) -> str:
    """Who took which case, and who has it now."""
    names = {"lead": loss.lead, "id": inert(loss.external_id), "person": loss.to}
    if loss.to:
        return _("%(lead)s gave your case %(id)s to %(person)s.") % names
    return _("%(lead)s took your case %(id)s back to its queue.") % names
