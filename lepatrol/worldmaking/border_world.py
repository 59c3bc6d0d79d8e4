"""The Gazebo world of a border."""

from __future__ import annotations

from collections.abc import Iterable

from lepatrol.worldmaking.border import Border
from lepatrol.worldmaking.placing import Placed, number

_OPENING = """\
<?xml version="1.0"?>
<!--
  A border, {length} m x 200 m, its middle at the origin; x is east, along the fence, y is north. The guarded country is
  south of the fence. Written by lepatrol world, kind border, length {length}, seed {seed}.

    fence             on y = 0, bays of 5 m, numbered from west on each side of the road; a shut service gate at
                      x = {gate}
    strip             y from -24 to 4, level, z = 0; patrol lanes 3 m wide on y = -6 (out) and y = -12 (back)
    towers            on y = -20, x = {towers}
    ditch             south of the strip, y = -28.75, 4.7 m wide, 1.6 m deep
    stream            north, winding about y = 46, 1.6 m deep
    crossing          road on x = {road}: four lanes, 5 m apart, the western two inbound; the gates of all four stand
                      open; inbound booth and barriers on y = 12 and 8.4, outbound on y = -38 and -35
    land              height maps, rolling by 0.25 m up and down, below the plane of the robot's lidar

  Include paths are model:// in worlds/models: name that folder in GZ_SIM_RESOURCE_PATH for Gazebo, in SDF_PATH for
  the validator (ign sdf). The matching site file is {site}.
-->
<sdf version="1.9">
  <world name="{name}">
    <physics name="4ms" type="ignored">
      <max_step_size>0.004</max_step_size>
      <real_time_factor>1.0</real_time_factor>
    </physics>
    <plugin filename="gz-sim-physics-system" name="gz::sim::systems::Physics"/>
    <plugin filename="gz-sim-user-commands-system" name="gz::sim::systems::UserCommands"/>
    <plugin filename="gz-sim-scene-broadcaster-system" name="gz::sim::systems::SceneBroadcaster"/>
    <plugin filename="gz-sim-contact-system" name="gz::sim::systems::Contact"/>
    <plugin filename="gz-sim-imu-system" name="gz::sim::systems::Imu"/>
    <plugin filename="gz-sim-navsat-system" name="gz::sim::systems::NavSat"/>
    <plugin filename="gz-sim-sensors-system" name="gz::sim::systems::Sensors">
      <render_engine>ogre2</render_engine>
    </plugin>

    <gravity>0 0 -9.8</gravity>
    <scene>
      <ambient>0.45 0.45 0.48 1</ambient>
      <background>0.60 0.76 0.92 1</background>
      <sky/>
      <shadows>true</shadows>
      <grid>false</grid>
    </scene>
    <!-- Open country: no real border is here. x is east, y is north. -->
    <spherical_coordinates>
      <surface_model>EARTH_WGS84</surface_model>
      <world_frame_orientation>ENU</world_frame_orientation>
      <latitude_deg>51.0</latitude_deg>
      <longitude_deg>10.0</longitude_deg>
      <elevation>200</elevation>
      <heading_deg>0</heading_deg>
    </spherical_coordinates>
    <!-- A mid-morning sun from the south-east. -->
    <light name="sun" type="directional">
      <pose>0 0 40 0 0 0</pose>
      <cast_shadows>true</cast_shadows>
      <diffuse>0.85 0.83 0.78 1</diffuse>
      <specular>0.2 0.2 0.2 1</specular>
      <direction>-0.45 0.4 -0.8</direction>
    </light>
"""
_END = """\
  </world>
</sdf>
"""


def border_sdf(border: Border, site_file: str) -> str:
    """Return the text of the world, which names its site file."""
    head = _OPENING.format(
        length=border.length_m, seed=border.seed, site=site_file, name=border.name,
        gate=number(border.service_gate_x_m), road=number(border.road_x_m),
        towers=', '.join(str(round(x)) for x in border.tower_x_m))
    sections = [
        _section('Land, strip and road', border.land()),
        _section('Fence', border.fence()),
        _section('Gates: the service gate is shut, those of the road stand open behind the fence', border.gates()),
        _section('Crossing: booths, barriers, waiting vehicles', [*border.crossing(), *border.queues()]),
        _section("Towers, lamps, the patrol's shed", border.posts()),
        _section('Trees and scrub', border.plants())]
    people = ''.join(walker.sdf(border.ground.height_m) for walker in border.walkers)
    return f'{head}{"".join(sections)}\n    <!-- ============ People and animals ============ -->\n{people}{_END}'


def _section(title: str, placed: Iterable[Placed]) -> str:
    return f'\n    <!-- ============ {title} ============ -->\n' + ''.join(each.sdf() for each in placed)
