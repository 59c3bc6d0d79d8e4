"""Where a robot may wait on a site: in nobody's way."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lepatrol import assembly
from lepatrol.behaviours.waiting_ground import WaitingGround
from lepatrol.model.site import StructureKind
from lepatrol.model.zones import Zone, ZoneKind, to_edge_m

SITE = assembly.load_site('prison')
LIVE = [Zone('spill', ZoneKind.KEEP_OUT, ((50.0, 0.0), (56.0, 0.0), (56.0, 4.0), (50.0, 4.0)))]


def ground(live=()):
    return WaitingGround(SITE, lambda: live, body_radius_m=0.45, gate_m=2.0)


@pytest.mark.parametrize(('place', 'is_fit'), [
    ((53.0, -10.0), True), ((0.0, -34.8), False), ((4.3, -34.8), False), ((-18.0, -16.0), False), ((20.0, 14.0), False),
    ((16.5, -29.0), False), ((16.5, -27.5), True), ((53.0, 2.0), True)])
def test_places_in_the_prison(place, is_fit):
    assert ground().is_fit(*place) is is_fit


def test_zones_that_come_up_count_from_then_on():
    live = []
    watched = ground(live)
    assert watched.is_fit(53.0, 2.0)
    live += LIVE
    assert not watched.is_fit(53.0, 2.0)


@given(x_m=st.floats(-60.0, 60.0), y_m=st.floats(-40.0, 40.0))
def test_no_fit_place_is_in_a_zone_or_before_a_gate(x_m, y_m):
    if ground(LIVE).is_fit(x_m, y_m):
        kinds = {zone.kind for zone in (*SITE.zones, *LIVE) if zone.holds(x_m, y_m)}
        assert kinds <= {ZoneKind.RESTRICTED, ZoneKind.PUBLIC}
        assert all(to_edge_m((gate.start, gate.end), x_m, y_m) >= 2.0 for gate in SITE.structures
                   if gate.kind is StructureKind.GATE)
