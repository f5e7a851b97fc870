"""penguins_weights.csv: the penguins with weights of each kind and clusters, for tests of weighted analyses.

count: whole frequencies, none of them zero. amount: frequencies that are not whole. sample: how many of the
population a row stands for, a few of them missing. flock: 24 clusters.

    python make_weights.py
"""
import csv
from pathlib import Path

here = Path(__file__).parent
with open(here / "penguins.csv", newline="") as file:
    rows = list(csv.DictReader(file))
of_species = {"Adelie": 40.0, "Chinstrap": 12.5, "Gentoo": 25.0}
for i, row in enumerate(rows):
    row["count"] = 1 + (i * 7 + i // 5) % 4
    row["amount"] = round(0.4 + ((i * 37) % 29) / 10, 1)
    row["sample"] = "" if i % 61 == 7 else of_species[row["species"]] + ((i * 13) % 17) * 1.5
    row["flock"] = f"f{(i * 5 + i // 11) % 24 + 1:02}"
with open(here / "penguins_weights.csv", "w", newline="") as file:
    out = csv.DictWriter(file, list(rows[0]), lineterminator="\n")
    out.writeheader()
    out.writerows(rows)
