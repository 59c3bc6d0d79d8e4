"""Pictures of the prison as a robot's camera takes them, without physics; what stands in it may be changed first."""

import math

import numpy as np

from lepatrol import assembly
from lepatrol.model.geometry import Pose3
from lepatrol.model.observation import CameraImage, CameraInfo
from lepatrol.model.site import Look, Photo
from lepatrol.simulation.description import CameraSensor
from lepatrol.simulation.render import make_renderer

SITE = assembly.load_site('prison')
PLACES = {
    (waypoint.name, round(math.degrees(heading))): (waypoint.x_m, waypoint.y_m, heading)
    for waypoint in SITE.waypoints.values() for action in waypoint.actions
    for heading in (action.headings_rad if isinstance(action, Look) else
                    [action.heading_rad] if isinstance(action, Photo) and action.heading_rad is not None else [])}
"""Where it looks and photographs: x and y in metres and the heading in radians, by waypoint and degrees."""


class PrisonViews:
    """Draws the prison after ``change(scene)``; close it in the end."""

    def __init__(self, change=lambda scene: scene):
        scene = change(assembly.load_scene(SITE.world, {'robot': ('ugv', SITE.start_pose)}))
        robot = scene.robots['robot']
        self._camera, self._mount = next(
            (sensor, assembly.base_pose(robot).inverse().compose(link.pose.compose(sensor.pose)))
            for link in robot.links for sensor in link.sensors if isinstance(sensor, CameraSensor))
        self._height_m = robot.pose.compose(assembly.base_pose(robot)).position_m[2]
        self._renderer = make_renderer('auto', scene)
        positions = np.array([body.pose.position_m for body in scene.moving])
        positions[[body.model == 'robot' for body in scene.moving], 2] = 80.0  # out of its own sight
        self._poses = positions, np.array([body.pose.orientation_wxyz for body in scene.moving])

    def close(self):
        self._renderer.close()

    def at(self, x_m, y_m, yaw_rad, rng=None, stamp_s=0.0):
        """Return picture and true pose of the base, the picture with the camera's noise where ``rng`` is given."""
        turned = Pose3.from_rpy(x_m, y_m, yaw_rad=yaw_rad)
        base = Pose3((x_m, y_m, self._height_m), turned.orientation_wxyz)
        rgb = self._renderer.draw(self._camera, base.compose(self._mount), *self._poses)
        if rng is not None:
            rgb = np.clip(np.rint(rgb + rng.normal(0.0, 255 * self._camera.noise.stddev, rgb.shape)), 0, 255)
        info = CameraInfo.from_horizontal_fov(
            self._camera.width, self._camera.height, self._camera.horizontal_fov_rad)
        return CameraImage(stamp_s, 'camera_optical_frame', rgb.astype(np.uint8), info), base

    def visit(self, place, rng, stamp_s=0.0):
        """Return picture and believed pose of a visit: the robot stops where its tolerances let it."""
        x_m, y_m, yaw_rad = PLACES[place]
        distance_m, bearing_rad = rng.uniform(0.0, 0.15), rng.uniform(-math.pi, math.pi)
        x_m, y_m = x_m + distance_m * math.cos(bearing_rad), y_m + distance_m * math.sin(bearing_rad)
        yaw_rad += rng.uniform(-0.05, 0.05)
        image, _ = self.at(x_m, y_m, yaw_rad, rng, stamp_s)
        believed = Pose3.from_rpy(
            x_m + rng.normal(0.0, 0.05), y_m + rng.normal(0.0, 0.05), self._height_m,
            yaw_rad=yaw_rad + rng.normal(0.0, math.radians(1.0)))
        return image, believed
