"""Files written from plain data, with one value changed."""

import copy

import yaml


def write_plain(path, plain):
    """Write plain data, or a text as it is, as YAML."""
    path.write_text(plain if isinstance(plain, str) else yaml.safe_dump(plain, sort_keys=False), encoding='utf-8')
    return path


def changed(plain, keys, value):
    """Return plain data with the value that the keys lead to replaced, or left out for None."""
    plain = copy.deepcopy(plain)
    place = plain
    for key in keys[:-1]:
        place = place[key]
    if value is None:
        del place[keys[-1]]
    else:
        place[keys[-1]] = value
    return plain
