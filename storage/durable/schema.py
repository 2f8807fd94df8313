"""The tables, and why each column is there. What is not written here is not kept.

It is one file, because the law is read as a whole.

**An election** is *draft* while its definition, keys and roll may still change; *open* while a right may be
used; *paused* when it may not be for the moment; *closed* when it never may again, and the envelopes can be cut;
*counted* when the urn has been opened. One store holds one election, and its one row is there from the first
migration on.

**A right** is *open* until the member votes; *voted* when an envelope of hers stands in the box; *paper* when a
clerk has handed her a ballot; *void* when her ballot was taken out, by herself after the close or by the committee. It
is used by one statement, `UPDATE voter … WHERE "right" = 'open'`, and by nothing else; a vote again is the same with
the number of her last vote as the condition.

**A vote** is four rows that nothing here joins: the right used (`voter`), the envelope with its sealed ballot
(`envelope`), and two leaves of the public log, one of the receipt and one of the ballot (`leaf`). No ballot, envelope
or leaf has a time or a member, and a leaf gets its number in order only together with the others that wait; they are
kept in the order of hashes or random keys (WITHOUT ROWID on SQLite, where a plain table would return them in the order
of casting). What still joins them is a key outside this store, and that is destroyed at the cut, when the ballots move
to the `urn` and the pseudonyms are gone.

**On PostgreSQL that promise is weaker.** Its tables are heaps: a row has a place (`ctid`) and the number of the
transaction that wrote it (`xmin`). Whoever reads the database itself while voting runs, or a backup of those days,
can join the voters of one commit to the envelopes of that commit; in a quiet hour a commit is one vote. What holds:
inside a commit nothing lies in the order of coming (voters by id, envelopes and receipts by their random keys), the
ballots are sealed, and the cut ends it: the urn is written by one transaction, and the envelopes' files are dropped
(TRUNCATE), with every dead row in them; letters are copied to new files. What is not ours to wipe: PostgreSQL's
write-ahead log and its archive, replicas, backups, and freed blocks of the disk. They hold envelopes with their
pseudonyms and their ballots, byte for byte those of the urn; the server's own log may quote a pseudonym that was
refused (`log_error_verbosity = terse` stops that). Keep no archive of the polling days beyond the result, or vote on
SQLite where the machine suffices.

**A letter** in the outbox is *waiting*, then *sending* while one process has it, then *sent*, and by the carrier's
word *delivered* or *undelivered*; or it ends as *failed*, *unknown* (nobody can say whether it went out) or
*too_old*. As soon as it will not be sent again its words and its phone are wiped.

**A seal** is in every row: a keyed code over the row's other columns, by which the inspection knows that nothing but
this program has written it (`seals`, `inspection`). Triggers make it, and it joins nothing.
"""

from typing import Any

from sqlalchemy import CheckConstraint, Column, ForeignKey, Index, MetaData, Table, UniqueConstraint, text

from storage.durable.column_types import Count, Flag, Key, Moment, Secret, Words

metadata = MetaData()

_NOTHING = text("''")
_ZERO = text("0")
_NO = text("false")


def _one_of(column: str, *values: str) -> CheckConstraint:
    listed = ", ".join(f"'{value}'" for value in values)
    return CheckConstraint(f'"{column}" IN ({listed})', name=f"{column}_is_known")


