"""The shapes of requests and answers, made by make_shapes.py from the server's OpenAPI description: change it there."""

from __future__ import annotations

import sys
from datetime import datetime
from typing import Any, Literal, TypeAlias, TypedDict

if sys.version_info >= (3, 11):
    from typing import NotRequired
else:
    from typing_extensions import NotRequired

CaseSource: TypeAlias = Literal["policy", "report", "person", "double", "golden"]

CaseStatus: TypeAlias = Literal["open", "decided", "resolved", "cancelled"]

Category: TypeAlias = Literal[
    "harassment",
    "harassment/threatening",
    "hate",
    "hate/threatening",
    "illicit",
    "illicit/violent",
    "self-harm",
    "self-harm/intent",
    "self-harm/instructions",
    "sexual",
    "sexual/minors",
    "violence",
    "violence/graphic",
    "toxicity",
    "severe_toxicity",
    "insult",
    "profanity",
    "threat",
    "identity_attack",
    "spam",
    "pii",
    "url_risk",
    "nsfw_image",
    "any_harm",
]

ContentStatus: TypeAlias = Literal["pending", "processing", "in_review", "decided"]

DecisionSource: TypeAlias = Literal["policy", "moderator", "appeal", "api"]

Door: TypeAlias = Literal["platform", "openai", "perspective"]

EventStatus: TypeAlias = Literal["pending", "delivered", "dead"]

EventType: TypeAlias = Literal[
    "content.approved", "content.rejected", "review.opened", "decision.overridden", "endpoint.test"
]

HashBankAction: TypeAlias = Literal["block", "allow", "review"]

MediaSource: TypeAlias = Literal["upload", "base64", "url"]

Outcome: TypeAlias = Literal["approve", "review", "reject"]

ReasonCode: TypeAlias = Literal[
    "rule_matched", "no_rule_matched", "reading_unavailable", "rule_failed", "policy_broken"
]

ReportStatus: TypeAlias = Literal["open", "upheld", "dismissed", "lapsed"]

Scope: TypeAlias = Literal[
    "score",
    "content:write",
    "content:read",
    "authors:write",
    "authors:read",
    "reports:write",
    "reports:read",
    "decisions:write",
    "decisions:read",
    "cases:write",
    "cases:read",
    "policies:read",
    "lists:write",
    "lists:read",
    "webhooks:write",
    "webhooks:read",
    "keys:write",
    "keys:read",
    "usage:read",
]

StatisticsOut = TypedDict(
    "StatisticsOut",
    {"from": "str", "to": "str", "current": "PeriodOut", "previous": "PeriodOut", "backlog": "BacklogOut"},
)

StoredOut: TypeAlias = "ReceiptOut | SubmittedOut"

StreamLineOut: TypeAlias = "StreamReceiptOut | StreamRefusedOut | StreamSummaryOut"

TermListKind: TypeAlias = Literal["terms", "blocked_domains", "allowed_domains", "protected_domains"]

TrustLevel: TypeAlias = Literal["normal", "trusted", "restricted"]

UsageFiguresOut = TypedDict(
    "UsageFiguresOut",
    {
        "from": "str",
        "to": "str",
        "group_by": 'Literal["day", "key", "door"]',
        "total": "UsageOut",
        "results": "list[UsageOut]",
    },
)

GetStatisticsQuery = TypedDict("GetStatisticsQuery", {"from": "NotRequired[str]", "to": "NotRequired[str]"})

GetUsageQuery = TypedDict(
    "GetUsageQuery",
    {"from": "NotRequired[str]", "group_by": 'NotRequired[Literal["day", "key", "door"]]', "to": "NotRequired[str]"},
)

WebhookEvent: TypeAlias = "ContentApproved | ContentRejected | DecisionOverridden | EndpointTest | ReviewOpened"


class ActIn(TypedDict):
    """Who acts."""

    moderator: str


class AnalysisOut(TypedDict):
    """The answer of comments:analyze."""

    attributeScores: dict[str, AttributeOut]
    languages: list[str]
    detectedLanguages: NotRequired[list[str]]
    clientToken: NotRequired[str]


class AnalyzeRequest(TypedDict):
    """POST comments:analyze."""

    comment: NotRequired[TextEntry]
    context: NotRequired[Context]
    requestedAttributes: NotRequired[dict[str, AttributeParameters]]
    spanAnnotations: NotRequired[bool]
    languages: NotRequired[list[str]]
    doNotStore: NotRequired[bool]
    dropUnsupportedAttributes: NotRequired[bool]
    clientToken: NotRequired[str]
    sessionId: NotRequired[str]
    communityId: NotRequired[str]


class ArticleAndParentComment(TypedDict):
    """What the comment stands under and what it answers."""

    article: NotRequired[TextEntry]
    parentComment: NotRequired[TextEntry]


class AttributeOut(TypedDict):
    """One attribute, as a whole and in its spans."""

    summaryScore: AttributeScoreOut
    spanScores: NotRequired[list[SpanScoreOut]]


class AttributeParameters(TypedDict):
    """How one attribute is wanted."""

    scoreType: NotRequired[Literal["SCORE_TYPE_UNSPECIFIED", "PROBABILITY", "STD_DEV_SCORE", "PERCENTILE", "RAW"]]
    scoreThreshold: NotRequired[float | None]


class AttributeScoreOut(TypedDict):
    """A probability, 0 to 1."""

    value: float
    type: Literal["PROBABILITY"]


class AttributeScores(TypedDict):
    """What an attribute should have scored: as a whole, or in its spans."""

    summaryScore: NotRequired[Score | None]
    spanScores: NotRequired[list[SpanScore]]


