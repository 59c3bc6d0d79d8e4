"""Documents that no file of ours looks like."""

from pathlib import Path

import pytest
import yaml

from lepatrol.model.errors import FileError
from lepatrol.settings.yaml_file import read_yaml_text

HERE = Path('here.yaml')


@pytest.mark.parametrize('depth', [900, 100_000])
def test_what_is_nested_too_deeply_is_refused(depth):
    with pytest.raises(FileError, match='nested too deeply'):
        read_yaml_text('deep: ' + '[' * depth + ']' * depth, HERE).fields(optional=['deep'])['deep'].plain()


@pytest.mark.parametrize('text', ['a: [1, 2', 'a: 1\n\tb: 2', 'a: *nobody', 'a: 1\n b: 2'])
def test_a_complaint_is_the_same_with_libyaml_and_without(text, monkeypatch):
    complaints = []
    for is_built in (yaml.__with_libyaml__, False):
        monkeypatch.setattr(yaml, '__with_libyaml__', is_built)
        with pytest.raises(FileError, match=r'here\.yaml:\d') as refused:
            read_yaml_text(text, HERE)
        complaints.append(str(refused.value))
    assert complaints[0] == complaints[1]
