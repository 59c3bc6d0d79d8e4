from lepatrol.greeting.phrase_book import PhraseBook

BOOK = PhraseBook([
    ('child', 'lost/missing my son/daughter'), ('fire', 'fire'), ('fire', "l'incendie"), ('gun', 'shots fired')])


def found(message):
    return [(each.about, each.places) for each in BOOK.find([frozenset((word,)) for word in message.split()])]


def test_a_phrase_is_found_in_order_with_two_words_between_at_most():
    assert found('i have lost my little son') == [('child', (2, 3, 5))]
    assert found('lost all of my poor daughter') == [('child', (0, 3, 5))]
    assert found('lost one two three my son') == []
    assert found('my son is lost') == []


def test_every_occurrence_is_found_in_the_order_of_the_message():
    assert found('fire shots fired fire') == [('fire', (0,)), ('gun', (1, 2)), ('fire', (3,))]


def test_a_word_that_can_be_two_is_both():
    assert [each.about for each in BOOK.find([frozenset(('fine', 'fire')), frozenset(('x',))])] == ['fire']


def test_what_is_written_together_is_several_words():
    assert found('l incendie') == [('fire', (0, 1))]


def test_it_knows_its_words():
    assert BOOK.words == {'lost', 'missing', 'my', 'son', 'daughter', 'fire', 'l', 'incendie', 'shots', 'fired'}
