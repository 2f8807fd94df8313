"""What a member is told by SMS when the committee has done something about her, in her language."""

from functools import cached_property

from handlers.speech import Language
from handlers.texts import LANGUAGES, Texts


class MemberLetters:
    """election.deeds.members.Wording, and the words to a new number. The texts are read when the first is needed."""

    @cached_property
    def _texts(self) -> Texts:
        return Texts()

    def unlocked(self, language: str) -> str:
        """See Wording."""
        return self._texts.said(known(language), "member-unlocked")

    def confirmed(self, language: str, member: str) -> str:
        """See Wording."""
        return self._texts.said(known(language), "member-confirmed", member=member)

    def voided(self, language: str) -> str:
        """See Wording."""
        return self._texts.said(known(language), "member-voided")

    def redo(self, language: str) -> str:
        """See Wording."""
        return self._texts.said(known(language), "member-redo")

    def number_coming(self, language: str, phone: str, hour: str, digits: str, *, answered_by_sms: bool) -> str:
        """See Wording."""
        key = "number-coming" if answered_by_sms else "number-coming-no-sms"
        return self._texts.said(known(language), key, phone=phone, hour=hour, digits=digits)

    def number_changed(self, language: str) -> str:
        """To the new number: it is hers now."""
        return self._texts.said(known(language), "number-changed")


def known(language: str) -> Language:
    """A language of ours; Kazakh where the roll names another or none."""
    return next((each for each in LANGUAGES if each == language), "kk")
