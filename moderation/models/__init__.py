"""The tables, one file a subject."""

from moderation.models.audit import AuditEntry
from moderation.models.author import Author
from moderation.models.bulk import BulkItem, BulkRun
from moderation.models.care import Exposure, ModeratorSettings, WorkSpell
from moderation.models.client import ApiClient, ApiKey
from moderation.models.content import Content, ContentVersion, ModerationResult
from moderation.models.decision import Decision
from moderation.models.fingerprint import ContentFingerprint
from moderation.models.hash_bank import HashBank, HashBankEntry
from moderation.models.hold import DecisionHold
from moderation.models.idempotency import IdempotencyRecord
from moderation.models.media import ContentMedia, MediaFile
from moderation.models.note import Note, NoteMention
from moderation.models.policy import Policy, PolicyVersion
from moderation.models.quality import GoldenCase, QualityReview
from moderation.models.reason import RejectionReason
from moderation.models.report import Report
from moderation.models.review import ReviewCase, ReviewQueue
from moderation.models.saved_filter import SavedFilter
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
    "BulkItem",
    "BulkRun",
    "Content",
    "ContentFingerprint",
    "ContentMedia",
    "ContentVersion",
    "Decision",
    "DecisionHold",
    "Exposure",
    "GoldenCase",
    "HashBank",
    "HashBankEntry",
    "IdempotencyRecord",
    "MediaFile",
    "ModerationResult",
    "ModeratorSettings",
    "Note",
    "NoteMention",
    "Policy",
    "PolicyVersion",
    "QualityReview",
    "RejectionReason",
    "Report",
    "ReviewCase",
    "ReviewQueue",
    "SavedFilter",
    "SiteAdapter",
    "TermList",
    "WebhookDelivery",
    "WebhookEndpoint",
    "WebhookEvent",
    "WorkSpell",
]
