"""Finding and loading the files that an SDFormat or URDF file names."""

from __future__ import annotations

import difflib
from collections.abc import Sequence
from pathlib import Path

from lepatrol.simulation.sdf_vocabulary import check_words
from lepatrol.simulation.xml_file import Element, read_xml


class Files:
    """The search path for ``model://`` and the SDFormat files read so far, each read once."""

    def __init__(self, model_paths: Sequence[Path]) -> None:
        """Look for models in these directories, in this order."""
        self._model_paths = tuple(model_paths)
        self._roots: dict[Path, Element] = {}

    @property
    def roots(self) -> tuple[Element, ...]:
        """Return the root elements of all files read, in order."""
        return tuple(self._roots.values())

    def read(self, path: Path) -> Element:
        """Return the ``<sdf>`` element of a file, checked word by word.

        :raises FileError: where it is not SDFormat.
        """
        if path not in self._roots:
            root = read_xml(path)
            if root.tag != 'sdf':
                raise root.error(f'the root element is <{root.tag}>; <sdf version="1.9"> is right')
            root.attribute('version')
            check_words(root)
            self._roots[path] = root
        return self._roots[path]

    def find(self, uri: Element) -> Path:
        """Return the existing file or directory that a ``<uri>`` (or the text of a ``filename``) names.

        :raises FileError: naming where it was looked for, and similar names.
        """
        text = uri.text.strip()
        scheme, mark, rest = text.partition('://')
        if not mark:
            candidates = [uri.path.parent / text]
        elif scheme == 'file':
            candidates = [Path(rest) if rest.startswith('/') else uri.path.parent / rest]
        elif scheme == 'package':
            inner = rest.partition('/')[2]
            candidates = [base / part for base in uri.path.resolve().parents for part in (inner, rest)]
        elif scheme == 'model':
            candidates = [base / rest for base in self._model_paths]
        else:
            raise uri.error(f"'{text}' is not fetched; only model://, file:// and relative paths are read")
        for candidate in candidates:
            if text and candidate.exists():
                return candidate
        raise uri.error(f"'{text}' is not found; {self._advice(scheme if mark else '', rest)}")

    def find_model(self, uri: Element) -> Path:
        """Return the SDFormat file that an include's ``<uri>`` names: a directory stands for its model."""
        path = self.find(uri)
        if not path.is_dir():
            return path
        config = path / 'model.config'
        if config.exists():
            named = [element.text.strip() for element in read_xml(config).walk() if element.tag == 'sdf']
            if named:
                path = path / named[-1]
                if not path.is_file():
                    raise uri.error(f'{config} names {path.name}, which is not there')
                return path
        path = path / 'model.sdf'
        if not path.is_file():
            raise uri.error(f'{path} is not there')
        return path

    def _advice(self, scheme: str, rest: str) -> str:
        if scheme != 'model':
            return 'paths are relative to the file that names them'
        known = sorted({entry.name for base in self._model_paths if base.is_dir() for entry in base.iterdir()})
        near = difflib.get_close_matches(rest.partition('/')[0], known, n=1)
        where = ', '.join(str(base) for base in self._model_paths) or 'no directory'
        return f"looked in {where}" + (f"; did you mean '{near[0]}'?" if near else '')
