"""How the perimeter's chain is put together from a site, its world or its map, and settings.

The live node and the lockstep runner both build it here. What is expected is the site as it ought to be: its own world
file, or the map of a site that was mapped, not modelled; never the world that is being simulated.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass
from pathlib import Path

from lepatrol import assembly
from lepatrol.model.errors import SettingsError
from lepatrol.model.occupancy import OccupancyMap
from lepatrol.model.site import Site
from lepatrol.model.site_clock import LocalTime
from lepatrol.perception.alert_archive import AlertArchive
from lepatrol.perception.alert_book import AlertBook
from lepatrol.perception.alert_journal import AlertJournal, as_they_stand, read_alerts
from lepatrol.perception.camera_anomaly import CameraAnomaly
from lepatrol.perception.detectors import make_detector
from lepatrol.perception.evidence import EvidenceKeeper
from lepatrol.perception.expectation import RangeSource, Thing, ViewSource
from lepatrol.perception.lidar_anomaly import LidarAnomaly
from lepatrol.perception.map_expectation import MapExpectation
from lepatrol.perception.masking import Masker
from lepatrol.perception.object_study import ObjectStudy
from lepatrol.perception.occlusion import Occluders
from lepatrol.perception.overhead_look import OverheadCamera
from lepatrol.perception.picture_search import PictureSearch
from lepatrol.perception.pipeline import Perimeter, PerimeterParts
from lepatrol.perception.reference_views import ReferenceViews
from lepatrol.perception.rules import RuleBook, make_rules
from lepatrol.perception.study_files import INSPECTIONS_FOLDER, StudyFiles
from lepatrol.perception.tracker import Tracker
from lepatrol.perception.vantage import Vantage
from lepatrol.settings.perimeter import PerimeterSettings
from lepatrol.simulation.description import Model
from lepatrol.simulation.expected_view import SceneView
from lepatrol.simulation.movables import movables
from lepatrol.simulation.ray_caster import SceneRayCaster
from lepatrol.simulation.scene import Scene

ALERTS_FILE = 'alerts.jsonl'
EVIDENCE_FOLDER = 'evidence'

_LOGGER = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Expectation:
    """The site as it ought to be.

    ``ranges`` and ``view`` are what lidar and camera are compared with, ``things`` could be carried away, and the walls
    of ``plan`` hide things. It remembers nothing of what it was asked, so that one serves many perimeters in turn.
    """

    ranges: RangeSource
    view: ViewSource | None
    things: tuple[Thing, ...]
    plan: OccupancyMap

    def prepare(self) -> None:
        """Make drawing contexts now, in the thread that will ask for views: it takes seconds on a busy machine."""
        if isinstance(self.view, SceneView):
            self.view.prepare()

    def close(self) -> None:
        """Give drawing contexts back."""
        if isinstance(self.view, SceneView):
            self.view.close()


def make_perimeter(
    site: Site, robot: str, settings: PerimeterSettings, *,
    robot_name: str = 'robot', world: str | None = None, occupancy: OccupancyMap | None = None,
    expectation: Expectation | None = None, clock_start: str = '', folder: Path | None = None,
    references: Path | None = None, logger: logging.Logger = _LOGGER,
) -> Perimeter:
    """Put together what watches one robot's sensors on a site.

    With an ``occupancy`` map the lidar is compared with that, and no view is expected; otherwise both are compared
    with ``world``, the site's own where none is given. An ``expectation`` made before stands for all of these, and is
    left open when the perimeter is closed. ``clock_start`` is the local time (HH:MM) at second 0 of the
    clock, '' where the clock counts seconds since 1970. Alerts and evidence go to ``folder``, where those of an
    earlier run are taken up again; without one nothing is written. ``references`` is a folder that ``lepatrol learn``
    wrote.

    :raises LepatrolError: for a robot without a lidar, or a clock start that is no time of day.
    """
    model = assembly.load_robot(robot, robot_name)
    expected = expectation or make_expectation(site, model, world=world, occupancy=occupancy)
    mounting = assembly.mounting(model)
    overhead = None
    if mounting.down is not None and expected.view is not None:
        overhead = OverheadCamera(expected.view, site.structures, settings.camera, settings.overhead)
    occluders = Occluders(expected.plan)
    book = AlertBook(robot_name, settings.alerts)
    journal = None
    if folder is not None:
        journal = AlertJournal(folder / ALERTS_FILE)
        book.recall(as_they_stand(read_alerts(journal.path, logger.warning)))
    chosen = make_detector(settings.detectors, logger.warning)
    return Perimeter(PerimeterParts(
        robot=robot_name, mounting=mounting,
        lidar=LidarAnomaly(expected.ranges, site.structures, settings.lidar),
        camera=CameraAnomaly(expected.view, settings.camera, expected.things), overhead=overhead,
        tracker=Tracker(settings.tracking, occluders.blocked, occluders.exits),
        rules=RuleBook(make_rules(site, settings.rules)), book=book,
        archive=AlertArchive(
            book, journal, EvidenceKeeper(folder / EVIDENCE_FOLDER) if folder is not None else None, logger),
        masker=Masker(settings.privacy, site.zones),
        local_time=_local_time(site, clock_start),
        search=PictureSearch(chosen.detector, settings.detectors.period_s),
        prepare=expected.prepare,
        release=expected.close if expectation is None else lambda: None,
        views=ReferenceViews.load(references, settings.reference_views) if references else None,
        vantage=Vantage(site.waypoints),
        complaints=(chosen.complaint,) if chosen.complaint else (),
        logger=logger,
        study=ObjectStudy(robot_name, StudyFiles(folder / INSPECTIONS_FOLDER) if folder is not None else None, logger)))


def make_expectation(
    site: Site, robot: Model, *, world: str | None = None, occupancy: OccupancyMap | None = None,
) -> Expectation:
    """Return what a robot ought to see of a site: by its map where one is given, else by a world.

    That is the site's own unless another is named.

    :raises LepatrolError: for a world that cannot be read, or a robot without a lidar.
    """
    if occupancy is not None:
        return Expectation(MapExpectation(occupancy), None, (), occupancy)
    scene = Scene(assembly.load_world(world or site.world))
    things = movables(scene.world, site.structures)
    from_above = () if assembly.down_camera(robot) is None else tuple(each.name for each in site.structures)
    view = SceneView(scene.world, from_above)
    return Expectation(SceneRayCaster(scene), view, things, assembly.make_scan_map(scene, robot))


def _local_time(site: Site, clock_start: str) -> LocalTime:
    try:
        return LocalTime(site.time_zone, clock_start or None)
    except ValueError as error:
        raise SettingsError('clock_start', str(error)) from error
