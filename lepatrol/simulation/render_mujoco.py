"""Pictures by MuJoCo's renderer, with shadows; it needs EGL or OSMesa."""

from __future__ import annotations

from typing import Any

import mujoco
import numpy as np
from numpy.typing import NDArray

from lepatrol.model.geometry import Floats, Pose3
from lepatrol.simulation.description import CameraSensor, Collision, Light, Plane, Visual
from lepatrol.simulation.geoms import SEEN_ONLY, GeomMaker
from lepatrol.simulation.gl_screen import GlScreen
from lepatrol.simulation.illumination import colour_of, illumination_of
from lepatrol.simulation.render import Renderer, RenderingError, check_poses, lights_of, textures_left_out
from lepatrol.simulation.scene import Scene

_LARGEST_PX = 4096
_SHADOW_MAP_PX = 2048
_MOST_LIGHTS = 6
"""OpenGL's eight, without MuJoCo's headlight, which is the ambient light, and the light from the side."""
_CAMERA = 'camera'
# OpenGL's cameras look along -z with x to the right and y up, SDFormat's along x with y to the left and z up.
_LOOK_ALONG_X = Pose3((0.0, 0.0, 0.0), (0.5, 0.5, -0.5, -0.5))


class MujocoRenderer(Renderer):
    """Draws with OpenGL: smooth shapes, the world's lights, shadows where the world has them."""

    def __init__(self, scene: Scene) -> None:
        """Build a model of what can be seen, and a first drawing context.

        :raises RenderingError: where the graphics libraries are missing, with the command that installs them.
        """
        self._scene = scene
        try:
            self._model = _visible_model(scene)
        except ValueError as error:
            raise RenderingError(f'world {scene.world.name}: MuJoCo cannot draw it: {error}') from error
        self._data = mujoco.MjData(self._model)
        self._screens: dict[tuple[int, int], GlScreen] = {}
        self._closed = False
        self._screen(16, 16).close()
        self._screens.clear()

    @property
    def left_out(self) -> tuple[str, ...]:
        """Return lights beyond the most there can be, shadows of point lights, and textures: of mean colour alone."""
        lights = lights_of(self._scene)
        dark = tuple(dict.fromkeys(
            f'light {light.name}: the renderer mujoco shows {_MOST_LIGHTS} lights' for light in lights[_MOST_LIGHTS:]))
        shadows = tuple(
            f'light {light.name}: the renderer mujoco shows no shadows of point lights'
            for light in lights[:_MOST_LIGHTS]
            if light.kind == 'point' and light.cast_shadows and self._scene.world.shadows)
        return dark + shadows + textures_left_out(self._scene)

    def draw(
        self, camera: CameraSensor, camera_pose: Pose3, positions_m: Floats, orientations_wxyz: Floats,
    ) -> NDArray[np.uint8]:
        """Return the picture; see ``Renderer.draw``."""
        if self._closed:
            raise RenderingError('the renderer is closed; make a new one')
        check_poses(self._scene, positions_m, orientations_wxyz)
        screen = self._screen(camera.width, camera.height)
        self._data.mocap_pos[1:], self._data.mocap_quat[1:] = positions_m, orientations_wxyz
        self._aim(camera, camera_pose)
        mujoco.mj_kinematics(self._model, self._data)
        mujoco.mj_camlight(self._model, self._data)
        return screen.shoot(self._data)

    def close(self) -> None:
        """Give the drawing contexts back."""
        self._closed = True
        for screen in self._screens.values():
            screen.close()
        self._screens.clear()

    def _aim(self, camera: CameraSensor, pose: Pose3) -> None:
        """Put the model's one camera where this camera is, with its field of view and its clip distances."""
        turned = pose.compose(_LOOK_ALONG_X)
        self._data.mocap_pos[0], self._data.mocap_quat[0] = turned.position_m, turned.orientation_wxyz
        half_height = np.tan(camera.horizontal_fov_rad / 2.0) * camera.height / camera.width
        self._model.cam_fovy[0] = np.degrees(2.0 * np.arctan(half_height))
        extent = self._model.stat.extent
        self._model.vis.map.znear = camera.near_m / extent
        self._model.vis.map.zfar = camera.far_m / extent

    def _screen(self, width: int, height: int) -> GlScreen:
        """Return the drawing context for that size.

        :raises RenderingError: naming what is missing.
        """
        if (width, height) not in self._screens:
            if max(width, height) > _LARGEST_PX:
                raise RenderingError(
                    f'a picture of {width} x {height} pixels is too large; up to {_LARGEST_PX} either way is right')
            self._screens[width, height] = GlScreen(self._model, width, height, shadows=self._scene.world.shadows)
        return self._screens[width, height]


