"""The audit trail: who did, changed and saw what, append-only and sealed into a hash chain.

``record.py`` writes an entry with the act itself, ``hashes.py`` says what a hash covers, ``chain.py`` seals and
verifies, ``search.py`` finds, and ``export.py`` hands the record to third parties, who can verify it by themselves.
"""

from moderation.audit.actors import actor_named, name_of_actor, user_actor
from moderation.audit.chain import Breach, check_entries, head_of_chain, seal_entries, verify_chain
from moderation.audit.hashes import decision_digest
from moderation.audit.record import (
    CONTENT_VIEWED,
    DECISION_RECORDED,
    decision_entries,
    record_audit,
    record_image_view,
    record_view,
    record_views,
)

__all__ = [
    "CONTENT_VIEWED",
    "DECISION_RECORDED",
    "Breach",
    "actor_named",
    "check_entries",
    "decision_digest",
    "decision_entries",
    "head_of_chain",
    "name_of_actor",
    "record_audit",
    "record_image_view",
    "record_view",
    "record_views",
    "seal_entries",
    "user_actor",
    "verify_chain",
]
