"""The parameter file that comes with lepatrol says what the code's defaults are: whoever changes one changes both."""

import yaml

from lepatrol import resources
from lepatrol.cli.parameter_file import NODE_SETTINGS


def differing(values, settings, path):
    for name, value in values.items():
        default = getattr(settings, name)
        if isinstance(value, dict):
            yield from differing(value, default, f'{path}.{name}')
        elif value != default:
            yield f'{path}.{name}: {value}, the default is {default}'


def test_every_value_is_the_default():
    shipped = yaml.safe_load(resources.parameters_path().read_text(encoding='utf-8'))
    assert [each for node, parameters in shipped.items()
            for each in differing(parameters['ros__parameters'], NODE_SETTINGS[node.rpartition('/')[2]](), node)] == []
