"""Strict YAML: every value knows its file, line and key, so that every complaint can name them."""

from __future__ import annotations

import dataclasses
import difflib
import math
import typing
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from enum import Enum
from pathlib import Path
from typing import Any, NoReturn, TypeVar

import yaml
from yaml.constructor import SafeConstructor

from lepatrol.model.errors import FileError, SettingsError
from lepatrol.settings.schema import Settings, field_types, is_group

S = TypeVar('S', bound=Settings)
E = TypeVar('E', bound=Enum)

_MAX_BYTES = 16 * 1024 * 1024
_MAX_BITS = 64


class YamlValue:
    """A value in a YAML file, asked for its content by the type it ought to have."""

    def __init__(self, path: Path, node: yaml.Node, key: str = '') -> None:
        """Wrap a composed node; ``key`` is its dotted place in the file."""
        self.path = path
        self.key = key
        self._node = node

    @property
    def line(self) -> int:
        """Return the 1-based line the value starts on."""
        return int(self._node.start_mark.line) + 1

    def fail(self, message: str) -> NoReturn:
        """Raise a FileError about this value."""
        raise FileError(self.path, message, line=self.line, key=self.key)

    @property
    def is_mapping(self) -> bool:
        """Tell whether the value has keys."""
        return isinstance(self._node, yaml.MappingNode)

    @property
    def is_null(self) -> bool:
        """Tell whether the value is empty."""
        return bool(self._node.tag == 'tag:yaml.org,2002:null')

    def plain(self) -> Any:
        """Return the value as plain Python data."""
        try:
            value = SafeConstructor().construct_object(self._node, deep=True)
        except yaml.MarkedYAMLError as error:
            self.fail(f'cannot be understood: {error.problem}')
        except (ValueError, TypeError) as error:
            self.fail(f'cannot be understood: {error}')
        except RecursionError:
            self.fail('is nested too deeply')
        if isinstance(value, int) and value.bit_length() > _MAX_BITS:
            self.fail('is a whole number of more digits than any key takes')
        return value

    def items(self) -> Iterator[tuple[str, YamlValue]]:
        """Yield the keys and values of a mapping whose keys are the user's own names."""
        if not isinstance(self._node, yaml.MappingNode):
            self._expected('a mapping of names to values')
        seen: set[str] = set()
        for key_node, value_node in self._node.value:
            name = str(key_node.value)
            value = YamlValue(self.path, value_node, f'{self.key}.{name}' if self.key else name)
            if name in seen:
                value.fail('this key stands twice; keep one of them')
            seen.add(name)
            yield name, value

    def fields(self, *, required: Iterable[str] = (), optional: Iterable[str] = ()) -> Mapping[str, YamlValue]:
        """Return a mapping's values by key; each required key is there and no unknown one is."""
        required, optional = tuple(required), tuple(optional)
        known = (*required, *optional)
        found = dict(self.items())
        for name, value in found.items():
            if name not in known:
                near = difflib.get_close_matches(name, known, n=1)
                value.fail(f'unknown key; did you mean {near[0]!r}?' if near
                           else f'unknown key; known here are: {", ".join(known)}')
        for name in required:
            if name not in found:
                self.fail(f'the key {name!r} is missing')
        return found

    def sequence(self) -> list[YamlValue]:
        """Return the members of a list."""
        if not isinstance(self._node, yaml.SequenceNode):
            self._expected('a list')
        return [YamlValue(self.path, node, f'{self.key}[{i}]') for i, node in enumerate(self._node.value)]

    def text(self) -> str:
        """Return a text."""
        value = self.plain()
        if not isinstance(value, str):
            self._expected('a text')
        return value

    def written(self) -> str:
        """Return a word as it is written, whatever YAML would take it for: ``no`` and ``12-25`` are words here."""
        if not isinstance(self._node, yaml.ScalarNode) or not self._node.value.strip():
            self._expected('a word')
        return str(self._node.value)

    def words(self) -> tuple[str, ...]:
        """Return a list of words or phrases as they are written, none of them twice."""
        words: dict[str, None] = {}
        for member in self.sequence():
            word = member.written()
            if word in words:
                member.fail(f'is {word!r}, which the list has already')
            words[word] = None
        return tuple(words)

    def boolean(self) -> bool:
        """Return true or false."""
        value = self.plain()
        if not isinstance(value, bool):
            self._expected('true or false')
        return value

    def number(self, *, low: float = -math.inf, high: float = math.inf) -> float:
        """Return a finite number within inclusive bounds."""
        value = self.plain()
        if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
            self._expected('a finite number')
        if not low <= value <= high:
            self.fail(f'is {value}, it must be from {low:g} to {high:g}')
        return float(value)

    def integer(self, *, low: int, high: int = 2**31 - 1) -> int:
        """Return a whole number within inclusive bounds."""
        value = self.plain()
        if isinstance(value, bool) or not isinstance(value, int):
            self._expected('a whole number')
        if not low <= value <= high:
            self.fail(f'is {value}, it must be from {low} to {high}')
        return value

    def numbers(self, count: int | None = None) -> tuple[float, ...]:
        """Return a list of finite numbers, of that length where one is given."""
        members = self.sequence()
        if count is not None and len(members) != count:
            self.fail(f'has {len(members)} members, expected {count} numbers')
        return tuple(member.number() for member in members)

    def choice(self, kind: type[E]) -> E:
        """Return the member of an enum whose value is written here."""
        value = self.plain()
        for member in kind:
            if member.value == value:
                return member
        self.fail(f'is {value!r}, expected one of {", ".join(str(member.value) for member in kind)}')

    def settings(self, cls: type[S]) -> S:
        """Return a settings group made of a mapping; keys left out keep their defaults."""
        types = field_types(cls)
        values = self.fields(optional=types)
        arguments: dict[str, Any] = {}
        for name, value in values.items():
            kind = types[name]
            arguments[name] = value.settings(kind) if is_group(kind) else value._scalar(kind)
        try:
            return cls(**arguments)
        except SettingsError as error:
            values.get(error.key.partition('[')[0], self).fail(error.message)

    def _scalar(self, kind: Any) -> Any:
        value = self.plain()
        if kind is float and isinstance(value, int) and not isinstance(value, bool):
            return float(value)
        if typing.get_origin(kind) is tuple:
            member = typing.get_args(kind)[0]
            return tuple(item._scalar(member) for item in self.sequence())
        return value

    def _expected(self, what: str) -> NoReturn:
        found = 'nothing' if self.is_null else repr(self.plain()) if isinstance(self._node, yaml.ScalarNode) else (
            'a list' if isinstance(self._node, yaml.SequenceNode) else 'a mapping')
        self.fail(f'is {found}, expected {what}')


