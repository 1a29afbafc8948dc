# Fit one model with lme4 at its default settings to a CSV file, and print its seconds and estimates as JSON.
# Rscript lmer.R FILE FORMULA
suppressMessages(library(lme4))
arguments <- commandArgs(TRUE)
rows <- read.csv(arguments[1])
seconds <- system.time(found <- lmer(as.formula(arguments[2]), rows, REML = TRUE))[["elapsed"]]
variances <- as.data.frame(VarCorr(found))
cat(sprintf('{"seconds": %.3f, "criterion": %.8f, "rows": %d, "variances": {%s}}\n', seconds, REMLcrit(found), nobs(found),
  paste(sprintf('"%s": %.10g', variances$grp, variances$vcov), collapse = ", ")))
