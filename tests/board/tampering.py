"""Ways to tamper with a bundle: as somebody on the way, as another who signs, and as the one who holds the key."""

import copy
import json
import random
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

from board.verify import Report, verify
from election.bulletin import canonical, signed
from election.leaf import Leaf
from election.log import Frontier
from tests.board.little_election import ANOTHER_KEY, KEY, LittleElection, a_whole_election
from vault import signing

Files = dict[str, bytes]
KEPT = "kept.json"
"""Not of the bundle: a bulletin that the observer has kept."""


@dataclass(frozen=True)
class Tampered:
    """A bundle after somebody was at it. `kept`: the bulletin that the observer had kept from before."""

    kind: str
    files: Files
    kept: bytes | None = None


class Workbench:
    """A true bundle, in which one tampering after the other is tried and put right again."""

    def __init__(self, folder: Path) -> None:
        true = a_whole_election(1)
        self._folder = true.write(folder / "bundle")
        self._kept = folder / KEPT
        self.true = read_files(self._folder)
        self.other = [read_files(story.write(folder / f"other-{seed}")) for seed, story in enumerate(_other_stories())]

    def report(self, tampered: Tampered) -> Report:
        """What the verifier says of it, to one who has the true key."""
        changed = {
            name for name in self.true.keys() | tampered.files if self.true.get(name) != tampered.files.get(name)
        }
        self._put(changed, tampered.files)
        if tampered.kept is not None:
            self._kept.write_bytes(tampered.kept)
        seen = [self._kept] if tampered.kept is not None else []
        try:
            return verify(self._folder, KEY.public_key, signing.verify, seen)
        finally:
            self._put(changed, self.true)

    def tampered(self, generator: random.Random) -> Tampered:
        """One tampering of any kind, which has changed something."""
        while True:
            way = generator.choice(WAYS)
            made = way(self, generator)
            if made is not None and made.files != self.true:
                return made

    def _put(self, names: set[str], files: Files) -> None:
        for name in names:
            path = self._folder / name
            if name in files:
                path.write_bytes(files[name])
            else:
                path.unlink()


def read_files(folder: Path) -> Files:
    """Every file of a bundle."""
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def signed_anew(files: Files, key: signing.SigningKey = KEY) -> Files:
    """The bundle with every hash, link and signature made anew, as only the holder of a key can."""
    made = dict(files)
    if "result.json" in made:
        made["result.json"] = _signed(json.loads(made["result.json"]), key)
    keys = {**json.loads(made["keys.json"]), "signing_key": key.public_key.hex()}
    made["keys.json"] = canonical(keys)
    previous = ""
    for number in range(1, 1 + sum(name.startswith("bulletins/") for name in made)):
        told = json.loads(made[f"bulletins/{number}.json"])
        if told["result_digest"] and "result.json" in made:
            told["result_digest"] = sha256(made["result.json"]).hexdigest()
        told |= {"previous": previous, "keys_digest": sha256(made["keys.json"]).hexdigest()}
        made[f"bulletins/{number}.json"] = _signed(told, key)
        previous = sha256(made[f"bulletins/{number}.json"]).hexdigest()
    return listed_anew(made, key)


def listed_anew(files: Files, key: signing.SigningKey = KEY) -> Files:
    """The bundle with a manifest that fits its files."""
    manifest = json.loads(files["manifest.json"])
    listing = {
        name: {"sha256": sha256(data).hexdigest(), "size": len(data)}
        for name, data in files.items()
        if name != "manifest.json"
    }
    told = {**manifest, "files": listing, "public_key": key.public_key.hex()}
    return {**files, "manifest.json": _signed(told, key)}


def _signed(told: Mapping[str, Any], key: signing.SigningKey) -> bytes:
    return signed({name: value for name, value in told.items() if name != "signature"}, key.sign)


def _other_stories() -> list[LittleElection]:
    """Elections told by the same key that are all in order by themselves."""
    return [a_whole_election(seed) for seed in range(2, 5)] + [a_whole_election(1, late=late) for late in (1, 2)]


# Somebody on the way, who has no key.


def a_changed_byte(bench: Workbench, generator: random.Random) -> Tampered:
    name, data = _any_file(bench, generator)
    place = generator.randrange(len(data))
    other = data[:place] + bytes([data[place] ^ generator.randrange(1, 256)]) + data[place + 1 :]
    return Tampered(f"a byte of {name} changed", {**bench.true, name: other})


