import pytest
from plain_file import changed, write_plain

from lepatrol.model.alerts import AlertKind
from lepatrol.model.errors import FileError
from lepatrol.model.scenario import Between, MoverKind, OneOf, Place, Report
from lepatrol.settings import scenario_file
from lepatrol.settings.scenario_file import read_scenario
from lepatrol.simulation.human_figure import CLOTHING, SKINS

SCENARIO = {
    'name': 'night', 'site': 'yard', 'time': {'between': ['22:00', '04:30']},
    'spot': {'along': 'ring', 'at_m': {'one_of': [3, {'between': [10, 20]}]}},
    'walk': {'before_m': 30},
    'people': [{
        'name': 'intruder', 'when': {'robot_within_m': 15, 'then_beyond_m': 17},
        'path': [{'at': {'from_spot_m': 1, 'off_fence_m': -1}},
                 {'at': {'position': [1, {'between': [2, 3]}]}, 'z_m': 2.5, 'in_s': 2}],
        'looks': {'clothing': {'one_of': ['black', 'blue']}},
        'report': {'kinds': ['zone_intrusion', 'running'], 'within_m': 12}}],
    'animals': [{'name': 'cat', 'kind': 'cat', 'path': [{'at': {'along': 'ring', 'at_m': 2}}], 'loop': True}],
    'gates': [{'one_of': [
        {'name': 'door', 'gate': 'a', 'swing_deg': 40}, {'name': 'leaf', 'gate': 'b', 'slide_m': 1}]}],
}


@pytest.fixture
def read(tmp_path):
    def read_plain(plain):
        return read_scenario(write_plain(tmp_path / 'night.yaml', plain))

    return read_plain


def test_a_scenario_file_is_read_as_it_says(read):
    scenario = read(SCENARIO)
    assert (scenario.name, scenario.site, scenario.world) == ('night', 'yard', '')
    assert scenario.start_min == Between(1320.0, 1440.0 + 270.0)
    assert scenario.spot == Place(route='ring', at_m=OneOf((3.0, Between(10.0, 20.0))))
    assert scenario.walk.before_m == 30.0
    intruder, cat = scenario.movers
    assert (intruder.kind, cat.kind, cat.loop) == (MoverKind.PERSON, MoverKind.CAT, True)
    assert (intruder.when.robot_within_m, intruder.when.then_beyond_m, intruder.when.hidden) == (15.0, 17.0, True)
    assert intruder.path[0].place == Place(at_m=1.0, off_fence_m=-1.0)
    assert intruder.path[1].place.position_m == (1.0, Between(2.0, 3.0))
    assert intruder.looks.clothing == OneOf(('black', 'blue'))
    assert intruder.report == Report((AlertKind.ZONE_INTRUSION, AlertKind.RUNNING), within_m=12.0)
    assert [gate.name for gate in scenario.gates[0].options] == ['door', 'leaf']


@pytest.mark.parametrize(('keys', 'value', 'complaint'), [
    (('sopt',), {'along': 'ring', 'at_m': 2}, "sopt: unknown key; did you mean 'spot'?"),
    (('people', 0, 'path', 0, 'att'), 1, r'people\[0\]\.path\[0\]\.att: unknown key'),
    (('people', 0, 'report', 'kinds'), ['intrusion'], r"kinds\[0\]: is 'intrusion', expected one of zone_intrusion"),
    (('people', 0, 'report', 'kinds'), [], 'is empty, expected at least one kind'),
    (('people', 0, 'looks', 'clothing'), 'pink', "is 'pink', expected one of black"),
    (('people', 0, 'path', 1, 'speed_m_s'), 1, "has a 'speed_m_s' or takes 'in_s', not both"),
    (('people', 0, 'path', 0, 'at'), {'from_spot_m': 1, 'position': [1, 2]}, 'a place is exactly one of'),
    (('people', 0, 'when', 'then_beyond_m'), 15, r"can be 15, expected more than 'robot_within_m' \(15\)"),
    (('people', 0, 'when', 'robot_within_m'), {'one_of': [3, {'between': [10, 18]}]}, "can be 17, expected more than"),
    (('people', 0, 'path'), [], 'at least one step'),
    (('spot',), {'from_spot_m': 2}, "give 'along' and 'at_m'"),
    (('spot',), {'along': 'ring'}, "'along' and 'at_m' belong together"),
    (('spot', 'at_m'), {'between': [5, 2]}, 'is between 5 and 2; the lower one comes first'),
    (('spot', 'at_m'), {'between': [1, 2], 'one_of': [1]}, "exactly one of 'between'"),
    (('spot', 'at_m'), {'one_of': []}, 'expected what to draw from'),
    (('spot', 'at_m'), 'far', "is 'far', expected a finite number"),
    (('time',), '25:00', "is '25:00', expected a time of day"),
    (('mission',), 'start ring', "either a 'walk' past the spot or a 'mission'"),
    (('walk',), None, "either a 'walk' past the spot or a 'mission'"),
    (('spot',), None, "add 'spot'"),
    (('animals', 0, 'name'), 'intruder', "two things called 'intruder'"),
    (('animals', 0, 'kind'), 'dog', "is 'dog', expected one of person, cat"),
    (('people', 0, 'name'), 'a b', 'a name is one word'),
    (('gates', 0, 'one_of', 0, 'slide_m'), 1, "either swung"),
    (('duration_s',), 0, 'it must be from 1'),
    (('rain',), {'share': 1.5}, 'it must be from 0 to 1'),
    (('light',), {'azimuth_deg': 10}, 'belong together'),
])
def test_what_is_wrong_is_named_with_its_line_and_key(read, keys, value, complaint):
    with pytest.raises(FileError, match=complaint) as caught:
        read(changed(SCENARIO, keys, value))
    assert caught.value.line is not None


def test_a_misspelt_key_is_named_with_the_line_it_stands_on(read):
    with pytest.raises(FileError, match=r"night\.yaml:4: misson: unknown key; did you mean 'mission'\?"):
        read('name: night\nsite: yard\nabout: x\nmisson: start ring\n')


def test_files_know_the_words_for_looks_that_figures_are_made_from():
    assert tuple(CLOTHING) == scenario_file.CLOTHING
    assert tuple(SKINS) == scenario_file.SKINS
