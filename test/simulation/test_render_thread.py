import threading
from pathlib import Path

import numpy as np
import pytest
from picture_scene import camera

from lepatrol.model.geometry import Pose3, Twist
from lepatrol.model.observation import CameraImage
from lepatrol.settings.simulation import SimulationSettings
from lepatrol.simulation.embedded import EmbeddedSimulator
from lepatrol.simulation.render import Renderer, RenderingError, make_renderer
from lepatrol.simulation.render_thread import RenderThread
from lepatrol.simulation.scene import Scene
from lepatrol.simulation.sdf import read_world
from lepatrol.simulation.urdf import read_robot

ROOT = Path(__file__).parents[2]


class Echo(Renderer):
    """Draws the first number of the poses; waits at its gate first."""

    def __init__(self):
        self.threads = {threading.get_ident()}
        self.gate = threading.Event()
        self.gate.set()
        self.drawn = []
        self.closed = 0

    def draw(self, camera, camera_pose, positions_m, orientations_wxyz):
        assert self.gate.wait(10.0)
        self.threads.add(threading.get_ident())
        value = int(positions_m[0, 0])
        if value < 0:
            raise RenderingError('a number below 0')
        self.drawn.append(value)
        return np.full((camera.height, camera.width, 3), value, dtype=np.uint8)

    def close(self):
        self.threads.add(threading.get_ident())
        self.closed += 1


@pytest.fixture
def thread():
    thread = RenderThread(Echo)
    yield thread
    thread.close()


def ask(thread, value):
    return thread.submit(camera(4, 3), Pose3(), np.array([[float(value), 0.0, 0.0]]), np.array([[1.0, 0, 0, 0]]))


def echo_thread():
    made = []

    def make():
        made.append(Echo())
        return made[-1]

    return RenderThread(make), made[0]


def test_pictures_come_in_the_order_they_were_asked_for():
    thread, echo = echo_thread()
    pictures = [ask(thread, value) for value in range(20)]
    assert [int(picture.result(10.0)[0, 0, 0]) for picture in pictures] == list(range(20))
    assert echo.drawn == list(range(20))
    thread.close()


def test_the_renderer_lives_in_one_thread_that_is_not_the_callers():
    thread, echo = echo_thread()
    ask(thread, 1).result(10.0)
    thread.close()
    assert len(echo.threads) == 1
    assert threading.get_ident() not in echo.threads


def test_the_caller_may_change_its_arrays_at_once():
    thread, echo = echo_thread()
    echo.gate.clear()
    positions = np.array([[7.0, 0.0, 0.0]])
    picture = thread.submit(camera(4, 3), Pose3(), positions, np.array([[1.0, 0, 0, 0]]))
    positions[:] = 9.0
    echo.gate.set()
    assert int(picture.result(10.0)[0, 0, 0]) == 7
    thread.close()


def test_what_goes_wrong_at_creation_is_raised_by_the_constructor():
    def make():
        raise RenderingError('no graphics library')

    with pytest.raises(RenderingError, match='no graphics library'):
        RenderThread(make)


def test_what_the_renderer_does_not_show_is_told_without_waiting_for_a_picture(monkeypatch):
    monkeypatch.setattr(Echo, 'left_out', ('colours',))
    thread, echo = echo_thread()
    assert thread.left_out == ('colours',)
    assert echo.drawn == []
    thread.close()


def test_a_picture_that_fails_raises_where_it_is_awaited_and_the_next_is_drawn(thread):
    bad, good = ask(thread, -1), ask(thread, 5)
    with pytest.raises(RenderingError, match='below 0'):
        bad.result(10.0)
    assert int(good.result(10.0)[0, 0, 0]) == 5


def test_a_cancelled_picture_is_not_drawn():
    thread, echo = echo_thread()
    echo.gate.clear()
    ask(thread, 1)
    second = ask(thread, 2)
    assert second.cancel()
    echo.gate.set()
    thread.close()
    assert 2 not in echo.drawn


def test_closing_finishes_what_was_asked_and_may_be_repeated():
    thread, echo = echo_thread()
    pictures = [ask(thread, value) for value in range(3)]
    thread.close()
    thread.close()
    assert all(picture.done() for picture in pictures)
    assert echo.closed == 1
    with pytest.raises(RenderingError, match='closed'):
        ask(thread, 1)


def test_a_robot_in_the_bench_yard_delivers_pictures_of_it_that_repeat():
    robot = read_robot(ROOT / 'urdf/ugv.urdf.xacro')
    scene = Scene(read_world(ROOT / 'worlds/bench_yard.sdf'), {robot.name: robot})
    runs = []
    for _ in range(2):
        simulator = EmbeddedSimulator(
            scene, SimulationSettings(), RenderThread(lambda: make_renderer('panda3d', scene)))
        simulator.command(robot.name, Twist(0.5, 0.4))
        delivered = [delivery.observation for delivery in simulator.advance(1.0)]
        simulator.close()
        runs.append([picture for picture in delivered if isinstance(picture, CameraImage)])
    first, second = runs
    assert len(first) >= 9
    assert all(picture.rgb.std() > 5.0 for picture in first)
    assert (first[0].rgb != first[-1].rgb).any()
    assert all((a.rgb == b.rgb).all() and a.stamp_s == b.stamp_s for a, b in zip(first, second, strict=True))
