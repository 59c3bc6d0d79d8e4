"""The scenario director, with services that answer when a test lets them."""

import dataclasses
import logging

import pytest
from yard_scene import solid, world

from lepatrol import assembly
from lepatrol.model.errors import LepatrolError
from lepatrol.model.geometry import Pose3
from lepatrol.model.scenario import CameraCover, FogBank, RainFall, Scenario, Sunlight
from lepatrol.model.world_orders import Create, Move, Remove, WorldServices
from lepatrol.simulation.description import Actor, Box, Collision, Link, Model, TimedPath, TimedPose, Trigger
from lepatrol.simulation.director import Director, changes, left_out
from lepatrol.simulation.people import Walkers
from lepatrol.simulation.scene import Scene

BOX = Box((1.0, 1.0, 1.0))
BODY = (Link('body', collisions=(Collision('body', Pose3(), BOX),)),)
WAY = TimedPath((TimedPose(0.0, Pose3()), TimedPose(10.0, Pose3((10.0, 0.0, 0.0)))), loop=False)
CRATE, PANEL = solid('crate', BOX, Pose3()), solid('panel', BOX, Pose3((3.0, 0.0, 0.0)))
LOGGER = logging.getLogger('test.director')


class ScriptedServices(WorldServices):
    """A world as far as orders go: who is in it and where. It does what it is told, unless told otherwise."""

    def __init__(self, *names):
        self.absent, self.takes, self.answers = (), True, True
        self.sent, self.late = [], []
        self.places = dict.fromkeys(names)

    def missing(self):
        return self.absent

    def send(self, order, answered):
        self.sent.append(order)
        if self.answers:
            answered(self._do(order))
        else:
            self.late.append((order, answered))

    def _do(self, order):
        if not self.takes:
            return False
        if isinstance(order, Create):
            assert order.name not in self.places
        else:
            assert order.name in self.places, f'{order.name} is not there'
        if isinstance(order, Remove):
            del self.places[order.name]
        else:
            self.places[order.name] = order.pose
        return True

    def answer_late(self):
        for order, answered in self.late:
            answered(self._do(order))
        self.late.clear()


class Play:
    """A director at work on a world, a tenth of a second at a time."""

    def __init__(self, staged, before=None, *names):
        self.services = ScriptedServices(*names)
        self.director = Director(before or world(), staged, self.services, LOGGER)
        self.time_s = self.now_s = 0.0

    def run(self, seconds, robots_m=()):
        for _ in range(round(seconds * 10)):
            self.time_s += 0.1
            self.now_s += 0.1
            self.director.update(self.time_s, robots_m, self.now_s)

    def wait(self, seconds):
        """Let wall time alone go by."""
        for _ in range(round(seconds * 10)):
            self.now_s += 0.1
            self.director.update(self.time_s, (), self.now_s)

    def sent(self, kind):
        return [order for order in self.services.sent if isinstance(order, kind)]

    def x_of(self, name):
        return self.services.places[name].position_m[0]


def walker(name='walker', **parts):
    return Actor(name, dataclasses.replace(WAY, **parts), BODY)


# ---- What the scene asks for ----

def test_what_is_gone_is_removed_what_is_new_created_and_what_stands_elsewhere_moved():
    opened, bag = dataclasses.replace(PANEL, pose=Pose3((5.0, 0.0, 0.0))), solid('bag', BOX, Pose3((1.0, 2.0, 0.0)))
    removed, moved, created = changes(world(CRATE, PANEL), world(opened, bag))
    assert removed == Remove('crate')
    assert moved == Move('panel', opened.pose)
    assert (created.name, created.pose) == ('bag', bag.pose)
    assert '<model name="bag"><static>true' in created.sdf


def test_what_has_another_shape_comes_back_under_another_name():
    cut = dataclasses.replace(PANEL, links=solid('panel', Box((0.4, 1.0, 1.0)), Pose3()).links)
    removed, created = changes(world(PANEL), world(cut))
    assert removed == Remove('panel')
    assert (created.name, created.pose) == ('panel_changed', PANEL.pose)


def test_a_world_that_stays_as_it_is_asks_for_nothing():
    assert changes(world(CRATE, PANEL), world(CRATE, PANEL)) == []


def test_two_things_of_one_name_are_refused():
    with pytest.raises(LepatrolError, match='two things are called crate'):
        changes(world(CRATE), world(CRATE, actors=(walker('crate'),)))


def test_what_no_order_can_do_is_named():
    assert left_out(Scenario('s', 'yard', 'yard')) == ()
    everything = Scenario('s', 'yard', 'yard', rain=RainFall(0.1), fog=FogBank(20.0), light=Sunlight(sun=0.1),
                          covers=(CameraCover('cap', 5.0),))
    assert left_out(everything) == ('rain', 'fog', 'light', 'a covered camera')


# ---- Who moves ----

def test_who_moves_is_where_the_embedded_simulator_has_him():
    play = Play(world(actors=(walker(delay_start_s=1.0),)))
    play.run(6.0)
    there = Walkers([walker(delay_start_s=1.0).path]).poses_at(play.time_s)[0].position_m[0]
    assert play.x_of('walker') == pytest.approx(there)
    assert len(play.sent(Create)) == 1
    play.run(10.0)
    said = len(play.services.sent)
    play.run(10.0)
    assert play.x_of('walker') == pytest.approx(10.0)
    assert len(play.services.sent) == said


def test_a_hidden_one_is_made_when_the_robot_comes():
    play = Play(world(actors=(walker(trigger=Trigger((0.0, 0.0), 5.0, hidden=True)),)))
    play.run(5.0, robots_m=((20.0, 0.0),))
    assert play.services.sent == []
    play.run(2.0, robots_m=((4.0, 0.0),))
    assert play.x_of('walker') == pytest.approx(1.9)


