"""How fast each robot goes in the worlds beyond the bench yard, and what a border five times as long costs."""

from __future__ import annotations

import time
from collections.abc import Collection, Iterator

from lepatrol import assembly
from lepatrol.evaluation.lockstep import ROBOT, make_lockstep
from lepatrol.evaluation.speed import CAMERA, SCAN, Results, compared, lockstep_speed, simulator_speed

_UGV, _TRACK = 'ugv', 'track'
_SHORT, _LONG = 'border_', 'border_5km_'
_PATROLS = {
    'prison_uav_': ('prison', 'uav', 'wall_air'), _SHORT: ('border', _UGV, _TRACK),
    'border_uav_': ('border', 'uav', 'border_air')}
"""What is patrolled where by whom; the ugv in the prison is measured with the bench yard."""
PARTS = (*_PATROLS, _LONG)
"""What keys begin with; each is measured by itself, but for the long border, which is compared with the short one."""


def measure(long_border: str, parts: Collection[str] = PARTS) -> Iterator[tuple[str, Results]]:
    """Measure one thing after another, at last the long border of a site file; yield what it was and its figures."""
    short: Results = {}
    for prefix, (world, robot, route) in _PATROLS.items():
        if prefix in parts or (prefix == _SHORT and _LONG in parts):
            figures = _figures(world, robot, route, prefix)
            short |= figures
            yield f'{robot}, {world}', figures
    if _LONG not in parts:
        return
    long = _figures(long_border, _UGV, _TRACK, _LONG)
    for kind in ('sim', 'lockstep'):
        key = f'{kind}_camera_x_realtime'
        long[f'{_LONG}{kind}_camera_share'] = long[f'{_LONG}{key}'] / short[f'{_SHORT}{key}']
    yield f'{_UGV}, 5 km of border', long


def _figures(site: str, robot: str, route: str, prefix: str) -> Results:
    """Measure loading (everything, until the patrol can begin), the simulator alone, and a patrol in lockstep."""
    begun_s = time.perf_counter()
    loop = make_lockstep(site, robot, simulation=CAMERA, prepare=compared)
    load_s = time.perf_counter() - begun_s
    try:
        lockstep = lockstep_speed(loop, route)
    finally:
        loop.close()
    place = assembly.load_site(site)
    scene = compared(assembly.load_scene(place.world, {ROBOT: (robot, place.start_pose)}))
    return {
        f'{prefix}load_s': load_s,
        f'{prefix}sim_scan_x_realtime': simulator_speed(scene, SCAN),
        f'{prefix}sim_camera_x_realtime': simulator_speed(scene, CAMERA),
        f'{prefix}lockstep_camera_x_realtime': lockstep}