election = Table(
    "election",
    metadata,
    Column("id", Count, primary_key=True, autoincrement=False),
    Column("definition", Words, nullable=False, server_default=_NOTHING),  # the file's text; empty: none loaded
    Column("digest", Words, nullable=False, server_default=_NOTHING),  # SHA-256 of the file: the rules hash
    Column("stage", Words, nullable=False, server_default=text("'draft'")),
    Column("public_key", Secret),  # what ballots are sealed to; absent before the ceremony
    Column("threshold", Count, nullable=False, server_default=_ZERO),  # shares needed to open
    Column("roll_version", Count, nullable=False, server_default=_ZERO),  # imports so far; named by every figure
    Column("roll_frozen_at", Moment),  # from then on no import
    Column("roll_digest", Words, nullable=False, server_default=_NOTHING),  # SHA-256 of the frozen roll
    Column("opened_at", Moment),  # the first opening; a pause does not move it
    Column("closed_at", Moment),  # the close is an act that happened, not only an hour that passed
    Column("seal", Secret),
    Column("extended_to", Moment),  # the hour of closing, once it was moved
    Column("rulings", Words, nullable=False, server_default=text("'[]'")),  # election.rulings.Ruling, JSON, in order
    CheckConstraint("id = 1", name="one_election"),
    _one_of("stage", "draft", "open", "paused", "closed", "counted"),
    sqlite_strict=True,
)

voter = Table(
    "voter",
    metadata,
    Column("member_id", Key, primary_key=True),
    Column("name", Words, nullable=False),  # for the committee and the clerks, never for a door
    Column("phone_key", Secret),  # HMAC of the phone: how a sender is found; absent without a valid number
    Column("sealed_phone", Secret, nullable=False),  # how a code is sent; empty without a valid number
    Column("region", Words, nullable=False),
    Column("branch", Words, nullable=False),
    Column("cell", Words, nullable=False),
    Column("language", Words, nullable=False),  # as the roll says
    Column("chosen_language", Words, nullable=False, server_default=_NOTHING),  # as she says; it goes first
    Column("line", Words, nullable=False),  # what the roll's number is by itself
    Column("reach", Words, nullable=False),  # whether a code can reach her: the line, unless others share it
    Column("right", Words, nullable=False, server_default=text("'open'"), quote=True),
    Column("voted_by", Words),  # the channel of the standing vote, for turnout
    Column("enrolled", Flag, nullable=False, server_default=_NO),  # has proved once that the phone is hers
    Column("codes_sent", Count, nullable=False, server_default=_ZERO),  # in this election
    Column("wrong_codes", Count, nullable=False, server_default=_ZERO),  # in this election
    Column("silent", Flag, nullable=False, server_default=_NO),  # wants codes and notices only
    Column("casts", Count, nullable=False, server_default=_ZERO),  # ballots accepted; the last one stands
    Column("redo_from", Moment),  # when the wait for a vote again is over
    Column("disowned", Count, nullable=False, server_default=_ZERO),  # the number of the vote that was not hers
    Column("granted", Count, nullable=False, server_default=_ZERO),  # votes again beyond what all may have
    Column("seal", Secret),
    Column("reminded_at", Moment),  # when she was last told that she has not voted: never twice in a day
    Column("ruling", Count, nullable=False, server_default=_ZERO),  # the newest on her ballot when she last cast
    Column("confirmed", Count, nullable=False, server_default=_ZERO),  # the act by which she may use a shared phone
    _one_of("line", "mobile", "none", "invalid", "landline"),
    _one_of("reach", "mobile", "none", "invalid", "landline", "shared", "gone"),
    _one_of("right", "open", "voted", "paper", "void"),
    CheckConstraint("voted_by IN ('telegram', 'sms')", name="voted_by_is_known"),
    CheckConstraint("\"right\" <> 'voted' OR voted_by IS NOT NULL", name="a_vote_has_a_channel"),
    sqlite_strict=True,
)
voter_by_phone = Index("voter_by_phone", voter.c.phone_key)
_ON_PAPER = text("\"right\" = 'paper'")
Index("voter_on_paper", voter.c.member_id, sqlite_where=_ON_PAPER, postgresql_where=_ON_PAPER)

account = Table(  # one account to one member and back, by two unique indexes
    "account",
    metadata,
    Column("channel", Words, primary_key=True),
    Column("account", Words, primary_key=True),
    Column("member_id", Key, ForeignKey("voter.member_id"), nullable=False),
    Column("door", Words, nullable=False, server_default=_NOTHING),  # the bot she belongs to; empty: not noted yet
    Column("seal", Secret),
    Column("blocked", Flag, nullable=False, server_default=_NO),  # closed to us: no broadcasts, until she writes again
    UniqueConstraint("channel", "member_id", name="one_account_a_member"),
    sqlite_with_rowid=False,
    sqlite_strict=True,
)

