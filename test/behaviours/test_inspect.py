"""How an object is inspected: from all sides, from afar, and with everybody kept off it."""

import math

import pytest
from conduct_bench import ConductBench

from lepatrol.behaviours import registrar
from lepatrol.behaviours.inspection_report import read_decisions
from lepatrol.model.behaviour import BehaviourKind
from lepatrol.model.cases import CaseState
from lepatrol.model.findings import ThingKind
from lepatrol.model.inspection import InspectionLevel
from lepatrol.model.inspection_record import Judgement
from lepatrol.model.mission import MissionState

SPOT = 'spot-1'


def inspecting_bench(**kinds):
    bench = ConductBench(**kinds)
    assert bench.command('inspect 20 5') == 'ok'
    bench.run(lambda: bench.requests)
    return bench


def judge_as(monkeypatch, level):
    monkeypatch.setattr(registrar, 'judge', lambda *facts: Judgement(level, ('it is only a test',), 'Go on.'))


def zones(bench):
    return [zone.name for zone in bench.conduct.zones.in_force]


def test_an_object_is_looked_at_from_every_viewpoint_and_reported(tmp_path):
    bench = inspecting_bench(folder=tmp_path)
    bench.run(lambda: not bench.case(SPOT).state.is_open)
    assert [request.viewpoint for request in bench.requests] == [1, 2, 3, 4]
    assert {round(math.dist((goal.x_m, goal.y_m), (20.0, 5.0)), 3) for goal in bench.goals} == {5.8}
    case = bench.case(SPOT)
    assert (case.state, case.level) == (CaseState.INSPECTED, 'unclear')
    assert case.reason.startswith('unclear: no label was read on it')
    assert case.evidence == ('inspections/spot-1/report.html',)
    assert 'viewpoint 4' in (tmp_path / case.evidence[0]).read_text()


def test_an_order_to_inspect_outranks_what_alerts_call_for():
    bench = inspecting_bench(walk_s=2.0)
    assert bench.behaviour is BehaviourKind.ORDER


def test_the_rings_inside_is_closed_to_all_robots_while_it_goes_on():
    bench = inspecting_bench()
    zone, = bench.conduct.zones.in_force
    assert zone.name == 'inspection_spot-1'
    # It may lie 0.2 m nearer than is known.
    assert max(math.dist(corner, (20.0, 5.0)) for corner in zone.polygon) == pytest.approx(0.6 + 5.0 + 0.2 - 0.65)
    bench.run(lambda: not bench.case(SPOT).state.is_open)
    assert zones(bench) == ['object_spot-1']


def test_what_is_suspicious_keeps_a_zone_until_somebody_lifts_it(monkeypatch):
    judge_as(monkeypatch, InspectionLevel.SUSPICIOUS)
    bench = inspecting_bench()
    bench.run(lambda: not bench.case(SPOT).state.is_open)
    assert zones(bench) == ['suspicious_spot-1']
    bench.conduct.on_zone_lifted('suspicious_spot-1', bench.now_s)
    assert (bench.reply, zones(bench)) == ('ok', [])


@pytest.mark.parametrize('word', [f'dismiss {SPOT} my own bag', f'confirm {SPOT} expected'])
def test_the_zone_is_lifted_too_when_the_operator_says_that_there_is_nothing_to_it(monkeypatch, word):
    judge_as(monkeypatch, InspectionLevel.SUSPICIOUS)
    bench = inspecting_bench()
    bench.run(lambda: bench.case(SPOT).state is CaseState.INSPECTED)
    assert bench.command(word) == 'ok'
    assert zones(bench) == []


def test_what_the_operator_calls_suspicious_is_kept_off_too():
    bench = inspecting_bench()
    bench.run(lambda: bench.case(SPOT).state is CaseState.INSPECTED)
    assert 'suspicious_spot-1' not in zones(bench)
    bench.command(f'confirm {SPOT} suspicious')
    assert 'suspicious_spot-1' in zones(bench)


@pytest.mark.parametrize(('level', 'apart_m'), [(InspectionLevel.UNCLEAR, 1.5), (InspectionLevel.EXPECTED, 0.1)])
def test_nobody_runs_into_what_is_not_suspicious_either(monkeypatch, level, apart_m):
    judge_as(monkeypatch, level)
    bench = inspecting_bench()
    bench.run(lambda: not bench.case(SPOT).state.is_open)
    zone, = bench.conduct.zones.in_force
    assert zone.name == 'object_spot-1'
    assert max(math.dist(corner, (20.0, 5.0)) for corner in zone.polygon) == pytest.approx(0.25 + apart_m)
    bench.command(f'dismiss {SPOT} it was taken away')
    assert zones(bench) == []


def test_what_was_only_begun_to_be_inspected_is_kept_clear_of_and_no_more_once_it_is_dismissed(monkeypatch):
    judge_as(monkeypatch, InspectionLevel.SUSPICIOUS)
    bench = inspecting_bench()
    bench.run(lambda: bench.requests[-1].viewpoint == 2)
    bench.command('skip')
    assert zones(bench) == ['object_spot-1']
    bench = inspecting_bench()
    bench.run(lambda: bench.case(SPOT).state is CaseState.INSPECTED)
    bench.command(f'approve {SPOT}')
    bench.run(lambda: zones(bench) == ['inspection_spot-1'], 20.0)
    bench.command(f'dismiss {SPOT} my own bag')
    assert zones(bench) == []


