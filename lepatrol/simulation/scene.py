"""A world with robots in it, as a list of rigid bodies that physics and renderers share."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

from lepatrol.model.geometry import Pose3
from lepatrol.simulation.description import Link, Model, World


@dataclass(frozen=True)
class Body:
    """One link of a model or an actor and where it is in the world at the start."""

    model: str
    link: Link
    pose: Pose3


@dataclass(frozen=True)
class Scene:
    """A world and the robots put into it; each robot's ``Model.pose`` is where it starts, its ``name`` the key.

    ``static`` bodies never move. ``moving`` bodies do: links of non-static models, of models on a path, of actors and
    of robots, in an order that the arrays of positions and orientations follow everywhere.
    """

    world: World
    robots: Mapping[str, Model] = field(default_factory=dict)

    @cached_property
    def static(self) -> tuple[Body, ...]:
        """Return the bodies that never move."""
        return tuple(body for model in self.world.models if _is_fixed(model) for body in _bodies(model))

    @cached_property
    def moving(self) -> tuple[Body, ...]:
        """Return the bodies that move: of models, then of actors, then of robots."""
        models = [body for model in self.world.models if not _is_fixed(model) for body in _bodies(model)]
        actors = [
            Body(actor.name, link, actor.path.poses[0].pose.compose(link.pose))
            for actor in self.world.actors for link in actor.links]
        robots = [body for model in self.robots.values() for body in _bodies(model)]
        return (*models, *actors, *robots)


def _is_fixed(model: Model) -> bool:
    return model.static and model.path is None


def _bodies(model: Model) -> list[Body]:
    return [Body(model.name, link, model.pose.compose(link.pose)) for link in model.links]
