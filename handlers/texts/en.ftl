# One term for one thing: docs/glossary.md. Short sentences, the deed first.
# A text that goes by SMS has a budget: tests/texts/budgets.py. No “ ” and no — in it: they double its price.
choose-language = Қай тілде? Какой язык? Which language?
awaiting-language = Choose a language: 1 Қазақша, 2 Русский, 3 English.

ask-contact =
    To vote, press “{ share-number }” below. A one-time code will come to that number by SMS.

    One member, one phone, one vote.
ask-phone = To vote, type your mobile number with its country code, like +7 701 000 00 00. A one-time code will come to it by SMS.
share-number = Share my number
awaiting-contact = To go on, press “{ share-number }” below.

code-sent =
    If { $phone } is on the roll, an SMS with a code of { $digits } digits is on its way. Type it here.

    The code is for your own vote only. Tell it to nobody: no boss, no campaign.
    No SMS in two minutes? Send /code. If nothing comes again, your number may not be on the roll: ask the committee.
type-code = Type the { $digits } digits from the SMS. For a new code send /code, to change the number send /start.
code-letter = Code { $code } is for your own vote only. Tell it to nobody: no boss, no campaign.
vote-notice-telegram = Your vote was accepted at { $hour } by Telegram. Not you? Reply NO { $digits }.
vote-notice-sms = Your vote was accepted at { $hour } by SMS. Not you? Reply NO { $digits }.
vote-notice-no-sms = Your vote was accepted at { $hour }. Not you? Write NO { $digits } to the bot in Telegram.

contest-of = { $number } of { $all }.
choose-one-chat = Choose one.
choose-one-sms = Choose one:
choose-several-chat = Choose up to { $choose }, then press “{ next }”. Chosen: { $chosen }.
choose-several-sms = Choose up to { $choose }, numbers with spaces between:
find-by-name = Type part of a name to find it.
found = Found by "{ $query }":
too-many = You can choose { $choose } at most.
choose-at-least-one = Choose at least one.
awaiting-choice-chat = Press a name above, or type part of a name.
awaiting-choice-sms = Reply with a number from 1 to { $last }.
awaiting-choices-chat = Press names above, { $choose } at most, then “{ next }”. Or type part of a name.
awaiting-choices-sms = Reply with numbers from 1 to { $last }, spaces between, { $choose } at most.
page-before = ◀
page-after = ▶
show-all = Show all
word-all = ALL
leave-blank = Leave blank
back = Back
next = Next
answer-by-number = Reply with the number.
answer-with-code-contest = Reply: { $code } and the number. The code is for your own vote only. Tell it to nobody: no boss, no campaign.
answer-with-code-review = Reply: { $code } and YES. The code is for your own vote only. Tell it to nobody: no boss, no campaign.
code-first = First the code from our SMS, then your answer. For a new code send VOTE.

review = Please check
blank = left blank
cast = Cast my vote
change = Change
word-yes = YES
word-no = NO
awaiting-cast-chat = Your ballot is not cast yet. Press “{ cast }” or “{ change }”.
awaiting-cast-sms = Your ballot is not cast yet. YES - cast my vote, NO - change.
what-to-change = What would you like to change?
awaiting-change = Choose with a number from 1 to { $last }.

in-the-box = Your vote is in the box
receipt-chat =
    Receipt: { $receipt }

    It shows that your ballot is in the box, not how you voted. To check at any time: /check { $receipt }
    An SMS about this vote goes to your phone.
receipt-sms = Receipt { $receipt }. To check it later, send CHECK and the receipt.
already-voted = You have voted. One member, one vote.
already-voted-receipt = You have voted. Receipt { $receipt }
vote-again-once = Vote again (once)
vote-again = Vote again
not-me = It was not me
again-code =
    To vote again, type the { $digits } digits from the SMS we have just sent you. Your earlier vote stands until the new one is in the box.

    The code is for your own vote only. Tell it to nobody: no boss, no campaign.
type-again-code = Type the { $digits } digits from the SMS. Your earlier vote stands until then. To leave it as it is, send /start.
redo-too-soon = You can vote again from { $hour } on. Your vote stands.
no-more-redos = You have voted again as often as the rules allow. Your last vote stands.
not-that-vote = This number is not from our last SMS about your vote. Please look at it once more.
withdraw = Withdraw my vote
keep = Leave it in
withdraw-ask-chat = Voting is closed. You can still withdraw your vote, and then it is not counted. For that, type the { $digits } digits from the SMS we have just sent you.
withdraw-ask-sms = To withdraw your vote, reply: { $code } YES. The code is for your own vote only. Tell it to nobody: no boss, no campaign.
withdraw-sure = Withdraw your vote? It will not be counted, and you cannot vote again.
code-first-withdraw = First the code from our SMS, then YES.
withdrawn = Your vote was withdrawn and will not be counted.
not-withdrawn = Your vote stays in the box.

