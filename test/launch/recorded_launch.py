"""Stand-ins for ``launch`` and ``launch_ros`` that note what a launch file would do, for machines that have neither.

They know what ``gazebo_facts.yaml`` lists, and refuse what the real ones would: another class, another argument.
"""

import importlib.util
import sys
from contextlib import contextmanager
from pathlib import Path
from types import ModuleType
from unittest.mock import patch


class Recorded:
    """Any action, substitution or source: its arguments, by name."""

    facts = (0,)

    def __init__(self, *places, **names):
        count, *known = self.facts
        if len(places) > count:
            raise TypeError(f'{type(self).__name__}: {len(places)} arguments without names, at most {count}')
        self.given = dict(zip(known, places, strict=False)) | names
        if unknown := set(self.given) - set(known):
            raise TypeError(f'{type(self).__name__}: there is no argument {", ".join(sorted(unknown))}')

    def __getattr__(self, name):
        if name.startswith('__') or name == 'given':
            raise AttributeError(name)
        return self.given.get(name)

    def is_a(self, name):
        return type(self).__name__ == name

    def perform(self, context):
        """Return a launch configuration's value."""
        return context[self.variable_name]


def modules(facts):
    """Return the stand-in modules by name."""
    made = {name: ModuleType(name) for path in facts for name in (path, path.partition('.')[0])}
    for path, classes in facts.items():
        for name, signature in classes.items():
            setattr(made[path], name, type(name, (Recorded,), {'facts': tuple(signature)}))
    return made


@contextmanager
def standing_in(facts):
    """Let the stand-ins be imported, and nothing that imported them remain."""
    with patch.dict(sys.modules, modules(facts)):
        sys.modules.pop('lepatrol.launching', None)
        yield
        sys.modules.pop('lepatrol.launching', None)


def describe(path):
    """Return the entities of a launch file."""
    spec = importlib.util.spec_from_file_location(Path(path).name.partition('.')[0], path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module.generate_launch_description().initial_entities


def started(path, **given):
    """Return the actions that a launch file comes down to for its arguments; files of lepatrol's own are opened too.

    :raises ValueError: for an argument that it has not declared, or a value that it does not offer.
    """
    actions, context = [], dict(given)
    for entity in describe(path):
        if entity.is_a('DeclareLaunchArgument'):
            value = context.setdefault(entity.name, entity.default_value)
            if entity.choices is not None and value not in entity.choices:
                raise ValueError(f'{entity.name}: {value!r} is none of {entity.choices}')
        elif entity.is_a('OpaqueFunction'):
            for action in entity.function(context):
                actions += _opened(action)
        else:
            actions.append(entity)
    declared = {entity.name for entity in describe(path) if entity.is_a('DeclareLaunchArgument')}
    if unknown := set(given) - declared:
        raise ValueError(f'{Path(path).name} declares no argument {", ".join(sorted(unknown))}')
    return actions


def _opened(action):
    source = action.launch_description_source
    if source is not None and isinstance(source.launch_file_path, str):
        return started(source.launch_file_path, **dict(action.launch_arguments))
    return [action]
