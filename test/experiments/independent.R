# The numbers of an analysis once more, from a row a unit, by R: standard input is CSV, standard output JSON.
rows <- read.csv(file("stdin"))
out <- list()
put <- function(name, ...) out[[name]] <<- c(out[[name]], c(...))
welch <- function(y, arm, level = 0.95) {
  test <- t.test(y[arm == "on"], y[arm == "off"], conf.level = level)
  c(difference = unname(test$estimate[1] - test$estimate[2]), lower = test$conf.int[1], upper = test$conf.int[2], p = test$p.value)
}
capped <- function(y, q) pmin(y, quantile(y, q, na.rm = TRUE, type = 7))
put("split", p = chisq.test(table(rows$arm))$p.value)
units <- rows[rows$kept == 1, ]
arm <- units$arm
bought <- tapply(units$purchase, arm, sum)
n <- table(arm)
put("purchase", difference = unname(bought["on"] / n["on"] - bought["off"] / n["off"]),
    p = suppressWarnings(prop.test(as.vector(bought), as.vector(n), correct = FALSE))$p.value)
put("order-value", welch(capped(units$order_value, 0.95), arm))
put("revenue", welch(capped(units$revenue, 0.9), arm))
put("sessions", welch(units$sessions, arm))
put("seconds", welch(units$seconds, arm))
# The covariate's slope beside the arm is theta.
adjusted <- function(y, x) {
  theta <- unname(coef(lm(y ~ arm + x))["x"])
  c(welch(y - theta * (x - mean(x)), arm), theta = theta)
}
put("sessions cuped", adjusted(units$sessions, units$sessions_before))
put("purchase cuped", adjusted(units$purchase, units$purchase_before)[c("difference", "lower", "upper", "p")])
linear <- ave(seq_along(arm), arm, FUN = function(at) {
  r <- sum(units$errors[at]) / sum(units$error_sessions[at])
  r + (units$errors[at] - r * units$error_sessions[at]) / mean(units$error_sessions[at])
})
# A guardrail: its tests are one-sided.
put("errors", welch(linear, arm, 0.9))
secondary <- c("order-value", "revenue", "sessions", "seconds")
ps <- sapply(secondary, function(name) out[[name]][["p"]])
holm <- p.adjust(ps, "holm")
bh <- p.adjust(ps, "BH")
for (name in secondary) put(name, adjustedP = unname(holm[name]), falseDiscoveryP = unname(bh[name]))
each <- sapply(names(out), function(name) sprintf('"%s":{%s}', name,
  paste(sprintf('"%s":%.17g', names(out[[name]]), out[[name]]), collapse = ",")))
cat("{", paste(each, collapse = ","), "}", sep = "")
