"""Every refusal there is: a closed list. The docstring is the meaning, `code` is stable and may be relied on.

`handlers/refusals.py` turns each into words, and a test proves that it knows them all. `OperatorRefusal`s are
met on the command line only and carry their own sentence.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import ClassVar


@dataclass(eq=False)
class Refusal(Exception):
    """Something a person may not do now. Subclasses are the closed list."""

    code: ClassVar[str] = ""


@dataclass(eq=False)
class NoElection(Refusal):
    """No election has been loaded."""

    code: ClassVar[str] = "no_election"


@dataclass(eq=False)
class NotOpenYet(Refusal):
    """Voting has not begun. `opens` is when it is due, if that is known."""

    code: ClassVar[str] = "not_open_yet"
    opens: datetime | None = None


@dataclass(eq=False)
class Paused(Refusal):
    """Voting is paused by the commission."""

    code: ClassVar[str] = "paused"


@dataclass(eq=False)
class Closed(Refusal):
    """Voting is over."""

    code: ClassVar[str] = "closed"


@dataclass(eq=False)
class AlreadyVoted(Refusal):
    """The member's right has been used. One member, one vote."""

    code: ClassVar[str] = "already_voted"


@dataclass(eq=False)
class RedoTooSoon(Refusal):
    """The member may vote again, but only from `opens` on."""

    code: ClassVar[str] = "redo_too_soon"
    opens: datetime | None = None


@dataclass(eq=False)
class NoMoreRedos(Refusal):
    """The member has voted again as often as the rules allow."""

    code: ClassVar[str] = "no_more_redos"


@dataclass(eq=False)
class NotThatVote(Refusal):
    """The number is not the one from the newest notice of this member's vote."""

    code: ClassVar[str] = "not_that_vote"


@dataclass(eq=False)
class NotAReceipt(Refusal):
    """What was typed is not a receipt, or a sign in it is wrong."""

    code: ClassVar[str] = "not_a_receipt"


@dataclass(eq=False)
class NothingToVoteIn(Refusal):
    """No contest of this election is for this member's region and branch."""

    code: ClassVar[str] = "nothing_to_vote_in"


@dataclass(eq=False)
class InvalidMarks(Refusal):
    """The marks break a rule of the contest: unknown candidate, too many, one twice, blank where it may not be."""

    code: ClassVar[str] = "invalid_marks"
    contest: str = ""


@dataclass(eq=False)
class StruckOff(Refusal):
    """The marks name a candidate who is struck off in this contest."""

    code: ClassVar[str] = "struck_off"
    contest: str = ""


@dataclass(eq=False)
class NotSignedIn(Refusal):
    """The act needs a signed-in member."""

    code: ClassVar[str] = "not_signed_in"


@dataclass(eq=False)
class NotOwnContact(Refusal):
    """The contact shared is not the sender's own: another person's, forwarded, or sent by way of a bot."""

    code: ClassVar[str] = "not_own_contact"


@dataclass(eq=False)
class PhoneUnreadable(Refusal):
    """The digits are not a phone number in international form."""

    code: ClassVar[str] = "phone_unreadable"


@dataclass(eq=False)
class WrongCode(Refusal):
    """The code is not the newest one sent for this chat. `tries_left` of five; 0 means a new code is needed."""

    code: ClassVar[str] = "wrong_code"
    tries_left: int = 0


@dataclass(eq=False)
class CodeExpired(Refusal):
    """The code is older than ten minutes, was used, or none was asked for in this chat."""

    code: ClassVar[str] = "code_expired"


@dataclass(eq=False)
class CodeTooSoon(Refusal):
    """Another code may be sent only after `wait`."""

    code: ClassVar[str] = "code_too_soon"
    wait: timedelta = timedelta(0)


@dataclass(eq=False)
class NoMoreCodes(Refusal):
    """All codes this number may get in the election have been sent."""

    code: ClassVar[str] = "no_more_codes"


@dataclass(eq=False)
class MemberLocked(Refusal):
    """Fifteen wrong codes were entered for this member: two persons of the commission must unlock."""

    code: ClassVar[str] = "member_locked"


@dataclass(eq=False)
class AccountFrozen(Refusal):
    """This account has tried four phones. It stays frozen until the commission looks at it."""

    code: ClassVar[str] = "account_frozen"


@dataclass(eq=False)
class AccountTaken(Refusal):
    """The member is signed in from another account, or the account belongs to another member."""

    code: ClassVar[str] = "account_taken"


@dataclass(eq=False)
class CodesDelayed(Refusal):
    """The budget for code messages of the whole election is spent for the moment; ask again after `wait`."""

    code: ClassVar[str] = "codes_delayed"
    wait: timedelta = timedelta(0)


@dataclass(eq=False)
class SmsVotingOff(Refusal):
    """This election takes no votes by SMS."""

    code: ClassVar[str] = "sms_voting_off"


@dataclass(eq=False)
class Stranger(Refusal):
    """The number is not one that can vote by phone, and came by a door that has already shown it. Never answered."""

    code: ClassVar[str] = "stranger"


@dataclass(eq=False)
class TooManyComplaints(Refusal):
    """The member has filed as many complaints as she may, today or, where `today` is false, in the election; or has
    added so often to one."""

    code: ClassVar[str] = "too_many_complaints"
    today: bool = True


@dataclass(eq=False)
class NoSuchComplaint(Refusal):
    """There is no complaint with this number, or it is not hers."""

    code: ClassVar[str] = "no_such_complaint"


@dataclass(eq=False)
class ComplaintDecided(Refusal):
    """The committee has decided this complaint; nothing is added to it."""

    code: ClassVar[str] = "complaint_decided"


@dataclass(eq=False)
class StoreUnavailable(Refusal):
    """The store cannot be reached or did not commit: nothing was done.

    Only where a connection was lost while it committed can nobody say whether it was. To vote again is safe even then:
    one of the two counts and the other is AlreadyVoted. A code asked for again may come twice.
    """

    code: ClassVar[str] = "store_unavailable"


@dataclass(eq=False)
class WhichMember(Refusal):
    """Several members were confirmed on this phone: she must say which of them she is, by her member number."""

    code: ClassVar[str] = "which_member"


@dataclass(eq=False)
class OperatorRefusal(Exception):
    """An act of the command line that cannot be done now. `sentence` is one clear sentence with the mend."""

    code: str
    sentence: str

    def __str__(self) -> str:
        return self.sentence
