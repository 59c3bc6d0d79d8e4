"""The scenario director: carries a staged scenario out in a world that another simulator runs, by orders to it.

Everything is where the embedded simulator has it at the same time. What the world's file moves by itself (its own
actors) is left to whoever runs it.
"""

from __future__ import annotations

import logging
import math
from collections import Counter
from collections.abc import Sequence
from functools import partial

from lepatrol.model.errors import LepatrolError
from lepatrol.model.geometry import Pose3
from lepatrol.model.scenario import Scenario, Sunlight
from lepatrol.model.world_orders import Create, Move, Remove, WorldOrder, WorldServices
from lepatrol.simulation.description import Actor, Model, World
from lepatrol.simulation.people import NOWHERE, Walkers
from lepatrol.simulation.sdf_text import model_sdf

_ANSWER_S = 5.0
"""Wall time after which an answer is taken for lost."""
_AGAIN_S = (1.0, 2.0, 4.0, 8.0, 15.0, 30.0)
"""Wall time until an order is given again, after the first failure, the second, and so on; the last one stays."""
_COMPLAINT_S = 10.0
_STILL_M = 1e-3
_STILL_RAD = 1e-3


def left_out(scenario: Scenario) -> tuple[str, ...]:
    """Name what a scenario asks for and no order to a world can do."""
    asked = {'rain': scenario.rain is not None, 'fog': scenario.fog is not None,
             'light': scenario.light != Sunlight(), 'a covered camera': bool(scenario.covers)}
    return tuple(what for what, is_asked in asked.items() if is_asked)


def changes(world: World, staged: World) -> list[WorldOrder]:
    """Return the orders that make a world's standing models those of a staged one, in the order to be given.

    A model that has changed its shape comes back under a name of its own: a removal is done when a step of the
    simulation ends, and until then its name is taken.

    :raises LepatrolError: if two things of the staged world have one name, or a model cannot be written as SDFormat.
    """
    before = {model.name: model for model in world.models}
    names = Counter([*(model.name for model in staged.models), *(actor.name for actor in staged.actors)])
    if twice := sorted(name for name, count in names.items() if count > 1):
        raise LepatrolError(f'two things are called {", ".join(twice)}; each wants a name of its own')
    orders: list[WorldOrder] = [Remove(name) for name in before if name not in names]
    for model in staged.models:
        known = before.get(model.name)
        if known is None:
            orders.append(Create(model.name, model_sdf(model), model.pose))
        elif model.links != known.links:
            orders += [Remove(model.name), Create(f'{model.name}_changed', model_sdf(model), model.pose)]
        elif model.pose != known.pose:
            orders.append(Move(model.name, model.pose))
    return orders


class _Patience:
    """Speaks up when something lasts, and again each time that it has lasted as long once more."""

    def __init__(self) -> None:
        self._since_s: float | None = None

    def is_out(self, lasts: bool, now_s: float) -> bool:
        """Tell whether to speak up now."""
        if not lasts or self._since_s is None:
            self._since_s = now_s if lasts else None
            return False
        if now_s - self._since_s < _COMPLAINT_S:
            return False
        self._since_s = now_s
        return True


class _Errand:
    """What is to be asked for one thing: ``order``, None for nothing, asked at ``asked_s``, None for not yet."""

    def __init__(self, order: WorldOrder | None = None) -> None:
        self.order = order
        self.asked_s: float | None = None
        self.not_before_s = -math.inf
        self.complained_s = -math.inf
        self._failures = 0

    def succeed(self) -> None:
        """Have done what was asked."""
        self.order, self.asked_s, self._failures = None, None, 0

    def fail(self) -> float:
        """Have to ask again; return after how many seconds."""
        self.asked_s = None
        self._failures += 1
        return _AGAIN_S[min(self._failures, len(_AGAIN_S)) - 1]


class _Walker(_Errand):
    """Somebody who moves: ``told`` is where the world has last been asked to have him, None if that is not known."""

    def __init__(self, actor: Actor) -> None:
        super().__init__()
        self.name = actor.name
        self.sdf = model_sdf(Model(actor.name, static=True, links=actor.links))
        self.is_there = False
        self.told: Pose3 | None = None

    def be_at(self, pose: Pose3) -> None:
        """Ask for a pose, unless something is being asked already, or nothing has changed."""
        if self.order or (pose is NOWHERE and not self.is_there) or (self.told and _is_still(self.told, pose)):
            return
        self.order = Move(self.name, pose) if self.is_there else Create(self.name, self.sdf, pose)
        self.is_there, self.told = True, pose

    def fail(self) -> float:
        """Have to ask again; of poses only the newest is asked for."""
        pause_s = super().fail()
        if isinstance(self.order, Move):
            self.order, self.told, pause_s = None, None, _AGAIN_S[0]
        return pause_s


