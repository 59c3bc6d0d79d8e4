"""The site file of a border: what is guarded, who may be where, and what is walked."""

from __future__ import annotations

from lepatrol.worldmaking.border import BAY_M, FAR_LANE_M, HOME_M, NEAR_LANE_M, ROAD_HALF_M, Border
from lepatrol.worldmaking.border_air import air_route, air_waypoints, geofence
from lepatrol.worldmaking.placing import number
from lepatrol.worldmaking.site_text import corners, look, photo, route, waypoint

_DITCH_M = (-31.4, -26.0)
_CULVERT_HALF_M = 18.0
_LONGEST_RUN = 500
"""More panels than this are written as several runs."""
_DOCK_WEST_M = 6.0
_SCHEDULES = """\
# When robots go their rounds by themselves: a robot keeps the schedules that its parameter `schedules` names, by itself
# none. Times are the site's own.
schedules:
  night: {routes: [track], every: {minutes: 180, between: '20:00-06:00'}, overlap: skip}
  # Round the crossing while it is open, but not in the rush of weekday mornings.
  crossing_by_day:
    routes: [crossing]
    every: {minutes: 60, between: '07:00-19:00'}
    blackouts:
      - {hours: '07:30-09:30', days: [mon, tue, wed, thu, fri]}
    overlap: skip
  night_air: {routes: [border_air], at: ['22:30', '01:30', '04:30'], overlap: queue}
"""
_STAFF = "[{who: staff at work, count: 4, hours: ['07:00-19:00']}]"

_CONDUCT = """\
# What is done about alerts: the first that fits counts, what fits none is noted. Hours are local.
policies:
  - {kinds: [robot_tampered], response: wait}
  - kinds: [zone_intrusion, perimeter_crossing]
    hours: ['19:00-07:00']
    response: look
    notice: This is the border. Stand still. An officer is on the way.
  - {kinds: [zone_intrusion, perimeter_crossing], response: look}
  - kinds: [abandoned_object]
    response: inspect
    notice: Please keep away from the object on the ground.
  - {kinds: [fence_breach, gate_open], response: look}
  - kinds: [loitering, fence_approach]
    zones: [strip_west, strip_east]
    response: look
    notice: Please step back from the fence.
  - {kinds: [running, crowding, missing_object, moved_object, scene_change], response: note}

# What may stand about, told by the tag on it.
known_objects:
  - name: sample_box
    label: aruco:4x4:17
    footprint_m: [0.7, 0.5]
    height_m: 0.7
    note: Samples for the laboratory, fetched in the course of the day.

# In a lockdown wheels stand before the service gate, and the drone lands at home.
lockdown:
  manner: post
  posts: {ugv: service_gate, default: home}
"""


def border_yaml(border: Border, world: str, command: str) -> str:
    """Return the text of the site file; ``world`` is the name or the path of its world."""
    half, road = border.half_m, border.road_x_m
    country = corners(-half, -100.0, half, 0.0)
    home_x, home_y = road + HOME_M[0], HOME_M[1]
    return f"""\
# The border of the world {border.name}: metres in the map frame (x east along the fence, y north), headings in degrees
# counter-clockwise from east. Written by: {command}
# The strip along the fence is level (z = 0), the land beyond it is not: see the world file.
name: {border.name}
world: {world}
home: home
start: {{position: [{number(home_x)}, {number(home_y)}], heading_deg: 0}}
# A plate in the ground that charges robots on wheels.
dock: {{position: [{number(home_x - _DOCK_WEST_M)}, {number(home_y)}], heading_deg: 180, approach_m: 2}}

# The guarded country; its northern edge is the fence.
perimeter: {country}

time_zone: UTC
# What nothing should pass: a run of bays is numbered as in the world. The road's own gates stand open.
structures:
{_structures(border)}
zones:
{_zones(border)}
{_CONDUCT}
waypoints:
{_waypoints(border)}{air_waypoints(border)}
# A drone stays over its own country and above people and lorries; take-off and landing pass the floor.
{geofence(border)}
routes:
{_routes(border)}{air_route(border)}
{_SCHEDULES}"""


def _structures(border: Border) -> str:
    lines = []
    for name, start, end, first in border.fence_runs():
        count = round((end - start) / BAY_M)
        for skipped in range(0, count, _LONGEST_RUN):
            panels = min(_LONGEST_RUN, count - skipped)
            west, number_of_first = start + BAY_M * skipped, first + skipped
            lines.append(
                f'  - {{name: {name}, kind: fence, from: [{number(west)}, 0], '
                f'to: [{number(west + BAY_M * panels)}, 0], panels: {panels}, first: {number_of_first}}}\n')
    gate = border.service_gate_x_m
    lines.append(f'  - {{name: gate_service, kind: gate, from: [{number(gate - BAY_M / 2)}, 0], '
                 f'to: [{number(gate + BAY_M / 2)}, 0]}}\n')
    return ''.join(lines)


