//! Statistics of a column, and values that depend on other rows.

use super::{Call, Function, Gives, Takes, function, takes};
use crate::report::Msg;

pub(super) static STATISTICS: &[Function] = &[
    function(
        Call::All,
        "all",
        &[takes("condition", Takes::Truth)],
        Gives::Truth,
        Msg::new(
            "formula.function.all",
            "Whether the condition is true in all rows where it is not missing.",
        ),
        "all(quantity > 0)",
    ),
    function(
        Call::Any,
        "any",
        &[takes("condition", Takes::Truth)],
        Gives::Truth,
        Msg::new(
            "formula.function.any",
            "Whether the condition is true in some row.",
        ),
        "any(price > 15 by city)",
    ),
    function(
        Call::Count,
        "count",
        &[takes("x", Takes::Any)],
        Gives::Whole,
        Msg::new(
            "formula.function.count",
            "The number of values that are not missing.",
        ),
        "count(price)",
    ),
    function(
        Call::CountDistinct,
        "count_distinct",
        &[takes("x", Takes::Any)],
        Gives::Whole,
        Msg::new(
            "formula.function.count_distinct",
            "The number of different values that are not missing.",
        ),
        "count_distinct(city)",
    )
    .also(&["n_distinct", "nunique"]),
    function(
        Call::CountIf,
        "count_if",
        &[takes("condition", Takes::Truth)],
        Gives::Whole,
        Msg::new(
            "formula.function.count_if",
            "The number of rows where the condition is true.",
        ),
        "count_if(quantity >= 3)",
    )
    .also(&["countif"]),
    function(
        Call::First,
        "first",
        &[takes("x", Takes::Same)],
        Gives::Same,
        Msg::new(
            "formula.function.first",
            "The first value, in the order of the rows, that is not missing.",
        ),
        "first(price by city)",
    ),
    function(
        Call::Last,
        "last",
        &[takes("x", Takes::Same)],
        Gives::Same,
        Msg::new(
            "formula.function.last",
            "The last value, in the order of the rows, that is not missing.",
        ),
        "last(price by city)",
    ),
    function(
        Call::MaxOf,
        "max_of",
        &[takes("x", Takes::Same)],
        Gives::Same,
        Msg::new("formula.function.max_of", "The largest value of the column."),
        "max_of(price)",
    ),
    function(
        Call::Mean,
        "mean",
        &[takes("x", Takes::Number)],
        Gives::Number,
        Msg::new(
            "formula.function.mean",
            "The arithmetic mean of the values that are not missing; of truth values the share that is true.",
        ),
        "mean(quantity by city)",
    )
    .also(&["avg", "average"]),
    function(
        Call::Median,
        "median",
        &[takes("x", Takes::Number)],
        Gives::Number,
        Msg::new(
            "formula.function.median",
            "The value in the middle; between two the mean of both.",
        ),
        "median(quantity)",
    ),
    function(
        Call::MinOf,
        "min_of",
        &[takes("x", Takes::Same)],
        Gives::Same,
        Msg::new("formula.function.min_of", "The smallest value of the column."),
        "min_of(ordered)",
    ),
    function(
        Call::Mode,
        "mode",
        &[takes("x", Takes::Same)],
        Gives::Same,
        Msg::new(
            "formula.function.mode",
            "The most frequent value; of several the one that comes first in the rows.",
        ),
        "mode(price)",
    ),
    function(
        Call::Quantile,
        "quantile",
        &[takes("x", Takes::Number), takes("p", Takes::FixedNumber)],
        Gives::Number,
        Msg::new(
            "formula.function.quantile",
            "The value below which the share p, from 0 to 1, of the values lies; between two values in proportion (type 7, as in R, Python and Excel).",
        ),
        "quantile(quantity, 0.25)",
    )
    .also(&["percentile", "quantile_cont"]),
    function(
        Call::Rows,
        "rows",
        &[],
        Gives::Whole,
        Msg::new("formula.function.rows", "The number of rows."),
        "rows(by city)",
    ),
    function(
        Call::Sd,
        "sd",
        &[takes("x", Takes::Number)],
        Gives::Number,
        Msg::new(
            "formula.function.sd",
            "The standard deviation, with n − 1 in the denominator.",
        ),
        "round(sd(quantity), 4)",
    )
    .also(&["stdev", "std", "stddev"]),
    function(
        Call::Sum,
        "sum",
        &[takes("x", Takes::Number)],
        Gives::Like,
        Msg::new(
            "formula.function.sum",
            "The sum of the values that are not missing; of truth values how many are true.",
        ),
        "sum(quantity by city)",
    ),
    function(
        Call::Variance,
        "var",
        &[takes("x", Takes::Number)],
        Gives::Number,
        Msg::new(
            "formula.function.var",
            "The variance, with n − 1 in the denominator.",
        ),
        "var(quantity)",
    )
    .also(&["variance"]),
];