class AuthorActOut(TypedDict):
    """What was done to the author: by a key of the API, in the console, or by the system."""

    action: str
    by: str
    changes: dict[str, Any]
    until: str | None
    reason: str


class AuthorDecisionOut(TypedDict):
    """A decision about one of the author's contents."""

    id: str
    content_id: str
    external_id: str
    content_version: int
    outcome: Outcome
    source: DecisionSource
    rule: str
    label: str
    reasoning: str


class AuthorDetailOut(TypedDict):
    """An author with figures. The ETag stands for what can be changed; the figures come fresh with every …"""

    id: str
    external_id: str
    display_name: str
    reach: int | None
    trust: TrustLevel
    suspended: bool
    suspension: SuspensionOut | None
    created_at: str
    figures: AuthorFiguresOut


class AuthorEventOut(TypedDict):
    """One line of an author's history: a decision, or an act."""

    at: str
    decision: AuthorDecisionOut | None
    act: AuthorActOut | None


class AuthorFiguresOut(TypedDict):
    """What became of the author's contents that are not erased, and the reports against them."""

    approved: int
    rejected: int
    in_review: int
    pending: int
    reports: int
    reports_upheld: int


class AuthorHistoryPage(TypedDict):
    """A page of the history; follow ``next`` and ``previous`` as they are."""

    results: list[AuthorEventOut]
    next: str | None
    previous: str | None


class AuthorIn(TypedDict):
    """Who wrote it, by the client's own id."""

    external_id: str
    display_name: NotRequired[str]
    reach: NotRequired[int | None]


class AuthorOfContent(TypedDict):
    """Who wrote it, by the client's own id."""

    external_id: str
    display_name: str
    reach: int | None


class AuthorOut(TypedDict):
    """An author as the platform's moderators see one."""

    id: str
    external_id: str
    display_name: str
    reach: int | None
    trust: TrustLevel
    suspended: bool
    suspension: SuspensionOut | None
    created_at: str


class AuthorPage(TypedDict):
    """A page of authors; follow ``next`` and ``previous`` as they are."""

    results: list[AuthorOut]
    next: str | None
    previous: str | None


class AuthorPatch(TypedDict):
    """What is to change; what is not named stays."""

    trust: NotRequired[TrustLevel | None]
    display_name: NotRequired[str | None]
    reach: NotRequired[int | None]


class BacklogOut(TypedDict):
    """What waits for a person now."""

    open: int
    overdue: int
    oldest_opened_at: str | None


class BulkIn(TypedDict):
    """Many submissions. Each is judged by itself: a faulty one does not spoil the others."""

    items: list[ContentIn]


class BulkOut(TypedDict):
    """One result an item, in the order in which they were sent."""

    results: list[ReceiptOut | RefusedOut]


class CaseDecisionOut(TypedDict):
    """How the case was decided. What does not count yet is told to nobody: see the case's status."""

    id: str
    outcome: Outcome
    source: DecisionSource
    moderator: str | None
    label: str
    reasoning: str
    created_at: str


class CaseDetailOut(TypedDict):
    """A case with its content: the text, all that detectors and policy said, and what users reported."""

    id: str
    status: CaseStatus
    source: CaseSource
    queue: str
    priority: int
    content_id: str
    external_id: str
    content_version: int
    opened_at: str
    due_at: str
    overdue: bool
    claim: ClaimOut | None
    decision: CaseDecisionOut | None
    resolved_at: str | None
    hide_text: bool
    content: ContentDetailOut
    reports: list[CaseReportOut]


class CaseOut(TypedDict):
    """One content version that a person is asked about."""

    id: str
    status: CaseStatus
    source: CaseSource
    queue: str
    priority: int
    content_id: str
    external_id: str
    content_version: int
    opened_at: str
    due_at: str
    overdue: bool
    claim: ClaimOut | None
    decision: CaseDecisionOut | None
    resolved_at: str | None


class CasePage(TypedDict):
    """A page of cases; follow ``next`` and ``previous`` as they are."""

    results: list[CaseOut]
    next: str | None
    previous: str | None


class CaseReportOut(TypedDict):
    """What a user said of the content."""

    id: str
    reason: str
    comment: str
    reporter: str | None
    status: ReportStatus
    created_at: str


class ChangedKeyOut(TypedDict):
    """A key of yours as it stands now."""

    id: str
    name: str
    scopes: list[str]
    allowed_networks: list[str]
    rate_limit_requests: int | None
    status: Literal["usable", "expired", "revoked"]
    is_this_key: bool
    created_at: str
    last_used_at: str | None
    expires_at: str | None
    revoked_at: str | None
    rotated_at: str | None
    warnings: list[str]


class ClaimOut(TypedDict):
    """Who has the case. A claim past its end still counts while nobody else has taken the case."""

    moderator: str
    claimed_at: str
    expires_at: str


class ContentApproved(TypedDict):
    """A content was approved."""

    type: Literal["content.approved"]
    timestamp: str
    data: ToldContentOut


class ContentDetailOut(TypedDict):
    """A content with its text."""

    id: str
    external_id: str
    version: int
    status: ContentStatus
    decision: Outcome | None
    rule: str | None
    source: DecisionSource | None
    label: str
    reasoning: str
    reasons: list[ReasonOut]
    scores: dict[str, float]
    evidence: list[EvidenceOut]
    matches: list[MatchOut]
    not_covered: list[str]
    failures: dict[str, str]
    identified_language: str | None
    detectors: dict[str, str]
    policy: PolicyOut | None
    masked_text: str | None
    images: list[ImageOut]
    author: AuthorOfContent | None
    context: ContextOut
    metadata: dict[str, Any]
    language: str
    created_at: str
    updated_at: str
    decided_at: str | None
    erased_at: str | None
    near_duplicates: int | None
    text: str | None


