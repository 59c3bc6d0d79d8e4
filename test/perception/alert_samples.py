"""An alert to change as a test needs it."""

from lepatrol.model.alerts import Alert, AlertKind, Severity


def an_alert(number=1, **changes):
    facts = {
        'alert_id': f'robot-{number:04d}', 'kind': AlertKind.LOITERING, 'about': 'track 7',
        'severity': Severity.WARNING, 'confidence': 0.8, 'position_m': (4.0, 1.0), 'deviation_m': 0.1,
        'zone': 'sterile_north', 'first_seen_s': 10.0, 'last_seen_s': 41.0, 'robot': 'robot', 'rule': 'loitering',
        'sentence': 'a person-sized thing (0.5 m wide, 1.7 m tall) stood 41 s within 2 m of fence panel N07; the limit '
                    'is 30 s'}
    return Alert(**{**facts, **changes})
