//! k-means in R and Python (scikit-learn).

use super::{Choose, Options, Scaling, StartAt};
use crate::spec::code::filled;
use crate::spec::{CodeTables, Language};

pub(super) fn code(options: &Options, _tables: &CodeTables, language: Language) -> Option<String> {
    let l = language;
    let ks: Vec<usize> = match options.choose {
        Choose::Fixed => vec![options.k],
        _ => {
            let mut ks: Vec<usize> = (options.k_min..=options.k_max).collect();
            if options.choose == Choose::Compare && !ks.contains(&options.k) {
                ks.push(options.k);
                ks.sort_unstable();
            }
            ks
        }
    };
    let is_range = ks.len() > 1;
    let ks = l.list(ks.iter().map(usize::to_string));
    let start_rows: Vec<&str> = options
        .start_rows
        .split([',', ' ', ';'])
        .filter(|w| !w.is_empty())
        .collect();
    let start = match (options.start, start_rows.is_empty(), l) {
        (StartAt::PlusPlus, _, Language::R) => R_RANDOM.to_string(),
        (StartAt::PlusPlus, _, Language::Python) => PYTHON_RANDOM.to_string(),
        (StartAt::Rows, true, Language::R) => R_ROWS.replace("__ROWS__", "seq_len(k)"),
        (StartAt::Rows, true, Language::Python) => PYTHON_ROWS.replace("__ROWS__", "np.arange(k)"),
        (StartAt::Rows, false, Language::R) => {
            let rows = format!("match({}, which(complete))", l.list(start_rows));
            R_ROWS.replace("__ROWS__", &rows)
        }
        (StartAt::Rows, false, Language::Python) => {
            let rows = format!(
                "np.searchsorted(np.flatnonzero(complete) + 1, {})",
                l.list(start_rows)
            );
            PYTHON_ROWS.replace("__ROWS__", &rows)
        }
    };
    let (template, scale, tried) = match l {
        Language::R => (R, r_scale(options.scaling), R_TRIED),
        Language::Python => (PYTHON, python_scale(options.scaling), PYTHON_TRIED),
    };
    let chosen = match (options.choose, l) {
        (Choose::Best, Language::R) => {
            "which.max(sapply(tried, function(t) mean(t$widths)))".into()
        }
        (Choose::Best, Language::Python) => {
            "np.argmax([t[\"widths\"].mean() for t in tried])".into()
        }
        (_, Language::R) => format!("match({}, ks)", options.k),
        (_, Language::Python) => format!("ks.index({})", options.k),
    };
    let text = format!("{template}{}", if is_range { tried } else { "" });
    Some(filled(
        &text,
        &[
            ("START", start.as_str()),
            ("COLUMNS", &l.texts(&options.columns)),
            ("SCALE", scale),
            ("KS", &ks),
            ("CHOSEN", &chosen),
            ("RESTARTS", &options.restarts.to_string()),
            ("STEPS", &options.max_iterations.to_string()),
            ("TOLERANCE", &l.number(options.tolerance)),
        ],
    ))
}

fn r_scale(scaling: Scaling) -> &'static str {
    match scaling {
        Scaling::Standard => {
            "centre <- colMeans(x)
spread <- apply(x, 2, function(v) sqrt(mean((v - mean(v))^2)))
"
        }
        Scaling::MinMax => {
            "centre <- apply(x, 2, min)
spread <- apply(x, 2, max) - centre
"
        }
        Scaling::Robust => {
            "centre <- apply(x, 2, median)
spread <- apply(x, 2, IQR)
"
        }
        Scaling::None => {
            "centre <- rep(0, ncol(x))
spread <- rep(1, ncol(x))
"
        }
    }
}

fn python_scale(scaling: Scaling) -> &'static str {
    match scaling {
        Scaling::Standard => "centre, spread = x.mean(axis=0), x.std(axis=0)\n",
        Scaling::MinMax => "centre, spread = x.min(axis=0), np.ptp(x, axis=0)\n",
        Scaling::Robust => {
            "low, centre, high = np.quantile(x, [0.25, 0.5, 0.75], axis=0)\nspread = high - low\n"
        }
        Scaling::None => "centre, spread = np.zeros(x.shape[1]), np.ones(x.shape[1])\n",
    }
}

