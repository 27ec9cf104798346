"""The playground's form: a text, an image or both, the policy that shall judge, and what is known of the author."""

from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile

from moderation.admin.desk_form import TypedField
from moderation.admin.languages import language_choices
from moderation.enums import TrustLevel
from moderation.in_force import DEFAULT_SLUG, active_policies
from moderation.models import PolicyVersion
from moderation.policy.facts import AuthorFacts
from moderation.scoring import PreparedImage, prepare_image
from reviewengine import conf

MOST_VERSIONS = 200
MOST_COUNTED = 1_000_000
_AUTHOR = ("trust", "prior_rejections", "prior_approvals", "age_days")


class PlaygroundForm(forms.Form):
    """What is to be read. ``author``, ``prepared`` and ``version`` are there once the form is valid."""

    text = TypedField(strip=False)
    image = forms.FileField(required=False)
    language = forms.ChoiceField(required=False, choices=[])
    policy = forms.ChoiceField(required=False, choices=[])
    trust = forms.ChoiceField(required=False, choices=[("", "not named"), *TrustLevel.choices], label="Trust")
    prior_rejections = forms.IntegerField(required=False, min_value=0, max_value=MOST_COUNTED)
    prior_approvals = forms.IntegerField(required=False, min_value=0, max_value=MOST_COUNTED)
    age_days = forms.FloatField(required=False, min_value=0, max_value=MOST_COUNTED, label="Known for days")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.prepared: PreparedImage | None = None
        limit = conf.load().api.max_text_characters
        text = self.fields["text"]
        text.validators.append(_at_most(limit))
        text.widget.attrs |= {"rows": 8, "dir": "auto", "spellcheck": "false"}
        text.help_text = f"Up to {limit:,} characters."
        self.fields["image"].widget.attrs["accept"] = "image/jpeg,image/png,image/gif,image/webp"
        self.fields["language"].choices = [("", "identified"), *language_choices()]  # type: ignore[attr-defined]
        self.fields["policy"].choices = _version_choices()  # type: ignore[attr-defined]

    def clean_image(self) -> UploadedFile | None:
        """Decodes the image: nothing but pixels goes further."""
        from moderation.detectors.images.faults import ImageFault

        file: UploadedFile | None = self.cleaned_data["image"]
        if file is None:
            return None
        most = conf.load().images.max_bytes
        if (file.size or 0) > most:
            raise forms.ValidationError(f"The image may have {most:,} bytes; this one has {file.size:,}.")
        try:
            self.prepared = prepare_image(file.read())
        except ImageFault as fault:
            raise forms.ValidationError(str(fault)) from fault
        return file

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        if not self.errors and not values["text"].strip() and not self.prepared:
            self.add_error("text", "Write a text, or choose an image.")
        return values

    @property
    def author(self) -> AuthorFacts | None:
        """What is known of the author; None where nothing was filled in."""
        known = {name: self.cleaned_data[name] for name in _AUTHOR if self.cleaned_data[name] not in (None, "")}
        return AuthorFacts(**known) if known else None

    @property
    def version(self) -> PolicyVersion:
        """The policy version that judges: the default's in force unless another was chosen."""
        chosen = self.cleaned_data["policy"] or _version_choices()[0][0]
        return PolicyVersion.objects.select_related("policy").get(pk=chosen)


def _at_most(limit: int) -> Any:
    def check(text: str) -> None:
        if len(text) > limit:
            raise forms.ValidationError(f"The text may have {limit:,} characters; this one has {len(text):,}.")

    return check


def _version_choices() -> list[tuple[str, str]]:
    """Those in force, the default policy's first, then the newest of the others."""
    in_force = {policy.version_id: policy for policy in active_policies().values()}
    first = sorted(in_force.values(), key=lambda policy: (policy.rules.slug != DEFAULT_SLUG, policy.label))
    others = PolicyVersion.objects.exclude(pk__in=in_force).select_related("policy").defer("source")
    return [
        *((str(policy.version_id), f"{policy.label.replace('@', ', version ')}, in force") for policy in first),
        *((str(row.pk), f"{row.policy.slug}, version {row.number}") for row in others.order_by("-pk")[:MOST_VERSIONS]),
    ]
