"""The tables, one file a subject."""

from moderation.models.audit import AuditEntry
from moderation.models.author import Author
from moderation.models.client import ApiClient, ApiKey
from moderation.models.content import Content, ContentVersion, ModerationResult
from moderation.models.decision import Decision
from moderation.models.fingerprint import ContentFingerprint
from moderation.models.hash_bank import HashBank, HashBankEntry
from moderation.models.idempotency import IdempotencyRecord
from moderation.models.media import ContentMedia, MediaFile
from moderation.models.policy import Policy, PolicyVersion
from moderation.models.report import Report
from moderation.models.review import ReviewCase, ReviewQueue
from moderation.models.site_adapter import AdapterFeedback, SiteAdapter
from moderation.models.term_list import TermList
from moderation.models.usage import ApiUsage
from moderation.models.webhook import WebhookDelivery, WebhookEndpoint, WebhookEvent

__all__ = [
    "AdapterFeedback",
    "ApiClient",
    "ApiKey",
    "ApiUsage",
    "AuditEntry",
    "Author",
    "Content",
    "ContentFingerprint",
    "ContentMedia",
    "ContentVersion",
    "Decision",
    "HashBank",
    "HashBankEntry",
    "IdempotencyRecord",
    "MediaFile",
    "ModerationResult",
    "Policy",
    "PolicyVersion",
    "Report",
    "ReviewCase",
    "ReviewQueue",
    "SiteAdapter",
    "TermList",
    "WebhookDelivery",
    "WebhookEndpoint",
    "WebhookEvent",
]
