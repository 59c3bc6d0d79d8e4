"""From a scenario to a scene: what is left to chance is drawn by a seed, people and things are put in place."""

from __future__ import annotations

import dataclasses
import fnmatch
import math
from dataclasses import dataclass

from shapely import Point

from lepatrol.model.errors import LepatrolError
from lepatrol.model.geometry import Pose2
from lepatrol.model.scenario import CameraCover, FenceCut, GateOpen, OneOf, Removal, Report, Scenario, Thing
from lepatrol.model.site import Point2, Site, Wait, Waypoint
from lepatrol.model.truth import Subject, Truth
from lepatrol.simulation import carpentry
from lepatrol.simulation.casting import cast
from lepatrol.simulation.chance import Lots
from lepatrol.simulation.description import Model, World
from lepatrol.simulation.scene import Scene
from lepatrol.simulation.site_places import SitePlaces, Stretch
from lepatrol.simulation.sky import light_up, weather_effects
from lepatrol.simulation.weather import CoveredCamera, Effect, Weather


@dataclass(frozen=True, slots=True, eq=False)
class Staged:
    """A scenario with everything drawn.

    ``scene`` has the robot at ``start``; ``truth`` is what evaluation scores by. ``start_time`` is the site-local time
    of day ('HH:MM') when the simulation starts. The patrol is to walk ``waypoints`` (``Patrol.on_mission``), or where
    there are none, carry out ``order`` (``start perimeter``); a run ends with its mission, ``duration_s`` at most.
    """

    scene: Scene
    truth: Truth
    start_time: str
    weather: Weather | None
    start: Pose2
    waypoints: tuple[Waypoint, ...]
    order: str
    duration_s: float


def stage(scenario: Scenario, scene: Scene, site: Site, robot: str, seed: int) -> Staged:
    """Stage a scenario: the same seed gives the same, bit for bit; ``robot`` names the one that walks.

    :raises LepatrolError: naming what the scenario speaks of and the world or site lacks.
    """
    return _Stage(scenario, scene, site, robot, seed).staged()


def start_time(scenario: Scenario, seed: int) -> str:
    """Return the site-local time of day ('HH:MM') at which a scenario staged by a seed starts."""
    minute = int(Lots(seed, scenario.name, 'time').number(scenario.start_min)) % 1440
    return f'{minute // 60:02d}:{minute % 60:02d}'


