//! Numbers in, numbers out: distributions, linear algebra, descriptives, resampling.