class ContentIn(TypedDict):
    """One submission."""

    external_id: str
    images: NotRequired[list[ImageIn]]
    text: NotRequired[str]
    author: NotRequired[AuthorIn | str | None]
    context: NotRequired[ContextIn]
    metadata: NotRequired[dict[str, Any]]
    language: NotRequired[str]
    policy: NotRequired[str]
    mode: NotRequired[Literal["async", "sync"]]


class ContentOut(TypedDict):
    """A content as it stands, with the newest result and decision of its current version."""

    id: str
    external_id: str
    version: int
    status: ContentStatus
    decision: Outcome | None
    rule: str | None
    source: DecisionSource | None
    label: str
    reasoning: str
    reasons: list[ReasonOut]
    scores: dict[str, float]
    evidence: list[EvidenceOut]
    matches: list[MatchOut]
    not_covered: list[str]
    failures: dict[str, str]
    identified_language: str | None
    detectors: dict[str, str]
    policy: PolicyOut | None
    masked_text: str | None
    images: list[ImageOut]
    author: AuthorOfContent | None
    context: ContextOut
    metadata: dict[str, Any]
    language: str
    created_at: str
    updated_at: str
    decided_at: str | None
    erased_at: str | None
    near_duplicates: int | None


class ContentPage(TypedDict):
    """A page of contents; follow ``next`` and ``previous`` as they are."""

    results: list[ContentOut]
    next: str | None
    previous: str | None


class ContentRejected(TypedDict):
    """A content was rejected."""

    type: Literal["content.rejected"]
    timestamp: str
    data: ToldContentOut


class Context(TypedDict):
    """The conversation around the comment: accepted and not used, as its vendor does."""

    entries: NotRequired[list[TextEntry]]
    articleAndParentComment: NotRequired[ArticleAndParentComment | None]


class ContextIn(TypedDict):
    """Where it was written."""

    conversation_id: NotRequired[str]
    parent_external_id: NotRequired[str]
    url: NotRequired[str]


class ContextOut(TypedDict):
    """Where it was written."""

    conversation_id: str
    parent_external_id: str
    url: str


class CountedOut(TypedDict):
    """How often the policy decided by this rule, or for this category first."""

    name: str
    count: int


class DecideIn(TypedDict):
    """A decision under a claim. To reject one says why."""

    moderator: str
    lease_token: str
    content_version: int
    outcome: Literal["approve", "reject"]
    label: NotRequired[str]
    reasoning: NotRequired[str]
    private_note: NotRequired[str]


class DecidedOut(TypedDict):
    """How many decisions of this outcome came from this source."""

    outcome: Outcome
    source: DecisionSource
    count: int


class DecisionDetailOut(TypedDict):
    """A decision with all that it replaced, and what it rests on."""

    id: str
    content_id: str
    external_id: str
    content_version: int
    outcome: Outcome
    source: DecisionSource
    rule: str
    label: str
    reasoning: str
    overrides: str | None
    created_at: str
    overridden: list[DecisionOut]
    overridden_by: str | None
    result: ResultOut | None


class DecisionOut(TypedDict):
    """What was decided of one content version, by what, and why. It is never changed; an override is a …"""

    id: str
    content_id: str
    external_id: str
    content_version: int
    outcome: Outcome
    source: DecisionSource
    rule: str
    label: str
    reasoning: str
    overrides: str | None
    created_at: str


class DecisionOverridden(TypedDict):
    """A final decision was replaced by another one."""

    type: Literal["decision.overridden"]
    timestamp: str
    data: ToldContentOut


class DecisionPage(TypedDict):
    """A page of decisions; follow ``next`` and ``previous`` as they are."""

    results: list[DecisionOut]
    next: str | None
    previous: str | None


class DeliveryOut(TypedDict):
    """One attempt: when, how long, and what came back."""

    attempt: int
    status_code: int | None
    error: str
    duration_ms: float
    created_at: str


class EndpointChange(TypedDict):
    """What is to change; what is not named stays as it is."""

    url: NotRequired[str | None]
    event_types: NotRequired[
        list[Literal["content.approved", "content.rejected", "review.opened", "decision.overridden"]] | None
    ]
    enabled: NotRequired[bool | None]


class EndpointIn(TypedDict):
    """A receiver to be told."""

    url: str
    event_types: NotRequired[
        list[Literal["content.approved", "content.rejected", "review.opened", "decision.overridden"]] | None
    ]


class EndpointOut(TypedDict):
    """A receiver of yours."""

    id: str
    url: str
    event_types: list[str] | None
    enabled: bool
    status: Literal["enabled", "failing", "disabled"]
    disabled_at: str | None
    disabled_reason: str
    secret_rotated_at: str | None
    previous_secret_until: str | None
    created_at: str


class EndpointPage(TypedDict):
    """A page of endpoints; follow ``next`` and ``previous`` as they are."""

    results: list[EndpointOut]
    next: str | None
    previous: str | None


class EndpointSecretOut(TypedDict):
    """A receiver of yours with its secret: the one time that it is shown."""

    id: str
    url: str
    event_types: list[str] | None
    enabled: bool
    status: Literal["enabled", "failing", "disabled"]
    disabled_at: str | None
    disabled_reason: str
    secret_rotated_at: str | None
    previous_secret_until: str | None
    created_at: str
    secret: str


class EndpointTest(TypedDict):
    """You asked for a test of this endpoint."""

    type: Literal["endpoint.test"]
    timestamp: str
    data: TestedOut


