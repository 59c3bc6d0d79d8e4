"""The words of SDFormat 1.9: which elements and attributes may stand in which element."""

from __future__ import annotations

import difflib
from collections.abc import Iterable

from lepatrol.simulation.xml_file import Element

# Taken from the specification's own files (sdformat 12, sdf/1.9/*.sdf), with the few later elements that Gazebo
# Harmonic reads too. An element that stands in several others has the children of all. Attributes are marked with @;
# what is not listed at the start of a line has neither attributes nor children.
_SPECIFICATION = '''
actor: @name animation joint link plugin pose script skin
air_pressure: pressure reference_altitude
altimeter: vertical_position vertical_velocity
angle: @axis
angular_velocity: x y z
animation: @name filename interpolate_x scale
atmosphere: @type pressure temperature temperature_gradient
attenuation: constant linear quadratic range
audio: device
audio_source: contact gain loop pitch pose uri
axis: dynamics limit mimic xyz
axis2: dynamics limit xyz
battery: @name voltage
blend: fade_dist min_height
bounce: restitution_coefficient threshold
box: size
bullet: constraints fdir1 friction friction2 kd kp rolling_friction soft_cfm soft_erp solver split_impulse
    split_impulse_penetration_threshold
camera: @name box_type camera_info_topic clip depth_camera distortion horizontal_fov image lens noise
    optical_frame_id pose projection_type save segmentation_type track_visual trigger_topic view_controller
    visibility_mask
capsule: length radius
clip: far near
clouds: ambient direction humidity mean_size speed
collision: @name geometry laser_retro max_contacts pose surface
constraints: cfm contact_max_correcting_vel contact_surface_layer erp split_impulse
    split_impulse_penetration_threshold
contact: bullet category_bitmask collide_bitmask collide_without_contact collide_without_contact_bitmask collision
    dissipation dynamic_friction elastic_modulus ode override_impact_capture_velocity
    override_stiction_transition_velocity plastic_coef_restitution plastic_impact_velocity poissons_ratio
    static_friction stiffness topic viscous_friction
custom_function: c1 c2 c3 f fun
custom_rpy: @parent_frame
cylinder: length radius
dart: bone_attachment collision_detector damping flesh_mass_fraction solver stiffness
deletions: name
depth_camera: clip output
distortion: center k1 k2 k3 p1 p2
distribution: cols rows step type
dynamics: damping friction spring_reference spring_stiffness
ellipsoid: radii
fog: color density end start type
force: x y z
force_torque: force frame measure_direction torque
frame: @attached_to @name pose
friction: bullet ode torsional
geometry: box capsule cylinder ellipsoid empty heightmap image mesh plane polyline sphere
gps: position_sensing velocity_sensing
grasp_check: attach_steps detach_steps min_contact_count
grav_dir_x: @parent_frame
gripper: @name grasp_check gripper_link palm_link
gui: @fullscreen camera plugin
heightmap: blend pos sampling size texture uri use_terrain_paging
horizontal: max_angle min_angle noise resolution samples
image: format granularity height scale threshold uri width
imu: angular_velocity enable_orientation linear_acceleration orientation_reference_frame
include: @merge name placement_frame plugin pose static uri
inertia: ixx ixy ixz iyy iyz izz
inertial: inertia mass pose
insertions: light model
intrinsics: cx cy fx fy s
joint: @name @type angle axis axis2 child gearbox_ratio gearbox_reference_body parent physics pose
    screw_thread_pitch sensor thread_pitch
lens: custom_function cutoff_angle env_texture_size intrinsics scale_to_hfov type
lidar: noise range scan
light: @name @type attenuation cast_shadows diffuse direction intensity light_on pose specular spot visualize
light_map: @uv_set
limit: cfm dissipation effort erp lower stiffness upper velocity
linear_acceleration: x y z
link: @name acceleration audio_sink audio_source battery collision enable_wind gravity inertial kinematic light
    must_be_base_link particle_emitter pose projector self_collide sensor velocity velocity_decay visual wrench
logical_camera: aspect_ratio far horizontal_fov near
magnetometer: x y z
material: ambient diffuse double_sided emissive lighting pbr render_order script shader shininess specular
mesh: scale submesh uri
meta: layer
metal: albedo_map ambient_occlusion_map emissive_map environment_map light_map metalness metalness_map normal_map
    roughness roughness_map
mimic: @axis @joint multiplier offset reference
model: @canonical_link @name @placement_frame allow_auto_disable enable_wind frame gripper include joint link model
    model_state plugin pose scale self_collide static
navsat: position_sensing velocity_sensing
noise: @type bias_mean bias_stddev dynamic_bias_correlation_time dynamic_bias_stddev mean precision stddev type
normal_map: @type
ode: bounce cfm cfm_damping constraints erp fdir1 fudge_factor implicit_spring_damper kd kp limit max_force max_vel
    min_depth mu mu2 slip slip1 slip2 soft_cfm soft_erp solver suspension velocity
orientation_reference_frame: custom_rpy grav_dir_x localization
particle_emitter: @name @type color_end color_range_image color_start duration emitting lifetime material
    max_velocity min_velocity particle_scatter_ratio particle_size pose rate scale_rate size topic
pbr: metal specular
physics: @default @name @type bullet dart max_contacts max_step_size ode provide_feedback real_time_factor
    real_time_update_rate simbody
plane: normal size
polyline: height point
population: @name box cylinder distribution model model_count pose
pose: @degrees @relative_to @rotation_format
position_sensing: horizontal vertical
pressure: noise
projector: @name far_clip fov near_clip plugin pose texture
range: max min resolution
ray: noise range scan
road: @name material point width
save: @enabled path
scan: horizontal vertical
scene: ambient background fog grid origin_visual shadows sky
script: auto_start delay_start loop name trajectory uri
sdf: @version actor light model world
sensor: @name @type air_pressure altimeter always_on camera contact enable_metrics force_torque gps gz_frame_id
    ignition_frame_id imu lidar logical_camera magnetometer navsat plugin pose ray rfid rfidtag sonar topic
    transceiver update_rate visualize
shader: @type normal_map
simbody: accuracy contact max_transient_velocity min_step_size must_be_loop_joint
skin: filename scale
sky: clouds sunrise sunset time
soft_contact: dart
solver: friction_model island_threads iters min_step_size precon_iters solver_type sor thread_position_correction
    type use_dynamic_moi_rescaling
sonar: geometry max min radius
specular: albedo_map ambient_occlusion_map emissive_map environment_map glossiness glossiness_map light_map
    normal_map specular_map
sphere: radius
spherical_coordinates: elevation heading_deg latitude_deg longitude_deg surface_model world_frame_orientation
spot: falloff inner_angle outer_angle
state: @world_name deletions insertions iterations light model real_time sim_time wall_time
submesh: center name
surface: bounce contact friction soft_contact
suspension: cfm erp
texture: diffuse normal size
torque: x y z
torsional: coefficient ode patch_radius surface_radius use_patch_radius
track_visual: inherit_yaw max_dist min_dist name static use_model_frame xyz
trajectory: @id @tension @type waypoint
transceiver: essid frequency gain max_frequency min_frequency power sensitivity
velocity_decay: angular linear
velocity_sensing: horizontal vertical
vertical: max_angle min_angle noise resolution samples
vertical_position: noise
vertical_velocity: noise
visual: @name cast_shadows geometry laser_retro material meta plugin pose transparency visibility_flags
waypoint: pose time
wind: linear_velocity
world: @name actor atmosphere audio frame gravity gui include light magnetic_field model physics plugin population
    road scene spherical_coordinates state wind
x: noise
xyz: @expressed_in
y: noise
z: noise
'''

