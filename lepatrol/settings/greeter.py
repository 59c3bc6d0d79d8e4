"""Settings of the greeter."""

from __future__ import annotations

from dataclasses import dataclass

from lepatrol.settings.presence import PresenceSettings
from lepatrol.settings.schema import Settings, group, setting


@dataclass(frozen=True)
class AnswerSettings(Settings):
    """How sure the greeter must be of what is meant."""

    threshold: float = setting(
        0.6, 'How sure it must be that what fits best is what is meant, from 0 to 1; below, it says that it does not '
        'know. `lepatrol chat --evaluate FILE --curve PNG` shows what other thresholds would do.', low=0.0, high=1.0)
    clarify_margin: float = setting(
        0.03, 'Between facts that fit this nearly as well as the best one, the visitor is asked which is meant.',
        low=0.0, high=1.0)
    sure: float = setting(0.8, 'A fact that fits this well is answered without asking back.', low=0.0, high=1.0)
    failures: int = setting(2, 'After this many questions in a row that it cannot answer, a person is called.',
                            low=1, high=100)


@dataclass(frozen=True)
class BoundSettings(Settings):
    """What one visitor may send."""

    characters: int = setting(400, 'Longest message that is answered; danger is looked for in four times as much.',
                              low=40, high=4000)
    messages: int = setting(8, 'Most messages of one conversation in the window; danger is heard beyond.',
                            low=1, high=1000)
    window_s: float = setting(10.0, 'The window in which messages are counted.', low=0.1, high=3600.0)
    conversations: int = setting(200, 'Most conversations at once; beyond, the one that was silent longest is ended.',
                                 low=1, high=10000)
    lines: int = setting(200, 'Most lines of a conversation that are kept for the desk.', low=2, high=10000)
    silence_s: float = setting(600.0, 'A conversation that is silent for this long is over.', low=1.0, high=86400.0)


@dataclass(frozen=True)
class SpeechSettings(Settings):
    """How things are said aloud."""

    command: str = setting(
        '', 'Command that says the text on its standard input, with {language} for the code of the language, such as '
        "'espeak-ng -v {language}' ; empty says nothing.")
    limit_s: float = setting(30.0, 'A command that takes longer for one text is killed.', low=0.1, high=600.0)
    waiting: int = setting(8, 'Most texts that wait to be said; of more the oldest are left out.', low=1, high=100)
    characters: int = setting(600, 'A longer text is cut.', low=40, high=4000)
    all_conversations: bool = setting(
        False, 'Whether conversations in writing are said aloud, too; those before the robot always are.')


@dataclass(frozen=True)
class RephraserSettings(Settings):
    """A language model that says answers in other words; what it says is checked against the answer."""

    url: str = setting(
        '', "Address of a server that speaks OpenAI's protocol, such as http://127.0.0.1:8080/v1; empty for none.")
    model: str = setting('default', 'Name of the model, as the server calls it.')
    limit_s: float = setting(2.0, 'An answer waits for other words for so long at most.', low=0.05, high=30.0)
    at_once: int = setting(2, 'Most questions at the server; meanwhile others are answered as they are.',
                           low=1, high=16)


@dataclass(frozen=True)
class GreeterSettings(Settings):
    """How the greeter talks."""

    update_rate_hz: float = setting(1.0, 'How often it is looked for what is over.', low=0.01, high=100.0)
    answers: AnswerSettings = group(AnswerSettings)
    bounds: BoundSettings = group(BoundSettings)
    presence: PresenceSettings = group(PresenceSettings)
    speech: SpeechSettings = group(SpeechSettings)
    rephraser: RephraserSettings = group(RephraserSettings)
