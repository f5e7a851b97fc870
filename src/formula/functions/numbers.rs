//! Numbers.

use super::{Call, Function, Gives, Takes, function, takes};
use crate::report::Msg;

pub(super) static FUNCTIONS: &[Function] = &[
    function(
        Call::Abs,
        "abs",
        &[takes("x", Takes::Number)],
        Gives::Like,
        Msg::new("formula.function.abs", "The number without its sign."),
        "abs(-3)",
    ),
    function(
        Call::Atan2,
        "atan2",
        &[takes("y", Takes::Number), takes("x", Takes::Number)],
        Gives::Number,
        Msg::new(
            "formula.function.atan2",
            "The angle, in radians, from the x axis to the point (x, y).",
        ),
        "round(atan2(1, 1), 4)",
    ),
    function(
        Call::Ceil,
        "ceil",
        &[takes("x", Takes::Number)],
        Gives::Whole,
        Msg::new(
            "formula.function.ceil",
            "The least whole number that is not below x.",
        ),
        "ceil(-2.5)",
    )
    .also(&["ceiling"]),
    function(
        Call::Clip,
        "clip",
        &[
            takes("x", Takes::Number),
            takes("low", Takes::Number),
            takes("high", Takes::Number),
        ],
        Gives::Like,
        Msg::new(
            "formula.function.clip",
            "x, but not below low and not above high. An end that is missing does not bound.",
        ),
        "clip(quantity, 2, 4)",
    )
    .also(&["clamp"]),
    function(
        Call::Cos,
        "cos",
        &[takes("x", Takes::Number)],
        Gives::Number,
        Msg::new(
            "formula.function.cos",
            "The cosine of an angle in radians.",
        ),
        "cos(0)",
    ),
    function(
        Call::Exp,
        "exp",
        &[takes("x", Takes::Number)],
        Gives::Number,
        Msg::new("formula.function.exp", "e to the power of x."),
        "round(exp(1), 4)",
    ),
    function(
        Call::Floor,
        "floor",
        &[takes("x", Takes::Number)],
        Gives::Whole,
        Msg::new(
            "formula.function.floor",
            "The greatest whole number that is not above x.",
        ),
        "floor(-2.5)",
    ),
    function(
        Call::Log,
        "log",
        &[
            takes("x", Takes::Number),
            takes("base", Takes::Number).optional(),
        ],
        Gives::Number,
        Msg::new(
            "formula.function.log",
            "The logarithm: the natural one unless a base is given, as in R and Python; in Excel and most SQL, LOG has the base 10. Missing for 0 and below.",
        ),
        "log(8, 2)",
    )
    .also(&["ln"]),
    function(
        Call::Log10,
        "log10",
        &[takes("x", Takes::Number)],
        Gives::Number,
        Msg::new(
            "formula.function.log10",
            "The logarithm of base 10; missing for 0 and below.",
        ),
        "log10(1000)",
    ),
    function(
        Call::Log1p,
        "log1p",
        &[takes("x", Takes::Number)],
        Gives::Number,
        Msg::new(
            "formula.function.log1p",
            "The natural logarithm of 1 + x: for counts with zeros. Missing for −1 and below.",
        ),
        "log1p(0)",
    ),
    function(
        Call::Log2,
        "log2",
        &[takes("x", Takes::Number)],
        Gives::Number,
        Msg::new(
            "formula.function.log2",
            "The logarithm of base 2; missing for 0 and below.",
        ),
        "log2(1024)",
    ),
    function(
        Call::Max,
        "max",
        &[takes("a", Takes::Same), takes("b", Takes::Same), takes("c", Takes::Same).many()],
        Gives::Same,
        Msg::new(
            "formula.function.max",
            "The largest of the values of a row that are not missing. The largest of a column is max_of.",
        ),
        "max(quantity, 3)",
    )
    .also(&["greatest", "pmax"]),
    function(
        Call::Min,
        "min",
        &[takes("a", Takes::Same), takes("b", Takes::Same), takes("c", Takes::Same).many()],
        Gives::Same,
        Msg::new(
            "formula.function.min",
            "The smallest of the values of a row that are not missing. The smallest of a column is min_of.",
        ),
        "min(quantity, 3)",
    )
    .also(&["least", "pmin"]),
    function(
        Call::NumberOf,
        "number",
        &[takes("x", Takes::Any)],
        Gives::Number,
        Msg::new(
            "formula.function.number",
            "Text read as a number, as files are read: thousands separators, a currency sign or % may stand in it. Missing where it is none. Of true and false 1 and 0.",
        ),
        "number(\"1,234.5\")",
    )
    .also(&["to_number", "as.numeric"]),
    function(
        Call::Pi,
        "pi",
        &[],
        Gives::Number,
        Msg::new(
            "formula.function.pi",
            "The length of a circle over its width.",
        ),
        "round(pi(), 4)",
    ),
    function(
        Call::Round,
        "round",
        &[
            takes("x", Takes::Number),
            takes("digits", Takes::Number).optional(),
        ],
        Gives::Rounded,
        Msg::new(
            "formula.function.round",
            "x to so many digits after the point, or to a whole number; −3 rounds to thousands. Halves go away from zero, as in Excel and SQL, judged by the number as it is written: 2.675 gives 2.68.",
        ),
        "round(2.675, 2)",
    ),
    function(
        Call::Sign,
        "sign",
        &[takes("x", Takes::Number)],
        Gives::Whole,
        Msg::new("formula.function.sign", "−1, 0 or 1: on which side of zero x lies."),
        "sign(-3)",
    ),
    function(
        Call::Sin,
        "sin",
        &[takes("x", Takes::Number)],
        Gives::Number,
        Msg::new("formula.function.sin", "The sine of an angle in radians."),
        "sin(0)",
    ),
    function(
        Call::Sqrt,
        "sqrt",
        &[takes("x", Takes::Number)],
        Gives::Number,
        Msg::new(
            "formula.function.sqrt",
            "The square root; missing below 0.",
        ),
        "sqrt(9)",
    ),
    function(
        Call::Tan,
        "tan",
        &[takes("x", Takes::Number)],
        Gives::Number,
        Msg::new("formula.function.tan", "The tangent of an angle in radians."),
        "tan(0)",
    ),
    function(
        Call::Trunc,
        "trunc",
        &[takes("x", Takes::Number)],
        Gives::Whole,
        Msg::new(
            "formula.function.trunc",
            "The whole part of x: what stands before the point.",
        ),
        "trunc(-2.5)",
    ),
];
