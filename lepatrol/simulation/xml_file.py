"""XML with line numbers, read strictly: no document types, no entities, and every leftover element is known."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from xml.parsers import expat

from lepatrol.model.errors import FileError


class Element:
    """One XML element, where it stands, and whether a reader has asked for it.

    Reading a child marks it as ``used``; what is unused in the end was left out, and ``unused`` finds it.
    """

    def __init__(self, path: Path, tag: str, attributes: Mapping[str, str], line: int | None) -> None:
        """Make an element without children; ``line`` is None in generated text."""
        self.path = path
        self.tag = tag
        self.attributes = dict(attributes)
        self.line = line
        self.text = ''
        self.children: list[Element] = []
        self.used = False

    @property
    def label(self) -> str:
        """Return the tag with the name, if it has one: ``link 'base'``."""
        name = self.attributes.get('name')
        return self.tag if name is None else f"{self.tag} '{name}'"

    def error(self, message: str) -> FileError:
        """Make the error that says what is wrong with this element, and where it stands."""
        return FileError(self.path, message, line=self.line, key=self.label)

    @property
    def name(self) -> str:
        """Return the ``name`` attribute.

        :raises FileError: where it is missing or empty.
        """
        return self.attribute('name')

    def attribute(self, key: str) -> str:
        """Return an attribute that must be there.

        :raises FileError: where it is missing or empty.
        """
        value = self.attributes.get(key, '')
        if not value.strip():
            raise self.error(f'the attribute {key}="..." is missing')
        return value

    def all(self, tag: str) -> list[Element]:
        """Return the children of a tag, in order, and mark them as used."""
        found = [child for child in self.children if child.tag == tag]
        for child in found:
            child.used = True
        return found

    def child(self, tag: str) -> Element | None:
        """Return the one child of a tag, or None.

        :raises FileError: where there are several.
        """
        found = self.all(tag)
        if len(found) > 1:
            raise found[1].error(f'<{tag}> stands twice in <{self.tag}>; keep one')
        return found[0] if found else None

    def required(self, tag: str) -> Element:
        """Return the one child of a tag.

        :raises FileError: where it is missing.
        """
        child = self.child(tag)
        if child is None:
            raise self.error(f'<{tag}> is missing')
        return child

    def below(self, *tags: str) -> Element | None:
        """Follow one child after the other, or return None where the way ends."""
        here: Element | None = self
        for tag in tags:
            here = None if here is None else here.child(tag)
        return here

    def text_of(self, tag: str, default: str = '') -> str:
        """Return the stripped text of a child, or the default where there is no such child."""
        child = self.child(tag)
        return default if child is None else child.text.strip()

    def flag_of(self, tag: str, default: bool) -> bool:
        """Return a child's ``true`` or ``false`` (or 1 or 0)."""
        child = self.child(tag)
        return default if child is None else child.flag()

    def flag(self) -> bool:
        """Return the text as ``true`` or ``false``."""
        text = self.text.strip().lower()
        if text not in ('true', 'false', '1', '0'):
            raise self.error(f"'{self.text.strip()}' is neither true nor false")
        return text in ('true', '1')

    def number_of(self, tag: str, default: float, *, low: float = -math.inf, above: float = -math.inf) -> float:
        """Return a child's number, or the default; ``low`` and ``above`` as in ``number``."""
        child = self.child(tag)
        return default if child is None else child.number(low=low, above=above)

    def number(self, *, low: float = -math.inf, above: float = -math.inf) -> float:
        """Return the text as one finite number, at least ``low`` and greater than ``above``."""
        (value,) = self.numbers(1)
        if value < low:
            raise self.error(f'{value:g} is too small; {low:g} or more is right')
        if value <= above:
            raise self.error(f'{value:g} is too small; more than {above:g} is right')
        return value

    def numbers(self, *counts: int, text: str | None = None) -> tuple[float, ...]:
        """Return the text (or the ``text`` given) as finite numbers, as many as one of ``counts``."""
        text = self.text if text is None else text
        wanted = ' or '.join(map(str, counts)) + (' number' if counts == (1,) else ' numbers')
        try:
            values = tuple(float(word) for word in text.split())
        except ValueError:
            raise self.error(f"'{text.strip()}' is not {wanted}") from None
        if len(values) not in counts or not all(map(math.isfinite, values)):
            raise self.error(f"'{text.strip()}' is not {wanted}, each finite")
        return values

    def walk(self) -> Iterator[Element]:
        """Yield this element and all below it, in the order of the file."""
        yield self
        for child in self.children:
            yield from child.walk()

    def use_all(self) -> None:
        """Mark everything below this element as used."""
        for element in self.walk():
            element.used = True

    def unused(self) -> Iterator[Element]:
        """Yield the topmost elements that no reader has asked for."""
        for child in self.children:
            if child.used:
                yield from child.unused()
            else:
                yield child


def left_out(roots: Iterable[Element]) -> tuple[str, ...]:
    """Name every element that no reader asked for, as ``file:line: <element>``."""
    return tuple(
        str(FileError(element.path, f'<{element.tag}>' + (
            f" '{element.attributes['name']}'" if 'name' in element.attributes else ''), line=element.line))
        for root in roots for element in root.unused())


def read_xml(path: Path) -> Element:
    """Read a file's root element.

    :raises FileError: naming file and line, where it cannot be read, is not XML or declares a document type.
    """
    try:
        data = path.read_bytes()
    except OSError as error:
        raise FileError(path, f'cannot be read: {error.strerror}') from None
    return parse_xml(data, path)


def parse_xml(data: bytes, path: Path, *, with_lines: bool = True) -> Element:
    """Parse XML that was read, or (``with_lines`` false) generated, from a path."""
    parser = expat.ParserCreate()
    parser.buffer_text = True
    root: list[Element] = []
    open_elements: list[Element] = []

    def start(tag: str, attributes: dict[str, str]) -> None:
        element = Element(path, tag, attributes, parser.CurrentLineNumber if with_lines else None)
        (open_elements[-1].children if open_elements else root).append(element)
        open_elements.append(element)

    def end(_tag: str) -> None:
        open_elements.pop()

    def text(content: str) -> None:
        open_elements[-1].text += content

    def doctype(*_: object) -> None:
        # Entities can expand without bound or read other files; no SDFormat or URDF file needs them.
        raise FileError(path, '<!DOCTYPE> is refused; remove it', line=parser.CurrentLineNumber)

    parser.StartElementHandler = start
    parser.EndElementHandler = end
    parser.CharacterDataHandler = text
    parser.StartDoctypeDeclHandler = doctype
    try:
        parser.Parse(data, True)
    except expat.ExpatError as error:
        message = f'broken XML: {expat.ErrorString(error.code)} (column {error.offset + 1})'
        raise FileError(path, message, line=error.lineno) from None
    except (LookupError, ValueError) as error:
        raise FileError(path, f'broken XML: {error}; write it in UTF-8', line=1) from None
    root[0].used = True
    return root[0]
