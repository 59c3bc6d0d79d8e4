import pytest

from lepatrol import assembly
from lepatrol.simulation.movables import movables


def test_furniture_and_vehicles_of_the_prison_can_be_carried_away_and_nothing_else():
    site = assembly.load_site('prison')
    things = movables(assembly.load_scene('prison', {}).world, site.structures)
    names = {thing.name for thing in things}
    assert {'van', 'bench_5', 'bin_4'} <= names
    assert not [name for name in names if name.startswith(('fence', 'post', 'gate', 'lamp', 'wall', 'cell', 'tower'))]
    bench = next(thing for thing in things if thing.name == 'bench_5')
    assert bench.position_m == pytest.approx((22.0, -27.6), abs=0.1)
    assert (bench.width_m, bench.height_m) == pytest.approx((1.8, 0.92), abs=0.05)
