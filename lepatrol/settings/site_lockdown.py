"""What a site file says of lockdowns."""

from __future__ import annotations

from collections.abc import Iterable

from lepatrol.model.site import LockdownManner, LockdownPlan
from lepatrol.settings.site_words import check_name, read_known
from lepatrol.settings.yaml_file import YamlValue


def read_lockdown(value: YamlValue | None, waypoints: Iterable[str]) -> LockdownPlan:
    """Return what robots do in a lockdown; if nothing is written they stop where they are."""
    if value is None:
        return LockdownPlan()
    fields = value.fields(required=('manner',), optional=('posts',))
    manner, known = fields['manner'].choice(LockdownManner), tuple(waypoints)
    if manner is LockdownManner.STOP and 'posts' in fields:
        fields['posts'].fail("robots go to posts only with 'manner: post'")
    posts = {}
    for robot, post in fields['posts'].items() if 'posts' in fields else ():
        check_name(robot, post)
        posts[robot] = read_known(post, 'waypoint', known)
    if manner is LockdownManner.POST and not posts:
        value.fail("'manner: post' needs 'posts', the waypoint of each robot by its name or kind, or of 'default'")
    return LockdownPlan(manner, posts)
