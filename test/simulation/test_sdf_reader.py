import math
import struct
from pathlib import Path

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lepatrol.model.errors import FileError
from lepatrol.model.geometry import Pose3
from lepatrol.simulation.description import (
    Box,
    Capsule,
    Cylinder,
    Ellipsoid,
    Heightmap,
    Plane,
    Sphere,
    TriangleMesh,
)
from lepatrol.simulation.sdf import read_world

BOX = '<geometry><box><size>1 2 3</size></box></geometry>'


def write(directory: Path, body: str, name: str = 'world.sdf') -> Path:
    path = directory / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f'<sdf version="1.9">\n{body}\n</sdf>')
    return path


def world(directory: Path, body: str):
    return read_world(write(directory, f'<world name="w">\n{body}\n</world>'))


def refusal(directory: Path, body: str) -> str:
    with pytest.raises(FileError) as caught:
        world(directory, body)
    return str(caught.value)


def same_pose(pose: Pose3, expected: Pose3) -> bool:
    return bool(np.allclose(pose.matrix, expected.matrix, rtol=0.0, atol=1e-9))


def shape_of(directory: Path, geometry: str):
    found = world(directory, f'''<model name="m"><link name="l"><collision name="c"><geometry>{geometry}</geometry>
        </collision></link></model>''')
    return found.models[0].links[0].collisions[0]


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


def test_nested_and_included_models_are_flattened_with_their_poses_and_joints(tmp_path):
    write(tmp_path, '''<model name="arm"><link name="a"/><link name="b"><pose>0 0 1 0 0 0</pose></link>
        <joint name="j" type="revolute"><parent>a</parent><child>b</child>
          <axis><xyz>1 0 0</xyz><limit><lower>-1</lower><upper>1e16</upper></limit></axis></joint></model>''',
          'models/arm/model.sdf')
    found = world(tmp_path, f'''<model name="outer"><pose>5 0 0 0 0 0</pose><link name="base"/>
        <include><uri>model://arm</uri><name>left</name><pose>0 2 0 0 0 {math.pi / 2}</pose></include>
        <joint name="weld" type="fixed"><parent>base</parent><child>left::a</child></joint></model>''')
    (model,) = found.models
    assert [link.name for link in model.links] == ['base', 'left::a', 'left::b']
    assert same_pose(model.links[2].pose, Pose3.from_rpy(0, 2, 1, yaw_rad=math.pi / 2))
    joints = {joint.name: joint for joint in model.joints}
    assert (joints['left::j'].parent, joints['left::j'].child) == ('left::a', 'left::b')
    assert joints['left::j'].axis == pytest.approx((0.0, 1.0, 0.0), abs=1e-9)
    assert (joints['left::j'].lower, joints['left::j'].upper) == (-1.0, math.inf)
    assert same_pose(joints['left::j'].pose, model.links[2].pose)
    assert same_pose(joints['weld'].pose, model.links[1].pose)


def test_an_include_overrides_name_pose_and_static_and_shares_the_file(tmp_path):
    write(tmp_path, '<model name="post"><static>true</static><pose>9 9 9 0 0 0</pose><link name="l"/></model>',
          'models/post/model.sdf')
    found = world(tmp_path, '''
        <include><uri>model://post</uri></include>
        <include><uri>model://post</uri><name>second</name><pose>1 2 3 0 0 0</pose><static>false</static></include>''')
    first, second = found.models
    assert (first.name, first.static, first.pose.position_m) == ('post', True, (9.0, 9.0, 9.0))
    assert (second.name, second.static, second.pose.position_m) == ('second', False, (1.0, 2.0, 3.0))


def test_a_placement_frame_lands_where_the_pose_says(tmp_path):
    found = world(tmp_path, '''<model name="m" placement_frame="foot"><pose>1 1 1 0 0 1</pose><link name="l"/>
        <frame name="foot"><pose>0 0 -2 0.3 0 0</pose></frame></model>''')
    foot = Pose3.from_rpy(0, 0, -2, 0.3)
    assert same_pose(found.models[0].pose.compose(foot), Pose3.from_rpy(1, 1, 1, yaw_rad=1.0))


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


