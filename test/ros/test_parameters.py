"""Settings become parameters that tools can explain, and that refuse what is wrong in words."""

import math
from dataclasses import dataclass

import pytest
from rcl_interfaces.msg import ParameterType, SetParametersResult
from rclpy.parameter import Parameter

from lepatrol.model.errors import SettingsError
from lepatrol.ros import parameters
from lepatrol.settings.navigation import NavigatorSettings
from lepatrol.settings.patrol import PatrolSettings
from lepatrol.settings.schema import Settings, group, setting
from lepatrol.settings.simulation import SimulationSettings
from lepatrol.settings.starting import NavigatorStart, PatrolStart, SimulatorStart


@dataclass(frozen=True)
class Inner(Settings):
    gap_m: float = setting(0.5, 'A gap.', low=0.0)
    depth: int = setting(3, 'A depth.', high=9)


@dataclass(frozen=True)
class Outer(Settings):
    speed_m_s: float = setting(1.5, 'A speed.', low=0.5, high=2.0)
    count: int = setting(4, 'A count.', low=1, high=10)
    loud: bool = setting(False, 'Whether it is loud.')
    colour: str = setting('red', 'A colour.', choices=('red', 'blue'))
    anything: float = setting(0.0, 'No bounds.')
    inner: Inner = group(Inner)


def test_without_parameters_a_group_has_its_defaults(bench):
    assert parameters.declare(bench.node(), Outer) == Outer()


def test_what_a_node_was_given_is_what_the_group_holds(bench):
    node = bench.node(speed_m_s=0.5, count=10, loud=True, colour='blue', inner__gap_m=7.5, inner__depth=-5)
    assert parameters.declare(node, Outer) == Outer(0.5, 10, True, 'blue', 0.0, Inner(7.5, -5))


def test_every_field_is_a_parameter_and_those_of_nested_groups_are_called_group_dot_name(bench):
    node = bench.node()
    before = set(node.get_parameters_by_prefix(''))
    parameters.declare(node, Outer)
    assert set(node.get_parameters_by_prefix('')) - before == {
        'speed_m_s', 'count', 'loud', 'colour', 'anything', 'inner.gap_m', 'inner.depth'}


def test_parameters_are_typed_described_and_bounded_for_ros2_param_describe(bench):
    node = bench.node()
    parameters.declare(node, Outer)
    speed, count, loud, colour, anything, gap, depth = node.describe_parameters(
        ['speed_m_s', 'count', 'loud', 'colour', 'anything', 'inner.gap_m', 'inner.depth'])
    assert [parameter.type for parameter in (speed, count, loud, colour)] == [
        ParameterType.PARAMETER_DOUBLE, ParameterType.PARAMETER_INTEGER, ParameterType.PARAMETER_BOOL,
        ParameterType.PARAMETER_STRING]
    assert [speed.description, gap.description] == ['A speed.', 'A gap.']
    (bounds,) = speed.floating_point_range
    assert (bounds.from_value, bounds.to_value) == (0.5, 2.0)
    (bounds,) = count.integer_range
    assert (bounds.from_value, bounds.to_value) == (1, 10)
    assert colour.additional_constraints == 'one of red, blue'
    assert not anything.floating_point_range
    # Bounded on one side only.
    assert (gap.floating_point_range[0].from_value, depth.integer_range[0].to_value) == (0.0, 9)
    assert gap.floating_point_range[0].to_value > 1e100
    assert depth.integer_range[0].from_value < -1e18


def test_parameters_are_read_only_since_a_node_reads_them_once(bench):
    node = bench.node()
    parameters.declare(node, Outer)
    (result,) = node.set_parameters([Parameter('speed_m_s', value=1.0)])
    assert isinstance(result, SetParametersResult)
    assert (result.successful, 'read-only' in result.reason) == (False, True)
    assert node.get_parameter('speed_m_s').value == 1.5


@pytest.mark.parametrize(('key', 'value', 'right'), [
    ('speed_m_s', 'fast', 'a finite number, from 0.5 to 2'),
    ('speed_m_s', True, 'a finite number, from 0.5 to 2'),
    ('count', 2.5, 'a whole number, from 1 to 10'),
    ('count', '7', 'a whole number, from 1 to 10'),
    ('loud', 'yes', 'true or false'),
    ('loud', 1, 'true or false'),
    ('colour', 7, 'a text, one of red, blue'),
    ('inner__gap_m', 'wide', 'a finite number, 0 or more'),
])
def test_a_value_of_the_wrong_type_is_refused_naming_key_value_and_what_is_right(bench, key, value, right):
    with pytest.raises(SettingsError) as caught:
        parameters.declare(bench.node(**{key: value}), Outer)
    assert caught.value.key == key.replace('__', '.')
    assert str(value) in caught.value.message
    assert right in caught.value.message
    assert '\n' not in str(caught.value)


@pytest.mark.parametrize(('key', 'value', 'right'), [
    ('speed_m_s', 0.4, 'from 0.5 to 2'),
    ('speed_m_s', 2.1, 'from 0.5 to 2'),
    ('speed_m_s', math.nan, 'finite number'),
    ('speed_m_s', math.inf, 'from 0.5 to 2'),
    ('anything', math.inf, 'finite number'),
    ('anything', math.nan, 'finite number'),
    ('count', 0, 'from 1 to 10'),
    ('count', 11, 'from 1 to 10'),
    ('colour', 'green', 'one of red, blue'),
    ('inner__gap_m', -0.1, '0 or more'),
    ('inner__depth', 10, '9 or less'),
])
def test_a_value_out_of_bounds_is_refused_naming_key_value_and_what_is_right(bench, key, value, right):
    with pytest.raises(SettingsError) as caught:
        parameters.declare(bench.node(**{key: value}), Outer)
    assert caught.value.key == key.replace('__', '.')
    assert str(value) in caught.value.message
    assert right in caught.value.message


@pytest.mark.parametrize('cls', [
    NavigatorSettings, PatrolSettings, SimulationSettings, NavigatorStart, PatrolStart, SimulatorStart])
def test_the_settings_of_every_node_can_be_declared_and_say_what_they_mean(bench, cls):
    node = bench.node()
    before = set(node.get_parameters_by_prefix(''))
    assert parameters.declare(node, cls) == cls()
    names = sorted(set(node.get_parameters_by_prefix('')) - before)
    assert names
    for described in node.describe_parameters(names):
        assert described.description.endswith('.'), described.name
        assert described.read_only, described.name
