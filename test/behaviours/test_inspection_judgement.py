import dataclasses

import pytest
from hypothesis import given
from hypothesis import strategies as st
from inspection_samples import ESTIMATE

from lepatrol.behaviours.inspection_judgement import Facts, judge
from lepatrol.model.inspection import InspectionLevel, Label, Measured, ObjectShape, Symbology

TAG = Label(Symbology.ARUCO, '7', '4x4')
SEEN = Facts(coverage_deg=300.0)
LEFT = Facts(unattended_s=184.0, left_by=7, coverage_deg=300.0)


@dataclasses.dataclass(frozen=True)
class Parcel:
    name: str = 'laundry parcel'
    label: str = 'aruco:4x4:7'
    zone: str = ''
    footprint_m: tuple[float, float] | None = (0.5, 0.4)
    height_m: float | None = 0.35


def level(estimate=ESTIMATE, labels=(), known=(), facts=LEFT):
    return judge(estimate, labels, known, facts).level


def reasons(*arguments):
    return '; '.join(judge(*arguments).reasons)


def test_a_labelled_parcel_of_its_size_is_expected():
    found = judge(ESTIMATE, (TAG,), (Parcel(),), LEFT)
    assert found.level is InspectionLevel.EXPECTED
    assert found.known_as == 'laundry parcel'
    assert found.reasons[:2] == (
        'it bears the label of laundry parcel (aruco:4x4:7)', 'its size is what the site says')
    assert 'laundry parcel' in found.recommendation


def test_the_text_of_a_label_alone_names_it_too():
    assert level(labels=(TAG,), known=(Parcel(label='7'),)) is InspectionLevel.EXPECTED


@pytest.mark.parametrize('known', [
    Parcel(footprint_m=(0.9, 0.4)), Parcel(footprint_m=(0.5, 0.2)), Parcel(height_m=0.8)])
def test_a_label_on_a_thing_of_another_size_is_suspicious(known):
    found = judge(ESTIMATE, (TAG,), (known,), SEEN)
    assert found.level is InspectionLevel.SUSPICIOUS
    assert 'but laundry parcel is' in '; '.join(found.reasons)
    assert found.known_as == ''


def test_a_size_that_is_not_measured_surely_speaks_against_nothing():
    vague = dataclasses.replace(ESTIMATE, length_m=Measured(0.62, 0.05))
    assert level(vague, (TAG,), (Parcel(),)) is InspectionLevel.EXPECTED


@pytest.mark.parametrize(('estimate', 'known', 'facts', 'words'), [
    (ESTIMATE, [Parcel(zone='delivery')], LEFT, 'expected in the zone delivery only, and stands in none'),
    (dataclasses.replace(ESTIMATE, moved_m=Measured(0.6, 0.05)), [Parcel()], LEFT, 'it moved by 0.60 m'),
    (dataclasses.replace(ESTIMATE, height_m=None), [Parcel()], LEFT, 'its height is not known'),
    (ESTIMATE, [Parcel(), Parcel('box of tools')], LEFT, 'the labels of 2 known objects at once'),
    (None, [Parcel()], LEFT, 'nothing of it could be measured'),
])
def test_what_does_not_fit_a_label_makes_it_unclear(estimate, known, facts, words):
    found = judge(estimate, (TAG,), known, facts)
    assert found.level is InspectionLevel.UNCLEAR
    assert words in '; '.join(found.reasons)


def test_in_its_zone_a_parcel_is_expected():
    facts = dataclasses.replace(LEFT, zones=('road', 'delivery'))
    assert level(labels=(TAG,), known=[Parcel(zone='delivery')], facts=facts) is InspectionLevel.EXPECTED


def test_an_unknown_thing_that_somebody_left_is_suspicious():
    assert level() is InspectionLevel.SUSPICIOUS
    text = reasons(ESTIMATE, (), (Parcel(),), LEFT)
    assert 'no label was read on it' in text
    assert 'large enough to hold something: 70 l (give or take 8 l)' in text
    assert 'track 7 left it' in text
    assert 'nobody has been with it for 184 s' in text


def test_a_label_that_nobody_knows_is_told():
    text = reasons(ESTIMATE, (TAG,), (), SEEN)
    assert 'its label aruco:4x4:7 is not in the list of known objects' in text


@pytest.mark.parametrize('estimate', [
    dataclasses.replace(ESTIMATE, shape=ObjectShape.FLAT),
    dataclasses.replace(ESTIMATE, volume_m3=Measured(0.001, 0.0)),
    dataclasses.replace(ESTIMATE, volume_m3=Measured(0.01, 0.01)), dataclasses.replace(ESTIMATE, volume_m3=None)])
def test_what_may_hold_nothing_is_unclear(estimate):
    assert level(estimate) is InspectionLevel.UNCLEAR


def test_what_nobody_is_known_to_have_left_is_unclear_but_where_nothing_may_be_left():
    assert level(facts=SEEN) is InspectionLevel.UNCLEAR
    facts = dataclasses.replace(SEEN, is_restricted=True, zones=('sterile strip',))
    assert level(facts=facts) is InspectionLevel.SUSPICIOUS
    assert 'nothing may be left where it stands (sterile strip)' in reasons(ESTIMATE, (), (), facts)


def test_little_coverage_is_admitted():
    assert 'only 90 degrees of its outline were seen' in reasons(ESTIMATE, (), (), Facts(coverage_deg=90.0))


MEASURED = st.builds(Measured, st.floats(0.05, 2.0), st.floats(0.001, 0.3))


@given(length=MEASURED, height=st.none() | MEASURED, label=st.booleans(), left=st.none() | st.integers(1, 9),
       alone=st.none() | st.floats(0.0, 900.0), moved=st.none() | MEASURED)
def test_nothing_is_expected_without_a_known_label_and_every_level_has_its_reasons(
    length, height, label, left, alone, moved,
):
    estimate = dataclasses.replace(
        ESTIMATE, length_m=length, height_m=height, moved_m=moved, volume_m3=height and Measured(0.1, 0.01))
    found = judge(estimate, (TAG,) if label else (), (Parcel(),), Facts((), False, alone, left, 200.0))
    assert found.reasons
    assert found.recommendation
    assert (found.level is InspectionLevel.EXPECTED) == (found.known_as != '')
    if found.level is InspectionLevel.EXPECTED:
        assert label
        assert height is not None
        assert not estimate.has_moved
