import unicodedata

from hypothesis import given, settings
from hypothesis import strategies as st

from lepatrol.greeting import text


def test_arabic_is_compared_without_ornaments():
    assert text.plain('أَهْلًا') == text.plain('اهلا')
    assert text.plain('زيـــارة') == text.plain('زياره')
    assert text.plain('مقهى') == text.plain('مقهي')
    assert text.tokens('١٤:٣٠') == ['14', '30']


def test_accents_case_and_stretched_letters_do_not_count():
    assert text.tokens('ÉTÉ à Noël!') == ['ete', 'a', 'noel']
    assert text.tokens('heeeelp') == ['help']
    assert text.tokens('e-mail est-ce') == ['email', 'est', 'ce']


def test_what_is_not_seen_is_taken_out():
    assert text.cleaned('a\u202eb\x00c\ud800\u200bd\n e', 50) == 'abcd e'
    assert text.cleaned('x' * 99, 10) == 'x' * 10


@settings(deadline=None)
@given(st.text())
def test_cleaned_text_is_one_line_that_can_be_seen(written):
    cleaned = text.cleaned(written, 80)
    assert len(cleaned) <= 80
    assert not any(unicodedata.category(each) in ('Cc', 'Cf', 'Cs') for each in cleaned)
    assert text.cleaned(cleaned, 80) == cleaned.strip()


@settings(deadline=None)
@given(st.text())
def test_a_word_is_its_own_plain_form(written):
    for word in text.tokens(written):
        assert text.tokens(word) == [word]
