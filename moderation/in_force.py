"""What is in force now: the detectors with the site's term lists, and the policies. Cached in each process.

A change is seen by the next batch of every worker: the caches are keyed by what the database says, not by time.
"""

import hashlib
import logging
import threading
import time
from dataclasses import dataclass, field
from functools import cache, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.db.models import F, Max

from moderation.audit import name_of_actor, record_audit
from moderation.detectors.base import TermListSpec
from moderation.detectors.panel import Panel
from moderation.enums import SubjectType
from moderation.metrics import count_remote_opinion, count_remote_request, show_remote_circuit, time_detector
from moderation.models import ApiClient, HashBank, Policy, PolicyVersion, SiteAdapter, TermList
from moderation.policy.faults import PolicyError
from moderation.policy.loader import load_policy
from moderation.policy.schema import Policy as CompiledPolicy
from moderation.policy.schema import broken_policy
from moderation.review.queue import ensure_queues
from reviewengine import conf
from reviewengine.day_counts import count_today

if TYPE_CHECKING:
    from moderation.detectors.images.hash_banks import HashBanks
    from moderation.detectors.images.panel import ImagePanel
    from moderation.detectors.text.adapter import Adapter

logger = logging.getLogger(__name__)
DEFAULT_SLUG = "default"
SHIPPED_POLICY = Path(conf.CONFIG_DIR) / "policies" / "default.yml"
# A web process that scores texts looks this often, in seconds, whether a list or a policy has changed.
REMEMBERED_SECONDS = 1.0


@dataclass(frozen=True, slots=True)
class ActivePolicy:
    """A policy version in force. ``label`` is how the audit names it: ``default@3``."""

    version_id: int
    label: str
    rules: CompiledPolicy


def detector_panel() -> Panel:
    """The enabled detectors, with the term lists and the site adapter as they stand now."""
    lists = tuple(TermList.objects.filter(enabled=True).order_by("name").values_list("name", "updated_at"))
    # A version never changes: its number is all there is to compare.
    adapters = SiteAdapter.objects.filter(is_active=True).values_list("number", flat=True)
    return _panel((lists, adapters.first()))


@lru_cache(maxsize=1)
def _panel(state: object) -> Panel:
    """Built anew when ``state``, which stands for what a site has added, is another than last time."""
    # Only a process that reads texts pays for numpy and the models: beat and most web processes never do.
    from moderation.detectors.registry import build_panel

    lists = [
        TermListSpec(row.name, row.category, row.score, tuple(row.terms), row.whole_word, row.kind)
        for row in TermList.objects.filter(enabled=True).order_by("name")
    ]
    panel = build_panel(conf.load().detectors, lists, _adapter())
    panel.watch = time_detector
    _connect_remote(panel)
    return panel


def _adapter() -> "Adapter | None":
    """The site adapter in force. One made for another text model stays unused; the gauges and checks say so."""
    from moderation.detectors.text.adapter import Adapter

    row = SiteAdapter.objects.filter(is_active=True).first()
    return Adapter.load(row.number, row.base_version, row.heads) if row else None


def _connect_remote(panel: Panel) -> None:
    """Lends the remote detector what it must not know itself: the metrics, and a count that all processes share."""
    from moderation.detectors.remote.detector import RemoteDetector

    remote = panel.detectors.get(RemoteDetector.name)
    if isinstance(remote, RemoteDetector):
        remote.count_opinion, remote.count_request = count_remote_opinion, count_remote_request
        remote.show_circuit = show_remote_circuit
        remote.share_budget(lambda day: count_today("remote-requests", day))
        show_remote_circuit(False)  # the circuit of a panel that is built anew is closed


@cache
def image_panel() -> "ImagePanel":
    """The enabled image detectors; their models are loaded with the first picture."""
    from moderation.detectors.images.registry import build_image_panel

    panel = build_image_panel(conf.load().images.detectors)
    panel.watch = time_detector
    return panel


def hash_banks() -> "HashBanks":
    """The enabled hash banks as they stand now."""
    return _hash_banks(tuple(HashBank.objects.filter(enabled=True).order_by("name").values_list("name", "updated_at")))


@lru_cache(maxsize=1)
def _hash_banks(state: object) -> "HashBanks":
    """Built anew when ``state``, which stands for the banks and their entries, is another than last time."""
    from moderation.detectors.images.hash_banks import HashBanks, HashBankSpec

    return HashBanks(
        HashBankSpec(
            bank.name,
            bank.category,
            bank.action,
            bank.max_distance,
            frozenset(bank.entries.exclude(sha256="").values_list("sha256", flat=True)),
            tuple(bank.entries.exclude(perceptual_hash="").values_list("perceptual_hash", flat=True)),
        )
        for bank in HashBank.objects.filter(enabled=True).order_by("name")
    )


