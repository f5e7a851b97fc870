"""Writes reactions.csv: reaction times of invented people under two sounds and three tasks, from a seeded generator."""
import csv
import random
from pathlib import Path

random.seed(20240611)
GROUPS = ["student", "worker", "retired"]
SOUNDS = {"quiet": 0, "noise": 35}
TASKS = {"easy": 0, "medium": 60, "hard": 150}
rows = []
for i in range(30):
    group = GROUPS[0 if i < 12 else 1 if i < 22 else 2]
    base = random.gauss(430, 45) + {"student": 0, "worker": 15, "retired": 70}[group]
    slope = random.gauss(1, 0.35)
    row = {"person": f"p{i + 1:02}", "group": group, "sex": random.choice(["female", "male"])}
    for sound, more in SOUNDS.items():
        for task, load in TASKS.items():
            time = base + more * (1 + load / 150) + slope * load + random.gauss(0, 18 + load / 8)
            row[f"{sound}_{task}"] = "" if random.random() < 0.02 else round(time)
    rows.append(row)
with (Path(__file__).parent / "reactions.csv").open("w", newline="") as file:
    writer = csv.DictWriter(file, rows[0].keys(), lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
