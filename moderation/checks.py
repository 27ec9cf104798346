"""System checks of the product: detectors and policies that could not work are named before the first content comes."""

from typing import Any

from django.core.checks import CheckMessage, Error, Warning, register

from reviewengine import conf


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
