"""Sensors and lights of SDFormat files."""

import math

import pytest
from sdf_world import refusal, world

from lepatrol.model.geometry import Pose3
from lepatrol.simulation.description import ImuSensor, Noise
from lepatrol.simulation.sdf import read_robot

SENSORS = '''
  <sensor name="eye" type="camera"><update_rate>10</update_rate><pose>1 0 0 0 0 0</pose><camera><pose>0 0 2 0 0 0</pose>
    <horizontal_fov>1.2</horizontal_fov><image><width>320</width><height>240</height></image>
    <clip><near>0.1</near><far>50</far></clip><noise><type>gaussian</type><stddev>0.01</stddev></noise></camera></sensor>
  <sensor name="scanner" type="gpu_lidar"><update_rate>5</update_rate><topic>scan</topic><gz_frame_id>f</gz_frame_id>
    <lidar><scan><horizontal><samples>90</samples><min_angle>-1</min_angle><max_angle>1</max_angle></horizontal></scan>
    <range><min>0.2</min><max>12</max></range></lidar></sensor>
  <sensor name="sat" type="navsat"><update_rate>1</update_rate><navsat><position_sensing>
    <horizontal><noise type="gaussian"><stddev>0.5</stddev></noise></horizontal></position_sensing></navsat></sensor>'''


def test_sensors_are_read_with_rate_field_range_and_noise(tmp_path):
    found = world(tmp_path, f'<model name="m"><link name="l">{SENSORS}</link></model>')
    eye, scanner, sat = found.models[0].links[0].sensors
    assert (eye.width, eye.height, eye.horizontal_fov_rad, eye.near_m, eye.far_m) == (320, 240, 1.2, 0.1, 50.0)
    assert (eye.pose.position_m, eye.noise.stddev, eye.frame_id) == ((1.0, 0.0, 2.0), 0.01, 'l')
    assert (scanner.samples, scanner.min_angle_rad, scanner.max_angle_rad) == (90, -1.0, 1.0)
    assert (scanner.range_min_m, scanner.range_max_m, scanner.update_rate_hz) == (0.2, 12.0, 5.0)
    assert (scanner.topic, scanner.frame_id) == ('scan', 'f')
    assert sat.horizontal_noise.stddev == 0.5


def robot(directory, sensors):
    """Read the sensors as part of a robot: there nothing of a sensor is left out but what is named."""
    path = directory / 'robot.urdf'
    path.write_text(f'<robot name="r"><link name="base_link"/><gazebo reference="base_link">{sensors}</gazebo></robot>')
    return read_robot(path)


def test_nothing_of_a_robots_plain_sensors_is_left_out(tmp_path):
    found = robot(tmp_path, SENSORS)
    assert [sensor.name for sensor in found.links[0].sensors] == ['eye', 'scanner', 'sat']
    assert found.unsupported == ()


IMU = '''<sensor name="imu" type="imu"><update_rate>50</update_rate><pose>0.1 0 0 0 0 1.5</pose><imu>
<angular_velocity>{rates}</angular_velocity>
<linear_acceleration><x><noise type="gaussian"><mean>0.01</mean><stddev>0.2</stddev></noise></x></linear_acceleration>
</imu></sensor>'''
AXIS = '<{0}><noise type="gaussian"><stddev>{1}</stddev></noise></{0}>'


def test_an_imu_has_its_place_rate_and_the_noise_of_its_axes(tmp_path):
    rates = ''.join(AXIS.format(axis, 0.002) for axis in 'xyz')
    found = robot(tmp_path, IMU.format(rates=rates))
    assert found.links[0].sensors == (ImuSensor(
        'imu', Pose3.from_rpy(0.1, yaw_rad=1.5), 50.0, 'imu', 'base_link', Noise(0.0, 0.002), Noise(0.01, 0.2)),)
    assert found.unsupported == ()


def test_an_axis_of_an_imu_whose_noise_differs_is_named(tmp_path):
    found = robot(tmp_path, IMU.format(rates=AXIS.format('x', 0.1) + AXIS.format('y', 0.1) + AXIS.format('z', 0.2)))
    assert found.links[0].sensors[0].angular_noise == Noise(0.0, 0.1)
    assert found.unsupported == (f'{tmp_path / "robot.urdf"}:2: <z>',)


def test_the_rows_of_a_lidar_are_read(tmp_path):
    found = robot(tmp_path, '''<sensor name="s" type="lidar"><update_rate>10</update_rate><ray><scan>
        <horizontal><samples>8</samples></horizontal>
        <vertical><samples>16</samples><min_angle>-0.2</min_angle><max_angle>0.3</max_angle></vertical></scan>
        <range><min>0.1</min><max>9</max></range></ray></sensor>''')
    (scanner,) = found.links[0].sensors
    assert (scanner.vertical_samples, scanner.vertical_min_angle_rad, scanner.vertical_max_angle_rad) == (
        16, -0.2, 0.3)
    assert found.unsupported == ()