@pytest.mark.parametrize(('xml', 'shape'), [
    ('<box><size>1 2 3</size></box>', Box((1, 2, 3))),
    ('<cylinder><radius>0.5</radius><length>2</length></cylinder>', Cylinder(0.5, 2)),
    ('<capsule><radius>0.5</radius><length>2</length></capsule>', Capsule(0.5, 2)),
    ('<sphere><radius>0.5</radius></sphere>', Sphere(0.5)),
    ('<ellipsoid><radii>1 2 3</radii></ellipsoid>', Ellipsoid((1, 2, 3))),
    ('<plane><normal>0 0 2</normal><size>5 6</size></plane>', Plane((0, 0, 1), (5, 6))),
])
def test_a_plain_shape_keeps_its_measures(tmp_path, xml, shape):
    assert shape_of(tmp_path, xml).shape == shape


def signed_volume(mesh: TriangleMesh) -> float:
    a, b, c = (mesh.vertices_m[mesh.faces[:, i]] for i in range(3))
    return float(np.einsum('ij,ij->i', a, np.cross(b, c)).sum() / 6.0)


CUBE_OBJ = '\n'.join(
    [f'v {x} {y} {z}' for x in (0, 1) for y in (0, 1) for z in (0, 1)]
    + ['f 1/1 2 4 3', 'f 5 7 8 6', 'f 1 5 6 2', 'f 3 4 8 7', 'f 1 3 7 5', 'f -7 -3 -1 -5'])


@pytest.mark.parametrize('scale', ['1 2 3', '-1 2 3'])
def test_an_obj_mesh_is_scaled_and_keeps_its_outside(tmp_path, scale):
    (tmp_path / 'cube.obj').write_text(CUBE_OBJ)
    mesh = shape_of(tmp_path, f'<mesh><uri>cube.obj</uri><scale>{scale}</scale></mesh>').shape
    assert signed_volume(mesh) == pytest.approx(6.0)


def test_text_and_binary_stl_give_the_same_triangle(tmp_path):
    corners = [(0, 0, 0), (1, 0, 0), (0, 1, 0)]
    text = 'solid s\nfacet normal 0 0 1\nouter loop\n' + ''.join(
        'vertex {} {} {}\n'.format(*corner) for corner in corners) + 'endloop\nendfacet\nendsolid'
    (tmp_path / 'text.stl').write_text(text)
    (tmp_path / 'binary.stl').write_bytes(
        b'solid'.ljust(80) + struct.pack('<I12fH', 1, 0, 0, 1, *np.ravel(corners).astype(float), 0))
    for name in ('text', 'binary'):
        mesh = shape_of(tmp_path, f'<mesh><uri>{name}.stl</uri></mesh>').shape
        assert mesh.vertices_m[mesh.faces[0]].tolist() == [list(map(float, corner)) for corner in corners]


def test_a_polyline_with_a_hole_becomes_a_closed_solid(tmp_path):
    def square(half):
        return ''.join(f'<point>{x} {y}</point>' for x, y in
                       ((-half, -half), (-half, half), (half, half), (half, -half)))
    mesh = shape_of(tmp_path, f'''<polyline>{square(2)}<height>3</height></polyline>
        <polyline>{square(1)}<height>3</height></polyline>''').shape
    assert signed_volume(mesh) == pytest.approx((16 - 4) * 3)
    assert (mesh.vertices_m[:, 2].min(), mesh.vertices_m[:, 2].max()) == (0.0, 3.0)
    edges = [tuple(edge) for face in mesh.faces for edge in zip(face, np.roll(face, -1), strict=True)]
    assert len(edges) == len(set(edges))
    assert {(b, a) for a, b in edges} == set(edges)


def test_a_heightmap_has_its_first_row_at_the_lowest_y(tmp_path):
    cv2.imwrite(str(tmp_path / 'hill.png'), np.array([[0, 0, 0], [0, 0, 0], [200, 100, 0]], dtype=np.uint8))
    collision = shape_of(tmp_path, '<heightmap><uri>hill.png</uri><size>10 20 4</size><pos>1 2 3</pos></heightmap>')
    assert isinstance(collision.shape, Heightmap)
    assert collision.shape.heights_m[0].tolist() == pytest.approx([4.0, 2.0, 0.0])
    assert collision.shape.size_m == (10.0, 20.0)
    assert collision.pose.position_m == (1.0, 2.0, 3.0)


