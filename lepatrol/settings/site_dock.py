"""The section ``dock`` of a site file."""

from __future__ import annotations

import math
from collections.abc import Sequence

from shapely import Point, Polygon

from lepatrol.model.dock import DEFAULT_APPROACH_M, Dock
from lepatrol.model.geometry import Pose2
from lepatrol.model.site import Medium, Zone
from lepatrol.settings.yaml_file import YamlValue


def read_dock(value: YamlValue, zones: Sequence[Zone]) -> Dock:
    """Return the dock; neither it nor the way into it lies where no robot on the ground may be."""
    fields = value.fields(required=('position', 'heading_deg'), optional=('approach_m',))
    x, y = fields['position'].numbers(2)
    heading = math.radians(fields['heading_deg'].number(low=-360.0, high=360.0))
    approach = fields['approach_m'].number(low=0.3, high=20.0) if 'approach_m' in fields else DEFAULT_APPROACH_M
    dock = Dock(Pose2(x, y, heading), approach)
    for name, pose in (('it', dock.pose), ('the approach to it', dock.approach)):
        for zone in zones:
            if zone.keeps_out(Medium.GROUND) and Polygon(zone.polygon).intersects(Point(pose.x_m, pose.y_m)):
                fields['position'].fail(
                    f'{name} at ({pose.x_m:.2f}, {pose.y_m:.2f}) lies in the keep-out zone {zone.name}; no robot '
                    'drives there')
    return dock
