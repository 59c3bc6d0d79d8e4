"""All rules of a site, made from its settings and judged together."""

from __future__ import annotations

from collections.abc import Sequence

from lepatrol.model.alerts import AlertKind, Claim, Severity
from lepatrol.model.findings import Trouble
from lepatrol.model.site import Site
from lepatrol.perception.rules.abandoned_object import AbandonedObject
from lepatrol.perception.rules.crowding import Crowding
from lepatrol.perception.rules.fence_approach import FenceApproach
from lepatrol.perception.rules.fence_breach import FenceBreach
from lepatrol.perception.rules.gate_open import GateOpen
from lepatrol.perception.rules.ground import Ground
from lepatrol.perception.rules.loitering import Loitering
from lepatrol.perception.rules.missing_object import MissingObject
from lepatrol.perception.rules.perimeter_crossing import PerimeterCrossing
from lepatrol.perception.rules.reading import Reader
from lepatrol.perception.rules.robot_blocked import RobotBlocked
from lepatrol.perception.rules.robot_tampered import RobotTampered
from lepatrol.perception.rules.rule import Rule
from lepatrol.perception.rules.running import Running
from lepatrol.perception.rules.scene_change import SceneChange
from lepatrol.perception.rules.sensor_trouble import SensorTrouble
from lepatrol.perception.rules.zone_intrusion import ZoneIntrusion
from lepatrol.perception.situation import Situation
from lepatrol.settings.rules import RulesSettings


def make_rules(site: Site, settings: RulesSettings) -> tuple[Rule, ...]:
    """Return the rules that are on, for a site."""
    reach_m = max(settings.fence_approach.distance_m, settings.loitering.near_m,
                  settings.perimeter_crossing.gate_distance_m) + 1.0
    ground = Ground(site, reach_m)
    reader = Reader(ground, settings.sizes)
    rules: list[tuple[bool, Rule]] = [
        (settings.zone_intrusion.is_on, ZoneIntrusion(reader, settings.zone_intrusion)),
        (settings.perimeter_crossing.is_on, PerimeterCrossing(reader, settings.perimeter_crossing)),
        (settings.fence_approach.is_on, FenceApproach(reader, settings.fence_approach)),
        (settings.loitering.is_on, Loitering(reader, settings.loitering)),
        (settings.running.is_on, Running(reader, settings.running)),
        (settings.crowding.is_on, Crowding(reader, settings.crowding)),
        (settings.abandoned_object.is_on, AbandonedObject(reader, settings.abandoned_object)),
        (settings.missing_object.is_on, MissingObject(reader, tuple(site.waypoints), settings.missing_object)),
        (settings.scene_change.is_on, SceneChange(reader, settings.scene_change)),
        (settings.fence_breach.is_on, FenceBreach(ground, settings.fence_breach)),
        (settings.gate_open.is_on, GateOpen(ground, settings.gate_open)),
        (settings.camera_covered.is_on, SensorTrouble(
            AlertKind.CAMERA_COVERED, (Trouble.CAMERA_COVERED,), Severity.CRITICAL, settings.camera_covered)),
        (settings.camera_blinded.is_on, SensorTrouble(
            AlertKind.CAMERA_BLINDED, (Trouble.CAMERA_BLINDED,), Severity.WARNING, settings.camera_blinded)),
        (settings.lidar_blinded.is_on, SensorTrouble(
            AlertKind.LIDAR_BLINDED, (Trouble.LIDAR_BLINDED,), Severity.WARNING, settings.lidar_blinded)),
        (settings.sensor_contradiction.is_on, SensorTrouble(
            AlertKind.SENSOR_CONTRADICTION, (Trouble.CONTRADICTION, Trouble.UNREADABLE, Trouble.SILENT),
            Severity.WARNING, settings.sensor_contradiction)),
        (settings.robot_blocked.is_on, RobotBlocked(settings.robot_blocked)),
        (settings.robot_tampered.is_on, RobotTampered(settings.robot_tampered)),
    ]
    return tuple(rule for is_on, rule in rules if is_on)


class RuleBook:
    """Judges situations by every rule; when time runs backwards all rules begin anew."""

    def __init__(self, rules: Sequence[Rule]) -> None:
        """Keep the rules."""
        self.rules = tuple(rules)
        self._last_s: float | None = None

    def reset(self) -> None:
        """Let every rule forget what it saw."""
        self._last_s = None
        for rule in self.rules:
            rule.reset()

    def judge(self, situation: Situation) -> list[Claim]:
        """Return what all rules claim of a situation."""
        if self._last_s is not None and situation.now_s < self._last_s:
            self.reset()
        self._last_s = situation.now_s
        return [claim for rule in self.rules for claim in rule.judge(situation)]
