# Reference values for tests/stats on rare events, exact methods, mixed models, Bayesian pooling, standardisation and survival.
# Run from the project's root:
#   Rscript tests/references/metafor_rare.R > tests/references/metafor_rare.json
# Debian: apt-get install r-cran-metafor r-cran-lme4 r-cran-biasedurn r-cran-numderiv r-cran-survival r-cran-epitools.
# Whatever no package gives is integrated or summed here in base R, independently of the Python code.

suppressMessages({library(metafor); library(survival); library(epitools)})

bcg <- read.csv("tests/references/bcg.csv")
bcg <- data.frame(ai = bcg$tpos, n1i = bcg$tpos + bcg$tneg, ci = bcg$cpos, n2i = bcg$cpos + bcg$cneg)

tables <- list(
  bcg = bcg,
  tolbutamide = data.frame(ai = c(8, 22), n1i = c(106, 98), ci = c(5, 16), n2i = c(120, 85)),
  # rare events as in six registries: two without any event, one with none in the first group
  sparse = data.frame(ai = c(2, 0, 1, 3, 0, 1), n1i = c(600, 350, 420, 900, 150, 260), ci = c(1, 1, 0, 1, 0, 0),
                      n2i = c(580, 420, 300, 1100, 140, 310)),
  # heterogeneous and moderately rare
  uneven = data.frame(ai = c(12, 3, 1, 25, 4, 9), n1i = c(300, 250, 210, 400, 150, 260), ci = c(4, 9, 3, 6, 1, 2),
                      n2i = c(310, 240, 190, 410, 140, 255))
)
times <- list(
  smoking_doctors = data.frame(x1i = c(32, 104, 206, 186, 102), t1i = c(52407, 43248, 28612, 12663, 5317),
                               x2i = c(2, 12, 28, 28, 31), t2i = c(18790, 10673, 5710, 2585, 1462)),
  sparse = data.frame(x1i = c(4, 0, 3, 0, 1, 0), t1i = c(2400, 800, 1500, 620, 930, 300), x2i = c(2, 1, 1, 0, 0, 2),
                      t2i = c(2600, 750, 1900, 500, 870, 310)),
  uneven = data.frame(x1i = c(14, 3, 25, 6, 11), t1i = c(2400, 800, 1500, 620, 930), x2i = c(5, 9, 6, 4, 1),
                      t2i = c(2600, 750, 1900, 500, 870))
)
rates <- list(
  zeros = data.frame(xi = c(4, 0, 3, 0, 1, 9), ti = c(2400, 800, 1500, 620, 930, 1800)),
  alike = data.frame(xi = c(3, 4, 2, 5), ti = c(1000, 1300, 700, 1600))
)
proportions <- list(
  covid_deaths = data.frame(xi = c(3, 13, 12, 4, 6, 2), ni = c(309, 844, 347, 86, 76, 48)),
  zeros = data.frame(xi = c(0, 2, 0, 1, 5), ni = c(120, 310, 90, 240, 200))
)

mh <- function(d, measure, level = 95) {
  r <- if (measure %in% c("IRR", "IRD")) {
    rma.mh(measure = measure, x1i = x1i, t1i = t1i, x2i = x2i, t2i = t2i, data = d, level = level)
  } else {
    rma.mh(measure = measure, ai = ai, n1i = n1i, ci = ci, n2i = n2i, data = d, level = level)
  }
  list(measure = measure, estimate = as.numeric(r$beta), se = r$se, ci_lower = r$ci.lb, ci_upper = r$ci.ub, p = r$pval,
       q = r$QE, q_df = r$k.yi - 1, q_p = r$QEp, i2 = r$I2, h2 = r$H2, weights = as.numeric(weights(r)))
}
associations <- function(d) {
  plain <- suppressWarnings(rma.mh(measure = "OR", ai = ai, n1i = n1i, ci = ci, n2i = n2i, data = d, correct = FALSE))
  yates <- suppressWarnings(rma.mh(measure = "OR", ai = ai, n1i = n1i, ci = ci, n2i = n2i, data = d, correct = TRUE))
  list(cochran = plain$CO, mantel_haenszel = plain$MH, mantel_haenszel_corrected = yates$MH, breslow_day = plain$BD,
       tarone = plain$TA, df = plain$k.pos - 1, tarone_p = plain$TAp)
}
peto <- function(d) {
  r <- suppressWarnings(rma.peto(ai = ai, n1i = n1i, ci = ci, n2i = n2i, data = d))
  list(estimate = as.numeric(r$beta), se = r$se, ci_lower = r$ci.lb, ci_upper = r$ci.ub, q = r$QE, i2 = r$I2)
}
quiet <- function(x) suppressMessages(suppressWarnings(x))

