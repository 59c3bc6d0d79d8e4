"""The embedded simulator: MuJoCo's physics, its rays as lidar, and pictures drawn beside it."""

from __future__ import annotations

import math
from collections.abc import Sequence
from concurrent.futures import Future
from dataclasses import dataclass
from heapq import heapify, heappop, heappush
from typing import Protocol

import numpy as np
from numpy.random import Generator, default_rng
from numpy.typing import NDArray

from lepatrol.model.errors import CommandError
from lepatrol.model.geometry import Floats, Pose3, Twist
from lepatrol.model.observation import CameraImage, CameraInfo, LaserScan, PointCloud
from lepatrol.settings.simulation import SimulationSettings
from lepatrol.simulation.backend import Delivery, Simulator
from lepatrol.simulation.battery import BatteryGauge
from lepatrol.simulation.charger import Charger
from lepatrol.simulation.compilation import body_name
from lepatrol.simulation.description import (
    CameraSensor,
    ImuSensor,
    LidarSensor,
    Model,
    MulticopterControl,
    NavSatSensor,
    Sensor,
)
from lepatrol.simulation.drives import MulticopterDrive, WheelDrive
from lepatrol.simulation.grain import add_grain
from lepatrol.simulation.physics import Physics
from lepatrol.simulation.scene import Scene
from lepatrol.simulation.scene_error import SceneError
from lepatrol.simulation.sensors import (
    InertialUnit,
    Instrument,
    JointEncoders,
    Localiser,
    MotionOdometer,
    SatelliteReceiver,
    WheelOdometer,
    make_lidar,
    mounted_pose,
    view_distances_m,
)
from lepatrol.simulation.weather import View, Weather

_BATTERY_RATE_HZ = 1.0
_JOINT_RATE_HZ = 25.0
_WEATHER = 1
"""Sets the weather's random numbers apart from a sensor's own noise."""


class FrameSource(Protocol):
    """Draws pictures of a scene in a thread of its own."""

    def submit(
        self, camera: CameraSensor, camera_pose: Pose3, positions_m: Floats, orientations_wxyz: Floats,
    ) -> Future[NDArray[np.uint8]]:
        """Ask for the picture (height, width, 3) of ``Scene.moving`` at these poses (n, 3) and (n, 4)."""
        ...

    def close(self) -> None:
        """End the thread."""
        ...


@dataclass(frozen=True, slots=True, eq=False)
class _Channel:
    """One sensor of one robot: fires every ``period`` steps; ``body`` carries it."""

    robot: str
    topic: str
    period: int
    source: Instrument | CameraSensor
    body: int = 0
    noisy: bool = True


@dataclass(frozen=True, slots=True, eq=False)
class _Exposure:
    """A picture that is being drawn."""

    channel: int
    view: View
    picture: Future[NDArray[np.uint8]]


