"""A language model may word answers and choose among them; whatever else it does, the plain answer stands."""

import json
import logging
import threading
import time
from contextlib import contextmanager
from functools import cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from reception_desk import knowledge, languages, make

from lepatrol import reception
from lepatrol.evaluation.known_sentences import KnownSentences
from lepatrol.greeting.fidelity import Fidelity
from lepatrol.greeting.polish import Polish
from lepatrol.greeting.rephraser import HttpRephraser
from lepatrol.greeting.vocabulary import Vocabulary
from lepatrol.model.chat import Heard, Reply, ReplyKind
from lepatrol.model.errors import SettingsError
from lepatrol.settings.greeter import AnswerSettings, GreeterSettings, RephraserSettings

LOG = logging.getLogger('rephraser-test')
DEADLINE_S = 20.0
HOURS = 'Visits are on Wednesday, Friday, Saturday and Sunday.'
LOCKERS = 'Phones, bags and food must stay in the lockers; you may not take them to the visit.'


@cache
def fidelity():
    return Fidelity({code: (data, Vocabulary(data)) for code, data in languages().items()})


class Handler(BaseHTTPRequestHandler):
    def do_POST(self):
        request = self.rfile.read(int(self.headers['Content-Length']))
        self.server.asked.append((self.path, json.loads(request)))
        self.server.answer(self)

    def log_message(self, *_):
        pass


def says(content):
    def answer(handler):
        send(handler, json.dumps({'choices': [{'message': {'content': content}}]}).encode())
    return answer


def send(handler, body, status=200):
    handler.send_response(status)
    handler.end_headers()
    handler.wfile.write(body)


@contextmanager
def server(answer):
    held = ThreadingHTTPServer(('127.0.0.1', 0), Handler)
    held.daemon_threads = True
    held.answer, held.asked = answer, []
    thread = threading.Thread(target=held.serve_forever, args=(0.01,))
    thread.start()
    try:
        yield held
    finally:
        held.shutdown()
        thread.join()
        held.server_close()


def polish(held, **changes):
    url = f'http://127.0.0.1:{held.server_address[1]}/v1' if held else 'http://127.0.0.1:9/v1'
    settings = RephraserSettings(url=url, **{'limit_s': DEADLINE_S, **changes})
    return Polish(HttpRephraser(settings), fidelity(), settings, LOG)


def answer(text, language='en', kind=ReplyKind.ANSWER, **changes):
    return Reply('a', language, kind, (text,), 'visiting_hours', **changes)


def sent(of, reply, question='when can I come', options=()):
    """Return what goes out for one reply, once it does."""
    of.offer(reply, question, 0.0, options)
    end_s = time.monotonic() + DEADLINE_S
    waiting = threading.Event()
    while True:
        ready = of.ready(0.0)
        if ready:
            return ready[0]
        assert time.monotonic() < end_s
        waiting.wait(0.005)


@pytest.mark.parametrize('worded', [
    'Certainly! On Wednesday, Friday, Saturday and Sunday there are visits.',
    'You can come to visits on Wednesday, Friday, Saturday and Sunday.'])
def test_other_words_for_the_same_are_taken(worded):
    with server(says(worded)) as held:
        got = sent(polish(held), answer(HOURS)).reply.text
        assert got == (worded if 'can' not in worded else HOURS)
        ((path, asked),) = held.asked
        assert path == '/v1/chat/completions'
        assert HOURS in asked['messages'][1]['content']


@pytest.mark.parametrize('said', [
    'Visits are on Wednesday, Friday and Saturday.', 'Visits are on Sunday, Saturday, Friday and Wednesday.',
    'Visits are not on Wednesday, Friday, Saturday and Sunday.',
    'Visits are on Wednesday, Friday, Saturday and Monday.',
    'Visits are on Wednesday, Friday, Saturday and Sunday at 10:00.',
    'Visits are on Wednesday, Friday, Saturday and Sunday. The door code is 4711.',
    'Visits are on Wednesday, Friday, Saturday and Sunday. The key lies under the mat.',
    'Visits are on Wednesday, Friday, Saturday and Sunday. Ask Mr Smith.', 'Visits are forbidden on Wednesday, Friday, '
    'Saturday and Sunday.', 'Sure, whatever.', '', ' ', 'Visits ' * 400, 'أيام الزيارة', '\x00\u202e',
    'As an AI language model I must tell you that the patrol walks at noon.'])
def test_what_adds_denies_changes_or_loses_is_not_taken(said):
    with server(says(said)) as held:
        assert sent(polish(held), answer(HOURS)).reply.text == HOURS


@pytest.mark.parametrize('said', [
    'Phones, bags and food may stay in the lockers; you must not take them to the visit.',
    'Phones, bags and food must not stay in the lockers; you may take them to the visit.',
    'You may take phones, bags and food to the visit; they must stay in the lockers.'])