def _zones(border: Border) -> str:
    half, road = border.half_m, border.road_x_m
    west, east = road - ROAD_HALF_M, road + ROAD_HALF_M
    ditch_west = corners(-half, _DITCH_M[0], road - _CULVERT_HALF_M, _DITCH_M[1])
    ditch_east = corners(road + _CULVERT_HALF_M, _DITCH_M[0], half, _DITCH_M[1])
    return f"""\
  # Along the fence nobody walks but patrol, on both sides of the road.
  strip_west: {{kind: restricted, allowed: {_STAFF}, polygon: {corners(-half, -18.0, west, 0.0)}}}
  strip_east: {{kind: restricted, allowed: {_STAFF}, polygon: {corners(east, -18.0, half, 0.0)}}}
  # Who crosses the border, and who waits to.
  crossing: {{kind: public, polygon: {corners(west, -100.0, east, 0.0)}}}
  # Where the patrol crosses the road.
  crossing_slow: {{kind: slow, speed_limit_m_s: 0.7, polygon: {corners(west - 2.0, -16.0, east + 2.0, -2.0)}}}
  # No robot among waiting vehicles or on the road beyond the fence, and no wheels in the ditch.
  queue: {{kind: keep_out, polygon: {corners(west, -100.0, east, -24.0)}}}
  road_abroad: {{kind: keep_out, polygon: {corners(west, 0.5, east, 100.0)}}}
  ditch_west: {{kind: keep_out, medium: ground, polygon: {ditch_west}}}
  ditch_east: {{kind: keep_out, medium: ground, polygon: {ditch_east}}}
  # Who sits in a booth is masked in every picture.
  booth_outbound_windows: {{kind: privacy, polygon: {corners(road + 4.0, -39.6, road + 6.0, -36.4)}}}
"""


def _waypoints(border: Border) -> str:
    half, road, gate = border.half_m, border.road_x_m, border.service_gate_x_m
    lines = [waypoint('home', (road + HOME_M[0], HOME_M[1]), heading_deg=0, on_failure='retry', retries=3),
             '\n  # Out along the fence.\n']
    lines += [
        waypoint(f'out_{i:02d}', (x, NEAR_LANE_M), photo(30, f'the fence east of post {i}') if i % 2 == 0 else '')
        for i, x in enumerate(border.post_x_m, start=1)]
    lines += [
        waypoint('service_gate', (gate, NEAR_LANE_M), photo(90, 'the service gate')),
        waypoint('road_gates', (road, NEAR_LANE_M), photo(90, 'the gates of the road'), on_failure='retry'),
        waypoint('east_end', (half - 9.0, (NEAR_LANE_M + FAR_LANE_M) / 2.0), look(90, 180)),
        '\n  # Back, with an eye to the country.\n']
    lines += [
        waypoint(f'back_{i:02d}', (x, FAR_LANE_M), photo(-150, f'the land west of post {i}') if i % 3 == 0 else '')
        for i, x in enumerate(border.post_x_m, start=1)]
    lines += [
        waypoint('road_queue', (road, FAR_LANE_M), photo(-90, 'the queue to the outbound booth'), on_failure='retry'),
        waypoint('west_end', (9.0 - half, (NEAR_LANE_M + FAR_LANE_M) / 2.0), look(90, 0))]
    return ''.join(lines)


def _routes(border: Border) -> str:
    posts, road = border.post_x_m, border.road_x_m
    out = sorted([*((x, f'out_{i:02d}') for i, x in enumerate(posts, start=1)),
                  (road, 'road_gates'), (border.service_gate_x_m, 'service_gate')])
    back = sorted([*((x, f'back_{i:02d}') for i, x in enumerate(posts, start=1)), (road, 'road_queue')], reverse=True)
    here = out.index((road, 'road_gates'))
    track = [name for _, name in out[here:]] + ['east_end'] + [name for _, name in back] + ['west_end']
    track += [name for _, name in out[:here]]
    next_out, last_out = out[here + 1][1], out[here - 1][1]
    turn = back.index((road, 'road_queue'))
    crossing = ['road_gates', next_out, back[turn - 1][1], 'road_queue', back[turn + 1][1], last_out]
    return ('  # East along the fence, back on the far lane to the western end, and along the fence to the road:\n'
            f'  # about {round((2 * border.length_m - 20) / 100) * 100} m.\n'
            f'{route("track", track)}'
            f'  # Round the crossing: about 210 m.\n{route("crossing", crossing)}')