class _Stage:
    """A scene being set: ``models`` and ``subjects`` grow element by element."""

    def __init__(self, scenario: Scenario, scene: Scene, site: Site, robot: str, seed: int) -> None:
        self._scenario, self._scene, self._site, self._robot, self._seed = scenario, scene, site, robot, seed
        if robot not in scene.robots:
            raise LepatrolError(f'robot {robot!r} is not in the scene; there are: {", ".join(scene.robots) or "none"}')
        self._lots = self._lots_for('')
        self._places = SitePlaces(site, scenario.spot, self._lots_for('spot'))
        self._models: dict[str, Model] = {model.name: model for model in scene.world.models}
        self._subjects: list[Subject] = []
        self._effects: list[Effect] = []

    def staged(self) -> Staged:
        """Set everything up, in the order of the scenario's fields."""
        scenario = self._scenario
        actors = list(self._scene.world.actors)
        people = [actor.name for actor in actors]
        for number, mover in enumerate(scenario.movers):
            group = cast(mover, self._places, self._lots_for(mover.name), self._seed + number)
            actors += group.actors
            people += group.people
            if mover.report:
                self._subjects.append(_subject(mover.name, mover.report, group.subject))
        for thing in scenario.things:
            self._put(thing)
        for cut in scenario.cuts:
            self._cut(cut)
        for gate in scenario.gates:
            self._open(self._lots_for('gates').pick(gate.options) if isinstance(gate, OneOf) else gate)
        for removal in scenario.removals:
            self._remove(removal)
        world = dataclasses.replace(self._scene.world, models=tuple(self._models.values()), actors=tuple(actors))
        world = self._light_up(world)
        for cover in scenario.covers:
            self._cover(cover)
        start, waypoints = self._walk()
        return Staged(
            scene=Scene(world, self._robots_at(start)), truth=Truth(tuple(self._subjects), tuple(people)),
            start_time=start_time(scenario, self._seed),
            weather=Weather(tuple(self._effects)) if self._effects else None, start=start, waypoints=waypoints,
            order='' if waypoints else scenario.mission, duration_s=self._lots.number(scenario.duration_s))

    def _lots_for(self, element: str) -> Lots:
        return Lots(self._seed, self._scenario.name, element)

    def _put(self, thing: Thing) -> None:
        lots = self._lots_for(thing.name)
        place = self._places.find(thing.place, lots)
        model, size = carpentry.box(thing, place, lots)
        self._add(model)
        self._tell(thing.name, thing.report, place, size)

    def _cut(self, cut: FenceCut) -> None:
        lots = self._lots_for(cut.name)
        panel = self._places.nearest_panel(self._places.find(cut.place, lots))
        whole = self._model(panel.name)
        hole = carpentry.cut_panel(whole, panel, None if cut.hole_m is None else lots.number(cut.hole_m), lots)
        if hole.rest is None:
            del self._models[panel.name]
        else:
            self._models[panel.name] = hole.rest
        self._tell(cut.name, cut.report, hole.middle_m, (hole.width_m, hole.height_m))

    def _open(self, opening: GateOpen) -> None:
        lots = self._lots_for(opening.name)
        gate = self._places.gate(lots.word(opening.gate))
        leaf = carpentry.open_gate(
            self._model(gate.name), gate, swing_deg=lots.number(opening.swing_deg or 0.0),
            slide_m=lots.number(opening.slide_m or 0.0))
        self._models[gate.name] = leaf.model
        self._tell(opening.name, opening.report, leaf.middle_m, (leaf.width_m, leaf.height_m))

    def _remove(self, removal: Removal) -> None:
        lots = self._lots_for(removal.name)
        place = self._places.find(removal.place, lots) if removal.place else None
        model = self._model(self._meant(lots.word(removal.model), place, lots))
        del self._models[model.name]
        x, y, _ = model.pose.position_m
        self._tell(removal.name, removal.report, (x, y), carpentry.size_of(model))

    def _cover(self, cover: CameraCover) -> None:
        lots = self._lots_for(cover.name)
        from_s = lots.number(cover.from_s)
        self._effects.append(CoveredCamera(from_s, lots.number(cover.level)))
        if cover.report:
            self._subjects.append(dataclasses.replace(
                _subject(cover.name, cover.report, Subject(cover.name, ())), from_s=from_s, within_m=float('inf')))

    def _light_up(self, world: World) -> World:
        lots = self._lots_for('light')
        world, night = light_up(world, self._scenario.light, lots)
        self._effects += night
        self._effects += weather_effects(self._scenario.rain, self._scenario.fog, lots)
        return world

    def _walk(self) -> tuple[Pose2, tuple[Waypoint, ...]]:
        """Return where the robot starts and, where the scenario has a walk, what it walks: the route's own waypoints.

        Their actions are done on the way.
        """
        walk, spot = self._scenario.walk, self._places.spot
        if walk is None:
            return self._scene.robots[self._robot].pose.planar(), ()
        if spot is None:
            raise LepatrolError("a walk goes past the spot, but the scenario has no 'spot'")
        lots = self._lots_for('walk')
        line = self._places.line(spot.route)
        first, last = spot.at_m - lots.number(walk.before_m), spot.at_m + lots.number(walk.after_m)
        stops = [(last, self._stop('walk-end', Stretch(spot.route, last)))]
        stop_s, stop_before_m = lots.number(walk.stop_s), lots.number(walk.stop_before_m)
        if stop_s > 0.0:
            at_m = spot.at_m - stop_before_m
            pause = dataclasses.replace(self._stop('walk-stop', Stretch(spot.route, at_m)), actions=(Wait(stop_s),))
            stops.append((at_m, pause))
        for name in spot.route.waypoints:
            member = self._site.waypoints[name]
            at_m = line.project(Point(member.x_m, member.y_m))
            turns = (-line.length, 0.0, line.length) if spot.route.closed else (0.0,)
            stops += [(at_m + turn, member) for turn in turns if first + 1.0 < at_m + turn < last - 1.0]
        ordered = tuple(stop for _, stop in sorted(stops, key=lambda each: each[0]))
        return self._places.on_route(Stretch(spot.route, first)), ordered

    def _stop(self, name: str, stretch: Stretch) -> Waypoint:
        pose = self._places.on_route(stretch)
        return Waypoint(name, pose.x_m, pose.y_m, z_m=self._places.height_on_route_m(stretch))

    def _robots_at(self, start: Pose2) -> dict[str, Model]:
        robots = dict(self._scene.robots)
        if self._scenario.walk is not None:
            robots[self._robot] = carpentry.placed(robots[self._robot], start)
        return robots

    def _meant(self, pattern: str, place_m: Point2 | None, lots: Lots) -> str:
        """Return the model that a pattern means: the nearest to a place, or with none any."""
        names = tuple(sorted(fnmatch.filter(self._models, pattern)))
        if not names:
            return pattern
        if place_m is None:
            return lots.pick(names)
        return min(names, key=lambda name: math.dist(self._models[name].pose.position_m[:2], place_m))

    def _model(self, name: str) -> Model:
        if name not in self._models:
            raise LepatrolError(f'the world {self._scene.world.name} has no model {name!r} (or the scenario took it '
                                'away already)')
        return self._models[name]

    def _add(self, model: Model) -> None:
        if model.name in self._models:
            raise LepatrolError(f'{model.name}: the world {self._scene.world.name} has a model of this name already')
        self._models[model.name] = model

    def _tell(self, name: str, report: Report | None, place_m: Point2, size_m: tuple[float, float]) -> None:
        if report:
            self._subjects.append(_subject(name, report, Subject(name, (), place_m=place_m, size_m=size_m)))


def _subject(name: str, report: Report, where: Subject) -> Subject:
    return dataclasses.replace(
        where, name=name, kinds=report.kinds, within_m=report.within_m, for_s=report.for_s, due_s=report.due_s)