def read_yaml(path: Path) -> YamlValue:
    """Read one YAML document.

    :raises FileError: if the file cannot be read, is no YAML, or is empty.
    """
    try:
        if path.stat().st_size > _MAX_BYTES:
            raise FileError(path, f'the file is larger than {_MAX_BYTES} bytes')
        text = path.read_text(encoding='utf-8')
    except OSError as error:
        raise FileError(path, f'cannot be read: {error.strerror}') from error
    except UnicodeDecodeError as error:
        raise FileError(path, f'is not UTF-8 text (byte {error.start})') from error
    return read_yaml_text(text, path)


def read_yaml_text(text: str, path: Path) -> YamlValue:
    """Read one YAML document that stands in a text; complaints name ``path`` as where it came from.

    :raises FileError: if it is no YAML, or is empty.
    """
    try:
        node = _compose(text)
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else None
        raise FileError(path, f'is not YAML: {error.problem}', line=line) from error
    except yaml.YAMLError as error:
        raise FileError(path, f'is not YAML: {error}') from error
    except RecursionError as error:
        raise FileError(path, 'is nested too deeply') from error
    if node is None:
        raise FileError(path, 'is empty')
    return YamlValue(path, node)


def _compose(text: str) -> yaml.Node | None:
    """Return the tree of a document, by libyaml where PyYAML was built with it: that is ten times as fast.

    What libyaml refuses is read once more without it, so that complaints are the same everywhere.
    """
    if yaml.__with_libyaml__:
        with suppress(yaml.YAMLError):
            return yaml.compose(text, Loader=yaml.CSafeLoader)
    return yaml.compose(text, Loader=yaml.SafeLoader)


def read_settings(path: Path, cls: type[S]) -> S:
    """Read a file that holds one settings group.

    :raises FileError: naming file, line, key and what would be right.
    """
    return read_yaml(path).settings(cls)


def settings_to_plain(settings: Settings) -> dict[str, Any]:
    """Return a settings group as plain data that YAML or JSON can hold and ``settings`` reads back."""
    plain: dict[str, Any] = {}
    for field in dataclasses.fields(settings):
        value = getattr(settings, field.name)
        if isinstance(value, Settings):
            value = settings_to_plain(value)
        plain[field.name] = list(value) if isinstance(value, tuple) else value
    return plain
