"""What a site file says of following people."""

from __future__ import annotations

from lepatrol.model.site import FollowLimits
from lepatrol.settings.yaml_file import YamlValue

_BOUNDS = {'distance_m': (1.5, 50.0), 'limit_s': (1.0, 86400.0), 'limit_m': (1.0, 100000.0)}


def read_follow(value: YamlValue | None) -> FollowLimits:
    """Return how people are followed; what is left out keeps its default."""
    if value is None:
        return FollowLimits()
    fields = value.fields(optional=_BOUNDS)
    return FollowLimits(**{key: each.number(low=_BOUNDS[key][0], high=_BOUNDS[key][1]) for key, each in fields.items()})