two_by_two <- lapply(tables, function(d) list(
  events1 = d$ai, n1 = d$n1i, events2 = d$ci, n2 = d$n2i,
  mantel_haenszel = quiet(lapply(c("RR", "OR", "RD"), function(m) mh(d, m))),
  associations = associations(d), peto = peto(d)
))
person_time <- lapply(times, function(d) list(
  events1 = d$x1i, py1 = d$t1i, events2 = d$x2i, py2 = d$t2i,
  mantel_haenszel = quiet(lapply(c("IRR", "IRD"), function(m) mh(d, m))),
  association = rma.mh(measure = "IRR", x1i = x1i, t1i = t1i, x2i = x2i, t2i = t2i, data = d, correct = FALSE)$MH,
  association_corrected = rma.mh(measure = "IRR", x1i = x1i, t1i = t1i, x2i = x2i, t2i = t2i, data = d, correct = TRUE)$MH
))

# ---- exact conditional likelihoods
root <- function(f, range = c(-8, 8)) uniroot(f, range, tol = 1e-14, maxiter = 10000)$root
array_of <- function(d) array(rbind(d$ai, d$ci, d$n1i - d$ai, d$n2i - d$ci), c(2, 2, nrow(d)))
convolved <- function(a, b) {
  new <- numeric(length(a) + length(b) - 1)
  for (j in seq_along(b)) new[j - 1 + seq_along(a)] <- new[j - 1 + seq_along(a)] + b[j] * a
  new
}
exact_odds <- lapply(tables[c("tolbutamide", "sparse", "uneven")], function(d) {
  d <- d[d$ai + d$ci > 0, ]
  first <- pmax(0, d$ai + d$ci - d$n2i); last <- pmin(d$n1i, d$ai + d$ci)
  null <- Reduce(convolved, lapply(seq_len(nrow(d)), function(i)
    dhyper(first[i]:last[i], d$n1i[i], d$n2i[i], d$ai[i] + d$ci[i])))
  x <- sum(first) + seq_along(null) - 1; s <- sum(d$ai)
  at <- function(theta) { p <- null * exp((x - s) * theta); p / sum(p) }
  ll <- function(theta) log(at(theta)[x == s])
  mle <- root(function(theta) sum(x * at(theta)) - s)
  drop <- qchisq(0.95, 1) / 2
  above <- function(theta, part) sum(at(theta)[x > s]) + part * at(theta)[x == s]
  below <- function(theta, part) sum(at(theta)[x < s]) + part * at(theta)[x == s]
  limits <- function(part) c(root(function(t) above(t, part) - 0.025), root(function(t) below(t, part) - 0.025))
  r <- mantelhaen.test(array_of(d), exact = TRUE)
  one_sided <- sapply(c("less", "greater"), function(a) mantelhaen.test(array_of(d), exact = TRUE, alternative = a)$p.value)
  list(mantelhaen_test = c(as.numeric(r$estimate), as.numeric(r$conf.int)), p = min(1, 2 * min(one_sided)), estimate = mle,
       exact = limits(1), mid_p = limits(0.5),
       profile = c(root(function(t) ll(mle) - ll(t) - drop, c(-8, mle)), root(function(t) ll(mle) - ll(t) - drop, c(mle, 8))))
})
sum_of_binomials <- function(d, theta) {
  # distribution of the sum of events of group 1 given the events of both
  total <- 1
  for (i in seq_len(nrow(d))) {
    n <- d$x1i[i] + d$x2i[i]
    p <- d$t1i[i] * exp(theta) / (d$t1i[i] * exp(theta) + d$t2i[i])
    own <- dbinom(0:n, n, p)
    new <- numeric(length(total) + n)
    for (j in seq_along(own)) new[j - 1 + seq_along(total)] <- new[j - 1 + seq_along(total)] + own[j] * total
    total <- new
  }
  total
}
exact_rates <- lapply(times, function(d) {
  s <- sum(d$x1i)
  ll <- function(theta) sum(dbinom(d$x1i, d$x1i + d$x2i, d$t1i * exp(theta) / (d$t1i * exp(theta) + d$t2i), log = TRUE))
  score <- function(theta) sum(d$x1i - (d$x1i + d$x2i) * d$t1i * exp(theta) / (d$t1i * exp(theta) + d$t2i))
  mle <- root(score)
  drop <- qchisq(0.95, 1) / 2
  above <- function(theta, part) { p <- sum_of_binomials(d, theta); sum(p[-seq_len(s + 1)]) + part * p[s + 1] }
  below <- function(theta, part) { p <- sum_of_binomials(d, theta); sum(p[seq_len(s)]) + part * p[s + 1] }
  list(estimate = mle,
       profile = c(root(function(x) ll(mle) - ll(x) - drop, c(-8, mle)), root(function(x) ll(mle) - ll(x) - drop, c(mle, 8))),
       exact = c(root(function(x) above(x, 1) - 0.025), root(function(x) below(x, 1) - 0.025)),
       mid_p = c(root(function(x) above(x, 0.5) - 0.025), root(function(x) below(x, 0.5) - 0.025)))
})
one_pair <- poisson.test(c(11, 4), c(1500, 2100))
one_rate_ratio <- list(estimate = log(as.numeric(one_pair$estimate)), ci = log(as.numeric(one_pair$conf.int)))

