"""Taking a report: what, where, when and who, in turn, until the visitor says that it is right."""

from __future__ import annotations

from dataclasses import replace
from enum import Enum

from lepatrol.greeting import text
from lepatrol.model.chat import Report
from lepatrol.model.knowledge import LanguageData
from lepatrol.settings.language_file import FIELDS

_MOST_CHARACTERS = 200
_FEW_WORDS = 3


class Step(Enum):
    """Where a report stands."""

    ASKING = 'asking'
    CONFIRMING = 'confirming'
    CORRECTING = 'correcting'
    CONFIRMED = 'confirmed'


class ReportForm:
    """One report while it is taken; what is asked next follows from what is still open."""

    def __init__(self) -> None:
        """Begin with nothing known."""
        self.report = Report()
        self.step = Step.ASKING
        self._field = FIELDS[0]
        self._changing = False

    def question(self, language: LanguageData) -> str:
        """Return what is asked now."""
        sentences = language.sentences
        if self.step is Step.CONFIRMING:
            return sentences['read_back'].format(**{name: self._quoted(name, language) for name in FIELDS})
        if self.step is Step.CORRECTING:
            return sentences['ask_correction']
        return sentences[f'ask_{self._field}']

    def answer(self, message: str, language: LanguageData) -> None:
        """Take what the visitor says to the question."""
        if self.step is Step.CONFIRMING:
            self._confirm(message, language)
        elif self.step is Step.CORRECTING:
            self._correct(message, language)
        else:
            self._fill(message, language)

    def _fill(self, message: str, language: LanguageData) -> None:
        correction = self._names_field(message, language)
        if correction and correction[0] != self._field and correction[1]:
            self._set(correction[0], correction[1], language)
            return
        self._set(self._field, message, language)
        following = FIELDS.index(self._field) + 1
        if self._changing or following == len(FIELDS):
            self.step, self._changing = Step.CONFIRMING, False
        else:
            self._field = FIELDS[following]

    def _confirm(self, message: str, language: LanguageData) -> None:
        words = text.tokens(message)
        if _begins_with(words, language.refused):
            rest = self._names_field(message, language)
            if rest:
                self._change(*rest, language)
            else:
                self.step = Step.CORRECTING
        elif _begins_with(words, language.agreed):
            self.step = Step.CONFIRMED
        else:
            self._correct(message, language)

    def _correct(self, message: str, language: LanguageData) -> None:
        named = self._names_field(message, language)
        if named:
            self._change(*named, language)
        elif self.step is Step.CORRECTING and _begins_with(text.tokens(message), language.agreed):
            self.step = Step.CONFIRMING
        else:
            self.step = Step.CORRECTING

    def _change(self, field: str, value: str, language: LanguageData) -> None:
        """Take a new value for a field, or ask for it where none is given."""
        if value:
            self._set(field, value, language)
            self.step = Step.CONFIRMING
        else:
            self._field, self.step, self._changing = field, Step.ASKING, True

    def _set(self, field: str, value: str, language: LanguageData) -> None:
        unknown = text.tokens(value) in [text.tokens(phrase) for phrase in language.unknown]
        self.report = replace(self.report, **{field: '' if unknown else value[:_MOST_CHARACTERS]})

    @staticmethod
    def _names_field(message: str, language: LanguageData) -> tuple[str, str] | None:
        """Return the field that a correction names, and what is said after it: ``where: at the gate``."""
        head, mark, rest = message.partition(':')
        words = text.tokens(head)
        if len(words) > _FEW_WORDS + (0 if mark else 1):
            return None
        for field in FIELDS:
            if any(token in words for word in language.fields[field] for token in text.tokens(word)):
                return field, rest.strip()
        return None

    def _quoted(self, field: str, language: LanguageData) -> str:
        value = str(getattr(self.report, field))
        if not value:
            return language.sentences['not_said']
        return language.quotes[0] + value + language.quotes[1]


def _begins_with(words: list[str], phrases: tuple[str, ...]) -> bool:
    return any(words[:len(phrase)] == phrase for phrase in (text.tokens(each) for each in phrases) if phrase)
