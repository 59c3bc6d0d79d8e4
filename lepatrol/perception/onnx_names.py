"""The class names that an ONNX file carries in its metadata, read without any ONNX library.

An ONNX file is one protobuf message, ModelProto; its field 14 repeats StringStringEntryProto (key 1, value 2). Exports
of the YOLO family put their classes there under ``names``, written as a Python dictionary or list.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

_METADATA, _KEY, _VALUE = 14, 1, 2
_VARINT, _FIXED64, _BYTES, _FIXED32 = 0, 1, 2, 5


def read_class_names(path: Path) -> tuple[str, ...] | None:
    """Return a model's class names in the order of its scores; None where it carries none that can be read."""
    try:
        for number, content in _fields(memoryview(path.read_bytes())):
            if number == _METADATA:
                entry = {key: bytes(value).decode('utf-8') for key, value in _fields(content)}
                if entry.get(_KEY) == 'names':
                    return _parsed(entry.get(_VALUE, ''))
    except (OSError, ValueError, IndexError):
        return None
    return None


def _parsed(text: str) -> tuple[str, ...] | None:
    try:
        names = ast.literal_eval(text)
    except (ValueError, SyntaxError, RecursionError, MemoryError):
        return None
    if isinstance(names, list):
        names = dict(enumerate(names))
    if not isinstance(names, dict) or set(names) != set(range(len(names))):
        return None
    return tuple(str(names[index]).lower() for index in range(len(names))) or None


def _fields(data: memoryview) -> Iterator[tuple[int, memoryview]]:
    """Yield number and content of a message's fields that hold bytes, passing over the others.

    :raises ValueError: for what is no protobuf message.
    :raises IndexError: for one that ends too early.
    """
    at = 0
    while at < len(data):
        tag, at = _varint(data, at)
        kind = tag & 7
        if kind == _VARINT:
            _, at = _varint(data, at)
        elif kind in (_FIXED64, _FIXED32):
            at += 8 if kind == _FIXED64 else 4
        elif kind == _BYTES:
            length, at = _varint(data, at)
            yield tag >> 3, data[at:at + length]
            at += length
        else:
            raise ValueError(f'wire type {kind}')


def _varint(data: memoryview, at: int) -> tuple[int, int]:
    value = shift = 0
    while True:
        byte = data[at]
        at += 1
        value |= (byte & 0x7F) << shift
        if not byte & 0x80:
            return value, at
        shift += 7
        if shift > 63:
            raise ValueError('a number of too many bytes')