def a_dropped_byte(bench: Workbench, generator: random.Random) -> Tampered:
    name, data = _any_file(bench, generator)
    place = generator.randrange(len(data))
    return Tampered(f"a byte of {name} dropped", {**bench.true, name: data[:place] + data[place + 1 :]})


def an_inserted_byte(bench: Workbench, generator: random.Random) -> Tampered:
    name, data = _any_file(bench, generator)
    place = generator.randrange(len(data) + 1)
    return Tampered(
        f"a byte of {name} inserted", {**bench.true, name: data[:place] + generator.randbytes(1) + data[place:]}
    )


def a_dropped_file(bench: Workbench, generator: random.Random) -> Tampered:
    name, _ = _any_file(bench, generator)
    return Tampered(f"{name} dropped", {other: data for other, data in bench.true.items() if other != name})


def an_inserted_file(bench: Workbench, generator: random.Random) -> Tampered:
    name = generator.choice(["log/99.txt", "bulletins/99.json", "roll.txt.old", "log/notes", "bulletins/07.json"])
    return Tampered("a file inserted", {**bench.true, name: generator.choice([*bench.true.values()])})


def two_files_exchanged(bench: Workbench, generator: random.Random) -> Tampered:
    one, two = generator.sample([*bench.true], 2)
    return Tampered("two files exchanged", {**bench.true, one: bench.true[two], two: bench.true[one]})


def another_form(bench: Workbench, generator: random.Random) -> Tampered | None:
    name = generator.choice([name for name in bench.true if name.endswith(".json")])
    told, form = json.loads(bench.true[name]), generator.choice([*FORMS])
    return Tampered(f"{form}", {**bench.true, name: FORMS[form](bench.true[name], told)})


def another_form_and_list(bench: Workbench, generator: random.Random) -> Tampered | None:
    made = another_form(bench, generator)
    return made and Tampered(f"{made.kind}, in the list too", _listed_without_key(made.files))


def a_changed_byte_and_list(bench: Workbench, generator: random.Random) -> Tampered:
    made = a_changed_byte(bench, generator)
    return Tampered("a byte changed, in the list too", _listed_without_key(made.files))


# Another who signs.


def signed_by_another(bench: Workbench, generator: random.Random) -> Tampered:
    files = generator.choice([bench.true, *bench.other])
    return Tampered("signed by another key", signed_anew(files, ANOTHER_KEY))


def listed_by_another(bench: Workbench, generator: random.Random) -> Tampered:
    made = a_changed_byte(bench, generator)
    return Tampered("listed by another key", _listed_or_as_it_is(made.files, ANOTHER_KEY))


# The holder of the key.


def another_story(bench: Workbench, generator: random.Random) -> Tampered | None:
    """All in order by itself, but not what an observer was shown before."""
    files = generator.choice(bench.other)
    kept = bench.true[generator.choice([name for name in bench.true if name.startswith("bulletins/")])]
    return None if kept in files.values() else Tampered("another story for another observer", files, kept)


def a_forgotten_bulletin(bench: Workbench, generator: random.Random) -> Tampered:
    """The newest bulletins and their leaves dropped, the rest listed anew; an observer has kept the newest."""
    numbers = sum(name.startswith("bulletins/") for name in bench.true)
    left = generator.randrange(1, numbers)
    files = {name: data for name, data in bench.true.items() if _number(name) <= left and name != "result.json"}
    kept = bench.true[f"bulletins/{generator.randrange(left + 1, numbers + 1)}.json"]
    return Tampered("the newest bulletins forgotten", listed_anew(files), kept)


def a_changed_figure(bench: Workbench, generator: random.Random) -> Tampered:
    """One count of one bulletin, or of the result, with every signature made anew. Where several may be chosen a vote
    more or less still adds up: there an observer has kept the bulletin with the hash of the result."""
    name = generator.choice([name for name in bench.true if name.startswith("bulletins/") or name == "result.json"])
    told = json.loads(bench.true[name])
    holder, figure = generator.choice([*_figures(told)])
    holder[figure] += generator.choice([-1, 1, 10, -10, 2**53, 10**30])
    kept = bench.true[_newest(bench.true)] if figure == "votes" else None
    return Tampered(f"“{figure}” changed and signed", signed_anew({**bench.true, name: canonical(told)}), kept)


def a_changed_log(bench: Workbench, generator: random.Random) -> Tampered | None:
    """A leaf dropped, doubled, made up, moved or of another kind; signed anew, with the heads as they were."""
    files = _with_other_leaves(bench, generator)
    return files and Tampered("the log changed and signed", signed_anew(files))