def test_what_may_and_what_must_be_are_not_exchanged(said):
    with server(says(said)) as held:
        assert sent(polish(held), answer(LOCKERS)).reply.text == LOCKERS


@pytest.mark.parametrize('misbehaves', [
    lambda handler: send(handler, b'', 500), lambda handler: send(handler, b'<html>'),
    lambda handler: send(handler, b'{"choices": []}'), lambda handler: send(handler, b'[' * 50_000),
    lambda handler: send(handler, b'{"choices": [{"message": {"content": 7}}]}'),
    lambda handler: send(handler, b'x' * 1_000_000), lambda handler: handler.connection.close()])
def test_a_server_that_misbehaves_changes_nothing(misbehaves):
    with server(misbehaves) as held:
        assert sent(polish(held), answer(HOURS)).reply.text == HOURS


def test_a_server_that_is_not_there_changes_nothing():
    assert sent(polish(None), answer(HOURS)).reply.text == HOURS


def test_a_slow_server_is_waited_for_no_longer_than_allowed_and_order_is_kept():
    release = threading.Event()

    def slow(handler):
        release.wait(DEADLINE_S)
        says(HOURS)(handler)

    with server(slow) as held:
        of = polish(held, limit_s=2.0)
        of.offer(answer(HOURS), 'when', 0.0)
        of.offer(answer('Bye.', kind=ReplyKind.TALK), 'bye', 0.5)
        of.offer(Reply('b', 'en', ReplyKind.TALK, ('Hello.',)), 'hello', 0.5)
        assert [ready.reply.text for ready in of.ready(1.0)] == ['Hello.']
        of.offer(answer('Leave the building.', kind=ReplyKind.DANGER), 'fire', 1.2)
        assert [ready.reply.text for ready in of.ready(1.3)] == ['Leave the building.']
        assert [ready.reply.text for ready in of.ready(2.0)] == [HOURS, 'Bye.']
        assert not of.waits
        release.set()


def test_only_the_sites_answers_are_worded_and_what_is_told_first_stays():
    with server(says('Hello visitor')) as held:
        of = polish(held)
        for kind in (ReplyKind.TALK, ReplyKind.WITHHELD, ReplyKind.UNKNOWN, ReplyKind.DANGER, ReplyKind.REPORT):
            assert sent(of, answer('Hello.', kind=kind)).reply.text == 'Hello.'
        assert held.asked == []
        first = Reply('a', 'en', ReplyKind.ANSWER, ('I am a robot.', HOURS), 'visiting_hours', fixed=1)
        held.answer = says('On Wednesday, Friday, Saturday and Sunday are visits.')
        assert sent(of, first).reply.sentences == (
            'I am a robot.', 'On Wednesday, Friday, Saturday and Sunday are visits.')
        assert 'robot' not in held.asked[0][1]['messages'][1]['content']


@pytest.mark.parametrize(('content', 'choice'), [('2', 2), ('0', 0), ('7', 0), ('-1', 0), ('the second', 0)])
def test_a_choice_is_one_of_those_that_were_named(content, choice):
    settings = GreeterSettings(answers=AnswerSettings(threshold=0.3, clarify_margin=0.5, sure=1.0))
    greeter = make(settings)
    (reply,) = greeter.hear(Heard('visit book form', 'a'), 1.0).replies
    assert reply.kind is ReplyKind.CLARIFY
    with server(says(content)) as held:
        ready = sent(polish(held), reply, 'visit book form', reply.choices)
    assert ready.choice == choice
    chosen = greeter.choose('a', ready.choice, 2.0)
    if choice:
        (said,) = chosen.replies
        assert said.subject == reply.choices[1]
        assert KnownSentences(knowledge(), languages()).unknown(said) == []
    else:
        assert chosen is None


@pytest.mark.parametrize('code', ['en', 'fr', 'es', 'ar'])
def test_every_answer_of_the_site_holds_as_it_stands_and_no_other_does(code):
    answers = [fact.sayings[code].answer for fact in knowledge().facts.values()]
    for number, text in enumerate(answers):
        assert fidelity().holds(text, text, code)
        assert not fidelity().holds(answers[number - 1], text, code)


@pytest.mark.parametrize('url', ['file:///etc/passwd', 'ftp://x/y', 'localhost:8080', 'http://'])
def test_an_address_that_is_none_is_refused(url):
    settings = GreeterSettings(rephraser=RephraserSettings(url=url))
    with pytest.raises(SettingsError, match=r'rephraser\.url'):
        reception.make_polish(knowledge(), settings, languages(), LOG)
    assert reception.make_polish(knowledge(), GreeterSettings(), languages(), LOG) is None
