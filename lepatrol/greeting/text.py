"""From what a visitor wrote to words that can be compared."""

from __future__ import annotations

import re
import unicodedata

_LINE_BREAKS = re.compile(r'[\r\n\t\u2028\u2029]+')
_SPACES = re.compile(r'\s+')
_STRETCHED = re.compile(r'(\w)\1{2,}')
_ONE_LETTER = re.compile(r'\b([^\W\d_])[-\u2010\u2011](?=[^\W\d_]{3})')
_WORD = re.compile(r'[^\W_]+')
_LETTERS = str.maketrans({
    'œ': 'oe', 'æ': 'ae', 'ø': 'o', 'ł': 'l',
    '\u0649': '\u064a',   # alef maksura: ya
    '\u06cc': '\u064a',   # Farsi ya: ya
    '\u0629': '\u0647',   # ta marbuta: ha
    '\u0671': '\u0627',   # alef wasla: alef
    '\u06a9': '\u0643',   # keheh: kaf
    '\u0640': None})      # tatweel
"""Letters that are written for one another, and one that is none."""
_HIDDEN = frozenset(('Cc', 'Cf', 'Cs', 'Co', 'Cn'))
"""Control characters, marks of direction, halves of characters, and what is no character."""


def cleaned(text: str, most_characters: int) -> str:
    """Return a text as one line, without anything that is not seen, cut where it is longer."""
    # More than four times that never becomes short enough by losing what is hidden, and is not worth the time.
    text = unicodedata.normalize('NFKC', _LINE_BREAKS.sub(' ', text[:4 * most_characters]))
    text = ''.join(each for each in text if unicodedata.category(each) not in _HIDDEN)
    return _SPACES.sub(' ', text).strip()[:most_characters]


def plain(text: str) -> str:
    """Return a text in small letters without accents, vowel signs and ornaments.

    Arabic's forms of alef become one, and so do those of ya and ta marbuta; a letter that is stretched (``heeelp``)
    stands once.
    """
    bare = text.casefold() if text.isascii() else _bare(text)
    return _STRETCHED.sub(r'\1', bare)


def _bare(text: str) -> str:
    # Twice: small letters may come apart, and what has come apart may have a small letter.
    decomposed = unicodedata.normalize('NFKD', unicodedata.normalize('NFKD', text).casefold())
    bare = ''.join(each for each in decomposed if unicodedata.category(each) != 'Mn').translate(_LETTERS)
    return ''.join(str(unicodedata.digit(each)) if each.isdigit() and not each.isascii() else each for each in bare)


def tokens(text: str) -> list[str]:
    """Return the words and numbers of a text in plain letters; ``e-mail`` is one word, ``est-ce`` two."""
    return _WORD.findall(_ONE_LETTER.sub(r'\1', plain(text)))


def clauses(text: str) -> list[str]:
    """Return the parts of a text that stand between its marks."""
    return [part for part in re.split(r'[.,;:!?،؛؟¿¡\n]+', text) if part.strip()]


def find_phrase(words: list[str], phrase: list[str]) -> int:
    """Return where a phrase begins among words, -1 where it does not stand there."""
    for start in range(len(words) - len(phrase) + 1):
        if words[start:start + len(phrase)] == phrase:
            return start
    return -1
