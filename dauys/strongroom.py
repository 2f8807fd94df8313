"""The vault as the rules and the conversation need it: one object for each need, made of the operator's keys."""

import os
import secrets
from pathlib import Path

from vault.closed_notes import ClosedNotes
from vault.codes import CodeKeys, new_code
from vault.envelopes import EnvelopeKey, destroy_envelope_key, key_path
from vault.errors import Fault, VaultError
from vault.macs import mac
from vault.phones import PhoneKeys
from vault.sealing import Sealer
from vault.secret_keys import SecretKeys
from vault.signing import SigningKey


class Strongroom:
    """What `election.sign_in`, `election.station` and the desk ask of the vault.

    K_env is made at the opening, and let go of at the first use after its file is gone.
    """

    def __init__(self, key_file: Path) -> None:
        keys = SecretKeys.load_or_create(key_file)
        self._folder = key_file.parent
        self._phones = PhoneKeys(keys.phone_lookup, keys.phone_encryption)
        self._codes = CodeKeys(keys.code)
        self._letters = ClosedNotes(keys.outbox)
        self._sessions = ClosedNotes(keys.session)
        self._addresses = keys.fleeting_address
        self._salts = mac(keys.phone_lookup, b"roll salts")
        self._complaints = ClosedNotes(mac(keys.phone_lookup, b"complaints"))
        self.seal_key = mac(keys.phone_lookup, b"row seals")  # under it every row of the store is sealed
        self._signing: SigningKey | None = None
        self._sealers: dict[bytes, Sealer] = {}
        self._envelope_keys: dict[str, tuple[EnvelopeKey, str]] = {}  # with the path of its file

    @property
    def signing(self) -> SigningKey:
        """The key that signs bulletins and results; made when it is first needed."""
        if self._signing is None:
            path = self._folder / "signing.key"
            try:
                self._signing = SigningKey.load(path)
            except VaultError as fault:
                if fault.code is not Fault.FILE_MISSING:
                    raise
                self._signing = _made(path)
        return self._signing

    def roll_salt(self, member_id: str) -> bytes:
        """The member's salt in the published hash of her row."""
        return mac(self._salts, member_id.encode())[:16]

    def phone_key(self, e164: str) -> bytes:
        """The key under which a phone is looked up."""
        return self._phones.phone_key(e164)

    def phone_key_of(self, sealed_phone: bytes) -> bytes:
        """The key under which a phone is looked up, of a phone as it is kept."""
        return self._phones.phone_key(self._phones.decrypt_phone(sealed_phone))

    def open_phone(self, sealed_phone: bytes) -> str:
        """A phone as it is kept, to look at its number; never to be shown whole."""
        return self._phones.decrypt_phone(sealed_phone)

    def seal_phone(self, e164: str) -> bytes:
        """A phone as it is kept, for sending."""
        return self._phones.encrypt_phone(e164)

    def new_code(self, digits: int) -> str:
        """A fresh code."""
        return new_code(digits)

    def code_mac(self, code: str, election: str, member: str, chat: str, purpose: str) -> bytes:
        """What is kept of a code."""
        return self._codes.code_mac(code, election, member, chat, purpose)

    def seal_letter(self, body: str) -> bytes:
        """A letter's body as it waits in the outbox."""
        return self._letters.close(body.encode())

    def open_letter(self, sealed_phone: bytes, sealed_body: bytes) -> tuple[str, str]:
        """Phone and body of a letter that is to be sent now."""
        return self._phones.decrypt_phone(sealed_phone), self._letters.open(sealed_body).decode()

    def seal_complaint(self, text: str) -> bytes:
        """What was written on a complaint, as it is kept."""
        return self._complaints.close(text.encode("utf-8", "replace"))  # half a sign comes from no keyboard

    def open_complaint(self, sealed: bytes) -> str:
        """The same as it was written; empty where nothing is kept."""
        return self._complaints.open(sealed).decode() if sealed else ""

    def close(self, plain: bytes) -> bytes:
        """A session as it is kept."""
        return self._sessions.close(plain)

    def open(self, note: bytes) -> bytes:
        """A session as it was."""
        return self._sessions.open(note)

    def name(self, channel: str, sender: str) -> str:
        """The keyed name of a sender in the fleeting store."""
        return mac(self._addresses, channel.encode(), sender.encode()).hex()[:32]

    def seal(self, public_key: bytes, ballot: bytes) -> bytes:
        """A ballot, sealed to the election's key."""
        sealer = self._sealers.get(public_key)
        if sealer is None:
            sealer = self._sealers[public_key] = Sealer(public_key)
        return sealer.seal(ballot)

    def pseudonym(self, election: str, member_id: str) -> bytes:
        """The member's pseudonym. Raises VaultError once K_env is destroyed."""
        return self._envelopes(election).pseudonym(member_id)

    def receipt_bytes(self, election: str, member_id: str, number: int) -> bytes:
        """What the member's receipt is made of; empty once K_env is destroyed."""
        try:
            return self._envelopes(election).receipt_bytes(member_id, number)
        except VaultError as fault:
            if fault.code is Fault.KEY_DESTROYED:
                return b""
            raise

    def notice_digits(self, election: str, member_id: str, number: int) -> str:
        """Four digits, in the notice of a member's n-th vote alone. Raises VaultError once K_env is destroyed."""
        return self._envelopes(election).notice_digits(member_id, number)

    def token(self, size: int) -> bytes:
        """Random bytes."""
        return secrets.token_bytes(size)

    def make_envelope_key(self, election: str) -> None:
        """Make K_env if it was never made. A key that was made and is lost is never made anew: see `_envelopes`."""
        if key_path(self._folder, election).exists():
            return
        try:
            EnvelopeKey.create(self._folder, election)
        except VaultError as fault:
            if fault.code is not Fault.FILE_EXISTS:  # another process made it in between
                raise

    def destroy_envelope_key(self, election: str) -> None:
        """Destroy K_env, on disk and here. Harmless when repeated."""
        self._envelope_keys.pop(election, None)
        destroy_envelope_key(self._folder, election)

    def _envelopes(self, election: str) -> EnvelopeKey:
        """K_env, let go of as soon as its file is gone. Missing in mid-election it stops the voting: with another key
        receipts said again would differ and a member's second envelope would not be recognised."""
        held = self._envelope_keys.get(election)
        if held is not None and os.path.exists(held[1]):  # thrice a vote: a Path would cost four times as much
            return held[0]
        self._envelope_keys.pop(election, None)
        key = EnvelopeKey.load(self._folder, election)
        self._envelope_keys[election] = key, str(key_path(self._folder, election))
        return key


def _made(path: Path) -> SigningKey:
    try:
        return SigningKey.create(path)
    except VaultError as fault:
        if fault.code is not Fault.FILE_EXISTS:  # another process made it in between
            raise
        return SigningKey.load(path)