class EmbeddedSimulator(Simulator):
    """Runs a scene on MuJoCo.

    Time goes from event to event: between two firings of any sensor physics runs alone. A picture is drawn while
    physics goes on and is delivered exactly ``camera_latency_s`` after its exposure, however long drawing takes, so
    that runs repeat bit for bit.
    """

    def __init__(
        self, scene: Scene, settings: SimulationSettings, draw: FrameSource | None = None,
        weather: Weather | None = None, chargers: Sequence[Charger] = (), pads: Sequence[Charger] = (),
    ) -> None:
        """Compile the scene and mount the sensors; without ``draw`` cameras deliver nothing.

        ``weather`` acts on scans and pictures; ``chargers`` charge robots on wheels, ``pads`` those that fly.

        :raises SceneError: naming what cannot be simulated.
        """
        self._settings = settings
        self._draw = draw
        self._weather = weather
        self._physics = Physics(scene, step_s=settings.physics_step_s)
        self._latency = round(settings.camera_latency_s / settings.physics_step_s)
        self._channels = [channel for robot in scene.robots.values() for channel in self._mount(robot)]
        # After all others, whose random numbers go by their places: joints, then batteries.
        self._channels += [
            _Channel(name, 'joint_states', self._period(_JOINT_RATE_HZ), JointEncoders(name), noisy=False)
            for name, robot in scene.robots.items() if robot.servos]
        self._channels += [
            _Channel(robot.name, 'battery_state', self._period(_BATTERY_RATE_HZ), BatteryGauge(
                robot.battery, robot.name, charge=settings.battery_charge,
                chargers=pads if isinstance(robot.drive, MulticopterControl) else chargers))
            for robot in scene.robots.values() if robot.battery is not None]
        self._generators: list[Generator] = []
        self._weather_generators: list[Generator] = []
        self._due: list[tuple[int, int]] = []
        self._exposures: list[tuple[int, _Exposure]] = []
        self.reset(settings.seed)

    @property
    def physics(self) -> Physics:
        """Return the physics underneath, for viewers and measurements."""
        return self._physics

    @property
    def time_s(self) -> float:
        """Return the simulated time."""
        return self._physics.time_s

    @property
    def robots(self) -> Sequence[str]:
        """Return the names of the robots."""
        return tuple(self._physics.scene.robots)

    def reset(self, seed: int) -> None:
        """Put everything back to the start; every sensor draws from a generator of its own made from ``seed``."""
        for _, exposure in self._exposures:
            exposure.picture.cancel()
        self._exposures.clear()
        self._physics.reset()
        self._generators = [default_rng([seed, index]) for index in range(len(self._channels))]
        self._weather_generators = [default_rng([seed, index, _WEATHER]) for index in range(len(self._channels))]
        self._due = [(channel.period, index) for index, channel in enumerate(self._channels)]
        heapify(self._due)
        for channel in self._channels:
            if isinstance(channel.source, Instrument):
                channel.source.reset()

    def command(self, robot: str, twist: Twist) -> None:
        """Set the velocity a robot's drive is to reach; it takes effect within one control period (20 ms).

        :raises CommandError: for a robot that is not there or a velocity that is not finite.
        """
        if not twist.is_finite():
            raise CommandError(f'robot {robot}: {twist} is not finite, expected numbers')
        self._physics.command(self._known(robot), twist)

    def aim(self, robot: str, joint: str, position_rad: float) -> None:
        """Tell a joint that has a servo where to go, within its limits; it sets out within one control period (20 ms).

        :raises CommandError: for a robot or a joint that is not there, or a position that is not finite.
        """
        servos = self._physics.servos[self._known(robot)]
        if joint not in servos.positions_rad:
            raise CommandError(
                f'robot {robot}: no servo turns {joint!r}; there are: {", ".join(servos.positions_rad) or "none"}')
        if not math.isfinite(position_rad):
            raise CommandError(f'robot {robot}: the position of {joint} is {position_rad}, expected a finite number')
        servos.aim(joint, position_rad)

    def advance(self, duration_s: float) -> list[Delivery]:
        """Let ``duration_s`` pass and return what was delivered, in time order.

        :raises CommandError: for a duration that is not a whole number of steps.
        """
        end = self._physics.step + self._steps_in(duration_s)
        self._physics.forget_collisions()
        deliveries: list[Delivery] = []
        while (step := self._next_event(end)) is not None:
            self._physics.run_to(step)
            self._deliver_pictures(step, deliveries)
            self._fire(step, deliveries)
            if self._latency == 0:
                self._deliver_pictures(step, deliveries)
        self._physics.run_to(end)
        return deliveries

    def ground_truth(self, robot: str) -> Pose3:
        """Return where a robot's base link truly is."""
        return self._physics.base_pose(self._known(robot))

    def in_collision(self, robot: str) -> bool:
        """Tell whether a robot touched anything but the ground since the last call of ``advance`` began."""
        return self._physics.in_collision(self._known(robot))

    def close(self) -> None:
        """End the drawing thread."""
        if self._draw is not None:
            self._draw.close()

    def _known(self, robot: str) -> str:
        if robot not in self._physics.scene.robots:
            raise CommandError(f'robot {robot!r} is not in the scene; there are: {", ".join(self.robots) or "none"}')
        return robot

    def _steps_in(self, duration_s: float) -> int:
        steps = duration_s / self._physics.step_s
        if steps < 0.0 or abs(steps - round(steps)) > 1e-6 * max(1.0, steps):
            raise CommandError(f'{duration_s} s is not a whole number of steps of {self._physics.step_s} s')
        return round(steps)

    def _next_event(self, end: int) -> int | None:
        """Return the step at which a sensor fires or a picture is delivered next, None where that is after ``end``."""
        coming = [due for due, _ in (*self._due[:1], *self._exposures[:1]) if due <= end]
        return min(coming) if coming else None

    def _fire(self, step: int, deliveries: list[Delivery]) -> None:
        """Measure with every sensor that is due."""
        if not self._due or self._due[0][0] != step:
            return
        self._physics.walk_to_now()
        while self._due and self._due[0][0] == step:
            _, index = heappop(self._due)
            channel = self._channels[index]
            heappush(self._due, (step + channel.period, index))
            if isinstance(channel.source, CameraSensor):
                self._expose(index, channel.source)
            else:
                noise = self._generators[index] if channel.noisy else None
                measured = channel.source.measure(self._physics, noise)
                if self._weather and isinstance(measured, LaserScan):
                    measured = self._weather.on_scan(measured, self._weather_generators[index])
                elif self._weather and isinstance(measured, PointCloud):
                    measured = self._weather.on_cloud(measured, self._weather_generators[index])
                deliveries.append(Delivery(channel.robot, channel.topic, measured))

    def _expose(self, index: int, camera: CameraSensor) -> None:
        assert self._draw is not None, 'cameras are mounted only where there is something to draw with'
        body = self._channels[index].body
        pose = mounted_pose(self._physics, body, camera)
        measured = self._weather is not None and self._weather.needs_distances
        view = View(self._physics.time_s, camera, pose,
                    view_distances_m(self._physics, body, camera, pose) if measured else None)
        picture = self._draw.submit(camera, pose, *self._physics.moving_poses())
        due = self._physics.step + self._latency
        self._exposures.append((due, _Exposure(index, view, picture)))

    def _deliver_pictures(self, step: int, deliveries: list[Delivery]) -> None:
        """Deliver the pictures that are due, waiting for those not drawn yet."""
        while self._exposures and self._exposures[0][0] <= step:
            _, exposure = self._exposures.pop(0)
            channel = self._channels[exposure.channel]
            camera = channel.source
            assert isinstance(camera, CameraSensor)
            rgb = exposure.picture.result()
            if self._weather:
                rgb = self._weather.on_picture(rgb, exposure.view, self._weather_generators[exposure.channel])
            if channel.noisy and camera.noise.stddev:
                rgb = add_grain(rgb, camera.noise, self._generators[exposure.channel])
            info = CameraInfo.from_horizontal_fov(camera.width, camera.height, camera.horizontal_fov_rad)
            image = CameraImage(exposure.view.stamp_s, camera.frame_id, rgb, info)
            deliveries.append(Delivery(channel.robot, channel.topic, image))

    def _mount(self, robot: Model) -> list[_Channel]:
        """Return the robot's channels: odometry and pose, then the sensors its description has."""
        settings, physics = self._settings, self._physics
        period = self._period(settings.pose_rate_hz)
        drive = physics.drives[robot.name]
        start = physics.base_pose(robot.name)
        odometer = WheelOdometer(drive) if isinstance(drive, WheelDrive) else MotionOdometer(robot.name, start)
        localiser = Localiser(
            robot.name, settings.pose_noise_m, settings.pose_noise_rad, flies=isinstance(drive, MulticopterDrive))
        channels = [
            _Channel(robot.name, 'odom', period, odometer), _Channel(robot.name, 'pose', period, localiser)]
        mounted = [(link, sensor) for link in robot.links for sensor in link.sensors]
        # Cameras first: their pictures are drawn while the others measure.
        for link, sensor in sorted(mounted, key=lambda each: not isinstance(each[1], CameraSensor)):
            body = physics.model.body(body_name(robot.name, link.name)).id
            source = self._instrument(sensor, body)
            if source is not None:
                channels.append(_Channel(
                    robot.name, sensor.topic, self._sensor_period(robot, sensor), source, body,
                    settings.sensor_noise))
        return channels

    def _instrument(self, sensor: Sensor, body: int) -> Instrument | CameraSensor | None:
        if isinstance(sensor, LidarSensor):
            return make_lidar(sensor, body)
        if isinstance(sensor, ImuSensor):
            return InertialUnit(sensor, body)
        if isinstance(sensor, NavSatSensor):
            reference = self._physics.scene.world.geo_reference
            if reference is None:
                raise SceneError(f'sensor {sensor.name}: a navsat needs spherical_coordinates in the world')
            return SatelliteReceiver(sensor, body, reference)
        return sensor if self._draw is not None else None

    def _sensor_period(self, robot: Model, sensor: Sensor) -> int:
        if not sensor.update_rate_hz > 0.0:
            raise SceneError(
                f'robot {robot.name}: sensor {sensor.name} has the rate {sensor.update_rate_hz} Hz, '
                'expected more than 0')
        most_hz = self._settings.camera_rate_hz if isinstance(sensor, CameraSensor) else 0.0
        return self._period(min(sensor.update_rate_hz, most_hz or math.inf))

    def _period(self, rate_hz: float) -> int:
        return max(1, round(1.0 / (rate_hz * self._physics.step_s)))
