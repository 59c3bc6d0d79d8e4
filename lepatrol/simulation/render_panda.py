"""Pictures by Panda3D's software renderer, which comes whole in its wheel and needs no graphics library."""

from __future__ import annotations

import threading
from collections import defaultdict
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from lepatrol.model.geometry import Floats, Pose3
from lepatrol.simulation.description import CameraSensor, Visual
from lepatrol.simulation.illumination import Illumination, colour_of, illumination_of
from lepatrol.simulation.panda_geometry import Painted, geom_of, in_chunks, joined_paint, split_ground
from lepatrol.simulation.render import Renderer, RenderingError, check_poses, textures_left_out
from lepatrol.simulation.scene import Body, Scene
from lepatrol.simulation.shapes import surface_of

try:
    from panda3d import core
except ImportError as error:  # pragma: no cover - the wheel is a requirement of the package
    raise RenderingError(
        f'Panda3D cannot be loaded ({error}); install it with: python -m pip install panda3d') from error

_PIPE = ('TinyOffscreenGraphicsPipe', 'p3tinydisplay')
# Panda3D keeps states and textures of all engines in one place, so two renderers never draw at once.
_one_at_a_time = threading.Lock()
# Panda3D's cameras look along y with x to the right, SDFormat's along x with y to the left.
_LOOK_ALONG_X = Pose3.from_rpy(yaw_rad=-np.pi / 2.0)


