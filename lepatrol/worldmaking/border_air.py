"""What a drone flies on a border: out along the fence, and back over the land where no wheels go.

Heights are above the ground below: the land rolls, and a waypoint over it is as much higher or lower.
"""

from __future__ import annotations

from lepatrol.worldmaking.border import Border
from lepatrol.worldmaking.placing import Point, number
from lepatrol.worldmaking.site_text import corners, look, photo, route, waypoint

LONGEST_M = 1200
"""The stretch of border that one round covers at most. There and back it takes about half a charge of the drone
``uav``; the other half is the quarter at which it goes home, and what ways round obstacles and waiting may cost."""
_FENCE_HEIGHT_M, _LAND_HEIGHT_M = 8.0, 10.0
"""Above the ground; the trees of the land are 7 m high."""
_FENCE_Y_M, _QUEUE_Y_M, _LAND_Y_M = -3.0, -16.0, -50.0
_END_M = 9.0
FLOOR_M, CEILING_M = 5.0, 25.0


def air_waypoints(border: Border) -> str:
    """Return the waypoints of the flown round, as the site file has them."""
    road, gate = border.road_x_m, border.service_gate_x_m
    west, east = _stretch_m(border)
    lines = [f'\n  # In the air, out along the fence: {number(_FENCE_HEIGHT_M)} m above the strip.\n']
    lines += [
        _over(border, f'air_out_{i:02d}', (x, _FENCE_Y_M),
              photo(30, f'the fence east of post {i}') if i % 2 == 0 else '')
        for i, x in _posts(border)]
    lines += [
        _over(border, 'air_service_gate', (gate, _FENCE_Y_M), photo(90, 'the service gate from above')),
        _over(border, 'air_road_gates', (road, _FENCE_Y_M), photo(90, 'the gates of the road from above')),
        _over(border, 'air_east_end', (east - _END_M, _FENCE_Y_M), look(90, 180)),
        f'\n  # Back over the land, {number(_LAND_HEIGHT_M)} m above the ground.\n']
    lines += [
        _over(border, f'air_back_{i:02d}', (x, _LAND_Y_M),
              photo(-150, f'the land west of post {i}') if i % 3 == 0 else '')
        for i, x in _posts(border)]
    lines += [
        _over(border, 'air_queue', (road, _QUEUE_Y_M), photo(-90, 'the queue to the outbound booth from above')),
        _over(border, 'air_west_end', (west + _END_M, _FENCE_Y_M), look(90, 0))]
    return ''.join(lines)


def air_route(border: Border) -> str:
    """Return the flown round itself."""
    road = border.road_x_m
    west, east = _stretch_m(border)
    posts = _posts(border)
    out = sorted([*((x, f'air_out_{i:02d}') for i, x in posts),
                  (road, 'air_road_gates'), (border.service_gate_x_m, 'air_service_gate')])
    back = sorted([*((x, f'air_back_{i:02d}') for i, x in posts), (road, 'air_queue')], reverse=True)
    here = out.index((road, 'air_road_gates'))
    names = [name for _, name in out[here:]] + ['air_east_end'] + [name for _, name in back] + ['air_west_end']
    names += [name for _, name in out[:here]]
    length = f'  # The same by air: about {round((2.0 * (east - west) + 100.0) / 100.0) * 100} m.\n'
    if east - west < border.length_m:
        length = (f'  # The {number(east - west)} m round the road by air, {length.partition(": ")[2].strip()[:-1]}: '
                  'one charge takes a drone there and back,\n'
                  '  # and not to what lies farther from home.\n')
    return length + route('border_air', names, medium='air')


def geofence(border: Border) -> str:
    """Return the air that a drone may fly in: over its own country, and never beyond the fence."""
    return (f'geofence:\n  polygon: {corners(-border.half_m, -100.0, border.half_m, 0.0)}\n'
            f'  floor_m: {number(FLOOR_M)}\n  ceiling_m: {number(CEILING_M)}\n')


def _stretch_m(border: Border) -> tuple[float, float]:
    """Return the ends of the stretch that is flown along: all of a short border, else that round the road."""
    length = min(float(border.length_m), float(LONGEST_M))
    west = min(max(border.road_x_m - length / 2.0, -border.half_m), border.half_m - length)
    return west, west + length


def _posts(border: Border) -> list[tuple[int, float]]:
    """Return the posts along the stretch: their numbers, as the lanes' waypoints have them, and where they are."""
    west, east = _stretch_m(border)
    return [(i, x) for i, x in enumerate(border.post_x_m, start=1) if west < x < east]


def _over(border: Border, name: str, place: Point, actions: str) -> str:
    """Return a waypoint as high above the ground as its line is flown."""
    above = _LAND_HEIGHT_M if place[1] == _LAND_Y_M else _FENCE_HEIGHT_M
    height = round(border.ground.height_m(*place) + above, 1)
    return waypoint(name, (*place, height), actions)
