"""Tracks as the text a topic carries: everything that is followed at one time, as one JSON list."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import fields
from typing import Any

from .errors import ObservationError
from .findings import Box, ThingKind
from .plain import counted, member, named, number, typed
from .site import Point2
from .tracks import Track, TrackState

MOST_TRACKS = 200
"""More are not sent: those seen last are."""
MOST_POINTS = 20
"""Longest path and most exits of a track that are sent: the newest points of it."""
_MOST_CHARACTERS = 2_000_000
_FIELDS = tuple(field.name for field in fields(Track))


def text_from_tracks(tracks: Iterable[Track]) -> str:
    """Write tracks.

    :raises ObservationError: for a track with a number that is not finite.
    """
    newest = sorted(tracks, key=lambda track: -track.last_seen_s)[:MOST_TRACKS]
    try:
        return json.dumps([_plain(track) for track in newest], allow_nan=False, separators=(',', ':'))
    except ValueError:
        raise ObservationError('a track has a number that is not finite') from None


def tracks_from_text(text: str) -> tuple[Track, ...]:
    """Read what :func:`text_from_tracks` wrote; every field must be there, and no other.

    :raises ObservationError: naming the first value that is missing, wrong or unknown.
    """
    if len(text) > _MOST_CHARACTERS:
        raise ObservationError(f'tracks: are {len(text)} characters, expected at most {_MOST_CHARACTERS}')
    try:
        plain = _bounded(typed(json.loads(text), list, 'tracks'), 'tracks', MOST_TRACKS)
        return tuple(_track(typed(each, dict, 'track')) for each in plain)
    except RecursionError:
        raise ObservationError('tracks: are nested too deeply') from None
    except ValueError as error:
        raise ObservationError(f'tracks: {error}') from None


def _plain(track: Track) -> dict[str, Any]:
    plain = {name: getattr(track, name) for name in _FIELDS}
    return plain | {
        'state': track.state.value, 'kinds': {kind.value: share for kind, share in track.kinds.items()},
        'exits': track.exits[:MOST_POINTS], 'path': track.path[-MOST_POINTS:]}


def _track(plain: dict[str, Any]) -> Track:
    for key in plain:
        if key not in _FIELDS:
            raise ValueError(f'{key!r} is unknown; a track has: {", ".join(_FIELDS)}')
    return Track(
        track_id=counted(plain, 'track_id'),
        state=named(TrackState, member(plain, 'state', str), 'state'),
        position_m=_pair(_listed(plain, 'position_m'), 'position_m'),
        velocity_m_s=_pair(_listed(plain, 'velocity_m_s'), 'velocity_m_s'),
        covariance_m2=_triple(_listed(plain, 'covariance_m2'), 'covariance_m2'),
        first_seen_s=number(plain, 'first_seen_s'),
        last_seen_s=number(plain, 'last_seen_s'),
        standing_since_s=number(plain, 'standing_since_s'),
        kinds={named(ThingKind, kind, 'kinds'): _share(share) for kind, share in member(plain, 'kinds', dict).items()},
        sightings=counted(plain, 'sightings'),
        width_m=_size(plain, 'width_m'),
        height_m=_size(plain, 'height_m'),
        box=_box(plain),
        exits=tuple(_pair(each, 'exits') for each in _bounded(_listed(plain, 'exits'), 'exits', MOST_POINTS)),
        path=tuple(_triple(each, 'path') for each in _bounded(_listed(plain, 'path'), 'path', MOST_POINTS)))


def _listed(plain: dict[str, Any], key: str) -> list[Any]:
    found: list[Any] = member(plain, key, list)
    return found


def _bounded(found: list[Any], key: str, most: int) -> list[Any]:
    if len(found) > most:
        raise ValueError(f'{key}: are {len(found)}, expected at most {most}')
    return found


def _numbers(found: Any, key: str, count: int) -> list[float]:
    if len(typed(found, list, key)) != count:
        raise ValueError(f'{key} is {found!r:.80}, expected {count} numbers')
    return [number({key: each}, key) for each in found]


def _pair(found: Any, key: str) -> Point2:
    x, y = _numbers(found, key, 2)
    return x, y


def _triple(found: Any, key: str) -> tuple[float, float, float]:
    first, second, third = _numbers(found, key, 3)
    return first, second, third


def _share(value: Any) -> float:
    share = number({'kinds': value}, 'kinds')
    if not 0.0 <= share <= 1.0:
        raise ValueError(f'kinds is {share!r}, expected from 0 to 1')
    return share


def _size(plain: dict[str, Any], key: str) -> float | None:
    if key not in plain:
        raise ValueError(f'{key} is missing')
    return None if plain[key] is None else number(plain, key)


def _box(plain: dict[str, Any]) -> Box | None:
    if 'box' not in plain:
        raise ValueError('box is missing')
    if plain['box'] is None:
        return None
    left, top, right, bottom = (int(each) for each in _numbers(plain['box'], 'box', 4))
    return left, top, right, bottom