pub(super) static WINDOWS: &[Function] = &[
    function(
        Call::CumulativeMax,
        "cummax",
        &[takes("x", Takes::Number)],
        Gives::Like,
        Msg::new(
            "formula.function.cummax",
            "The largest value up to this row; missing where x is.",
        ),
        "cummax(quantity)",
    ),
    function(
        Call::CumulativeMin,
        "cummin",
        &[takes("x", Takes::Number)],
        Gives::Like,
        Msg::new(
            "formula.function.cummin",
            "The smallest value up to this row; missing where x is.",
        ),
        "cummin(quantity)",
    ),
    function(
        Call::CumulativeSum,
        "cumsum",
        &[takes("x", Takes::Number)],
        Gives::Like,
        Msg::new(
            "formula.function.cumsum",
            "The sum of the values up to this row; missing where x is, and going on behind it.",
        ),
        "cumsum(quantity)",
    )
    .also(&["cumulative_sum", "running_total", "cum_sum"]),
    function(
        Call::DenseRank,
        "dense_rank",
        &[takes("x", Takes::Same)],
        Gives::Whole,
        Msg::new(
            "formula.function.dense_rank",
            "The rank from the smallest value on, equals sharing one and none left out.",
        ),
        "dense_rank(quantity)",
    ),
    function(
        Call::Diff,
        "diff",
        &[takes("x", Takes::Number)],
        Gives::Like,
        Msg::new(
            "formula.function.diff",
            "The value less that of the row before; missing in the first row.",
        ),
        "diff(quantity)",
    )
    .also(&["difference"]),
    function(
        Call::FillForward,
        "fill_forward",
        &[takes("x", Takes::Same)],
        Gives::Same,
        Msg::new(
            "formula.function.fill_forward",
            "The value, or where it is missing the last one before it.",
        ),
        "fill_forward(price)",
    )
    .also(&["ffill", "locf"]),
    function(
        Call::Lag,
        "lag",
        &[
            takes("x", Takes::Same),
            takes("n", Takes::FixedNumber).optional(),
        ],
        Gives::Same,
        Msg::new(
            "formula.function.lag",
            "The value of the row before, or of n rows before; missing where there is none.",
        ),
        "lag(quantity)",
    )
    .also(&["shift"]),
    function(
        Call::Lead,
        "lead",
        &[
            takes("x", Takes::Same),
            takes("n", Takes::FixedNumber).optional(),
        ],
        Gives::Same,
        Msg::new(
            "formula.function.lead",
            "The value of the next row, or of n rows on; missing where there is none.",
        ),
        "lead(quantity)",
    ),
    function(
        Call::Ntile,
        "ntile",
        &[takes("x", Takes::Same), takes("n", Takes::FixedNumber)],
        Gives::Whole,
        Msg::new(
            "formula.function.ntile",
            "In which of n parts of equal size, 1 to n, the row lies when the rows are put in the order of x; equals go by the order of the rows, and the first parts take what is over.",
        ),
        "ntile(quantity, 2)",
    ),
    function(
        Call::PercentRank,
        "percent_rank",
        &[takes("x", Takes::Same)],
        Gives::Number,
        Msg::new(
            "formula.function.percent_rank",
            "The rank as a share: 0 for the smallest value, 1 for the largest when it is alone.",
        ),
        "percent_rank(quantity)",
    ),
    function(
        Call::Rank,
        "rank",
        &[takes("x", Takes::Same)],
        Gives::Whole,
        Msg::new(
            "formula.function.rank",
            "The rank from the smallest value on; equals share the first rank of theirs, as in SQL. From the largest on: rank(-x).",
        ),
        "rank(quantity)",
    )
    .also(&["min_rank"]),
    function(
        Call::RankAverage,
        "rank_average",
        &[takes("x", Takes::Same)],
        Gives::Number,
        Msg::new(
            "formula.function.rank_average",
            "The rank from the smallest value on; equals share the mean of their ranks, as in R.",
        ),
        "rank_average(quantity)",
    )
    .also(&["rank_avg"]),
    function(
        Call::RowNumber,
        "row_number",
        &[],
        Gives::Whole,
        Msg::new(
            "formula.function.row_number",
            "The number of the row, from 1 on.",
        ),
        "row_number(by city)",
    ),
    function(
        Call::Share,
        "share",
        &[takes("x", Takes::Number)],
        Gives::Number,
        Msg::new(
            "formula.function.share",
            "The value over the sum of the column.",
        ),
        "share(quantity by city)",
    ),
    function(
        Call::Zscore,
        "zscore",
        &[takes("x", Takes::Number)],
        Gives::Number,
        Msg::new(
            "formula.function.zscore",
            "How many standard deviations the value lies above the mean.",
        ),
        "round(zscore(quantity), 4)",
    )
    .also(&["z_score", "standardize"]),
];
