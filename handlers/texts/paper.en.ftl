# Paper: what a member is told who has taken a ballot, and a clerk's work.
on-paper = You have taken a paper ballot. It is the paper that counts, not a vote by phone. Was it not you? Tell the committee.
paper-notice = A paper ballot was handed out in your name: { $hour }. It counts, not a vote by phone. Not you? Tell the committee.

staff-paper = Paper stations
staff-paper-choose = Which station?
staff-paper-none = No paper station is open yet.
staff-paper-new = Open a new station
staff-paper-line-open = { $station } (open)
staff-paper-line-closed = { $station } (closed)
staff-paper-list = Other stations
staff-paper-figures =
    Members it serves: { $members }.
    Ballots handed out: { $issued }. Spoilt and exchanged: { $spoilt }. Returned: { $returned }.
staff-paper-in-box = Ballots in the box: { $cast }.
staff-paper-issue = Hand out a ballot
staff-paper-spoilt = Exchange a spoilt ballot
staff-paper-returned = Take a ballot back
staff-paper-close = Close the station
staff-paper-again = Open it again
staff-paper-count = Count the box
staff-paper-no = No, back
staff-paper-ask-name = What is the station called? Write its name or address.
staff-paper-ask-whom = Whom does it serve? Write the region, or regions and branches with a semicolon between them. Or press the button.
staff-paper-whole = The whole roll
staff-paper-ask-number = Write the member’s number.
staff-paper-ask-cast = Open the box together and count the ballots. How many are in it? Write the number.
staff-paper-ask-figures = Write { $number } numbers with spaces between them: how many ballots hold this part (in the box there are { $cast }), how many are left blank, how many are void, and then the votes of each in this order.
staff-paper-sure-issue =
    { $name }
    { $branch }, number { $member }

    Is it the name on her document? Once you hand out the ballot, only paper counts for her, whatever she does by phone.
staff-paper-sure-spoilt =
    { $name }
    { $branch }, number { $member }

    Take the spoilt ballot, mark it as spoilt and put it away. Then hand out the new one.
staff-paper-sure-returned =
    { $name }
    { $branch }, number { $member }

    Tell her first: who hands her ballot back unused cannot vote any more, neither on paper nor by phone.
staff-paper-done-issue = Noted. Give the ballot to { $name }.
staff-paper-done-spoilt = Noted. Give the new ballot to { $name }.
staff-paper-done-returned = Noted: { $name } has handed her ballot back.
staff-paper-on-paper = { $name } has taken a paper ballot already. Station: { $station }.
staff-paper-count-line = Ballots: { $cast }. Left blank: { $blank }. Void: { $void }.
staff-paper-enter = This is what I counted
staff-paper-anew = Write it anew
staff-paper-count-waits = Your count is kept. Now another clerk has to count the same.
staff-paper-count-stands = Two of you have counted the same. The count stands.
staff-paper-count-differs = Somebody else has counted otherwise, so nothing stands yet. Count these again, both of you:
staff-paper-ballots = ballots
staff-paper-blank = left blank
staff-paper-void = void

deed-paper-open = Open the paper station “{ $station }”. It serves: { $serves } (* is the whole roll)
deed-paper-close =
    Close the paper station “{ $station }”. Ballots handed out: { $issued }. In the box: { $cast }. Spoilt: { $spoilt }. Returned: { $returned }. { $difference ->
        [0] It adds up.
       *[other] It does not add up: the difference is { $difference }, and the bulletin will name the station.
    }
refused-station-unknown = There is no such station.
refused-station-open = The station is open.
refused-station-closed = The station is closed.
refused-station-moved-on = The figures of the station have changed. Propose it again.
refused-station-name = Give the station a name, 60 signs at most.
refused-station-serves = Look at the regions and branches: somebody must be there, and a station opened again serves whom it served before.
refused-bad-figure = This cannot be a number of ballots.
refused-not-on-roll = Nobody on the roll has this number. Look at it again.
refused-not-of-station = This station does not serve this member.
refused-on-paper = This member has taken a paper ballot already.
refused-withdrawn-already = The ballot of this member was taken out of the box. She gets no other one.
refused-no-ballot-out = This member has no ballot of this station in her hand.
refused-try-again = Just now she is voting by phone. Try once more.
refused-count-too-early = Ballots are counted once the voting is closed, and the station too.
refused-count-stands = Two of you have agreed on the count. It stands.
refused-wrong-count = These figures cannot be. Blank, void and marked ballots together are all ballots, and nobody has more votes than there are marked ballots. Count again.