def test_one_who_can_be_seen_waiting_stands_there_from_the_beginning():
    play = Play(world(actors=(walker(trigger=Trigger((0.0, 0.0), 5.0)),)))
    play.run(5.0, robots_m=((20.0, 0.0),))
    assert play.x_of('walker') == 0.0
    assert len(play.services.sent) == 1


def test_the_worlds_own_people_are_left_to_it():
    before = world(actors=(walker('inmate'),))
    play = Play(world(actors=(walker('inmate'), walker('intruder'))), before)
    play.run(3.0)
    assert {order.name for order in play.services.sent} == {'intruder'}


def test_one_who_turns_on_the_spot_is_turned():
    turn = TimedPath((TimedPose(0.0, Pose3()), TimedPose(10.0, Pose3.from_rpy(yaw_rad=3.0))), loop=False)
    play = Play(world(actors=(Actor('walker', turn, BODY),)))
    play.run(5.0)
    assert play.services.places['walker'].rpy_rad[2] == pytest.approx(1.5)


def test_a_seed_carries_out_what_the_embedded_simulator_plays():
    scenario = assembly.load_scenario('staff_on_duty')
    before = assembly.load_world(scenario.world)
    site = assembly.load_site(scenario.site)
    services = ScriptedServices(*(model.name for model in before.models))
    director = assembly.make_director(scenario, before, 5, services, LOGGER)
    for step in range(1, 300):
        director.update(step * 0.1, (), step * 0.1)
    staged = assembly.stage_live(scenario, Scene(before, {'robot': Model('robot')}), site, 5).scene.world
    cast = staged.actors[len(before.actors):]
    expected = Walkers(actor.path for actor in cast).poses_at(29.9)
    assert len(cast) > 0
    for actor, pose in zip(cast, expected, strict=True):
        assert services.places[actor.name].position_m == pytest.approx(pose.position_m, abs=2e-3)


# ---- Services that are not there, refuse, or fall silent ----

def test_without_its_services_nothing_is_asked_and_it_is_said_what_is_missing(caplog):
    play = Play(world(CRATE))
    play.services.absent = ('/world/yard/create',)
    play.run(9.0)
    assert caplog.records == []
    play.run(3.0)
    (said,) = caplog.messages
    assert 'waiting for /world/yard/create: Gazebo must run the world' in said
    assert play.services.sent == []
    play.services.absent = ()
    play.run(0.1)
    assert [order.name for order in play.services.sent] == ['crate']


def test_before_the_clock_ticks_nothing_is_asked_and_it_is_said(caplog):
    play = Play(world(CRATE))
    play.wait(11.0)
    assert ['waiting for /clock' in said for said in caplog.messages] == [True]
    assert play.services.sent == []


def test_that_nobody_tells_where_the_robot_is_is_said_while_somebody_waits_for_it(caplog):
    play = Play(world(actors=(walker(trigger=Trigger((0.0, 0.0), 5.0, hidden=True)),)))
    play.run(11.0, robots_m=((20.0, 0.0),))
    assert caplog.messages == []
    play.run(11.0)
    assert ['nothing is heard on ground_truth' in said for said in caplog.messages] == [True]


def test_an_order_that_is_refused_is_given_again_ever_more_seldom_and_that_is_said(caplog):
    play = Play(world(CRATE))
    play.services.takes = False
    play.run(8.0)
    assert len(play.services.sent) == 4  # after 0, 1, 3 and 7 seconds
    assert 'create crate: was refused; it is asked again in 1 s' in caplog.messages[0]
    assert len(caplog.messages) == 1
    play.run(3000.0)
    assert 100 < len(play.services.sent) < 115
    play.services.takes = True
    play.run(31.0)
    assert 'crate' in play.services.places


def test_an_order_whose_answer_is_lost_is_given_again(caplog):
    play = Play(world(CRATE))
    play.services.answers = False
    play.run(4.0)
    assert len(play.services.sent) == 1
    play.run(2.5)
    assert len(play.services.sent) == 2
    assert 'create crate: was not answered within 5 s' in caplog.messages[0]


def test_an_answer_that_comes_too_late_is_as_good_and_no_second_one_is_waited_for():
    play = Play(world(CRATE))
    play.services.answers = False
    play.run(6.5)
    assert len(play.services.late) == 2
    play.services.late.pop()
    play.services.answer_late()
    play.run(20.0)
    assert len(play.services.sent) == 2


def test_while_an_answer_is_out_poses_do_not_pile_up_and_the_newest_follows():
    play = Play(world(actors=(walker(),)))
    play.run(1.0)
    play.services.answers = False
    play.run(3.0)
    assert len(play.services.late) == 1
    play.services.answers = True
    play.services.answer_late()
    play.run(0.1)
    assert play.x_of('walker') == pytest.approx(4.1)


def test_a_pose_that_is_refused_is_followed_by_the_next_one_within_a_second():
    play = Play(world(actors=(walker(),)))
    play.run(1.0)
    play.services.takes = False
    play.run(2.0)
    play.services.takes = True
    play.run(1.0)
    assert play.x_of('walker') == pytest.approx(4.0)
    assert len(play.sent(Create)) == 1


def test_nobody_is_moved_before_he_is_made():
    play = Play(world(actors=(walker(),)))
    play.services.takes = False
    play.run(2.0)
    assert play.sent(Move) == []
    play.services.takes = True
    play.run(3.0)
    assert play.x_of('walker') == pytest.approx(5.0)


def test_that_the_scene_is_set_is_said_once(caplog):
    caplog.set_level(logging.INFO)
    play = Play(world(CRATE, actors=(walker(),)))
    play.run(3.0)
    assert caplog.messages == ['the scene is set; changes: 1, moving: 1']
