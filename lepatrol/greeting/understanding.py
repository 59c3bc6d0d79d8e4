"""What a message means, given what was spoken of before."""

from __future__ import annotations

import math
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import date

from lepatrol.greeting import text
from lepatrol.greeting.day_words import DaysAsked, DayWords
from lepatrol.greeting.retrieval import Match
from lepatrol.greeting.topics import Topic, TopicKind, Topics
from lepatrol.model.knowledge import Language, LanguageData
from lepatrol.settings.greeter import AnswerSettings

_CLAUSE_SHARE = 0.93
"""How much a part of a message counts against the whole of it."""
_BEFORE_SHARE = 0.95
"""How much a question counts that is completed by the one before."""
_DAY_BONUS = 0.12
"""What speaking of a day adds to what has opening times."""
_SAME_SCHEDULE_BONUS = 0.25
"""What it adds to the opening times that were spoken of before, where the message goes on from there."""
_CONFIDENCE = (-2.36, 2.89, 0.87, 0.11, -1.43, 2.80, -1.48)
"""What speaks for a topic: nothing, its score, its lead, strange words, the rarest word, words found, words left over.

A logistic regression over strangers' sentences in all languages: half of the second set, which nothing else was tuned
on.
"""
_CONTENT = 0.35
"""Words that count more than this say by themselves what a part of a message is about."""
_ANY_CONTENT = 0.2
"""Words that count less than this say nothing of what a message is about."""
_SURE_OF_TALK = 0.65
"""What fits small talk and orders to the greeter less well than this is not taken for them."""
_SURE_OF_SMALL_WORDS = 0.8
"""The same where it has no other words than small ones: ``what are you?``."""
_FEW_WORDS = 4
_TALK = (TopicKind.TALK, TopicKind.ACT)
_MOST_CHOICES = 3


@dataclass(frozen=True, slots=True)
class Context:
    """What was spoken of before in a conversation."""

    topic: Topic | None = None
    days: tuple[date, ...] = ()
    question: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Meaning:
    """What a message means: the topics that fit, the best first; several where it cannot be told which."""

    topics: tuple[Topic, ...]
    score: float
    days: tuple[date, ...] = ()
    now: bool = False
    question: tuple[str, ...] = ()
    best: Topic | None = None
    """The topic that fits best, also where it does not fit well enough."""


@dataclass(frozen=True, slots=True)
class _Fit:
    """How well a topic fits a message, or a part of it that counts ``share``."""

    match: Match
    share: float
    bonus: float = 0.0

    @property
    def score(self) -> float:
        """Return how well it fits: 1 where it is asked in the very words."""
        return self.share * self.match.score + self.bonus

    @property
    def rank(self) -> float:
        """Return the value that topics are ordered by."""
        return self.share * self.match.rank + self.bonus

    def confidence(self, lead: float) -> float:
        """Return the probability that it is what is meant and not something that nobody knows of.

        ``lead`` is by how much its score is above that of the next.
        """
        match = self.match
        evidence = (1.0, self.score, lead, match.strange, match.rarest, match.found, match.left)
        return 1.0 / (1.0 + math.exp(-sum(weight * each for weight, each in zip(_CONFIDENCE, evidence, strict=True))))


