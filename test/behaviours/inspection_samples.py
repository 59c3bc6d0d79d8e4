"""An inspection as it may end."""

from lepatrol.model.geometry import Pose2, Pose3
from lepatrol.model.inspection import (
    ColourShare,
    InspectionLevel,
    Measured,
    ObjectEstimate,
    ObjectShape,
    ObjectView,
    Outline,
)
from lepatrol.model.inspection_record import (
    HiddenSides,
    InspectionEvent,
    InspectionRecord,
    Judgement,
    Passer,
    Rings,
)
from lepatrol.model.observation import CameraInfo

INFO = CameraInfo(320, 240, 234.0, 234.0, 160.0, 120.0)
RED = (ColourShare('red', 0.9),)
ESTIMATE = ObjectEstimate(
    footprint_m=((1.25, 0.2), (0.75, 0.2), (0.75, -0.2), (1.25, -0.2)), position_m=(1.0, 0.0), deviation_m=0.02,
    length_m=Measured(0.5, 0.01), width_m=Measured(0.4, 0.01), height_m=Measured(0.35, 0.01),
    volume_m3=Measured(0.07, 0.004), shape=ObjectShape.BOX, colours=RED, labels=(), moved_m=Measured(0.05, 0.06),
    viewpoints=(1, 2))
SEEN = ObjectView(
    'robot-3', 1, 12.0, Pose2(6.0, 0.0, 3.14), Outline(Pose3(), INFO, ((1.0, 1.0), (9.0, 1.0), (9.0, 9.0)), 0.9, True),
    ((1.25, 0.0),), 0.5, Measured(0.4, 0.02), Measured(0.36, 0.05), RED, (),
    ('inspections/robot-3/view1-frame.jpg', 'inspections/robot-3/view1-scan.png'))
BLIND = ObjectView('robot-3', 2, 30.0, Pose2(1.0, 5.5, -1.57), problem='something stands before it')
RECORD = InspectionRecord(
    inspection_id='robot-3', robot='ugv1', site='prison', cause='Something of 0.5 m lies beside the <road>.',
    alert_id='robot-3', clock='23:05', started_s=10.0, ended_s=70.0, target_m=(1.1, 0.1), rings=Rings(5.0, 3.0, 1.5),
    went_inside=False, coverage_deg=300.0, hidden=(HiddenSides(170.0, 190.0, 'a wall hides it'),),
    skipped=('viewpoint 3: somebody was in the way',), views=(SEEN, BLIND), estimate=ESTIMATE,
    judgement=Judgement(InspectionLevel.SUSPICIOUS, ('no label was read on it', 'track 7 left it'), 'Keep away.'),
    unattended_s=184.0, left_by=7, left_path_m=((4.0, 1.0), (1.0, 0.0)), passers=(Passer(9, 4.2, 40.0),),
    timeline=(InspectionEvent(10.0, 'began'), InspectionEvent(12.0, 'looked from viewpoint 1')))
