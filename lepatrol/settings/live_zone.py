"""An operator's words about zones: one is put in the form of the site file's."""

from __future__ import annotations

from pathlib import Path

from lepatrol.model.errors import CommandError, FileError
from lepatrol.model.live_zones import LIVE_KINDS, LONGEST_NAME, LONGEST_REASON, MOST_CORNERS
from lepatrol.model.zones import Zone
from lepatrol.settings.site_words import check_name
from lepatrol.settings.site_zones import zone_of
from lepatrol.settings.yaml_file import YamlValue, read_yaml_text

_LONGEST_TEXT = 20_000
_FORM = "it is written as in the site file: 'spill: {kind: keep_out, polygon: [[0, 0], [2, 0], [2, 2]], reason: oil}'"


def read_live_zone(text: str) -> tuple[Zone, str]:
    """Return the zone that a text puts, and the reason it gives, '' for none.

    :raises CommandError: naming line, key and what would be right.
    """
    if len(text) > _LONGEST_TEXT:
        raise CommandError(f'the zone has {len(text)} characters, at most {_LONGEST_TEXT} are read')
    try:
        return _zone(read_yaml_text(text, Path('zone')))
    except FileError as error:
        raise CommandError(f'{error}; {_FORM}') from error


def _zone(value: YamlValue) -> tuple[Zone, str]:
    zones = list(value.items())
    if len(zones) != 1:
        value.fail(f'has {len(zones)} names, expected one zone')
    (name, body), = zones
    check_name(name, body)
    if len(name) > LONGEST_NAME:
        body.fail(f'a name has at most {LONGEST_NAME} characters')
    fields = body.fields(required=('kind', 'polygon'), optional=('speed_limit_m_s', 'medium', 'reason'))
    corners = fields['polygon'].sequence()
    if len(corners) > MOST_CORNERS:
        fields['polygon'].fail(f'has {len(corners)} corners, at most {MOST_CORNERS} are taken')
    zone = zone_of(name, body, fields)
    if zone.kind not in LIVE_KINDS:
        fields['kind'].fail(f'is {zone.kind.value!r}, expected {" or ".join(kind.value for kind in LIVE_KINDS)}: '
                            'others belong in the site file')
    reason = fields['reason'].text() if 'reason' in fields else ''
    if len(reason) > LONGEST_REASON:
        fields['reason'].fail(f'has {len(reason)} characters, at most {LONGEST_REASON} are kept')
    return zone, reason