class EntryIn(TypedDict):
    """A known image: by hashes of one, or by the id of one that this client has sent."""

    sha256: NotRequired[str | None]
    perceptual_hash: NotRequired[str | None]
    media_id: NotRequired[str | None]
    note: NotRequired[str]


class EntryOut(TypedDict):
    """One known image, by its file, by what it looks like, or both."""

    id: str
    sha256: str | None
    perceptual_hash: str | None
    note: str
    created_by: str
    created_at: str


class EntryPage(TypedDict):
    """A page of entries, the newest first; follow ``next`` and ``previous`` as they are."""

    results: list[EntryOut]
    next: str | None
    previous: str | None


class EvaluationOut(TypedDict):
    """What detectors and policy say of a sample. Nothing of it is stored."""

    decision: Outcome
    rule: str
    queue: str | None
    priority: int | None
    reasons: list[ReasonOut]
    matches: list[MatchOut]
    undecided: list[UndecidedOut]
    policy: PolicyOut | None
    scores: dict[str, float]
    evidence: list[EvidenceOut]
    identified_language: str
    not_covered: list[str]
    unavailable: list[str]
    failures: dict[str, str]
    detectors: dict[str, str]


class EventDetailOut(TypedDict):
    """An event with its body and the newest attempts to deliver it."""

    id: str
    endpoint_id: str
    type: EventType
    content_id: str | None
    status: EventStatus
    attempts: int
    refusals: int
    created_at: str
    next_attempt_at: str | None
    finished_at: str | None
    payload: dict[str, Any]
    deliveries: list[DeliveryOut]


class EventOut(TypedDict):
    """What was, or is to be, told to an endpoint."""

    id: str
    endpoint_id: str
    type: EventType
    content_id: str | None
    status: EventStatus
    attempts: int
    refusals: int
    created_at: str
    next_attempt_at: str | None
    finished_at: str | None


class EventPage(TypedDict):
    """A page of events; follow ``next`` and ``previous`` as they are."""

    results: list[EventOut]
    next: str | None
    previous: str | None


class EvidenceOut(TypedDict):
    """Where in the original text a detector saw something: code points, end exclusive."""

    category: str
    start: int
    end: int
    detector: str
    detail: str


class FaultOut(TypedDict):
    """One faulty place: a JSON pointer into the body (RFC 6901), or the name of a parameter or header."""

    pointer: NotRequired[str]
    parameter: NotRequired[str]
    header: NotRequired[str]
    code: str
    detail: str


class GoogleErrorOut(TypedDict):
    """Google's error envelope."""

    error: GoogleFault


class GoogleFault(TypedDict):
    """What went wrong, in the words of Google's APIs."""

    code: int
    message: str
    status: str
    details: NotRequired[list[dict[str, Any]]]


class HashBankHitOut(TypedDict):
    """A bank that knows the image; ``distance``: how many of 64 bits differ, null for the same file."""

    bank: str
    action: HashBankAction
    category: str
    distance: int | None


class HashBankIn(TypedDict):
    """A new bank. Its name stays: policies ask for it."""

    name: str
    description: NotRequired[str]
    category: NotRequired[Category]
    action: NotRequired[HashBankAction]
    max_distance: NotRequired[int]
    enabled: NotRequired[bool]


class HashBankOut(TypedDict):
    """A bank without its entries: those are read page by page."""

    name: str
    description: str
    category: Category
    action: HashBankAction
    max_distance: int
    enabled: bool
    entry_count: int
    updated_at: str


class HashBankPage(TypedDict):
    """A page of banks; follow ``next`` and ``previous`` as they are."""

    results: list[HashBankOut]
    next: str | None
    previous: str | None


class HashBankPatch(TypedDict):
    """What is to change; what is not named stays."""

    description: NotRequired[str | None]
    category: NotRequired[Category | None]
    action: NotRequired[HashBankAction | None]
    max_distance: NotRequired[int | None]
    enabled: NotRequired[bool | None]


class HeldCaseOut(TypedDict):
    """A case that was claimed just now."""

    id: str
    status: CaseStatus
    source: CaseSource
    queue: str
    priority: int
    content_id: str
    external_id: str
    content_version: int
    opened_at: str
    due_at: str
    overdue: bool
    claim: HeldClaimOut
    decision: CaseDecisionOut | None
    resolved_at: str | None
    hide_text: bool
    content: ContentDetailOut
    reports: list[CaseReportOut]


class HeldClaimOut(TypedDict):
    """Your claim: its token names it in whatever you do with the case."""

    moderator: str
    claimed_at: str
    expires_at: str
    lease_token: str


class HeldIn(TypedDict):
    """Who acts, under which claim."""

    moderator: str
    lease_token: str


class HitOut(TypedDict):
    """Where the list was found: code points of the text, end exclusive."""

    start: int
    end: int
    text: str
    detail: str


class ImageIn(TypedDict):
    """One image: sent before (``media_id``), sent here (``data``: base64 or a data: URL), or named by its …"""

    media_id: NotRequired[str | None]
    data: NotRequired[str]
    url: NotRequired[str]


class ImageOut(TypedDict):
    """One image of the content, and what was seen in it."""

    media_id: str | None
    source: MediaSource
    url: str
    sha256: str | None
    format: str | None
    width: int | None
    height: int | None
    bytes: int | None
    scores: dict[str, float]
    hash_banks: list[HashBankHitOut]
    fault: str | None


class ImagePart(TypedDict):
    """An image within an item."""

    type: Literal["image_url"]
    image_url: ImageUrl


class ImageUrl(TypedDict):
    """Where the image is: an address that is fetched, or the image itself as a ``data:`` URL of base64."""

    url: str


