"""What the rules need of the world. The rules own these Protocols; each method's docstring is a contract that every
store proves against one suite in `tests/storage/`.

All times are aware UTC datetimes handed in by the caller; a store never asks a clock. It is one file, because the
contract is read as a whole.
"""

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal, Protocol, TypeAlias

from election.definition import Channel
from election.rulings import Ruling

Stage = Literal["draft", "open", "paused", "closed", "counted"]
Reach = Literal["mobile", "none", "invalid", "landline", "shared", "gone"]
Right = Literal["open", "voted", "paper", "void"]
RedoReason = Literal["again", "not-me"]
Extra: TypeAlias = Mapping[str, bytes]
"""What a guarded act needs for its effect and no record may hold, such as a pseudonym or a sealed letter."""


@dataclass(frozen=True, slots=True)
class ElectionRecord:
    """The one election of this store as it stands. `definition` is the text of its file, `None` fields are not yet.
    `extended_to`: the hour of closing once it was moved; `rulings` on candidates, in order."""

    definition: str
    digest: str
    stage: Stage
    public_key: bytes | None
    roll_version: int
    roll_frozen_at: datetime | None
    roll_digest: str
    opened_at: datetime | None
    closed_at: datetime | None
    extended_to: datetime | None = None
    rulings: tuple[Ruling, ...] = ()


@dataclass(frozen=True, slots=True)
class Member:
    """A member of the roll as the rules need her; no name and no phone. `reach` says whether a code can reach her.

    `casts`: her ballots accepted so far, of which the last one stands. `redo_from`: when the wait for a redo is over;
    None when there is none. `disowned`: the number of her last cast of which she said that it was not she, or 0.
    `granted`: redos beyond what the rules allow to everybody. `ruling`: the number of the newest ruling on her ballot
    when she last cast.
    """

    id: str
    region: str
    branch: str
    language: str
    reach: Reach
    right: Right
    enrolled: bool
    codes_sent: int
    wrong_codes: int
    sealed_phone: bytes
    casts: int = 0
    redo_from: datetime | None = None
    disowned: int = 0
    granted: int = 0
    ruling: int = 0


@dataclass(frozen=True, slots=True)
class Letter:
    """An SMS to be put into the outbox. Phone and body are sealed; `expires_at` None means it is never too old."""

    kind: Literal["code", "notice", "broadcast"]
    sealed_phone: bytes
    sealed_body: bytes
    due_at: datetime
    expires_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class CodeRequest:
    """A wish for a code: this account of this channel has shown this phone."""

    channel: Channel
    account: str
    phone_key: bytes
    now: datetime


@dataclass(frozen=True, slots=True)
class Cast:
    """A vote on its way into the box. Without K_env `pseudonym` joins it to nobody.

    `number`: 1 for a first vote, n for the one that takes the place of vote n - 1. `redo_from`: when the wait for the
    next redo will be over. `leaf_keys`: random, for the leaves `cast`, `ballot` and `redo`. `ruling`: the number
    of the newest ruling on this ballot.
    """

    member_id: str
    channel: Channel
    pseudonym: bytes
    sealed_ballot: bytes
    receipt_digest: bytes
    leaf_keys: tuple[bytes, bytes, bytes]
    notice: Letter
    now: datetime
    number: int = 1
    redo_from: datetime | None = None
    reason: RedoReason = "again"
    ruling: int = 0


@dataclass(frozen=True, slots=True)
class Withdrawal:
    """A ballot to be taken out: by the member after the close, or since she votes on paper. `number` is that of the
    cast it takes out, `leaf_key` is random; `nothing` random too, the hash of no ballot. `station`: where a paper
    ballot is handed out; empty where that is beside any station. `notice` to her goes out with it."""

    member_id: str
    pseudonym: bytes
    number: int
    leaf_key: bytes
    nothing: bytes
    now: datetime
    station: str = ""
    notice: Letter | None = None


@dataclass(frozen=True, slots=True)
class RegionTurnout:
    """Counts of one region. `electorate` is everybody on the roll there, `paper_roll` those of them whom no code can
    reach, so that they can vote on paper only; `void` are ballots withdrawn after the close."""

    region: str
    electorate: int
    enrolled: int
    telegram: int
    sms: int
    paper: int
    paper_roll: int = 0
    void: int = 0


@dataclass(frozen=True, slots=True)
class Act:
    """One act of the commission or the clock, proposed or done. `payload` is JSON."""

    number: int
    at: datetime
    kind: str
    payload: str
    reason: str
    proposer: str
    approver: str
    state: Literal["pending", "done", "expired", "failed"]
    expires_at: datetime | None = None


SignalKind = Literal["other-chat", "phones", "contact", "not-me"]


