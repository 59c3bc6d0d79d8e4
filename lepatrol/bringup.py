"""The one list of nodes with their parameters, for the launch files, ``lepatrol up`` and the demo."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import IO

from lepatrol import assembly, resources
from lepatrol.model.errors import LepatrolError
from lepatrol.ros import optional
from lepatrol.ros.names import is_name

Value = bool | int | float | str

NAVIGATORS = {'builtin': 'navigator', 'nav2': 'nav2_navigator'}
"""What can drive, and the executable that has it drive."""
SIMULATORS = ('embedded', 'gazebo', 'none')
"""What the robot lives in: lepatrol's own simulator, Gazebo, or neither (a real robot)."""

_GRACE_S = 5.0
_LAST_LINES = 8


@dataclass(frozen=True)
class NodeSpec:
    """One node: its executable (also its name), its namespace, and what its parameters are set to.

    ``parameter_file`` is read first, ``parameters`` win.
    """

    executable: str
    namespace: str = ''
    parameters: dict[str, Value] = field(default_factory=dict)
    parameter_file: Path | None = None


def patrol_nodes(
    *, world: str = 'prison', site: str = 'prison', robot: str = 'ugv', namespace: str = '', speed: float = 1.0,
    view: bool = False, output_folder: Path | str = 'out', parameter_file: Path | None = None, scenario: str = '',
    seed: int | None = None, sim: str = 'embedded', map_file: str = '', navigator: str = 'builtin',
    frames: bool = False, greeter: bool = False,
) -> list[NodeSpec]:
    """Return the nodes of one patrolling robot.

    ``sim`` says what it lives in: the embedded simulator is a node among them; under Gazebo (``lepatrol.gazebo`` says
    how that is started) two small nodes publish what it does not know, the map and the pose in it; a real robot
    localises itself, and may have a ``map_file`` where its site was mapped, not modelled. ``speed`` is in simulated
    seconds per second, 0 is as fast as it can; it and ``view`` are the embedded simulator's. A ``scenario`` is played
    by it too, and in Gazebo by a third node, which needs ros_gz_interfaces; its file says world and site, see
    ``lepatrol.cli.running.place_of``. ``seed`` is that of the simulation: 1 for a scenario, whose time of day is drawn
    by it, else what the parameter file says where none is given.

    With the ``navigator`` ``nav2`` a Nav2 that is started beside this drives. ``frames`` adds the node that tells tf2
    where the robot is; it needs tf2_msgs, see ``has_frames``. ``greeter`` adds the node that answers visitors, where
    there is a knowledge file of the site's name.

    :raises LepatrolError: for a namespace that ROS would not take, a simulator that there is none of, a scenario or map
        file that nobody would heed, or what is not known or not installed.
    """
    if sim not in SIMULATORS:
        raise LepatrolError(f'sim: {sim!r} is no simulator, expected one of {", ".join(SIMULATORS)}')
    if map_file and sim != 'none':
        raise LepatrolError(f'map_file: {map_file} is for a real robot; a simulated one sees the world {world}')
    if scenario and sim == 'none':
        raise LepatrolError(f'scenario: {scenario} is played by a simulator; leave it out with a real robot')
    if scenario and sim == 'gazebo' and not optional.is_installed(optional.GAZEBO_MESSAGES):
        raise LepatrolError(optional.missing(optional.GAZEBO_MESSAGES, f'the scenario {scenario} in Gazebo'))
    driver = _driver(navigator)
    namespace = plain_namespace(namespace)
    shared = parameter_file or resources.parameters_path()
    seed = 1 if scenario and seed is None else seed
    seeded: dict[str, Value] = {} if seed is None else {'seed': seed}
    place: dict[str, Value] = {'use_sim_time': sim != 'none', 'site': site, 'robot': robot}
    folder: dict[str, Value] = {'output_folder': str(output_folder)}
    robots = f'{namespace}:{robot}' if namespace else robot
    simulator = NodeSpec('simulator', '', {
        'world': world, 'site': site, 'robots': robots, 'speed': float(speed), 'view': view, **seeded,
        **({'scenario': scenario} if scenario else {})}, shared)
    mapped: dict[str, Value] = {'map_file': map_file} if map_file else {}
    world_map = NodeSpec(
        'world_map', '', {'use_sim_time': sim != 'none', 'world': world, 'robot': robot, **mapped}, shared)
    gazebo_pose = NodeSpec('gazebo_pose', namespace, {'use_sim_time': True, 'robot': robot, **seeded}, shared)
    director = NodeSpec(
        'scenario_director', namespace, {'use_sim_time': True, 'scenario': scenario, **seeded}, shared)
    # Without Gazebo's messages nobody could tell it of a light; the rest of the patrol needs no lamp.
    lamp = [NodeSpec('gazebo_lamp', namespace, {'use_sim_time': True, 'world': world, 'robot': robot}, shared)] if (
        optional.is_installed(optional.GAZEBO_MESSAGES)) else []
    surroundings = {
        'embedded': [simulator], 'gazebo': [world_map, gazebo_pose, *([director] if scenario else []), *lamp],
        'none': [world_map]}
    # A real clock counts from 1970 and says the time of day itself.
    clock_start = assembly.local_start(scenario, seed or 0) if sim != 'none' else ''
    return [
        *surroundings[sim],
        NodeSpec(driver, namespace, place, shared),
        NodeSpec('patrol', namespace, {**place, **folder, 'clock_start': clock_start}, shared),
        NodeSpec('perimeter', namespace, {
            **place, **folder, 'clock_start': clock_start, **({'baseline': 'map'} if map_file else {})}, shared),
        # It goes by the stamps of what it hears, so that no tick of a simulated clock need wake it.
        *([_greeter(Path(site).stem, namespace, folder, clock_start, shared, simulated=sim != 'none')]
          if greeter and Path(site).stem in resources.known_knowledge() else []),
        *([NodeSpec('frames', namespace, {'robot': robot}, shared)] if frames else []),
    ]