# ---- mixed models
glmm <- function(r) list(estimate = as.numeric(r$beta), se = r$se, ci_lower = r$ci.lb, ci_upper = r$ci.ub, tau2 = r$tau2,
                         sigma2 = r$sigma2)
mixed <- quiet(list(
  IRLN = lapply(rates, function(d) c(as.list(d), glmm(rma.glmm(measure = "IRLN", xi = xi, ti = ti, data = d)))),
  PLO = lapply(proportions, function(d) c(as.list(d), glmm(rma.glmm(measure = "PLO", xi = xi, ni = ni, data = d)))),
  IRR_fixed = lapply(times, function(d) glmm(rma.glmm(measure = "IRR", x1i = x1i, t1i = t1i, x2i = x2i, t2i = t2i, data = d,
                                                      model = "UM.FS"))),
  IRR_random = lapply(times, function(d) glmm(rma.glmm(measure = "IRR", x1i = x1i, t1i = t1i, x2i = x2i, t2i = t2i, data = d,
                                                       model = "UM.RS", nAGQ = 1))),
  IRR_conditional = lapply(times, function(d) glmm(rma.glmm(measure = "IRR", x1i = x1i, t1i = t1i, x2i = x2i, t2i = t2i,
                                                            data = d, model = "CM.EL"))),
  OR_fixed = lapply(tables[c("bcg", "sparse", "uneven")], function(d)
    glmm(rma.glmm(measure = "OR", ai = ai, n1i = n1i, ci = ci, n2i = n2i, data = d, model = "UM.FS"))),
  OR_random = lapply(tables[c("bcg", "sparse", "uneven")], function(d)
    glmm(rma.glmm(measure = "OR", ai = ai, n1i = n1i, ci = ci, n2i = n2i, data = d, model = "UM.RS", nAGQ = 1))),
  OR_conditional = lapply(tables[c("bcg", "uneven")], function(d)
    glmm(rma.glmm(measure = "OR", ai = ai, n1i = n1i, ci = ci, n2i = n2i, data = d, model = "CM.EL")))
))

