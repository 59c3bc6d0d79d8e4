"""``python -m lepatrol.cli`` is the ``lepatrol`` command."""

import sys

from lepatrol.cli import main

sys.exit(main())