def a_changed_log_with_heads(bench: Workbench, generator: random.Random) -> Tampered | None:
    """The same, and every head computed anew."""
    files = _with_other_leaves(bench, generator)
    return files and Tampered("the log and its heads changed and signed", signed_anew(_with_heads_anew(files)))


def leaves_in_another_order(bench: Workbench, generator: random.Random) -> Tampered:
    """The leaves of a bulletin shuffled again, and every head computed anew; the observer has kept the newest."""
    name = generator.choice([name for name, data in bench.true.items() if name.startswith("log/") and len(data) > 200])
    lines = bench.true[name].decode().splitlines(keepends=True)
    shuffled = "".join(generator.sample(lines, len(lines))).encode()
    files = _with_heads_anew({**bench.true, name: shuffled})
    return Tampered("leaves in another order", signed_anew(files), bench.true[_newest(bench.true)])


def bulletins_in_another_order(bench: Workbench, generator: random.Random) -> Tampered | None:
    """A bulletin and its leaves taken out, doubled, or exchanged with another, links and signatures made anew. One
    without leaves leaves no gap; so the observer has kept the newest."""
    numbers = [*range(1, 1 + sum(name.startswith("bulletins/") for name in bench.true))]
    order = generator.choice(
        [
            [number for number in numbers if number != numbers[generator.randrange(len(numbers) - 1)]],
            sorted([*numbers, generator.choice(numbers)]),
            generator.sample(numbers, len(numbers)),
        ]
    )
    files = {name: data for name, data in bench.true.items() if "/" not in name}
    for place, number in enumerate(order, 1):
        told = json.loads(bench.true[f"bulletins/{number}.json"])
        files[f"bulletins/{place}.json"] = canonical({**told, "number": place})
        files[f"log/{place}.txt"] = bench.true[f"log/{number}.txt"]
    if order == numbers:
        return None
    return Tampered("bulletins in another order", signed_anew(files), bench.true[_newest(bench.true)])


def another_roll(bench: Workbench, generator: random.Random) -> Tampered:
    rows = bench.true["roll.txt"].decode().splitlines()
    match generator.randrange(3):
        case 0:
            del rows[generator.randrange(len(rows))]
        case 1:
            rows.append(generator.randbytes(32).hex())
        case 2:
            rows[generator.randrange(len(rows))] = generator.randbytes(32).hex()
    data = "".join(f"{row}\n" for row in sorted(rows)).encode()
    return Tampered("another roll", listed_anew({**bench.true, "roll.txt": data}))


def other_rules(bench: Workbench, generator: random.Random) -> Tampered:
    told = json.loads(bench.true["rules.json"])
    contest = generator.choice(told["contests"])
    generator.choice(
        [contest["candidates"].pop, lambda: contest.update(choose=3), lambda: contest.update(blank=False)]
    )()
    return Tampered("other rules", listed_anew({**bench.true, "rules.json": canonical(told)}))


WAYS: tuple[Callable[[Workbench, random.Random], Tampered | None], ...] = (
    *(a_changed_byte,) * 8,
    a_dropped_byte,
    an_inserted_byte,
    a_dropped_file,
    an_inserted_file,
    two_files_exchanged,
    another_form,
    another_form_and_list,
    a_changed_byte_and_list,
    signed_by_another,
    listed_by_another,
    another_story,
    a_forgotten_bulletin,
    *(a_changed_figure,) * 3,
    *(a_changed_log,) * 2,
    *(a_changed_log_with_heads,) * 3,
    leaves_in_another_order,
    bulletins_in_another_order,
    another_roll,
    other_rules,
)


def _dumped(told: Any, **how: Any) -> bytes:
    return (
        json.dumps(told, **{"ensure_ascii": False, "sort_keys": True, "separators": (",", ":"), **how}).encode() + b"\n"
    )


