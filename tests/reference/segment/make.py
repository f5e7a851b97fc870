"""Writes blobs.csv and expected.json: k-means, silhouettes, Rand index, scaling and principal
components by scikit-learn, run once with the versions that expected.json names.

    python -m venv venv && venv/bin/pip install numpy scikit-learn && venv/bin/python make.py
"""
import csv
import json
from pathlib import Path

import numpy as np
import sklearn
from sklearn.cluster import KMeans
from sklearn.decomposition import PCA
from sklearn.metrics import adjusted_rand_score, silhouette_samples, silhouette_score
from sklearn.preprocessing import MinMaxScaler, RobustScaler, StandardScaler

HERE = Path(__file__).parent
MEASURES = ["bill_length_mm", "bill_depth_mm", "flipper_length_mm", "body_mass_g"]


def penguins():
    with open(HERE / "../../data/penguins.csv", newline="") as file:
        rows = [row for row in csv.DictReader(file) if all(row[name] for name in MEASURES)]
    return np.array([[float(row[name]) for name in MEASURES] for row in rows]), [row["species"] for row in rows]


def blobs():
    """900 rows in 7 overlapping clouds of 5 features on very different scales."""
    random = np.random.default_rng(7)
    centres = random.normal(0, 3, (7, 5))
    rows = centres[random.integers(0, 7, 900)] + random.normal(0, 1.5, (900, 5))
    return (rows * [1, 10, 0.01, 1, 300] + [0, 5000, 0, -70, 1e4]).round(4)


def clustering(rows, k, steps):
    model = KMeans(k, init=rows[:k], n_init=1, max_iter=steps, tol=0, algorithm="lloyd").fit(rows)
    labels = model.labels_
    # The distances are handed over, as scikit-learn's own lose digits away from the origin.
    distances = np.sqrt(((rows[:, None] - rows[None]) ** 2).sum(axis=2))
    return {
        "k": k,
        "max_iterations": steps,
        "n_iterations": int(model.n_iter_),
        "labels": labels.tolist(),
        "centres": model.cluster_centers_.tolist(),
        "inertia": float(model.inertia_),
        "total_ss": float(((rows - rows.mean(axis=0)) ** 2).sum()),
        "silhouette": float(silhouette_score(distances, labels, metric="precomputed")),
        "silhouettes": silhouette_samples(distances, labels, metric="precomputed").tolist(),
    }


def components(rows):
    model = PCA(svd_solver="full").fit(rows)
    return {
        "variances": model.explained_variance_.tolist(),
        "shares": model.explained_variance_ratio_.tolist(),
        "loadings": model.components_.tolist(),
        "scores": model.transform(rows)[:20].tolist(),
    }


def main():
    measures, species = penguins()
    standard = StandardScaler().fit(measures)
    robust = RobustScaler().fit(measures)
    min_max = MinMaxScaler().fit(measures)
    scaled = standard.transform(measures)
    other = blobs()
    np.savetxt(HERE / "blobs.csv", other, fmt="%.4f", delimiter=",", header="a,b,c,d,e", comments="")
    penguin_clusters = clustering(scaled, 3, 300)
    expected = {
        "source": f"scikit-learn {sklearn.__version__}, numpy {np.__version__}",
        "scaling": {
            "standard": [standard.mean_.tolist(), standard.scale_.tolist()],
            "robust": [robust.center_.tolist(), robust.scale_.tolist()],
            "min_max": [min_max.data_min_.tolist(), min_max.data_range_.tolist()],
        },
        "penguins": penguin_clusters | {
            "adjusted_rand_index": float(adjusted_rand_score(species, penguin_clusters["labels"])),
        },
        "penguins_two_steps": clustering(scaled, 8, 2),
        "blobs": clustering(other, 7, 300),
        "blobs_five_steps": clustering(other, 12, 5),
        "pca_covariance": components(measures),
        "pca_correlation": components(scaled * np.sqrt((len(scaled) - 1) / len(scaled))),
    }
    (HERE / "expected.json").write_text(json.dumps(expected, indent=None, separators=(",", ":")) + "\n")


main()