def active_policies() -> dict[int, ActivePolicy]:
    """Every policy in force by its id. The shipped default is put in force where there is none yet.

    One that an older release stored, and this one cannot compile, is there too: it sends everything to a person.
    """
    rows = _active_rows()
    if not any(row["policy__slug"] == DEFAULT_SLUG for row in rows):
        apply_policy(source=SHIPPED_POLICY.read_text(encoding="utf-8"), actor="system")
        rows = _active_rows()
    return {
        row["policy_id"]: ActivePolicy(
            row["id"], f"{row['policy__slug']}@{row['number']}", rules_of_version(row["id"], row["policy__slug"])
        )
        for row in rows
    }


@dataclass(frozen=True, slots=True)
class Standing:
    """What was in force at one moment, a time of time.monotonic(). ``clients`` fills up as they are asked for."""

    seen_at: float
    panel: Panel
    policies: dict[int, ActivePolicy]
    clients: dict[int, int | None] = field(default_factory=dict)

    def policy_of_client(self, client_id: int) -> int | None:
        """The id of a client's own policy, if it has one."""
        if client_id not in self.clients:
            found = ApiClient.objects.filter(pk=client_id).values_list("policy", flat=True)
            self.clients[client_id] = found.first()
        return self.clients[client_id]


_standing: Standing | None = None
_looking = threading.Lock()


def recently_in_force() -> Standing:
    """What was in force at most about a second ago: for callers who cannot wait for the database with each text.

    While one thread looks again, the others go on with what they have.
    """
    global _standing
    found = _standing
    if found is not None and time.monotonic() < found.seen_at + REMEMBERED_SECONDS:
        return found
    if not _looking.acquire(blocking=found is None):
        return found  # type: ignore[return-value]  # it waits where there is none
    try:
        if _standing is found:
            _standing = Standing(time.monotonic(), detector_panel(), active_policies())
        return _standing  # type: ignore[return-value]
    finally:
        _looking.release()


def forget_standing() -> None:
    """Drops what this process remembers of what is in force."""
    global _standing
    _standing = None


def default_policy_id(policies: dict[int, ActivePolicy]) -> int:
    """The id of the policy for clients that have none of their own."""
    return next(key for key, policy in policies.items() if policy.rules.slug == DEFAULT_SLUG)


def _active_rows() -> list[dict[str, Any]]:
    in_force = PolicyVersion.objects.filter(policy__active_version=F("pk"))
    return [dict(row) for row in in_force.values("id", "policy_id", "policy__slug", "number")]


@lru_cache(maxsize=64)
def rules_of_version(version_id: int, slug: str) -> CompiledPolicy:
    """The rules of a stored version, or the broken policy in their place; a process logs its faults once."""
    try:
        return _compiled(version_id, slug)
    except PolicyError as error:
        told = {"policy": slug, "version": version_id, "faults": [str(fault) for fault in error.faults]}
        logger.error("policy.broken", extra=told)
        return broken_policy(slug, error.faults)


@lru_cache(maxsize=64)
def _compiled(version_id: int, name: str) -> CompiledPolicy:
    source = PolicyVersion.objects.values_list("source", flat=True).get(pk=version_id)
    return load_policy(source, name=name)


@transaction.atomic
def apply_policy(*, source: str, actor: str, name: str = "<policy>") -> tuple[PolicyVersion, bool]:
    """Puts a policy document in force as a new version; answers the version and whether it is new.

    The text that is in force already makes no new version. Raises PolicyError with every fault of the document.
    """
    compiled = load_policy(source, name=name)
    policy, _ = Policy.objects.select_for_update().get_or_create(slug=compiled.slug)
    digest = hashlib.sha256(source.encode()).hexdigest()
    if policy.active_version and policy.active_version.digest == digest:
        return policy.active_version, False
    number = (policy.versions.aggregate(Max("number"))["number__max"] or 0) + 1
    version = PolicyVersion.objects.create(
        policy=policy, number=number, source=source, digest=digest, created_by=name_of_actor(actor)
    )
    activate_version(version=version, actor=actor)
    return version, True


@transaction.atomic
def activate_version(*, version: PolicyVersion, actor: str) -> None:
    """Makes a stored version the one in force, with the queues it names; every next batch is judged by it."""
    ensure_queues(slugs=_compiled(version.pk, version.policy.slug).queues)
    Policy.objects.filter(pk=version.policy_id).update(active_version=version)
    record_audit(
        action="policy.activated",
        actor=actor,
        subject_type=SubjectType.POLICY,
        subject_id=version.policy.slug,
        data={"number": version.number, "digest": version.digest},
    )
