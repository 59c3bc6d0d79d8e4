"""What is said, as the texts that topics and files carry: plain, or JSON where there are several conversations."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from lepatrol.model.chat import DeskEvent, DeskOrder, Heard, Reply
from lepatrol.model.errors import CommandError

_MOST_NAME = 64


def heard_from_text(text: str) -> Heard:
    """Read what a visitor said: a plain text, or ``{"conversation": ..., "text": ..., "language": ...}``.

    :raises CommandError: if it is such an object with a value of the wrong type.
    """
    fields = _object(text)
    if fields is None or 'text' not in fields:
        return Heard(text)
    return Heard(_text(fields, 'text'), _name(fields), _text(fields, 'language'))


def text_from_reply(reply: Reply) -> str:
    """Write what a visitor is told, as plain as he speaks."""
    if not reply.conversation:
        return reply.text
    return json.dumps({
        'conversation': reply.conversation, 'language': reply.language, 'kind': reply.kind.value,
        'subject': reply.subject, 'text': reply.text, 'sentences': list(reply.sentences)}, ensure_ascii=False)


def order_from_text(text: str) -> DeskOrder:
    """Read what the desk says: ``{"conversation": ..., "text": ..., "release": true}``, or a plain text to ''.

    :raises CommandError: if it is such an object with a value of the wrong type.
    """
    fields = _object(text)
    if fields is None:
        return DeskOrder('', text)
    release = fields.get('release', False)
    if not isinstance(release, bool):
        raise CommandError(f'release: is {release!r}, expected true or false')
    return DeskOrder(_name(fields), _text(fields, 'text'), release)


def text_from_event(event: DeskEvent) -> str:
    """Write what the desk must know."""
    return json.dumps({**asdict(event), 'kind': event.kind.value}, ensure_ascii=False)


def _object(text: str) -> Mapping[str, Any] | None:
    """Return the JSON object that a text is, None where it is something else."""
    if not text.lstrip().startswith('{'):
        return None
    try:
        value = json.loads(text)
    except (ValueError, RecursionError):
        return None
    return value if isinstance(value, dict) else None


def _text(fields: Mapping[str, Any], key: str) -> str:
    value = fields.get(key, '')
    if not isinstance(value, str):
        raise CommandError(f'{key}: is {value!r:.40}, expected a text')
    return value


def _name(fields: Mapping[str, Any]) -> str:
    name = _text(fields, 'conversation')
    if len(name) > _MOST_NAME or not name.isprintable():
        raise CommandError(f'conversation: is {name!r:.80}, expected at most {_MOST_NAME} characters that can be seen')
    return name
