"""Golden cases: the lead's list of contents whose right answer is known, and the form that adds one."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import Count, Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from moderation.admin.base import person_of
from moderation.admin.covers import shown_words
from moderation.admin.desk_form import TypedField
from moderation.admin.desk_guard import page_for
from moderation.admin.quality_form import RightAnswerForm
from moderation.admin.quality_frame import SEE_GOLDEN, answer
from moderation.audit import record_view
from moderation.enums import FINAL_OUTCOMES, Outcome
from moderation.models import Content, GoldenCase, ReviewCase, ReviewQueue
from moderation.review.golden import ADD, CHANGE, add_golden_case, retire_golden_case
from moderation.review.reasons import offered_reasons
from moderation.review.refusals import ActRefused

MOST = 200


@dataclass(frozen=True, slots=True)
class GoldenRow:
    """One golden case, how often it was answered, and whether it can be shown: its content may have changed."""

    golden: GoldenCase
    answered: int
    right: int

    @property
    def state(self) -> str:
        """``in use``, or what ended it."""
        content = self.golden.content
        if self.golden.retired_at is not None:
            return "retired"
        if content.erased_at is not None:
            return "erased"
        return "in use" if content.version == self.golden.content_version else "edited"


class GoldenForm(RightAnswerForm):
    """Of which content, what is right, and why. ``content`` is an id of ours, or the platform's own."""

    field_order = ("content", "queue")

    content = forms.CharField(max_length=255, error_messages={"required": gettext_lazy("Name the content by its id.")})
    queue = forms.ModelChoiceField(
        ReviewQueue.objects.all(),
        error_messages={"required": gettext_lazy("Choose the queue in which it is shown.")},
    )
    explanation = TypedField(max_length=1000)

    def clean_content(self) -> Content:
        found = find_contents(self.cleaned_data["content"].strip())
        if not found:
            raise forms.ValidationError(_("No content has this id."))
        if len(found) > 1:
            raise forms.ValidationError(
                _("Several platforms have a content of this id. Open the content's page, and name it by its own id.")
            )
        return found[0]


def find_contents(name: str) -> list[Content]:
    """The content of this id; of a platform's own id, as many as two, which are too many."""
    try:
        return list(Content.objects.filter(pk=UUID(name)))
    except ValueError:
        return list(Content.objects.filter(external_id=name)[:2])


@require_safe
@page_for(SEE_GOLDEN)
def listed(request: HttpRequest) -> HttpResponse:
    """Those in use, the newest first; those that are not, below."""
    rows = [_row(golden) for golden in _read()[:MOST]]
    context = {
        "title": _("Golden cases"),
        "groups": [
            (_("In use"), [row for row in rows if row.state == "in use"]),
            (_("Not shown any more"), [row for row in rows if row.state != "in use"]),
        ],
        "may_add": request.user.has_perm(ADD),
        "may_retire": request.user.has_perm(CHANGE),
        "is_cut": len(rows) == MOST,
        "unsampled": not ReviewQueue.objects.filter(golden_percent__gt=0).exists(),
    }
    return answer(request, "golden", context)


def _read() -> QuerySet[GoldenCase]:
    rows = GoldenCase.objects.select_related("content", "queue", "added_by")
    counted = rows.annotate(
        answered=Count("quality_reviews"), right=Count("quality_reviews", filter=Q(quality_reviews__agrees=True))
    )
    return counted.defer("content__text", "content__metadata", "content__url").order_by("-created_at")


def _row(golden: Any) -> GoldenRow:
    return GoldenRow(golden, golden.answered, golden.right)


@page_for(ADD)
def add(request: HttpRequest) -> HttpResponse:
    """The form, filled with what was decided of the content that the address names; posted, it adds."""
    if request.method != "POST":
        return _ask(request, GoldenForm(initial=_known(request.GET.get("content", ""))))
    form = GoldenForm(request.POST)
    if not form.is_valid():
        return _ask(request, form, status=400)
    values = form.cleaned_data
    try:
        golden = add_golden_case(
            content_id=values["content"].pk,
            lead=person_of(request),
            queue=values["queue"],
            outcome=Outcome(values["outcome"]),
            label=values["label"],
            explanation=values["explanation"].strip(),
        )
    except (ActRefused, PermissionDenied, Content.DoesNotExist) as refusal:
        form.add_error(None, str(refusal))
        return _ask(request, form, status=409)
    told = _("The content %(content)s is a golden case now.") % {"content": golden.content.external_id}
    messages.success(request, told)
    return HttpResponseRedirect(reverse("admin:quality_golden"))


def _known(name: str) -> dict[str, Any]:
    """What the form begins with: the newest decision in effect, and the queue of the content's last case."""
    found = find_contents(name) if name else []
    if len(found) != 1:
        return {"content": name}
    content = found[0]
    decision = content.decisions.in_effect().order_by("-created_at").first()
    case = ReviewCase.objects.ordinary().filter(content=content).order_by("-opened_at").first()
    known: dict[str, Any] = {"content": str(content.pk), "queue": case.queue_id if case else None}
    if decision is not None and decision.outcome in FINAL_OUTCOMES:
        known |= {"outcome": decision.outcome, "label": decision.label, "explanation": decision.reasoning}
    return known


def _ask(request: HttpRequest, form: GoldenForm, *, status: int = 200) -> HttpResponse:
    """The form, with the text of the content that it names, if it names one."""
    name = form["content"].value() or ""
    found = find_contents(str(name).strip())
    content = found[0] if len(found) == 1 else None
    words: dict[str, Any] = {}
    if content is not None and content.text:
        lead = person_of(request)
        record_view(viewer=lead, content_id=content.pk, page="quality", request=request)
        words = shown_words(lead, content)
    context = {
        "title": _("Add a golden case"),
        "form": form,
        "content": content,
        **words,
        "queues": ReviewQueue.objects.order_by("name"),
        "reasons": offered_reasons(),
    }
    return answer(request, "golden_add", context, status=status)


@require_POST
@page_for(CHANGE)
def retire(request: HttpRequest, golden_id: UUID) -> HttpResponse:
    """Shows it to nobody any more."""
    try:
        golden = retire_golden_case(golden_id=golden_id, lead=person_of(request))
    except GoldenCase.DoesNotExist as error:
        raise Http404 from error
    except ActRefused as refusal:
        messages.error(request, str(refusal))
    else:
        told = _("The content %(content)s is shown no more.")
        messages.success(request, told % {"content": golden.content.external_id})
    return HttpResponseRedirect(reverse("admin:quality_golden"))


urls = [
    path("golden/", listed, name="quality_golden"),
    path("golden/add/", add, name="quality_golden_add"),
    path("golden/<uuid:golden_id>/retire/", retire, name="quality_golden_retire"),
]
