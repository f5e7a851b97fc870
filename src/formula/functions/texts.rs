//! Texts.

use super::{Call, Function, Gives, Takes, function, takes};
use crate::report::Msg;

pub(super) static FUNCTIONS: &[Function] = &[
    function(
        Call::Concat,
        "concat",
        &[takes("x", Takes::Any), takes("y", Takes::Any).many()],
        Gives::Text,
        Msg::new(
            "formula.function.concat",
            "The values one after another as text; missing ones are passed over. With “&” one missing value makes all missing.",
        ),
        "concat(city, \"-\", quantity)",
    ),
    function(
        Call::Contains,
        "contains",
        &[takes("text", Takes::Text), takes("part", Takes::Text)],
        Gives::Truth,
        Msg::new(
            "formula.function.contains",
            "Whether the part stands somewhere in the text, capitals as they are.",
        ),
        "contains(note, \"red\")",
    ),
    function(
        Call::EndsWith,
        "ends_with",
        &[takes("text", Takes::Text), takes("part", Takes::Text)],
        Gives::Truth,
        Msg::new(
            "formula.function.ends_with",
            "Whether the text ends with the part.",
        ),
        "ends_with(note, \"red\")",
    ),
    function(
        Call::Extract,
        "extract",
        &[
            takes("text", Takes::Text),
            takes("pattern", Takes::Pattern),
            takes("group", Takes::FixedNumber).optional(),
        ],
        Gives::Text,
        Msg::new(
            "formula.function.extract",
            "The first place that fits the regular expression: its first group in brackets, else all of it; a third value names another group, 0 all of it. Missing where nothing fits.",
        ),
        "extract(note, \"([0-9]+)\")",
    )
    .also(&["regexp_extract", "str_extract"]),
    function(
        Call::LabelOf,
        "label",
        &[takes("column", Takes::Column)],
        Gives::Text,
        Msg::new(
            "formula.function.label",
            "The label of a column’s value, such as “female” for 1; a value without a label is spelt out.",
        ),
        "label(quantity)",
    ),
    function(
        Call::Left,
        "left",
        &[takes("text", Takes::Text), takes("n", Takes::Number)],
        Gives::Text,
        Msg::new(
            "formula.function.left",
            "The first n characters; below 0, all but the last ones.",
        ),
        "left(city, 2)",
    ),
    function(
        Call::Length,
        "length",
        &[takes("text", Takes::Text)],
        Gives::Whole,
        Msg::new("formula.function.length", "The number of characters."),
        "length(city)",
    )
    .also(&["len", "nchar", "char_length"]),
    function(
        Call::Lower,
        "lower",
        &[takes("text", Takes::Text)],
        Gives::Text,
        Msg::new("formula.function.lower", "The text in small letters."),
        "lower(city)",
    )
    .also(&["tolower", "lcase"]),
    function(
        Call::Matches,
        "matches",
        &[takes("text", Takes::Text), takes("pattern", Takes::Pattern)],
        Gives::Truth,
        Msg::new(
            "formula.function.matches",
            "Whether some place of the text fits the regular expression; ^ and $ hold it to the text’s ends.",
        ),
        "matches(note, \"^[A-Z]-[0-9]+\")",
    )
    .also(&["regexp_matches", "regexp_like", "grepl", "str_detect"]),
    function(
        Call::PadLeft,
        "pad_left",
        &[
            takes("text", Takes::Text),
            takes("n", Takes::Number),
            takes("with", Takes::Text).optional(),
        ],
        Gives::Text,
        Msg::new(
            "formula.function.pad_left",
            "The text with blanks, or with another character, before it until it has n characters; longer texts stay whole.",
        ),
        "pad_left(text(quantity), 3, \"0\")",
    ),
    function(
        Call::Position,
        "position",
        &[takes("text", Takes::Text), takes("part", Takes::Text)],
        Gives::Whole,
        Msg::new(
            "formula.function.position",
            "At which character, counted from 1, the part first stands in the text; 0 when it does not.",
        ),
        "position(note, \"-\")",
    )
    .also(&["strpos", "instr"]),
    function(
        Call::Replace,
        "replace",
        &[
            takes("text", Takes::Text),
            takes("part", Takes::Text),
            takes("with", Takes::Text),
        ],
        Gives::Text,
        Msg::new(
            "formula.function.replace",
            "The text with another in every place of the part.",
        ),
        "replace(note, \"-\", \"/\")",
    )
    .also(&["substitute"]),
    function(
        Call::ReplacePattern,
        "replace_pattern",
        &[
            takes("text", Takes::Text),
            takes("pattern", Takes::Pattern),
            takes("with", Takes::Text),
        ],
        Gives::Text,
        Msg::new(
            "formula.function.replace_pattern",
            "The text with another in every place that fits the regular expression; $1 stands for the first group in brackets.",
        ),
        "replace_pattern(note, \"[0-9]+\", \"#\")",
    )
    .also(&["gsub", "regexp_replace_all", "str_replace_all"]),
    function(
        Call::Right,
        "right",
        &[takes("text", Takes::Text), takes("n", Takes::Number)],
        Gives::Text,
        Msg::new(
            "formula.function.right",
            "The last n characters; below 0, all but the first ones.",
        ),
        "right(city, 2)",
    ),
    function(
        Call::SplitPart,
        "split_part",
        &[
            takes("text", Takes::Text),
            takes("separator", Takes::Text),
            takes("n", Takes::Number),
        ],
        Gives::Text,
        Msg::new(
            "formula.function.split_part",
            "Part n of the text, cut at each separator, counted from 1; −1 is the last. Missing where there are not so many.",
        ),
        "split_part(note, \"-\", 1)",
    ),
    function(
        Call::StartsWith,
        "starts_with",
        &[takes("text", Takes::Text), takes("part", Takes::Text)],
        Gives::Truth,
        Msg::new(
            "formula.function.starts_with",
            "Whether the text begins with the part.",
        ),
        "starts_with(note, \"A\")",
    ),
    function(
        Call::Substring,
        "substring",
        &[
            takes("text", Takes::Text),
            takes("start", Takes::Number),
            takes("n", Takes::Number).optional(),
        ],
        Gives::Text,
        Msg::new(
            "formula.function.substring",
            "n characters, or all that follow, from the character at start, counted from 1; −1 is the last character.",
        ),
        "substring(note, 3, 2)",
    )
    .also(&["mid", "substr"]),
    function(
        Call::TextOf,
        "text",
        &[takes("x", Takes::Any)],
        Gives::Text,
        Msg::new(
            "formula.function.text",
            "The value as text: numbers in their shortest spelling, dates as 2024-03-05.",
        ),
        "text(ordered)",
    )
    .also(&["to_text", "as.character"]),
    function(
        Call::Trim,
        "trim",
        &[takes("text", Takes::Text)],
        Gives::Text,
        Msg::new(
            "formula.function.trim",
            "The text without blanks at its ends.",
        ),
        "trim(\"  a b \")",
    )
    .also(&["strip", "trimws", "str_trim"]),
    function(
        Call::Upper,
        "upper",
        &[takes("text", Takes::Text)],
        Gives::Text,
        Msg::new("formula.function.upper", "The text in capitals."),
        "upper(city)",
    )
    .also(&["toupper", "ucase"]),
];