const R_RANDOM: &str =
    "  # Random starts of R's own: the same clusters where both find the best ones.
  found <- kmeans(scaled, k, nstart = __RESTARTS__, iter.max = __STEPS__, algorithm = \"Lloyd\")
";

const R_ROWS: &str = "  found <- kmeans(scaled, scaled[__ROWS__, , drop = FALSE], iter.max = __STEPS__, algorithm = \"Lloyd\")
";

const R: &str = r#"complete <- complete.cases(data[__COLUMNS__])
x <- as.matrix(data[complete, __COLUMNS__, drop = FALSE])
__SCALE__spread[spread == 0] <- 1
scaled <- sweep(sweep(x, 2, centre), 2, spread, "/")
squares <- function(v) sum(sweep(v, 2, colMeans(v))^2)
total <- squares(scaled)

# How much nearer each row is to its own cluster than to the next one.
silhouettes <- function(labels, k) {
  distance <- as.matrix(dist(scaled))
  sums <- sapply(seq_len(k), function(c) rowSums(distance[, labels == c, drop = FALSE]))
  size <- tabulate(labels, k)
  own <- cbind(seq_along(labels), labels)
  a <- sums[own] / (size[labels] - 1)
  sums[own] <- Inf
  b <- apply(sweep(sums, 2, size, "/"), 1, min)
  ifelse(size[labels] == 1, 0, (b - a) / pmax(a, b))
}

ks <- __KS__
set.seed(1)
tried <- lapply(ks, function(k) {
__START__  labels <- match(found$cluster, order(-found$size))
  within <- sapply(seq_len(k), function(c) squares(scaled[labels == c, , drop = FALSE]))
  # The report takes a sample of more rows than these.
  widths <- if (nrow(scaled) <= 3000) silhouettes(labels, k) else NA
  list(k = k, labels = labels, within = within, widths = widths)
})
best <- tried[[__CHOSEN__]]
n <- tabulate(best$labels, best$k)
results <- list(
  clusters = data.frame(
    n = c(n, nrow(x)), share = c(n, nrow(x)) / nrow(x), within_ss = c(best$within, sum(best$within))
  ),
  profile = data.frame(
    setNames(data.frame(t(rowsum(x, best$labels) / n)), paste0("cluster_", seq_len(best$k))), all = colMeans(x)
  )
)
if (!anyNA(best$widths)) {
  results$clusters$silhouette <- c(tapply(best$widths, best$labels, mean), mean(best$widths))
}
"#;

const R_TRIED: &str = r#"results$range <- data.frame(k = ks, explained = sapply(tried, function(t) 1 - sum(t$within) / total))
if (!anyNA(best$widths)) results$range$silhouette <- sapply(tried, function(t) mean(t$widths))
"#;

const PYTHON_RANDOM: &str =
    "    # Random starts of another generator: the same clusters where both find the best ones.
    options = {\"init\": \"k-means++\", \"n_init\": __RESTARTS__, \"random_state\": 1}
";

const PYTHON_ROWS: &str = "    options = {\"init\": scaled[__ROWS__], \"n_init\": 1}
";

const PYTHON: &str = r#"from scipy.spatial.distance import cdist
from sklearn.cluster import KMeans
from sklearn.metrics import silhouette_samples

complete = data[__COLUMNS__].notna().all(axis=1)
x = data.loc[complete, __COLUMNS__].to_numpy(float)
__SCALE__scaled = (x - centre) / np.where(spread > 0, spread, 1)


def squares(v):
    return ((v - v.mean(axis=0)) ** 2).sum()


ks, tried = __KS__, []
for k in ks:
__START__    found = KMeans(k, max_iter=__STEPS__, tol=__TOLERANCE__, algorithm="lloyd", **options).fit(scaled)
    largest_first = np.argsort(-np.bincount(found.labels_), kind="stable")
    labels = np.argsort(largest_first)[found.labels_]
    widths = np.full(1, np.nan)
    if len(scaled) <= 3000:  # the report takes a sample of more rows than these
        widths = silhouette_samples(cdist(scaled, scaled), labels, metric="precomputed")
    within = np.array([squares(scaled[labels == c]) for c in range(k)])
    tried.append({"labels": labels, "widths": widths, "within": within})
best = tried[__CHOSEN__]
labels, widths, within = best["labels"], best["widths"], best["within"]
n = np.bincount(labels)
results = {
    "clusters": pd.DataFrame({
        "n": np.r_[n, len(x)], "share": np.r_[n, len(x)] / len(x), "within_ss": np.r_[within, within.sum()],
    }),
    "profile": pd.DataFrame({f"cluster_{c + 1}": x[labels == c].mean(axis=0) for c in range(len(n))}),
}
results["profile"]["all"] = x.mean(axis=0)
if len(widths) > 1:
    results["clusters"]["silhouette"] = [*(widths[labels == c].mean() for c in range(len(n))), widths.mean()]
"#;

const PYTHON_TRIED: &str = r#"results["range"] = pd.DataFrame({"k": ks, "explained": [1 - t["within"].sum() / squares(scaled) for t in tried]})
if len(widths) > 1:
    results["range"]["silhouette"] = [t["widths"].mean() for t in tried]
"#;
