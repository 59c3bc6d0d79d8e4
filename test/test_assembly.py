"""What is put together of files and settings tells of what it leaves out."""

import logging
from datetime import date
from pathlib import Path

import pytest

from lepatrol import assembly, operations
from lepatrol.evaluation.lockstep import make_lockstep
from lepatrol.model.errors import SettingsError
from lepatrol.model.geometry import Pose2
from lepatrol.model.site import Medium
from lepatrol.planning.terrain import Terrain
from lepatrol.settings.energy import EnergySettings
from lepatrol.settings.robot import RobotSettings
from lepatrol.settings.simulation import SimulationSettings

WORLD = """<sdf version="1.9"><world name="night">
<spherical_coordinates><latitude_deg>48</latitude_deg></spherical_coordinates>
<wind/>
<light name="lantern" type="point"><pose>2 0 3 0 0 0</pose></light>
<model name="wall"><static>true</static><link name="l"><collision name="c"><pose>8 0 1 0 0 0</pose>
<geometry><box><size>0.2 9 2</size></box></geometry></collision></link></model>
</world></sdf>"""
ROBOT = """<robot name="glider"><link name="base_link"><inertial><mass value="5"/>
<inertia ixx="1" iyy="1" izz="1"/></inertial></link>
<gazebo><plugin filename="gz-sim-velocity-control-system" name="v"/></gazebo>
<gazebo reference="base_link"><kp>1</kp></gazebo></robot>"""


@pytest.fixture
def night(tmp_path):
    path = tmp_path / 'night.sdf'
    path.write_text(WORLD, encoding='utf-8')
    return path


def glider(folder: Path) -> Path:
    path = folder / 'glider.urdf'
    path.write_text(ROBOT, encoding='utf-8')
    return path


def test_all_that_world_robots_and_pictures_leave_out_is_one_warning(night):
    robot = glider(night.parent)
    scene = assembly.load_scene(str(night), {'a': (str(robot), Pose2(0.0, 0.0)), 'b': (str(robot), Pose2(2.0, 0.0))})
    warnings = []
    assembly.make_simulator(scene, SimulationSettings(), warnings.append).close()
    (warning,) = warnings
    assert warning.count(f'{night}:3: <wind>') == 1
    assert warning.count(f'{robot}:4: <kp>') == 1
    assert warning.count('light lantern') == 1


def test_without_pictures_nothing_is_said_of_pictures(night):
    warnings = []
    scene = assembly.load_scene(str(night), {})
    assembly.make_simulator(scene, SimulationSettings(renderer='none'), warnings.append).close()
    assert warnings == [f'not simulated or not shown: {night}:3: <wind>']


def test_a_world_and_a_robot_that_are_simulated_whole_give_no_warning():
    scene = assembly.load_scene('prison', {'ugv': ('ugv', Pose2(0.0, -34.8))})
    warnings = []
    assembly.make_simulator(scene, SimulationSettings(), warnings.append).close()
    assert warnings == []


def test_lockstep_logs_what_is_left_out_in_one_warning(night, caplog):
    with caplog.at_level(logging.WARNING):
        make_lockstep('bench_yard', world=str(night)).simulator.close()
    (record,) = caplog.records
    assert record.levelno == logging.WARNING
    assert '<wind>' in record.getMessage()
    assert 'light lantern' in record.getMessage()


def test_a_robot_keeps_the_schedules_that_it_is_told_to_and_that_are_for_its_kind():
    site = assembly.load_site('prison')
    orders = []
    assert operations.make_timetable(site, Medium.GROUND, '', orders.append) is None
    timetable = operations.make_timetable(site, Medium.GROUND, 'all', orders.append, clock_start='2026-11-28 21:20')
    schedule, start = timetable.next_start(0.0)
    assert (schedule.name, f'{start:%d %H:%M}') == ('lock_up', '28 21:30')
    timetable = operations.make_timetable(
        site, Medium.GROUND, 'night', orders.append, clock_start='23:00', today=date(2026, 11, 28))
    assert f'{timetable.next_start(0.0)[1]:%d %H:%M}' == '28 23:30'
    with pytest.raises(SettingsError, match="'night_air' is for another kind of robot; there are: night, lock_up, day"):
        operations.make_timetable(site, Medium.GROUND, 'night night_air', orders.append)
    with pytest.raises(SettingsError, match="'noon' is none of the site prison"):
        operations.make_timetable(site, Medium.GROUND, 'noon', orders.append)


def test_a_robot_without_a_capacity_has_no_budget():
    site = assembly.load_site('prison')
    assert operations.make_budget(site, RobotSettings(), Terrain()) is None
    known = RobotSettings(energy=EnergySettings(capacity_wh=100.0, standing_w=100.0))
    assert operations.make_budget(site, known, Terrain()).home_share == 0.0


def test_a_drones_second_camera_looks_down_and_a_ugv_has_none():
    drone, ugv = assembly.load_robot('uav', 'uav'), assembly.load_robot('ugv', 'ugv')
    assert assembly.down_topic(drone) == 'camera_down/image_raw'
    assert assembly.mounting(drone).down.turn((1.0, 0.0, 0.0))[2] == pytest.approx(-1.0)
    assert assembly.down_topic(ugv) == ''
    assert assembly.mounting(ugv).down is None
