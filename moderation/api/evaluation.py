"""A sample on its way through detectors and policy; nothing of it is stored."""

import binascii

from moderation.api.content_shapes import EvidenceOut, MatchOut, PolicyOut, ReasonOut
from moderation.api.errors import Problem
from moderation.api.policy_shapes import EvaluationOut, SampleImage, SampleIn, UndecidedOut
from moderation.enums import Outcome
from moderation.in_force import active_policies
from moderation.ingest.images import bytes_of
from moderation.judgement import policy_of
from moderation.models import ApiClient, PolicyVersion
from moderation.policy.engine import evaluate
from moderation.policy.faults import PolicyError
from moderation.policy.loader import load_policy
from moderation.policy.schema import Policy
from moderation.scoring import PreparedImage, prepare_image, score_item, seat_for_long_work
from moderation.text_facts import facts_of


def evaluate_sample(sample: SampleIn, *, client_id: int) -> EvaluationOut:
    """What detectors and the policy asked for say.

    Raises Problem for an unknown policy or an unusable image, and Busy as ``seat_for_long_work``: images, and a
    document that was sent along, may take their time.
    """
    with seat_for_long_work(wanted=sample.images or sample.source is not None):
        return _evaluated(sample, client_id)


def _evaluated(sample: SampleIn, client_id: int) -> EvaluationOut:
    policy, label = _policy(sample, client_id)
    images = [_prepared(image, index) for index, image in enumerate(sample.images) if image.data]
    urls = [image.url for image in sample.images if image.url]
    report = score_item(sample.text, images, urls, client_id=client_id, language=sample.language).report
    facts = facts_of(
        report,
        text=sample.text,
        language=sample.language,
        author=sample.author.facts() if sample.author else None,
        metadata=sample.metadata,
        near_duplicates=sample.near_duplicates,
    )
    verdict = evaluate(policy, facts)
    is_review = verdict.outcome is Outcome.REVIEW
    return EvaluationOut(
        decision=verdict.outcome,
        rule=verdict.rule,
        queue=verdict.queue if is_review else None,
        priority=verdict.priority if is_review else None,
        reasons=[ReasonOut(**reason.to_json()) for reason in verdict.reasons],
        matches=[MatchOut(**match.to_json()) for match in verdict.matches],
        undecided=[UndecidedOut(**rule.to_json()) for rule in verdict.undecided],
        policy=label,
        scores={category: round(score, 4) for category, score in report.scores.items()},
        evidence=[EvidenceOut.model_validate(span, from_attributes=True) for span in report.evidence],
        identified_language=report.language,
        not_covered=list(report.not_covered),
        unavailable=sorted(report.unavailable),
        failures=report.failures,
        detectors=report.versions,
    )


def _policy(sample: SampleIn, client_id: int) -> tuple[Policy, PolicyOut | None]:
    """The policy to ask, and how it is named."""
    if sample.source is not None:
        return _compiled(sample.source, "/source"), None
    if sample.version is not None:
        rows = PolicyVersion.objects.filter(policy__slug=sample.policy, number=sample.version)
        row = rows.select_related("policy").first()
        if row is None:
            raise _refusal("/version", "unknown_value", "there is no such version of a policy of this name")
        return _compiled(row.source, "/version"), PolicyOut(name=row.policy.slug, version=row.number)
    policies = active_policies()
    asked = next((key for key, one in policies.items() if one.rules.slug == sample.policy), None)
    if sample.policy is not None and asked is None:
        raise _refusal("/policy", "unknown_value", "there is no policy of this name in force")
    own = None if asked else ApiClient.objects.filter(pk=client_id).values_list("policy", flat=True).first()
    found = policy_of(policies, asked, own)
    name, _, number = found.label.rpartition("@")
    return found.rules, PolicyOut(name=name, version=int(number))


def _compiled(source: str, pointer: str) -> Policy:
    """The document that stands at ``pointer``; one that was stored by an older release may be none any more."""
    try:
        return load_policy(source)
    except PolicyError as error:
        faults = [{"pointer": pointer, "code": fault.code, "detail": str(fault)} for fault in error.faults]
        raise Problem("validation_failed", errors=faults) from error


def _prepared(image: SampleImage, index: int) -> PreparedImage:
    from moderation.detectors.images.faults import ImageFault

    pointer = f"/images/{index}/data"
    try:
        return prepare_image(bytes_of(image.data))
    except binascii.Error as error:
        raise _refusal(pointer, "invalid_format", "is not base64, nor a data: URL of base64") from error
    except ImageFault as fault:
        raise _refusal(pointer, fault.code, str(fault)) from fault


def _refusal(pointer: str, code: str, detail: str) -> Problem:
    return Problem("validation_failed", errors=[{"pointer": pointer, "code": code, "detail": detail}])
