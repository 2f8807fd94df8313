# What the committee does about one member: the words to her, and those to the committee.
which-member-chat = Several members have this number. Type your member number, as the roll has it.
which-member-sms = Several members vote from this number. Send VOTE and your member number.
member-unlocked = The committee has opened the sign-in for you again. You did not ask for it? Tell the committee.
member-confirmed = Member { $member } can vote from this number. Send: VOTE { $member }
member-voided = The committee has declared your vote void, it will not be counted. You disagree? Send COMPLAINT.
member-redo = The committee lets you vote again. Send AGAIN.
number-coming = Your number on the roll changes to { $phone } at { $hour }. It was not you who asked? Reply NO { $digits }
number-coming-no-sms = Your number on the roll changes to { $phone } at { $hour }. It was not you who asked? Write NO { $digits } to the bot in Telegram
number-coming-chat =
    The committee has decided to change your number on the roll. The new one: { $phone }, from { $hour } on.

    If it was not you who asked, press “{ not-me }”, and your number stays as it is.
number-stays = Your number stays as it is. The committee will see it.
number-changed = This is your number for voting from now on. Sign in with it again.

staff-members = Members
staff-members-ask = Type the member number, as the roll has it.
staff-member = Member { $member }
staff-member-who = { $who }, { $phone }
staff-member-where = From: { $where }
staff-member-right-open = No vote yet.
staff-member-right-voted = A vote by phone is in the box.
staff-member-right-paper = A paper ballot was handed out.
staff-member-right-void = No vote any more: it was withdrawn, or made void.
staff-member-locked = The sign-in is closed: many wrong codes.
staff-member-frozen = Blocked accounts with this number: { $number }.
staff-member-shared = Others have this number too. Confirmed on it: { $number }.
staff-member-confirmed = Confirmed on this shared number.
staff-member-number = The number is about to change: { $hour }.
staff-do-unlock = Open the sign-in
staff-do-number = Change the number
staff-do-confirm = Confirm the shared number
staff-do-void = Make the vote void
staff-do-redo = Let vote again
staff-number-ask = Type the new number with its country code, like +7 701 000 00 00. The old number gets an SMS, and the new one is in force 24 hours later.
deed-unlock = Open the sign-in for member { $member } ({ $who }, { $phone })
deed-number = Change the number of member { $member } ({ $who }) from { $phone } to { $new }, in 24 hours
deed-confirm = Confirm in person: member { $member } ({ $who }) votes from the shared number { $phone }
deed-void = Make the vote of member { $member } ({ $who }) void
deed-redo =
    { $ticket ->
        [0] Let member { $member } vote again
       *[other] Let the member of complaint { $ticket } vote again
    }
refused-no-such-member = Nobody on the roll has this member number.
refused-not-locked = Nothing is closed: neither the sign-in nor an account with this number.
refused-has-voted = The right to vote is used, and the number stays: the vote hangs on it.
refused-no-old-number = No SMS reaches an old number, so nobody could object. Such a member votes on paper.
refused-number-waits = Another change of the number waits already.
refused-opening-near = No number changes in the last 72 hours before the opening. Voting on paper is possible.
refused-phone-taken = Somebody on the roll has the new number already.
refused-nothing-to-confirm = The number is not shared, or the member is confirmed on it already.
refused-phone-is-full = As many members as the rules allow are confirmed on this number.
refused-no-vote-stands = There is no vote by phone in the box.
refused-vote-moved-on = The vote is another one now. Look again and propose it anew.
refused-box-is-cut = The box is cut: nobody can tell whose ballot is whose any more.
refused-roll-not-frozen = The roll is not frozen yet: changes come in by loading a file.
refused-roll-moved-on = The roll has changed in this very moment. Please try again.
