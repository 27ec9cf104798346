"""What a sign-in and a sign-out leave in the record, by whichever door."""

from django.contrib.auth.models import User
from django.http import HttpRequest

from reviewengine import conf
from reviewengine.access.events import sign_ins_total, tell
from reviewengine.access.gate import FACTOR, OWED
from reviewengine.access.lockout import address_of, person_named

ID_TOKEN = "oidc_id_token"  # noqa: S105 - the name of a place in the session


def note_sign_in(request: HttpRequest, method: str = "password") -> None:
    """After somebody tried: they are in, they failed, or they have to wait."""
    address = address_of(request)
    person = request.user if isinstance(request.user, User) else None
    if person is not None:
        owed = request.session.get(FACTOR) == OWED
        tell("signed_in", person, method=method, address=address, **({"second_factor": "owed"} if owed else {}))
        return
    locked = getattr(request, "axes_locked_out", False)
    if locked and request.axes_failures_since_start is None:  # type: ignore[attr-defined]
        # One that waits already: counted, not written, or whoever knocks could fill the record.
        sign_ins_total.labels("refused").inc()
        return
    act = "locked_out" if locked else "sign_in_failed"
    tell(act, person_named(request.POST.get("username", "")), method=method, address=address)


def note_sign_out(person: User) -> None:
    """A person has signed out."""
    tell("signed_out", person, why="asked")


def provider_sign_out(request: HttpRequest) -> str:
    """Where the session at the OpenID provider ends; empty where there is none, or the provider has no such page."""
    if not conf.load().access.oidc.issuer or ID_TOKEN not in request.session:
        return ""
    from reviewengine.access.oidc import sign_out_address

    return sign_out_address(request, request.session[ID_TOKEN])
