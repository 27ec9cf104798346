"""How policies look in answers, and what is sent to check or to try one."""

from datetime import datetime
from typing import Annotated, Self

from pydantic import AfterValidator, Field, StrictBool, StrictFloat, StrictInt, StrictStr, model_validator
from pydantic_core import PydanticCustomError

from moderation.api.content_shapes import EvidenceOut, MatchOut, PolicyOut, ReasonOut, Scores, Whole
from moderation.api.words import Passage
from moderation.enums import Outcome, TrustLevel
from moderation.ingest.schemas import Language, Metadata, Name, Reach, Strict, fetchable_url
from moderation.models import PolicyVersion
from moderation.policy.document import MAX_CHARACTERS
from moderation.policy.facts import AuthorFacts
from moderation.policy.faults import Fault
from moderation.policy.schema import Policy, Rule
from reviewengine import conf

Count = Annotated[StrictInt, Field(ge=0, le=1_000_000)]
Source = Annotated[StrictStr, Field(max_length=MAX_CHARACTERS)]


class PolicyVersionOut(Whole):
    """One immutable text of a policy, without the text."""

    number: int
    digest: str = Field(description="The SHA-256 of the text")
    created_by: str
    created_at: datetime
    in_force: bool

    @classmethod
    def of(cls, row: PolicyVersion, active_id: int | None) -> "PolicyVersionOut":
        return cls(
            number=row.number,
            digest=row.digest,
            created_by=row.created_by,
            created_at=row.created_at,
            in_force=row.pk == active_id,
        )


class PolicySourceOut(PolicyVersionOut):
    """One version with its text."""

    source: str = Field(description="The YAML document, as it was written")


class PolicySummaryOut(Whole):
    """A policy, and the version of it that is in force."""

    name: str
    version: PolicyVersionOut | None


class PolicyPage(Whole):
    """A page of policies; follow ``next`` and ``previous`` as they are."""

    results: list[PolicySummaryOut]
    next: str | None
    previous: str | None


class PolicyVersionPage(Whole):
    """A page of versions, the newest first; follow ``next`` and ``previous`` as they are."""

    results: list[PolicyVersionOut]
    next: str | None
    previous: str | None


class PolicyRuleOut(Whole):
    """One rule. Queue and priority are there for reviews alone."""

    name: str
    line: int
    description: str
    outcome: Outcome
    reason: str
    queue: str | None
    priority: int | None
    reads: list[str] = Field(description="The categories it cannot do without, and `term_lists` or `hash_banks`")

    @classmethod
    def of(cls, rule: Rule) -> "PolicyRuleOut":
        effect, is_review = rule.effect, rule.effect.outcome is Outcome.REVIEW
        return cls(
            name=rule.name,
            line=rule.line,
            description=rule.description,
            outcome=effect.outcome,
            reason=effect.reason,
            queue=effect.queue if is_review else None,
            priority=effect.priority if is_review else None,
            reads=sorted(rule.needs),
        )


class PolicyContentsOut(Whole):
    """What a document says, in the order in which it is asked."""

    name: str
    description: str
    rules: list[PolicyRuleOut]
    default: Outcome
    queues: list[str]
    categories: list[str] = Field(description="Those that the rules read")
    term_lists: list[str]
    hash_banks: list[str]

    @classmethod
    def of(cls, policy: Policy) -> "PolicyContentsOut":
        return cls(
            name=policy.slug,
            description=policy.description,
            rules=[PolicyRuleOut.of(rule) for rule in policy.rules],
            default=policy.default.outcome,
            queues=sorted(policy.queues),
            categories=sorted(policy.categories),
            term_lists=sorted(policy.term_lists),
            hash_banks=sorted(policy.hash_banks),
        )


class PolicyDetailOut(PolicySummaryOut):
    """A policy with what the version in force says."""

    contents: PolicyContentsOut | None


class PolicyFaultOut(Whole):
    """One thing that is wrong, or odd, in a document. Lines and columns count from 1."""

    line: int
    column: int
    path: str = Field(description="The address of the value, such as `rules[2].when.at_least`")
    code: str
    message: str
    hint: str = Field(description="How to mend it; empty where the message says enough")

    @classmethod
    def of(cls, fault: Fault) -> "PolicyFaultOut":
        return cls(
            line=fault.line,
            column=fault.column,
            path=fault.path,
            code=fault.code,
            message=fault.message,
            hint=fault.hint,
        )