class Director:
    """Gives orders until everything is as the scenario has it, and goes on moving who moves.

    An order that is refused, or whose answer is lost, is given again, ever more seldom; a pose that is refused is
    followed by the next one. Gazebo's services answer that they have taken an order; that it was carried out, its own
    log alone says.
    """

    def __init__(self, world: World, staged: World, services: WorldServices, logger: logging.Logger) -> None:
        """Take the world as its file has it and as it was staged.

        :raises LepatrolError: as :func:`changes` does.
        """
        self._services, self._logger = services, logger
        set_up = changes(world, staged)
        own = {actor.name for actor in world.actors}
        cast = [actor for actor in staged.actors if actor.name not in own]
        self._walkers = [_Walker(actor) for actor in cast]
        self._paths = Walkers(actor.path for actor in cast)
        self._set_up = [_Errand(order) for order in set_up]
        self._is_set = False
        self._now_s = 0.0
        self._for_services, self._for_robots = _Patience(), _Patience()

    def update(self, time_s: float, robots_m: Sequence[tuple[float, float]], now_s: float) -> None:
        """Give the orders that are due at a time of the simulation, with the robots at these places.

        ``now_s`` is wall time, which goes on where the simulation stands still.
        """
        self._now_s = now_s
        missing = (*self._services.missing(), *(() if time_s > 0.0 else ('/clock',)))
        if self._for_services.is_out(bool(missing), now_s):
            self._logger.warning(
                f'waiting for {", ".join(missing)}: Gazebo must run the world, with its system UserCommands, and '
                'ros_gz_bridge (1.0.11 or newer) must carry them; launch/gazebo.launch.py starts both')
        if missing:
            return
        if self._for_robots.is_out(self._paths.are_waiting and not robots_m, now_s):
            self._logger.warning('somebody waits for the robot to come, but nobody tells where it is: nothing is heard '
                                 'on ground_truth')
        self._paths.watch(time_s, robots_m)
        for walker, pose in zip(self._walkers, self._paths.poses_at(time_s), strict=True):
            walker.be_at(pose)
        for errand in (*self._set_up, *self._walkers):
            self._run(errand)
        if not self._is_set and not any(errand.order for errand in self._set_up):
            self._is_set = True
            self._logger.info(f'the scene is set; changes: {len(self._set_up)}, moving: {len(self._walkers)}')

    def _run(self, errand: _Errand) -> None:
        if errand.asked_s is not None and self._now_s - errand.asked_s >= _ANSWER_S:
            self._fail(errand, f'was not answered within {_ANSWER_S:g} s')
        if errand.order is None or errand.asked_s is not None or self._now_s < errand.not_before_s:
            return
        errand.asked_s = self._now_s
        self._services.send(errand.order, partial(self._on_answer, errand, errand.order))

    def _on_answer(self, errand: _Errand, order: WorldOrder, taken: bool) -> None:
        if errand.order is not order or errand.asked_s is None:
            return  # Too late: it has been given up, or answered before.
        if taken:
            errand.succeed()
        else:
            self._fail(errand, 'was refused')

    def _fail(self, errand: _Errand, why: str) -> None:
        what = errand.order
        pause_s = errand.fail()
        errand.not_before_s = self._now_s + pause_s
        if what and self._now_s - errand.complained_s >= _COMPLAINT_S:
            errand.complained_s = self._now_s
            self._logger.warning(
                f"{type(what).__name__.lower()} {what.name}: {why}; it is asked again in {pause_s:g} s; Gazebo's own "
                'log may say more')


def _is_still(before: Pose3, now: Pose3) -> bool:
    turned = abs(sum(a * b for a, b in zip(before.orientation_wxyz, now.orientation_wxyz, strict=True)))
    return math.dist(before.position_m, now.position_m) < _STILL_M and 2.0 * math.acos(min(turned, 1.0)) < _STILL_RAD
