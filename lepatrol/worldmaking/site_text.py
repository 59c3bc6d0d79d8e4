"""Pieces of a site file's text."""

from __future__ import annotations

from collections.abc import Sequence

from lepatrol.worldmaking.placing import number


def waypoint(
    name: str, position: Sequence[float], actions: str = '', *, heading_deg: int | None = None, on_failure: str = '',
    retries: int | None = None,
) -> str:
    """Return a waypoint's line; its position is [x, y], in the air [x, y, height]."""
    parts = [f'position: [{", ".join(map(number, position))}]']
    parts += [f'heading_deg: {heading_deg}'] if heading_deg is not None else []
    parts += [f'actions: [{actions}]'] if actions else []
    parts += [f'on_failure: {on_failure}'] if on_failure else []
    parts += [f'retries: {retries}'] if retries is not None else []
    return f'  {name}: {{{", ".join(parts)}}}\n'


def photo(heading_deg: int, caption: str) -> str:
    """Return an action: take a photo of something."""
    return f'photo: {{heading_deg: {heading_deg}, caption: {caption}}}'


def look(*headings_deg: int) -> str:
    """Return an action: look round."""
    return f'look: {{headings_deg: {list(headings_deg)}, pause_s: 0.5}}'


def route(name: str, waypoints: Sequence[str], *, medium: str = '') -> str:
    """Return a closed route's lines; without a medium it is for the ground."""
    members = ''.join(f'      - {each}\n' for each in waypoints)
    where = f'    medium: {medium}\n' if medium else ''
    return f'  {name}:\n{where}    closed: true\n    waypoints:\n{members}'


def corners(west: float, south: float, east: float, north: float) -> str:
    """Return the corners of a rectangle."""
    w, s, e, n = map(number, (west, south, east, north))
    return f'[[{w}, {s}], [{e}, {s}], [{e}, {n}], [{w}, {n}]]'
