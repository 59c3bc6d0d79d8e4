"""What a running patrol has to show, whoever started it: asserted alike under launch_testing and under pytest."""

import math
from pathlib import Path

from diagnostic_msgs.msg import DiagnosticArray
from live_nodes import DEADLINE_S
from nav_msgs.msg import OccupancyGrid, Odometry
from rosgraph_msgs.msg import Clock
from sensor_msgs.msg import BatteryState, CameraInfo, CompressedImage, Image, JointState, LaserScan, PointCloud2
from std_msgs.msg import Bool
from visualization_msgs.msg import MarkerArray

from lepatrol import assembly
from lepatrol.model.mission import MissionState
from lepatrol.planning.progress import ProgressStore
from lepatrol.ros import qos

CLOSE_M = {'ugv': 0.3, 'uav': 0.5}
"""How near to a waypoint a robot has to come: one that hovers is less exact."""
TOPICS = (
    ('odom', Odometry, qos.SENSOR), ('camera/image_raw', Image, qos.SENSOR),
    ('camera/camera_info', CameraInfo, qos.SENSOR), ('navigator/feedback', DiagnosticArray, qos.LATCHED),
    ('perimeter/status', DiagnosticArray, qos.LATCHED), ('perimeter/tracks', MarkerArray, qos.COMMAND),
    ('live/image/compressed', CompressedImage, qos.SENSOR))
"""Besides the map, the pose and the patrol's status, which an operator's console hears."""
TOPICS_OF = {
    'ugv': (('scan', LaserScan, qos.SENSOR), ('joint_states', JointState, qos.SENSOR),
            ('battery_state', BatteryState, qos.SENSOR)),
    'uav': (('points', PointCloud2, qos.SENSOR), ('battery_state', BatteryState, qos.SENSOR),
            ('camera_down/image_raw', Image, qos.SENSOR))}
"""What one robot has and another has not."""
WORDS = {
    'simulator': ('/clock', Clock, qos.SENSOR), 'world_map': ('/map', OccupancyGrid, qos.LATCHED),
    'patrol': ('patrol/status', DiagnosticArray, qos.LATCHED),
    'perimeter': ('perimeter/status', DiagnosticArray, qos.LATCHED),
    'nav2_navigator': ('navigator/feedback', DiagnosticArray, qos.LATCHED)}
"""What a node says without any other; those that are not here wait until they hear something."""


def all_topics_arrive(operator, robot):
    """Hear every topic once that a robot and its nodes send."""
    heard, topics = set(), (*TOPICS, *TOPICS_OF[robot])
    listeners = [operator.node.create_subscription(kind, topic, lambda _, topic=topic: heard.add(topic), quality)
                 for topic, kind, quality in topics]
    operator.wait_for('the map', lambda: operator.map is not None, deadline_s=DEADLINE_S)
    operator.wait_for('the first pose', lambda: bool(operator.track_m), deadline_s=DEADLINE_S)
    operator.wait_for('the first status', lambda: operator.status is not None, deadline_s=DEADLINE_S)
    for topic, _, _ in topics:
        operator.wait_for(topic, lambda topic=topic: topic in heard, deadline_s=DEADLINE_S)
    for listener in listeners:
        operator.node.destroy_subscription(listener)


def an_order_is_carried_out(operator, order, site, robot='ugv'):
    """Give an order to walk a route or to a waypoint, and see that its waypoints are reached and none is missed."""
    place = assembly.load_site(site)
    word, name = order.split()
    waypoints = place.routes[name].waypoints if word == 'start' else (name,)
    operator.track_m.clear()
    assert operator.order(order, deadline_s=DEADLINE_S) == 'ok'
    operator.wait_for(
        f'the end of {order!r}', lambda: operator.status.state is MissionState.DONE, deadline_s=DEADLINE_S)
    assert operator.status.missed == ()
    for waypoint in (place.waypoints[name] for name in waypoints):
        nearest_m = min(math.dist(at, (waypoint.x_m, waypoint.y_m)) for at in operator.track_m)
        assert nearest_m < CLOSE_M[robot], f'{waypoint.name} was missed by {nearest_m:.2f} m'


def a_node_lives_alone(operator, name, namespace=''):
    """See a node appear, and hear what it says without any other."""
    a_node_appears(operator, name, f'/{namespace}')
    if name in WORDS:
        heard = []
        topic, kind, quality = WORDS[name]
        listener = operator.node.create_subscription(
            kind, topic if topic.startswith('/') else f'/{namespace}/{topic}'.replace('//', '/'), heard.append, quality)
        operator.wait_for(f'{topic} of {name}', lambda: bool(heard), deadline_s=DEADLINE_S)
        operator.node.destroy_subscription(listener)


def a_walk_is_held(operator):
    """Order a walk in the bench yard, and hold the robot once it is on its way to a later waypoint than the first.

    The navigator brings its goal to an end with or without a patrol: held, it cannot be there too soon. Whether it says
    so depends on whether the patrol, which hears the e-stop as well, has cancelled the goal before.
    """
    estop = operator.node.create_publisher(Bool, 'estop', qos.LATCHED)
    assert operator.order('start loop', deadline_s=DEADLINE_S) == 'ok'
    operator.wait_for('the second waypoint', lambda: operator.status.visit >= 1, deadline_s=DEADLINE_S)
    estop.publish(Bool(data=True))
    operator.wait_for(
        'the e-stop to hold', lambda: operator.status.state is MissionState.INTERRUPTED
        and 'e-stop' in operator.status.message, deadline_s=DEADLINE_S)
    return estop


def the_walk_goes_on(newcomer, folder, estop):
    """See a patrol go on with what another, that was killed, has kept in a folder; then let the robot go.

    The console must be a new one: it has heard nothing of the patrol that was killed.
    """
    under_way = (MissionState.WALKING, MissionState.ACTING, MissionState.INTERRUPTED)  # the last by the e-stop
    kept = ProgressStore(Path(folder) / 'progress.json').load()
    assert kept.visit >= 1
    newcomer.wait_for(
        'the mission to go on', lambda: newcomer.status and newcomer.status.state in under_way, deadline_s=DEADLINE_S)
    assert (newcomer.status.visit, newcomer.status.waypoint) == (
        kept.visit, kept.mission.waypoints[kept.visit % len(kept.mission.waypoints)].name)
    estop.publish(Bool(data=False))
    newcomer.wait_for('the waypoint after it', lambda: newcomer.status.visit > kept.visit, deadline_s=DEADLINE_S)


def a_node_appears(operator, name, namespace='/'):
    """See a node among those that are connected."""
    operator.wait_for(
        f'the node {name}', lambda: (name, namespace) in operator.node.get_node_names_and_namespaces(),
        deadline_s=DEADLINE_S)