account_phone = Table(  # which phones an account has shown: the fourth freezes it
    "account_phone",
    metadata,
    Column("channel", Words, primary_key=True),
    Column("account", Words, primary_key=True),
    Column("phone_key", Secret, primary_key=True),
    Column("seal", Secret),
    sqlite_with_rowid=False,
    sqlite_strict=True,
)

share_commitment = Table(  # what a trustee's share is held against when the box is opened
    "share_commitment",
    metadata,
    Column("trustee", Count, primary_key=True, autoincrement=False),  # 1 is the first
    Column("commitment", Secret, nullable=False),
    Column("seal", Secret),
    sqlite_strict=True,
)

envelope = Table(
    "envelope",
    metadata,
    Column("key", Secret, primary_key=True),  # 16 bytes of the ballot's hash: the order of the box says nothing
    Column("pseudonym", Secret, nullable=False),  # joins it to a member for whoever holds K_env, to nobody else
    Column("sealed_ballot", Secret, nullable=False),  # one length for the election
    Column("seal", Secret),
    UniqueConstraint("pseudonym", name="one_standing_envelope"),
    sqlite_with_rowid=False,
    sqlite_strict=True,
)

urn = Table(  # filled by the cut
    "urn",
    metadata,
    Column("key", Secret, primary_key=True),  # 16 bytes of the ballot's hash, as on its envelope
    Column("sealed_ballot", Secret, nullable=False),
    Column("seal", Secret),
    sqlite_with_rowid=False,
    sqlite_strict=True,
)

leaf = Table(  # the public log, election/leaf.py
    "leaf",
    metadata,
    Column("key", Secret, primary_key=True),  # 16 random bytes: the leaves of one vote lie apart
    Column("kind", Words, nullable=False),
    Column("digest", Secret, nullable=False),  # of a receipt, a ballot, an act: never the thing itself
    Column("place", Count),  # in the log, from 0; none, or one behind the log's end, until the next bulletin
    Column("seal", Secret),
    _one_of("kind", "cast", "ballot", "redo", "void", "paper", "action"),
    UniqueConstraint("place", name="one_leaf_a_place"),
    sqlite_with_rowid=False,
    sqlite_strict=True,
)
Index("leaf_by_digest", leaf.c.digest)
_WAITING = text("place IS NULL")
Index("leaf_waiting", leaf.c.key, leaf.c.kind, sqlite_where=_WAITING, postgresql_where=_WAITING)

log = Table(  # one row: what is needed to append
    "log",
    metadata,
    Column("id", Count, primary_key=True, autoincrement=False),
    Column("frontier", Secret, nullable=False),  # election.log.Frontier
    Column("counts", Words, nullable=False),  # leaves in the log by kind, JSON
    Column("seal", Secret),
    Column("steps", Count, nullable=False, server_default=_ZERO),  # of all publishers so far: each is taken once
    Column("placing", Flag, nullable=False, server_default=_NO),  # leaves may have places behind the log's end
    CheckConstraint("id = 1", name="one_log"),
    sqlite_strict=True,
)

bulletin = Table(
    "bulletin",
    metadata,
    Column("number", Count, primary_key=True, autoincrement=False),
    Column("body", Secret, nullable=False),  # the signed bytes as they were published
    Column("size", Count, nullable=False),  # of the log in it
    Column("seal", Secret),
    sqlite_strict=True,
)

redo_count = Table(  # why members voted again, never who
    "redo_count",
    metadata,
    Column("branch", Words, primary_key=True),
    Column("reason", Words, primary_key=True),
    Column("count", Count, nullable=False),
    Column("seal", Secret),
    _one_of("reason", "again", "not-me"),
    sqlite_with_rowid=False,
    sqlite_strict=True,
)