def _visible_model(scene: Scene) -> Any:
    """Return a MuJoCo model of all visuals: the camera on the first mocap body, then ``Scene.moving`` in order."""
    spec = mujoco.MjSpec()
    spec.compiler.degree = False
    _set_quality(spec)
    geoms = GeomMaker(spec)
    camera = spec.worldbody.add_body(name=_CAMERA, mocap=True)
    camera.add_camera(name=_CAMERA)
    _add_sky(spec, scene)  # before other lights: the first are the ones that shine
    for body in scene.static:
        for visual in body.link.visuals:
            _add_visual(spec, geoms, spec.worldbody, visual, body.pose.compose(visual.pose))
        for light in body.link.lights:
            _add_light(spec.worldbody, light, body.pose.compose(light.pose), scene.world.shadows)
    for moving in scene.moving:
        node = spec.worldbody.add_body(mocap=True)
        for visual in moving.link.visuals:
            _add_visual(spec, geoms, node, visual, visual.pose)
        for light in moving.link.lights:
            _add_light(node, light, light.pose, scene.world.shadows)
    model = spec.compile()
    model.vis.headlight.ambient[:] = illumination_of(scene.world).ambient
    model.vis.headlight.diffuse[:] = 0.0
    model.vis.headlight.specular[:] = 0.0
    return model


def _set_quality(spec: Any) -> None:
    """Choose what costs little and still looks right at the size of a camera picture."""
    spec.visual.quality.numslices, spec.visual.quality.numstacks, spec.visual.quality.numquads = 16, 10, 1
    spec.visual.quality.offsamples = 0
    spec.visual.quality.shadowsize = _SHADOW_MAP_PX


def _add_visual(spec: Any, geoms: GeomMaker, body: Any, visual: Visual, pose: Pose3) -> None:
    geom = geoms.add(body, Collision(visual.name, visual.pose, visual.shape), pose, SEEN_ONLY)
    colour = np.maximum(colour_of(visual.material), visual.material.emissive[:3])
    geom.rgba = [*colour.tolist(), visual.material.diffuse[3]]
    if (glow := max(visual.material.emissive[:3])) > 0.0:
        # MuJoCo lets a surface shine in its own colour alone, by a share of it.
        share = min(glow / float(colour.max()), 1.0)
        geom.material = spec.add_material(name=f'glow {len(spec.materials)}', emission=share).name
    if isinstance(visual.shape, Plane):
        x, y = visual.shape.size_m
        geom.size = (x / 2.0, y / 2.0, 1.0)


def _add_sky(spec: Any, scene: Scene) -> None:
    """Add the world's lights and its background, which MuJoCo paints on a box around everything."""
    fill = illumination_of(scene.world).rays[-1]
    spec.worldbody.add_light(
        type=mujoco.mjtLightType.mjLIGHT_DIRECTIONAL, dir=-fill.towards, diffuse=fill.colour, ambient=np.zeros(3),
        specular=np.zeros(3), castshadow=False)
    for light in scene.world.lights:
        _add_light(spec.worldbody, light, light.pose, scene.world.shadows)
    sky = list(scene.world.background[:3])
    spec.add_texture(
        name='sky', type=mujoco.mjtTexture.mjTEXTURE_SKYBOX, builtin=mujoco.mjtBuiltin.mjBUILTIN_FLAT, rgb1=sky,
        rgb2=sky, width=8, height=48)


def _add_light(body: Any, light: Light, pose: Pose3, shadows: bool) -> None:
    kinds = mujoco.mjtLightType
    added = body.add_light(
        type=kinds.mjLIGHT_DIRECTIONAL if light.kind == 'directional' else kinds.mjLIGHT_SPOT,
        pos=pose.position_m, dir=pose.rotation @ np.asarray(light.direction),
        diffuse=np.asarray(light.diffuse[:3]) * light.intensity, specular=np.asarray(light.specular[:3]),
        attenuation=np.asarray(light.attenuation), ambient=np.zeros(3),
        castshadow=shadows and light.cast_shadows and light.kind != 'point')
    if light.kind == 'spot':
        added.cutoff = np.degrees(light.spot_outer_angle_rad) / 2.0
    elif light.kind == 'point':
        # MuJoCo's own renderer draws no light of the type point, but a spot light that shines all round.
        added.cutoff, added.exponent = 180.0, 0.0