def test_materials_friction_and_inertia_are_read(tmp_path):
    (tmp_path / 'brick.png').write_bytes(b'')
    found = world(tmp_path, f'''<model name="m"><link name="l">
        <inertial><mass>4</mass><pose>0 0 1 0 0 0</pose><inertia><ixx>2</ixx><iyy>3</iyy><izz>4</izz></inertia>
        </inertial>
        <collision name="c">{BOX}<surface><friction><ode><mu>0.3</mu><mu2>0.3</mu2></ode></friction></surface>
        </collision>
        <visual name="v">{BOX}<transparency>0.25</transparency><cast_shadows>false</cast_shadows>
          <material><diffuse>0.1 0.2 0.3</diffuse><specular>0.5 0.5 0.5 1</specular>
          <pbr><metal><albedo_map>brick.png</albedo_map></metal></pbr></material></visual></link></model>''')
    (link,) = found.models[0].links
    assert link.inertial.mass_kg == 4.0
    assert link.inertial.moments_kg_m2 == (2, 3, 4, 0, 0, 0)
    assert link.collisions[0].friction == 0.3
    material = link.visuals[0].material
    assert (material.diffuse, material.specular) == ((0.1, 0.2, 0.3, 0.75), (0.5, 0.5, 0.5, 1.0))
    assert material.texture == tmp_path / 'brick.png'
    assert not link.visuals[0].cast_shadows
    assert found.unsupported == ()


SENSORS = '''
  <sensor name="eye" type="camera"><update_rate>10</update_rate><pose>1 0 0 0 0 0</pose><camera><pose>0 0 2 0 0 0</pose>
    <horizontal_fov>1.2</horizontal_fov><image><width>320</width><height>240</height></image>
    <clip><near>0.1</near><far>50</far></clip><noise><type>gaussian</type><stddev>0.01</stddev></noise></camera></sensor>
  <sensor name="scanner" type="gpu_lidar"><update_rate>5</update_rate><topic>scan</topic><gz_frame_id>f</gz_frame_id>
    <lidar><scan><horizontal><samples>90</samples><min_angle>-1</min_angle><max_angle>1</max_angle></horizontal></scan>
    <range><min>0.2</min><max>12</max></range></lidar></sensor>
  <sensor name="sat" type="navsat"><update_rate>1</update_rate><navsat><position_sensing>
    <horizontal><noise type="gaussian"><stddev>0.5</stddev></noise></horizontal></position_sensing></navsat></sensor>'''


def test_sensors_are_read_with_rate_field_range_and_noise(tmp_path):
    found = world(tmp_path, f'<model name="m"><link name="l">{SENSORS}</link></model>')
    eye, scanner, sat = found.models[0].links[0].sensors
    assert (eye.width, eye.height, eye.horizontal_fov_rad, eye.near_m, eye.far_m) == (320, 240, 1.2, 0.1, 50.0)
    assert (eye.pose.position_m, eye.noise.stddev, eye.frame_id) == ((1.0, 0.0, 2.0), 0.01, 'l')
    assert (scanner.samples, scanner.min_angle_rad, scanner.max_angle_rad) == (90, -1.0, 1.0)
    assert (scanner.range_min_m, scanner.range_max_m, scanner.update_rate_hz) == (0.2, 12.0, 5.0)
    assert (scanner.topic, scanner.frame_id) == ('scan', 'f')
    assert sat.horizontal_noise.stddev == 0.5
    assert found.unsupported == ()


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


def test_models_that_include_each_other_are_refused(tmp_path):
    for name, other in (('a', 'b'), ('b', 'a')):
        write(tmp_path, f'<model name="{name}"><link name="l"/><include><uri>model://{other}</uri></include></model>',
              f'models/{name}/model.sdf')
    assert 'in a circle' in refusal(tmp_path, '<include><uri>model://a</uri></include>')


def test_a_document_type_is_refused_before_any_entity_expands(tmp_path):
    path = tmp_path / 'bomb.sdf'
    path.write_text('<?xml version="1.0"?>\n<!DOCTYPE sdf [<!ENTITY a "aaaa">]>\n<sdf version="1.9">&a;</sdf>')
    with pytest.raises(FileError, match=r'bomb\.sdf:2: <!DOCTYPE> is refused'):
        read_world(path)


def test_a_missing_file_is_named(tmp_path):
    with pytest.raises(FileError, match=r'none\.sdf: cannot be read'):
        read_world(tmp_path / 'none.sdf')
