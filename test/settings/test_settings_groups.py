import dataclasses
import math

import hypothesis
import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from lepatrol.model.errors import FileError, SettingsError
from lepatrol.settings.alerts import AlertSettings
from lepatrol.settings.camera_anomaly import CameraAnomalySettings
from lepatrol.settings.detectors import DetectorSettings
from lepatrol.settings.lidar_anomaly import LidarAnomalySettings
from lepatrol.settings.navigation import GateSettings, NavigatorSettings, PlannerSettings
from lepatrol.settings.patrol import PatrolSettings
from lepatrol.settings.privacy import PrivacySettings
from lepatrol.settings.reference_views import ReferenceViewSettings
from lepatrol.settings.robot import RobotSettings
from lepatrol.settings.rules import RulesSettings
from lepatrol.settings.schema import Settings, bounds_of, field_types, is_group, setting
from lepatrol.settings.simulation import SimulationSettings
from lepatrol.settings.tracking import TrackingSettings
from lepatrol.settings.yaml_file import read_settings, settings_to_plain

GROUPS = [
    AlertSettings, CameraAnomalySettings, DetectorSettings, LidarAnomalySettings, NavigatorSettings, PatrolSettings,
    PrivacySettings, ReferenceViewSettings, RobotSettings, RulesSettings, SimulationSettings, TrackingSettings]


@dataclasses.dataclass(frozen=True)
class Sample(Settings):
    """A group with a list, which no group of the product has yet."""

    weights: tuple[float, ...] = setting((1.0, 2.0), 'Weights.', low=0.0, high=10.0)
    name: str = setting('x', 'Name.')


def values(kind, bounds):
    if bounds.choices:
        return st.sampled_from(bounds.choices)
    if kind is bool:
        return st.booleans()
    if kind is int:
        return st.integers(bounds.low, bounds.high)
    if kind is str:
        return st.text(alphabet=st.characters(codec='utf-8', exclude_categories=('C', 'Z')), max_size=10)
    if kind is float:
        return st.floats(bounds.low, bounds.high, allow_nan=False, allow_infinity=False)
    return st.lists(st.floats(bounds.low, bounds.high), max_size=4).map(tuple)


def groups(cls):
    types = field_types(cls)
    return st.builds(cls, **{
        field.name: groups(types[field.name]) if is_group(types[field.name]) else
        values(types[field.name], bounds_of(field)) for field in dataclasses.fields(cls)})


def leaves(cls, prefix=()):
    for field in dataclasses.fields(cls):
        kind = field_types(cls)[field.name]
        if is_group(kind):
            yield from leaves(kind, (*prefix, field.name))
        else:
            yield (*prefix, field.name), kind, field


def written(path, text):
    path.write_text(text, encoding='utf-8')
    return path


@pytest.mark.parametrize('cls', [*GROUPS, Sample])
def test_any_settings_come_back_from_yaml_as_they_were(cls, tmp_path_factory):
    path = tmp_path_factory.mktemp('settings') / 'settings.yaml'

    @hypothesis.settings(deadline=None, max_examples=25 if cls is RulesSettings else 100)
    @given(settings=groups(cls))
    def come_back(settings):
        plain = settings_to_plain(settings)
        assert read_settings(written(path, yaml.safe_dump(plain)), cls) == settings

    come_back()


@pytest.mark.parametrize('cls', GROUPS)
def test_every_setting_says_what_it_means_and_its_default_is_allowed(cls):
    cls()
    for key, _, field in leaves(cls):
        assert bounds_of(field).description.endswith('.'), key


@pytest.mark.parametrize('cls', GROUPS)
def test_a_number_beyond_its_bounds_is_refused_with_file_line_key_and_bounds(cls, tmp_path):
    for keys, kind, field in leaves(cls):
        bounds = bounds_of(field)
        if kind not in (int, float) or bounds.high is None:
            continue
        value = bounds.high + 1
        for key in reversed(keys):
            value = {key: value}
        path = written(tmp_path / 'settings.yaml', '# a comment\n' + yaml.safe_dump(value))
        with pytest.raises(FileError) as error:
            read_settings(path, cls)
        assert (error.value.key, error.value.line) == ('.'.join(keys), 1 + len(keys))
        assert f'it must be {bounds.explain()}' in str(error.value)


