"""The bench tells which figures reach their goals, and brings its own long border."""

from lepatrol import bench
from lepatrol.settings.site_file import read_site


def test_speeds_and_shares_are_to_reach_their_goals_times_to_stay_below():
    results = {'border_5km_sim_camera_share': 0.4, 'border_5km_lockstep_camera_share': 0.625, 'border_5km_load_s': 12.0,
               'plan_prison_ms': 3.0, 'sim_scan_x_realtime': 150.0, 'border_load_s': 99.0}
    cells = dict(zip(*(column.cells for column in bench.table_of(results).columns[:2]), strict=True))
    assert cells == {
        'border_5km_sim_camera_share': '[yellow]0.40[/yellow]', 'border_5km_lockstep_camera_share': '0.62',
        'border_5km_load_s': '[yellow]12.0[/yellow]', 'plan_prison_ms': '3.0',
        'sim_scan_x_realtime': '[yellow]150.0[/yellow]', 'border_load_s': '99.0'}


def test_the_long_border_is_a_site_of_five_kilometres_with_the_route_that_is_measured(tmp_path):
    site = read_site(tmp_path.joinpath(bench._long_border(tmp_path)))
    west, east = min(x for x, _ in site.perimeter), max(x for x, _ in site.perimeter)
    assert east - west == 5000.0
    assert 'track' in site.routes
