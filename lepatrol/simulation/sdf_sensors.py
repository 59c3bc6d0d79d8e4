"""SDFormat's sensors and lights."""

from __future__ import annotations

import difflib
import math

from lepatrol.model.geometry import Pose3
from lepatrol.simulation.description import (
    CameraSensor,
    ImuSensor,
    LidarSensor,
    Light,
    NavSatSensor,
    Noise,
    Sensor,
    Vector3,
)
from lepatrol.simulation.sdf_frames import Scope, pose_value
from lepatrol.simulation.sdf_geometry import colour, place, vector3
from lepatrol.simulation.xml_file import Element

_LIDARS = ('gpu_lidar', 'lidar', 'gpu_ray', 'ray')
_SUPPORTED = (*_LIDARS, 'camera', 'imu', 'navsat', 'gps')
_OTHER = (
    'air_pressure', 'air_speed', 'altimeter', 'boundingbox_camera', 'contact', 'custom', 'depth', 'depth_camera',
    'force_torque', 'logical_camera', 'magnetometer', 'multicamera', 'rfid', 'rfidtag', 'rgbd', 'rgbd_camera',
    'segmentation_camera', 'sonar', 'thermal', 'thermal_camera', 'wideanglecamera', 'wireless_receiver',
    'wireless_transmitter')


def read_sensor(element: Element, scope: Scope, link: Pose3, link_name: str) -> Sensor | None:
    """Read a ``<sensor>``; None where its type is SDFormat's but not the embedded simulator's.

    :raises FileError: for an unknown type and for wrong values.
    """
    kind = element.attribute('type')
    if kind not in _SUPPORTED:
        if kind in _OTHER:
            element.used = False
            return None
        near = difflib.get_close_matches(kind, (*_SUPPORTED, *_OTHER), n=1)
        hint = f"did you mean '{near[0]}'?" if near else 'right would be one of ' + ', '.join(_SUPPORTED)
        raise element.error(f"'{kind}' is not a type of sensor; {hint}")
    pose = place(element, scope, link)
    rate = element.required('update_rate').number(above=0.0)
    frame = element.text_of('gz_frame_id') or element.text_of('ignition_frame_id') or link_name
    topic = element.text_of('topic')
    if kind in _LIDARS:
        return _read_lidar(element, pose, rate, topic or 'scan', frame)
    if kind == 'camera':
        return _read_camera(element, pose, rate, topic or 'camera/image_raw', frame)
    if kind == 'imu':
        return _read_imu(element, pose, rate, topic or 'imu', frame)
    return _read_navsat(element, pose, rate, topic or 'navsat', frame)


def _read_lidar(element: Element, pose: Pose3, rate: float, topic: str, frame: str) -> LidarSensor:
    lidar = element.child('lidar') or element.required('ray')
    samples, low, high = _read_beams(lidar.required('scan').required('horizontal'))
    vertical = lidar.required('scan').child('vertical')
    rows, bottom, top = (1, 0.0, 0.0) if vertical is None else _read_beams(vertical)
    reach = lidar.required('range')
    near = reach.required('min').number(low=0.0)
    return LidarSensor(
        element.name, pose, rate, topic, frame, samples, low, high, rows, bottom, top,
        near, reach.required('max').number(above=near), reach.number_of('resolution', 0.0, low=0.0), _read_noise(lidar))


def _read_beams(element: Element) -> tuple[int, float, float]:
    resolution = element.child('resolution')
    if resolution is not None and resolution.number() != 1.0:
        resolution.used = False
    low, high = (element.number_of(key, 0.0) for key in ('min_angle', 'max_angle'))
    if high < low:
        raise element.error(f'max_angle {high:g} is less than min_angle {low:g}')
    return _whole(element.required('samples')), low, high


def _whole(element: Element) -> int:
    value = element.number(low=1.0)
    if value != int(value):
        raise element.error(f'{value:g} is not a whole number')
    return int(value)


