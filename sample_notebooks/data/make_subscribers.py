"""Writes subscribers.csv: invented subscribers of an invented broadband provider.

No row describes anybody. The same rows on every machine and Python: `random.Random` with a fixed seed promises that
for `random()` and everything below is made from it.

    python sample_notebooks/data/make_subscribers.py
"""

from __future__ import annotations

import csv
import math
import random
from pathlib import Path

ROWS = 640
SEED = 20260
COLUMNS = (
    "subscriber",
    "tenure_months",
    "contract",
    "monthly_fee",
    "data_gb",
    "support_calls",
    "late_payments",
    "autopay",
    "churned",
)
CONTRACTS = ("monthly", "yearly", "two-yearly")


def normal(rng: random.Random) -> float:
    """A standard normal draw (Box-Muller)."""
    return math.sqrt(-2.0 * math.log(1.0 - rng.random())) * math.cos(2.0 * math.pi * rng.random())


def count(rng: random.Random, mean: float) -> int:
    """A Poisson draw (Knuth)."""
    limit, product, k = math.exp(-mean), rng.random(), 0
    while product > limit:
        product *= rng.random()
        k += 1
    return k


def subscriber(rng: random.Random, number: int) -> dict[str, object]:
    """One invented subscriber, and whether they left."""
    tenure = 1 + int(70 * rng.random() ** 1.6)
    draw = rng.random()
    contract = CONTRACTS[0] if draw < 0.55 else CONTRACTS[1] if draw < 0.82 else CONTRACTS[2]
    fee = round(24.0 + 34.0 * rng.random() + 3.0 * normal(rng), 2)
    usage = max(2.0, 140.0 + 2.2 * (fee - 41.0) + 55.0 * normal(rng))
    calls = count(rng, 1.1)
    late = count(rng, 0.5)
    autopay = rng.random() < (0.45 if contract == "monthly" else 0.7)
    score = (
        -1.9
        + {"monthly": 1.35, "yearly": 0.0, "two-yearly": -1.2}[contract]
        - 0.035 * tenure
        + 0.045 * (fee - 41.0)
        + 0.52 * calls
        + 0.42 * late
        - 0.45 * autopay
        - 0.004 * (usage - 140.0)
    )
    left = rng.random() < 1.0 / (1.0 + math.exp(-score))
    return {
        "subscriber": 10_000 + number,
        "tenure_months": tenure,
        "contract": contract,
        "monthly_fee": f"{fee:.2f}",
        # The meter of some older routers does not report: left blank, as it is in life.
        "data_gb": "" if rng.random() < 0.06 else f"{usage:.1f}",
        "support_calls": calls,
        "late_payments": late,
        "autopay": "yes" if autopay else "no",
        "churned": int(left),
    }


def main() -> None:
    """Write the file beside this script."""
    rng = random.Random(SEED)
    target = Path(__file__).with_name("subscribers.csv")
    with target.open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, COLUMNS, lineterminator="\n")
        writer.writeheader()
        writer.writerows(subscriber(rng, number) for number in range(ROWS))


if __name__ == "__main__":
    main()