def _greeter(
    knowledge: str, namespace: str, folder: dict[str, Value], clock_start: str, shared: Path, *, simulated: bool,
) -> NodeSpec:
    """Return the greeter; what it says of opening times is for today, at the simulation's time of day if it has one."""
    begun = f'{time.strftime("%Y-%m-%d")} {clock_start or time.strftime("%H:%M")}' if simulated else ''
    # The lists that are shipped are examples: a real site names its own.
    known = simulated and knowledge in resources.known_visitors()
    listed: dict[str, Value] = {'visitors': knowledge} if known else {}
    return NodeSpec('greeter', namespace, {
        'use_sim_time': simulated, 'knowledge': knowledge, **listed, 'clock_start': begun, **folder}, shared)


def has_frames() -> bool:
    """Tell whether the node ``frames`` can run here."""
    return optional.is_installed(optional.TF_MESSAGES)


def _driver(navigator: str) -> str:
    if navigator not in NAVIGATORS:
        raise LepatrolError(f'there is no navigator {navigator!r}; known are {", ".join(NAVIGATORS)}')
    if navigator == 'nav2' and not optional.is_installed(optional.NAV2_MESSAGES):
        raise LepatrolError(optional.missing(optional.NAV2_MESSAGES, 'navigator nav2'))
    return NAVIGATORS[navigator]


def plain_namespace(namespace: str) -> str:
    """Return a robot's namespace without the slashes round it.

    :raises LepatrolError: for one that ROS would not take.
    """
    name = namespace.strip('/')
    # ROS itself takes a/b too; the simulator's list of robots does not.
    if name and not is_name(name):
        raise LepatrolError(f'namespace: {name!r} is no name; letters, digits and _ will do, the first no digit')
    return name


