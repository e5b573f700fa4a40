# Reference values for tests/stats, from R's metafor. Run from the project's root:
#   Rscript tests/references/metafor.R > tests/references/metafor.json
# Debian: apt-get install r-cran-metafor. Iterative estimators run with a tightened control, because metafor's
# defaults stop at 1e-5 absolute and we compare at 1e-5 relative.

suppressMessages(library(metafor))

tight <- list(threshold = 1e-14, maxiter = 10000, tol = 1e-14)

sets <- list(
  bcg = local({
    d <- read.csv("tests/references/bcg.csv")
    e <- escalc(measure = "RR", ai = tpos, bi = tneg, ci = cpos, di = cneg, data = d)
    list(yi = as.numeric(e$yi), vi = as.numeric(e$vi))
  }),
  clasp = local({
    d <- read.csv("tests/references/clasp.csv")
    e <- escalc(measure = "OR", ai = events_treated, n1i = n_treated, ci = events_control, n2i = n_control, data = d)
    list(yi = as.numeric(e$yi), vi = as.numeric(e$vi))
  }),
  covid_deaths = local({
    e <- escalc(measure = "PLO", xi = c(3, 13, 12, 4, 6, 2), ni = c(309, 844, 347, 86, 76, 48))
    list(yi = as.numeric(e$yi), vi = as.numeric(e$vi))
  }),
  relapse_ratios = list(
    yi = log(c(0.93, 0.66)),
    vi = (log(c(1.17, 0.74) / c(0.74, 0.59)) / (2 * qnorm(0.975)))^2
  ),
  viechtbauer_2005 = list(
    yi = c(-0.581, 0.530, 0.771, 1.031, 0.553, 0.295, 0.078, 0.573, -0.176, -0.232),
    vi = c(0.023, 0.052, 0.060, 0.115, 0.095, 0.203, 0.200, 0.211, 0.051, 0.040)
  ),
  colditz_odds = local({
    e <- escalc(measure = "OR", ai = tpos, bi = tneg, ci = cpos, di = cneg, data = dat.colditz1994)
    list(yi = as.numeric(e$yi), vi = as.numeric(e$vi))
  }),
  equal = list(yi = c(0.2, 0.2, 0.2, 0.2), vi = c(0.01, 0.04, 0.09, 0.02)),
  three = list(yi = c(0.1, 0.9, -0.4), vi = c(0.02, 0.3, 0.05)),
  one_dominant = list(yi = c(0.05, 0.6, 0.8, -0.2), vi = c(1e-4, 0.5, 0.8, 0.4))
)

methods <- c("EE", "DL", "PM", "REML", "ML", "EB", "SJ", "HE", "HS")
control <- function(method) if (method %in% c("REML", "ML", "EB", "PM")) tight else list()

# Weights and heterogeneity do not depend on the test and are written once, with test "z".
fit <- function(yi, vi, method, test) {
  r <- suppressWarnings(rma(yi, vi, method = method, test = test, control = control(method)))
  p <- predict(r)
  found <- list(
    method = method, test = test, estimate = as.numeric(r$beta), se = r$se, ci_lower = r$ci.lb, ci_upper = r$ci.ub, p = r$pval,
    tau2 = r$tau2, pi_lower = if (method == "EE") NA else p$pi.lb, pi_upper = if (method == "EE") NA else p$pi.ub
  )
  if (test == "z") {
    found <- c(found, list(q = r$QE, q_p = r$QEp, i2 = r$I2, h2 = r$H2, weights = as.numeric(weights(r))))
  }
  found
}

tests <- c("z", "t", "knha", "adhoc")
pooled <- lapply(sets, function(s) list(
  yi = s$yi, vi = s$vi,
  fits = unlist(lapply(methods, function(m) lapply(if (m == "EE") c("z", "t") else tests, function(t) fit(s$yi, s$vi, m, t))),
                recursive = FALSE)
))