class KeyChange(TypedDict):
    """What is to change; what is not named stays as it is."""

    name: NotRequired[str | None]
    scopes: NotRequired[list[Scope] | None]
    allowed_networks: NotRequired[list[str] | None]
    rate_limit_requests: NotRequired[int | None]
    expires_at: NotRequired[datetime | str | None]


class KeyIn(TypedDict):
    """A key to be made. What is not named it takes from the key that asks."""

    name: NotRequired[str]
    scopes: list[Scope]
    allowed_networks: NotRequired[list[str] | None]
    rate_limit_requests: NotRequired[int | None]
    expires_at: NotRequired[datetime | str | None]


class KeyOut(TypedDict):
    """A key of yours. ``id`` is its beginning, which may be shown and logged."""

    id: str
    name: str
    scopes: list[str]
    allowed_networks: list[str]
    rate_limit_requests: int | None
    status: Literal["usable", "expired", "revoked"]
    is_this_key: bool
    created_at: str
    last_used_at: str | None
    expires_at: str | None
    revoked_at: str | None
    rotated_at: str | None


class KeyPage(TypedDict):
    """A page of keys; follow ``next`` and ``previous`` as they are."""

    results: list[KeyOut]
    next: str | None
    previous: str | None


class KeyRotationIn(TypedDict):
    """How long the old key works beside the new one."""

    overlap_seconds: NotRequired[int]
    expires_at: NotRequired[datetime | str | None]


class KeySecretOut(TypedDict):
    """A key of yours with the key itself: the one time that it is shown."""

    id: str
    name: str
    scopes: list[str]
    allowed_networks: list[str]
    rate_limit_requests: int | None
    status: Literal["usable", "expired", "revoked"]
    is_this_key: bool
    created_at: str
    last_used_at: str | None
    expires_at: str | None
    revoked_at: str | None
    rotated_at: str | None
    key: str


class MatchOut(TypedDict):
    """A rule that held, whether or not it decided."""

    rule: str
    outcome: Outcome
    readings: list[ReadingOut]


class MediaOut(TypedDict):
    """An image that was taken."""

    id: str
    sha256: str
    format: str
    width: int
    height: int
    frames: int
    bytes: int


class ModelOut(TypedDict):
    """A name under which the model may be asked for."""

    id: str
    object: Literal["model"]
    created: int
    owned_by: str


class ModelsOut(TypedDict):
    """All of them."""

    object: Literal["list"]
    data: list[ModelOut]


class ModerationIn(TypedDict):
    """The body of POST /v1/moderations."""

    input: str | list[str] | list[TextPart | ImagePart]
    model: NotRequired[str]


class ModerationOut(TypedDict):
    """The answer of POST /v1/moderations."""

    id: str
    model: str
    results: list[ModerationResultOut]


class ModerationResultOut(TypedDict):
    """One result: of a text, or of an item of texts and images."""

    flagged: bool
    categories: dict[str, bool]
    category_scores: dict[str, float]
    category_applied_input_types: NotRequired[dict[str, list[Literal["text", "image"]]]]
    review_engine: ReviewEngineOut


class NextIn(TypedDict):
    """For whom the next case is claimed, and from which queue alone."""

    moderator: str
    queue: NotRequired[str | None]
    skipped: NotRequired[bool]


class OpenAIError(TypedDict):
    """OpenAI's error envelope."""

    error: OpenAIFault


class OpenAIFault(TypedDict):
    """What went wrong, in OpenAI's words."""

    message: str
    type: str
    param: str | None
    code: str | None


class OverriddenOut(TypedDict):
    """The earlier decision that this one replaces."""

    decision_id: str
    decision: Outcome
    source: DecisionSource


class OverrideIn(TypedDict):
    """A decision of the platform."""

    content_id: NotRequired[str | None]
    external_id: NotRequired[str | None]
    outcome: Literal["approve", "reject"]
    reasoning: str
    if_decision_id: NotRequired[str | None]


class PeriodOut(TypedDict):
    """What came in, what was decided and how, in one stretch of days."""

    received: int
    decided: list[DecidedOut]
    settled_by_policy: int
    settled_by_people: int
    automation_rate: float | None
    overturned: int
    overturn_rate: float | None
    rules: list[CountedOut]
    categories: list[CountedOut]
    policy_times: TimesOut
    people_times: TimesOut


class PolicyContentsOut(TypedDict):
    """What a document says, in the order in which it is asked."""

    name: str
    description: str
    rules: list[PolicyRuleOut]
    default: Outcome
    queues: list[str]
    categories: list[str]
    term_lists: list[str]
    hash_banks: list[str]


class PolicyDetailOut(TypedDict):
    """A policy with what the version in force says."""

    name: str
    version: PolicyVersionOut | None
    contents: PolicyContentsOut | None


class PolicyFaultOut(TypedDict):
    """One thing that is wrong, or odd, in a document. Lines and columns count from 1."""

    line: int
    column: int
    path: str
    code: str
    message: str
    hint: str


class PolicyIn(TypedDict):
    """A document to check."""

    source: str


class PolicyOut(TypedDict):
    """The policy that judged, and its version."""

    name: str
    version: int


class PolicyPage(TypedDict):
    """A page of policies; follow ``next`` and ``previous`` as they are."""

    results: list[PolicySummaryOut]
    next: str | None
    previous: str | None


class PolicyRuleOut(TypedDict):
    """One rule. Queue and priority are there for reviews alone."""

    name: str
    line: int
    description: str
    outcome: Outcome
    reason: str
    queue: str | None
    priority: int | None
    reads: list[str]


class PolicySourceOut(TypedDict):
    """One version with its text."""

    number: int
    digest: str
    created_by: str
    created_at: str
    in_force: bool
    source: str


