"""Clusters by scikit-learn's KMeans from given rows; silhouettes from distances that are exact."""
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent))
import numpy as np
from reference import FLIGHTS, LOANS, PENGUINS, read, write
from sklearn.cluster import KMeans
from sklearn.metrics import adjusted_rand_score, silhouette_samples
from sklearn.preprocessing import MinMaxScaler, RobustScaler, StandardScaler

MEASURES = ["bill_length_mm", "bill_depth_mm", "flipper_length_mm", "body_mass_g"]
SCALERS = {"standard": StandardScaler(), "min_max": MinMaxScaler(), "robust": RobustScaler(), "none": None}
PACKAGES = ["scikit-learn", "numpy"]


def clusters(frame, columns, scaling, k, start, with_silhouettes=True, **options):
    """The answer with clusters numbered from the largest, and the labels of all rows."""
    complete = frame[columns].notna().all(axis=1)
    raw = frame.loc[complete, columns].to_numpy()
    rows = SCALERS[scaling].fit_transform(raw) if SCALERS[scaling] else raw
    if start is not None:
        positions = np.searchsorted(frame.index[complete], np.array(start) - 1)
        options |= {"init": rows[positions], "n_init": 1, "tol": 0, "algorithm": "lloyd"}
    model = KMeans(k, **options).fit(rows)
    sizes = np.bincount(model.labels_)
    assert len(set(sizes)) == k, "sizes must differ for clusters to have one order"
    order = np.argsort(-sizes)
    labels = np.argsort(order)[model.labels_]
    if with_silhouettes:
        distances = np.sqrt(((rows[:, None] - rows[None]) ** 2).sum(axis=2))
        widths = silhouette_samples(distances, labels, metric="precomputed")
    squares = lambda rows: ((rows - rows.mean(axis=0)) ** 2).sum()
    within = [squares(rows[labels == c]) for c in range(k)]
    table = [{"cluster": f"Cluster {c + 1}", "n": sizes[order][c], "share": sizes[order][c] / len(rows), "within_ss": within[c]} for c in range(k)]
    table.append({"cluster": "All rows", "n": len(rows), "share": 1, "within_ss": sum(within)})
    if with_silhouettes:
        for c in range(k):
            table[c]["silhouette"] = widths[labels == c].mean()
        table[k]["silhouette"] = widths.mean()
    profile = [{"column": name} | {f"cluster_{c + 1}": raw[labels == c, j].mean() for c in range(k)} | {"all": raw[:, j].mean()}
               for j, name in enumerate(columns)]
    column = np.full(len(frame), None)
    column[complete] = [str(label + 1) for label in labels]
    total = squares(rows)
    return {
        "tables": {"clusters": table, "profile": profile},
        "sentences": {"segment.k_means.sums": [{"total": total, "between": total - sum(within), "share": 1 - sum(within) / total, "within": sum(within)}]},
        "outputs": {"clusters": {"n_rows": len(frame), "columns": {"cluster": list(column)}}},
    }, labels, complete


penguins = read(PENGUINS)
START = [1, 160, 300]
SOURCE = "KMeans(init=rows 1, 160 and 300, tol=0), silhouette_samples"
for scaling in SCALERS:
    expected, _, _ = clusters(penguins, MEASURES, scaling, 3, START)
    values = {"columns": MEASURES, "k": 3, "scaling": scaling, "start": "rows", "start_rows": "1, 160, 300", "tolerance": 0}
    write("segment.k_means", scaling, f"{SOURCE} after {SCALERS[scaling]}", PACKAGES, PENGUINS, values, expected, 1e-11)

expected, labels, complete = clusters(penguins, MEASURES, "standard", 3, None, n_init=50, random_state=1, tol=0)
write("segment.k_means", "defaults", "KMeans(n_init=50), adjusted_rand_score against species", PACKAGES, PENGUINS, {"columns": MEASURES},
      expected, 1e-11, adjusted_rand_index=float(adjusted_rand_score(penguins.species[complete], labels)))

tried = []
for k in range(2, 8):
    first = penguins.index[penguins[MEASURES].notna().all(axis=1)][:k] + 1
    expected, _, _ = clusters(penguins, MEASURES, "standard", k, list(first))
    share = expected["sentences"]["segment.k_means.sums"][0]["share"]
    tried.append({"k": k, "explained": share, "silhouette": expected["tables"]["clusters"][-1]["silhouette"]})
best = max(tried, key=lambda t: t["silhouette"])
first = penguins.index[penguins[MEASURES].notna().all(axis=1)][:best["k"]] + 1
expected, _, _ = clusters(penguins, MEASURES, "standard", best["k"], list(first))
expected["tables"]["range"] = tried
column = lambda key, of=lambda v: v: [of(t[key]) for t in tried]
expected["charts"] = {"elbow": {"marks": [{"x": column("k"), "y": column("explained", lambda v: 1 - v)}]},
                      "silhouette_by_k": {"marks": [{"x": column("k"), "y": column("silhouette")}]}}
write("segment.k_means", "range", "KMeans(k, init=first k rows, tol=0) for k = 2 to 7, the best silhouette kept", PACKAGES, PENGUINS,
      {"columns": MEASURES, "choose": "best", "k_min": 2, "k_max": 7, "start": "rows", "tolerance": 0}, expected, 1e-11)

loans = read(LOANS)
columns = ["annual_income_joint", "debt_to_income_joint", "interest_rate", "total_credit_limit"]
starts = list(loans.index[loans[columns].notna().all(axis=1)][[0, 500, 1000, 1400]] + 1)
expected, _, _ = clusters(loans, columns, "robust", 4, starts)
del expected["outputs"]
write("segment.k_means", "loans", "KMeans(init=rows) after RobustScaler, the rows without missing values", PACKAGES, LOANS,
      {"columns": columns, "k": 4, "scaling": "robust", "start": "rows", "start_rows": ", ".join(map(str, starts)), "tolerance": 0}, expected, 1e-11)

flights = read(FLIGHTS)
columns = ["dep_delay", "arr_delay", "air_time", "distance"]
starts = list(flights.index[flights[columns].notna().all(axis=1)][[0, 70000, 140000, 210000, 280000]] + 1)
expected, _, _ = clusters(flights, columns, "min_max", 5, starts, with_silhouettes=False)
del expected["outputs"]
write("segment.k_means", "flights", "KMeans(init=rows) after MinMaxScaler, the rows without missing values", PACKAGES, FLIGHTS,
      {"columns": columns, "k": 5, "scaling": "min_max", "start": "rows", "start_rows": ", ".join(map(str, starts)), "tolerance": 0}, expected, 1e-10)
