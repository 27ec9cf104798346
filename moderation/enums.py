"""The product's fixed vocabulary. Values are stored and sent to clients: never reuse or rename one."""

from django.db.models import TextChoices


class Category(TextChoices):
    """One vocabulary of harm, mapped outward. The first thirteen are OpenAI's names, the next six Perspective's.

    ``any_harm`` is learnt by itself: the chance that at least one kind of harm is there. Spam and swearing are none.
    """

    HARASSMENT = "harassment"
    HARASSMENT_THREATENING = "harassment/threatening"
    HATE = "hate"
    HATE_THREATENING = "hate/threatening"
    ILLICIT = "illicit"
    ILLICIT_VIOLENT = "illicit/violent"
    SELF_HARM = "self-harm"
    SELF_HARM_INTENT = "self-harm/intent"
    SELF_HARM_INSTRUCTIONS = "self-harm/instructions"
    SEXUAL = "sexual"
    SEXUAL_MINORS = "sexual/minors"
    VIOLENCE = "violence"
    VIOLENCE_GRAPHIC = "violence/graphic"
    TOXICITY = "toxicity"
    SEVERE_TOXICITY = "severe_toxicity"
    INSULT = "insult"
    PROFANITY = "profanity"
    THREAT = "threat"
    IDENTITY_ATTACK = "identity_attack"
    SPAM = "spam"
    PII = "pii"
    URL_RISK = "url_risk"
    NSFW_IMAGE = "nsfw_image"
    ANY_HARM = "any_harm"


class Outcome(TextChoices):
    """What a verdict or a decision says of a content."""

    APPROVE = "approve"
    REVIEW = "review"
    REJECT = "reject"


FINAL_OUTCOMES = (Outcome.APPROVE, Outcome.REJECT)


class MediaSource(TextChoices):
    """How an image came: sent before its content, within it, or named by its address."""

    UPLOAD = "upload"
    BASE64 = "base64"
    URL = "url", "URL"


class HashBankAction(TextChoices):
    """What it means that a bank knows an image."""

    BLOCK = "block"
    ALLOW = "allow"
    REVIEW = "review"


class ContentStatus(TextChoices):
    """Where a content is in the flow."""

    PENDING = "pending"
    PROCESSING = "processing"
    IN_REVIEW = "in_review"
    DECIDED = "decided"


UNSETTLED_STATUSES = (ContentStatus.PENDING, ContentStatus.PROCESSING)


class DecisionSource(TextChoices):
    """Who or what decided."""

    POLICY = "policy"
    MODERATOR = "moderator"
    APPEAL = "appeal"
    API = "api", "API"


class CaseStatus(TextChoices):
    """A review case is open until a person resolves it, or until its content is edited or erased.

    It is decided while its decision is recorded and does not count yet: it can be undone, or waits for a second person.
    """

    OPEN = "open"
    DECIDED = "decided"
    RESOLVED = "resolved"
    CANCELLED = "cancelled"


UNRESOLVED_STATUSES = (CaseStatus.OPEN, CaseStatus.DECIDED)


class CaseSource(TextChoices):
    """Why a person is asked: the policy said so, or somebody reported what was decided already.

    Or a person decides anew, unasked, what was decided.
    Or to learn how well people decide: what was decided is decided again, or has a known answer. Such a case decides
    nothing about its content.
    """

    POLICY = "policy"
    REPORT = "report"
    PERSON = "person"
    DOUBLE = "double"
    GOLDEN = "golden"


QUALITY_SOURCES = (CaseSource.DOUBLE, CaseSource.GOLDEN)


class DueClock(TextChoices):
    """What time counts until a case is due: every hour, or those of the site's business hours."""

    CLOCK = "clock", "Every hour"
    BUSINESS = "business", "Business hours"


class HoldKind(TextChoices):
    """Why a decision does not count yet: it can still be undone, or it must be confirmed by a second person."""

    UNDO = "undo"
    SECOND_PERSON = "second"


class HoldStatus(TextChoices):
    """A held decision comes into effect, is taken back, or lapses because its content changed meanwhile."""

    HELD = "held"
    RELEASED = "released"
    WITHDRAWN = "withdrawn"
    LAPSED = "lapsed"


