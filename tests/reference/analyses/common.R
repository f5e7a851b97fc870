# What the scripts of the analyses share: reading, writing cases as JSON, regression tables.
quoted <- function(s) paste0('"', gsub("\n", "\\n", gsub('(["\\\\])', '\\\\\\1', s), fixed = TRUE), '"')
arr <- function(v) structure(v, class = "arr")
rows <- function(df) lapply(seq_len(nrow(df)), function(i) as.list(df[i, , drop = FALSE]))
one <- function(v) {
  if (is.na(v)) "null" else if (is.character(v)) quoted(v) else if (is.logical(v)) tolower(v) else
    if (is.infinite(v)) (if (v > 0) '"inf"' else '"-inf"') else sprintf("%.17g", v)
}
to_json <- function(v) {
  if (is.list(v) && !length(v)) return("{}")
  if (is.list(v)) {
    inner <- sapply(v, to_json)
    if (is.null(names(v))) return(paste0("[", paste(inner, collapse = ","), "]"))
    return(paste0("{", paste0(quoted(names(v)), ":", inner, collapse = ","), "}"))
  }
  if (is.factor(v)) v <- as.character(v)
  if (inherits(v, "arr") || length(v) != 1) return(paste0("[", paste(sapply(unclass(v), one), collapse = ","), "]"))
  one(unname(v))
}
source_line <- function(of) paste0(of, "; ", R.version.string, " (webr); node make.mjs")
add <- function(name, of, data, values, expected, tolerance = 1e-9, ...) {
  table <- if (is.null(data)) list() else list(data = data)
  cases[[name]] <<- c(list(source = source_line(of)), table, list(values = values, tolerance = tolerance, ...), list(expected = expected))
}
# Text as factors whose levels are in the order of their letters, whatever the locale.
read <- function(file) {
  df <- read.csv(file, na.strings = c("", "NA"), strip.white = TRUE)
  for (n in names(df)) if (is.character(df[[n]])) df[[n]] <- factor(df[[n]], levels = sort(unique(df[[n]]), method = "radix"))
  df
}
penguins_file <- "tests/data/penguins.csv"
penguins <- read("penguins.csv")