# ---- the same likelihoods by integrate(), searched until they do not move: 1e-5 instead of 1e-3
# (lme4's Hessian, and so rma.glmm's standard error, is off for PLO of covid_deaths: 0.2654 instead of 0.3000)
integrated_fit <- function(density, k, start) {
  loss <- function(p) -sum(sapply(seq_len(k), function(i) log(integrate(
    function(u) density(i, p[1] + u) * dnorm(u, 0, abs(p[2])), -14 * abs(p[2]), 14 * abs(p[2]), rel.tol = 1e-11,
    subdivisions = 2000)$value)))
  r <- optim(start, loss, method = "Nelder-Mead", control = list(reltol = 1e-15, maxit = 4000))
  list(estimate = r$par[1], tau2 = r$par[2]^2, se = sqrt(solve(numDeriv::hessian(loss, r$par))[1, 1]), log_likelihood = -r$value)
}
integrated <- list(
  IRLN_zeros = with(rates$zeros, integrated_fit(function(i, eta) dpois(xi[i], ti[i] * exp(eta)), 6, c(-6.4, 0.6))),
  PLO_covid_deaths = with(proportions$covid_deaths,
                          integrated_fit(function(i, eta) dbinom(xi[i], ni[i], plogis(eta)), 6, c(-3.5, 0.5))),
  # two counts masked at threshold 5, that is 1 to 4
  IRLN_masked = local({
    low <- c(1, 7, 0, 1, 9); high <- c(4, 7, 0, 4, 9); ti <- c(2400, 800, 1500, 620, 930)
    c(list(low = low, high = high, ti = ti), integrated_fit(function(i, eta)
      sapply(eta, function(e) sum(dpois(low[i]:high[i], ti[i] * exp(e)))), 5, c(-6, 1)))
  })
)

# ---- negative controls: maximum likelihood of the systematic error (metafor), calibration and EASE in base R
controls <- list(y = c(0.12, -0.05, 0.30, 0.21, 0.02, 0.44, -0.11, 0.18), se = c(0.10, 0.15, 0.12, 0.20, 0.08, 0.25, 0.18, 0.11))
null <- rma(controls$y, sei = controls$se, method = "ML", control = list(threshold = 1e-14, maxiter = 10000))
calibration <- local({
  mu <- as.numeric(null$beta); sd <- sqrt(null$tau2); y <- log(1.8); se <- 0.2; spread <- sqrt(se^2 + sd^2)
  list(y = controls$y, se = controls$se, mean = mu, sd = sd, p = 2 * min(pnorm((mu - y) / spread), pnorm((y - mu) / spread)),
       ci = y - mu + c(-1, 1) * qnorm(0.975) * spread,
       ease = integrate(function(x) abs(x) * dnorm(x, mu, sd), -Inf, 0, rel.tol = 1e-12)$value +
         integrate(function(x) abs(x) * dnorm(x, mu, sd), 0, Inf, rel.tol = 1e-12)$value)
})

