"""What several sections of a site file write the same way: names, hours and polygons."""

from __future__ import annotations

import re
from collections.abc import Iterable

from lepatrol.model.zones import Hours, Point2, fault_of
from lepatrol.settings.yaml_file import YamlValue

_WINDOW = re.compile(r'([01]\d|2[0-3]):([0-5]\d)-([01]\d|2[0-3]):([0-5]\d)')


def check_name(name: str, value: YamlValue) -> None:
    """Refuse a name that is no single word; ``value`` is where it is written."""
    if not name or any(character.isspace() for character in name):
        value.fail('a name is one word, so that it can be said in a command')


def read_known(value: YamlValue, what: str, names: Iterable[str]) -> str:
    """Return a name that stands for something the file names elsewhere; ``what`` says of which kind it is."""
    name, known = value.text(), list(names)
    if name not in known:
        value.fail(f'there is no {what} {name!r}; known are: {", ".join(known) or "none"}')
    return name


def read_hours(value: YamlValue | None) -> tuple[Hours, ...]:
    """Return windows written as ``['22:00-06:00', ...]``."""
    windows: list[Hours] = []
    for member in value.sequence() if value else ():
        match = _WINDOW.fullmatch(member.text())
        if not match:
            member.fail(f"is {member.plain()!r}, expected a window of local time such as '22:00-06:00'")
        start_h, start_min, end_h, end_min = map(int, match.groups())
        windows.append(Hours(60 * start_h + start_min, 60 * end_h + end_min))
    return tuple(windows)


def read_polygon(value: YamlValue) -> tuple[Point2, ...]:
    """Return the corners of a simple polygon."""
    points: list[Point2] = []
    for member in value.sequence():
        x, y = member.numbers(2)
        points.append((x, y))
    if fault := fault_of(points):
        value.fail(fault)
    return tuple(points)
