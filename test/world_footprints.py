"""A plain reading of world files for the tests: what stands where, seen from above, without the simulator's loader."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from xml.etree import ElementTree

from shapely import Point, Polygon
from shapely.affinity import rotate, translate

ROOT = Path(__file__).resolve().parent.parent
WORLDS = ROOT / 'worlds'
MODELS = WORLDS / 'models'


@dataclass(frozen=True)
class Footprint:
    """The outline of one upright collision shape of the model named ``model``, and its lowest and highest z."""

    model: str
    outline: Polygon
    low_m: float
    high_m: float


def read_world(name: str) -> ElementTree.Element:
    world = ElementTree.parse(WORLDS / f'{name}.sdf').getroot().find('world')
    assert world is not None
    return world


def pose_of(element: ElementTree.Element) -> list[float]:
    text = element.findtext('pose')
    return [float(word) for word in text.split()] if text else [0.0] * 6


def footprints(world: ElementTree.Element) -> Iterator[Footprint]:
    """Yield every box and cylinder that stands upright in a world, included models too."""
    for model in world.findall('model'):
        yield from _of_model(model.attrib['name'], model, pose_of(model))
    for include in world.findall('include'):
        folder = MODELS / include.findtext('uri', '').removeprefix('model://')
        model = ElementTree.parse(folder / 'model.sdf').getroot().find('model')
        assert model is not None
        yield from _of_model(include.findtext('name', ''), model, pose_of(include))


def _of_model(name: str, model: ElementTree.Element, pose: list[float]) -> Iterator[Footprint]:
    for collision in model.iterfind('link/collision'):
        size = collision.findtext('geometry/box/size')
        radius = collision.findtext('geometry/cylinder/radius')
        if size:
            x, y, height = (float(word) for word in size.split())
            outline = Polygon([(-x / 2, -y / 2), (x / 2, -y / 2), (x / 2, y / 2), (-x / 2, y / 2)])
        elif radius:
            height = float(collision.findtext('geometry/cylinder/length', ''))
            outline = Point(0, 0).buffer(float(radius))
        else:
            continue
        own = pose_of(collision)
        for place in (own, pose):
            outline = translate(rotate(outline, place[5], origin=(0, 0), use_radians=True), place[0], place[1])
        middle = own[2] + pose[2]
        yield Footprint(name, outline, middle - height / 2, middle + height / 2)
