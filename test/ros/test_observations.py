"""What sensors deliver goes to who listens, and costs nothing where nobody does."""

import numpy as np
import pytest
from rclpy.qos import qos_profile_sensor_data
from sensor_msgs.msg import CameraInfo as CameraInfoMessage
from sensor_msgs.msg import Image
from sensor_msgs.msg import Imu as ImuMessage

from lepatrol.model.observation import CameraImage, CameraInfo, Imu
from lepatrol.ros import observations
from lepatrol.ros.observations import ObservationPublisher

PICTURE = CameraImage(
    3.0, 'camera', np.full((3, 4, 3), 7, dtype=np.uint8), CameraInfo.from_horizontal_fov(4, 3, 1.2))


def test_a_picture_goes_out_with_its_camera_model(bench):
    came = []
    listener = bench.node(name='listener')
    for kind, topic in ((Image, 'camera/image_raw'), (CameraInfoMessage, 'camera/camera_info')):
        listener.create_subscription(kind, topic, came.append, qos_profile_sensor_data)
    publisher = ObservationPublisher(bench.node(name='sensors'))

    def both_came():
        publisher.publish('camera/image_raw', PICTURE)
        return {type(message) for message in came} == {Image, CameraInfoMessage}

    bench.wait_for('picture and camera model', both_came)
    picture = next(message for message in came if isinstance(message, Image))
    assert (picture.header.frame_id, picture.width, set(picture.data)) == ('camera', 4, {7})


def test_what_nobody_listens_to_is_not_made_into_a_message(bench, monkeypatch):
    made, came = [], []
    kind, to_ros = observations._FORMS[Imu]
    monkeypatch.setitem(observations._FORMS, Imu, (kind, lambda imu: made.append(imu) or to_ros(imu)))
    publisher = ObservationPublisher(bench.node(name='sensors'))
    motion = Imu(1.0, 'imu', (1.0, 0.0, 0.0, 0.0), (0.0, 0.0, 0.1), (0.0, 0.0, 9.81))
    publisher.publish('imu', motion)
    assert made == []
    bench.node(name='listener').create_subscription(ImuMessage, 'imu', came.append, qos_profile_sensor_data)

    def came_in():
        publisher.publish('imu', motion)
        return came

    bench.wait_for('the motion', came_in)
    assert came[0].angular_velocity.z == pytest.approx(0.1)
