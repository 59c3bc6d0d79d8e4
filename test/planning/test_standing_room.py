"""Where a robot can stand, with zones that came up and without."""

import numpy as np
import pytest

from lepatrol.model.occupancy import OCCUPIED, OccupancyMap
from lepatrol.model.site import Zone, ZoneKind
from lepatrol.planning.standing_room import StandingRoom

SPILL = Zone('spill', ZoneKind.KEEP_OUT, ((4.0, 4.0), (6.0, 4.0), (6.0, 6.0), (4.0, 6.0)))


@pytest.fixture
def room():
    cells = np.zeros((100, 100), dtype=np.int8)
    cells[:, :2] = OCCUPIED
    return StandingRoom(OccupancyMap(cells, 0.1, 0.0, 0.0), 0.4, [((8.0, 8.0), (9.0, 8.0), (9.0, 9.0))])


def test_walls_the_sites_own_zones_and_the_maps_end_leave_no_room(room):
    assert [room(5.0, 5.0), room(0.65, 5.0)] == [True, True]
    assert [room(0.3, 5.0), room(8.9, 8.2), room(-1.0, 5.0), room(5.0, 99.0)] == [False] * 4


def test_a_zone_that_came_up_takes_room_and_lifted_gives_it_back(room):
    zoned = room.with_zones([SPILL])
    assert [zoned(5.0, 5.0), zoned(6.3, 5.0), zoned(6.6, 5.0), zoned(0.3, 5.0), zoned(8.9, 8.2)] == [
        False, False, True, False, False]
    assert room(5.0, 5.0)
    assert zoned.with_zones([])(5.0, 5.0)