def test_nearer_to_what_is_suspicious_its_zone_is_lifted_meanwhile_and_put_again(monkeypatch):
    judge_as(monkeypatch, InspectionLevel.SUSPICIOUS)
    bench = inspecting_bench()
    bench.run(lambda: bench.case(SPOT).state is CaseState.INSPECTED)
    bench.command(f'approve {SPOT}')
    bench.run(lambda: zones(bench) == ['inspection_spot-1'], 20.0)
    bench.run(lambda: bench.case(SPOT).state is CaseState.INSPECTED)
    assert zones(bench) == ['suspicious_spot-1']
    bench.command(f'approve {SPOT}')
    bench.run(lambda: zones(bench) == ['inspection_spot-1'], 20.0)
    bench.command('skip')
    assert zones(bench) == ['suspicious_spot-1']


def test_a_parcel_that_is_expected_closes_its_case(monkeypatch):
    judge_as(monkeypatch, InspectionLevel.EXPECTED)
    bench = inspecting_bench()
    bench.run(lambda: not bench.case(SPOT).state.is_open)
    assert bench.case(SPOT).state is CaseState.CLOSED


def test_the_inner_ring_is_for_the_operator_to_allow_and_has_a_report_of_its_own(tmp_path):
    bench = inspecting_bench(folder=tmp_path)
    bench.run(lambda: bench.case(SPOT).state is CaseState.INSPECTED)
    outer = len(bench.requests)
    assert bench.command(f'approve {SPOT}') == 'ok'
    bench.run(lambda: bench.case(SPOT).state is CaseState.INSPECTED)
    assert [request.viewpoint for request in bench.requests[outer:]] == [100, 101, 102, 103]
    near = [math.dist((goal.x_m, goal.y_m), (20.0, 5.0)) for goal in bench.goals[-4:]]
    assert min(near) > 3.0
    assert bench.case(SPOT).evidence == ('inspections/spot-1/report.html', 'inspections/spot-1-2/report.html')


def test_the_operator_says_what_it_is_and_the_report_says_so(tmp_path):
    bench = inspecting_bench(folder=tmp_path)
    bench.run(lambda: bench.case(SPOT).state is CaseState.INSPECTED)
    assert bench.command(f'confirm {SPOT} expected') == 'ok'
    assert (bench.case(SPOT).level, bench.case(SPOT).by) == ('expected', 'operator')
    assert [each.level for each in read_decisions(tmp_path, SPOT)] == [InspectionLevel.EXPECTED]


def test_a_viewpoint_that_cannot_be_reached_is_left_out():
    bench = ConductBench()
    bench.unreachable = {(20.0, 10.8): 'a van'}
    bench.command('inspect 20 5')
    bench.run(lambda: not bench.case(SPOT).state.is_open)
    assert [request.viewpoint for request in bench.requests] == [1, 3, 4]
    assert bench.case(SPOT).state is CaseState.INSPECTED


def test_without_a_viewpoint_or_an_answer_the_case_stays_unseen():
    bench = ConductBench()
    bench.command('inspect 1000 5')
    bench.run(lambda: not bench.case(SPOT).state.is_open)
    assert bench.case(SPOT).reason.startswith('it cannot be looked at from anywhere')
    bench.perceives = False
    bench.command('inspect 20 5')
    bench.run(lambda: not bench.case('spot-2').state.is_open)
    assert 'perception did not say what it sees within 20 s' in bench.case('spot-2').reason


def test_an_unanswered_question_is_asked_again():
    bench = inspecting_bench()
    bench.perceives = False
    before = len(bench.requests)
    bench.run(lambda: len(bench.requests) > before, 10.0)
    assert bench.requests[-1] == bench.requests[-2]


def test_an_interrupted_inspection_goes_on_with_the_viewpoint_in_hand():
    bench = inspecting_bench()
    bench.run(lambda: bench.requests[-1].viewpoint == 2)
    bench.conduct.on_estop(True)
    bench.run_for(2.0)
    bench.conduct.on_estop(False)
    bench.run(lambda: not bench.case(SPOT).state.is_open)
    assert [request.viewpoint for request in bench.requests] == [1, 2, 2, 3, 4]


def test_who_comes_near_is_warned_but_not_with_every_step():
    bench = inspecting_bench(walk_s=3.0)
    bench.follow(ThingKind.PERSON, (40.0, 5.0))
    bench.follow(ThingKind.PERSON, (23.0, 5.0))
    bench.follow(ThingKind.PERSON, (22.0, 5.0))
    bench.run_for(0.3)
    assert bench.said == ['Please keep away. An object is being checked.']


def test_the_round_goes_on_after_an_inspection_as_before():
    bench = ConductBench()
    bench.command('start perimeter')
    bench.run(lambda: bench.waypoint == 'tower')
    bench.command('inspect 20 5')
    bench.run(lambda: bench.state is MissionState.INTERRUPTED)
    bench.run_to_rest()
    assert (bench.state, bench.missed) == (MissionState.DONE, ())
    assert bench.behaviours == ['patrol', 'order', 'patrol', None]
