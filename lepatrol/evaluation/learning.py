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
from lepatrol.perception.masking import Masker
from lepatrol.perception.reference_views import Masking, ReferenceViews, unmasked
from lepatrol.perception.vantage import Vantage
from lepatrol.settings.privacy import PrivacySettings
from lepatrol.simulation.scene import Scene

_LIMIT_S = 7200.0
"""Simulated time a round may take at most."""


def learn_round(
    loop: Lockstep, site: Site, route: str, views: ReferenceViews, *,
    mask: Masking, watch: Watcher | None = None,
) -> int:
    """Walk a route once and learn each of its views; what ``mask`` touches is not kept. Return how many were learnt.

    :raises LepatrolError: if the patrol refuses the order or does not finish.
    """
    vantage = Vantage(site.waypoints)
    photos = learnt = 0

    def keep(waypoint: str, heading_rad: float | None, image: CameraImage, pose: Pose3) -> None:
        nonlocal learnt
        if heading_rad is not None:
            masked = mask(image, pose)
            views.learn(waypoint, heading_rad, dataclasses.replace(image, rgb=masked), pose,
                        valid=unmasked(image.rgb, masked))
            learnt += 1

    def look(loop: Lockstep) -> None:
        nonlocal photos
        image, estimate, odometry = (loop.latest.get(kind) for kind in (CameraImage, PoseEstimate, Odometry))
        if isinstance(image, CameraImage) and isinstance(estimate, PoseEstimate) and isinstance(odometry, Odometry):
            for request, photo in loop.photos[photos:]:
                keep(request.waypoint, vantage.photo(request.waypoint, estimate), photo, estimate.pose)
            photos = len(loop.photos)
            status = loop.patrol.status
            waypoint = status.waypoint if status.state is MissionState.ACTING else ''
            keep(waypoint, vantage.heading(waypoint, image, estimate, odometry), image, estimate.pose)
        if watch is not None:
            watch(loop)

    answer = loop.order(f'start {route}')
    if answer != 'ok':
        raise LepatrolError(f'the patrol did not take the order: {answer}')
    if not loop.run(limit_s=_LIMIT_S, watch=look) or loop.patrol.state is not MissionState.DONE:
        raise LepatrolError(f'the round was not finished: {loop.patrol.status.message}')
    return learnt


def without_people(scene: Scene) -> Scene:
    """Return a scene without its actors and all that moves along a path: whoever is learnt belongs there for good."""
    world = scene.world
    standing = tuple(model for model in world.models if model.path is None)
    return dataclasses.replace(scene, world=dataclasses.replace(world, models=standing, actors=()))


def mask_with_nobody_about(site: Site, camera_in_base: Pose3) -> Masking:
    """Return what hides a site's privacy zones where it is known that nobody is in the picture."""
    masker = Masker(PrivacySettings(), site.zones)

    def mask(image: CameraImage, pose: Pose3) -> NDArray[np.uint8]:
        return masker.mask_zones(image, pose.compose(camera_in_base))

    return mask