class UnknownNamesOut(Whole):
    """What the document asks for and this site does not have, or not in force."""

    queues: list[str] = Field(description="They are made when the policy is put in force")
    term_lists: list[str] = Field(description="Conditions on them never hold")
    hash_banks: list[str] = Field(description="Conditions on them never hold")
    categories: list[str] = Field(description="No enabled detector looks for them: comparisons with them are false")


class ValidationOut(Whole):
    """All that can be said of a document without putting it in force."""

    valid: bool
    errors: list[PolicyFaultOut] = Field(description="Every fault at once, in the order of the document")
    warnings: list[PolicyFaultOut] = Field(description="Legal, and probably not meant")
    contents: PolicyContentsOut | None = Field(description="Null for a document that is not valid")
    unknown: UnknownNamesOut | None = Field(description="Null for a document that is not valid")


class UndecidedOut(Whole):
    """A rule that could not be judged: what it lacked, or how it failed."""

    rule: str
    outcome: Outcome
    missing: list[str]
    error: str


class EvaluationOut(Whole):
    """What detectors and policy say of a sample. Nothing of it is stored."""

    decision: Outcome
    rule: str
    queue: str | None = Field(description="Where it would wait; null unless a person is asked")
    priority: int | None
    reasons: list[ReasonOut]
    matches: list[MatchOut] = Field(description="Every rule that held, with what its conditions saw")
    undecided: list[UndecidedOut] = Field(description="Rules that lacked a reading, or failed")
    policy: PolicyOut | None = Field(description="Null for a document that was sent along")
    scores: Scores
    evidence: list[EvidenceOut]
    identified_language: str
    not_covered: list[str]
    unavailable: list[str] = Field(description="Categories whose detector failed this time")
    failures: dict[str, str]
    detectors: dict[str, str]


class PolicyIn(Strict):
    """A document to check."""

    source: Source = Field(description="The YAML document")


class SampleAuthor(Strict):
    """What is supposed to be known of the author."""

    trust: TrustLevel = TrustLevel.NORMAL
    prior_rejections: Count = 0
    prior_approvals: Count = 0
    age_days: Annotated[StrictFloat | StrictInt, Field(ge=0, le=1_000_000)] | None = None
    suspended: StrictBool = False
    reach: Reach | None = None

    def facts(self) -> AuthorFacts:
        """The same in the terms of the policy."""
        return AuthorFacts(**self.model_dump(mode="json"))


class SampleImage(Strict):
    """An image to look at: its bytes, or its address."""

    data: StrictStr = Field("", description="Base64 or a `data:` URL")
    url: Annotated[StrictStr, Field(max_length=2048), AfterValidator(fetchable_url)] = ""

    @model_validator(mode="after")
    def _one_way(self) -> Self:
        if bool(self.data) == bool(self.url):
            raise PydanticCustomError("invalid_format", "must have one of data and url")
        return self


def _few(value: list[SampleImage]) -> list[SampleImage]:
    if len(value) > (limit := conf.load().images.max_per_content):
        raise PydanticCustomError("too_many", "a content may have {limit} images", {"limit": limit})
    return value


class SampleIn(Strict):
    """A content that might come, and the policy to ask: by name, by name and version, or as a document."""

    text: Passage = ""
    images: Annotated[list[SampleImage], AfterValidator(_few)] = []
    language: Language = Field("", description="A BCP 47 tag, as the client would declare it")
    author: SampleAuthor | None = Field(None, description="Left out: nothing is known of the author")
    metadata: Metadata = {}
    near_duplicates: Count = Field(0, description="How many others are supposed to say nearly the same")
    policy: Name | None = Field(None, description="The name of a policy; otherwise your own, otherwise `default`")
    version: Annotated[StrictInt, Field(ge=1, le=2**31 - 1)] | None = Field(
        None, description="A version of it; otherwise the one in force"
    )
    source: Source | None = Field(None, description="A document, in place of a policy")

    @model_validator(mode="after")
    def _something_to_ask(self) -> Self:
        if not self.text.strip() and not self.images:
            raise PydanticCustomError("missing", "send a text or an image")
        if self.source is not None and self.policy is not None:
            raise PydanticCustomError("invalid_format", "send policy or source, not both")
        if self.version is not None and self.policy is None:
            raise PydanticCustomError("missing", "name the policy whose version this is")
        return self
