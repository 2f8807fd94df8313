"""Everything the vault refuses, as a closed list with stable codes."""

from enum import StrEnum


class Fault(StrEnum):
    """Why the vault refused. The values are stable: logs, exit messages and tests rely on them."""

    FILE_MISSING = "file_missing"
    FILE_EXISTS = "file_exists"
    FILE_UNUSABLE = "file_unusable"
    FILE_OPEN_TO_OTHERS = "file_open_to_others"
    FILE_DAMAGED = "file_damaged"
    KEY_DESTROYED = "key_destroyed"
    ELECTION_ID = "election_id"
    PHONE_FORM = "phone_form"
    PUBLIC_KEY = "public_key"
    SEALED_DAMAGED = "sealed_damaged"
    NOTE_DAMAGED = "note_damaged"
    CEREMONY_RULE = "ceremony_rule"
    SHARE_FOREIGN = "share_foreign"
    SHARE_WRONG = "share_wrong"
    SHARE_DOUBLED = "share_doubled"
    SHARES_TOO_FEW = "shares_too_few"
    SHARES_DO_NOT_JOIN = "shares_do_not_join"


class VaultError(Exception):
    """A refusal: `code` for programs, one sentence for people. Neither holds a key, a code or a phone."""

    def __init__(self, code: Fault, message: str) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
