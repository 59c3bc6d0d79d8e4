"""The bench tells which figures reach their goals, and brings its own long border."""

import json

import pytest

from lepatrol import bench
from lepatrol.evaluation import country_speed
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


def measured(monkeypatch, tmp_path, *prefixes):
    """Return the keys that the bench writes for some parts, each of which takes no time."""
    monkeypatch.setattr(country_speed, '_figures', lambda site, robot, route, prefix: {
        f'{prefix}load_s': 1.0, f'{prefix}sim_camera_x_realtime': 20.0, f'{prefix}lockstep_camera_x_realtime': 10.0})
    file = tmp_path / 'bench.json'
    assert bench.main(['--only', *prefixes, '--output', str(file)]) == 0
    return json.loads(file.read_text())


def test_a_part_is_measured_alone(monkeypatch, tmp_path, capsys):
    assert set(measured(monkeypatch, tmp_path, 'prison_uav_')) == {
        'prison_uav_load_s', 'prison_uav_sim_camera_x_realtime', 'prison_uav_lockstep_camera_x_realtime'}
    assert 'prison_uav_load_s' in capsys.readouterr().out


def test_the_long_border_is_compared_with_the_short_one(monkeypatch, tmp_path):
    results = measured(monkeypatch, tmp_path, 'border_5km_')
    assert results['border_5km_sim_camera_share'] == 1.0
    assert 'border_load_s' in results
    assert not any(key.startswith(('prison_', 'border_uav_')) for key in results)


def test_a_part_that_is_not_there_is_refused(capsys):
    with pytest.raises(SystemExit):
        bench.main(['--only', 'moon_'])
    assert 'border_5km_' in capsys.readouterr().err