def _read_camera(element: Element, pose: Pose3, rate: float, topic: str, frame: str) -> CameraSensor:
    camera = element.required('camera')
    own = camera.child('pose')
    image = camera.required('image')
    camera.all('camera_info_topic')  # published beside the picture in any case
    for child in image.all('format'):
        child.used = child.text.strip() in ('R8G8B8', 'RGB_INT8')
    field = camera.number_of('horizontal_fov', 1.047, above=0.0)
    if field >= math.pi:
        raise camera.error(f'horizontal_fov {field:g} is no pinhole; less than {math.pi:.3f} is right')
    near = camera.required('clip').number_of('near', 0.1, above=0.0) if camera.child('clip') else 0.05
    far = camera.required('clip').number_of('far', 100.0, above=near) if camera.child('clip') else 200.0
    return CameraSensor(
        element.name, pose if own is None else pose.compose(pose_value(own)), rate, topic,
        camera.text_of('optical_frame_id') or frame, _whole(image.required('width')), _whole(image.required('height')),
        field, near, far, _read_noise(camera))


def _read_imu(element: Element, pose: Pose3, rate: float, topic: str, frame: str) -> ImuSensor:
    imu = element.child('imu')
    angular, linear = (
        Noise() if imu is None else _read_axes(imu.child(key)) for key in ('angular_velocity', 'linear_acceleration'))
    return ImuSensor(element.name, pose, rate, topic, frame, angular, linear)


def _read_axes(element: Element | None) -> Noise:
    """Read the x axis's noise; another axis's that differs stays unused, and is reported so."""
    if element is None:
        return Noise()
    axes = [_read_noise(axis) for key in 'xyz' if (axis := element.child(key)) is not None]
    for key in 'xyz':
        axis = element.child(key)
        if axis is not None and _read_noise(axis) != axes[0]:
            axis.used = False
    return axes[0] if axes else Noise()


def _read_navsat(element: Element, pose: Pose3, rate: float, topic: str, frame: str) -> NavSatSensor:
    navsat = element.child('navsat') or element.child('gps')
    noises = []
    for key in ('horizontal', 'vertical'):
        part = None if navsat is None else navsat.below('position_sensing', key)
        noises.append(Noise() if part is None else _read_noise(part))
    return NavSatSensor(element.name, pose, rate, topic, frame, noises[0], noises[1])


def _read_noise(element: Element) -> Noise:
    noise = element.child('noise')
    if noise is None:
        return Noise()
    kind = noise.attributes.get('type') or noise.text_of('type', 'none')
    if kind not in ('none', 'gaussian', 'gaussian_quantized'):
        raise noise.error(f"'{kind}' is not a type of noise; none or gaussian is right")
    mean, stddev = noise.number_of('mean', 0.0), noise.number_of('stddev', 0.0, low=0.0)
    return Noise() if kind == 'none' else Noise(mean, stddev)


def read_light(element: Element, pose: Pose3) -> Light:
    """Read a ``<light>`` whose pose is known."""
    kind = element.attribute('type')
    if kind not in ('directional', 'point', 'spot'):
        raise element.error(f"'{kind}' is not a type of light; directional, point or spot is right")
    default = Light(element.name, kind)
    attenuation, spot, direction = element.child('attenuation'), element.child('spot'), element.child('direction')
    if attenuation is not None and kind == 'directional':
        attenuation.use_all()  # the sun does not grow dimmer with distance
    diffuse, specular = element.child('diffuse'), element.child('specular')
    return Light(
        element.name, kind, pose,
        default.diffuse if diffuse is None else colour(diffuse),
        default.specular if specular is None else colour(specular),
        default.direction if direction is None else vector3(direction),
        default.range_m if attenuation is None else attenuation.number_of('range', default.range_m, above=0.0),
        default.attenuation if attenuation is None else _read_attenuation(attenuation, default.attenuation),
        element.number_of('intensity', 1.0, low=0.0),
        default.spot_outer_angle_rad if spot is None else spot.number_of('outer_angle', 1.0, above=0.0),
        element.flag_of('cast_shadows', False),
        0.0 if spot is None else spot.number_of('inner_angle', 0.0, low=0.0),
        0.0 if spot is None else spot.number_of('falloff', 0.0, low=0.0))


def _read_attenuation(element: Element, default: Vector3) -> Vector3:
    constant, linear, quadratic = (
        element.number_of(tag, value, low=0.0)
        for tag, value in zip(('constant', 'linear', 'quadratic'), default, strict=True))
    return constant, linear, quadratic
