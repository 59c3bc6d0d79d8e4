"""Zones as site files write them."""

from __future__ import annotations

from collections.abc import Mapping

from lepatrol.model.zones import Allowance, Medium, Zone, ZoneKind
from lepatrol.settings.site_words import read_hours, read_polygon
from lepatrol.settings.yaml_file import YamlValue

_ALLOWED_KINDS = ('person', 'vehicle', 'animal', 'object')


def read_zone(name: str, value: YamlValue) -> Zone:
    """Return a zone; ``value`` is what stands under its name."""
    return zone_of(name, value, value.fields(
        required=('kind', 'polygon'), optional=('speed_limit_m_s', 'hours', 'allowed', 'crowd_limit', 'medium')))


def zone_of(name: str, value: YamlValue, fields: Mapping[str, YamlValue]) -> Zone:
    """Return a zone made of what stands under its name, and of its fields, which are known ones."""
    kind = fields['kind'].choice(ZoneKind)
    limit = fields.get('speed_limit_m_s')
    if kind is ZoneKind.SLOW and limit is None:
        value.fail("a slow zone needs 'speed_limit_m_s'")
    if kind is not ZoneKind.SLOW and limit is not None:
        limit.fail('only a slow zone has a speed limit')
    if kind is not ZoneKind.KEEP_OUT and 'medium' in fields:
        fields['medium'].fail('only a zone to keep out of holds for one kind of robot alone')
    return Zone(
        name, kind, read_polygon(fields['polygon']), limit.number(low=0.01, high=100.0) if limit else None,
        hours=read_hours(fields.get('hours')),
        allowed=tuple(map(_allowance, fields['allowed'].sequence())) if 'allowed' in fields else (),
        crowd_limit=fields['crowd_limit'].integer(low=0, high=10000) if 'crowd_limit' in fields else None,
        medium=fields['medium'].choice(Medium) if 'medium' in fields else None)


def _allowance(value: YamlValue) -> Allowance:
    fields = value.fields(required=('who',), optional=('kind', 'count', 'hours'))
    kind = fields['kind'].text() if 'kind' in fields else 'person'
    if kind not in _ALLOWED_KINDS:
        fields['kind'].fail(f'is {kind!r}, expected one of {", ".join(_ALLOWED_KINDS)}')
    return Allowance(
        fields['who'].text(), kind, fields['count'].integer(low=1, high=10000) if 'count' in fields else 1,
        read_hours(fields.get('hours')))
