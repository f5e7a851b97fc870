//! Choices and missing values.

use super::{Call, Function, Gives, Takes, function, takes};
use crate::report::Msg;

pub(super) static FUNCTIONS: &[Function] = &[
    function(
        Call::Coalesce,
        "coalesce",
        &[
            takes("x", Takes::Same),
            takes("otherwise", Takes::Same).many(),
        ],
        Gives::Same,
        Msg::new(
            "formula.function.coalesce",
            "The first of its values that is not missing.",
        ),
        "coalesce(price, 0)",
    )
    .also(&["nvl", "ifnull", "fillna"]),
    function(
        Call::If,
        "if",
        &[
            takes("condition", Takes::Truth),
            takes("then", Takes::Same),
            takes("otherwise", Takes::Same).optional(),
        ],
        Gives::Same,
        Msg::new(
            "formula.function.if",
            "The second value where the condition is true, the third where it is false, and missing where the condition is missing. Without a third value what is not true is missing.",
        ),
        "if(quantity >= 3, \"many\", \"few\")",
    )
    .also(&["ifelse", "if_else", "iif"]),
    function(
        Call::IsMissing,
        "is_missing",
        &[takes("x", Takes::Any)],
        Gives::Truth,
        Msg::new(
            "formula.function.is_missing",
            "Whether there is no value; the same as “x is missing”.",
        ),
        "is_missing(price)",
    )
    .also(&["is_null", "isnull", "is.na", "isna", "isblank"]),
    function(
        Call::NullIf,
        "null_if",
        &[takes("x", Takes::Same), takes("value", Takes::Same)],
        Gives::Same,
        Msg::new(
            "formula.function.null_if",
            "Missing where x is the value, else x: for codes such as 999 that stand for no answer.",
        ),
        "null_if(quantity, 1)",
    )
    .also(&["nullif", "na_if"]),
];
