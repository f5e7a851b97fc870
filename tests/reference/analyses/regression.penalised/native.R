# glmnet and cv.glmnet, run to the last digits, with folds from a column.
use("glmnet")
p <- penguins[complete.cases(penguins), ]; p$fold <- (seq_len(nrow(p)) * 7) %% 5 + 1; p$weight <- 1 + (seq_len(nrow(p)) %% 3)
files[["penguins_folds.csv"]] <- paste(c(paste(names(p), collapse = ","), do.call(paste, c(lapply(p, function(v)
  ifelse(is.na(v), "", if (is.factor(v)) as.character(v) else sprintf("%.17g", v))), sep = ","))), collapse = "\n")
file <- "tests/reference/analyses/regression.penalised/penguins_folds.csv"
glmnet.control(fdev = 0, devmax = 1)
case <- function(name, of, formula, data, values, alpha, choose, w = rep(1, nrow(data)), folds = data$fold, lambda = NULL, path, tolerance = 1e-7) {
  x <- model.matrix(formula, data)[, -1, drop = FALSE]; y <- model.response(model.frame(formula, data))
  # Given the sizes, the folds are fitted at them; else at their own, with straight lines between.
  sizes <- glmnet(x, y, weights = w, alpha = alpha, thresh = 1e-22, maxit = 1e8, nlambda = path)$lambda
  cv <- cv.glmnet(x, y, weights = w, foldid = folds, alpha = alpha, thresh = 1e-22, maxit = 1e8, lambda = sizes, type.measure = "mse")
  at <- switch(choose, best = cv$lambda.min, simplest = cv$lambda.1se, lambda); f <- cv$glmnet.fit
  b <- if (is.null(lambda)) coef(f, s = at) else coef(glmnet(x, y, weights = w, alpha = alpha, thresh = 1e-22, maxit = 1e8, lambda = c(f$lambda[f$lambda > lambda], lambda)), s = lambda)
  rows <- lapply(seq_along(b), function(j) list(estimate = b[j])); i <- match(cv$lambda.min, cv$lambda); k <- match(cv$lambda.1se, cv$lambda)
  line <- function(m) list(lambda = cv$lambda[m], n_nonzero = cv$nzero[[m]], r_squared = f$dev.ratio[m], cv_error = cv$cvm[m], cv_se = cv$cvsd[m])
  add(name, of, file, values, list(tables = list(coefficients = rows, path = if (is.null(lambda)) list(line(i), line(k), line(match(at, cv$lambda))) else list(line(i), line(k), list(lambda = lambda)))), tolerance = tolerance, loose = list(cv_se = 1e-6))
}
all <- c("flipper_length_mm", "bill_length_mm", "bill_depth_mm", "species", "sex", "year")
formula <- body_mass_g ~ flipper_length_mm + bill_length_mm + bill_depth_mm + species + sex + year
case("lasso", "cv.glmnet(alpha = 1, foldid = fold), lambda.1se", formula, p, list(outcome = "body_mass_g", predictors = arr(all), choose = "simplest", fold_column = "fold", path_length = 60), 1, "simplest", path = 60)
case("elastic_net", "cv.glmnet(alpha = 0.3, foldid = fold), lambda.min", formula, p, list(outcome = "body_mass_g", predictors = arr(all), penalty = "elastic_net", mixing = 0.3, fold_column = "fold", path_length = 60), 0.3, "best", path = 60)
case("ridge_weighted", "cv.glmnet(alpha = 0, weights = weight, foldid = fold), lambda.min", formula, p, list(outcome = "body_mass_g", predictors = arr(all), penalty = "ridge", weights = "weight", fold_column = "fold", path_length = 40), 0, "best", w = p$weight, path = 40, tolerance = 1e-6)
case("given", "glmnet(alpha = 1, lambda = 40)", body_mass_g ~ flipper_length_mm + island + bill_depth_mm, p, list(outcome = "body_mass_g", predictors = arr(c("flipper_length_mm", "island", "bill_depth_mm")), choose = "given", lambda = 40, fold_column = "fold"), 1, "given", lambda = 40, path = 100)