class PolicySummaryOut(TypedDict):
    """A policy, and the version of it that is in force."""

    name: str
    version: PolicyVersionOut | None


class PolicyVersionOut(TypedDict):
    """One immutable text of a policy, without the text."""

    number: int
    digest: str
    created_by: str
    created_at: str
    in_force: bool


class PolicyVersionPage(TypedDict):
    """A page of versions, the newest first; follow ``next`` and ``previous`` as they are."""

    results: list[PolicyVersionOut]
    next: str | None
    previous: str | None


class ProblemOut(TypedDict):
    """What went wrong (RFC 9457). ``code`` is stable; ``type`` leads to a page that tells what to do."""

    type: str
    title: str
    status: int
    detail: str
    code: str
    errors: NotRequired[list[FaultOut]]
    instance: NotRequired[str]
    request_id: NotRequired[str]


class QueueList(TypedDict):
    """All queues: there are few."""

    results: list[QueueOut]
    next: NotRequired[None]
    previous: NotRequired[None]


class QueueOut(TypedDict):
    """A queue, and what waits in it of your contents."""

    name: str
    title: str
    description: str
    due_minutes: int
    hide_text: bool
    open: int
    waiting: int
    overdue: int
    oldest_at: str | None


class RangeIn(TypedDict):
    """Which events to send again."""

    status: NotRequired[Literal["pending", "delivered", "dead"]]
    since: NotRequired[datetime | str | None]
    until: NotRequired[datetime | str | None]


class ReadingOut(TypedDict):
    """A condition that spoke for a match. ``negated``: it did so by being false."""

    condition: str
    category: str
    score: float | None
    threshold: float | None
    negated: bool


class ReasonOut(TypedDict):
    """One reason of the decision. Category, score and threshold are empty where no score was read."""

    code: ReasonCode | str
    message: str
    category: str
    score: float | None
    threshold: float | None
    rule: str


class ReceiptOut(TypedDict):
    """What was stored, and where it stands."""

    id: str
    external_id: str
    version: int
    status: ContentStatus
    not_taken: NotRequired[list[Literal["author", "context", "language", "metadata", "policy"]]]


class RedeliveredOut(TypedDict):
    """How many events will be sent again."""

    redelivered: int


class RefusedOut(TypedDict):
    """An item that was not stored."""

    external_id: str | None
    error: ProblemOut


class RenewedOut(TypedDict):
    """Until when the claim lives now."""

    lease_token: str
    expires_at: str


class ReportIn(TypedDict):
    """Who reports which content, and why."""

    content_id: NotRequired[str | None]
    external_id: NotRequired[str | None]
    reporter: str
    reason: Literal[
        "harassment",
        "harassment/threatening",
        "hate",
        "hate/threatening",
        "illicit",
        "illicit/violent",
        "self-harm",
        "self-harm/intent",
        "self-harm/instructions",
        "sexual",
        "sexual/minors",
        "violence",
        "violence/graphic",
        "toxicity",
        "severe_toxicity",
        "insult",
        "profanity",
        "threat",
        "identity_attack",
        "spam",
        "pii",
        "url_risk",
        "nsfw_image",
        "any_harm",
        "other",
    ]
    comment: NotRequired[str]


class ReportOut(TypedDict):
    """A report, and what became of it: upheld by a rejection, dismissed by an approval, lapsed with its …"""

    id: str
    content_id: str
    external_id: str
    content_version: int
    reporter: str | None
    reason: str
    comment: str
    status: ReportStatus
    case_id: str | None
    created_at: str
    resolved_at: str | None


class ReportPage(TypedDict):
    """A page of reports; follow ``next`` and ``previous`` as they are."""

    results: list[ReportOut]
    next: str | None
    previous: str | None


class ResultOut(TypedDict):
    """One pass of detectors and policy over the content: what the decision rests on."""

    id: str
    rule: str
    outcome: Outcome
    reasons: list[ReasonOut]
    scores: dict[str, float]
    evidence: list[EvidenceOut]
    matches: list[MatchOut]
    not_covered: list[str]
    failures: dict[str, str]
    identified_language: str
    detectors: dict[str, str]
    policy: PolicyOut | None
    created_at: str


class ReviewEngineOut(TypedDict):
    """What OpenAI's answer has no place for."""

    any_harm: float | None
    scores: dict[str, float]
    decision: Outcome
    rule: str
    language: str | None
    not_covered: list[str]


class ReviewOpened(TypedDict):
    """A content waits for a person."""

    type: Literal["review.opened"]
    timestamp: str
    data: ToldContentOut


class RevokedKeyOut(TypedDict):
    """The key, which works no more."""

    key: KeyOut
    warnings: list[str]


class RotatedKeyOut(TypedDict):
    """The new key, and the old one with its end."""

    new: KeySecretOut
    old: KeyOut


class RotationIn(TypedDict):
    """How long the old secret signs beside the new one."""

    overlap_seconds: NotRequired[int]


class SampleAuthor(TypedDict):
    """What is supposed to be known of the author."""

    trust: NotRequired[TrustLevel]
    prior_rejections: NotRequired[int]
    prior_approvals: NotRequired[int]
    age_days: NotRequired[float | int | None]
    suspended: NotRequired[bool]
    reach: NotRequired[int | None]


class SampleImage(TypedDict):
    """An image to look at: its bytes, or its address."""

    data: NotRequired[str]
    url: NotRequired[str]


