"""Where lepatrol's own worlds, sites, robots and parameters lie, however it was installed."""

from __future__ import annotations

import os
import site
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from lepatrol.model.errors import FileError, LepatrolError

_PACKAGE = 'lepatrol'


@dataclass(frozen=True, slots=True)
class _Kind:
    """One kind of file: what it is called, its folder in the share folder, and the ends of its name."""

    word: str
    folder: str
    suffixes: tuple[str, ...]


_WORLD = _Kind('world', 'worlds', ('.sdf',))
_SITE = _Kind('site', 'config/sites', ('.yaml',))
_SCENARIO = _Kind('scenario', 'config/scenarios', ('.yaml',))
_ROBOT = _Kind('robot', 'urdf', ('.urdf.xacro', '.urdf'))
_KNOWLEDGE = _Kind('knowledge file', 'config/knowledge', ('.yaml',))
_VISITORS = _Kind('visitor list', 'config/visitors', ('.yaml',))
_LANGUAGE = _Kind('language', 'config/languages', ('.yaml',))
_ROBOT_SETTINGS = _Kind('robot', 'config/robots', ('.yaml',))


def share_folder() -> Path:
    """Return the folder that holds ``worlds``, ``config``, ``urdf`` and ``launch``.

    A source checkout (also an editable install) wins over everything installed; then the ament index is asked, as
    ``ros2 launch`` does; then the prefix that pip or colcon installed the code into.

    :raises LepatrolError: if no place holds them, naming the places.
    """
    return _share_folder(Path(__file__).resolve().parent, os.environ.get('AMENT_PREFIX_PATH', ''))


@lru_cache(maxsize=8)
def _share_folder(code: Path, ament_prefix_path: str) -> Path:
    if (code.parent / 'package.xml').is_file() and (code.parent / 'worlds').is_dir():
        return code.parent
    tried = list(dict.fromkeys([*_registered(ament_prefix_path), *_installed(code)]))
    for folder in tried:
        if (folder / 'worlds').is_dir():
            return folder
    raise LepatrolError('the files that belong to lepatrol (worlds, config, urdf) are not installed; install it again '
                        f'with pip or colcon. Looked in: {", ".join(str(folder) for folder in tried)}')


def _registered(ament_prefix_path: str) -> Iterator[Path]:
    """Yield the share folders of the prefixes whose ament index knows lepatrol, overlays first."""
    for prefix in filter(None, ament_prefix_path.split(os.pathsep)):
        if (Path(prefix) / 'share' / 'ament_index' / 'resource_index' / 'packages' / _PACKAGE).is_file():
            yield Path(prefix) / 'share' / _PACKAGE


def _installed(code: Path) -> Iterator[Path]:
    """Yield where data files may lie: beside the code on its way up to its prefix, then in Python's own prefixes."""
    for prefix in (*code.parents, Path(sys.prefix), Path(site.getuserbase())):
        yield prefix / 'share' / _PACKAGE


def world_path(world: str | os.PathLike[str]) -> Path:
    """Return the file of a world given by name (``prison``) or by path.

    :raises FileError: if there is none, listing the known names.
    """
    return _find(_WORLD, world)


def model_folders(world_file: Path) -> tuple[Path, ...]:
    """Return where ``model://`` of a world is looked for: ``models`` beside its file, then lepatrol's own models."""
    return world_file.parent / 'models', share_folder() / 'worlds' / 'models'


def site_path(site_name: str | os.PathLike[str]) -> Path:
    """Return the file of a site given by name or by path.

    :raises FileError: if there is none, listing the known names.
    """
    return _find(_SITE, site_name)


def scenario_path(scenario: str | os.PathLike[str]) -> Path:
    """Return the file of a scenario given by name (``intruder_night``) or by path.

    :raises FileError: if there is none, listing the known names.
    """
    return _find(_SCENARIO, scenario)


def robot_path(robot: str | os.PathLike[str]) -> Path:
    """Return the URDF or xacro file of a robot given by name or by path.

    :raises FileError: if there is none, listing the known names.
    """
    return _find(_ROBOT, robot)


def robot_settings_path(robot: str | os.PathLike[str]) -> Path:
    """Return the file with the size and limits of a robot given by name or by path.

    :raises FileError: if there is none, listing the known names.
    """
    return _find(_ROBOT_SETTINGS, robot)


def knowledge_path(knowledge: str | os.PathLike[str]) -> Path:
    """Return the file with what a greeter knows, given by its site's name or by path.

    :raises FileError: if there is none, listing the known names.
    """
    return _find(_KNOWLEDGE, knowledge)


def language_path(language: str | os.PathLike[str]) -> Path:
    """Return the file of a language given by its code or by path.

    :raises FileError: if there is none, listing the known codes.
    """
    return _find(_LANGUAGE, language)


def visitors_path(visitors: str | os.PathLike[str]) -> Path:
    """Return the file of a visitor list, given by name or by path.

    :raises FileError: if there is none, listing the known names.
    """
    return _find(_VISITORS, visitors)


def parameters_path(path: str | os.PathLike[str] | None = None) -> Path:
    """Return the ROS 2 parameter file: the given one, or lepatrol's own.

    :raises FileError: if it is not there.
    """
    chosen = share_folder() / 'config' / 'lepatrol.yaml' if path is None else Path(path)
    if not chosen.is_file():
        raise FileError(
            chosen, f"there is no such parameter file; lepatrol's own is {share_folder()}/config/lepatrol.yaml")
    return chosen


def known_worlds() -> tuple[str, ...]:
    """Return the names that ``world_path`` knows, sorted."""
    return _known(_WORLD)


def known_sites() -> tuple[str, ...]:
    """Return the names that ``site_path`` knows, sorted."""
    return _known(_SITE)


def known_scenarios() -> tuple[str, ...]:
    """Return the names that ``scenario_path`` knows, sorted."""
    return _known(_SCENARIO)


def known_visitors() -> tuple[str, ...]:
    """Return the names that ``visitors_path`` knows, sorted."""
    return _known(_VISITORS)


def known_knowledge() -> tuple[str, ...]:
    """Return the names that ``knowledge_path`` knows, sorted."""
    return _known(_KNOWLEDGE)


def known_languages() -> tuple[str, ...]:
    """Return the codes that ``language_path`` knows, sorted."""
    return _known(_LANGUAGE)


def known_robots() -> tuple[str, ...]:
    """Return the names that ``robot_path`` knows, sorted."""
    return _known(_ROBOT)


def _known(kind: _Kind) -> tuple[str, ...]:
    folder = share_folder() / kind.folder
    return tuple(sorted({
        path.name.removesuffix(suffix) for suffix in kind.suffixes for path in folder.glob(f'*{suffix}')}))


def _find(kind: _Kind, wanted: str | os.PathLike[str]) -> Path:
    path = Path(wanted)
    is_name = isinstance(wanted, str) and path.name == wanted and not wanted.endswith(kind.suffixes)
    if is_name:
        for suffix in kind.suffixes:
            known = share_folder() / kind.folder / f'{wanted}{suffix}'
            if known.is_file():
                return known
    if path.is_file():
        return path
    hint = f'known {kind.word}s are: {", ".join(_known(kind)) or "none"}'
    if is_name:
        raise FileError(wanted, f'there is no {kind.word} of this name; {hint}, or give the path of a '
                        f'{kind.suffixes[0]} file')
    raise FileError(path, f'there is no such {kind.word} file; give a path that exists, or a name; {hint}')
