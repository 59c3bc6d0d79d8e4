"""A thread of its own for drawing, so that physics goes on meanwhile."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass
from queue import SimpleQueue

import numpy as np
from numpy.typing import NDArray

from lepatrol.model.geometry import Floats, Pose3
from lepatrol.simulation.description import CameraSensor
from lepatrol.simulation.render import Renderer, RenderingError

Picture = NDArray[np.uint8]


@dataclass(frozen=True, slots=True, eq=False)
class _Order:
    """A picture to be drawn and where it is to be delivered."""

    camera: CameraSensor
    camera_pose: Pose3
    positions_m: Floats
    orientations_wxyz: Floats
    picture: Future[Picture]


class RenderThread:
    """Draws what is submitted, one picture after the other, in the thread that the renderer is made in."""

    def __init__(self, make: Callable[[], Renderer]) -> None:
        """Start the thread and wait until ``make`` has made the renderer in it; what it raises is raised here."""
        self._orders: SimpleQueue[_Order | None] = SimpleQueue()
        self._gate = threading.Lock()
        self._closed = False
        ready: Future[tuple[str, ...]] = Future()
        self._thread = threading.Thread(target=self._work, args=(make, ready), name='render', daemon=True)
        self._thread.start()
        self._left_out = ready.result()

    @property
    def left_out(self) -> tuple[str, ...]:
        """Return what the scene describes and the pictures do not show; see ``Renderer.left_out``."""
        return self._left_out

    def submit(
        self, camera: CameraSensor, camera_pose: Pose3, positions_m: Floats, orientations_wxyz: Floats,
    ) -> Future[Picture]:
        """Ask for the picture (height, width, 3) of ``Scene.moving`` at these poses (n, 3) and (n, 4).

        The poses are copied: the caller's arrays may change at once.

        :raises RenderingError: after ``close``.
        """
        order = _Order(camera, camera_pose, np.array(positions_m), np.array(orientations_wxyz), Future())
        with self._gate:
            if self._closed:
                raise RenderingError('the render thread is closed; make a new one')
            self._orders.put(order)
        return order.picture

    def close(self) -> None:
        """Draw what was submitted, close the renderer and end the thread; a second call does nothing."""
        with self._gate:
            if not self._closed:
                self._closed = True
                self._orders.put(None)
        self._thread.join()

    def _work(self, make: Callable[[], Renderer], ready: Future[tuple[str, ...]]) -> None:
        try:
            renderer = make()
            left_out = renderer.left_out
        except BaseException as error:
            ready.set_exception(error)
            return
        ready.set_result(left_out)
        try:
            while (order := self._orders.get()) is not None:
                _carry_out(order, renderer)
        finally:
            renderer.close()


def _carry_out(order: _Order, renderer: Renderer) -> None:
    """Draw one picture, or hand the reason why not to whoever waits for it."""
    if not order.picture.set_running_or_notify_cancel():
        return
    try:
        picture = renderer.draw(order.camera, order.camera_pose, order.positions_m, order.orientations_wxyz)
    except Exception as error:
        order.picture.set_exception(error)
    else:
        order.picture.set_result(picture)
