"""The greeter: several conversations at once, within bounds, with the desk behind them."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from lepatrol.greeting import text
from lepatrol.greeting.conversation import Conversation
from lepatrol.greeting.danger import Danger, DangerWatch
from lepatrol.greeting.dialogue import Dialogue, Turn
from lepatrol.greeting.log_masking import masked
from lepatrol.greeting.topics import Topics
from lepatrol.greeting.transcripts import TranscriptStore
from lepatrol.model.chat import (
    DeskEvent,
    DeskEventKind,
    DeskOrder,
    Heard,
    Line,
    Reply,
    ReplyKind,
    Report,
)
from lepatrol.model.errors import CommandError
from lepatrol.model.knowledge import Knowledge, Language, LanguageData
from lepatrol.settings.greeter import GreeterSettings

_LOOKED_AT = 4
"""So many times the longest answered message are looked at for danger."""


@dataclass(frozen=True, slots=True)
class LeadWish:
    """The visitor of a conversation wants to be led to a place, along its waypoints; '' is no farther."""

    conversation: str
    place: str = ''
    path: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Outcome:
    """What comes of something said: what visitors are told, what the desk must know, and who is to be led."""

    replies: tuple[Reply, ...] = ()
    events: tuple[DeskEvent, ...] = ()
    leads: tuple[LeadWish, ...] = ()

    def __add__(self, other: Outcome) -> Outcome:
        """Return both, one after the other."""
        return Outcome(self.replies + other.replies, self.events + other.events, self.leads + other.leads)


class Greeter:
    """Answers visitors. What they write is never anything but words: no command comes of it."""

    def __init__(
        self, knowledge: Knowledge, languages: Mapping[Language, LanguageData], settings: GreeterSettings, *,
        local_time: Callable[[float], datetime], transcripts: TranscriptStore | None = None,
        logger: logging.Logger | None = None,
    ) -> None:
        """Take what the greeter knows; ``local_time`` tells the site's date and time at a time of the clock."""
        self._topics = Topics(knowledge, languages)
        self._languages = {code: data for code, (data, _) in self._topics.languages.items()}
        self._dialogue = Dialogue(self._topics, settings.answers)
        self._danger = DangerWatch(self._topics.languages, _known_words(self._topics))
        self._bounds = settings.bounds
        self._local_time = local_time
        self._transcripts = transcripts or TranscriptStore(None, 0)
        self._logger = logger or logging.getLogger(__name__)
        self._conversations: dict[str, Conversation] = {}
        self._begun = 0
        self._events = 0

    @property
    def conversations(self) -> tuple[str, ...]:
        """Return the names of the conversations that are going on."""
        return tuple(self._conversations)

    def hear(self, heard: Heard, now_s: float) -> Outcome:
        """Answer a visitor's message."""
        conversation = self._conversation(heard, now_s)
        looked_at = text.cleaned(heard.text, _LOOKED_AT * self._bounds.characters)
        too_many = conversation.too_many(now_s, self._bounds.messages, self._bounds.window_s)
        danger = self._danger.find(looked_at)
        message = looked_at[:self._bounds.characters]
        first = conversation.note(now_s, 'visitor', message)
        if danger:
            turn = self._alarm(conversation, danger)
        elif conversation.with_desk:
            self._keep(conversation, first, now_s=now_s)
            return Outcome()
        elif too_many:
            turn = Turn(self._dialogue.say(conversation, ReplyKind.CONTROL, 'too_many'))
        elif len(looked_at) > len(message):
            turn = Turn(self._dialogue.say(conversation, ReplyKind.CONTROL, 'too_long'))
        elif not text.tokens(message):
            turn = Turn(self._dialogue.say(conversation, ReplyKind.CONTROL, 'nothing'))
        else:
            turn = self._dialogue.take(conversation, message, self._local_time(now_s))
        return self._finish(conversation, turn, message, now_s)

    def desk_says(self, order: DeskOrder, now_s: float) -> Outcome:
        """Pass on what a person at the desk says; the greeter itself is silent there until it is released.

        :raises CommandError: if there is no such conversation.
        """
        conversation = self._conversations.get(order.conversation)
        if conversation is None:
            known = ', '.join(repr(name) for name in self._conversations) or 'none'
            raise CommandError(f'there is no conversation {order.conversation!r}; going on are: {known}')
        replies = []
        said = text.cleaned(order.text, _LOOKED_AT * self._bounds.characters)
        if said:
            conversation.with_desk = True
            reply = self._dialogue.say(conversation, ReplyKind.DESK, 'desk_says')
            replies.append(replace(reply, sentences=(*reply.sentences, said)))
            self._keep(conversation, conversation.note(now_s, 'desk', said), now_s=now_s)
        if order.release and conversation.with_desk:
            conversation.with_desk = False
            replies.append(self._dialogue.say(conversation, ReplyKind.CONTROL, 'desk_gone'))
        return Outcome(tuple(replies))

    def language_of(self, name: str) -> LanguageData:
        """Return the language a conversation is held in: at first the site's."""
        found = self._conversations.get(name)
        return self._languages[found.language] if found else next(iter(self._languages.values()))

    def tell(
        self, name: str, kind: ReplyKind, sentences: tuple[str, ...], now_s: float, *, language: Language = '',
        desk: DeskEventKind | None = None, subject: str = '', shown: str = '',
    ) -> Outcome:
        """Say something unasked in a conversation, which begins with it where there is none; the desk may hear of it.

        ``shown`` is what the visitor did before, for the transcript.
        """
        conversation = self._conversation(Heard('', name, language), now_s)
        conversation.heard_s = now_s
        lines = [conversation.note(now_s, 'visitor', shown)] if shown else []
        if not conversation.begun:
            conversation.begun, conversation.informed_in = True, conversation.language
            sentences = (*sentences, self._dialogue.notice(conversation))
        reply = Reply(name, conversation.language, kind, sentences, subject)
        lines.append(conversation.note(now_s, 'greeter', reply.text))
        self._keep(conversation, *lines, now_s=now_s)
        turn = Turn(reply, desk, subject)
        self._log(conversation, turn, '')
        return Outcome((reply,), (self._event(conversation, turn, None, now_s),) if desk else ())

    def set_place(self, name: str, *, can_be_led: bool | None = None, led_to: str | None = None) -> None:
        """Note where the visitor of a conversation is: before the robot, or on a way with it."""
        conversation = self._conversations.get(name)
        if conversation is None:
            return
        if can_be_led is not None:
            conversation.can_be_led = can_be_led
        if led_to is not None:
            conversation.led_to = led_to

    def offer(self, name: str, language: Language) -> Reply:
        """Return what tells a visitor that another language is spoken too, in that language."""
        return Reply(name, language, ReplyKind.GREETING, (self._languages[language].sentences['speaks'],))

    def choose(self, name: str, number: int, now_s: float) -> Outcome | None:
        """Answer a clarifying question in the visitor's place with the choice of that number; None if it is over."""
        conversation = self._conversations.get(name)
        if conversation is None or not 1 <= number <= len(conversation.choices):
            return None
        turn = self._dialogue.take_choice(conversation, number, self._local_time(now_s))
        return self._finish(conversation, turn, '', now_s)

    def close(self, name: str) -> None:
        """End a conversation without a word."""
        if name in self._conversations:
            self._end(self._conversations[name])

    def leave(self, name: str, now_s: float) -> Outcome:
        """Take leave of a visitor who walks away, whatever he was in the middle of: the conversation is over."""
        conversation = self._conversations.get(name)
        if conversation is None:
            return Outcome()
        led = (LeadWish(name),) if conversation.led_to else ()
        reply = self._dialogue.say(conversation, ReplyKind.FAREWELL, 'farewell')
        self._keep(conversation, conversation.note(now_s, 'greeter', reply.text), now_s=now_s)
        self._end(conversation)
        return Outcome((reply,), leads=led)

    def update(self, now_s: float) -> None:
        """End conversations that are silent, and delete transcripts whose time is up."""
        for conversation in list(self._conversations.values()):
            if now_s - conversation.heard_s > self._bounds.silence_s:
                self._end(conversation)
        self._transcripts.purge(self._local_time(now_s).timestamp())

    def _conversation(self, heard: Heard, now_s: float) -> Conversation:
        """Return the conversation of a message, begun where there is none yet."""
        found = self._conversations.pop(heard.conversation, None)
        if found and now_s - found.heard_s > self._bounds.silence_s:
            self._transcripts.close(found.number)
            found = None
        if found is None:
            if len(self._conversations) >= self._bounds.conversations:
                self._end(next(iter(self._conversations.values())))
            self._begun += 1
            found = Conversation(heard.conversation, self._begun, next(iter(self._languages)), self._bounds.lines)
        # The last one heard stands last, so that the first is the one that was silent longest.
        self._conversations[heard.conversation] = found
        if heard.language in self._languages:
            found.language, found.language_settled = heard.language, True
        return found

    def _alarm(self, conversation: Conversation, danger: Danger) -> Turn:
        """Tell a visitor in danger what to do, in the language he cried in."""
        conversation.language, conversation.language_settled = danger.language, True
        reply = self._dialogue.say(conversation, ReplyKind.DANGER, f'danger_{danger.kind}', subject=danger.kind)
        return Turn(self._dialogue.resumed(conversation, reply), DeskEventKind.DANGER, danger.kind)

    def _finish(self, conversation: Conversation, turn: Turn, message: str, now_s: float) -> Outcome:
        """Keep what was said, and make what goes out."""
        events: tuple[DeskEvent, ...] = ()
        reply = turn.reply
        report = None
        if turn.desk is DeskEventKind.REPORT and conversation.report:
            report, conversation.report = conversation.report.report, None
            reply = replace(reply, sentences=tuple(
                sentence.format(number=self._events + 1) for sentence in reply.sentences))
        # Who was greeted in one language and speaks another has not yet understood what is kept.
        untold = not conversation.begun or conversation.informed_in not in ('', reply.language)
        if untold and reply.kind is not ReplyKind.DANGER:
            conversation.begun, conversation.informed_in = True, ''
            reply = replace(reply, fixed=1, sentences=(self._dialogue.notice(conversation), *reply.sentences))
        lines = [conversation.lines[-1], conversation.note(now_s, 'greeter', reply.text)]
        if turn.desk:
            events = (self._event(conversation, turn, report, now_s),)
        if turn.forget:
            if conversation.led_to:
                turn.lead_to = ''
            self._transcripts.forget(conversation.number)
            del self._conversations[conversation.name]
        else:
            self._keep(conversation, *lines, now_s=now_s)
            if turn.reply.kind in (ReplyKind.ANSWER, ReplyKind.WAY, ReplyKind.TALK, ReplyKind.WITHHELD):
                conversation.last_reply = turn.reply
        self._log(conversation, turn, message)
        leads: tuple[LeadWish, ...] = ()
        if turn.lead_to is not None:
            conversation.led_to = turn.lead_to
            leads = (LeadWish(conversation.name, turn.lead_to, turn.reply.path if turn.lead_to else ()),)
        return Outcome((reply,), events, leads)

    def _keep(self, conversation: Conversation, *lines: Line, now_s: float) -> None:
        """Keep lines; a full disk must not keep the greeter from answering."""
        try:
            self._transcripts.add(conversation.number, lines, self._local_time(now_s).timestamp())
        except OSError as error:
            self._logger.error(f'a transcript cannot be kept: {error}')

    def _event(self, conversation: Conversation, turn: Turn, report: Report | None, now_s: float) -> DeskEvent:
        assert turn.desk is not None
        self._events += 1
        return DeskEvent(
            self._events, now_s, turn.desk, conversation.name, conversation.language, turn.subject,
            tuple(conversation.lines), report)

    def _log(self, conversation: Conversation, turn: Turn, message: str) -> None:
        """Log what came of a message; its text only where nothing was known, for who edits the knowledge."""
        said = f' to {masked(message, self._languages.values())!r}' if turn.reply.kind is ReplyKind.UNKNOWN else ''
        subject = turn.reply.subject or turn.subject
        self._logger.info(
            f'conversation {conversation.number}: {turn.reply.kind.value}{f" {subject}" if subject else ""}{said}')

    def _end(self, conversation: Conversation) -> None:
        self._transcripts.close(conversation.number)
        self._conversations.pop(conversation.name, None)


def _known_words(topics: Topics) -> set[str]:
    """Return the words that are right as they are: those of the languages and of all that is asked and answered."""
    words = set().union(*topics.words.values())
    for data, _ in topics.languages.values():
        dangers = (phrase for each in data.danger for phrase in (*each.words, *each.alone))
        for word in (*data.function_words, *data.filler_words, *data.harmless, *dangers):
            words.update(text.tokens(word))
    for fact in topics.facts.values():
        for saying in fact.sayings.values():
            words.update(text.tokens(saying.answer))
    return words
