import secrets

import pytest
from nacl.bindings import crypto_secretbox_open_easy

from vault.closed_notes import ClosedNotes
from vault.errors import Fault, VaultError


@pytest.mark.parametrize("text", [b"", b"a draft", secrets.token_bytes(5_000)])
def test_a_closed_note_opens_as_it_was_and_is_forty_bytes_longer(text: bytes) -> None:
    notes = ClosedNotes(secrets.token_bytes(32))
    note = notes.close(text)
    assert notes.open(note) == text
    assert len(note) == len(text) + 40
    assert not text or text not in note


def test_the_same_text_closed_twice_differs() -> None:
    notes = ClosedNotes(bytes(32))
    assert len({notes.close(b"a draft") for _ in range(1_000)}) == 1_000


def test_the_note_is_a_nonce_and_what_libsodiums_secretbox_reads() -> None:
    key = secrets.token_bytes(32)
    note = ClosedNotes(key).close(b"a draft")
    assert type(note) is bytes
    assert crypto_secretbox_open_easy(note[24:], note[:24], key) == b"a draft"


def test_a_changed_bit_or_a_missing_byte_anywhere_is_found() -> None:
    notes = ClosedNotes(secrets.token_bytes(32))
    note = notes.close(b"a draft")
    changed = [note[:place] + bytes([note[place] ^ 1]) + note[place + 1 :] for place in range(len(note))]
    shortened = [note[:length] for length in range(len(note))]
    for spoilt in changed + shortened:
        with pytest.raises(VaultError) as refusal:
            notes.open(spoilt)
        assert refusal.value.code is Fault.NOTE_DAMAGED


def test_another_key_does_not_open_it_and_the_key_does_not_show() -> None:
    note = ClosedNotes(b"N" * 32).close(b"a draft")
    with pytest.raises(VaultError):
        ClosedNotes(b"M" * 32).open(note)
    assert "NNNN" not in repr(ClosedNotes(b"N" * 32))
