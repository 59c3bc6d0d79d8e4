"""Rounds with a battery that is too small for them, in lockstep."""

import re

import pytest

from lepatrol.evaluation.battery_run import BatteryJob, run_battery


def test_a_robot_that_believes_to_use_too_little_still_comes_home_in_time_docks_charges_and_goes_on():
    outcome = run_battery(BatteryJob('cells', seed=2, capacity_wh=11.5, belief=0.6, charging_time_h=0.01))
    assert outcome.flawless, outcome
    assert (outcome.waypoints, outcome.waypoints_missed) == (15, 0)
    (back,) = outcome.returns
    assert back.began_m > 40.0
    assert 0.0 < outcome.least_share < back.share
    assert back.arrival_share == pytest.approx(outcome.least_share, abs=0.03)


def test_a_mission_that_the_charge_is_too_little_for_is_refused_with_the_figures():
    outcome = run_battery(BatteryJob('perimeter', seed=1, capacity_wh=30.0, charge=0.6))
    assert re.fullmatch(
        r'refused: the battery is at 60 % \(18 Wh\); the round takes 1\d Wh, the way home after it 0 Wh, and 3 Wh stay '
        r'in reserve: \d Wh too little; it must be charged first', outcome.answer)
    assert outcome.state == 'idle'
