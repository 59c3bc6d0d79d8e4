"""Word stems where there is no Snowball algorithm worth using: the language file says what comes off a word."""

import pytest
from reception_desk import languages

from lepatrol.greeting import text
from lepatrol.greeting.vocabulary import Vocabulary

ARABIC = Vocabulary(languages()['ar'])


@pytest.mark.parametrize('forms', [
    'سيارة السيارة سيارات سيارتي بالسيارة', 'زيارة الزيارة زياراتي للزيارة', 'جواز الجواز جوازي بجوازي'])
def test_all_forms_of_an_arabic_word_have_one_stem(forms):
    assert len({ARABIC.stem(text.plain(form)) for form in forms.split()}) == 1


def test_enough_is_left_of_a_short_word_and_words_are_kept_apart():
    assert ARABIC.stem('هل') == 'هل'
    assert len({ARABIC.stem(text.plain(word)) for word in ('سيارة', 'زيارة', 'جواز', 'مكتب')}) == 4