# ---- Bayesian random effects: half-normal prior on tau, flat or normal prior on mu, by adaptive integration in base R
bayes <- function(y, v, scale, mean_sd = Inf) {
  prior_precision <- if (is.finite(mean_sd)) 1 / mean_sd^2 else 0
  parts <- function(tau) {
    w <- 1 / (v + tau^2)
    precision <- sum(w) + prior_precision
    m <- sum(w * y) / precision
    ll <- 0.5 * sum(log(w)) - 0.5 * sum(w * y^2) + 0.5 * m^2 * precision - 0.5 * log(precision) - 0.5 * tau^2 / scale^2
    c(m, 1 / precision, ll)
  }
  top <- optimize(function(t) parts(t)[3], c(0, 10), maximum = TRUE)$objective
  weight <- function(t) sapply(t, function(x) exp(parts(x)[3] - top))
  pieces <- c(0, 0.01, 0.03, 0.1, 0.3, 0.6, 1, 2, 4, 8, 12) * scale
  over <- function(f) sum(sapply(seq_len(length(pieces) - 1), function(i)
    integrate(f, pieces[i], pieces[i + 1], rel.tol = 1e-12, subdivisions = 5000)$value))
  norm <- over(weight)
  expect <- function(g) over(function(t) weight(t) * sapply(t, g)) / norm
  cdf <- function(x) expect(function(t) { p <- parts(t); pnorm(x, p[1], sqrt(p[2])) })
  pred <- function(x) expect(function(t) { p <- parts(t); pnorm(x, p[1], sqrt(p[2] + t^2)) })
  tau_cdf <- function(x) sum(sapply(seq_len(length(pieces) - 1), function(i) {
    if (pieces[i] >= x) 0 else integrate(weight, pieces[i], min(pieces[i + 1], x), rel.tol = 1e-12, subdivisions = 5000)$value
  })) / norm
  quantile_of <- function(f, p, range) root(function(x) f(x) - p, range)
  list(yi = y, vi = v, scale = scale, mean_sd = if (is.finite(mean_sd)) mean_sd else NA,
       mean = expect(function(t) parts(t)[1]),
       median = quantile_of(cdf, 0.5, c(-20, 20)),
       ci = c(quantile_of(cdf, 0.025, c(-20, 20)), quantile_of(cdf, 0.975, c(-20, 20))),
       tau_mean = expect(identity), tau_median = quantile_of(tau_cdf, 0.5, c(0, 8 * scale)),
       tau_ci = c(quantile_of(tau_cdf, 0.025, c(0, 8 * scale)), quantile_of(tau_cdf, 0.975, c(0, 8 * scale))),
       prediction = c(quantile_of(pred, 0.025, c(-30, 30)), quantile_of(pred, 0.975, c(-30, 30))))
}
clasp <- read.csv("tests/references/clasp.csv")
log_or <- escalc(measure = "OR", ai = events_treated, n1i = n_treated, ci = events_control, n2i = n_control, data = clasp)
bayesian <- list(
  clasp = bayes(as.numeric(log_or$yi), as.numeric(log_or$vi), 0.5),
  clasp_normal_mean = bayes(as.numeric(log_or$yi), as.numeric(log_or$vi), 0.5, 2),
  relapse_ratios = bayes(log(c(0.93, 0.66)), (log(c(1.17, 0.74) / c(0.74, 0.59)) / (2 * qnorm(0.975)))^2, 0.5, 2),
  three = bayes(c(0.1, 0.9, -0.4), c(0.02, 0.3, 0.05), 1, 2)
)

# ---- standardisation (made-up strata)
count <- c(2, 5, 14, 30); pop <- c(9500, 7200, 5100, 2300); standard <- c(0.35, 0.30, 0.22, 0.13)
direct <- as.list(ageadjust.direct(count, pop, stdpop = standard))
# Breslow, Day 1987, formula 2.13 (epitools' pois.byar is another version)
byar <- c(51 * (1 - 1 / (9 * 51) - qnorm(0.975) / (3 * sqrt(51)))^3, 52 * (1 - 1 / (9 * 52) + qnorm(0.975) / (3 * sqrt(52)))^3) / 40.3
dobson <- local({
  rate <- sum(standard * count / pop); v <- sum(standard^2 * count / pop^2); o <- sum(count)
  rate + sqrt(v / o) * (as.numeric(poisson.test(o)$conf.int) - o)
})
standardisation <- list(
  direct = list(count = count, pop = pop, standard = standard, estimate = direct[["adj.rate"]], lower = direct[["lci"]],
                upper = direct[["uci"]], dobson = dobson),
  byar = list(observed = 51, expected = 40.3, ci = byar),
  exact = list(observed = 51, expected = 40.3, ci = as.numeric(poisson.test(51, 40.3)$conf.int))
)
midp <- function(x, n) {
  upper <- root(function(p) pbinom(x - 1, n, p) + 0.5 * dbinom(x, n, p) - 0.025, c(1e-9, 1 - 1e-9))
  lower <- if (x == 0) 0 else root(function(p) 1 - pbinom(x, n, p) + 0.5 * dbinom(x, n, p) - 0.025, c(1e-9, 1 - 1e-9))
  c(lower, upper)
}
midp_poisson <- function(x) {
  upper <- root(function(m) ppois(x - 1, m) + 0.5 * dpois(x, m) - 0.025, c(1e-9, 10 * x + 20))
  lower <- if (x == 0) 0 else root(function(m) 1 - ppois(x, m) + 0.5 * dpois(x, m) - 0.025, c(1e-9, 10 * x + 20))
  c(lower, upper)
}
mid_p <- list(poisson = lapply(c(0, 1, 13, 250), function(x) list(events = x, ci = midp_poisson(x))),
              binomial = lapply(c(0, 1, 13, 47), function(x) list(events = x, ci = midp(x, 48))))