roll_change = Table(  # changes of the roll after it was frozen
    "roll_change",
    metadata,
    Column("number", Count, primary_key=True),
    Column("version", Count, nullable=False),
    Column("at", Moment, nullable=False),
    Column("what", Words, nullable=False),
    Column("act", Count, nullable=False),
    Column("seal", Secret),
    sqlite_strict=True,
)

number_change = Table(  # of a member's phone, from the word of the second person until it is in force, or is not
    "number_change",
    metadata,
    Column("act", Count, primary_key=True, autoincrement=False),
    Column("member_id", Key, ForeignKey("voter.member_id"), nullable=False),
    Column("old_key", Secret, nullable=False),  # who may object
    Column("new_key", Secret, nullable=False),
    Column("sealed_phone", Secret, nullable=False),  # the new one
    Column("digits", Words, nullable=False),  # of the SMS to the old phone: how an answer is known to mean it
    Column("due_at", Moment, nullable=False),
    Column("state", Words, nullable=False, server_default=text("'waiting'")),
    Column("ended_at", Moment),
    Column("told", Flag, nullable=False, server_default=_NO),  # in her Telegram too
    Column("seal", Secret),
    _one_of("state", "waiting", "done", "stopped", "dropped"),
    sqlite_strict=True,
)
_STILL_WAITING = text("state = 'waiting'")
Index(
    "one_waiting_number",
    number_change.c.member_id,
    unique=True,
    sqlite_where=_STILL_WAITING,
    postgresql_where=_STILL_WAITING,
)

roll_size = Table(  # how many members each branch had in each version of the roll, for `dauys roll check`
    "roll_size",
    metadata,
    Column("version", Count, primary_key=True, autoincrement=False),
    Column("region", Words, primary_key=True),
    Column("branch", Words, primary_key=True),
    Column("members", Count, nullable=False),
    Column("seal", Secret),
    sqlite_with_rowid=False,
    sqlite_strict=True,
)

branch_count = Table(  # turnout, counted in the transaction of each vote, so that nobody ever counts the votes
    "branch_count",
    metadata,
    Column("region", Words, primary_key=True),
    Column("branch", Words, primary_key=True),
    Column("electorate", Count, nullable=False, server_default=_ZERO),  # everybody on the roll there
    Column("enrolled", Count, nullable=False, server_default=_ZERO),
    Column("telegram", Count, nullable=False, server_default=_ZERO),
    Column("sms", Count, nullable=False, server_default=_ZERO),
    Column("paper", Count, nullable=False, server_default=_ZERO),
    Column("paper_roll", Count, nullable=False, server_default=_ZERO),  # whom no code can reach
    Column("void", Count, nullable=False, server_default=_ZERO),
    Column("seal", Secret),
    sqlite_with_rowid=False,
    sqlite_strict=True,
)

hour_count = Table(  # first votes only: a vote again, a withdrawal or paper after a vote changes nothing here
    "hour_count",
    metadata,
    Column("hour", Moment, primary_key=True, autoincrement=False),  # its start
    Column("channel", Words, primary_key=True),
    Column("part", Count, primary_key=True, autoincrement=False),  # so that commits do not all wait for one row
    Column("votes", Count, nullable=False),
    Column("seal", Secret),
    _one_of("channel", "telegram", "sms", "paper"),
    sqlite_with_rowid=False,
    sqlite_strict=True,
)

