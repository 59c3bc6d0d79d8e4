"""Who goes where: routes and scenarios are taken by a robot of their medium."""

import dataclasses

import pytest

from lepatrol import assembly
from lepatrol.evaluation.robots import robot_in, robot_on
from lepatrol.model.errors import CommandError


@pytest.fixture(scope='module')
def site():
    return assembly.load_site('prison')


@pytest.mark.parametrize(('route', 'robot'), [('perimeter', 'ugv'), ('cells', 'ugv'), ('wall_air', 'uav')])
def test_a_route_is_taken_by_a_robot_of_its_medium(site, route, robot):
    assert robot_on(site.routes[route]) == robot


@pytest.mark.parametrize(('scenario', 'robot'), [
    ('air_intruder', 'uav'), ('air_quiet', 'uav'), ('air_bag', 'uav'), ('bag_left', 'ugv'),
    ('quiet', 'ugv'), ('demo_night', 'ugv')])
def test_a_scenario_is_carried_out_by_the_robot_of_its_route(site, scenario, robot):
    assert robot_in(assembly.load_scenario(scenario), site) == robot


def test_a_mission_that_is_no_command_is_refused(site):
    with pytest.raises(CommandError, match='wander'):
        robot_in(dataclasses.replace(assembly.load_scenario('air_quiet'), mission='wander about'), site)
