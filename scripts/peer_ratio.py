#!/usr/bin/env python3
"""Lines of scripts/bench_peer.sh: the times of two programs that took turns, and their ratios.

peer_ratio.py                       prints the heading
peer_ratio.py NAME FOLDER TURNS     reads FOLDER/ours.N and FOLDER/theirs.N, JSON of `shadenet bench` and peer_step.py
"""
import json
import pathlib
import statistics
import sys


def figures(reports, time_of):
    """The median of all turns' medians, and the least of all."""
    times = [time_of(report) for report in reports]
    return statistics.median(time["median"] for time in times), min(time["min"] for time in times)


def fastest(report, part, clock):
    """Of all memory formats, the one with the least median."""
    return min((form[part][clock] for form in report["forms"].values()), key=lambda time: time["median"])


def main():
    if len(sys.argv) == 1:
        heading = (f"{word:>10}" for word in ("shadenet", "min", "PyTorch", "min"))
        print(f"{'milliseconds':<23}", *heading, f"{'ratio':>7} {'of min':>7}", flush=True)
        return
    name, folder, turns = sys.argv[1], pathlib.Path(sys.argv[2]), int(sys.argv[3])
    ours, theirs = ([json.loads((folder / f"{who}.{turn}").read_text()) for turn in range(turns)]
                    for who in ("ours", "theirs"))
    rows = [("step", lambda r: r["train_step_ms"], "train_step", "ms"),
            ("processor", lambda r: r["plans"][0]["train_step_processor_ms"], "train_step", "processor_ms")]
    if "evaluation_ms" in ours[0]:  # filters have none
        rows.append(("evaluation", lambda r: r["evaluation_ms"], "evaluation", "ms"))
    for what, time_of, part, clock in rows:
        a, b = figures(ours, time_of), figures(theirs, lambda r, p=part, c=clock: fastest(r, p, c))
        print(f"{name:<12}{what:<11} {a[0]:>10.2f} {a[1]:>10.2f} {b[0]:>10.2f} {b[1]:>10.2f} {a[0] / b[0]:>7.2f} "
              f"{a[1] / b[1]:>7.2f}", flush=True)


if __name__ == "__main__":
    main()
