"""Measure battery runs over many seeds: ``PYTHONPATH=. python test/evaluation/battery_seeds.py [SEEDS]``."""

import sys

from lepatrol.evaluation.battery_run import BatteryJob, run_battery

CASES = {
    'from its farthest point': {'route': 'perimeter', 'capacity_wh': 30.0, 'rounds': 2},
    'believing too little': {'route': 'perimeter', 'capacity_wh': 15.0, 'belief': 0.6},
    'in the air': {'route': 'wall_air', 'capacity_wh': 33.0, 'rounds': 2, 'charging_time_h': 0.03},
}


def main():
    seeds = int(sys.argv[1]) if len(sys.argv) > 1 else 20
    for name, case in CASES.items():
        flawless = 0
        for seed in range(1, seeds + 1):
            outcome = run_battery(BatteryJob(seed=seed, **case))
            flawless += outcome.flawless and bool(outcome.returns)
            ways = '; '.join(
                f'home from {each.began_m:.0f} m at {each.share:.0%}, there at {each.arrival_share:.0%}'
                + ('' if each.charged else ', not charged') for each in outcome.returns)
            print(f'{name}, seed {seed}: {outcome.answer}; {ways}; least {outcome.least_share:.0%}, '
                  f'{outcome.waypoints_missed} missed, {"in order" if outcome.in_order else "OUT OF ORDER"}, '
                  f'{outcome.collisions} collisions, {outcome.state}, {outcome.duration_s:.0f} s simulated in '
                  f'{outcome.wall_time_s:.0f} s', flush=True)
        print(f'{name}: {flawless} of {seeds} flawless, with a way home to charge', flush=True)


if __name__ == '__main__':
    main()
