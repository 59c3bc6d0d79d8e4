"""Greetings are set against where people truly are."""

import pytest

from lepatrol.evaluation.guest_book import Greeting, GuestBook


def book_of(*greetings):
    book = GuestBook(('one', 'other'))
    book.greetings = [Greeting(stamp_s, f'visitor-{number}', who, 0.1)
                      for number, (stamp_s, who) in enumerate(greetings, 1)]
    return book


def test_everybody_who_came_is_to_be_greeted_once_in_ten_minutes():
    book = book_of((10.0, 'one'), (20.0, 'other'), (620.0, 'one'))
    assert book.flaws(('one', 'other')) == []
    assert book.conversation_of('one') == 'visitor-3'


@pytest.mark.parametrize(('greetings', 'flaw'), [
    (((10.0, 'one'),), 'other was not greeted'),
    (((10.0, 'one'), (20.0, 'other'), (600.0, 'one')), 'one was greeted twice, at 10 s, 600 s'),
    (((10.0, 'one'), (20.0, 'other'), (30.0, '')), 'nobody was there who was greeted at 30 s')])
def test_whoever_was_not_greeted_or_not_once_is_told(greetings, flaw):
    assert book_of(*greetings).flaws(('one', 'other')) == [flaw]


def test_who_ought_not_to_have_been_greeted_is_told():
    assert book_of((10.0, 'one')).flaws(()) == ['one was greeted at 10 s']