@dataclass(frozen=True, slots=True)
class Signal:
    """Something the radar is told of by the way: a code typed in another chat than it was for (`member_id`: whose chat
    it was), an account that showed too many phones (whose phone), a contact that was not the sender's own (whose it
    was), a vote that was disowned (whose). `member_id` is empty where nobody of the roll is meant."""

    kind: SignalKind
    at: datetime
    region: str = ""
    branch: str = ""
    member_id: str = ""


@dataclass(frozen=True, slots=True)
class BoxCount:
    """What the box holds against the roll: `voted` rights used by phone, `standing` envelopes, `urn` after the cut."""

    voted: int
    standing: int
    urn: int


class Ledger(Protocol):
    """The durable store. Every method that changes anything returns only after its transaction is durable.

    Any method may raise StoreUnavailable: then nothing was done, or the connection was lost in the commit and nobody
    can say. Whoever repeats such an act does no harm: it changes nothing more, or is refused since it was done (`cast`,
    `withdraw` and `hand_out_paper` with AlreadyVoted, `disown` with False). Two count once more instead: `record_code`,
    which queues its letter again, and `record_wrong_code`; that costs the member one of her tries and helps no guesser.
    """

    async def election(self) -> ElectionRecord | None:
        """The election as it stands, or None when none was loaded."""

    async def member_by_phone(self, phone_key: bytes) -> Member | None:
        """The one member that can be reached by this phone (`reach` mobile), or None. Shared phones find nobody."""

    async def confirmed_by_phone(self, phone_key: bytes) -> Sequence[Member]:
        """The members who share this phone and were confirmed on it in person, in the order of their ids; their `reach`
        is mobile everywhere, since a code can reach them."""

    async def member_by_account(self, channel: Channel, account: str) -> Member | None:
        """The member bound to this account, or None."""

    async def member(self, member_id: str) -> Member | None:
        """The member with this id, or None."""

    async def note_phone_tried(self, request: CodeRequest) -> int:
        """Note that the account has shown this phone; how many different phones it has shown so far. Idempotent.

        From the phone that freezes the account on, a signal `phones` is noted of each member whose phone it showed."""

    async def post(self, letter: Letter) -> None:
        """Queue a letter that has nothing to do with a member's codes."""

    async def record_code(self, member_id: str, letter: Letter | None) -> None:
        """Count one code sent to the member and put its letter, if any, into the outbox, in one transaction."""

    async def record_wrong_code(self, member_id: str, signal: Signal | None = None) -> int:
        """Count one wrong code, and note the signal, if any, in the same transaction; how many wrong codes there have
        been in this election."""

    async def note_signal(self, signal: Signal) -> None:
        """Note it for the radar."""

    async def enrol(self, member_id: str, channel: Channel, account: str, door: str = "") -> None:
        """Bind member and account to each other for this election and mark her enrolled. Repeats harmlessly.

        `door` is the bot at which that was; where they are bound already it stays what it was.

        With channel `sms` nothing is bound, since the phone is the account. Raises AccountTaken if either is bound
        to another: the database's unique indexes decide, never a look before.
        """

    async def door_of(self, channel: Channel, account: str) -> str:
        """The bot this account belongs to; empty if it is not bound, or was before bots were noted."""

    async def move_to_door(self, channel: Channel, account: str, door: str) -> None:
        """From now on this account belongs to this bot. Harmless when it is not bound."""

    async def chat_is_open(self, channel: Channel, account: str) -> None:
        """This account has written to us: if its chat was closed to us, it is not any more."""

    async def cast(self, cast: Cast) -> None:
        """Put the envelope into the box, use the right, count the turnout, queue the notice, put the leaves down: one
        transaction. A cast with a `number` above 1 takes the place of the one before, whose envelope stands until then.
        If a ruling came since, that grants her one redo: hers by the rules is not used up.

        Raises AlreadyVoted unless the right is open, or for a redo is used by exactly `number - 1` casts; NotOpenYet,
        Paused or Closed if the stage is not `open`; then nothing has changed. Many casts may share one commit.
        """

    async def disown(self, member_id: str, number: int) -> bool:
        """The member says that her standing vote, her `number`-th, was not hers: grant her one redo more and end her
        wait, once a vote; whether this was done now. False changes nothing."""

    async def withdraw(self, out: Withdrawal) -> None:
        """Take the member's standing ballot out of the box for good: her right becomes `void`.

        Raises AlreadyVoted unless her right is used by exactly `number` casts, NotOpenYet unless the stage is `closed`.
        """

    async def hand_out_paper(self, out: Withdrawal) -> None:
        """The member takes a paper ballot: her right becomes `paper`, whatever she did by phone stands aside at the
        cut. Raises AlreadyVoted unless her right is open or used by exactly `number` casts, and NotOpenYet, Paused or
        Closed if the stage is not `open`; and OperatorRefusal: `station_unknown`, `station_closed`, or `not_of_station`
        if the station does not serve her. The station has issued one more."""

    async def turnout(self) -> Sequence[RegionTurnout]:
        """Turnout by region from counters kept beside the votes; never a count over the votes."""

    async def set_preferences(self, member_id: str, *, language: str = "", silent: bool | None = None) -> None:
        """Keep the member's language, or her wish for no messages but codes and notices."""