outbox = Table(
    "outbox",
    metadata,
    Column("id", Count, primary_key=True),
    Column("kind", Words, nullable=False),  # a code goes before a notice, and that before a broadcast
    Column("state", Words, nullable=False, server_default=text("'waiting'")),
    Column("sealed_phone", Secret),
    Column("sealed_body", Secret),
    Column("due_at", Moment, nullable=False),
    Column("expires_at", Moment),  # a code is worth nothing later; absent: never too old
    Column("tries", Count, nullable=False, server_default=_ZERO),
    Column("moved_at", Moment),  # the last change of state; while sending, since when
    Column("carrier_id", Words),
    Column("carrier_status", Words, nullable=False, server_default=_NOTHING),  # the carrier's own word
    Column("seal", Secret),
    Column("broadcast", Count),  # of which it is: stopped with it
    Column("reminds", Key),  # the member whom it reminds: it is not sent once she has voted
    _one_of("kind", "code", "notice", "broadcast"),
    _one_of("state", "waiting", "sending", "sent", "delivered", "undelivered", "failed", "unknown", "too_old"),
    CheckConstraint(
        "state NOT IN ('waiting', 'sending') OR (sealed_phone IS NOT NULL AND sealed_body IS NOT NULL)",
        name="what_will_be_sent_is_whole",
    ),
    CheckConstraint(
        "state IN ('waiting', 'sending') OR (sealed_phone IS NULL AND sealed_body IS NULL)",
        name="what_was_sent_is_wiped",
    ),
    UniqueConstraint("carrier_id", name="one_letter_a_carrier_id"),
    sqlite_strict=True,
)


def _letters_index(name: str, *columns: Column[Any], where: str) -> None:
    """Of some letters only: what a claim costs does not grow with the heap, nor an index with what was sent. It serves
    a statement only if that says the same words."""
    Index(name, *columns, sqlite_where=text(where), postgresql_where=text(where))


_letters_index("outbox_by_turn", outbox.c.kind, outbox.c.due_at, outbox.c.id, where="state = 'waiting'")
_letters_index("outbox_by_expiry", outbox.c.expires_at, where="state = 'waiting' AND expires_at IS NOT NULL")
_letters_index("outbox_under_way", outbox.c.moved_at, where="state = 'sending'")

act = Table(  # nothing is ever taken out; only the state of a pending act changes, once
    "act",
    metadata,
    Column("number", Count, primary_key=True),
    Column("at", Moment, nullable=False),
    Column("kind", Words, nullable=False),
    Column("payload", Words, nullable=False),  # JSON
    Column("reason", Words, nullable=False),
    Column("proposer", Words, nullable=False),
    Column("approver", Words, nullable=False),  # empty while pending
    Column("state", Words, nullable=False),
    Column("expires_at", Moment),
    Column("decided_at", Moment),
    Column("seal", Secret),
    _one_of("state", "pending", "done", "expired", "failed"),
    sqlite_strict=True,
)

broadcast = Table(  # what is said to many, and how far it has come: election/broadcasts.py
    "broadcast",
    metadata,
    Column("number", Count, primary_key=True),
    Column("kind", Words, nullable=False),
    Column("state", Words, nullable=False, server_default=text("'planned'")),
    Column("ways", Words, nullable=False),  # JSON, as all lists here
    Column("channels", Words, nullable=False),
    Column("said", Words, nullable=False, server_default=_NOTHING),  # of a message or a word, by language
    Column("bulletin", Count),
    Column("begins_behind", Words, nullable=False, server_default=_NOTHING),  # the account to begin behind
    Column("made_by", Words, nullable=False),
    Column("made_at", Moment, nullable=False),
    Column("due_at", Moment, nullable=False),
    Column("began_at", Moment),
    Column("ended_at", Moment),
    Column("holder", Words, nullable=False, server_default=_NOTHING),  # who runs it, and nobody else
    Column("leg", Count, nullable=False, server_default=_ZERO),
    Column("passed", Words, nullable=False, server_default=_NOTHING),  # all up to this key were begun
    Column("begun", Words, nullable=False, server_default=text("'[]'")),  # of them those not settled
    Column("expected", Count, nullable=False, server_default=_ZERO),
    Column("sent", Count, nullable=False, server_default=_ZERO),
    Column("queued", Count, nullable=False, server_default=_ZERO),
    Column("blocked", Count, nullable=False, server_default=_ZERO),
    Column("failed", Count, nullable=False, server_default=_ZERO),
    Column("spared", Count, nullable=False, server_default=_ZERO),
    Column("seal", Secret),
    Column("act", Count),  # which it announces
    Column("circle", Words, nullable=False, server_default=_NOTHING),  # election.broadcasts.Scope, JSON; empty: all
    _one_of("kind", "word", "announcement", "message", "reminder", "bulletin"),
    _one_of("state", "planned", "going", "done", "stopped"),
    UniqueConstraint("bulletin", name="one_broadcast_a_bulletin"),
    UniqueConstraint("act", name="one_broadcast_an_act"),
    sqlite_strict=True,
)