class BulkStatus(TextChoices):
    """A bulk decision runs, is done, or was undone."""

    RUNNING = "running"
    DONE = "done"
    UNDONE = "undone"


class NoteSubject(TextChoices):
    """What a note follows: one content, or the author wherever they appear."""

    CONTENT = "content"
    AUTHOR = "author"


class ReportStatus(TextChoices):
    """A report is open until the next decision of a person or of the platform; it lapses with what it is about."""

    OPEN = "open"
    UPHELD = "upheld"
    DISMISSED = "dismissed"
    LAPSED = "lapsed"


# What a report may complain of: a kind of harm, or something else.
OTHER_REASON = "other"
REPORT_REASONS = (*Category.values, OTHER_REASON)


class TrustLevel(TextChoices):
    """What a client's moderators think of an author."""

    NORMAL = "normal"
    TRUSTED = "trusted"
    RESTRICTED = "restricted"


class Scope(TextChoices):
    """What an API key may do. Lists, banks and policies belong to the whole site; all else only to the key's client."""

    SCORE = "score"
    CONTENT_WRITE = "content:write"
    CONTENT_READ = "content:read"
    AUTHORS_WRITE = "authors:write"
    AUTHORS_READ = "authors:read"
    REPORTS_WRITE = "reports:write"
    REPORTS_READ = "reports:read"
    DECISIONS_WRITE = "decisions:write"
    DECISIONS_READ = "decisions:read"
    CASES_WRITE = "cases:write"
    CASES_READ = "cases:read"
    POLICIES_READ = "policies:read"
    LISTS_WRITE = "lists:write"
    LISTS_READ = "lists:read"
    WEBHOOKS_WRITE = "webhooks:write"
    WEBHOOKS_READ = "webhooks:read"
    KEYS_WRITE = "keys:write"
    KEYS_READ = "keys:read"
    USAGE_READ = "usage:read"


class Door(TextChoices):
    """The API that a request came in by: ours, or one whose shape others made."""

    PLATFORM = "platform", "Review Engine"
    OPENAI = "openai", "OpenAI"
    PERSPECTIVE = "perspective", "Perspective"


class EventType(TextChoices):
    """What a webhook endpoint can hear of. A test is sent when it is asked for, and to that endpoint alone."""

    CONTENT_APPROVED = "content.approved"
    CONTENT_REJECTED = "content.rejected"
    REVIEW_OPENED = "review.opened"
    DECISION_OVERRIDDEN = "decision.overridden"
    ENDPOINT_TEST = "endpoint.test"


# What happens by itself, and what an endpoint may choose from.
TOLD_EVENTS = tuple(kind for kind in EventType if kind is not EventType.ENDPOINT_TEST)


class EventStatus(TextChoices):
    """A webhook event waits until it is delivered or, after the last try, dead."""

    PENDING = "pending"
    DELIVERED = "delivered"
    DEAD = "dead"


class TermListKind(TextChoices):
    """What the lines of a site's list are, and what a hit means."""

    TERMS = "terms", "Terms"
    BLOCKED_DOMAINS = "blocked_domains", "Blocked domains"
    ALLOWED_DOMAINS = "allowed_domains", "Allowed domains"
    PROTECTED_DOMAINS = "protected_domains", "Protected domains"


class SubjectType(TextChoices):
    """What an audit entry is about, as it is stored. What is written is searched for by the same name.

    The console's own acts name their model; see ``moderation.audit.subjects``.
    """

    API_KEY = "api_key"
    AUDIT_ENTRY = "audit_entry"
    AUTHOR = "author"
    BULK_RUN = "bulk_run"
    CASE = "case"
    CONTENT = "content"
    DECISION = "decision"
    GOLDEN_CASE = "golden_case"
    MEDIA_FILE = "media_file"
    POLICY = "policy"
    QUALITY_REVIEW = "quality_review"
    REPORT = "report"
    SAVED_FILTER = "saved_filter"
    SITE_ADAPTER = "site_adapter"
    TERM_LIST = "term_list"
    USER = "user"
    WEBHOOK_ENDPOINT = "webhook_endpoint"
