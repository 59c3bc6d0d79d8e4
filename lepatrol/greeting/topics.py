"""What can be spoken of, in every language: the site's knowledge, small talk, and what a visitor has the greeter do."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum

from lepatrol.greeting import text
from lepatrol.greeting.retrieval import Index, Match
from lepatrol.greeting.vocabulary import Vocabulary
from lepatrol.model.knowledge import Fact, Knowledge, Language, LanguageData, Place


class TopicKind(Enum):
    """What speaking of a topic means."""

    FACT = 'fact'
    PLACE = 'place'
    WITHHELD = 'withheld'
    TALK = 'talk'
    ACT = 'act'
    ELSEWHERE = 'elsewhere'


@dataclass(frozen=True, slots=True)
class Topic:
    """Something that a visitor can mean."""

    kind: TopicKind
    name: str


class Topics:
    """All topics of a site; of what is withheld it holds the ways to ask, and nothing that could be told."""

    def __init__(self, knowledge: Knowledge, languages: Mapping[Language, LanguageData]) -> None:
        """Index everything in each of the site's languages."""
        self.languages = {code: (languages[code], Vocabulary(languages[code])) for code in knowledge.languages}
        self.facts: Mapping[str, Fact] = knowledge.facts
        self.places: Mapping[str, Place] = knowledge.places
        self.schedules = knowledge.schedules
        self.kept_days = knowledge.transcripts_kept_days
        self.words: dict[Language, frozenset[str]] = {}
        """The words of all ways to ask."""
        self._indices: dict[Language, Index] = {}
        self._topics: dict[str, Topic] = {}
        for code, (data, vocabulary) in self.languages.items():
            asked = {self._name(topic): [text.tokens(phrase) for phrase in phrases]
                     for topic, phrases in _asked(knowledge, data)}
            self.words[code] = frozenset(word for phrases in asked.values() for phrase in phrases for word in phrase)
            self._indices[code] = Index(vocabulary, asked.items())

    def search(
        self, language: Language, question: Sequence[str], dimmed: Sequence[str] = (),
    ) -> list[tuple[Topic, Match]]:
        """Return the topics that a question may mean with how well it fits, the best first."""
        return [(self._topics[match.subject], match) for match in self._indices[language].search(question, dimmed)]

    def label(self, topic: Topic, language: Language) -> str:
        """Return the words in which a clarifying question names a fact or place."""
        if topic.kind is TopicKind.PLACE:
            return self.places[topic.name].names[language][0]
        return self.facts[topic.name].sayings[language].ask[0]

    def _name(self, topic: Topic) -> str:
        name = f'{topic.kind.value}:{topic.name}'
        self._topics[name] = topic
        return name


def _asked(knowledge: Knowledge, language: LanguageData) -> Iterator[tuple[Topic, Sequence[str]]]:
    code = language.code
    for fact in knowledge.facts.values():
        yield Topic(TopicKind.FACT, fact.name), fact.sayings[code].ask
    for place in knowledge.places.values():
        yield Topic(TopicKind.PLACE, place.name), place.names[code]
    for withheld in knowledge.withheld.values():
        yield Topic(TopicKind.WITHHELD, withheld.name), withheld.ask[code]
    for name, saying in language.talk.items():
        yield Topic(TopicKind.TALK, name), saying.ask
    for name, phrases in language.acts.items():
        yield Topic(TopicKind.ACT, name), phrases
    for name, phrases in language.elsewhere.items():
        yield Topic(TopicKind.ELSEWHERE, name), phrases
