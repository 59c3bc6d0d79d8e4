import warnings

import numpy as np
import pytest
from camera_stage import CAMERA_M, INFO

from lepatrol.model.geometry import Pose3
from lepatrol.perception.blobs import Blob, standing
from lepatrol.perception.camera_geometry import CameraGeometry
from lepatrol.settings.camera_anomaly import SightingSettings


@pytest.mark.parametrize('box', [(100, 150, 120, 170), (100, 20, 120, 40), (100, 100, 120, 125), (100, 0, 120, 239)])
def test_a_blob_before_the_sky_is_judged_without_a_murmur(box):
    left, top, right, bottom = box
    blob = Blob(box, np.ones((bottom - top, right - left), dtype=np.bool_))
    geometry = CameraGeometry(INFO, Pose3.from_rpy(z_m=CAMERA_M))
    with warnings.catch_warnings():
        warnings.simplefilter('error')
        standing(blob, geometry, np.full((INFO.height, INFO.width), np.inf, dtype=np.float32), SightingSettings())
