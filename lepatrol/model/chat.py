"""What visitors, the greeter and the desk say to each other."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from lepatrol.model.knowledge import Language


@dataclass(frozen=True, slots=True)
class Heard:
    """A visitor's message; visitors are told apart by their conversation, '' is the one of plain strings."""

    text: str
    conversation: str = ''
    language: Language = ''
    """The language the visitor has chosen, '' where it is to be seen from the text."""


class ReplyKind(Enum):
    """What a reply does."""

    ANSWER = 'answer'
    WAY = 'way'
    TALK = 'talk'
    CLARIFY = 'clarify'
    UNKNOWN = 'unknown'
    WITHHELD = 'withheld'
    DANGER = 'danger'
    PERSON = 'person'
    REPORT = 'report'
    CONTROL = 'control'
    GREETING = 'greeting'
    FAREWELL = 'farewell'
    BADGE = 'badge'
    LEAD = 'lead'
    DESK = 'desk'
    """A person at the desk says it."""


@dataclass(frozen=True, slots=True)
class Reply:
    """What a visitor is told, sentence by sentence.

    ``subject`` is the name of the fact, place, talk or danger it is about, ``path`` the waypoints of a way.
    """

    conversation: str
    language: Language
    kind: ReplyKind
    sentences: tuple[str, ...]
    subject: str = ''
    path: tuple[str, ...] = ()
    fixed: int = 0
    """So many sentences at the beginning are said as they are, whoever words the others."""
    choices: tuple[str, ...] = ()
    """The subjects a clarifying question names."""

    @property
    def text(self) -> str:
        """Return all that is said."""
        return ' '.join(self.sentences)


class DeskEventKind(Enum):
    """Why the desk hears of a conversation."""

    DANGER = 'danger'
    PERSON = 'person'
    REPORT = 'report'
    BADGE = 'badge'


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a transcript: ``who`` is ``visitor``, ``greeter`` or ``desk``."""

    stamp_s: float
    who: str
    text: str


@dataclass(frozen=True, slots=True)
class Report:
    """What a visitor reported, in his own words; '' is what he could not say."""

    what: str = ''
    where: str = ''
    when: str = ''
    who: str = ''


@dataclass(frozen=True, slots=True)
class DeskEvent:
    """Something in a conversation that a person at the desk must know at once."""

    number: int
    stamp_s: float
    kind: DeskEventKind
    conversation: str
    language: Language
    subject: str
    """The kind of danger, why a person is wanted, or what a badge was worth."""
    transcript: tuple[Line, ...]
    report: Report | None = None


@dataclass(frozen=True, slots=True)
class DeskOrder:
    """What a person at the desk says to a visitor; with ``release`` the greeter goes on by itself."""

    conversation: str
    text: str = ''
    release: bool = False
