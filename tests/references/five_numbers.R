# Means and standard deviations behind medians, quartiles and ranges, written out from the formulas of the papers:
#   Luo D, Wan X, Liu J, Tong T. Stat Methods Med Res 2018;27:1785-1805 (means)
#   Wan X, Wang W, Liu J, Tong T. BMC Med Res Methodol 2014;14:135 (standard deviations)
# Run from the project's root: Rscript tests/references/five_numbers.R > tests/references/five_numbers.csv
range_mean <- function(a, m, b, n) { w <- 4 / (4 + n^0.75); w * (a + b) / 2 + (1 - w) * m }
quartile_mean <- function(q1, m, q3, n) { w <- 0.7 + 0.39 / n; w * (q1 + q3) / 2 + (1 - w) * m }
five_mean <- function(a, q1, m, q3, b, n) {
  w1 <- 2.2 / (2.2 + n^0.75); w2 <- 0.7 - 0.72 / n^0.55
  w1 * (a + b) / 2 + w2 * (q1 + q3) / 2 + (1 - w1 - w2) * m
}
range_sd <- function(a, b, n) (b - a) / (2 * qnorm((n - 0.375) / (n + 0.25)))
quartile_sd <- function(q1, q3, n) (q3 - q1) / (2 * qnorm((0.75 * n - 0.125) / (n + 0.25)))
five_sd <- function(a, q1, q3, b, n) (range_sd(a, b, n) + quartile_sd(q1, q3, n)) / 2
sets <- rbind(c(1, 2.5, 4, 6, 10, 30), c(0, 1, 2, 4.5, 9.5, 1309), c(18, 29, 36, 45, 77, 928), c(-3, -1, 0, 2, 8, 9), c(0.1, 0.4, 0.9, 3.2, 14, 120))
cat("minimum,q1,median,q3,maximum,n,kind,mean,sd\n")
for (i in seq_len(nrow(sets))) {
  s <- sets[i, ]; a <- s[1]; q1 <- s[2]; m <- s[3]; q3 <- s[4]; b <- s[5]; n <- s[6]
  found <- list(
    range = c(range_mean(a, m, b, n), range_sd(a, b, n)),
    quartiles = c(quartile_mean(q1, m, q3, n), quartile_sd(q1, q3, n)),
    five = c(five_mean(a, q1, m, q3, b, n), five_sd(a, q1, q3, b, n))
  )
  for (kind in names(found)) {
    cat(paste(format(s, trim = TRUE, digits = 15), collapse = ","), kind, sprintf("%.15g,%.15g\n", found[[kind]][1], found[[kind]][2]), sep = ",")
  }
}