def command_line(spec: NodeSpec) -> list[str]:
    """Return the command that runs a node in this Python."""
    command = [sys.executable, '-m', 'lepatrol.nodes', spec.executable, '--ros-args']
    if spec.namespace:
        command += ['-r', f'__ns:=/{spec.namespace}']
    if spec.parameter_file:
        command += ['--params-file', str(spec.parameter_file)]
    for name, value in spec.parameters.items():
        command += ['-p', f'{name}:={_yaml(value)}']
    return command


class Bringup:
    """Nodes that run while its context is entered; it ends them, and only them, when left."""

    def __init__(self, specs: Sequence[NodeSpec], *, quiet: bool = False) -> None:
        """Take what to start; a quiet node keeps what it says to itself unless it fails."""
        self._specs = tuple(specs)
        self._quiet = quiet
        self._nodes: list[_Running] = []

    def __enter__(self) -> Bringup:
        """Start the nodes."""
        try:
            with _signals_held():
                for spec in self._specs:
                    self._nodes.append(_Running(spec, self._quiet))
        except BaseException:
            self.stop()
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None,
    ) -> None:
        """End the nodes."""
        self.stop()

    @property
    def processes(self) -> list[subprocess.Popen[bytes]]:
        """Return the nodes' processes, in the order of their specs."""
        return [node.process for node in self._nodes]

    def check(self) -> None:
        """Do nothing while all nodes run.

        :raises LepatrolError: naming the node that ended, its exit code and its last words.
        """
        for node in self._nodes:
            code = node.process.poll()
            if code is not None:
                raise LepatrolError(f'the node {node.spec.executable} ended with exit code {code}{node.last_words()}')

    def stop(self) -> dict[str, int]:
        """End the nodes, asking politely first; return their exit codes."""
        with _signals_held():
            for sign in (signal.SIGINT, signal.SIGTERM, signal.SIGKILL):
                for node in self._nodes:
                    if node.process.poll() is None:
                        node.process.send_signal(sign)
                end = time.monotonic() + _GRACE_S
                for node in self._nodes:
                    with suppress(subprocess.TimeoutExpired):
                        node.process.wait(timeout=max(0.0, end - time.monotonic()))
                if all(node.process.poll() is not None for node in self._nodes):
                    break
            return {node.spec.executable: node.process.wait() for node in self._nodes}


def start(specs: Sequence[NodeSpec], *, quiet: bool = False) -> Bringup:
    """Return the context in which nodes run as processes of their own."""
    return Bringup(specs, quiet=quiet)


@contextmanager
def _signals_held() -> Iterator[None]:
    """Put SIGINT and SIGTERM off to the end: one that unwinds a half-done start would leave a node behind.

    A signal mask would be inherited by the nodes; a handler is not.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    held: list[int] = []
    before = {sign: signal.signal(sign, lambda number, _: held.append(number))
              for sign in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield
    finally:
        for sign, handler in before.items():
            signal.signal(sign, handler)
        for number in held[:1]:
            signal.raise_signal(number)


class _Running:
    def __init__(self, spec: NodeSpec, quiet: bool) -> None:
        self.spec = spec
        self._said: IO[bytes] | None = tempfile.TemporaryFile() if quiet else None  # noqa: SIM115  closed with the process
        # A session of its own: Ctrl-C in the terminal must reach the nodes through stop, once, and in order.
        self.process = subprocess.Popen(
            command_line(spec), stdin=subprocess.DEVNULL, stdout=self._said, stderr=self._said,
            start_new_session=True, env=os.environ.copy())

    def last_words(self) -> str:
        """Return the last lines the node said, where they were kept."""
        if self._said is None:
            return ''
        self._said.seek(0)
        lines = self._said.read().decode(errors='replace').splitlines()[-_LAST_LINES:]
        return ':\n  ' + '\n  '.join(lines) if lines else ''


def _yaml(value: Value) -> str:
    """Return a value as the command line's YAML reads it back with its type."""
    if isinstance(value, bool):
        return 'true' if value else 'false'
    if isinstance(value, str):
        return "'" + value.replace("'", "''") + "'"
    return repr(value)
