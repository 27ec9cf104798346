"""The chain: whole when nothing was touched, and every kind of change is found."""

import pytest

from moderation.audit import record_audit, seal_entries, verify_chain
from moderation.models import AuditEntry, Decision
from moderation.pipeline import drain
from tests.factories import ContentFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def _record():
    ContentFactory.create_batch(5)
    drain()
    record_audit(action="policy.activated", actor="user:lead", subject_type="policy", subject_id="default")
    seal_entries(batch_size=2)


@pytest.mark.usefixtures("_record")
class TestSealed:
    def test_an_untouched_chain_is_whole(self):
        assert list(verify_chain()) == []
        assert list(AuditEntry.objects.order_by("sequence").values_list("sequence", flat=True)) == [1, 2, 3, 4, 5, 6, 7]

    @pytest.mark.parametrize("change", [{"actor": "user:eve"}, {"data": {}}, {"subject_id": "x"}, {"hash": "0" * 64}])
    def test_a_changed_entry_is_found(self, change):
        AuditEntry.objects.filter(sequence=3, action="decision.recorded").update(**change)
        assert [breach.sequence for breach in verify_chain()][0] == 3

    def test_a_deleted_entry_is_found(self):
        AuditEntry.objects.filter(sequence=7).delete()
        record_audit(action="policy.activated", actor="user:lead", subject_type="policy", subject_id="default")
        AuditEntry.objects.filter(sequence=4).delete()
        assert "entry 4 is missing" in [breach.fault for breach in verify_chain()]

    @pytest.mark.parametrize(
        "change", [{"outcome": "reject"}, {"rule": "x"}, {"reasoning": "x"}, {"private_note": "x"}]
    )
    def test_a_changed_decision_is_found(self, change):
        Decision.objects.filter(pk=Decision.objects.first().pk).update(**change)
        assert [breach.fault for breach in verify_chain()] == ["the decision was changed after it was recorded"]

    def test_a_deleted_decision_is_found(self):
        Decision.objects.first().delete()
        assert [breach.fault for breach in verify_chain()] == ["the decision was deleted"]

    def test_a_decision_put_in_beside_the_product_is_found(self):
        original = Decision.objects.first()
        Decision.objects.create(
            content=original.content, content_version=9, outcome="approve", source="policy", rule="forged"
        )
        assert [breach.fault for breach in verify_chain()] == ["the decision has no audit entry"]
