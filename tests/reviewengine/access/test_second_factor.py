"""A password is not enough where a second factor is set up or required; codes work once, and guessing is slowed."""

import re

import pytest
from django.test import Client
from django.utils import timezone
from django_otp.plugins.otp_static.models import StaticToken
from django_otp.plugins.otp_totp.models import TOTPDevice

from moderation.models import AuditEntry
from reviewengine.access import second_factor
from tests.reviewengine.access.conftest import code_for, code_of, give_password, with_app

pytestmark = pytest.mark.django_db
CODE, SET_UP, OWN = "/admin/second-factor/code/", "/admin/second-factor/set-up/", "/admin/second-factor/"


def acts() -> list[str]:
    return list(AuditEntry.objects.order_by("id").values_list("action", flat=True))


class TestSignIn:
    def test_the_password_alone_opens_nothing(self, alice, client):
        with_app(alice)
        assert give_password(client, "alice").status_code == 302
        for page in ("/admin/", "/admin/review/", "/admin/review/next/"):
            answer = client.get(page, follow=True)
            assert answer.redirect_chain[-1][0].startswith(CODE), page

    def test_a_code_of_the_app_leads_to_where_one_wanted_to_go(self, alice, client):
        with_app(alice)
        give_password(client, "alice")
        answer = client.post(f"{CODE}?next=/admin/review/", {"code": code_of(alice)})
        assert (answer.status_code, answer["Location"]) == (302, "/admin/review/")
        assert client.get("/admin/review/").status_code == 200
        assert acts()[-2:] == ["user.signed_in", "user.second_factor_accepted"]

    def test_a_strange_address_is_not_gone_to(self, alice, client):
        with_app(alice)
        give_password(client, "alice")
        answer = client.post(f"{CODE}?next=https://evil.example/", {"code": code_of(alice)})
        assert answer["Location"] == "/admin/"

    def test_the_same_code_opens_no_second_session(self, alice, client):
        with_app(alice)
        code = code_of(alice)
        give_password(client, "alice")
        assert client.post(CODE, {"code": code}).status_code == 302
        other = Client()
        give_password(other, "alice")
        assert other.post(CODE, {"code": code}).status_code == 400
        assert "user.second_factor_failed" in acts()

    def test_wrong_codes_have_to_wait_and_a_right_one_meanwhile_is_not_taken(self, alice, client):
        with_app(alice)
        give_password(client, "alice")
        assert "not right" in client.post(CODE, {"code": "000000"}).content.decode()
        answer = client.post(CODE, {"code": code_of(alice)})
        assert "wait" in answer.content.decode()
        TOTPDevice.objects.update(throttling_failure_timestamp=timezone.now() - timezone.timedelta(minutes=5))
        assert client.post(CODE, {"code": code_of(alice)}).status_code == 302

    def test_leaving_halfway_ends_the_session(self, alice, client):
        with_app(alice)
        give_password(client, "alice")
        client.post(CODE, {"leave": "1"})
        assert "_auth_user_id" not in client.session
        assert client.get(CODE, follow=True).redirect_chain[-1][0].startswith("/admin/login/")

    def test_switched_off_nobody_is_asked(self, alice, client, access):
        with_app(alice)
        access(second_factor="off")
        give_password(client, "alice")
        assert client.get("/admin/review/").status_code == 200


