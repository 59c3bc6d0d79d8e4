"""Files of utterances: what visitors may say in one language, and what ought to come of it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from enum import Enum
from pathlib import Path

from lepatrol.model.knowledge import Language
from lepatrol.settings.language_file import DANGERS
from lepatrol.settings.yaml_file import YamlValue, read_yaml


class Expectation(Enum):
    """What ought to come of an utterance."""

    IN_SCOPE = 'in_scope'
    TALK = 'talk'
    FOLLOW_UP = 'follow_ups'
    OUT_OF_SCOPE = 'out_of_scope'
    HOSTILE = 'hostile'
    DANGER = 'danger'
    HARMLESS = 'harmless'


@dataclass(frozen=True, slots=True)
class Utterance:
    """Some turns of a visitor, of which the last is judged.

    ``subjects`` are those that are right, ``holds`` a word the answer must have, ``language`` the one it must be in.
    The ``tuning`` half may be looked at while the greeter is improved, the other one judges it.
    """

    turns: tuple[str, ...]
    expected: Expectation
    tuning: bool
    subjects: tuple[str, ...] = ()
    holds: str = ''
    language: Language = ''


@dataclass(frozen=True, slots=True)
class UtteranceFile:
    """A file of utterances for the knowledge of a site, at a date and time there."""

    language: Language
    knowledge: str
    clock: str
    utterances: tuple[Utterance, ...]


def read_utterances(path: Path) -> UtteranceFile:
    """Read a file of utterances.

    :raises FileError: naming file, line, key and what would be right.
    """
    fields = read_yaml(path).fields(
        required=('language', 'knowledge', 'clock'), optional=[kind.value for kind in Expectation])
    language = fields['language'].written()
    utterances: list[Utterance] = []
    for kind in Expectation:
        if kind.value in fields:
            utterances += _READERS[kind](fields[kind.value], kind, language)
    return UtteranceFile(language, fields['knowledge'].text(), fields['clock'].written(), tuple(utterances))


def _by_subject(value: YamlValue, kind: Expectation, language: Language) -> Iterator[Utterance]:
    for subject, members in value.items():
        if kind is Expectation.DANGER and subject not in DANGERS:
            members.fail(f'{subject!r} is no danger, expected one of {", ".join(DANGERS)}')
        for number, turn in enumerate(members.words()):
            yield Utterance((turn,), kind, number % 2 == 0, tuple(subject.split('|')), language=language)


def _listed(value: YamlValue, kind: Expectation, language: Language) -> Iterator[Utterance]:
    for number, turn in enumerate(value.words()):
        yield Utterance((turn,), kind, number % 2 == 0, language=language)


def _follow_ups(value: YamlValue, kind: Expectation, language: Language) -> Iterator[Utterance]:
    for number, member in enumerate(value.sequence()):
        fields = member.fields(required=('say', 'expect'), optional=('holds', 'language'))
        yield Utterance(
            fields['say'].words(), kind, number % 2 == 0, tuple(fields['expect'].text().split('|')),
            fields['holds'].text() if 'holds' in fields else '',
            fields['language'].written() if 'language' in fields else language)


_READERS: Mapping[Expectation, Callable[[YamlValue, Expectation, Language], Iterator[Utterance]]] = {
    Expectation.IN_SCOPE: _by_subject, Expectation.TALK: _by_subject, Expectation.DANGER: _by_subject,
    Expectation.FOLLOW_UP: _follow_ups, Expectation.OUT_OF_SCOPE: _listed, Expectation.HOSTILE: _listed,
    Expectation.HARMLESS: _listed}