class Office(Protocol):
    """The durable store as the commission and the operator need it. Same promises as Ledger, but that `propose`
    repeated after StoreUnavailable may append a second act."""

    async def load_election(self, definition: str, digest: str) -> None:
        """Make or replace the election's definition. Raises OperatorRefusal once the stage is past `draft`."""

    async def set_public_key(self, public_key: bytes, commitments: Sequence[bytes], threshold: int) -> None:
        """Keep the key the ballots are sealed to, and the commitment to each share. Refused past `draft`."""

    async def commitments(self) -> tuple[int, Sequence[bytes]]:
        """The threshold and the commitments, in the order of the trustees; (0, ()) before the ceremony."""

    async def freeze_roll(self, salt: Callable[[str], bytes], now: datetime) -> ElectionRecord:
        """Fix the roll: its version, and one hash of the salted hashes of all rows in ascending order. `salt` is a
        member's, secret and always the same. Harmless when frozen already."""

    async def roll_as_it_is(self, salt: Callable[[str], bytes]) -> Extra:
        """What the opening needs to freeze the roll: its version and hash as they are now; empty if it is frozen.
        Nothing is changed, and nobody waits."""

    async def propose(self, act: Act) -> int:
        """Append an act (its `number` is ignored); the number it got."""

    async def act(self, number: int) -> Act | None:
        """The act with this number."""

    async def acts(self, state: str = "") -> Sequence[Act]:
        """All acts, or those in one state, in order."""

    async def decide(self, number: int, approver: str, now: datetime) -> Act:
        """Mark a pending act done by `approver`. Raises OperatorRefusal if it is not pending, is past `expires_at`,
        or the approver is the proposer. The check and the change are one statement."""

    async def enact(self, act: Act, extra: Extra, now: datetime) -> Act:
        """Do what a guarded act says, and put it on record as done, with its leaf: one transaction; the act as it then
        is. An act without a number is appended; a pending one is marked done by its `approver`, and refused as by
        `decide`, or with `proposal_altered` if anything but this program has written to its row. Whatever the effect
        raises undoes everything."""

    async def move(self, expected: Sequence[Stage], stage: Stage, now: datetime) -> bool:
        """Change the stage if it is one of `expected`; whether it was. `open` notes opened_at, `closed` closed_at."""

    async def box(self) -> BoxCount:
        """What is in the box against what the roll says."""

    async def cut(self, pseudonym: Callable[[str], bytes]) -> int:
        """Strip and shuffle: move every sealed ballot from the envelopes to the urn, in the order of hashes, dropping
        pseudonyms and the ballots of members who voted on paper, in one transaction. Only when the stage is `closed`.
        Repeats harmlessly. How many the urn holds. `pseudonym` is a member's, for those who voted on paper."""

    async def urn(self) -> Sequence[bytes]:
        """All sealed ballots of the urn, in the order of their random keys."""

    async def styles(self) -> Sequence[tuple[str, str, int, int]]:
        """For each region and branch of the roll: (region, branch, members, voted)."""


@dataclass(frozen=True, slots=True)
class OutboxItem:
    """A letter claimed for sending."""

    id: int
    kind: Literal["code", "notice", "broadcast"]
    sealed_phone: bytes
    sealed_body: bytes
    tries: int
    expires_at: datetime | None


class Outbox(Protocol):
    """Letters on their way to the carrier."""

    async def claim(self, now: datetime, limit: int) -> Sequence[OutboxItem]:
        """Take up to `limit` due letters, codes before notices before broadcasts, and mark them `sending`. Nobody else
        gets them. A letter past its `expires_at` is marked `too_old`, its body wiped, and is never handed out; so is
        one that reminds a member who may not vote any more."""

    async def sent(self, item_id: int, carrier_id: str, now: datetime) -> None:
        """The carrier accepted it. The body is wiped from the store."""

    async def later(self, item_id: int, due_at: datetime, now: datetime) -> None:
        """Known not to have been sent: try again at `due_at`."""

    async def settled(self, item_id: int, state: Literal["failed", "unknown", "too_old"], now: datetime) -> None:
        """Will not be tried again. The body is wiped."""

    async def delivered(self, carrier_id: str, status: str, now: datetime) -> bool:
        """Note what the carrier says became of it; whether we know the id. A status never goes back."""

    async def stranded(self, before: datetime) -> Sequence[OutboxItem]:
        """Letters marked `sending` before this moment by a process that died: the outcome is unknown."""

    async def counts(self) -> dict[str, int]:
        """How many letters are in each state."""