turnout-button = Turnout
turnout = At { $hour }: { $voted } of { $electorate } on the roll have voted ({ $percent }%). Signed in: { $enrolled }. Roll version: { $version }.
check-how = Send it with your receipt: CHECK K7HM-4XTA-36PC.
check-unreadable = This is not a receipt. A receipt has 12 signs, like K7HM-4XTA-36PC.
check-found = The ballot with this receipt is in the box, under bulletin { $bulletin }.
check-waiting = The ballot with this receipt is in the box. The next bulletin will show it.
check-missing = No ballot with this receipt was found. If the receipt is right, tell the committee.
help-chat =
    /start — vote, or go on where you left
    /code — a new code
    /status — where the election stands
    /turnout — how many have voted
    /check — is my ballot in the box
    /complain — a complaint to the committee
    /language — change the language
    /stop — fewer messages
    To find a candidate, type part of a name.
help-sms = VOTE - to vote. AGAIN - to vote again. Also: STATUS, TURNOUT, CHECK and your receipt, COMPLAINT, LANGUAGE, STOP (fewer messages).
stopped-chat = From now on you get only codes and messages about your vote. You can vote as before: /start
stopped-sms = From now on you get only codes and SMS about your vote. You can vote as before: VOTE
open-until = Voting is open until { $hour }.
open-now = Voting is open.
own-not-signed-in = You are not signed in. Send /start.
own-voted = You have voted.
own-not-voted = You have not voted yet.
own-bot = You vote in @{ $bot }: you began there.
own-bot-button = Go to my bot

no-election = There is no voting now.
opens-at = Voting has not begun. It opens at { $hour }.
not-open-yet = Voting has not begun. You will be able to vote here.
paused = Voting is paused. Nothing is lost, go on later.
closed = Voting is closed.
nothing-to-vote-in = There is no voting in your region this time.
invalid-marks = This ballot cannot be cast as it is. Please choose once more.
not-signed-in = Please sign in first: /start
not-own-contact = This does not seem to be your own number. Press “{ share-number }” below.
phone-unreadable = This does not look like a phone number. Type it with its country code, like +7 701 000 00 00.
wrong-code = Wrong code. Tries left: { $left }.
wrong-code-last-chat = Wrong code, and no tries are left. For a new code send /code.
wrong-code-last-sms = Wrong code, and no tries are left. For a new code send VOTE.
code-expired-chat = This code is no longer valid. For a new code send /code.
code-expired-sms = This code is no longer valid. For a new code send VOTE.
code-too-soon = Type the last code. You can ask for a new one in { $seconds } s.
code-too-soon-minutes = Type the last code. You can ask for a new one in { $minutes } min.
no-more-codes = No more codes go to this number. Please ask the committee or go to a polling station.
codes-delayed = Very many people are asking for a code now. Please try again in { $minutes } min.
member-locked = There were many wrong codes, so we closed the sign-in. Please ask the committee.
account-frozen = Several numbers were tried from this account, so it is blocked. Please ask the committee.
account-taken = This number is signed in from another Telegram account, or this account with another number. Please ask the committee.
sms-voting-off = There is no voting by SMS this time. Vote in Telegram or at a polling station.
try-again = Something is wrong on our side. Nothing is lost, please try again in a minute.

bulletin-head = Bulletin { $number }
bulletin-head-final = The last bulletin ({ $number })
bulletin-figures = At { $hour }: { $voted } of { $electorate } on the roll have voted ({ $percent }%). Roll version: { $version }.
bulletin-gained = Since { $since }: { $gained } more.
bulletin-sms = At { $hour }: { $voted } of { $electorate } on the roll have voted ({ $percent }%), { $gained } more since { $since }.
bulletin-sms-first = At { $hour }: { $voted } of { $electorate } on the roll have voted ({ $percent }%).
bulletin-up = Grew most: { $regions }.
bulletin-down = Grew least: { $regions }.
bulletin-log = Head of the log: { $size } leaves, { $root }…
bulletin-check-chat = Check that your vote is in the box: /check
bulletin-check-board = All figures, and how to check them: { $link }
fewer-messages = No more messages like this: /stop
reminder-chat = You have not voted yet. Voting is open and takes a few minutes: /start
reminder-until-chat = You have not voted yet. Voting is open until { $hour } and takes a few minutes: /start
reminder-sms = You have not voted yet. To vote, send VOTE.
reminder-until-sms = You have not voted yet. Voting is open until { $hour }. To vote, send VOTE.

menu-start = Vote
menu-status = Where the election stands
menu-turnout = How many have voted
menu-check = Is my ballot in the box
menu-language = Қазақша / Русский / English
menu-help = Help