@pytest.mark.parametrize(('text', 'line', 'key', 'said'), [
    ('control_rate_hz: fast', 1, 'control_rate_hz', "is 'fast', expected a finite number"),
    ('control_rate_hz: true', 1, 'control_rate_hz', 'is True, expected a finite number'),
    ('control_rate_hz: .nan', 1, 'control_rate_hz', 'is nan, expected a finite number'),
    ('control_rate_hz:', 1, 'control_rate_hz', 'expected a finite number'),
    ('control_rate_hz: [1]', 1, 'control_rate_hz', 'expected a finite number'),
    ('planner: {clearance_m: 1}\ngate:\n  scan_timeout: 1', 3, 'gate.scan_timeout', "did you mean 'scan_timeout_s'?"),
    ('planer: {}', 1, 'planer', "did you mean 'planner'?"),
    ('zzz: 1', 1, 'zzz', 'known here are: control_rate_hz'),
    ('planner: 3', 1, 'planner', 'expected a mapping'),
    ('planner:\n  unknown_is_free: 1', 2, 'planner.unknown_is_free', 'is 1, expected true or false'),
    ('gate: {}\ngate: {}', 2, 'gate', 'stands twice'),
    ('[1, 2]', 1, '', 'is a list, expected a mapping'),
    ('gate: {', 1, '', 'is not YAML'),
    ('control_rate_hz: !secret 1', 1, 'control_rate_hz', 'secret'),
    ('control_rate_hz: 2026-13-45', 1, 'control_rate_hz', 'month must be in 1..12'),
    ('control_rate_hz: 1' + '0' * 400, 1, 'control_rate_hz', 'more digits'),
])
def test_a_bad_settings_file_is_refused_with_file_line_and_key(tmp_path, text, line, key, said):
    path = written(tmp_path / 'navigator.yaml', text)
    with pytest.raises(FileError) as error:
        read_settings(path, NavigatorSettings)
    assert (error.value.path, error.value.line, error.value.key) == (str(path), line, key)
    assert str(error.value).startswith(f'{path}:{line}: ')
    assert said in str(error.value)


@pytest.mark.parametrize(('content', 'said'), [
    (b'', 'is empty'), (b'# nothing\n', 'is empty'),
    (b'a: \xff', 'not UTF-8'), (b'a: \x00', 'not YAML')])
def test_a_file_that_is_no_text_is_refused(tmp_path, content, said):
    path = tmp_path / 'settings.yaml'
    path.write_bytes(content)
    with pytest.raises(FileError, match=said):
        read_settings(path, PatrolSettings)


def test_a_file_that_is_not_there_is_named(tmp_path):
    with pytest.raises(FileError, match=r'nowhere\.yaml: cannot be read'):
        read_settings(tmp_path / 'nowhere.yaml', PatrolSettings)


@given(text=st.text(max_size=60) | st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(
        st.sampled_from(['planner', 'gate', 'clearance_m', 'x']), inner, max_size=3), max_leaves=8).map(yaml.safe_dump))
def test_garbage_raises_nothing_but_a_file_error(tmp_path_factory, text):
    path = written(tmp_path_factory.getbasetemp() / 'garbage.yaml', text)
    complaint = str(path)
    try:
        read_settings(path, NavigatorSettings)
    except FileError as error:
        complaint = str(error)
    assert complaint.startswith(str(path))


def test_keys_left_out_keep_their_defaults_and_whole_numbers_may_stand_for_others(tmp_path):
    path = written(tmp_path / 'navigator.yaml', 'planner: {clearance_m: 1}')
    assert read_settings(path, NavigatorSettings) == NavigatorSettings(planner=PlannerSettings(clearance_m=1.0))


@pytest.mark.parametrize(('kinds', 'key', 'said'), [
    ({'update_rate_hz': '10'}, 'update_rate_hz', "'10', expected a finite number"),
    ({'update_rate_hz': 10**400}, 'update_rate_hz', 'it must be from'),
    ({'update_rate_hz': math.inf}, 'update_rate_hz', 'finite'), ({'update_rate_hz': 0.1}, 'update_rate_hz', 'from 0.5'),
    ({'max_mission_poses': 1.5}, 'max_mission_poses', 'whole number'),
    ({'max_mission_poses': True}, 'max_mission_poses', 'whole number')])
def test_settings_made_in_code_are_checked_too(kinds, key, said):
    with pytest.raises(SettingsError, match=said) as error:
        PatrolSettings(**kinds)
    assert error.value.key == key


def test_lists_choices_and_groups_are_checked():
    with pytest.raises(SettingsError, match=r'weights\[1\]: is 11.0'):
        Sample(weights=(1.0, 11.0))
    with pytest.raises(SettingsError, match='expected a list'):
        Sample(weights=1.0)
    with pytest.raises(SettingsError, match='one of auto, panda3d'):
        SimulationSettings(renderer='crayons')
    with pytest.raises(SettingsError, match='expected a group of GateSettings'):
        NavigatorSettings(gate=PlannerSettings())
    assert NavigatorSettings().gate == GateSettings()


def test_settings_cannot_be_changed():
    with pytest.raises(dataclasses.FrozenInstanceError):
        PatrolSettings().update_rate_hz = 5.0
