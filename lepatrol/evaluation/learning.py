"""Learn reference views in lockstep: walk a clean round and keep what its waypoints look like."""

from __future__ import annotations

import dataclasses

import numpy as np
from numpy.typing import NDArray

from lepatrol.evaluation.lockstep import Lockstep, Watcher
from lepatrol.model.errors import LepatrolError
from lepatrol.model.geometry import Pose3
from lepatrol.model.mission import MissionState
from lepatrol.model.observation import CameraImage, Odometry, PoseEstimate
from lepatrol.model.site import Site
from lepatrol.perception.reference_views import Masking, ReferenceViews, unmasked
from lepatrol.perception.vantage import Vantage
from lepatrol.simulation.scene import Scene

_LIMIT_S = 7200.0
"""Simulated time a round may take at most."""


def learn_round(
    loop: Lockstep, site: Site, route: str, views: ReferenceViews, *,
    mask: Masking | None = None, watch: Watcher | None = None,
) -> None:
    """Walk a route once and learn each of its views, masked by ``mask``, or by the loop's perimeter without one.

    What a mask has touched is not kept at all.

    :raises LepatrolError: if the patrol refuses the order or does not finish, or if there is nothing to mask with.
    """
    vantage = Vantage(site.waypoints)
    hide = mask or _mask_of(loop)

    def look(loop: Lockstep) -> None:
        image, estimate, odometry = (loop.latest.get(kind) for kind in (CameraImage, PoseEstimate, Odometry))
        status = loop.patrol.status
        waypoint = status.waypoint if status.state is MissionState.ACTING else ''
        if isinstance(image, CameraImage) and isinstance(estimate, PoseEstimate) and isinstance(odometry, Odometry):
            # The picture must be taken while the robot stands: it is delivered a little later.
            heading = vantage.heading(waypoint, image, estimate, odometry)
            if heading is not None:
                masked = hide(image, estimate.pose)
                views.learn(waypoint, heading, dataclasses.replace(image, rgb=masked), estimate.pose,
                            valid=unmasked(image.rgb, masked))
        if watch is not None:
            watch(loop)

    answer = loop.order(f'start {route}')
    if answer != 'ok':
        raise LepatrolError(f'the patrol did not take the order: {answer}')
    if not loop.run(limit_s=_LIMIT_S, watch=look) or loop.patrol.status.state is not MissionState.DONE:
        raise LepatrolError(f'the round was not finished: {loop.patrol.status.message}')


def without_people(scene: Scene) -> Scene:
    """Return a scene without its actors and all that moves along a path: whoever is learnt belongs there for good."""
    world = scene.world
    standing = tuple(model for model in world.models if model.path is None)
    return dataclasses.replace(scene, world=dataclasses.replace(world, models=standing, actors=()))


def _mask_of(loop: Lockstep) -> Masking:
    if loop.perimeter is None:
        raise LepatrolError('nothing masks the pictures; give a mask, or make the loop with a perimeter')

    def by_perimeter(image: CameraImage, pose: Pose3) -> NDArray[np.uint8]:
        picture = loop.perimeter.picture if loop.perimeter else None
        if picture is None or picture.stamp_s != image.stamp_s:
            return np.zeros_like(image.rgb)
        return picture.rgb

    return by_perimeter
