"""Settings of the perimeter: all of perception's groups under one roof."""

from __future__ import annotations

from dataclasses import dataclass

from lepatrol.settings.alerts import AlertSettings
from lepatrol.settings.camera_anomaly import CameraAnomalySettings
from lepatrol.settings.detectors import DetectorSettings
from lepatrol.settings.lidar_anomaly import LidarAnomalySettings
from lepatrol.settings.overhead import OverheadSettings
from lepatrol.settings.privacy import PrivacySettings
from lepatrol.settings.reference_views import ReferenceViewSettings
from lepatrol.settings.rules import RulesSettings
from lepatrol.settings.schema import Settings, group
from lepatrol.settings.tracking import TrackingSettings


@dataclass(frozen=True)
class PerimeterSettings(Settings):
    """How sensors are looked at, things followed, rules judged, alerts kept and pictures masked."""

    lidar: LidarAnomalySettings = group(LidarAnomalySettings)
    camera: CameraAnomalySettings = group(CameraAnomalySettings)
    overhead: OverheadSettings = group(OverheadSettings)
    detectors: DetectorSettings = group(DetectorSettings)
    reference_views: ReferenceViewSettings = group(ReferenceViewSettings)
    tracking: TrackingSettings = group(TrackingSettings)
    rules: RulesSettings = group(RulesSettings)
    alerts: AlertSettings = group(AlertSettings)
    privacy: PrivacySettings = group(PrivacySettings)
