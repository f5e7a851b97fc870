// Linear regressions by R's lm on data sets that come with R:
//     npm install webr ws xmlhttprequest-ssl && node linear.mjs > linear.json
// `gvif` is car::vif's formula (Fox and Monette 1992) in base R, car not being part of it.
import { WebR } from 'webr';

const webR = new WebR();
await webR.init();
console.log(await webR.evalRString(String.raw`
num <- function(v) paste0("[", paste(ifelse(is.finite(v), sprintf("%.17g", v), "null"), collapse = ","), "]")
gvif <- function(fit, terms) {
  v <- vcov(fit); v <- v[rownames(v) != "(Intercept)", rownames(v) != "(Intercept)"]; r <- cov2cor(v)
  sapply(terms, function(i) det(r[i, i, drop = FALSE]) * det(r[-i, -i, drop = FALSE]) / det(r))
}
case <- function(name, formula, data, w = NULL, terms = NULL) {
  data$w <- if (is.null(w)) 1 else w
  fit <- if (is.null(w)) lm(formula, data) else lm(formula, data, weights = w)
  x <- model.matrix(fit); s <- summary(fit)
  kept <- which(!is.na(coef(fit)))
  table <- function(column) { v <- rep(NA, ncol(x)); v[kept] <- s$coefficients[, column]; num(v) }
  f <- s$fstatistic; if (is.null(f)) f <- c(NA, 0, fit$df.residual)
  some <- seq_len(min(2, nrow(x)))
  new <- as.data.frame(data[some, , drop = FALSE])
  p <- suppressWarnings(predict(fit, new, se.fit = TRUE))
  e <- residuals(fit)
  rows <- function(v) { all <- rep(NA, nrow(x)); all[match(names(v), rownames(x))] <- v; num(all) }  # no zero weights
  paste0('{"name":"', name, '","has_intercept":', tolower(attr(terms(fit), "intercept") == 1),
    ',"columns":[', paste(apply(x, 2, num), collapse = ","), '],"y":', num(model.response(model.frame(fit))),
    ',"weights":', if (is.null(w)) "null" else num(w),
    ',"kept":', num(kept - 1), ',"estimate":', num(coef(fit)), ',"standard_error":', table(2), ',"t":', table(3),
    ',"p":', table(4), ',"ci_lower":', num(confint(fit)[, 1]), ',"ci_upper":', num(confint(fit)[, 2]),
    ',"fitted":', num(fitted(fit)), ',"residuals":', num(e), ',"leverage":', rows(hatvalues(fit)),
    ',"studentised":', rows(rstandard(fit)), ',"cooks_distance":', rows(cooks.distance(fit)),
    ',"covariance":', num(as.vector(vcov(fit, complete = FALSE))),
    ',"scalars":', num(c(s$sigma, s$r.squared, s$adj.r.squared, f[1],
      if (is.na(f[1])) NA else pf(f[1], f[2], f[3], lower.tail = FALSE), f[2], f[3],
      logLik(fit), AIC(fit), BIC(fit), deviance(fit), sum(diff(e)^2) / sum(e^2))),
    ',"predicted":', num(p$fit), ',"predicted_se":', num(p$se.fit),
    ',"terms":', if (is.null(terms)) "null" else paste0("[", paste(sapply(terms, num), collapse = ","), "]"),
    ',"gvif":', if (is.null(terms)) "null" else num(gvif(fit, terms)), '}')
}
m <- mtcars
m$twice <- 2 * m$wt + 1
zero <- m$hp / 100; zero[c(3, 20)] <- 0
paste0("[", paste(c(
  case("factor", mpg ~ wt + hp + factor(cyl), m, terms = list(1, 2, 3:4)),
  case("weighted", mpg ~ wt + qsec, m, w = m$hp / 100, terms = list(1, 2)),
  case("zero weights", mpg ~ wt + qsec, m, w = zero),
  case("no intercept", dist ~ speed - 1, cars),
  case("no intercept, two", mpg ~ wt + disp - 1, m),
  case("aliased", mpg ~ wt + twice + hp, m),
  case("interaction", log(breaks) ~ wool * tension, warpbreaks, terms = list(1, 2:3, 4:5)),
  case("cubic", dist ~ speed + I(speed^2) + I(speed^3), cars),
  case("longley", Employed ~ ., longley, terms = as.list(1:6)),
  case("intercept alone", mpg ~ 1, m)), collapse = ",\n"), "]")`));
process.exit(0);
