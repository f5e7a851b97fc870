"""Writes orders.csv: orders of an invented shop, from a seeded generator. No person and no shop stands behind them."""
import csv
import random
from datetime import datetime, timedelta
from pathlib import Path

random.seed(20240305)
CITIES = ["서울 마포구 04001", "서울 강남구 06164", "부산 해운대구 48094", "Busan Suyeong-gu 48256", "Jeju 63122"]
CHANNELS = ["web", "app", "store", "phone"]
PRODUCTS = ["tea", "coffee", "cake"]
rows = []
for i in range(60):
    ordered = datetime(2023, 11, 6) + timedelta(minutes=random.randrange(60 * 24 * 150))
    days = random.choice([0, 1, 1, 2, 2, 3, 7, 31])
    delivered = "" if random.random() < 0.1 else (ordered + timedelta(days=days)).date()
    used = random.sample(CHANNELS, random.choice([1, 1, 2, 3]))
    product = random.choice(PRODUCTS)
    rows.append({
        "order": f"KR-{1000 + i}",
        "customer": f"c{random.randrange(1, 13):02}",
        "ordered": ordered.isoformat(sep=" "),
        "delivered": delivered,
        "product": product,
        "channels": "" if random.random() < 0.08 else "; ".join(used),
        "address": random.choice(["", " ", "  "]) + random.choice(CITIES) + random.choice(["", " "]),
        "amount": "" if random.random() < 0.05 else random.randrange(20, 400) * 100,
    })
rows.sort(key=lambda r: r["ordered"])
with (Path(__file__).parent / "orders.csv").open("w", newline="") as file:
    writer = csv.DictWriter(file, rows[0].keys(), lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
