"""What every test stands on."""

import os
import re

from hypothesis import settings

# Whoever runs the tests plays the same examples. Machines are busy, and the first message of a type loads its library:
# examples take the time that they take.
settings.register_profile('repeatable', derandomize=True, deadline=None)
settings.load_profile('repeatable')

# Nodes of one test process must not hear those of another, nor anything else on this machine or network. This is set
# before anything imports rclpy; processes that a test starts inherit it.
_WORKER = re.sub(r'\D', '', os.environ.get('PYTEST_XDIST_WORKER', '')) or '0'
# Two checkouts that are tested at once take different LEPATROL_TEST_DOMAIN.
os.environ['ROS_DOMAIN_ID'] = str(int(os.environ.get('LEPATROL_TEST_DOMAIN', '80')) + int(_WORKER) % 20)
os.environ['ROS_AUTOMATIC_DISCOVERY_RANGE'] = 'LOCALHOST'
