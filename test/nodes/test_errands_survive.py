"""A node that is killed in the middle of an errand and started again: the errand and the round come to their ends."""

import dataclasses

import pytest
from live_nodes import DEADLINE_S, yard

from lepatrol import bringup
from lepatrol.model.behaviour import BehaviourKind
from lepatrol.model.cases import CaseState
from lepatrol.model.mission import MissionState
from lepatrol.ros.operator import open_console

SPOT = 'spot-1'


@pytest.mark.parametrize('victim', ['navigator', 'patrol', 'perimeter'])
def test_an_inspection_and_the_round_outlast_a_node(tmp_path, victim):
    specs = [dataclasses.replace(spec, parameters={**spec.parameters, 'conduct.inspect.viewpoints': 2})
             if spec.executable == 'patrol' else spec for spec in yard(tmp_path)]
    lasting = [spec for spec in specs if spec.executable != victim]
    mortal = [spec for spec in specs if spec.executable == victim]
    with bringup.start(lasting, quiet=True) as others, open_console(others.check) as operator:
        with bringup.start(mortal, quiet=True) as first:
            operator.wait_for('the first pose', lambda: bool(operator.track_m), deadline_s=DEADLINE_S)
            assert operator.order('start short', deadline_s=DEADLINE_S) == 'ok'
            operator.wait_for('the way', lambda: operator.status.state is MissionState.WALKING, deadline_s=DEADLINE_S)
            assert operator.order('inspect 10 0') == 'ok'
            operator.wait_for('the inspection', lambda: operator.status.behaviour is BehaviourKind.ORDER,
                              deadline_s=DEADLINE_S)
            (process,) = first.processes
            process.kill()
            process.wait()
        with bringup.start(mortal, quiet=True), open_console(others.check) as newcomer:
            newcomer.wait_for(
                'the end of the inspection', lambda: SPOT in newcomer.cases and not newcomer.cases[SPOT].state.is_open,
                deadline_s=DEADLINE_S)
            newcomer.wait_for(
                'the end of the round', lambda: newcomer.status is not None
                and newcomer.status.state is MissionState.DONE, deadline_s=DEADLINE_S)
            assert newcomer.cases[SPOT].state in (CaseState.INSPECTED, CaseState.UNSEEN)
            assert newcomer.status.missed == ()
