"""Scenes and measures shared by the renderers' tests."""

import numpy as np
import shapely

from lepatrol.model.geometry import Pose3
from lepatrol.model.observation import CameraInfo
from lepatrol.simulation.description import Box, CameraSensor, Light, Link, Material, Model, Plane, Visual, World
from lepatrol.simulation.scene import Scene

SKY = (0.0, 0.0, 1.0, 1.0)
SUN = Light('sun', 'directional', direction=(0.5, 0.3, -0.8))
# Optical frame (z forward, x right, y down) in the camera's link (x forward, y left, z up).
OPTICAL = np.array([[0.0, 0.0, 1.0], [-1.0, 0.0, 0.0], [0.0, -1.0, 0.0]])


def camera(width=160, height=120, fov=1.2, **changes) -> CameraSensor:
    return CameraSensor('eye', Pose3(), 10.0, 'image', 'eye', width, height, fov, **changes)


def thing(name, shape, pose, *, colour=(0.8, 0.4, 0.2, 1.0), static=True, offset=None, **material) -> Model:
    visual = Visual('skin', offset or Pose3(), shape, Material(colour, **material))
    return Model(name, pose, static, (Link('link', visuals=(visual,)),))


def scene_of(*models, **parts) -> Scene:
    return Scene(World('stage', models, lights=(SUN,), ambient=(0.4, 0.4, 0.4, 1.0), background=SKY, **parts))


def ground() -> Model:
    return thing('ground', Plane(size_m=(60.0, 60.0)), Pose3(), colour=(0.3, 0.5, 0.2, 1.0))


def moving_poses(scene: Scene):
    poses = [body.pose for body in scene.moving]
    return (np.array([pose.position_m for pose in poses]).reshape(-1, 3),
            np.array([pose.orientation_wxyz for pose in poses]).reshape(-1, 4))


def shoot(renderer, scene, sensor, pose):
    return renderer.draw(sensor, pose, *moving_poses(scene))


def differs_from_sky(picture):
    return np.abs(picture.astype(int) - np.round(np.array(SKY[:3]) * 255)).max(axis=2) > 3


def outline(box: Box, box_pose: Pose3, sensor: CameraSensor, camera_pose: Pose3) -> shapely.Polygon:
    """Return the box's outline in the picture by the pinhole model alone."""
    signs = np.array([[x, y, z] for x in (-1, 1) for y in (-1, 1) for z in (-1, 1)])
    corners = box_pose.transform(signs * np.asarray(box.size_m) / 2.0)
    seen = camera_pose.inverse().transform(corners) @ OPTICAL
    info = CameraInfo.from_horizontal_fov(sensor.width, sensor.height, sensor.horizontal_fov_rad)
    return shapely.MultiPoint(info.project(seen)).convex_hull


def worst_error_px(shown, polygon: shapely.Polygon) -> float:
    """Return how far the middle of a wrong pixel lies from the true outline."""
    rows, columns = np.indices(shown.shape)
    middles = shapely.points(columns + 0.5, rows + 0.5)
    wrong = shown != shapely.contains(polygon, middles)
    if not wrong.any():
        return 0.0
    return float(shapely.distance(middles[wrong], polygon.exterior).max())


BOX = Box((1.0, 0.6, 1.4))
BOX_POSE = Pose3.from_rpy(6.0, 0.5, 1.0, 0.2, -0.3, 0.7)
CAMERA_POSES = [
    Pose3(),
    Pose3.from_rpy(0.0, 0.0, 1.2),
    Pose3.from_rpy(2.0, -1.0, 3.0, pitch_rad=0.4, yaw_rad=0.3),
    Pose3.from_rpy(2.0, 1.0, 0.3, roll_rad=0.5, pitch_rad=-0.1, yaw_rad=-0.15),
    Pose3.from_rpy(6.5, -5.0, 1.0, yaw_rad=1.6),
    Pose3.from_rpy(9.5, 4.0, 2.0, roll_rad=-1.2, pitch_rad=0.2, yaw_rad=-2.4),
    Pose3.from_rpy(6.0, 0.5, 8.0, pitch_rad=1.5707963, yaw_rad=0.4),
]