complaint = Table(  # election/complaints.py; who filed it is told to nobody
    "complaint",
    metadata,
    Column("number", Count, primary_key=True, autoincrement=False),  # from 101 on, and none is left out
    Column(
        "member_id", Key, nullable=False
    ),  # empty once erased; no reference, for a roll before the freeze may change
    Column("channel", Words, nullable=False),
    Column("kind", Words, nullable=False),
    Column("pressed", Flag, nullable=False),  # she says that she was
    Column("state", Words, nullable=False, server_default=text("'open'")),
    Column("officer", Words, nullable=False, server_default=_NOTHING),  # who looks after it
    Column("filed_at", Moment, nullable=False),
    Column("due_at", Moment, nullable=False),
    Column("remind_at", Moment, nullable=False),
    Column("reminded", Count, nullable=False, server_default=_ZERO),  # 1: that it is due soon, 2: that it is late
    Column("entries", Count, nullable=False, server_default=_ZERO),
    Column("seal", Secret),
    _one_of("channel", "telegram", "sms"),
    _one_of("kind", "pressed", "voted", "access", "list", "station", "other"),
    _one_of("state", "open", "asked", "upheld", "rejected", "no-fault"),
    sqlite_strict=True,
)
_UNDECIDED = text("state IN ('open', 'asked')")
Index("complaint_by_member", complaint.c.member_id)
Index("complaint_waiting", complaint.c.due_at, sqlite_where=_UNDECIDED, postgresql_where=_UNDECIDED)

complaint_entry = Table(  # what is written on a complaint, in order; only added to
    "complaint_entry",
    metadata,
    Column("complaint", Count, primary_key=True, autoincrement=False),
    Column("place", Count, primary_key=True, autoincrement=False),  # from 1
    Column("at", Moment, nullable=False),
    Column("step", Words, nullable=False),
    Column("officer", Words, nullable=False, server_default=_NOTHING),  # empty: the member
    Column("channel", Words, nullable=False, server_default=_NOTHING),  # by which she wrote
    Column("sealed", Secret, nullable=False),  # the words; empty where there are none, or they were erased
    Column("note", Words, nullable=False, server_default=_NOTHING),  # the outcome, or to whom it was assigned
    Column("message", Secret),  # names the message it came by, so that the same one writes it once
    Column("seal", Secret),
    _one_of("step", "filed", "asked", "answered", "assigned", "decided"),
    UniqueConstraint("message", name="one_entry_a_message"),
    sqlite_with_rowid=False,
    sqlite_strict=True,
)

paper_station = Table(  # election/paper.py
    "paper_station",
    metadata,
    Column("name", Key, primary_key=True),
    Column("regions", Words, nullable=False),  # whom it serves, JSON; nothing in the list: of any
    Column("branches", Words, nullable=False),
    Column("state", Words, nullable=False, server_default=text("'open'")),
    Column("issued", Count, nullable=False, server_default=_ZERO),  # ballots, those given for spoilt ones among them
    Column("spoilt", Count, nullable=False, server_default=_ZERO),
    Column("returned", Count, nullable=False, server_default=_ZERO),  # unused
    Column("in_box", Count, nullable=False, server_default=_ZERO),  # at its close; while it is open nobody knows
    Column("seal", Secret),
    _one_of("state", "open", "closed"),
    sqlite_with_rowid=False,
    sqlite_strict=True,
)

