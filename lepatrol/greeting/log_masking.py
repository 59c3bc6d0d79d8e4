"""What a log may show of what a visitor wrote."""

from __future__ import annotations

import re
from collections.abc import Iterable

from lepatrol.model.knowledge import LanguageData

_ADDRESS = re.compile(r'\S+@\S+')
_NUMBER = re.compile(r'\d(?:[\d ./()-]*\d)?')
_CAPITALISED = re.compile(r'(?<=[\w,;:] )(?!I\b)[^\W\d_a-z][^\W\d_]+(?: [^\W\d_a-z][^\W\d_]+)*')
_NAME = '[name]'


def masked(message: str, languages: Iterable[LanguageData]) -> str:
    """Return a message without names, addresses and numbers, as well as that can be told.

    A name is what follows words such as ``my name is``, and what is written with a capital letter inside a sentence.
    """
    message = _NUMBER.sub('#', _ADDRESS.sub('[address]', message))
    for language in languages:
        for phrase in language.introductions:
            message = re.sub(rf'(\b{re.escape(phrase)}) +\S+(?: +[^\W\d_a-z]\S*)*', rf'\1 {_NAME}', message,
                             flags=re.IGNORECASE)
    return _CAPITALISED.sub(lambda match: _NAME if match[0][0].isupper() else match[0], message)
