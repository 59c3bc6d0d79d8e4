import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lepatrol.model.alerts import Severity
from lepatrol.model.case_json import case_from_plain, case_to_plain
from lepatrol.model.cases import Case, CaseState
from lepatrol.model.policy import Response

NUMBERS = st.floats(-1e6, 1e6)
CASES = st.builds(
    Case, st.text(min_size=1), st.text(), st.sampled_from(Response), st.sampled_from(CaseState), st.text(),
    st.none() | st.tuples(NUMBERS, NUMBERS), NUMBERS, NUMBERS, st.sampled_from(Severity), st.text(), st.text(),
    st.text(), NUMBERS, NUMBERS, st.sampled_from(["robot", "operator"]), st.text(), st.none() | NUMBERS, st.booleans(),
    st.text(), st.lists(st.text()).map(tuple))
CASE = case_to_plain(Case('a', 'running', Response.NOTE, CaseState.NOTED, '', (1.0, 2.0), 0.0, 1.0))


@given(case=CASES)
def test_a_case_survives_its_way_through_json(case):
    assert case_from_plain(json.loads(json.dumps(case_to_plain(case)))) == case


@pytest.mark.parametrize(('change', 'said'), [
    ({'state': 'perhaps'}, 'state'), ({'case_id': ''}, 'case_id is empty'), ({'colour': 'red'}, "'colour' is unknown"),
    ({'position_m': [1.0]}, 'expected x and y'), ({'stamp_s': 'now'}, 'stamp_s'), ({'evidence': [3]}, 'evidence'),
    ({'stand_off_m': True}, 'stand_off_m'), ({'may_come_near': 1}, 'may_come_near'),
])
def test_a_wrong_value_is_named(change, said):
    with pytest.raises(ValueError, match=said):
        case_from_plain(CASE | change)


@pytest.mark.parametrize('key', CASE)
def test_a_missing_value_is_named(key):
    with pytest.raises(ValueError, match=key):
        case_from_plain({name: value for name, value in CASE.items() if name != key})
