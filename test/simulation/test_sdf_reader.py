import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sdf_world import BOX, refusal, same_pose, world

from lepatrol.model.errors import FileError
from lepatrol.model.geometry import Pose3
from lepatrol.simulation.description import Box
from lepatrol.simulation.sdf import read_world


def test_a_pose_relative_to_a_turned_frame_is_turned_with_it(tmp_path):
    found = world(tmp_path, f'''
        <frame name="corner"><pose>10 20 0 0 0 {math.pi / 2}</pose></frame>
        <model name="m"><pose relative_to="corner">2 0 1 0 0 0</pose>
          <frame name="top" attached_to="a"><pose>0 0 5 0 0 0</pose></frame>
          <link name="a"><pose>1 0 0 0 0 {math.pi / 2}</pose></link>
          <link name="b"><pose relative_to="top">3 0 0 0 0 0</pose>
            <visual name="v"><pose relative_to="__model__">0 0 0 0 0 0</pose>{BOX}</visual></link>
        </model>''')
    (model,) = found.models
    assert same_pose(model.pose, Pose3.from_rpy(10, 22, 1, yaw_rad=math.pi / 2))
    assert same_pose(model.links[1].pose, Pose3.from_rpy(1, 3, 5, yaw_rad=math.pi / 2))
    assert same_pose(model.links[1].pose.compose(model.links[1].visuals[0].pose), Pose3())


def test_degrees_and_quaternions_mean_the_same_turn(tmp_path):
    half = math.sqrt(0.5)
    found = world(tmp_path, f'''
        <model name="a"><pose degrees="true">0 0 0 0 0 90</pose><link name="l"/></model>
        <model name="b"><pose rotation_format="quat_xyzw">0 0 0 0 0 {half} {half}</pose><link name="l"/></model>''')
    assert same_pose(found.models[0].pose, found.models[1].pose)


numbers = st.floats(-3.0, 3.0)


@settings(max_examples=30, deadline=None)
@given(st.lists(st.tuples(*[numbers] * 6), min_size=1, max_size=5))
def test_a_chain_of_frames_is_the_product_of_its_poses(tmp_path_factory, chain):
    frames = [
        f'<frame name="f{i}"><pose relative_to="{f"f{i - 1}" if i else "world"}">{" ".join(map(repr, pose))}</pose>'
        '</frame>' for i, pose in enumerate(chain)]
    last = len(chain) - 1
    found = world(
        tmp_path_factory.mktemp('chain'),
        f'<model name="m"><pose relative_to="f{last}"/><link name="l"/></model>' + ''.join(reversed(frames)))
    expected = np.eye(4)
    for pose in chain:
        expected = expected @ Pose3.from_rpy(*pose).matrix
    np.testing.assert_allclose(found.models[0].pose.matrix, expected, rtol=0.0, atol=1e-9)


def test_frames_attached_to_joints_and_nested_models_resolve_through_any_mixture_of_names(tmp_path):
    quarter = math.pi / 2
    found = world(tmp_path, f'''
        <frame name="gate" attached_to="house::porch"><pose>1 0 0 0 0 0</pose></frame>
        <model name="house"><pose relative_to="square">0 4 0 0 0 0</pose><link name="floor"/>
          <model name="annex"><pose relative_to="porch">0 0 2 0 0 {quarter}</pose>
            <frame name="sill" attached_to="hinge"><pose>0.5 0 0 0 0 0</pose></frame>
            <link name="wall"><pose>3 0 0 0 0 0</pose></link>
            <link name="door"><pose relative_to="wall">0 1 0 0 0 0</pose>
              <collision name="c"><pose relative_to="sill">0 0 0.25 0 0 0</pose>{BOX}</collision></link>
            <joint name="hinge" type="revolute"><pose>0 0 1 0 0 0</pose><parent>wall</parent><child>door</child>
              <axis><xyz>0 0 1</xyz></axis></joint></model>
          <frame name="porch"><pose>0 0 0 0 0 {quarter}</pose></frame>
          <link name="mat"><pose relative_to="annex::sill">0 0 -1 0 0 0</pose></link></model>
        <model name="post"><pose relative_to="gate">1 0 0 0 0 0</pose><link name="l"/></model>
        <frame name="square"><pose>10 20 0 0 0 0</pose></frame>''')
    house, post = found.models
    links = {link.name: link for link in house.links}
    assert same_pose(house.pose, Pose3.from_rpy(10, 24, 0))
    # The porch is turned by 90 degrees, the annex on it by another 90: its x is the house's -x.
    assert same_pose(links['annex::wall'].pose, Pose3.from_rpy(-3, 0, 2, yaw_rad=math.pi))
    assert same_pose(links['annex::door'].pose, Pose3.from_rpy(-3, -1, 2, yaw_rad=math.pi))
    assert same_pose(links['annex::door'].collisions[0].pose, Pose3.from_rpy(0.5, 0, 1.25))
    assert same_pose(links['mat'].pose, Pose3.from_rpy(-3.5, -1, 2, yaw_rad=math.pi))
    assert same_pose(post.pose, Pose3.from_rpy(10, 26, 0, yaw_rad=quarter))


