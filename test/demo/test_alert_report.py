from lepatrol.demo.report import write_report
from lepatrol.model.alerts import Alert, AlertKind, Severity
from lepatrol.model.cases import Case, CaseState
from lepatrol.model.policy import Response


def an_alert(number=1, severity=Severity.CRITICAL, **changes):
    facts = {
        'alert_id': f'robot-{number:04d}', 'kind': AlertKind.FENCE_BREACH, 'about': 'fence_north_07',
        'severity': severity, 'confidence': 0.9, 'position_m': (1.0, 30.0), 'deviation_m': 0.1, 'zone': 'sterile_north',
        'first_seen_s': 10.0, 'last_seen_s': 12.0, 'robot': 'robot', 'rule': 'fence_breach',
        'sentence': 'a gap of 1.2 m in fence_north_07', 'evidence': ('evidence/robot-0001-frame.png',)}
    return Alert(**{**facts, **changes})


def page_of(folder, *alerts):
    write_report(folder / 'report.html', alerts, title='prison by night', summary='one round', map_picture='map.png')
    return (folder / 'report.html').read_text(encoding='utf-8')


def test_the_page_shows_each_alert_with_its_sentence_and_evidence(tmp_path):
    page = page_of(tmp_path, an_alert(1), an_alert(2, sentence='a bag of 0.4 m', evidence=('evidence/two-crop.png',)))
    assert '2 alerts' in page
    for text in ('a gap of 1.2 m in fence_north_07', 'a bag of 0.4 m', 'src="evidence/two-crop.png"', 'src="map.png"'):
        assert text in page


def test_the_gravest_alert_stands_first(tmp_path):
    page = page_of(tmp_path, an_alert(1, Severity.NOTICE, sentence='small'), an_alert(2, sentence='grave'))
    assert page.index('grave') < page.index('small')


def test_what_an_alert_says_is_text_and_never_markup(tmp_path):
    page = page_of(tmp_path, an_alert(1, sentence='<script>alert(1)</script>', evidence=('a"b.png',)))
    assert '<script>' not in page
    assert 'a"b' not in page


def test_a_round_without_alerts_says_so(tmp_path):
    assert 'no alert' in page_of(tmp_path)


def test_what_the_robot_did_about_an_alert_is_told_with_its_inspection(tmp_path):
    case = Case(
        'robot-0001', 'abandoned_object', Response.INSPECT, CaseState.INSPECTED, 'suspicious: <large>', None, 0.0, 9.0,
        evidence=('inspections/robot-0001/report.html',))
    write_report(tmp_path / 'report.html', [an_alert(1), an_alert(2)], [case], title='', summary='', map_picture=None)
    page = (tmp_path / 'report.html').read_text(encoding='utf-8')
    assert 'suspicious: &lt;large&gt;' in page
    assert page.count('href="inspections/robot-0001/report.html"') == 1
