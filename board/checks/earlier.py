"""Bulletins that somebody kept, against those of the bundle: whether everybody is shown the same."""

from collections.abc import Callable, Iterator, Sequence
from hashlib import sha256
from pathlib import Path

from board.checks.bulletin import Bulletin
from board.checks.bulletin import read as read_bulletin
from board.checks.reading import Broken, read_json, read_small, unsigned


def kept_files(seen: Sequence[Path]) -> Iterator[Path]:
    """The files that are meant: each file itself, of a folder (an older bundle, say) its bulletins."""
    for path in seen:
        if not path.is_dir():
            yield path
            continue
        within = path / "bulletins" if (path / "bulletins").is_dir() else path
        yield from sorted(within.glob("*.json"), key=lambda file: (len(file.name), file.name))


def wrong_views(
    kept: Sequence[Path], bulletins: Sequence[Bulletin], is_signed: Callable[[bytes, bytes], bool]
) -> Iterator[str]:
    """Every kept bulletin that is not byte for byte in the bundle, a sentence each."""
    for path in kept:
        name = str(path).encode("utf-8", "backslashreplace").decode()
        try:
            data = read_small(path)
            bulletin = read_bulletin(read_json(data), sha256(data).hexdigest())
        except Broken as broken:
            yield f"{name!a} {broken}"
            continue
        if not is_signed(unsigned(bulletin.fields.told), bulletin.signature):
            yield f"{name!a} is not signed by this key: ask who made it"
        elif bulletin.number > len(bulletins):
            yield f"{name!a} is bulletin {bulletin.number}, and the bundle ends with {len(bulletins)}"
        elif bulletins[bulletin.number - 1].digest != bulletin.digest:
            yield (
                f"{name!a} is another bulletin {bulletin.number} than that of the bundle, and the same key signed"
                " both: keep it, it proves that two stories are told"
            )