def test_a_joint_axis_is_turned_into_the_models_frame(tmp_path):
    found = world(tmp_path, f'''<model name="m"><link name="a"/>
        <link name="b"><pose>0 0 0 0 0 {math.pi / 2}</pose></link>
        <joint name="own" type="continuous"><parent>a</parent><child>b</child><axis><xyz>2 0 0</xyz></axis></joint>
        <joint name="other" type="prismatic"><parent>world</parent><child>a</child>
          <axis><xyz expressed_in="b">0 1 0</xyz></axis></joint></model>''')
    own, other = found.models[0].joints
    assert own.axis == pytest.approx((0, 1, 0), abs=1e-9)
    assert other.axis == pytest.approx((-1, 0, 0), abs=1e-9)
    assert other.parent == 'world'


def test_actors_walk_from_their_own_pose_and_wear_the_same_clothes_every_time(tmp_path):
    actor = '''<actor name="anna"><pose>10 0 0 0 0 1.5707963267948966</pose><skin><filename>walk.dae</filename></skin>
        <link name="link"/><script><loop>false</loop><delay_start>3</delay_start><trajectory id="0" type="walk">
        <waypoint><time>0</time><pose>0 0 0 0 0 0</pose></waypoint>
        <waypoint><time>4</time><pose>5 0 0 0 0 0</pose></waypoint></trajectory></script></actor>'''
    first, again = world(tmp_path, actor).actors[0], world(tmp_path, actor).actors[0]
    assert first.links == again.links
    assert (first.path.loop, first.path.delay_start_s, first.path.poses[1].time_s) == (False, 3.0, 4.0)
    assert first.path.poses[1].pose.position_m == pytest.approx((10.0, 5.0, 0.0))
    collisions = [collision for link in first.links for collision in link.collisions]
    tops, bottoms = [], []
    for collision in collisions:
        half = collision.shape.radius_m + getattr(collision.shape, 'length_m', 0.0) / 2
        tops.append(collision.pose.position_m[2] + half)
        bottoms.append(collision.pose.position_m[2] - half)
    assert max(tops) == pytest.approx(1.75)
    assert min(bottoms) == pytest.approx(0.0)


def test_an_actors_own_visuals_are_its_body_and_lidar_sees_them(tmp_path):
    found = world(tmp_path, f'<actor name="a"><link name="l"><visual name="v">{BOX}</visual></link></actor>')
    (link,) = found.actors[0].links
    assert link.collisions[0].shape == Box((1, 2, 3))


def test_trajectories_come_from_gazebos_plugins_and_a_drive_that_nobody_commands_is_named(tmp_path):
    plugin = '<plugin filename="gz-sim-{0}-system" name="gz::sim::systems::X">{1}</plugin>'
    wheels = ''.join(f'''<link name="{s}"/><joint name="{s}_j" type="continuous"><parent>b</parent><child>{s}</child>
        <axis><xyz>0 1 0</xyz></axis></joint>''' for s in ('left', 'right'))
    drive = plugin.format('diff-drive', '''<left_joint>left_j</left_joint><right_joint>right_j</right_joint>
        <wheel_separation>0.5</wheel_separation><wheel_radius>0.1</wheel_radius>
        <max_linear_velocity>2</max_linear_velocity>''')
    path = plugin.format('trajectory-follower', '''<loop>true</loop><speed>2</speed><waypoints><waypoint>0 0</waypoint>
        <waypoint>4 0</waypoint></waypoints>''')
    found = world(tmp_path, f'''<model name="ugv"><link name="b"/>{wheels}{drive}</model>
        <model name="drone"><model name="hull"><link name="b"/>
        {plugin.format('velocity-control', '')}</model></model>
        <model name="van"><pose>0 0 1 0 0 0</pose><link name="b"/>{path}</model>''')
    ugv, drone, van = found.models
    assert ugv.drive is None
    assert drone.drive is None
    times = [each.time_s for each in van.path.poses]
    assert times == pytest.approx([0.0, 2.0, 2.0 + math.pi, 4.0 + math.pi, 4.0 + 2 * math.pi])
    assert same_pose(van.path.poses[0].pose, van.path.poses[-1].pose)
    path = tmp_path / 'world.sdf'
    assert found.unsupported == tuple(f"{path}:{line}: <plugin> 'gz::sim::systems::X'" for line in (5, 9))


