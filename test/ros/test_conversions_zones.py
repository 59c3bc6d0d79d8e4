"""Zones that come up survive the wire, and are shown."""

import pytest
from std_msgs.msg import String
from visualization_msgs.msg import Marker
from wire import over_the_wire

from lepatrol.model.errors import CommandError
from lepatrol.model.live_zones import LiveZone, LiveZones
from lepatrol.model.site import Medium, Zone, ZoneKind
from lepatrol.ros import conversions

TRIANGLE = ((0.0, 0.0), (3.0, 0.0), (0.0, 3.0))
SPILL = Zone('spill', ZoneKind.KEEP_OUT, TRIANGLE, medium=Medium.GROUND)
LANE = Zone('lane', ZoneKind.SLOW, TRIANGLE, 0.4)


def test_zones_survive_the_wire():
    zones = LiveZones.of([LiveZone(SPILL, 1.5, 'operator', 'öl', lifted=True), LiveZone(LANE, 2.0, 'ugv1')])
    assert conversions.live_zones_from_ros(over_the_wire(conversions.live_zones_to_ros(zones))) == zones


@pytest.mark.parametrize('text', ['', '[]', '{"zones": [{"name": "spill"}]}'])
def test_a_text_that_tells_no_zones_is_refused(text):
    with pytest.raises(CommandError, match='what was told of zones cannot be taken'):
        conversions.live_zones_from_ros(over_the_wire(String(data=text)))


def test_zones_are_shown_as_closed_outlines_with_their_names_in_place_of_those_before():
    first, outline, label, _, slow = over_the_wire(conversions.zone_markers_to_ros([SPILL, LANE], 3.0)).markers
    assert first.action == Marker.DELETEALL
    assert [(point.x, point.y) for point in outline.points] == [*TRIANGLE, TRIANGLE[0]]
    assert (label.text, slow.text) == ('spill (keep out)', 'lane (slow 0.4 m/s)')
    assert (label.pose.position.x, label.pose.position.y) == (1.0, 1.0)
    assert outline.header.frame_id == 'map'