# ---- survival: persons of three registries, disaggregated here, risk tables per registry for the Python code
set.seed(20251)
persons <- do.call(rbind, lapply(1:3, function(r) {
  n <- c(40, 25, 15)[r]
  time <- ceiling(rexp(n, c(0.10, 0.14, 0.08)[r]) * 2) / 2 # half-years, with ties
  censor <- ceiling(runif(n, 1, 14) * 2) / 2
  kind <- sample(1:2, n, TRUE, c(0.65, 0.35))
  data.frame(registry = r, time = pmin(time, censor), status = ifelse(time <= censor, kind, 0))
}))
risk_table <- function(d) {
  t <- sort(unique(d$time))
  list(time = t, at_risk = sapply(t, function(x) sum(d$time >= x)), events = sapply(t, function(x) sum(d$time == x & d$status == 1)),
       competing = sapply(t, function(x) sum(d$time == x & d$status == 2)))
}
km <- survfit(Surv(time, status > 0) ~ 1, data = persons, conf.type = "log-log")
km_table <- summary(km, rmean = 8)$table
aj <- survfit(Surv(time, factor(status, 0:2, c("censor", "event", "other"))) ~ 1, data = persons)
ci1 <- which(aj$states == "event")
curves <- list(
  registries = lapply(1:3, function(r) risk_table(persons[persons$registry == r, ])),
  km = list(time = km$time, survival = km$surv, se = km$surv * km$std.err, lower = km$lower, upper = km$upper,
            median = as.numeric(km_table["median"]), median_ci = as.numeric(km_table[c("0.95LCL", "0.95UCL")]),
            rmst = as.numeric(km_table["rmean"]), rmst_se = as.numeric(km_table["se(rmean)"])),
  cumulative_incidence = list(time = aj$time, estimate = aj$pstate[, ci1], se = aj$std.err[, ci1])
)

json <- function(x, indent = "") {
  inner <- paste0(indent, "  ")
  if (is.list(x)) {
    named <- !is.null(names(x))
    parts <- vapply(seq_along(x), function(i) {
      paste0(inner, if (named) paste0("\"", names(x)[i], "\": ") else "", json(x[[i]], inner))
    }, "")
    paste0(if (named) "{" else "[", "\n", paste(parts, collapse = ",\n"), "\n", indent, if (named) "}" else "]")
  } else {
    values <- if (is.character(x)) paste0("\"", x, "\"") else ifelse(!is.finite(x), "null", sprintf("%.17g", x))
    if (length(values) == 1) values else paste0("[", paste(values, collapse = ", "), "]")
  }
}
version <- function(p) as.character(packageVersion(p))
cat(json(list(
  made_with = list(R = R.version.string, metafor = version("metafor"), lme4 = version("lme4"), BiasedUrn = version("BiasedUrn"),
                   survival = version("survival"), epitools = version("epitools"), script = "tests/references/metafor_rare.R"),
  two_by_two = two_by_two, person_time = person_time, exact_odds = exact_odds, exact_rates = exact_rates,
  one_rate_ratio = one_rate_ratio, mixed = mixed, integrated = integrated, bayesian = bayesian,
  standardisation = standardisation, calibration = calibration, mid_p = mid_p, curves = curves
)), "\n", sep = "")
