"""Small JSON files that hold keys: made once, whole or not at all, for their owner's eyes only.

Each begins with what it is (`"dauys"`) and its version; the other fields belong to the module of that kind.
"""

import base64
import json
import os
import shlex
import tempfile
from collections.abc import Mapping
from pathlib import Path

from vault.errors import Fault, VaultError

VERSION = 1
KEY_BYTES = 32
LARGEST_FILE = 65_536


def create_key_file(path: Path, kind: str, fields: Mapping[str, object]) -> None:
    """Write a new file with mode 0600, durable when this returns; missing folders are made with mode 0700.

    Of processes that create one path at once exactly one succeeds, and no reader ever sees half a file.
    Raises FILE_EXISTS and leaves the standing file alone, or FILE_UNUSABLE where the disk refuses.
    """
    try:
        _make_folders(path.parent)
        handle, unfinished = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")  # mode 0600
        try:
            with open(handle, "wb") as file:
                file.write(rendered(kind, fields))
                file.flush()
                os.fsync(file.fileno())
            os.link(unfinished, path)  # refuses a taken name, as O_EXCL does, and the file is whole
        except FileExistsError:
            raise already_there(path) from None
        finally:
            os.unlink(unfinished)
        sync_folder(path.parent)
    except OSError as error:
        raise unusable(path, error) from None


def rendered(kind: str, fields: Mapping[str, object]) -> bytes:
    """The text of a file of this kind."""
    return json.dumps({"dauys": kind, "version": VERSION, **fields}, indent=1).encode() + b"\n"


def read_key_file(path: Path, kind: str, *, private: bool) -> dict[str, object]:
    """The file's own fields. A `private` file that others may read is refused, with the mend.

    Raises FILE_MISSING, FILE_UNUSABLE, FILE_OPEN_TO_OTHERS or FILE_DAMAGED, each one sentence.
    """
    try:
        with open(path, "rb") as file:
            if private and os.fstat(file.fileno()).st_mode & 0o077:
                mend = f"chmod 600 {shlex.quote(str(path))}"
                raise VaultError(Fault.FILE_OPEN_TO_OTHERS, f"{path} is open to other users: run {mend}.")
            text = file.read(LARGEST_FILE + 1)
    except FileNotFoundError:
        raise VaultError(Fault.FILE_MISSING, f"{path}: there is no such file.") from None
    except OSError as error:
        raise unusable(path, error) from None
    return _parsed(path, kind, text)


def key_field(path: Path, kind: str, fields: Mapping[str, object], name: str) -> bytes:
    """A 32-byte key that the file holds in base64; raises FILE_DAMAGED."""
    try:
        key = base64.b64decode(str(fields.get(name)), validate=True)
    except ValueError:
        key = b""
    if len(key) != KEY_BYTES:
        raise damaged(path, kind, f"{name} is not a key")
    return key


def key_text(key: bytes) -> str:
    """How a key stands in a file."""
    return base64.b64encode(key).decode("ascii")


def damaged(path: Path, kind: str, why: str) -> VaultError:
    """The refusal of a file whose content cannot be relied on."""
    return VaultError(
        Fault.FILE_DAMAGED,
        f"{path} is damaged or is not a file of the kind '{kind}' ({why}): restore it from a copy.",
    )


def already_there(path: Path) -> VaultError:
    """The refusal to write over a file."""
    return VaultError(Fault.FILE_EXISTS, f"{path} is there already and is never overwritten.")


def unusable(path: Path, error: OSError) -> VaultError:
    """The refusal where the system does not let us read or write."""
    return VaultError(Fault.FILE_UNUSABLE, f"{path} cannot be used: {error.strerror}.")


def sync_folder(folder: Path) -> None:
    """Make the names in a folder durable."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _make_folders(folder: Path) -> None:
    if folder.is_dir():
        return
    _make_folders(folder.parent)
    folder.mkdir(mode=0o700, exist_ok=True)  # mkdir(parents=True) would give the mode to the last only
    sync_folder(folder.parent)


def _parsed(path: Path, kind: str, text: bytes) -> dict[str, object]:
    if len(text) > LARGEST_FILE:
        raise damaged(path, kind, "too large")
    try:
        content = json.loads(text.decode("utf-8-sig"))  # an editor may have put a byte order mark in front
    except (ValueError, RecursionError):
        raise damaged(path, kind, "not JSON") from None
    if not isinstance(content, dict) or content.pop("dauys", None) != kind:
        raise damaged(path, kind, "it says it is something else")
    if content.pop("version", None) != VERSION:
        raise damaged(path, kind, f"not version {VERSION}")
    return content
