"""Which of the things that are known a visitor asks for, and how sure that is.

Every way to ask is a bag of stems, each weighted by how few subjects it belongs to. A question is compared with each
of them from both sides: how much of the question is found in it, and how much of it in the question. A word that is
found in nothing counts against everything, which is what keeps the answer to questions about other matters low.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from rapidfuzz.distance import OSA
from rapidfuzz.process import cdist

from lepatrol.greeting.vocabulary import Vocabulary
from lepatrol.model.geometry import Floats

_ONE_SLIP = 0.85
_TWO_SLIPS = 0.7
_SAME_BEGINNING = 0.75
_SHORTEST_WITH_A_SLIP = 4
_SHORTEST_WITH_TWO = 8
_SHORTEST_BEGINNING = 5
_QUESTION_SHARE = 0.6
"""How much the side of the question counts against that of the way to ask."""
_PHRASE_SHARE = 0.55
"""How much the best way to ask counts against all of a subject's words together."""
_OWNERSHIP = 0.2
"""How much it counts that other subjects have a word in a larger part of their ways to ask: 0 not at all, 1 fully."""
_FEW_PHRASES = 10
"""So many ways to ask are added to those of each subject when parts are compared: of few a part says little."""
_FOUND_RANK, _RAREST_RANK = 0.63, 0.42
"""Fitted to half of the second set of strangers' sentences, on which nothing else was tuned (softmax over the best)."""


@dataclass(frozen=True, slots=True)
class Match:
    """A subject, and how well a question fits it: ``score`` is 1 where it is asked in the very words.

    ``found`` is the weight of the question's words that the subject has and ``rarest`` that of the one that counts
    most, ``left`` the weight of those that only other subjects have, and ``strange`` the share of what nobody knows.
    """

    subject: str
    score: float
    found: float = 0.0
    rarest: float = 0.0
    left: float = 0.0
    strange: float = 0.0

    @property
    def rank(self) -> float:
        """Return the value that subjects are ordered by: several words that fit say more than a single rare one."""
        return self.score + _FOUND_RANK * self.found - _RAREST_RANK * self.rarest