# Whoever writes a plugin decides what stands in it.
_FREE = frozenset({'plugin'})


def _read_specification() -> dict[str, frozenset[str]]:
    table: dict[str, frozenset[str]] = {}
    for line in _SPECIFICATION.strip().replace('\n    ', ' ').splitlines():
        tag, _, words = line.partition(':')
        table[tag] = frozenset(words.split())
    return table


_TABLE = _read_specification()
_KNOWN = frozenset(_TABLE) | {word for words in _TABLE.values() for word in words if not word.startswith('@')}


def check_words(element: Element) -> None:
    """Refuse any element or attribute below ``element`` that SDFormat does not have in that place.

    Names with a colon (``gz:policies``) belong to someone else and pass.

    :raises FileError: naming file, line and the word that was probably meant.
    """
    if element.tag in _FREE:
        return
    words = _TABLE.get(element.tag, frozenset())
    for attribute in element.attributes:
        if f'@{attribute}' not in words and ':' not in attribute:
            choices = [word[1:] for word in words if word.startswith('@')]
            raise element.error(f'<{element.tag}> has no attribute {attribute}="..."{_hint(attribute, choices)}')
    for child in element.children:
        if ':' in child.tag:
            continue
        if child.tag not in words:
            raise child.error(_misplaced(child, element, [word for word in words if not word.startswith('@')]))
        check_words(child)


def _misplaced(child: Element, parent: Element, choices: list[str]) -> str:
    if child.tag in _KNOWN:
        homes = sorted(tag for tag, words in _TABLE.items() if child.tag in words)
        return f'<{child.tag}> cannot stand in <{parent.tag}>; it belongs in ' + ', '.join(f'<{tag}>' for tag in homes)
    return f'<{child.tag}> is not an element of SDFormat{_hint(child.tag, choices or _KNOWN)}'


def _hint(word: str, choices: Iterable[str]) -> str:
    choices = sorted(choices)
    near = difflib.get_close_matches(word, choices, n=1, cutoff=0.6)
    if near:
        return f"; did you mean '{near[0]}'?"
    return f'; right would be one of: {", ".join(choices)}' if 0 < len(choices) <= 40 else ''