# The search for limits starts from 0 and ends at 100 by default, which two registries exceed.
wide <- list(tol = 1e-14, maxiter = 100000, tau2.max = 1e5)
limits <- function(r, type) {
  found <- confint(r, type = type, control = wide)$random
  list(tau2 = found["tau^2", 2:3], i2 = found["I^2(%)", 2:3], h2 = found["H^2", 2:3])
}
tau2_intervals <- lapply(sets, function(s) {
  reml <- rma(s$yi, s$vi, method = "REML", control = tight)
  ml <- rma(s$yi, s$vi, method = "ML", control = tight)
  list(q_profile = limits(reml, "QP"), reml_profile = limits(reml, "PL"), ml_profile = limits(ml, "PL"))
})

riley <- lapply(sets[sapply(sets, function(s) length(s$yi) > 2)], function(s) {
  r <- rma(s$yi, s$vi, method = "REML", test = "knha", control = tight)
  p <- predict(r, pi.type = "riley")
  c(p$pi.lb, p$pi.ub)
})

refit <- function(set, method, test) with(sets[[set]], rma(yi, vi, method = method, test = test, control = control(method)))
left_out <- leave1out(refit("bcg", "REML", "z"))

stepwise <- function(set, method, test) {
  x <- cumul(refit(set, method, test))
  keep <- -1 # metafor gives the first source no interval with a Student test
  list(set = set, method = method, test = test, estimate = as.numeric(x$estimate)[keep], se = as.numeric(x$se)[keep],
       lower = as.numeric(x$ci.lb)[keep], upper = as.numeric(x$ci.ub)[keep], tau2 = as.numeric(x$tau2)[keep])
}
cumulated <- list(stepwise("bcg", "REML", "z"), stepwise("bcg", "REML", "knha"), stepwise("clasp", "DL", "z"))

diagnose <- function(set, method, test) {
  x <- influence(refit(set, method, test))
  d <- x$inf
  list(set = set, method = method, test = test, rstudent = d$rstudent, dffits = d$dffits, cook = d$cook.d, cov = d$cov.r,
       tau2 = d$tau2.del, q = d$QE.del, hat = d$hat, weight = d$weight, dfbetas = x$dfbs$intrcpt,
       influential = as.numeric(x$is.infl))
}
influences <- list(diagnose("bcg", "REML", "z"), diagnose("bcg", "DL", "knha"), diagnose("clasp", "REML", "adhoc"),
                   diagnose("one_dominant", "EE", "z"), diagnose("viechtbauer_2005", "PM", "z"))

trials <- dat.bcg
trials$random <- as.numeric(trials$alloc == "random")
trials$systematic <- as.numeric(trials$alloc == "systematic")
regress <- function(columns, method, test) {
  x <- as.matrix(trials[columns])
  r <- suppressWarnings(rma(sets$bcg$yi, sets$bcg$vi, mods = x, method = method, test = test, control = control(method)))
  list(method = method, test = test, moderators = columns, coefficients = as.numeric(r$beta), se = r$se, lower = r$ci.lb,
       upper = r$ci.ub, p = r$pval, tau2 = r$tau2, qe = r$QE, qe_p = r$QEp, qm = r$QM, qm_p = r$QMp, i2 = r$I2, h2 = r$H2,
       r2 = if (method == "EE") NA else r$R2)
}
moderators <- list(
  columns = as.list(trials[c("ablat", "year", "random", "systematic")]),
  fits = c(
    lapply(methods, function(m) regress("ablat", m, "z")),
    lapply(c("t", "knha", "adhoc"), function(t) regress(c("ablat", "year"), "REML", t)),
    list(regress(c("ablat", "random", "systematic"), "REML", "z"), regress(c("ablat", "random", "systematic"), "PM", "knha"))
  )
)