class SampleIn(TypedDict):
    """A content that might come, and the policy to ask: by name, by name and version, or as a document."""

    text: NotRequired[str]
    images: NotRequired[list[SampleImage]]
    language: NotRequired[str]
    author: NotRequired[SampleAuthor | None]
    metadata: NotRequired[dict[str, Any]]
    near_duplicates: NotRequired[int]
    policy: NotRequired[str | None]
    version: NotRequired[int | None]
    source: NotRequired[str | None]


class Score(TypedDict):
    """A value that the client believes in."""

    value: NotRequired[float]
    type: NotRequired[Literal["SCORE_TYPE_UNSPECIFIED", "PROBABILITY", "STD_DEV_SCORE", "PERCENTILE", "RAW"]]


class SentTestOut(TypedDict):
    """The event that was written; ask for it to see what came back."""

    id: str


class SpanScore(TypedDict):
    """A value for a part of the comment."""

    begin: NotRequired[int]
    end: NotRequired[int]
    score: NotRequired[Score]


class SpanScoreOut(TypedDict):
    """A part of the comment: UTF-16 code units, end exclusive."""

    begin: int
    end: int
    score: AttributeScoreOut


class StreamReceiptOut(TypedDict):
    """A line that was stored."""

    id: str
    external_id: str
    version: int
    status: ContentStatus
    not_taken: NotRequired[list[Literal["author", "context", "language", "metadata", "policy"]]]
    line: int


class StreamRefusedOut(TypedDict):
    """A line that was not."""

    external_id: str | None
    error: ProblemOut
    line: int


class StreamSummaryOut(TypedDict):
    """The last line."""

    summary: TallyOut


class SubmittedOut(TypedDict):
    """A content as a submission is answered with it."""

    id: str
    external_id: str
    version: int
    status: ContentStatus
    decision: Outcome | None
    rule: str | None
    source: DecisionSource | None
    label: str
    reasoning: str
    reasons: list[ReasonOut]
    scores: dict[str, float]
    evidence: list[EvidenceOut]
    matches: list[MatchOut]
    not_covered: list[str]
    failures: dict[str, str]
    identified_language: str | None
    detectors: dict[str, str]
    policy: PolicyOut | None
    masked_text: str | None
    images: list[ImageOut]
    author: AuthorOfContent | None
    context: ContextOut
    metadata: dict[str, Any]
    language: str
    created_at: str
    updated_at: str
    decided_at: str | None
    erased_at: str | None
    near_duplicates: int | None
    not_taken: NotRequired[list[Literal["author", "context", "language", "metadata", "policy"]]]


class SuggestRequest(TypedDict):
    """POST comments:suggestscore."""

    comment: NotRequired[TextEntry]
    context: NotRequired[Context]
    attributeScores: NotRequired[dict[str, AttributeScores]]
    languages: NotRequired[list[str]]
    doNotStore: NotRequired[bool]
    clientToken: NotRequired[str]
    sessionId: NotRequired[str]
    communityId: NotRequired[str]


class SuggestionOut(TypedDict):
    """The answer of comments:suggestscore."""

    clientToken: NotRequired[str]
    requestedLanguages: NotRequired[list[str]]


class SuspensionIn(TypedDict):
    """How long, and why. Neither ``until`` nor ``duration_seconds``: until somebody reinstates the …"""

    until: NotRequired[datetime | str | None]
    duration_seconds: NotRequired[int | None]
    reason: str


class SuspensionOut(TypedDict):
    """A suspension that runs now; one that has run out is not told."""

    since: str
    until: str | None
    reason: str


class TallyOut(TypedDict):
    """What became of the lines. ``complete`` is false where the stream was given up: no later line is …"""

    lines: int
    stored: int
    unchanged: int
    refused: int
    complete: bool
    error: NotRequired[ProblemOut | None]


class TermListIn(TypedDict):
    """A new list. Its name stays: policies ask for it."""

    name: str
    kind: NotRequired[TermListKind]
    category: NotRequired[Category | None]
    score: NotRequired[float | int]
    whole_word: NotRequired[bool]
    enabled: NotRequired[bool]
    terms: NotRequired[list[str]]


class TermListOut(TypedDict):
    """A list without its terms: those are read page by page."""

    name: str
    kind: TermListKind
    category: Category
    score: float
    whole_word: bool
    enabled: bool
    term_count: int
    updated_at: str


class TermListPage(TypedDict):
    """A page of lists; follow ``next`` and ``previous`` as they are."""

    results: list[TermListOut]
    next: str | None
    previous: str | None


class TermListPatch(TypedDict):
    """What is to change; what is not named stays."""

    kind: NotRequired[TermListKind | None]
    category: NotRequired[Category | None]
    score: NotRequired[float | int | None]
    whole_word: NotRequired[bool | None]
    enabled: NotRequired[bool | None]


class TermPage(TypedDict):
    """A page of terms, in the order of their characters; follow ``next`` and ``previous`` as they are."""

    results: list[str]
    next: str | None
    previous: str | None


class TermsChangedOut(TypedDict):
    """What a call did to a list."""

    changed: int
    term_count: int
    updated_at: str


class TermsIn(TypedDict):
    """Terms to add or to remove; capitals and blanks around them do not count."""

    terms: list[str]


class TestedOut(TypedDict):
    """The endpoint that is tested."""

    endpoint_id: str


class TextEntry(TypedDict):
    """A text and how it is written."""

    text: NotRequired[str]
    type: NotRequired[Literal["TEXT_TYPE_UNSPECIFIED", "PLAIN_TEXT", "HTML"]]


class TextPart(TypedDict):
    """A text within an item."""

    type: Literal["text"]
    text: str


class TimesOut(TypedDict):
    """Seconds from receiving a version to its first final decision."""

    count: int
    median: float | None
    p95: float | None