FORMS: Mapping[str, Callable[[bytes, Any], bytes]] = {
    "indented": lambda data, told: _dumped(told, indent=1),
    "with spaces": lambda data, told: _dumped(told, separators=(", ", ": ")),
    "keys in another order": lambda data, told: _dumped(dict(reversed(told.items())), sort_keys=False),
    "escaped letters": lambda data, told: data.replace(b"election", b"\\u0065lection", 1),
    "capital hexadecimal": lambda data, told: data.replace(_hash_in(data), _hash_in(data).upper(), 1),
    "a doubled key": lambda data, told: b'{"kind":"x",' + data[1:],
    "a space at the end": lambda data, told: data[:-1] + b" \n",
    "two line feeds": lambda data, told: data + b"\n",
    "no line feed": lambda data, told: data[:-1],
    "carriage return": lambda data, told: data[:-1] + b"\r\n",
    "a byte order mark": lambda data, told: b"\xef\xbb\xbf" + data,
    "UTF-16": lambda data, told: data.decode().encode("utf-16"),
    "a number with a point": lambda data, told: _with_a_point(data),
    "another field": lambda data, told: canonical({**told, "note": 1}),
}


def _hash_in(data: bytes) -> bytes:
    places = (data[start : start + 64] for start in range(len(data)) if data[start - 1 : start] == b'"')
    return next(place for place in places if len(place) == 64 and place.isalnum() and any(sign >= 97 for sign in place))


def _with_a_point(data: bytes) -> bytes:
    for start in range(1, len(data)):
        if data[start - 1 : start] == b":" and data[start : start + 1].isdigit():
            end = start
            while data[end : end + 1].isdigit():
                end += 1
            return data[:end] + b".0" + data[end:]
    return data + b"0.0"


def _any_file(bench: Workbench, generator: random.Random) -> tuple[str, bytes]:
    name = generator.choice([name for name, data in bench.true.items() if data])
    return name, bench.true[name]


def _listed_without_key(files: Files) -> Files:
    """The list fits the files; the signature under it is the old one."""
    return _listed_or_as_it_is(files, None)


def _listed_or_as_it_is(files: Files, key: signing.SigningKey | None) -> Files:
    try:
        manifest = json.loads(files["manifest.json"])
        made = listed_anew(files, key or KEY)
    except (ValueError, TypeError, KeyError, AttributeError):
        return files  # the list itself was spoilt
    if key is not None:
        return made
    told = json.loads(made["manifest.json"])
    return {**made, "manifest.json": canonical({**told, "signature": manifest.get("signature", "")})}


def _figures(told: Any) -> list[tuple[Any, Any]]:
    found: list[tuple[Any, Any]] = []
    for key, value in told.items() if isinstance(told, dict) else enumerate(told):
        if type(value) is int:
            found.append((told, key))
        elif isinstance(value, dict | list):
            found += _figures(value)
    return found


def _with_other_leaves(bench: Workbench, generator: random.Random) -> Files | None:
    names = [name for name in bench.true if name.startswith("log/") and bench.true[name]]
    logs = {name: bench.true[name].decode().splitlines() for name in names}
    name, other = generator.choice(names), generator.choice(names)
    before = copy.deepcopy(logs)
    place = generator.randrange(len(logs[name]))
    match generator.randrange(6):
        case 0:
            del logs[name][place]
        case 1:
            logs[other].append(logs[name][place])
        case 2:
            kind = generator.choice(["cast", "ballot", "redo", "void", "paper", "action"])
            logs[name].insert(place, f"{kind} {generator.randbytes(32).hex()}")
        case 3 if other != name:
            logs[other].append(logs[name].pop(place))
        case 4:
            kind, digest = logs[name][place].split(" ")
            kinds = [each for each in ("cast", "ballot", "redo", "void", "paper", "action") if each != kind]
            logs[name][place] = f"{generator.choice(kinds)} {digest}"
        case 5:
            kind = logs[name][place].split(" ")[0]
            if kind not in ("redo", "void"):
                return None
            logs[name][place] = f"{kind} {generator.randbytes(32).hex()}"
    if logs == before:
        return None
    return {**bench.true, **{name: "".join(f"{line}\n" for line in lines).encode() for name, lines in logs.items()}}


def _with_heads_anew(files: Files) -> Files:
    made, frontier = dict(files), Frontier()
    for number in range(1, 1 + sum(name.startswith("log/") for name in files)):
        for line in files[f"log/{number}.txt"].decode().splitlines():
            frontier.append(Leaf.read(line).hash)
        told = json.loads(files[f"bulletins/{number}.json"])
        told["log"] |= {"size": frontier.size, "root": frontier.root().hex()}
        made[f"bulletins/{number}.json"] = canonical(told)
    return made


def _newest(files: Files) -> str:
    return max((name for name in files if name.startswith("bulletins/")), key=_number)


def _number(name: str) -> int:
    stem = name.rpartition("/")[2].split(".")[0]
    return int(stem) if stem.isdigit() else 0