grouped <- function(method, test) {
  common <- rma(sets$bcg$yi, sets$bcg$vi, mods = ~ 0 + factor(trials$alloc), method = method, test = test, control = control(method))
  between <- rma(sets$bcg$yi, sets$bcg$vi, mods = ~ factor(trials$alloc), method = method, test = test, control = control(method))
  apart <- lapply(split(seq_along(trials$alloc), trials$alloc), function(i) {
    rma(sets$bcg$yi[i], sets$bcg$vi[i], method = method, test = test, control = control(method))
  })
  compared <- rma(sapply(apart, coef), sei = sapply(apart, function(r) r$se), method = "EE")
  list(
    method = method, test = test, groups = levels(factor(trials$alloc)),
    common = list(estimate = as.numeric(common$beta), se = common$se, lower = common$ci.lb, upper = common$ci.ub,
                  statistic = between$QM, p = between$QMp, tau2 = between$tau2),
    separate = list(estimate = as.numeric(sapply(apart, coef)), se = as.numeric(sapply(apart, function(r) r$se)),
                    lower = as.numeric(sapply(apart, function(r) r$ci.lb)), tau2 = as.numeric(sapply(apart, function(r) r$tau2)),
                    statistic = compared$QE, p = compared$QEp)
  )
}
subgroups <- list(allocation = trials$alloc, tests = list(grouped("REML", "z"), grouped("DL", "knha")))

asymmetry <- function(set) {
  yi <- sets[[set]]$yi
  vi <- sets[[set]]$vi
  classical <- regtest(yi, vi, model = "lm")
  mixed <- regtest(refit(set, "REML", "z"))
  ranks <- ranktest(yi, vi)
  list(
    set = set,
    classical = list(statistic = classical$zval, p = classical$pval, df = classical$ddf, limit = as.numeric(classical$est),
                     lower = as.numeric(classical$ci.lb), upper = as.numeric(classical$ci.ub)),
    mixed = list(statistic = mixed$zval, p = mixed$pval, limit = as.numeric(mixed$est), lower = mixed$ci.lb, upper = mixed$ci.ub),
    begg = list(tau = as.numeric(ranks$tau), p = ranks$pval)
  )
}
small_study <- list(asymmetry("bcg"), asymmetry("colditz_odds"), asymmetry("viechtbauer_2005"))

