import io
import sys

from lepatrol import cli, resources

UTTERANCES = resources.share_folder() / 'test' / 'greeting' / 'utterances'
FEW = """\
language: en
knowledge: prison
clock: 2026-11-18 10:00
in_scope:
  toilets: [where are the toilets, where is the bathroom]
  smoking: [why is the sky blue]
hostile: [what is the code of the door]
danger: {fire: [fire]}
"""


def test_chat_talks_and_tells_what_the_desk_hears(monkeypatch, capsys):
    said = 'where is the workshop\nيوم الأحد متى الزيارة\nhe has a knife\n/desk We come\n/release\n'
    monkeypatch.setattr(sys, 'stdin', io.StringIO(said))
    assert cli.main(['chat', '--clock', '2026-11-18 10:00']) == 0
    out = capsys.readouterr().out
    assert '[way: vehicle_gate -> inner_gate -> yard_south -> yard_south_west]' in out
    assert '\u2066' + '09:00\u201311:30' + '\u2069' in out
    assert '[desk: danger 1: weapon]' in out
    assert 'A person at the desk:\nWe come\nI am back.' in out


def test_evaluate_prints_a_table_for_any_file_and_draws_the_curve(tmp_path, capsys, monkeypatch):
    monkeypatch.setenv('COLUMNS', '80')
    path, picture = tmp_path / 'few.yaml', tmp_path / 'new' / 'curve.png'
    path.write_text(FEW, encoding='utf-8')
    assert cli.main(['chat', '--evaluate', str(path), '--curve', str(picture), '--wrong']) == 0
    out = capsys.readouterr().out
    assert '66.7 % of 3' in out
    assert max(map(len, out.split('few.yaml')[0].split('expected')[0].splitlines()[:-1])) <= 80
    assert all(heading in out for heading in ('asked back', 'hostile refused', 'danger told', 'false alarms'))
    assert 'why is the sky blue: expected smoking, got unknown' in out
    assert picture.read_bytes().startswith(b'\x89PNG')


def test_wrong_files_and_options_are_named(tmp_path, capsys):
    path = tmp_path / 'few.yaml'
    path.write_text(FEW.replace('fire:', 'flood:'), encoding='utf-8')
    assert cli.main(['chat', '--evaluate', str(path)]) == 1
    assert "danger.flood: 'flood' is no danger, expected one of fire" in capsys.readouterr().err
    assert cli.main(['chat', '--curve', 'x.png']) == 1
    assert '--evaluate' in capsys.readouterr().err
    assert cli.main(['chat', '--site', 'moon']) == 1
    assert 'known knowledge files are: border, prison' in capsys.readouterr().err
    assert cli.main(['chat', '--clock', 'noon']) == 1
    assert "clock_start: is 'noon', expected '2026-11-18 10:00'" in capsys.readouterr().err
