"""The playground's form: a text, an image or both, the policy that shall judge, and what is known of the author."""

from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from moderation.admin.cells import count
from moderation.admin.desk_form import TypedField
from moderation.admin.languages import language_choices
from moderation.admin.names import in_words
from moderation.admin.trials import words_of_fault
from moderation.enums import TrustLevel
from moderation.in_force import DEFAULT_SLUG, active_policies
from moderation.models import PolicyVersion
from moderation.policy.facts import AuthorFacts
from moderation.scoring import PreparedImage, prepare_image
from reviewengine import conf

MOST_VERSIONS = 200
MOST_COUNTED = 1_000_000
_TRUST = [("", gettext_lazy("not named")), *in_words(TrustLevel.choices)]
_AUTHOR = ("trust", "prior_rejections", "prior_approvals", "age_days")


class PlaygroundForm(forms.Form):
    """What is to be read. ``author``, ``prepared`` and ``version`` are there once the form is valid."""

    text = TypedField(strip=False, label=gettext_lazy("Text"))
    image = forms.FileField(required=False, label=gettext_lazy("Image"))
    language = forms.ChoiceField(required=False, choices=[], label=gettext_lazy("Language"))
    policy = forms.ChoiceField(required=False, choices=[], label=gettext_lazy("Policy"))
    trust = forms.ChoiceField(required=False, choices=_TRUST, label=gettext_lazy("Trust"))
    prior_rejections = forms.IntegerField(
        required=False, min_value=0, max_value=MOST_COUNTED, label=gettext_lazy("Prior rejections")
    )
    prior_approvals = forms.IntegerField(
        required=False, min_value=0, max_value=MOST_COUNTED, label=gettext_lazy("Prior approvals")
    )
    age_days = forms.FloatField(
        required=False, min_value=0, max_value=MOST_COUNTED, label=gettext_lazy("Known for days")
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.prepared: PreparedImage | None = None
        limit = conf.load().api.max_text_characters
        text = self.fields["text"]
        text.validators.append(_at_most(limit))
        text.widget.attrs |= {"rows": 8, "dir": "auto", "spellcheck": "false"}
        text.help_text = _("Up to %(limit)s characters.") % {"limit": count(limit)}
        self.fields["image"].widget.attrs["accept"] = "image/jpeg,image/png,image/gif,image/webp"
        self.fields["language"].choices = [("", _("identified")), *language_choices()]  # type: ignore[attr-defined]
        self.fields["policy"].choices = _version_choices()  # type: ignore[attr-defined]

    def clean_image(self) -> UploadedFile | None:
        """Decodes the image: nothing but pixels goes further."""
        from moderation.detectors.images.faults import ImageFault

        file: UploadedFile | None = self.cleaned_data["image"]
        if file is None:
            return None
        most = conf.load().images.max_bytes
        if (file.size or 0) > most:
            words = _("The image may have %(most)s bytes; this one has %(size)s.")
            raise forms.ValidationError(words % {"most": count(most), "size": count(file.size or 0)})
        try:
            self.prepared = prepare_image(file.read())
        except ImageFault as fault:
            raise forms.ValidationError(words_of_fault(fault)) from fault
        return file

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        if not self.errors and not values["text"].strip() and not self.prepared:
            self.add_error("text", _("Write a text, or choose an image."))
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
            words = _("The text may have %(most)s characters; this one has %(size)s.")
            raise forms.ValidationError(words % {"most": count(limit), "size": count(len(text))})

    return check


def _version_choices() -> list[tuple[str, str]]:
    """Those in force, the default policy's first, then the newest of the others."""
    in_force = {policy.version_id: policy for policy in active_policies().values()}
    first = sorted(in_force.values(), key=lambda policy: (policy.rules.slug != DEFAULT_SLUG, policy.label))
    others = PolicyVersion.objects.exclude(pk__in=in_force).select_related("policy").defer("source")
    return [
        *(
            (str(policy.version_id), _("%(version)s, in force") % {"version": _name(*policy.label.rsplit("@", 1))})
            for policy in first
        ),
        *((str(row.pk), _name(row.policy.slug, row.number)) for row in others.order_by("-pk")[:MOST_VERSIONS]),
    ]


def _name(policy: str, number: int | str) -> str:
    return _("%(policy)s, version %(number)s") % {"policy": policy, "number": number}