class ToldContentOut(TypedDict):
    """What is told of a content: never its text. The API answers the rest."""

    content_id: str
    external_id: str
    request_id: str | None
    version: int
    status: ContentStatus
    decision: Outcome | None
    decision_id: str | None
    source: DecisionSource | None
    label: str
    reasoning: str
    overrides: OverriddenOut | None
    decided_at: str | None
    result_id: str | None
    reasons: list[ReasonOut]
    scores: dict[str, float]
    not_covered: list[str]
    detectors: dict[str, str]
    policy: PolicyOut | None
    rule: str | None
    images: list[ToldImageOut]


class ToldImageOut(TypedDict):
    """Enough to find the image in your own storage. ``fault``: why nobody could look at it."""

    media_id: str | None
    sha256: str | None
    scores: dict[str, float]
    fault: str | None


class TrialIn(TypedDict):
    """A text to try the list on. It is not kept."""

    text: str


class TrialOut(TypedDict):
    """What a list finds in a text, whether or not it is in force."""

    category: Category
    score: float
    enabled: bool
    hits: list[HitOut]


class UndecidedOut(TypedDict):
    """A rule that could not be judged: what it lacked, or how it failed."""

    rule: str
    outcome: Outcome
    missing: list[str]
    error: str


class UnknownNamesOut(TypedDict):
    """What the document asks for and this site does not have, or not in force."""

    queues: list[str]
    term_lists: list[str]
    hash_banks: list[str]
    categories: list[str]


class UsageOut(TypedDict):
    """The counts of one day, one key or one door; the members that it is not about are null."""

    day: NotRequired[str | None]
    key_id: NotRequired[str | None]
    key_name: NotRequired[str | None]
    door: NotRequired[Door | None]
    requests: int
    refused: int
    rate_limited: int
    items: int
    texts: int
    images: int


class ValidationOut(TypedDict):
    """All that can be said of a document without putting it in force."""

    valid: bool
    errors: list[PolicyFaultOut]
    warnings: list[PolicyFaultOut]
    contents: PolicyContentsOut | None
    unknown: UnknownNamesOut | None


class AnalyzeCommentQuery(TypedDict):
    """What analyzeComment may be narrowed by."""

    alt: NotRequired[Literal["json"]]


class ListAuthorsQuery(TypedDict):
    """What listAuthors may be narrowed by."""

    external_id: NotRequired[str]
    suspended: NotRequired[Literal["true", "false"]]
    trust: NotRequired[TrustLevel]


class ListCasesQuery(TypedDict):
    """What listCases may be narrowed by."""

    claimed_by: NotRequired[str]
    content_id: NotRequired[str]
    overdue: NotRequired[bool]
    queue: NotRequired[str]
    status: NotRequired[Literal["open", "decided", "resolved", "cancelled", "all"]]


class ListContentQuery(TypedDict):
    """What listContent may be narrowed by."""

    author: NotRequired[str]
    conversation_id: NotRequired[str]
    created_after: NotRequired[datetime | str]
    created_before: NotRequired[datetime | str]
    decision: NotRequired[Outcome]
    external_id: NotRequired[str]
    order: NotRequired[Literal["created", "updated"]]
    status: NotRequired[ContentStatus]
    updated_after: NotRequired[datetime | str]
    updated_before: NotRequired[datetime | str]


class ListDecisionsQuery(TypedDict):
    """What listDecisions may be narrowed by."""

    content_id: NotRequired[str]
    created_after: NotRequired[datetime | str]
    created_before: NotRequired[datetime | str]
    external_id: NotRequired[str]
    outcome: NotRequired[Outcome]
    source: NotRequired[DecisionSource]


class ListHashBankEntriesQuery(TypedDict):
    """What listHashBankEntries may be narrowed by."""

    perceptual_hash: NotRequired[str]
    sha256: NotRequired[str]


class ListHashBanksQuery(TypedDict):
    """What listHashBanks may be narrowed by."""

    action: NotRequired[HashBankAction]
    enabled: NotRequired[bool]


class ListKeysQuery(TypedDict):
    """What listKeys may be narrowed by."""

    status: NotRequired[Literal["usable", "expired", "revoked"]]


class ListReportsQuery(TypedDict):
    """What listReports may be narrowed by."""

    content_id: NotRequired[str]
    created_after: NotRequired[datetime | str]
    created_before: NotRequired[datetime | str]
    external_id: NotRequired[str]
    reason: NotRequired[
        Literal[
            "harassment",
            "harassment/threatening",
            "hate",
            "hate/threatening",
            "illicit",
            "illicit/violent",
            "self-harm",
            "self-harm/intent",
            "self-harm/instructions",
            "sexual",
            "sexual/minors",
            "violence",
            "violence/graphic",
            "toxicity",
            "severe_toxicity",
            "insult",
            "profanity",
            "threat",
            "identity_attack",
            "spam",
            "pii",
            "url_risk",
            "nsfw_image",
            "any_harm",
            "other",
        ]
    ]
    reporter: NotRequired[str]
    status: NotRequired[ReportStatus]


class ListTermListsQuery(TypedDict):
    """What listTermLists may be narrowed by."""

    enabled: NotRequired[bool]
    kind: NotRequired[TermListKind]


class ListWebhookEventsQuery(TypedDict):
    """What listWebhookEvents may be narrowed by."""

    content_id: NotRequired[str]
    status: NotRequired[Literal["pending", "delivered", "dead"]]
    type: NotRequired[
        Literal["content.approved", "content.rejected", "review.opened", "decision.overridden", "endpoint.test"]
    ]


class SuggestCommentScoreQuery(TypedDict):
    """What suggestCommentScore may be narrowed by."""

    alt: NotRequired[Literal["json"]]
