"""Federation: a national model from records that stay with each organiser. What travels are signed files of sums."""
