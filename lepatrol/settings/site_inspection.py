"""What a site file says of inspecting objects: how near, and which may stand about."""

from __future__ import annotations

from collections.abc import Iterable

from lepatrol.model.site import InspectionRings, KnownObject, Zone
from lepatrol.settings.site_words import check_name, read_known
from lepatrol.settings.yaml_file import YamlValue

_NEAREST_M, _FARTHEST_M = 0.5, 50.0
_LONGEST_M = 50.0
_LONGEST_LABEL = 1000


def read_inspection(value: YamlValue | None) -> InspectionRings:
    """Return the rings round a suspicious object, the outer one outside and the limit inside."""
    rings = InspectionRings()
    if value is None:
        return rings
    keys = ('outer_m', 'inner_m', 'limit_m')
    fields = value.fields(optional=keys)
    outer_m, inner_m, limit_m = (
        fields[key].number(low=_NEAREST_M, high=_FARTHEST_M) if key in fields else getattr(rings, key) for key in keys)
    if not limit_m <= inner_m <= outer_m:
        value.fail(f'outer_m is {outer_m:g}, inner_m {inner_m:g} and limit_m {limit_m:g}; none may be larger than the '
                   'one before it')
    return InspectionRings(outer_m, inner_m, limit_m)


def read_known_objects(value: YamlValue | None, zones: Iterable[Zone]) -> tuple[KnownObject, ...]:
    """Return the objects that may stand about; names and labels are used once."""
    places = [zone.name for zone in zones]
    found: list[KnownObject] = []
    for member in value.sequence() if value else ():
        thing = _known_object(member, places)
        for other in found:
            if other.name == thing.name:
                member.fail(f'there are two known objects {thing.name!r}; each needs a name of its own')
            if other.label == thing.label:
                member.fail(f'{other.name} has the label {thing.label!r} too; each needs a label of its own')
        found.append(thing)
    return tuple(found)


def _known_object(value: YamlValue, zones: list[str]) -> KnownObject:
    fields = value.fields(required=('name', 'label'), optional=('zone', 'footprint_m', 'height_m', 'note'))
    name = fields['name'].text()
    check_name(name, fields['name'])
    return KnownObject(
        name, _label(fields['label']),
        zone=read_known(fields['zone'], 'zone', zones) if 'zone' in fields else '',
        footprint_m=_footprint_m(fields['footprint_m']) if 'footprint_m' in fields else None,
        height_m=fields['height_m'].number(low=0.01, high=_LONGEST_M) if 'height_m' in fields else None,
        note=fields['note'].text() if 'note' in fields else '')


def _label(value: YamlValue) -> str:
    label = value.written()
    if label != label.strip() or len(label) > _LONGEST_LABEL:
        value.fail(f'is {label[:40]!r}, expected what its code says, without spaces around it and at most '
                   f'{_LONGEST_LABEL} characters')
    return label


def _footprint_m(value: YamlValue) -> tuple[float, float]:
    members = value.sequence()
    if len(members) != 2:
        value.fail(f'has {len(members)} members, expected length and width in metres')
    length_m, width_m = sorted((member.number(low=0.01, high=_LONGEST_M) for member in members), reverse=True)
    return length_m, width_m
