"""One item of a bulk call, however it came: judged by itself, and answered by itself."""

from typing import Any

from pydantic import ValidationError

from moderation.api.authentication import Principal
from moderation.api.errors import Problem, problem_of
from moderation.ingest.faults import faults
from moderation.ingest.images import ImagesRefused, take_images
from moderation.ingest.schemas import ContentIn
from moderation.ingest.store import Receipt, Submission, SubmittedImage
from moderation.models import Policy
from moderation.scoring import SECONDS_FOR_A_SEAT, seat_for_long_work


def take_item(raw: Any, principal: Principal, policies: dict[str, int | None], prefix: str = "") -> Submission:
    """A submission that is fit to be stored, its images kept. Raises Problem with every fault of its.

    ``policies`` remembers names within a call; ``prefix`` is where the item stands in the document.
    """
    try:
        item = ContentIn.model_validate(raw)
    except ValidationError as error:
        raise Problem("validation_failed", errors=faults(error, prefix)) from error
    policy_id = _policy_id(item, policies, prefix)
    return item.submission(policy_id, _images(principal, item, prefix))


def brief(receipt: Receipt) -> dict[str, Any]:
    """The answer to an item that was stored, or was there."""
    shown = {
        "id": receipt.id,
        "external_id": receipt.external_id,
        "version": receipt.version,
        "status": receipt.status,
    }
    return {**shown, "not_taken": receipt.not_taken} if receipt.not_taken else shown


def refused(raw: Any, problem: Problem) -> dict[str, Any]:
    """The answer to an item that was not."""
    external_id = raw.get("external_id") if isinstance(raw, dict) else None
    return {"external_id": external_id if isinstance(external_id, str) else None, "error": problem.body()}


def fault_of_item(error: Exception) -> Problem:
    """Why an item was not taken. Raises what is no fault of the item: the database is away, say, for all of them."""
    problem = problem_of(error)
    if problem.status == 503:
        raise error
    return problem


def count_sent_images(item: Any) -> int:
    """How many images were sent within an item, which are decoded before it is answered."""
    images = item.get("images") if isinstance(item, dict) else None
    found = images if isinstance(images, list) else []
    return sum(isinstance(image, dict) and bool(image.get("data")) for image in found)


def _images(principal: Principal, item: ContentIn, prefix: str) -> tuple[SubmittedImage, ...]:
    """The item's images, kept."""
    if not item.images:
        return ()
    try:
        with seat_for_long_work(any(image.data for image in item.images), wait_seconds=SECONDS_FOR_A_SEAT):
            return take_images(principal.client_id, item.images, prefix=prefix)
    except ImagesRefused as refusal:
        raise Problem("validation_failed", errors=refusal.errors) from refusal


def _policy_id(item: ContentIn, known: dict[str, int | None], prefix: str) -> int | None:
    """The id of the policy that was asked for by name."""
    if not item.policy:
        return None
    if item.policy not in known:
        known[item.policy] = Policy.objects.filter(slug=item.policy).values_list("pk", flat=True).first()
    if (found := known[item.policy]) is None:
        fault = {"pointer": f"{prefix}/policy", "code": "unknown_value", "detail": "there is no policy of this name"}
        raise Problem("validation_failed", errors=[fault])
    return found
