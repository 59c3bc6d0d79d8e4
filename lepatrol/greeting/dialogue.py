"""One turn of a conversation: what a message means, and what is said to it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime

from lepatrol.greeting import text
from lepatrol.greeting.conversation import Conversation
from lepatrol.greeting.language_guess import LanguageGuess
from lepatrol.greeting.lead_talk import LeadTalk
from lepatrol.greeting.opening_answer import tell_opening
from lepatrol.greeting.report_form import ReportForm, Step
from lepatrol.greeting.topics import Topic, TopicKind, Topics
from lepatrol.greeting.understanding import Context, Meaning, Understanding
from lepatrol.model.chat import DeskEventKind, Reply, ReplyKind
from lepatrol.model.knowledge import Language, LanguageData
from lepatrol.settings.greeter import AnswerSettings

_SURE_OF_ACT = 0.8
"""While a report is taken only what fits this well is taken for something else than the report."""
_SENTENCE_END = re.compile(r'(?<=[.!?؟]) +')
_ACTS_IN_A_REPORT = ('cancel', 'person', 'forget', 'distress', 'repeat')


class Turn:
    """What comes of a message: a reply, and what the desk must know."""

    def __init__(self, reply: Reply, desk: DeskEventKind | None = None, subject: str = '') -> None:
        """Take the reply, why the desk hears of it, and about what."""
        self.reply = reply
        self.desk = desk
        self.subject = subject
        self.forget = False
        self.lead_to: str | None = None
        """The place to lead the visitor to; '' ends leading."""


class Dialogue:
    """Talks about a site's topics; all that it says is in the knowledge file and the language files.

    The only other words are a visitor's own, in quotes, where his report is read back to him.
    """

    def __init__(self, topics: Topics, settings: AnswerSettings) -> None:
        """Take what can be spoken of."""
        self._topics = topics
        self._settings = settings
        self._understanding = Understanding(topics, settings)
        self._guess = LanguageGuess(topics.languages, topics.words)
        self._lead_talk = LeadTalk(topics)
        self._agreed = _short_answers({code: data.agreed for code, (data, _) in topics.languages.items()})
        self._refused = _short_answers({code: data.refused for code, (data, _) in topics.languages.items()})

    def take(self, conversation: Conversation, message: str, now: datetime) -> Turn:
        """Answer a message at the site's local time."""
        asked_for = self._guess.asked_for(message)
        if asked_for:
            return self._switch(conversation, asked_for, now)
        if conversation.led_to and self._lead_talk.stops(message):
            return self._stop_leading(conversation)
        if not conversation.report:
            conversation.language = self._guess.guess(
                message, conversation.language, settled=conversation.language_settled)
            conversation.language_settled = True
        language = conversation.language
        meaning = self._understanding.understand(message, language, now.date(), conversation.context)
        if conversation.report:
            return self._go_on_reporting(conversation, message, meaning, now)
        if conversation.offered_person or conversation.choices:
            answered = self._take_short(conversation, message, now)
            if answered:
                return answered
        conversation.offered_person, conversation.choices = False, ()
        led = self._asked_to_lead(conversation, message, now)
        if led:
            return led
        if not meaning.topics:
            return self._fail(conversation)
        if len(meaning.topics) > 1:
            return self._ask_back(conversation, meaning)
        return self._speak_of(conversation, meaning, now)

    def take_choice(self, conversation: Conversation, number: int, now: datetime) -> Turn:
        """Speak of the choice of that number that a clarifying question named."""
        chosen, conversation.choices = conversation.choices[number - 1], ()
        return self._speak_of(conversation, Meaning((chosen,), 1.0, best=chosen), now)

    def say(self, conversation: Conversation, kind: ReplyKind, *names: str, subject: str = '') -> Reply:
        """Return a reply of the language's own sentences."""
        sentences = self._data(conversation.language).sentences
        return Reply(conversation.name, conversation.language, kind, tuple(sentences[name] for name in names), subject)

    def notice(self, conversation: Conversation) -> str:
        """Return what a visitor is told first."""
        sentences, days = self._data(conversation.language).sentences, self._topics.kept_days
        return sentences['notice'].format(days=days) if days else sentences['notice_nothing_kept']

    def resumed(self, conversation: Conversation, reply: Reply) -> Reply:
        """Return a reply with the question of a report that it interrupted."""
        if not conversation.report:
            return reply
        question = conversation.report.question(self._data(conversation.language))
        return replace(reply, sentences=(*reply.sentences, question))

    def _data(self, language: Language) -> LanguageData:
        return self._topics.languages[language][0]

    def _switch(self, conversation: Conversation, language: Language, now: datetime) -> Turn:
        """Go on in another language, with what was said last where that can be said in it."""
        conversation.language, conversation.language_settled = language, True
        switched = self.say(conversation, ReplyKind.CONTROL, 'switched')
        if conversation.report:
            return Turn(self.resumed(conversation, switched))
        context = conversation.context
        if context.topic is None:
            return Turn(switched)
        again = self._about(conversation, context.topic, context.days, False, now)
        return Turn(replace(again, sentences=(*switched.sentences, *again.sentences)))

    def _take_short(self, conversation: Conversation, message: str, now: datetime) -> Turn | None:
        """Return the turn after an answer to the greeter's own question, None where it is none."""
        words = tuple(text.tokens(message))
        if conversation.choices:
            chosen = self._chosen(conversation, words, message)
            if chosen:
                conversation.choices = ()
                return self._speak_of(conversation, Meaning((chosen,), 1.0, question=words, best=chosen), now)
        if conversation.offered_person and words in self._agreed:
            return self._call(conversation, 'asked')
        if words in self._refused and (conversation.offered_person or conversation.choices):
            conversation.offered_person, conversation.choices, conversation.failures = False, (), 0
            return Turn(self.say(conversation, ReplyKind.CONTROL, 'offer_taken'))
        return None

    def _chosen(self, conversation: Conversation, words: tuple[str, ...], message: str) -> Topic | None:
        """Return which of the choices a visitor means: by its number, or by its words."""
        if len(words) == 1 and words[0].isdecimal() and 1 <= int(words[0]) <= len(conversation.choices):
            return conversation.choices[int(words[0]) - 1]
        labels = {tuple(text.tokens(self._topics.label(topic, conversation.language))): topic
                  for topic in conversation.choices}
        return labels.get(tuple(text.tokens(message)))

    def _fail(self, conversation: Conversation) -> Turn:
        conversation.failures += 1
        if conversation.failures >= self._settings.failures:
            conversation.failures = 0
            return Turn(self.say(conversation, ReplyKind.UNKNOWN, 'unknown', 'person_called'),
                        DeskEventKind.PERSON, 'not_understood')
        conversation.offered_person = True
        return Turn(self.say(conversation, ReplyKind.UNKNOWN, 'unknown', 'offer'))

    def _call(self, conversation: Conversation, why: str) -> Turn:
        conversation.offered_person, conversation.failures = False, 0
        sentence = 'distress' if why == 'distress' else 'person_called'
        return Turn(self.say(conversation, ReplyKind.PERSON, sentence, subject='person'), DeskEventKind.PERSON, why)

    def _ask_back(self, conversation: Conversation, meaning: Meaning) -> Turn:
        data = self._data(conversation.language)
        conversation.choices = meaning.topics
        choices = ' / '.join(
            f'{number}) {data.quotes[0]}{self._topics.label(topic, data.code)}{data.quotes[1]}'
            for number, topic in enumerate(meaning.topics, 1))
        return Turn(Reply(
            conversation.name, data.code, ReplyKind.CLARIFY, (data.sentences['clarify'].format(choices=choices),),
            choices=tuple(topic.name for topic in meaning.topics)))

    def _speak_of(self, conversation: Conversation, meaning: Meaning, now: datetime) -> Turn:
        topic = meaning.topics[0]
        conversation.failures = 0
        if topic.kind is TopicKind.ACT:
            return self._act(conversation, topic.name, now)
        if topic.kind in (TopicKind.FACT, TopicKind.PLACE):
            conversation.context = Context(topic, meaning.days, meaning.question)
        return Turn(self._about(conversation, topic, meaning.days, meaning.now, now))

    def _about(
        self, conversation: Conversation, topic: Topic, days: Sequence[date], asked_now: bool, now: datetime,
    ) -> Reply:
        """Return what there is to say of a topic."""
        code = conversation.language
        data = self._data(code)
        if topic.kind is TopicKind.WITHHELD:
            return self.say(conversation, ReplyKind.WITHHELD, 'withheld', subject=topic.name)
        if topic.kind is TopicKind.TALK:
            return Reply(conversation.name, code, ReplyKind.TALK, (data.talk[topic.name].answer,), topic.name)
        if topic.kind is TopicKind.PLACE:
            place = self._topics.places[topic.name]
            alone = () if place.enter else (data.sentences['not_alone'],)
            return Reply(conversation.name, code, ReplyKind.WAY, (place.way[code], *alone), topic.name, place.path)
        fact = self._topics.facts[topic.name]
        times = tell_opening(
            self._topics.schedules[fact.schedule], data, now, days, asked_now) if fact.schedule else ()
        return Reply(conversation.name, code, ReplyKind.ANSWER, (fact.sayings[code].answer, *times), topic.name)

    def _asked_to_lead(self, conversation: Conversation, message: str, now: datetime) -> Turn | None:
        """Return the turn of who asks to be led to a place, or to the one spoken of before; None of who does not."""
        asked = self._lead_talk.asked_of(message)
        if asked is None:
            return None
        meaning = self._understanding.understand(
            asked, conversation.language, now.date(), Context(), but=(TopicKind.FACT,))
        if meaning.topics and meaning.topics[0].kind is TopicKind.PLACE:
            conversation.context = Context(meaning.topics[0], (), meaning.question)
            return self._lead(conversation, meaning.topics[0].name)
        if not self._lead_talk.is_empty(asked):
            return None
        before = conversation.context.topic
        if before and before.kind is TopicKind.PLACE:
            return self._lead(conversation, before.name)
        return Turn(self.say(conversation, ReplyKind.LEAD, 'lead_where'))

    def _lead(self, conversation: Conversation, name: str) -> Turn:
        conversation.failures = 0
        place, sentences = self._topics.places[name], self._data(conversation.language).sentences
        alone = () if place.enter else (sentences['not_alone'],)
        if not conversation.can_be_led:
            return Turn(Reply(
                conversation.name, conversation.language, ReplyKind.WAY,
                (place.way[conversation.language], *alone, sentences['lead_cannot']), name, place.path))
        turn = Turn(Reply(conversation.name, conversation.language, ReplyKind.LEAD,
                          (sentences['lead_begin'], *alone), name, place.path))
        turn.lead_to = name
        return turn

    def _stop_leading(self, conversation: Conversation) -> Turn:
        turn = Turn(self.say(conversation, ReplyKind.LEAD, 'lead_ended'))
        turn.lead_to = ''
        return turn

    def _act(self, conversation: Conversation, name: str, now: datetime) -> Turn:
        """Do what a visitor asks the greeter itself to do."""
        if name in ('person', 'distress'):
            return self._call(conversation, 'asked' if name == 'person' else 'distress')
        if name == 'report':
            conversation.report = ReportForm()
            return Turn(self.resumed(
                conversation, self.say(conversation, ReplyKind.REPORT, 'report_begin', subject=name)))
        if name == 'forget':
            turn = Turn(self.say(conversation, ReplyKind.CONTROL, 'forgotten', subject=name))
            turn.forget = True
            return turn
        if name == 'cancel' and conversation.led_to:
            return self._stop_leading(conversation)
        if name == 'cancel':
            return Turn(self.say(conversation, ReplyKind.CONTROL, 'offer_taken', subject=name))
        return Turn(self._again(conversation, now, slowly=name == 'slower'))

    def _again(self, conversation: Conversation, now: datetime, *, slowly: bool) -> Reply:
        """Return what was said last, in the language that is spoken now where it can be said in it."""
        last, context = conversation.last_reply, conversation.context
        if last is None:
            return self.say(conversation, ReplyKind.CONTROL, 'repeat_nothing', subject='repeat')
        if last.language != conversation.language and context.topic and context.topic.name == last.subject:
            last = self._about(conversation, context.topic, context.days, False, now)
        if not slowly:
            return last
        pieces = tuple(piece for sentence in last.sentences for piece in _SENTENCE_END.split(sentence))
        return replace(last, sentences=(self._data(last.language).sentences['slowly'], *pieces))

    def _go_on_reporting(
        self, conversation: Conversation, message: str, meaning: Meaning, now: datetime,
    ) -> Turn:
        """Take what is said for the report, unless it is clearly something else."""
        form = conversation.report
        assert form is not None
        act = meaning.best.name if meaning.best and meaning.best.kind is TopicKind.ACT else ''
        if act in _ACTS_IN_A_REPORT and meaning.score >= _SURE_OF_ACT:
            if act in ('cancel', 'forget'):
                conversation.report = None
            if act == 'cancel':
                return Turn(self.say(conversation, ReplyKind.REPORT, 'report_cancelled'))
            turn = self._act(conversation, act, now)
            if act in ('person', 'distress'):
                turn.reply = self.resumed(conversation, turn.reply)
            return turn
        form.answer(message, self._data(conversation.language))
        if form.step is Step.CONFIRMED:
            return Turn(self.say(conversation, ReplyKind.REPORT, 'report_filed'), DeskEventKind.REPORT, 'report')
        return Turn(self.resumed(conversation, self.say(conversation, ReplyKind.REPORT)))


def _short_answers(words: dict[Language, tuple[str, ...]]) -> frozenset[tuple[str, ...]]:
    """Return the phrases of all languages as tokens: a visitor may agree in any of them."""
    return frozenset(tuple(text.tokens(phrase)) for phrases in words.values() for phrase in phrases)