number <- function(e) list(yi = as.numeric(e$yi), vi = as.numeric(e$vi))
effects <- list(
  RR = number(escalc(measure = "RR", ai = 12, n1i = 140, ci = 20, n2i = 150)),
  RR_zero = number(escalc(measure = "RR", ai = 0, n1i = 140, ci = 20, n2i = 150)),
  OR = number(escalc(measure = "OR", ai = 12, n1i = 140, ci = 20, n2i = 150)),
  OR_zero = number(escalc(measure = "OR", ai = 12, n1i = 140, ci = 0, n2i = 150)),
  RD = number(escalc(measure = "RD", ai = 12, n1i = 140, ci = 20, n2i = 150)),
  RD_zero = number(escalc(measure = "RD", ai = 0, n1i = 140, ci = 20, n2i = 150, addyi = FALSE)),
  IRR = number(escalc(measure = "IRR", x1i = 96, t1i = 10000.5, x2i = 80, t2i = 10400)),
  IRR_zero = number(escalc(measure = "IRR", x1i = 0, t1i = 240, x2i = 80, t2i = 10400)),
  IRD = number(escalc(measure = "IRD", x1i = 96, t1i = 10000.5, x2i = 80, t2i = 10400)),
  IRD_zero = number(escalc(measure = "IRD", x1i = 0, t1i = 240, x2i = 80, t2i = 10400, addyi = FALSE)),
  IRLN = number(escalc(measure = "IRLN", xi = 96, ti = 10000.5)),
  IRLN_zero = number(escalc(measure = "IRLN", xi = 0, ti = 240)),
  IR = number(escalc(measure = "IR", xi = 96, ti = 10000.5)),
  PLO = number(escalc(measure = "PLO", xi = 13, ni = 844)),
  PLO_zero = number(escalc(measure = "PLO", xi = 0, ni = 48)),
  PLN = number(escalc(measure = "PLN", xi = 13, ni = 844)),
  PR = number(escalc(measure = "PR", xi = 13, ni = 844)),
  MN = number(escalc(measure = "MN", mi = 3.2, sdi = 1.1, ni = 50)),
  MD = number(escalc(measure = "MD", m1i = 3.2, sd1i = 1.1, n1i = 50, m2i = 2.7, sd2i = 1.4, n2i = 61)),
  SMR = number(escalc(measure = "IRLN", xi = 17, ti = 9.4)),
  SMR_zero = number(escalc(measure = "IRLN", xi = 0, ti = 9.4)),
  PLN_all = number(escalc(measure = "PLN", xi = 48, ni = 48)),
  PAS = number(escalc(measure = "PAS", xi = 13, ni = 844)),
  PAS_zero = number(escalc(measure = "PAS", xi = 0, ni = 48)),
  PFT = number(escalc(measure = "PFT", xi = 13, ni = 844)),
  PFT_zero = number(escalc(measure = "PFT", xi = 0, ni = 48)),
  IRS = number(escalc(measure = "IRS", xi = 96, ti = 10000.5)),
  SMD = number(escalc(measure = "SMD", m1i = 3.2, sd1i = 1.1, n1i = 50, m2i = 2.7, sd2i = 1.4, n2i = 61, vtype = "LS")),
  SMD_small = number(escalc(measure = "SMD", m1i = 3.2, sd1i = 1.1, n1i = 3, m2i = 2.7, sd2i = 1.4, n2i = 4, vtype = "LS")),
  ROM = number(escalc(measure = "ROM", m1i = 3.2, sd1i = 1.1, n1i = 50, m2i = 2.7, sd2i = 1.4, n2i = 61)),
  ROM_negative = number(escalc(measure = "ROM", m1i = -3.2, sd1i = 1.1, n1i = 50, m2i = -2.7, sd2i = 1.4, n2i = 61)),
  OR_double_zero = number(escalc(measure = "OR", ai = 0, n1i = 140, ci = 0, n2i = 150)),
  RR_double_zero = number(escalc(measure = "RR", ai = 0, n1i = 140, ci = 0, n2i = 150))
)

transformed <- seq(-0.05, 1.65, by = 0.1)
back <- list(
  x = transformed,
  PFT_20 = transf.ipft.hm(transformed, targs = list(ni = c(10, 20, 40, 80))),
  harmonic_mean = 1 / mean(1 / c(10, 20, 40, 80)),
  PAS = transf.iarcsin(transformed),
  PLO = transf.ilogit(transformed),
  IRS = transf.isqrt(transformed)
)

interval <- function(test) as.numeric(test$conf.int)
occurrence <- list(
  poisson = lapply(c(0, 1, 13, 250), function(x) list(events = x, ci = interval(poisson.test(x, 1000)))),
  clopper_pearson = lapply(c(0, 1, 13, 48), function(x) list(events = x, ci = interval(binom.test(x, 48)))),
  wilson = lapply(c(0, 1, 13, 48), function(x) list(events = x, ci = interval(prop.test(x, 48, correct = FALSE))))
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
    values <- if (is.character(x)) paste0("\"", x, "\"") else ifelse(is.na(x), "null", sprintf("%.17g", x))
    if (length(values) == 1) values else paste0("[", paste(values, collapse = ", "), "]")
  }
}

cat(json(list(
  made_with = list(R = R.version.string, metafor = as.character(packageVersion("metafor")),
                   metadat = as.character(packageVersion("metadat")), script = "tests/references/metafor.R"),
  pooled = pooled,
  leave_one_out = list(set = "bcg", method = "REML", estimate = as.numeric(left_out$estimate), se = as.numeric(left_out$se),
                       i2 = as.numeric(left_out$I2)),
  tau2_intervals = tau2_intervals, prediction_riley = riley, cumulative = cumulated, influence = influences,
  moderators = moderators, subgroups = subgroups, small_study = small_study,
  effects = effects, back = back, occurrence = occurrence
)), "\n", sep = "")