class Index:
    """The ways to ask in one language, for all subjects."""

    def __init__(self, vocabulary: Vocabulary, asked: Iterable[tuple[str, Sequence[list[str]]]]) -> None:
        """Take each subject's name with the tokens of every way to ask for it."""
        self._vocabulary = vocabulary
        subjects = [(name, [phrase for phrase in phrases if phrase]) for name, phrases in asked]
        self.subjects = tuple(name for name, phrases in subjects if phrases)
        weights: dict[str, float] = {}
        forms: dict[str, str] = {}
        rows: list[dict[str, float]] = []
        owners: list[int] = []
        for number, phrases in enumerate(phrases for _, phrases in subjects if phrases):
            for phrase in phrases:
                row: dict[str, float] = {}
                for token in phrase:
                    stem, weight = vocabulary.stem(token), vocabulary.class_weight(token)
                    row[stem] = weights[stem] = max(weight, weights.get(stem, 0.0))
                    forms[token] = forms[vocabulary.without_prefix(token)] = stem
                rows.append(row)
                owners.append(number)
        forms.update({token: stem for token in vocabulary.synonyms if (stem := vocabulary.stem(token)) in weights})
        self._stems = tuple(weights)
        place = {stem: number for number, stem in enumerate(self._stems)}
        self._place = place
        self._forms = tuple(forms)
        self._known = frozenset(forms)
        self._form_stems = np.array([place[stem] for stem in forms.values()], dtype=np.int64)
        self._form_lengths = np.array([len(form) for form in forms])
        self._form_beginnings = np.array([ord(form[0]) for form in forms])
        self._beginnings: dict[str, list[int]] = {}
        for stem, number in place.items():
            self._beginnings.setdefault(stem[:_SHORTEST_BEGINNING], []).append(number)
        # A question has few of the stems, and each stands in few of the phrases.
        phrases_with: list[list[int]] = [[] for _ in self._stems]
        self._held = np.zeros((len(self._stems), len(self.subjects)), dtype=np.float32)
        for number, (row, owner) in enumerate(zip(rows, owners, strict=True)):
            for stem in row:
                phrases_with[place[stem]].append(number)
                self._held[place[stem], owner] += 1.0
        self._phrases_with = tuple(np.array(numbers, dtype=np.int32) for numbers in phrases_with)
        self._owners = np.array(owners, dtype=np.int64)
        self._held /= np.bincount(self._owners) + _FEW_PHRASES
        self._held /= self._held.max(axis=1, keepdims=True)
        self._held **= _OWNERSHIP
        rarity = np.log(1.0 + len(self.subjects) / np.maximum(self._held.sum(axis=1), 1.0))
        self._rarity = rarity / max(np.log(1.0 + len(self.subjects)), 1e-9)
        self._classes = np.array(list(weights.values()))
        self._weights = self._rarity * self._classes
        self._phrase_weights = np.maximum(
            [sum(self._weights[place[stem]] for stem in row) for row in rows], 1e-6)

    def search(self, question: Sequence[str], dimmed: Sequence[str] = ()) -> list[Match]:
        """Return all subjects that share a word with a question, the best first.

        ``dimmed`` are tokens of what was asked before: they count half.
        """
        question = self._joined(question)
        asked = [(token, 1.0) for token in question] + [(token, 0.5) for token in dimmed if token not in question]
        if not asked or not self._stems:
            return []
        alike = self._alike([token for token, _ in asked])
        kinds = np.array([self._vocabulary.class_weight(token) * share for token, share in asked])
        known = alike.max(axis=1) > 0.0
        best = alike.argmax(axis=1)
        weights = kinds * np.where(known, self._rarity[best], 1.0)
        total = float(weights.sum())
        if total <= 0.0:
            return []
        in_phrases = weights @ self._in_phrases(alike) / total
        words_in_subjects = self._in_subjects(alike)
        found_in = weights @ words_in_subjects
        rarest_in = (weights[:, np.newaxis] * words_in_subjects).max(axis=0)
        known_weight, strange = float(weights @ known), float(kinds @ ~known / kinds.sum())
        likeness = alike.max(axis=0)
        of_phrases = np.zeros(len(self._owners))
        for place in np.nonzero(likeness)[0].tolist():
            of_phrases[self._phrases_with[place]] += self._weights[place] * likeness[place]
        of_phrases /= self._phrase_weights
        phrases = in_phrases ** _QUESTION_SHARE * of_phrases ** (1.0 - _QUESTION_SHARE)
        best_phrase = np.zeros(len(self.subjects))
        np.maximum.at(best_phrase, self._owners, phrases)
        scores = _PHRASE_SHARE * best_phrase + (1.0 - _PHRASE_SHARE) * found_in / total
        matches = [
            Match(self.subjects[number], float(scores[number]), float(found_in[number]), float(rarest_in[number]),
                  known_weight - float(found_in[number]), strange)
            for number in np.nonzero(scores)[0]]
        return sorted(matches, key=lambda match: -match.rank)

    def _joined(self, question: Sequence[str]) -> list[str]:
        """Return a question in which two words that are known as one (``wheel chair``) are one."""
        joined: list[str] = []
        for token in question:
            small = joined and (self._vocabulary.is_function(joined[-1]) or self._vocabulary.is_function(token))
            if joined and not small and joined[-1] + token in self._known:
                joined[-1] += token
            else:
                joined.append(token)
        return joined

    def _alike(self, question: Sequence[str]) -> Floats:
        """Return how alike each token of a question is to each stem that is known: (question, known)."""
        alike = np.zeros((len(question), len(self._stems)))
        strange: list[int] = []
        for row, token in enumerate(question):
            column = self._place.get(self._vocabulary.stem(token))
            # A word with a meaning of its own that has the stem of a small word only is not known by that.
            if column is None or self._vocabulary.class_weight(token) > self._classes[column]:
                strange.append(row)
            else:
                # A word that is known as it stands is no slip of another.
                alike[row, column] = 1.0
        if strange:
            self._guess([question[row] for row in strange], strange, alike)
        return alike

    def _guess(self, tokens: Sequence[str], rows: Sequence[int], alike: Floats) -> None:
        """Enter which known stems strange tokens are slips of, or begin like."""
        bare = [(row, shorter) for row, token in zip(rows, tokens, strict=True)
                if (shorter := self._vocabulary.without_prefix(token)) != token]
        rows, tokens = [*rows, *(row for row, _ in bare)], [*tokens, *(token for _, token in bare)]
        slips = cdist(tokens, self._forms, scorer=OSA.distance, score_cutoff=2, dtype=np.uint8)
        lengths = np.array([[len(token)] for token in tokens])
        shorter, longer = np.minimum(lengths, self._form_lengths), np.maximum(lengths, self._form_lengths)
        values = np.where((slips == 2) & (shorter >= _SHORTEST_WITH_TWO), _TWO_SLIPS, 0.0)
        # Of two short words of the same length with a letter between them each is mostly a word of its own.
        values[(slips <= 1) & (shorter >= _SHORTEST_WITH_A_SLIP) & (longer > _SHORTEST_WITH_A_SLIP)] = _ONE_SLIP
        # Hardly anybody errs in the first letter: "bake" is no cake.
        values[np.array([[ord(token[0])] for token in tokens]) != self._form_beginnings] = 0.0
        for row, token, likeness in zip(rows, tokens, values, strict=True):
            np.maximum.at(alike[row], self._form_stems, likeness)
            stem = self._vocabulary.stem(token)
            for column in self._beginnings.get(stem[:_SHORTEST_BEGINNING], ()):
                known = self._stems[column]
                if min(len(stem), len(known)) >= _SHORTEST_BEGINNING and (
                        known.startswith(stem) or stem.startswith(known)):
                    alike[row, column] = max(alike[row, column], _SAME_BEGINNING)

    def _in_phrases(self, alike: Floats) -> Floats:
        """Return how far each way to ask has each of the question's words: (question, ways)."""
        covered = np.zeros((len(alike), len(self._owners)))
        for words, row in zip(covered, alike, strict=True):
            for place in np.nonzero(row)[0].tolist():
                phrases = self._phrases_with[place]
                words[phrases] = np.maximum(words[phrases], row[place])
        return covered

    def _in_subjects(self, alike: Floats) -> Floats:
        """Return how far each subject has each of the question's words: (question, subjects)."""
        covered = np.zeros((len(alike), len(self.subjects)))
        for number, row in enumerate(alike):
            places = np.nonzero(row)[0]
            if len(places):
                covered[number] = (self._held[places] * row[places, np.newaxis]).max(axis=0)
        return covered