class Understanding:
    """Finds what messages mean."""

    def __init__(self, topics: Topics, settings: AnswerSettings) -> None:
        """Take what can be spoken of, and how sure one must be."""
        self._topics = topics
        self._settings = settings
        self._days = {code: DayWords(data.dates) for code, (data, _) in topics.languages.items()}
        self._courtesies = {code: _courtesies(data) for code, (data, _) in topics.languages.items()}
        self._goes_on = {code: sorted((text.tokens(phrase) for phrase in data.goes_on), key=len, reverse=True)
                         for code, (data, _) in topics.languages.items()}

    def understand(
        self, message: str, language: Language, today: date, before: Context, *, but: Collection[TopicKind] = (),
    ) -> Meaning:
        """Return what a message means; topics of the kinds in ``but`` it cannot mean."""
        message = self._matter_of(message, language)
        words, goes_on = self._beginning(text.tokens(message), language)
        asked = self._days[language].find(words, today, before.days[-1] if before.days else None)
        if not self._has_content(asked.rest, language, _ANY_CONTENT):
            return self._about_days(asked, before) or self._of_small_words(asked, language)
        fits = {topic: fit for topic, fit in self._fits(message, asked, language, goes_on, before).items()
                if topic.kind not in but}
        if not fits:
            return Meaning((), 0.0, question=asked.rest)
        ranked = sorted(fits.items(), key=lambda each: -each[1].rank)
        ranked = [each for each in ranked if each[0].kind not in _TALK or each[1].score >= _SURE_OF_TALK] or ranked[:1]
        best, fit = ranked[0]
        if best.kind is TopicKind.ELSEWHERE:
            return Meaning((), 0.0, asked.days, asked.now, asked.rest, best)
        if best.kind in _TALK:
            meant = Meaning((), min(fit.score, 1.0), asked.days, asked.now, asked.rest, best)
            return replace(meant, topics=(best,)) if fit.score >= _SURE_OF_TALK else meant
        lead = fit.score - (ranked[1][1].score if len(ranked) > 1 else 0.0)
        meant = Meaning((), fit.confidence(lead), asked.days, asked.now, asked.rest, best)
        return replace(meant, topics=self._choices(ranked)) if meant.score >= self._settings.threshold else meant

    def _choices(self, ranked: Sequence[tuple[Topic, _Fit]]) -> tuple[Topic, ...]:
        """Return the best topic, with the other facts that fit nearly as well where it is not sure."""
        best, fit = ranked[0]
        if best.kind is not TopicKind.FACT or fit.score >= self._settings.sure:
            return (best,)
        ties = [topic for topic, other in ranked
                if topic.kind is TopicKind.FACT and other.rank >= fit.rank - self._settings.clarify_margin]
        return tuple(ties[:_MOST_CHOICES])

    def _fits(
        self, message: str, asked: DaysAsked, language: Language, goes_on: bool, before: Context,
    ) -> dict[Topic, _Fit]:
        fits: dict[Topic, _Fit] = {}

        def add(found: Sequence[tuple[Topic, Match]], share: float) -> None:
            for topic, match in found:
                fit = _Fit(match, share)
                if topic not in fits or fit.rank > fits[topic].rank:
                    fits[topic] = fit

        add(self._topics.search(language, asked.rest), 1.0)
        parts = text.clauses(message)
        if len(parts) > 1:
            for part in parts:
                kept = [word for word in text.tokens(part) if word in asked.rest]
                if self._has_content(kept, language):
                    add(self._topics.search(language, kept), _CLAUSE_SHARE)
        if goes_on and before.question:
            add(self._topics.search(language, asked.rest, before.question), _BEFORE_SHARE)
        if asked.any:
            for topic, fit in fits.items():
                if self._has_schedule(topic):
                    same = goes_on and topic == before.topic
                    fits[topic] = replace(fit, bonus=_SAME_SCHEDULE_BONUS if same else _DAY_BONUS)
        return fits

    def _matter_of(self, message: str, language: Language) -> str:
        """Return a message without the parts that are mere courtesy, where there is more: ``hello, may I smoke?``."""
        parts = text.clauses(message)
        matter = [part for part in parts if not self._courtesies[language].issuperset(text.tokens(part))
                  and self._has_content(text.tokens(part), language)]
        return ', '.join(matter) if matter and len(matter) < len(parts) else message

    def _about_days(self, asked: DaysAsked, before: Context) -> Meaning | None:
        """Return the meaning of a message that says no more than when: the opening times spoken of before."""
        if asked.any and before.topic and self._has_schedule(before.topic):
            return Meaning((before.topic,), 1.0, asked.days, asked.now, before.question, before.topic)
        return None

    def _of_small_words(self, asked: DaysAsked, language: Language) -> Meaning:
        """Return the meaning of a message without any other words: small talk that is made of them, or nothing."""
        found = self._topics.search(language, asked.rest)
        if found and found[0][0].kind is TopicKind.TALK and found[0][1].score >= _SURE_OF_SMALL_WORDS:
            topic, match = found[0]
            return Meaning((topic,), min(match.score, 1.0), question=asked.rest, best=topic)
        return Meaning((), 0.0, question=asked.rest)

    def _beginning(self, words: list[str], language: Language) -> tuple[list[str], bool]:
        """Return words without what says that they go on from before, and whether they do."""
        for phrase in self._goes_on[language]:
            if len(words) > len(phrase) and words[:len(phrase)] == phrase:
                return words[len(phrase):], True
            joined = phrase[0] if len(phrase) == 1 and len(phrase[0]) == 1 else ''
            attached = joined and self._topics.languages[language][0].prefixes and len(words) <= _FEW_WORDS
            if attached and words and words[0].startswith(joined) and len(words[0]) > 3:
                return [words[0][1:], *words[1:]], True
        return words, False

    def _has_content(self, words: Sequence[str], language: Language, least: float = _CONTENT) -> bool:
        vocabulary = self._topics.languages[language][1]
        return any(vocabulary.class_weight(word) > least for word in words)

    def _has_schedule(self, topic: Topic) -> bool:
        return topic.kind is TopicKind.FACT and bool(self._topics.facts[topic.name].schedule)


def _courtesies(language: LanguageData) -> frozenset[str]:
    """Return the words of what is said before and after what one is about."""
    phrases = [phrase for name in ('hello', 'thanks', 'bye') for phrase in language.talk[name].ask]
    return frozenset(token for phrase in (*phrases, *language.acts['repeat'], *language.courtesy)
                     for token in text.tokens(phrase))
