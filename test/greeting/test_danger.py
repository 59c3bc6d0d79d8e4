import dataclasses

import pytest
from reception_desk import Visitor, languages

from lepatrol.greeting.danger import Danger, DangerWatch
from lepatrol.greeting.vocabulary import Vocabulary
from lepatrol.model.chat import DeskEventKind, ReplyKind
from lepatrol.model.knowledge import DangerWords


def alarm(message):
    """Return the danger that a visitor in a conversation of his own is taken to speak of, '' for none."""
    visitor = Visitor()
    reply = visitor.says(message)
    return reply.subject if any(event.kind is DeskEventKind.DANGER for event in visitor.events) else ''


@pytest.mark.parametrize(('message', 'kind'), [
    ('there is a fire in the kitchen', 'fire'), ('he has a KNIFE!!', 'weapon'), ('i saw a weappn', 'weapon'),
    ('help!', 'help'), ('heeelp me', 'help'), ('my little son is missing', 'child'),
    ('she stopped breathing', 'medical'),
    ('il y a un incendie', 'fire'), ('au secours', 'help'), ('¡socorro!', 'help'), ('tiene una pistola', 'weapon'),
    ('حريق', 'fire'), ('بالسكين', 'weapon'), ('النجدة', 'help'), ('fire at the fire exit', 'fire'),
    ('Help! There is a man behind me.', 'help'), ('Where am I? Please somebody help us! Quickly', 'help')])
def test_danger_is_heard_in_every_language(message, kind):
    assert alarm(message) == kind


@pytest.mark.parametrize('message', [
    'where is the fire exit', 'is there a fire drill today', 'can you help me with the form', 'cómo te llamas',
    'hasta luego', 'où est la sortie de secours', 'aidez-moi à remplir le formulaire', 'أين مخرج الحريق',
    'may I bring a knife', 'Help me with the form!', 'Good day! can you help me?',
    'he spoke to my son', 'is there a light in the car park'])
def test_what_only_looks_like_danger_is_none(message):
    assert alarm(message) == ''


def test_danger_is_heard_in_another_language_in_the_middle_of_a_report_which_then_goes_on():
    visitor = Visitor()
    visitor.says('I want to report something', 'a bag lies there')
    reply = visitor.says('¡fuego!')
    assert (reply.kind, reply.language) == (ReplyKind.DANGER, 'es')
    assert reply.sentences[-1] == '¿Dónde fue?'
    assert [event.subject for event in visitor.events] == ['fire']


def test_danger_is_heard_beyond_the_bounds_of_length_and_rate():
    visitor = Visitor()
    assert visitor.says('blah ' * 90 + 'there is a bomb').kind is ReplyKind.DANGER
    for _ in range(30):
        visitor.now_s -= 10.0
        visitor.says('hello')
    visitor.now_s -= 10.0
    assert visitor.says('he has a gun').kind is ReplyKind.DANGER


def test_the_desk_gets_the_transcript():
    visitor = Visitor()
    visitor.says('where are the toilets', 'there is a bomb')
    (event,) = visitor.events
    assert [line.text for line in event.transcript if line.who == 'visitor'] == [
        'where are the toilets', 'there is a bomb']


@pytest.mark.parametrize('message', [
    'un fusil de chasse peut-il passer', 'is a hunting rifle allowed', 'puede pasar un fusil de caza',
    "j'ai acheté une montre", 'les dinosaures ont-ils disparu', 'اكتب مقالا عن الأنهار', 'تمر بنددقية صيد'])
def test_what_is_harmless_in_one_language_is_so_in_those_that_share_the_word(message):
    assert alarm(message) == ''


@pytest.mark.parametrize('message', ['il porte une arme', 'tiene un fusil', 'he has a rifle', 'انهار أبي'])
def test_a_word_alone_is_harmless_in_its_own_language_only(message):
    assert alarm(message) != ''


def test_a_danger_is_part_of_what_is_harmless_unless_it_says_more():
    data = dataclasses.replace(
        languages()['en'], danger=(DangerWords('fire', ('fire', 'smoke from fire door'), ()),), harmless=('fire door',))
    watch = DangerWatch({'en': (data, Vocabulary(data))}, ())
    assert watch.find('where is the fire door') is None
    assert watch.find('smoke comes from the fire door') == Danger('fire', 'en')