class PandaRenderer(Renderer):
    """Draws with ``p3tinydisplay``: flat colours, light from the sun and the sky, no shadows.

    What never moves is lit once, when the scene is built, and joined in chunks that are skipped as a whole where the
    camera does not see them.
    """

    def __init__(self, scene: Scene) -> None:
        """Build the scene.

        :raises RenderingError: where Panda3D lacks its software renderer.
        """
        self._scene = scene
        self._light = illumination_of(scene.world)
        self._screens: dict[tuple[int, int], _Screen] = {}
        with _one_at_a_time:
            core.load_prc_file_data('lepatrol', 'notify-level-display error\nnotify-level-device error')
            self._pipe = core.GraphicsPipeSelection.get_global_ptr().make_pipe(*_PIPE)
            if self._pipe is None or not self._pipe.is_valid():
                raise RenderingError(
                    f'this Panda3D is without its software renderer {_PIPE[1]}; install a wheel that has it: '
                    'python -m pip install --force-reinstall panda3d')
            self._engine: Any = core.GraphicsEngine()
            self._root = core.NodePath('scene')
            self._root.set_light_off()
            self._ground: Any = None
            self._drawn = 0
            self._is_above_ground: bool | None = None
            self._add_static()
            self._moving = self._add_moving()

    @property
    def left_out(self) -> tuple[str, ...]:
        """Return the lamps that neither shine nor glow, and the textures, which show their mean colour alone."""
        dark = {light.name for light in self._scene.world.lights if light.kind != 'directional'}
        for body in (*self._scene.static, *self._scene.moving):
            if not any(max(visual.material.emissive[:3]) > 0.0 for visual in body.link.visuals):
                dark |= {light.name for light in body.link.lights}
        lamps = tuple(
            f'light {name}: the renderer panda3d shows directional lights of the world alone (mujoco shows this)'
            for name in sorted(dark))
        return lamps + textures_left_out(self._scene)

    def draw(
        self, camera: CameraSensor, camera_pose: Pose3, positions_m: Floats, orientations_wxyz: Floats,
    ) -> NDArray[np.uint8]:
        """Return the picture; see ``Renderer.draw``."""
        if self._engine is None:
            raise RenderingError('the renderer is closed; make a new one')
        check_poses(self._scene, positions_m, orientations_wxyz)
        with _one_at_a_time:
            for index, node in self._moving:
                node.set_pos_quat(
                    core.Point3(*positions_m[index].tolist()), core.Quat(*orientations_wxyz[index].tolist()))
            self._layer_ground(camera_pose)
            return self._screen(camera).shoot(self._engine, camera, camera_pose)

    def close(self) -> None:
        """Give the buffers back."""
        if self._engine is None:
            return
        with _one_at_a_time:
            self._engine.remove_all_windows()
            self._engine = None
            self._screens.clear()
            self._root.remove_node()

    def _screen(self, camera: CameraSensor) -> _Screen:
        """Return the buffer of the camera's size, awake, with all others asleep."""
        size = (camera.width, camera.height)
        if size not in self._screens:
            self._screens[size] = _Screen(self._engine, self._pipe, self._root, size, self._scene.world.background)
        for each in self._screens.values():
            each.buffer.set_active(each.size == size)
        return self._screens[size]

    def _add_static(self) -> None:
        everything = [
            _paint(visual, body.pose, self._light) for body in self._scene.static for visual in body.link.visuals]
        ground, upright = split_ground([painted for painted in everything if not painted.is_clear])
        for painted in everything:
            if painted.is_clear:
                self._add(painted)  # each alone, so that Panda3D can sort them by distance
        for parts in in_chunks(upright).values():
            self._add(joined_paint(parts))
        self._ground_top_m = max((painted.top_m for painted in ground), default=-np.inf)
        if ground:
            self._ground = self._add(joined_paint(ground))

    def _add_moving(self) -> list[tuple[int, Any]]:
        """Add what moves under lamps of its own, and return index and node of each body that can be seen."""
        stage = self._root.attach_new_node('moving')
        _light_up(stage, self._light)
        nodes = []
        for index, body in enumerate(self._scene.moving):
            if body.link.visuals:
                node = stage.attach_new_node(f'{body.model}::{body.link.name}')
                self._add_link(node, body)
                nodes.append((index, node))
        return nodes

    def _add_link(self, node: Any, body: Body) -> None:
        groups: dict[tuple[bool, bool], list[Painted]] = defaultdict(list)
        for visual in body.link.visuals:
            painted = _paint(visual, Pose3(), None)
            groups[painted.is_clear, painted.surface.closed].append(painted)
        for parts in groups.values():
            self._add(joined_paint(parts), node)

    def _layer_ground(self, camera_pose: Pose3) -> None:
        """Paint the ground's layers one over the other where the camera is above them all.

        Roads lie so thinly on the ground that the depth buffer mixes them up from afar.
        """
        if self._ground is None:
            return
        is_above = camera_pose.position_m[2] > self._ground_top_m
        if is_above is self._is_above_ground:
            return
        self._is_above_ground = is_above
        if is_above:
            self._ground.set_bin('background', 0)
            self._ground.set_depth_test(False)
        else:
            self._ground.clear_bin()
            self._ground.clear_depth_test()

    def _add(self, painted: Painted, parent: Any = None) -> Any:
        holder = core.GeomNode('visual')
        holder.add_geom(geom_of(painted, lit_later=parent is not None))
        node = (self._root if parent is None else parent).attach_new_node(holder)
        if painted.is_clear:
            node.set_transparency(core.TransparencyAttrib.M_alpha)
        else:
            # In the order of the scene: left to itself Panda3D goes by addresses in memory, and surfaces that lie in
            # one plane would hide each other as it happens.
            self._drawn += 1
            node.set_bin('background', self._drawn)
        node.set_two_sided(not painted.surface.closed)
        return node