class Leases(Protocol):
    """Who leads, where several processes have one role and only one may act in it, such as the clock."""

    async def lead(self, role: str, holder: str, seconds: int, now: datetime) -> bool:
        """Whether `holder` (a name of its own for each process) leads in this role for `seconds` from `now` on.

        Who leads renews by asking again, in good time: a third of `seconds` is usual. Another gets the role only from
        the moment at which it has run out, and of several who then ask at once exactly one. The clocks of all
        processes are taken to agree; what a leader does must be harmless if done twice all the same, since a process
        that was halted for a while does not know that it no longer leads.
        """

    async def release(self, role: str, holder: str) -> None:
        """Give the role up, so that another has it at once. Harmless when it is not held."""


@dataclass(frozen=True, slots=True)
class Limit:
    """At most `count` in any `seconds`."""

    count: int
    seconds: int


@dataclass(frozen=True, slots=True)
class Try:
    """A try taken at a stored secret: the value, and how many tries are left after this one."""

    value: bytes
    tries_left: int = field(default=0)


@dataclass(frozen=True, slots=True)
class Grant:
    """What a bucket gives: how many were taken, and in how many seconds one more may be (0.0: now).

    `still`: for how many seconds from now on everybody has to keep still; not above zero when that is over, and then
    so many seconds ago; minus infinity when nobody had to in the last ten minutes.
    """

    taken: int
    wait: float
    still: float = -math.inf


class Fleeting(Protocol):
    """Short-lived things: sessions, codes, throttles, what was seen. Each method is atomic across processes.

    Losing everything here may cost a member one more code and nothing else.
    """

    async def get(self, key: str, now: datetime) -> bytes | None:
        """The value, or None when there is none or its time is over."""

    async def put(self, key: str, value: bytes, seconds: int, now: datetime) -> None:
        """Keep the value under the key for so many seconds, replacing what was there."""

    async def drop(self, key: str) -> None:
        """Forget all that is under the key: value, mark, secret, counter, what was spent. Harmless when unknown.
        A hold stays, for it is its holder's, and a bucket, for it is everybody's."""

    async def once(self, key: str, seconds: int, now: datetime) -> bool:
        """True the first time a key is met within `seconds`, False after."""

    async def spend(self, key: str, limits: Sequence[Limit], now: datetime) -> float:
        """Take one from a sliding window. 0.0 if all limits allow it, and it is counted; otherwise the seconds to wait
        until it would be allowed, and nothing is counted."""

    async def count(self, key: str, step: int, seconds: int, now: datetime) -> int:
        """Add `step` to a counter, forgotten `seconds` after its first step; the new value. Step 0 only looks."""

    async def put_secret(self, key: str, value: bytes, tries: int, seconds: int, now: datetime) -> None:
        """Keep a secret that may be tried `tries` times, replacing the one before."""

    async def take_try(self, key: str, now: datetime) -> Try | None:
        """Take one try at a secret, counting it. None when there is none, its time is over or no try is left."""

    async def consume(self, key: str, value: bytes) -> bool:
        """Remove the secret if it still is `value`; True for exactly one caller."""

    async def hold(self, key: str, holder: bytes, seconds: int, now: datetime) -> bool:
        """Have the key to oneself for so many seconds; False while another holder has it. `holder` is random, made
        anew for each piece of work; the same holder asking again holds it longer."""

    async def release(self, key: str, holder: bytes) -> bool:
        """Let go of the key if this holder still has it. True if nobody else has had it since; False means that the
        work was not alone to its end."""

    async def take(self, key: str, per_second: float, burst: int, most: int, now: datetime, *, owed: int = 0) -> Grant:
        """Take up to `most` from a bucket shared by all: `burst` at once after a rest, then `per_second` (generic cell
        rate algorithm, ITU-T I.371). `most` 0 only looks.

        Before that `owed` are charged, whether they fit or not; a negative number is given back. What is owed is paid
        off by waiting, but for no longer than ten minutes. A key always has one `per_second`; callers may differ in
        `burst`, and where they wait for each other the one with the greater goes first. All wait while anybody has
        to keep still.
        """

    async def keep_still(self, key: str, seconds: float, now: datetime) -> None:
        """Nobody takes anything from this bucket for so many seconds; a longer pause that stands already stays."""
