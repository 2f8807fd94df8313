# One term for one thing: docs/glossary.md. Short sentences, the deed first.
choose-language = Тілді таңдаңыз. Выберите язык. Choose your language.
awaiting-language = Choose a language: 1 Қазақша, 2 Русский, 3 English.

ask-contact =
    To vote, press “{ share-number }” below. A one-time code will come to that number by SMS.

    One member, one phone, one vote.
ask-phone = To vote, type your mobile number with its country code, like +7 701 000 00 00. A one-time code will come to it by SMS.
share-number = Share my number
awaiting-contact = Press “{ share-number }” below to go on.

code-sent =
    If { $phone } is on the roll, an SMS with a code of { $digits } digits is on its way. Type it here.

    The code is for your own vote only. Tell it to nobody: no boss, no campaign.
    No SMS in two minutes? Send /code. If nothing comes again, your number may not be on the roll: ask the committee.
type-code = Type the { $digits } digits from the SMS. For a new code send /code, to change the number send /start.
code-letter = Code { $code } for your own vote only. Tell it to nobody: no boss, no campaign. Type it only in the chat where you asked for it.
vote-notice-telegram = Your vote was accepted at { $hour } by Telegram. Not you? Tell the committee at once.
vote-notice-sms = Your vote was accepted at { $hour } by SMS. Not you? Tell the committee at once.

contest-of = { $number } of { $all }.
choose-one-chat = Choose one.
choose-one-sms = Choose one:
choose-several-chat = Choose up to { $choose }, then press “{ next }”. Chosen: { $chosen }.
choose-several-sms = Choose up to { $choose }:
found = Found by “{ $query }”:
too-many = You can choose { $choose } at most.
choose-at-least-one = Choose at least one.
awaiting-choice-chat = Press a name above, or type a number from 1 to { $last }.
awaiting-choice-sms = Reply with a number from 1 to { $last }.
awaiting-choices-chat = Press names above and then “{ next }”, or type up to { $choose } numbers from 1 to { $last }, like this: 1 2.
awaiting-choices-sms = Reply with numbers from 1 to { $last }, up to { $choose } of them, like this: 1 2.
page-before = ◀
page-after = ▶
show-all = Show all
word-all = ALL
leave-blank = Leave blank
back = Back
next = Next
answer-by-number = Reply with the number.
answer-with-code-contest = Reply with the code and the number: { $code } 2. The code is for your own vote only, tell it to nobody: no boss, no campaign.
answer-with-code-review = Reply with the code and YES: { $code } YES. Tell the code to nobody: no boss, no campaign.
code-first = Begin with the code from the SMS: code, then your answer. For a new code send VOTE.

review = Your ballot
blank = blank
cast = Cast my vote
change = Change
word-yes = YES
word-no = NO
awaiting-cast-chat = Your ballot is not cast yet. Press “{ cast }” or “{ change }”.
awaiting-cast-sms = Your ballot is not cast yet. Reply YES to cast it or NO to change it.
what-to-change = What would you like to change?
awaiting-change = Choose with a number from 1 to { $last }.

in-the-box = Your vote is in the box
receipt-chat =
    Receipt: { $receipt }

    It shows that your ballot is counted in and not how you voted. Check it at any time: /check { $receipt }
    An SMS about this vote goes to your phone.
receipt-sms = Receipt { $receipt }. To check it later send CHECK { $receipt }
already-voted = You have voted. One member, one vote.
already-voted-receipt = You have voted. One member, one vote. Receipt: { $receipt }

turnout-button = Turnout
turnout = At { $hour }: { $voted } of { $electorate } on the roll have voted ({ $percent } %). Roll version { $version }. Signed in: { $enrolled }.
check-how = Send the receipt after the word: CHECK K7HM-4XTA-36PC.
check-unreadable = This is not a receipt. Look at it once more: 12 signs, like K7HM-4XTA-36PC.
check-found = A ballot with this receipt is in the box.
check-missing = No ballot with this receipt is in the box. If you are sure of it, tell the committee.
help-chat =
    /start — vote, or go on where you left
    /status — where the election stands
    /turnout — how many have voted
    /check — is my ballot in the box
    /language — change the language
help-sms = Send VOTE to vote, STATUS, TURNOUT, CHECK and your receipt, LANGUAGE, or STOP for no more messages.
stopped-chat = No more messages from us, only codes and notices of your vote. You can vote as before: /start
stopped-sms = No more messages from us, only codes and notices of your vote. You can vote as before: VOTE
open-until = Voting is open until { $hour }.
open-now = Voting is open.
own-not-signed-in = You are not signed in. Send /start.
own-voted = You have voted.
own-not-voted = You have not voted yet.

no-election = There is no voting here now.
opens-at = Voting has not begun. It opens at { $hour }. You need do nothing until then.
not-open-yet = Voting has not begun. You will be able to vote here when it opens.
paused = Voting is paused. Your draft is kept, come back later.
closed = Voting is closed.
nothing-to-vote-in = There is no voting in your region this time.
invalid-marks = This ballot cannot be cast as it is. Please choose once more.
not-signed-in = Please sign in first: /start
not-own-contact = This is not your own number. Press “{ share-number }” below.
phone-unreadable = This does not look like a phone number. Type it with its country code, like +7 701 000 00 00.
wrong-code = Wrong code. Tries left: { $left }.
wrong-code-last-chat = Wrong code, and no tries are left for it. For a new code send /code.
wrong-code-last-sms = Wrong code, and no tries are left for it. For a new code send VOTE.
code-expired-chat = This code is no longer valid. For a new code send /code.
code-expired-sms = This code is no longer valid. For a new code send VOTE.
code-too-soon = A code was sent not long ago. Use it, or ask again in { $seconds } s.
code-too-soon-minutes = Several codes have been sent already. Use the newest, or ask again in { $minutes } min.
no-more-codes = No more codes can be sent to this number. Please go to the committee or vote on paper.
codes-delayed = Very many people are asking for codes now. Please ask again in { $minutes } min.
member-locked = Too many wrong codes. To protect your vote it is locked: the committee can unlock it.
account-frozen = Several numbers were tried from this account, so it is blocked. Please go to the committee.
account-taken = This number is signed in from another Telegram account, or this account with another number. Please go to the committee.
sms-voting-off = There is no voting by SMS in this election. Vote in Telegram or at a polling station.
try-again = Something is not working on our side. Nothing is lost, please try again in a minute.

menu-start = Vote
menu-status = Where the election stands
menu-turnout = How many have voted
menu-check = Is my ballot in the box
menu-language = Қазақша / Русский / English
menu-help = Help
