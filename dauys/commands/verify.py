"""`dauys verify`: needs a bundle and a key, and nothing else of this program."""

from collections.abc import Sequence
from pathlib import Path

from board.verify import verify
from dauys.terminal import answer, say
from election.errors import OperatorRefusal
from vault.signing import verify as signature_ok

_KEY_BYTES = 32


def examine(folder: Path, key: str, seen: Sequence[Path], as_json: bool) -> None:
    """Check the bundle, and say in words what that proves. Raises OperatorRefusal when a check fails."""
    report = verify(folder, _read(key), signature_ok, seen)
    if as_json:
        answer(report.as_json())
    else:
        for check in report.checks:
            say(f"{'ok  ' if check.ok else 'FAIL'} {check.name}: {check.detail}")
        for heading, words in (("Proved:", report.proved), ("Not to be seen from a bundle:", report.cannot)):
            for each in (heading, *(f"- {word}" for word in words)) if words else ():
                say(each)
    if not report.ok:
        failed = ", ".join(check.name for check in report.checks if not check.ok)
        raise OperatorRefusal("not_verified", f"This bundle is not in order: {failed}.")


def _read(key: str) -> bytes | None:
    try:
        read = bytes.fromhex(key)
    except ValueError:
        read = b""
    if key and len(read) != _KEY_BYTES:
        raise OperatorRefusal("bad_key", "The key is 64 hexadecimal digits; take it from the observers' sheet.")
    return read or None