@pytest.mark.parametrize('word', ['navsat', 'gps'])
def test_a_navsat_has_the_noise_of_its_position(tmp_path, word):
    found = robot(tmp_path, f'''<sensor name="s" type="{word}"><update_rate>2</update_rate><topic>fix</topic><{word}>
        <position_sensing><horizontal><noise type="gaussian"><mean>0.1</mean><stddev>0.5</stddev></noise></horizontal>
        <vertical>
        <noise type="gaussian"><stddev>1.5</stddev></noise></vertical></position_sensing></{word}></sensor>''')
    (receiver,) = found.links[0].sensors
    assert (receiver.horizontal_noise, receiver.vertical_noise) == (Noise(0.1, 0.5), Noise(0.0, 1.5))
    assert (receiver.topic, receiver.update_rate_hz) == ('fix', 2.0)
    assert found.unsupported == ()


@pytest.mark.parametrize(('sensor', 'expected'), [
    ('<sensor name="s" type="imu"/>', '<update_rate> is missing'),
    ('<sensor name="s" type="imu"><update_rate>0</update_rate></sensor>', 'more than 0 is right'),
    ('<sensor name="s" type="lidar"><update_rate>1</update_rate></sensor>', '<ray> is missing'),
    ('<sensor name="s" type="lidar"><update_rate>1</update_rate><lidar><scan><horizontal><samples>1.5</samples>'
     '</horizontal></scan></lidar></sensor>', '1.5 is not a whole number'),
    ('<sensor name="s" type="camera"><update_rate>1</update_rate><camera><horizontal_fov>4</horizontal_fov><image/>'
     '</camera></sensor>', 'horizontal_fov 4 is no pinhole'),
    ('<sensor name="s" type="imu"><update_rate>1</update_rate><imu><angular_velocity><x><noise type="pink"/></x>'
     '</angular_velocity></imu></sensor>', "'pink' is not a type of noise"),
])
def test_a_sensor_that_cannot_be_is_refused(tmp_path, sensor, expected):
    assert expected in refusal(tmp_path, f'<model name="m"><link name="l">{sensor}</link></model>')


def test_point_and_spot_lights_of_world_and_links_are_read(tmp_path):
    found = world(tmp_path, '''
        <light name="bulb" type="point"><pose>1 2 3 0 0 0</pose><diffuse>1 0.9 0.8 1</diffuse>
          <attenuation><range>12</range></attenuation><intensity>0.5</intensity></light>
        <model name="mast"><static>true</static><pose>5 0 0 0 0 0</pose><link name="l"><pose>0 0 4 0 0 0</pose>
        <light name="beam" type="spot"><pose degrees="true">0 0 1 0 90 0</pose><direction>1 0 0</direction>
          <spot><outer_angle>0.6</outer_angle></spot><cast_shadows>true</cast_shadows></light></link></model>''')
    (bulb,) = found.lights
    assert (bulb.name, bulb.kind, bulb.pose.position_m) == ('bulb', 'point', (1.0, 2.0, 3.0))
    assert (bulb.diffuse, bulb.range_m, bulb.intensity) == ((1.0, 0.9, 0.8, 1.0), 12.0, 0.5)
    (beam,) = found.models[0].links[0].lights
    assert (beam.kind, beam.direction, beam.spot_outer_angle_rad, beam.cast_shadows) == (
        'spot', (1.0, 0.0, 0.0), 0.6, True)
    assert beam.pose.position_m == (0.0, 0.0, 1.0)
    assert beam.pose.rpy_rad[1] == pytest.approx(math.pi / 2)
    assert found.unsupported == ()


def test_how_a_lamp_fades_is_read_and_its_soft_edge_is_gazebos_alone(tmp_path):
    found = world(tmp_path, '''<light name="l" type="spot"><attenuation><range>9</range><constant>0.5</constant>
        <linear>0.1</linear><quadratic>0.02</quadratic></attenuation>
        <spot><inner_angle>0.5</inner_angle><outer_angle>1</outer_angle><falloff>1</falloff></spot></light>''')
    assert (found.lights[0].range_m, found.lights[0].attenuation) == (9.0, (0.5, 0.1, 0.02))
    assert found.unsupported == ()
    assert 'linear' in refusal(
        tmp_path, '<light name="l" type="point"><attenuation><linear>-1</linear></attenuation></light>')


def test_a_light_of_an_unknown_kind_is_refused(tmp_path):
    assert 'directional, point or spot is right' in refusal(tmp_path, '<light name="l" type="area"/>')
