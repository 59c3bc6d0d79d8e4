"""What a site file says of what is done about alerts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from lepatrol.model.alerts import AlertKind, Severity
from lepatrol.model.policy import Policy, Response
from lepatrol.model.site import InspectionRings, Zone
from lepatrol.settings.site_words import read_hours, read_known
from lepatrol.settings.yaml_file import YamlValue

_LONGEST_NOTICE = 300
_STAND_OFF_M = (1.0, 100.0)


def read_policies(
    value: YamlValue | None, zones: Iterable[Zone], rings: InspectionRings,
) -> tuple[Policy, ...]:
    """Return the policies in the order in which they are asked, first match first; none if nothing is written."""
    named = {zone.name: zone for zone in zones}
    return tuple(_policy(member, named, rings) for member in value.sequence()) if value else ()


def _policy(value: YamlValue, zones: Mapping[str, Zone], rings: InspectionRings) -> Policy:
    fields = value.fields(
        required=('response',), optional=('kinds', 'zones', 'hours', 'min_severity', 'notice', 'stand_off_m'))
    response = fields['response'].choice(Response)
    for key in ('notice', 'stand_off_m'):
        if key in fields and not response.is_errand:
            fields[key].fail(f"with the response '{response.value}' no robot goes there; leave it out, or say look, "
                             'follow or inspect')
    return Policy(
        response,
        kinds=tuple(member.choice(AlertKind) for member in _members(fields.get('kinds'), 'kind')),
        zones=tuple(zones[read_known(member, 'zone', zones)] for member in _members(fields.get('zones'), 'zone')),
        hours=read_hours(fields.get('hours')),
        min_severity=fields['min_severity'].choice(Severity) if 'min_severity' in fields else Severity.NOTICE,
        notice=_notice(fields['notice']) if 'notice' in fields else '',
        stand_off_m=_stand_off_m(fields['stand_off_m'], response, rings) if 'stand_off_m' in fields else None)


def _members(value: YamlValue | None, what: str) -> list[YamlValue]:
    """Return the members of a list that, where it is written, is not empty: an empty one could mean all or none."""
    if value is None:
        return []
    members = value.sequence()
    if not members:
        value.fail(f'is empty, expected at least one {what}; leave it out for all')
    return members


def _notice(value: YamlValue) -> str:
    text = value.text().strip()
    if not 0 < len(text) <= _LONGEST_NOTICE:
        value.fail(f'has {len(text)} characters, expected from 1 to {_LONGEST_NOTICE} that are spoken')
    return text


def _stand_off_m(value: YamlValue, response: Response, rings: InspectionRings) -> float:
    stand_off_m = value.number(low=_STAND_OFF_M[0], high=_STAND_OFF_M[1])
    if response is Response.INSPECT and stand_off_m < rings.outer_m:
        value.fail(f"is {stand_off_m:g}, nearer than the inspection's outer ring of {rings.outer_m:g} m; nearer only "
                   'an operator lets the robot go')
    return stand_off_m