paper_issue = Table(  # who is on paper, and where she was handed her ballot; no time, and no order
    "paper_issue",
    metadata,
    Column("member_id", Key, ForeignKey("voter.member_id"), primary_key=True),
    Column("station", Key, nullable=False),  # empty: beside any station
    Column("ballots", Count, nullable=False, server_default=text("1")),  # one, and one more for each spoilt
    Column("returned", Flag, nullable=False, server_default=_NO),  # the last of them, unused
    Column("seal", Secret),
    sqlite_with_rowid=False,
    sqlite_strict=True,
)

paper_count = Table(  # what a clerk has counted in a station's box, after the close
    "paper_count",
    metadata,
    Column("station", Key, primary_key=True),
    Column("clerk", Words, primary_key=True),
    Column("body", Words, nullable=False),  # election.paper_count.PaperCount, JSON
    Column("stands", Flag, nullable=False, server_default=_NO),  # another clerk has counted the same
    Column("seal", Secret),
    sqlite_with_rowid=False,
    sqlite_strict=True,
)

rhythm = Table(  # when votes came, to ten seconds, for the radar; wiped at the cut
    # A branch and a time, and no member, envelope or order. It joins nobody to a ballot, which has neither; of members
    # it says less than their own rows, which know the minute (`redo_from`) while voting runs. On PostgreSQL `xmin`
    # joins it to a commit, whose letters in the outbox (`due_at`) tell as much of it.
    "rhythm",
    metadata,
    Column("slot", Count, primary_key=True, autoincrement=False),  # tens of seconds since 1970 UTC
    Column("region", Words, primary_key=True),
    Column("branch", Words, primary_key=True),
    Column("votes", Count, nullable=False),  # first votes by phone
    Column("again", Count, nullable=False),  # votes in place of an earlier one
    Column("seal", Secret),
    sqlite_with_rowid=False,
    sqlite_strict=True,
)

signal = Table(  # what the radar is told of by the way, never of a choice; wiped at the cut
    "signal",
    metadata,
    Column("id", Count, primary_key=True),
    Column("kind", Words, nullable=False),
    Column("at", Moment, nullable=False),
    Column("region", Words, nullable=False),
    Column("branch", Words, nullable=False),
    Column("member_id", Key, nullable=False),  # empty where nobody of the roll is meant
    Column("seal", Secret),
    _one_of("kind", "other-chat", "phones", "contact", "not-me"),
    sqlite_strict=True,
)

radar_case = Table(  # what the radar asks the committee to look at: counts, never a name
    "radar_case",
    metadata,
    Column("number", Count, primary_key=True),
    Column("detector", Words, nullable=False),
    Column("region", Words, nullable=False),
    Column("branch", Words, nullable=False),  # empty: of the region, as a branch of fewer than ten members is told
    Column("began", Moment, nullable=False),  # what it is about, from
    Column("ended", Moment, nullable=False),  # to
    Column("numbers", Words, nullable=False),  # JSON
    Column("weight", Count, nullable=False),
    Column("seen_at", Moment, nullable=False),
    Column("state", Words, nullable=False, server_default=text("'new'")),
    Column("by", Words, nullable=False, server_default=_NOTHING),  # who looked at it, or closed it
    Column("word", Words, nullable=False, server_default=_NOTHING),  # with which it was closed
    Column("seal", Secret),
    _one_of("state", "new", "looked", "closed"),
    UniqueConstraint("detector", "region", "branch", "began", name="one_case_a_finding"),
    sqlite_strict=True,
)

lease = Table(
    "lease",
    metadata,
    Column("role", Words, primary_key=True),  # such as `clock`
    Column("holder", Words, nullable=False),  # the process that leads
    Column("until", Moment, nullable=False),  # from then on another may
    Column("seal", Secret),
    sqlite_strict=True,
)
