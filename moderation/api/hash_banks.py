"""Hash banks: images that the site knows. They belong to the whole site, not to the key's client."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import Count
from drf_spectacular.utils import OpenApiExample, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from moderation.api.body import read_upload
from moderation.api.errors import Problem
from moderation.api.hash_bank_shapes import (
    EntryIn,
    EntryOut,
    EntryPage,
    EntryQuery,
    HashBankIn,
    HashBankOut,
    HashBankPage,
    HashBankPatch,
    HashBankQuery,
)
from moderation.api.platform import PlatformView
from moderation.api.upload import FORM
from moderation.enums import Scope
from moderation.media.banks import add_entry, delete_bank, delete_entries, hashes_of, save_bank
from moderation.models import HashBank, HashBankEntry, MediaFile
from moderation.scoring import SECONDS_FOR_A_SEAT, seat_for_long_work
from reviewengine import conf

TAG = ["hash banks"]
LONGEST_ID = 18


class HashBanks(PlatformView):
    """/api/v1/hash-banks."""

    scopes = {"GET": Scope.LISTS_READ, "POST": Scope.LISTS_WRITE}

    @extend_schema(
        operation_id="listHashBanks",
        tags=TAG,
        summary="Hash banks, by name",
        parameters=[HashBankQuery],  # type: ignore[list-item]
        responses=HashBankPage,
    )
    def get(self, request: Request) -> Response:
        wanted = self.query(HashBankQuery).model_dump(exclude_none=True)
        rows = HashBank.objects.filter(**wanted).annotate(entry_count=Count("entries"))

        def show(found: Sequence[Any]) -> list[HashBankOut]:
            return [HashBankOut.of(row, row.entry_count) for row in found]

        return self.page(rows, show, ordering=("name",))

    @extend_schema(
        operation_id="createHashBank",
        tags=TAG,
        summary="Make a hash bank",
        request=HashBankIn,
        responses={201: HashBankOut},
        examples=[OpenApiExample("Blocked images", {"name": "known-spam", "action": "block"}, request_only=True)],
    )
    def post(self, request: Request) -> Response:
        row = HashBank(**self.body(HashBankIn).model_dump())
        try:
            save_bank(row=row, actor=self.principal.actor)
        except IntegrityError as error:
            raise Problem("conflict", "There is a hash bank of this name already.") from error
        answer = self.tagged(HashBankOut.of(row), status=201)
        answer["Location"] = f"/api/v1/hash-banks/{row.name}"
        return answer


class HashBankDetail(PlatformView):
    """/api/v1/hash-banks/{name}."""

    scopes = {"GET": Scope.LISTS_READ, "PATCH": Scope.LISTS_WRITE, "DELETE": Scope.LISTS_WRITE}

    @extend_schema(operation_id="getHashBank", tags=TAG, summary="One hash bank", responses=HashBankOut)
    def get(self, request: Request, name: str) -> Response:
        return self.tagged(HashBankOut.of(_find(name)))

    @extend_schema(
        operation_id="changeHashBank",
        tags=TAG,
        summary="Change what a bank means, or put it out of force",
        request=HashBankPatch,
        responses=HashBankOut,
        examples=[OpenApiExample("Out of force", {"enabled": False}, request_only=True)],
    )
    @transaction.atomic
    def patch(self, request: Request, name: str) -> Response:
        wish = self.body(HashBankPatch)
        row = _find(name, lock=True)
        self.require_match(HashBankOut.of(row))
        for field, value in wish.model_dump(exclude_unset=True).items():
            setattr(row, field, value)
        save_bank(row=row, actor=self.principal.actor)
        return self.tagged(HashBankOut.of(row))

    @extend_schema(
        operation_id="deleteHashBank", tags=TAG, summary="Delete a bank with its entries", responses={204: None}
    )
    @transaction.atomic
    def delete(self, request: Request, name: str) -> Response:
        row = _find(name, lock=True)
        self.require_match(HashBankOut.of(row))
        delete_bank(row=row, actor=self.principal.actor)
        return Response(status=204)


class Entries(PlatformView):
    """/api/v1/hash-banks/{name}/entries."""

    scopes = {"GET": Scope.LISTS_READ, "POST": Scope.LISTS_WRITE}

    @extend_schema(
        operation_id="listHashBankEntries",
        tags=TAG,
        summary="The entries of a bank, newest first",
        parameters=[EntryQuery],  # type: ignore[list-item]
        responses=EntryPage,
    )
    def get(self, request: Request, name: str) -> Response:
        wanted = self.query(EntryQuery).model_dump(exclude_none=True)
        rows = _find(name).entries.filter(**wanted)
        return self.page(rows, lambda found: [EntryOut.of(row) for row in found], ordering=("-id",))

    @extend_schema(
        operation_id="addHashBankEntry",
        tags=TAG,
        summary="Add an image to a bank",
        description="By its hashes, by the id of one that was uploaded, or as a form with the file itself, of which "
        "only the hashes are kept. 200: the bank knows it already.",
        request={"application/json": EntryIn, "multipart/form-data": FORM},
        responses={201: EntryOut, 200: EntryOut},
        examples=[
            OpenApiExample(
                "By what it looks like",
                {"perceptual_hash": "d1c4b2e78f00a35c", "note": "seen before"},
                request_only=True,
                media_type="application/json",
            )
        ],
    )
    def post(self, request: Request, name: str) -> Response:
        bank = _find(name)
        is_form = request._request.content_type == "multipart/form-data"
        hashes, note = (self._uploaded(), "") if is_form else self._named()
        with transaction.atomic():
            bank = _find(name, lock=True)
            entry, is_new = add_entry(bank=bank, **hashes, note=note, actor=self.principal.actor)
        answer = Response(EntryOut.of(entry), status=201 if is_new else 200)
        answer["Location"] = f"/api/v1/hash-banks/{bank.name}/entries/{entry.pk}"
        return answer

    def _uploaded(self) -> dict[str, str]:
        """The hashes of the file in the form; it is decoded before any row is locked."""
        from moderation.detectors.images.faults import ImageFault

        data = read_upload(self.request._request, max_bytes=conf.load().images.max_bytes)
        try:
            with seat_for_long_work(wait_seconds=SECONDS_FOR_A_SEAT):
                hashes = hashes_of(data)
        except ImageFault as fault:
            errors = [{"pointer": "/file", "code": fault.code, "detail": str(fault)}]
            raise Problem("invalid_image", str(fault), errors=errors) from fault
        return {"sha256": hashes.sha256, "perceptual_hash": hashes.perceptual}

    def _named(self) -> tuple[dict[str, str], str]:
        wish = self.body(EntryIn)
        hashes = wish.hashes() if wish.media_id is None else self._of_media(wish.media_id)
        return hashes, wish.note

    def _of_media(self, media_id: UUID) -> dict[str, str]:
        file = MediaFile.objects.filter(client_id=self.principal.client_id, pk=media_id).first()
        if file is None:
            fault = {"pointer": "/media_id", "code": "unknown_value", "detail": "there is no such image here"}
            raise Problem("validation_failed", errors=[fault])
        return {"sha256": file.sha256, "perceptual_hash": file.perceptual_hash}


class EntryDetail(PlatformView):
    """/api/v1/hash-banks/{name}/entries/{id}."""

    scopes = {"GET": Scope.LISTS_READ, "DELETE": Scope.LISTS_WRITE}

    @extend_schema(operation_id="getHashBankEntry", tags=TAG, summary="One entry", responses=EntryOut)
    def get(self, request: Request, name: str, entry_id: str) -> Response:
        return Response(EntryOut.of(_find_entry(_find(name), entry_id)))

    @extend_schema(
        operation_id="removeHashBankEntry", tags=TAG, summary="Remove an image from a bank", responses={204: None}
    )
    @transaction.atomic
    def delete(self, request: Request, name: str, entry_id: str) -> Response:
        entry = _find_entry(_find(name, lock=True), entry_id)
        delete_entries(entries=[entry], actor=self.principal.actor)
        return Response(status=204)


def _find(name: str, *, lock: bool = False) -> HashBank:
    """The bank of this name, its row locked if asked. Raises Problem."""
    rows = HashBank.objects.select_for_update() if lock else HashBank.objects.all()
    row = rows.filter(name=name).first()
    if row is None:
        raise Problem("not_found")
    return row


def _find_entry(bank: HashBank, entry_id: str) -> HashBankEntry:
    is_id = entry_id.isascii() and entry_id.isdigit() and len(entry_id) <= LONGEST_ID
    entry = bank.entries.select_related("bank").filter(pk=int(entry_id)).first() if is_id else None
    if entry is None:
        raise Problem("not_found")
    return entry
