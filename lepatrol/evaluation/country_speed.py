"""How fast each robot goes in the worlds beyond the bench yard, and what a border five times as long costs."""

from __future__ import annotations

import time
from collections.abc import Iterator

from lepatrol import assembly
from lepatrol.evaluation.lockstep import ROBOT, make_lockstep
from lepatrol.evaluation.speed import CAMERA, SCAN, Results, compared, lockstep_speed, simulator_speed

_ROUTES = {('prison', 'uav'): 'wall_air', ('border', 'ugv'): 'track', ('border', 'uav'): 'border_air'}
"""What is patrolled where by whom; the ugv in the prison is measured with the bench yard."""
_UGV, _TRACK = 'ugv', 'track'


def measure(long_border: str) -> Iterator[tuple[str, Results]]:
    """Measure one thing after another, at last the long border of a site file; yield what it was and its figures."""
    short: Results = {}
    for (world, robot), route in _ROUTES.items():
        figures = _figures(world, robot, route, f'{world}_' if robot == _UGV else f'{world}_{robot}_')
        short |= figures
        yield f'{robot}, {world}', figures
    long = _figures(long_border, _UGV, _TRACK, 'border_5km_')
    for kind in ('sim', 'lockstep'):
        key = f'{kind}_camera_x_realtime'
        long[f'border_5km_{kind}_camera_share'] = long[f'border_5km_{key}'] / short[f'border_{key}']
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
