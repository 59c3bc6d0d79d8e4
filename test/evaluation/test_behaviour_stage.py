"""What robots know in behaviour trials."""

import dataclasses

from lepatrol.evaluation.behaviour_stage import short_walk, watched
from lepatrol.evaluation.object_stage import Put
from lepatrol.simulation.description import Box
from lepatrol.simulation.scene import Scene

ON_THE_DRIVE = (0.0, -18.0)
UNDER_A_SIGNS_BOARD = (-5.2, -15.4)


def test_a_robot_plans_on_the_site_as_it_is_on_file_with_all_that_it_would_touch_and_without_what_was_put_down():
    put = Put(Box((1.0, 1.0, 1.0)), ON_THE_DRIVE, 0.0, (0.5, 0.4, 0.3))

    def put_down(scene):
        world = scene.world
        return Scene(dataclasses.replace(world, models=(*world.models, put.model())), scene.robots)

    loop = watched(short_walk('walk', 'prison', 'yard', 8.0, before_m=4.0, after_m=4.0), 1, prepare=put_down)
    try:
        assert loop.planner.is_free(*ON_THE_DRIVE)
        assert not loop.planner.is_free(*UNDER_A_SIGNS_BOARD)
    finally:
        loop.close()
