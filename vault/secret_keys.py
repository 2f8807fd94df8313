"""The operator's key file: every key that works while the election runs, kept outside the database."""

import os
import secrets
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Self

from vault.errors import Fault, VaultError
from vault.key_files import KEY_BYTES, create_key_file, damaged, key_field, key_text, read_key_file

KIND = "secret keys"


@dataclass(frozen=True, slots=True, repr=False)
class SecretKeys:
    """Independent 32-byte keys, one for each purpose. Its repr shows none of them."""

    phone_lookup: bytes
    phone_encryption: bytes
    code: bytes
    session: bytes
    fleeting_address: bytes
    outbox: bytes

    @classmethod
    def load_or_create(cls, path: Path) -> Self:
        """The keys at `path`, made there (mode 0600) when the file is missing.

        Processes that start at once all end with the same keys. Raises VaultError, one sentence, for a file
        that is damaged, open to other users or cannot be read or written; a standing file is never replaced.
        """
        if not os.path.exists(path):
            fresh = {name: key_text(secrets.token_bytes(KEY_BYTES)) for name in cls._names()}
            try:
                create_key_file(path, KIND, fresh)
            except VaultError as error:
                if error.code is not Fault.FILE_EXISTS:  # another process was first: its keys are ours
                    raise
        return cls._load(path)

    @classmethod
    def _load(cls, path: Path) -> Self:
        held = read_key_file(path, KIND, private=True)
        if held.keys() != set(cls._names()):
            raise damaged(path, KIND, "a key is missing or unknown")
        return cls(**{name: key_field(path, KIND, held, name) for name in cls._names()})

    @classmethod
    def _names(cls) -> list[str]:
        return [field.name for field in fields(cls)]
