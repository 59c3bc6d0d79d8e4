import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rule_bench import PRISON, Structure, StructureKind, Zone, ZoneKind, site, square
from shapely import LineString, Point, Polygon, unary_union

from lepatrol.perception.rules.ground import Ground

GROUND = Ground(PRISON, 5.0)
WHOLE = unary_union([Polygon(zone.polygon) for zone in PRISON.zones if zone.kind is ZoneKind.RESTRICTED])
places = st.tuples(st.floats(-65.0, 65.0), st.floats(-45.0, 45.0))


@settings(deadline=None)
@given(place=places)
def test_zones_depths_and_distances_are_those_of_a_geometry_library(place):
    spot = GROUND.at(place)
    point = Point(place)
    outline = WHOLE.boundary.distance(point)
    if outline > 1e-3:
        assert bool(spot.restricted) == WHOLE.covers(point) or any(
            Polygon(zone.polygon).boundary.distance(point) < 1e-9 for zone in PRISON.zones)
        if spot.restricted:
            assert spot.depth_m == pytest.approx(outline, abs=1e-3)
    line = LineString([*PRISON.perimeter, PRISON.perimeter[0]])
    beyond = line.distance(point)
    if abs(beyond - 5.0) > 1e-9:
        assert abs(spot.perimeter_m) == (pytest.approx(beyond, abs=1e-9) if beyond < 5.0 else math.inf)
    if beyond > 1e-9:
        assert (spot.perimeter_m > 0.0) == Polygon(PRISON.perimeter).contains(point)
    away = {part.name: LineString([part.start, part.end]).distance(point) for part in PRISON.structures
            if part.kind is StructureKind.FENCE}
    nearest = min(away.values())
    if nearest < 5.0 - 1e-9:
        assert spot.fence is not None
        assert spot.fence[1] == pytest.approx(nearest, abs=1e-9)
    elif nearest > 5.0 + 1e-9:
        assert spot.fence is None


def test_a_site_without_perimeter_or_structures_has_no_edge():
    spot = Ground(site()).at((0.0, 0.0))
    assert (spot.zones, spot.fence, spot.gate, spot.zone_name) == ((), None, None, '')
    assert math.isnan(spot.perimeter_m)
    assert spot.edge_distance_m == math.inf


def test_restricted_zones_are_named_before_others():
    gate = Structure('g', StructureKind.GATE, (0.0, 5.0), (4.0, 5.0))
    ground = Ground(site(Zone('slow', ZoneKind.SLOW, square(0, 0, 4), 0.5),
                         Zone('s', ZoneKind.RESTRICTED, square(0, 0, 4)), structures=(gate,)))
    spot = ground.at((2.0, 2.0))
    assert spot.zone_name == 's'
    assert spot.gate is not None
    assert spot.edge_distance_m == pytest.approx(3.0)
