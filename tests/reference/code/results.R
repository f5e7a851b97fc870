# Runs a script of R and gives its results as JSON.
results_of <- function(script) {
  quoted <- function(s) {
    s <- gsub("\\", "\\\\", enc2utf8(s), fixed = TRUE); s <- gsub("\"", "\\\"", s, fixed = TRUE)
    paste0("\"", gsub("\n", "\\n", s, fixed = TRUE), "\"")
  }
  one <- function(v) {
    if (is.na(v)) "null" else if (is.character(v)) quoted(v) else if (is.logical(v)) tolower(v) else
      if (is.infinite(v)) (if (v > 0) "\"inf\"" else "\"-inf\"") else sprintf("%.17g", v)
  }
  vector <- function(v) paste0("[", paste(vapply(seq_along(v), function(i) one(v[[i]]), ""), collapse = ","), "]")
  named <- function(l, f) paste0("{", paste0(quoted(names(l)), ":", vapply(l, f, ""), collapse = ","), "}")
  world <- new.env(parent = globalenv())
  eval(parse(text = script, encoding = "UTF-8"), world)
  # Data frames by their names, or those of each group; nothing where a group has no answer.
  frames <- function(of) named(of, function(frame) named(as.list(frame), function(v) vector(if (is.factor(v)) as.character(v) else v)))
  of <- world$results
  if (all(vapply(of, is.data.frame, NA))) return(frames(of))
  named(setNames(of, paste("", names(of))), function(group) if (is.null(group)) "null" else frames(group))
}