class _Screen:
    """One off-screen buffer, the camera before it and the picture it leaves."""

    def __init__(
        self, engine: Any, pipe: Any, root: Any, size: tuple[int, int], background: tuple[float, ...],
    ) -> None:
        self.size = size
        wanted = core.FrameBufferProperties()
        wanted.set_rgba_bits(8, 8, 8, 8)
        wanted.set_depth_bits(20)
        self.buffer = engine.make_output(
            pipe, f'camera {size[0]} x {size[1]}', 0, wanted, core.WindowProperties.size(*size),
            core.GraphicsPipe.BF_refuse_window)
        if self.buffer is None:
            raise RenderingError(f'Panda3D refuses a picture of {size[0]} x {size[1]} pixels; a smaller one may do')
        self.buffer.set_clear_color(core.LColor(*background[:3], 1.0))
        self._texture = core.Texture('picture')
        self.buffer.add_render_texture(self._texture, core.GraphicsOutput.RTM_copy_ram)
        self._lens = core.PerspectiveLens()
        self._camera: CameraSensor | None = None
        camera = core.Camera('camera', self._lens)
        self._node = root.attach_new_node(camera)
        self.buffer.make_display_region().set_camera(self._node)

    def shoot(self, engine: Any, camera: CameraSensor, pose: Pose3) -> NDArray[np.uint8]:
        """Return what the camera sees.

        :raises RenderingError: where the buffer was not drawn into.
        """
        self._aim(camera, pose)
        before = self._texture.get_image_modified()
        engine.render_frame()
        if self._texture.get_image_modified() == before or not self._texture.has_ram_image():
            raise RenderingError(f'Panda3D left the picture of camera {camera.name} blank')
        width, height = self.size
        data = np.frombuffer(self._texture.get_ram_image(), dtype=np.uint8)
        if data.size != width * height * 4:
            raise RenderingError(
                f'Panda3D drew {data.size} bytes for camera {camera.name}, expected {width} x {height} x 4')
        # Panda3D keeps blue first and the bottom row first. OpenCV turns that fifteen times faster than numpy.
        rgb = cv2.cvtColor(data.reshape(height, width, 4), cv2.COLOR_BGRA2RGB)
        return np.asarray(cv2.flip(rgb, 0), dtype=np.uint8)

    def _aim(self, camera: CameraSensor, pose: Pose3) -> None:
        if camera is not self._camera:
            width, height = self.size
            focal = width / (2.0 * np.tan(camera.horizontal_fov_rad / 2.0))
            self._lens.set_film_size(width, height)
            self._lens.set_focal_length(focal)
            self._lens.set_near_far(camera.near_m, camera.far_m)
            self._camera = camera
        turned = pose.compose(_LOOK_ALONG_X)
        self._node.set_pos_quat(core.Point3(*turned.position_m), core.Quat(*turned.orientation_wxyz))


def _paint(visual: Visual, pose: Pose3, light: Illumination | None) -> Painted:
    """Return a visual's triangles in the parent of ``pose`` with their colours, shaded where there is light."""
    surface = surface_of(visual.shape).at(pose.compose(visual.pose))
    colour = colour_of(visual.material)
    glow = np.asarray(visual.material.emissive[:3])
    count = len(surface.vertices_m)
    shown = np.tile(colour, (count, 1)) if light is None else light.shade(surface.normals, colour)
    alpha = np.full((count, 1), visual.material.diffuse[3])
    return Painted(surface, np.hstack([np.clip(shown + glow, 0.0, 1.0), alpha]))


def _light_up(node: Any, light: Illumination) -> None:
    """Shine on a node as ``Illumination.shade`` has it."""
    ambient = core.AmbientLight('sky')
    ambient.set_color(core.LColor(*light.ambient.tolist(), 1.0))
    lamps = [node.attach_new_node(ambient)]
    for ray in light.rays:
        lamp = core.DirectionalLight('sun')
        lamp.set_direction(core.LVector3(*(-ray.towards).tolist()))
        lamp.set_color(core.LColor(*ray.colour.tolist(), 1.0))
        lamps.append(node.attach_new_node(lamp))
    for lamp in lamps:
        node.set_light(lamp)
    # Without a material of its own the software renderer would multiply by the colours of the vertices twice.
    white = core.Material()
    white.set_ambient(core.LColor(1.0, 1.0, 1.0, 1.0))
    white.set_diffuse(core.LColor(1.0, 1.0, 1.0, 1.0))
    node.set_material(white)
