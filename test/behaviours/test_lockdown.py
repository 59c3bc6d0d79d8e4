"""Lockdown: to the post, or stop, at once; and only a release ends it."""

import dataclasses

import pytest
from crew_bench import STEP_S, CrewBench
from patrol_bench import small_site
from py_trees.common import Status

from lepatrol.behaviours.lockdown import Lockdown
from lepatrol.behaviours.visit import GoTo
from lepatrol.model.behaviour import BehaviourKind
from lepatrol.model.site import LockdownManner, LockdownPlan, Medium, Photo, Waypoint
from lepatrol.planning.route import lockdown_post

POST = Waypoint('gate', 7.0, 3.0, 1.0)


def locked(bench, post=POST):
    return Lockdown(bench.crew, post, retry_s=5.0)


def steps(bench, lockdown, seconds):
    for _ in range(round(seconds / STEP_S)):
        assert bench.step(lockdown.tick) is None


def test_the_first_tick_sends_it_to_its_post_and_there_it_stays():
    bench = CrewBench()
    lockdown = locked(bench)
    steps(bench, lockdown, STEP_S)
    assert bench.places == [(7.0, 3.0, 1.0)]
    assert lockdown.note == 'going to the post gate'
    steps(bench, lockdown, 600.0)
    assert lockdown.note == 'at the post gate until release'
    assert bench.places == [(7.0, 3.0, 1.0)]
    assert (lockdown.kind, lockdown.reason) == (BehaviourKind.LOCKDOWN, 'the site is locked down')


def test_without_a_post_it_asks_for_nothing():
    bench = CrewBench()
    lockdown = locked(bench, None)
    steps(bench, lockdown, 60.0)
    assert (bench.goals, lockdown.note) == ([], 'standing still until release')


def test_a_goal_of_who_had_the_robot_is_taken_back_at_once():
    bench = CrewBench()
    walk = GoTo(bench.crew, Waypoint('far', 50.0, 0.0), None)

    def walking():
        walk.tick_once()

    bench.walk_s = 1e6
    bench.step(walking)
    walk.stop(Status.INVALID)
    lockdown = locked(bench, None)
    steps(bench, lockdown, STEP_S)
    assert bench.cancels == 1


def test_a_post_that_cannot_be_reached_is_tried_again_and_the_reason_told():
    bench = CrewBench()
    bench.unreachable[(7.0, 3.0)] = 'a wall'
    lockdown = locked(bench)
    steps(bench, lockdown, 3.0)
    assert lockdown.note == 'cannot come to the post gate: a wall; trying again'
    assert len(bench.goals) == 1
    steps(bench, lockdown, 15.0)
    assert 2 < len(bench.places) < 6
    bench.unreachable.clear()
    steps(bench, lockdown, 6.0)
    assert lockdown.note == 'at the post gate until release'


@pytest.mark.parametrize('after_s', [0.1, 10.0])
def test_who_was_moved_by_hand_goes_back_to_the_post(after_s):
    bench = CrewBench()
    lockdown = locked(bench)
    steps(bench, lockdown, after_s)
    lockdown.interrupt()
    bench.step(lambda: None)
    steps(bench, lockdown, 3.0)
    assert bench.places == [(7.0, 3.0, 1.0)] * 2
    assert lockdown.note == 'at the post gate until release'


def test_a_post_is_a_place_on_the_ground_where_nothing_is_done():
    site = small_site()
    name = next(iter(site.waypoints))
    waypoint = dataclasses.replace(site.waypoints[name], z_m=8.0, actions=(Photo(),))
    site = dataclasses.replace(
        site, waypoints={**site.waypoints, name: waypoint}, lockdown=LockdownPlan(LockdownManner.POST, {'uav': name}))
    post = lockdown_post(site, 'scout', 'uav', Medium.AIR)
    assert (post.name, post.x_m, post.y_m, post.z_m, post.actions) == (name, waypoint.x_m, waypoint.y_m, 0.0, ())
    assert lockdown_post(site, 'scout', 'ugv', Medium.GROUND) is None
    stopping = dataclasses.replace(site, lockdown=LockdownPlan())
    assert lockdown_post(stopping, 'scout', 'ugv', Medium.GROUND) is None
    landing = lockdown_post(stopping, 'scout', 'uav', Medium.AIR)
    assert (landing.name, landing.z_m) == (site.home, 0.0)
