from datetime import date, datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st
from reception_desk import knowledge, languages

from lepatrol.greeting import opening
from lepatrol.greeting.day_words import DayWords
from lepatrol.greeting.opening_answer import tell_opening, written_date
from lepatrol.greeting.text import tokens

VISITS = knowledge().schedules['visits']
TODAY = date(2026, 11, 18)
days = st.dates(date(2026, 1, 1), date(2028, 12, 31))


def found(code, message, last=None):
    return DayWords(languages()[code].dates).find(tokens(message), TODAY, last)


def test_exceptions_win_over_closed_days_and_these_over_the_week():
    assert VISITS.hours_on(date(2026, 11, 20))
    assert not VISITS.hours_on(date(2026, 11, 19))
    assert not VISITS.hours_on(date(2026, 12, 25))       # a Friday
    assert [str(each) for each in VISITS.hours_on(date(2026, 12, 24))] == ['09:00-11:30']


@settings(deadline=None)
@given(days)
def test_the_next_open_day_is_open_and_none_is_before_it(day):
    coming = opening.next_open(VISITS, day)
    assert coming.hours == VISITS.hours_on(coming.day) != ()
    between = [day + timedelta(days=ahead) for ahead in range(1, (coming.day - day).days)]
    assert not any(VISITS.hours_on(each) for each in between)


def test_now_is_open_until_its_window_ends():
    assert opening.open_until(VISITS, datetime(2026, 11, 18, 14, 0)) == 17 * 60
    assert opening.open_until(VISITS, datetime(2026, 11, 18, 17, 0)) is None


def test_days_are_found_in_every_language():
    sunday, thursday, christmas = date(2026, 11, 22), date(2026, 11, 19), date(2026, 12, 25)
    for code, said in (('en', 'on Sundays'), ('fr', 'le dimanche'), ('es', 'los domingos'), ('ar', 'يوم الأحد')):
        assert found(code, said).days == (sunday,)
    for code, said in (('en', 'tomorrow'), ('fr', 'demain'), ('es', 'mañana'), ('ar', 'غدا')):
        assert found(code, said).days == (thursday,)
    for code, said in (('en', '25th December'), ('fr', 'le 25 décembre'), ('es', '25 de diciembre'),
                       ('ar', '25 ديسمبر'), ('en', 'Christmas'), ('ar', 'عيد الميلاد')):
        assert found(code, said).days == (christmas,)
    assert found('es', 'por la mañana').days == ()
    assert found('en', 'the day after', sunday).days == (date(2026, 11, 23),)
    assert found('en', '31 February').days == ()


@settings(deadline=None)
@given(days, st.sampled_from(['en', 'fr', 'es', 'ar']))
def test_a_date_that_is_written_is_understood(day, code):
    words = DayWords(languages()[code].dates).find(tokens(written_date(day, languages()[code])), day)
    assert words.days[0] == day


def test_a_closed_day_is_told_with_the_next_open_one():
    said = tell_opening(VISITS, languages()['fr'], datetime(2026, 12, 20, 12, 0), [date(2026, 12, 25)], False)
    assert said == ('Visites, vendredi 25 décembre : fermé.',
                    'Prochaine ouverture : samedi 26 décembre, 09:00\u201311:30 et 13:30\u201316:30.')
