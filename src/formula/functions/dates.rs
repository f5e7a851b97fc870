//! Dates and times.

use super::{Call, Function, Gives, Takes, function, takes};
use crate::report::Msg;

pub(super) static FUNCTIONS: &[Function] = &[
    function(
        Call::DateOf,
        "date",
        &[
            takes("x", Takes::Any),
            takes("month", Takes::Number).optional(),
            takes("day", Takes::Number).optional(),
        ],
        Gives::Date,
        Msg::new(
            "formula.function.date",
            "Text read as a date, the date of a date with a time, or the date of a year, a month and a day. Missing where there is no such day.",
        ),
        "date(2024, 2, 29)",
    )
    .also(&["make_date", "to_date", "as.date"]),
    function(
        Call::DateAdd,
        "date_add",
        &[
            takes("unit", Takes::Unit),
            takes("moment", Takes::Stamp),
            takes("n", Takes::Number),
        ],
        Gives::Moved,
        Msg::new(
            "formula.function.date_add",
            "The moment n units later. A day that the month has not becomes its last one: one month after January 31 is the end of February.",
        ),
        "date_add(\"month\", ordered, 1)",
    )
    .also(&["dateadd"]),
    function(
        Call::DateDiff,
        "date_diff",
        &[
            takes("unit", Takes::Unit),
            takes("from", Takes::Stamp),
            takes("to", Takes::Stamp),
        ],
        Gives::Whole,
        Msg::new(
            "formula.function.date_diff",
            "How many beginnings of a unit lie between two moments, as in SQL: from December 31 to January 1 it is one year. Weeks begin on Monday. Whole units are counted by elapsed.",
        ),
        "date_diff(\"day\", ordered, date(2024, 12, 31))",
    )
    .also(&["datediff"]),
    function(
        Call::DateTimeOf,
        "date_time",
        &[
            takes("x", Takes::Any),
            takes("time", Takes::Clock).optional(),
        ],
        Gives::DateTime,
        Msg::new(
            "formula.function.date_time",
            "Text read as a date with a time, or a date together with a time of day; a date alone is its midnight.",
        ),
        "date_time(ordered, \"09:30\")",
    )
    .also(&["timestamp", "to_datetime", "as.posixct"]),
    function(
        Call::DateTrunc,
        "date_trunc",
        &[takes("unit", Takes::Unit), takes("moment", Takes::Stamp)],
        Gives::Moved,
        Msg::new(
            "formula.function.date_trunc",
            "The beginning of the unit that the moment lies in; weeks begin on Monday.",
        ),
        "date_trunc(\"month\", ordered)",
    )
    .also(&["floor_date"]),
    function(
        Call::Day,
        "day",
        &[takes("moment", Takes::Moment)],
        Gives::Whole,
        Msg::new("formula.function.day", "The day of the month, 1 to 31."),
        "day(ordered)",
    )
    .also(&["mday"]),
    function(
        Call::DayOfYear,
        "day_of_year",
        &[takes("moment", Takes::Moment)],
        Gives::Whole,
        Msg::new(
            "formula.function.day_of_year",
            "The day of the year, 1 to 366.",
        ),
        "day_of_year(ordered)",
    )
    .also(&["yday", "dayofyear"]),
    function(
        Call::DaysInMonth,
        "days_in_month",
        &[takes("moment", Takes::Moment)],
        Gives::Whole,
        Msg::new(
            "formula.function.days_in_month",
            "How many days the month has, 28 to 31.",
        ),
        "days_in_month(ordered)",
    ),
    function(
        Call::Elapsed,
        "elapsed",
        &[
            takes("unit", Takes::Unit),
            takes("from", Takes::Stamp),
            takes("to", Takes::Stamp),
        ],
        Gives::Whole,
        Msg::new(
            "formula.function.elapsed",
            "How many whole units have gone by between two moments: ages in years, months of a contract. Below 0 when the second comes first.",
        ),
        "elapsed(\"month\", ordered, date(2024, 12, 31))",
    )
    .also(&["datedif"]),
    function(
        Call::DateFormat,
        "format_date",
        &[
            takes("moment", Takes::Stamp),
            takes("pattern", Takes::DateFormat),
        ],
        Gives::Text,
        Msg::new(
            "formula.function.format_date",
            "The moment as text: %Y year, %y its last two digits, %m month, %d day, %H hour, %M minute, %S second, %j day of the year, %u weekday (1 is Monday), %G-%V year and week of ISO 8601, %q quarter, %% a percent sign.",
        ),
        "format_date(ordered, \"%Y-%m\")",
    )
    .also(&["strftime"]),
    function(
        Call::Hour,
        "hour",
        &[takes("time", Takes::Clock)],
        Gives::Whole,
        Msg::new("formula.function.hour", "The hour, 0 to 23."),
        "hour(time(\"13:05:09\"))",
    ),
    function(
        Call::IsoYear,
        "iso_year",
        &[takes("moment", Takes::Moment)],
        Gives::Whole,
        Msg::new(
            "formula.function.iso_year",
            "The year that the week of ISO 8601 belongs to: the last days of December may lie in week 1 of the next.",
        ),
        "iso_year(ordered)",
    )
    .also(&["isoyear"]),
    function(
        Call::Minute,
        "minute",
        &[takes("time", Takes::Clock)],
        Gives::Whole,
        Msg::new("formula.function.minute", "The minute, 0 to 59."),
        "minute(time(\"13:05:09\"))",
    ),
    function(
        Call::Month,
        "month",
        &[takes("moment", Takes::Moment)],
        Gives::Whole,
        Msg::new("formula.function.month", "The month, 1 to 12."),
        "month(ordered)",
    ),
    function(
        Call::MonthEnd,
        "month_end",
        &[takes("moment", Takes::Moment)],
        Gives::Date,
        Msg::new("formula.function.month_end", "The last day of the month."),
        "month_end(ordered)",
    )
    .also(&["last_day", "eomonth"]),
    function(
        Call::MonthStart,
        "month_start",
        &[takes("moment", Takes::Moment)],
        Gives::Date,
        Msg::new("formula.function.month_start", "The first day of the month."),
        "month_start(ordered)",
    ),
    function(
        Call::Quarter,
        "quarter",
        &[takes("moment", Takes::Moment)],
        Gives::Whole,
        Msg::new("formula.function.quarter", "The quarter of the year, 1 to 4."),
        "quarter(ordered)",
    ),
    function(
        Call::QuarterStart,
        "quarter_start",
        &[takes("moment", Takes::Moment)],
        Gives::Date,
        Msg::new(
            "formula.function.quarter_start",
            "The first day of the quarter.",
        ),
        "quarter_start(ordered)",
    ),
    function(
        Call::Second,
        "second",
        &[takes("time", Takes::Clock)],
        Gives::Whole,
        Msg::new("formula.function.second", "The second, 0 to 59."),
        "second(time(\"13:05:09\"))",
    ),
    function(
        Call::TimeOf,
        "time",
        &[takes("x", Takes::Any)],
        Gives::Time,
        Msg::new(
            "formula.function.time",
            "The time of day of a date with a time, or text read as a time of day.",
        ),
        "time(\"13:05:09\")",
    )
    .also(&["to_time"]),
    function(
        Call::Week,
        "week",
        &[takes("moment", Takes::Moment)],
        Gives::Whole,
        Msg::new(
            "formula.function.week",
            "The week of ISO 8601, 1 to 53: it begins on Monday, and week 1 holds the first Thursday of the year.",
        ),
        "week(ordered)",
    )
    .also(&["isoweek", "isoweeknum"]),
    function(
        Call::WeekStart,
        "week_start",
        &[takes("moment", Takes::Moment)],
        Gives::Date,
        Msg::new(
            "formula.function.week_start",
            "The Monday of the week.",
        ),
        "week_start(ordered)",
    ),
    function(
        Call::Weekday,
        "weekday",
        &[takes("moment", Takes::Moment)],
        Gives::Whole,
        Msg::new(
            "formula.function.weekday",
            "The day of the week, 1 for Monday to 7 for Sunday. Excel counts from Sunday.",
        ),
        "weekday(ordered)",
    )
    .also(&["isodow"]),
    function(
        Call::Year,
        "year",
        &[takes("moment", Takes::Moment)],
        Gives::Whole,
        Msg::new("formula.function.year", "The year."),
        "year(ordered)",
    ),
    function(
        Call::YearStart,
        "year_start",
        &[takes("moment", Takes::Moment)],
        Gives::Date,
        Msg::new("formula.function.year_start", "The first day of the year."),
        "year_start(ordered)",
    ),
];