def test_scene_lights_gravity_and_place_on_earth(tmp_path):
    found = world(tmp_path, '''<gravity>0 0 -3.7</gravity>
        <physics type="ode"><max_step_size>0.004</max_step_size></physics>
        <plugin filename="gz-sim-physics-system" name="gz::sim::systems::Physics"/>
        <scene><ambient>0.1 0.2 0.3 1</ambient><background>0 0 1</background><shadows>false</shadows></scene>
        <light name="sun" type="directional"><pose>0 0 10 0 0 0</pose><direction>1 0 -1</direction>
        <attenuation><range>100</range><linear>0.1</linear></attenuation><cast_shadows>true</cast_shadows></light>
        <spherical_coordinates><surface_model>EARTH_WGS84</surface_model><latitude_deg>50</latitude_deg>
        <longitude_deg>8</longitude_deg><elevation>100</elevation><heading_deg>90</heading_deg></spherical_coordinates>''')
    assert found.gravity_m_s2 == (0.0, 0.0, -3.7)
    assert (found.ambient, found.background, found.shadows) == ((0.1, 0.2, 0.3, 1.0), (0.0, 0.0, 1.0, 1.0), False)
    assert (found.lights[0].direction, found.lights[0].range_m) == ((1.0, 0.0, -1.0), 100.0)
    assert found.geo_reference.heading_rad == pytest.approx(math.pi / 2)
    assert found.unsupported == ()


def test_a_model_of_the_world_may_carry_sensors_but_nobody_reads_them_and_that_is_said(tmp_path):
    found = world(tmp_path, '''<model name="mast"><link name="l"><sensor name="cctv" type="camera">
        <update_rate>5</update_rate><camera><image><width>64</width><height>48</height></image></camera></sensor>
        </link></model>''')
    assert found.models[0].links[0].sensors[0].name == 'cctv'
    assert found.unsupported == (f"{tmp_path / 'world.sdf'}:3: <sensor> 'cctv'",)


def test_what_is_left_out_is_named_with_file_and_line(tmp_path):
    found = world(tmp_path, '''<wind/>
        <model name="m"><link name="l"><sensor name="s" type="altimeter"/></link>
        <plugin filename="mine.so" name="mine"/></model>''')
    path = tmp_path / 'world.sdf'
    assert found.unsupported == (
        f'{path}:3: <wind>', f"{path}:4: <sensor> 's'", f"{path}:5: <plugin> 'mine'")


@pytest.mark.parametrize(('body', 'expected'), [
    ('<model name="m"><link name="l"><visaul name="v"/></link></model>', ":3: visaul 'v': <visaul> is not an element"),
    ('<model name="m"><link name="l"><visaul name="v"/></link></model>', "did you mean 'visual'?"),
    ('<model name="m"><mass>1</mass></model>', '<mass> cannot stand in <model>; it belongs in <inertial>'),
    ('<model name="m"><pose relativ_to="x">0 0 0 0 0 0</pose></model>', "did you mean 'relative_to'?"),
    ('<model name="m"><link name="l"></model>', 'broken XML: mismatched tag'),
    ('<include><uri>model://nobody</uri></include>', "'model://nobody' is not found; looked in"),
    ('<include><uri>https://fuel/x</uri></include>', 'is not fetched'),
    ('<model name="m"><pose>1 2 x 0 0 0</pose><link name="l"/></model>', ":3: pose: '1 2 x 0 0 0' is not 6 numbers"),
    ('<model name="m"><pose>1 2 nan 0 0 0</pose><link name="l"/></model>', 'each finite'),
    ('<model name="m"><link name="l"/><link name="l"/></model>', "the name 'l' is taken already"),
    ('<model name="m"/><model name="m"/>', "the name 'm' is taken already"),
    ('<model><link name="l"/></model>', 'the attribute name="..." is missing'),
    ('<model name="m"><pose relative_to="gost"/></model><frame name="ghost"/>', "did you mean 'ghost'?"),
    ('<frame name="a"><pose relative_to="b"/></frame><frame name="b"><pose relative_to="a"/></frame>'
     '<model name="m"><pose relative_to="a"/></model>', 'in a circle'),
    ('<model name="m"><link name="l"><sensor name="s" type="lidr"/></link></model>', "did you mean 'lidar'?"),
    ('<model name="m"><link name="l"><collision name="c"><geometry><sphere><radius>-1</radius></sphere></geometry>'
     '</collision></link></model>', 'radius: -1 is too small; more than 0 is right'),
    ('<model name="m"><link name="l"><visual name="v"><geometry><mesh><uri>no.obj</uri></mesh></geometry></visual>'
     '</link></model>', "'no.obj' is not found"),
    ('<model name="m"><link name="l"/><plugin filename="gz-sim-diff-drive-system" name="d">'
     '<left_joint>left</left_joint></plugin></model>', "no wheel joint 'left'"),
])
def test_a_bad_world_is_refused_with_what_would_be_right(tmp_path, body, expected):
    message = refusal(tmp_path, body)
    assert expected in message
    assert f'{tmp_path / "world.sdf"}:' in message


def test_a_document_type_is_refused_before_any_entity_expands(tmp_path):
    path = tmp_path / 'bomb.sdf'
    path.write_text('<?xml version="1.0"?>\n<!DOCTYPE sdf [<!ENTITY a "aaaa">]>\n<sdf version="1.9">&a;</sdf>')
    with pytest.raises(FileError, match=r'bomb\.sdf:2: <!DOCTYPE> is refused'):
        read_world(path)


def test_a_missing_file_is_named(tmp_path):
    with pytest.raises(FileError, match=r'none\.sdf: cannot be read'):
        read_world(tmp_path / 'none.sdf')