class TestRecoveryCodes:
    def test_each_is_good_for_one_sign_in(self, alice, client):
        codes = with_app(alice)
        give_password(client, "alice")
        assert client.post(CODE, {"code": codes[3].upper().replace("-", " ")}).status_code == 302
        assert second_factor.recovery_codes_left(alice) == 9
        other = Client()
        give_password(other, "alice")
        assert other.post(CODE, {"code": codes[3]}).status_code == 400

    def test_the_database_does_not_know_them(self, alice):
        codes = with_app(alice)
        kept = set(StaticToken.objects.values_list("token", flat=True))
        assert len(kept) == 10
        assert not kept & {code.replace("-", "") for code in codes}

    def test_new_ones_cost_a_code_and_the_old_ones_are_worth_nothing(self, alice, client):
        old = with_app(alice)
        give_password(client, "alice")
        client.post(CODE, {"code": old[0]})
        assert client.post(OWN, {"codes": "1", "code": "000000"}).status_code == 400
        answer = client.post(OWN, {"codes": "1", "code": old[1]})
        new = re.findall(r"<li><code>([\w-]+)</code>", answer.content.decode())
        assert len(new) == 10
        assert "no-store" in answer["Cache-Control"]
        assert second_factor.check(person=alice, code=old[2]).method is None

    def test_no_code_stands_in_the_record(self, alice, client):
        codes = with_app(alice)
        give_password(client, "alice")
        client.post(CODE, {"code": codes[0]})
        written = str(list(AuditEntry.objects.values_list("data", "subject_id")))
        assert codes[0] not in written
        assert TOTPDevice.objects.get().key not in written


class TestSetUp:
    def test_it_shows_a_picture_takes_a_code_and_hands_out_recovery_codes(self, alice, client):
        client.force_login(alice)
        page = client.get(SET_UP)
        assert "data:image/svg+xml" in page.content.decode()
        answer = client.post(SET_UP, {"code": code_for(client.session["access_proposed_key"])})
        assert len(re.findall(r"<li><code>", answer.content.decode())) == 10
        assert second_factor.app_of(alice)
        assert client.get("/admin/review/").status_code == 200
        assert acts() == ["user.second_factor_set_up"]

    def test_a_wrong_code_sets_nothing_up_and_keeps_the_picture(self, alice, client):
        client.force_login(alice)
        client.get(SET_UP)
        key = client.session["access_proposed_key"]
        assert client.post(SET_UP, {"code": "000000"}).status_code == 400
        assert client.session["access_proposed_key"] == key
        assert not TOTPDevice.objects.exists()

    def test_sessions_from_before_end(self, alice, client):
        other = Client()
        other.force_login(alice)
        client.force_login(alice)
        client.get(SET_UP)
        client.post(SET_UP, {"code": code_for(client.session["access_proposed_key"])})
        assert other.get("/admin/review/").status_code == 302
        assert client.get("/admin/review/").status_code == 200

    def test_who_owes_a_code_cannot_set_up_another_app(self, alice, client):
        with_app(alice)
        give_password(client, "alice")
        assert client.get(SET_UP)["Location"].startswith(CODE)
        assert client.post(SET_UP, {"code": "000000"})["Location"].startswith(CODE)


class TestRequired:
    @pytest.fixture(params=["everybody", "group"])
    def required(self, request, access):
        groups = {"second_factor_groups": ["moderator"]}
        access(**({"second_factor": "required"} if request.param == "everybody" else groups))

    @pytest.mark.usefixtures("required")
    def test_who_has_none_is_led_to_set_one_up_before_anything_else(self, alice, client):
        give_password(client, "alice")
        answer = client.get("/admin/review/", follow=True)
        assert answer.redirect_chain[-1][0].startswith(SET_UP)
        assert "Your role asks for" in answer.content.decode()

    def test_it_cannot_be_removed_then_but_else_it_can(self, alice, client, access):
        codes = with_app(alice)
        give_password(client, "alice")
        client.post(CODE, {"code": codes[0]})
        access(second_factor="required")
        client.post(OWN, {"remove": "1", "code": codes[1]})
        assert second_factor.app_of(alice)
        access(second_factor="optional")
        client.post(OWN, {"remove": "1", "code": codes[2]})
        assert second_factor.app_of(alice) is None

    def test_requiring_it_reaches_sessions_that_are_open(self, alice, client, access):
        client.force_login(alice)
        assert client.get("/admin/review/").status_code == 200
        access(second_factor="required")
        assert client.get("/admin/review/").status_code == 302

    def test_the_api_asks_for_its_key_alone(self, key, client, access):
        access(second_factor="required")
        assert client.get("/api/v1/contents", headers={"Authorization": f"Bearer {key}"}).status_code != 401
