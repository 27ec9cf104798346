"""System checks of the product: detectors and policies that could not work are named before the first content comes."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from django.core.checks import CheckMessage, Error, Tags, Warning, register
from django.db import DatabaseError

from reviewengine import conf

if TYPE_CHECKING:
    from moderation.models import PolicyVersion


@register()
def check_detectors(**_: Any) -> list[CheckMessage]:
    """Builds the configured detectors, model files included, as a worker would."""
    from moderation.detectors.base import DetectorConfigError
    from moderation.detectors.registry import build_panel

    configured = conf.load().detectors
    try:
        build_panel(configured)
    except DetectorConfigError as error:
        hint = "Mend 'detectors:' in config/, or the REVIEWENGINE_DETECTORS__... variable that sets it."
        return [Error(str(error), hint=hint, id="moderation.E001")]
    if not any(detector.enabled for detector in configured.values()):
        hint = "Enable at least one under 'detectors:' in config/, unless people shall decide everything."
        return [Warning("No detector is enabled: the policy will know no score.", hint=hint, id="moderation.W002")]
    return []


@register()
def check_image_detectors(**_: Any) -> list[CheckMessage]:
    """Builds the configured image detectors; their models are not loaded for it."""
    from moderation.detectors.base import DetectorConfigError
    from moderation.detectors.images.registry import build_image_panel

    try:
        build_image_panel(conf.load().images.detectors)
    except DetectorConfigError as error:
        hint = "Mend 'images.detectors:' in config/, or the REVIEWENGINE_IMAGES__DETECTORS__... variable that sets it."
        return [Error(str(error), hint=hint, id="moderation.E005")]
    return []


@register()
def check_shipped_policy(**_: Any) -> list[CheckMessage]:
    """Reads the policy that is put in force where there is none yet."""
    from moderation.in_force import SHIPPED_POLICY
    from moderation.policy.faults import PolicyError
    from moderation.policy.loader import load_policy

    try:
        load_policy(SHIPPED_POLICY.read_text(encoding="utf-8"), name=str(SHIPPED_POLICY))
    except (OSError, UnicodeDecodeError) as error:
        hint = "Restore the file from the release."
        return [Error(f"The shipped policy cannot be read: {error}", hint=hint, id="moderation.E003")]
    except PolicyError as error:
        hint = f"Mend it until 'manage.py policy_check {SHIPPED_POLICY}' finds nothing."
        return [Error(f"The shipped policy has faults: {error}", hint=hint, id="moderation.E004")]
    return []


@register(Tags.database)
def check_site_adapter(databases: Sequence[str] | None = None, **_: Any) -> list[CheckMessage]:
    """Whether the site adapter in force fits the text model."""
    from moderation.site_adapter.staleness import stale_adapter

    if "default" not in (databases or []):
        return []
    try:
        stale = stale_adapter()
    except DatabaseError:
        return []  # no answer, or not migrated yet: other checks say so
    if stale is None:
        return []
    message = (
        f"Version {stale.number} of the site adapter is in force and not used: it was made for another text model."
    )
    hint = "Run 'manage.py adapter_train', or deactivate it in the console."
    return [Warning(message, hint=hint, id="moderation.W005")]


@register(Tags.database)
def check_policies_in_force(databases: Sequence[str] | None = None, **_: Any) -> list[CheckMessage]:
    """Whether every policy in force can be compiled; one that an older release stored may not be.

    A warning, for an error would keep ``migrate`` from running: nothing is lost, people decide meanwhile.
    """
    from django.db.models import F

    from moderation.models import PolicyVersion

    if "default" not in (databases or []):
        return []
    try:
        versions = list(PolicyVersion.objects.filter(policy__active_version=F("pk")).select_related("policy"))
    except DatabaseError:
        return []  # no answer, or not migrated yet: other checks say so
    return [warning for version in versions if (warning := _warning_of(version))]


@register(Tags.database)
def check_routings(databases: Sequence[str] | None = None, **_: Any) -> list[CheckMessage]:
    """Whether the routing of every queue can be compiled; a warning, for no case is lost to one that cannot."""
    from moderation.models import ReviewQueue
    from moderation.review.routing import faults_of

    if "default" not in (databases or []):
        return []
    try:
        routings = list(ReviewQueue.objects.exclude(routing="").values_list("slug", "routing"))
    except DatabaseError:
        return []  # no answer, or not migrated yet: other checks say so
    hint = "Mend it in the console, where the queue is edited. Until then cases go where the policies' rules say."
    return [
        Warning(f"The routing of the queue '{slug}' cannot be used: {faults[0]}", hint=hint, id="moderation.W007")
        for slug, routing in routings
        if (faults := faults_of(routing))
    ]


def _warning_of(version: "PolicyVersion") -> CheckMessage | None:
    from moderation.policy.faults import PolicyError
    from moderation.policy.loader import load_policy

    try:
        load_policy(version.source, name=f"{version.policy.slug}@{version.number}")
    except PolicyError as error:
        hint = "Apply a document without these faults ('manage.py policy_apply'), or put another version in force."
        message = f"A policy in force cannot be used, so people decide all that it should judge: {error}"
        return Warning(message, hint=hint, id="moderation.W006")
    return None
