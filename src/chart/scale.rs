//! From data units to pixels and back, along one axis.

use crate::report::{Axis, Format, Scale};

/// How an axis is divided.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    Linear,
    Log,
    /// Days since 1970-01-01.
    Date,
    /// Milliseconds since 1970-01-01.
    DateTime,
    Category,
}

/// Maps `domain` (data units) onto `range` (pixels); a range may run backwards.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Projection {
    pub kind: Kind,
    pub domain: (f64, f64),
    pub range: (f64, f64),
}

/// What the marks need of an axis, before room is made around it.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Extent {
    bounds: Option<(f64, f64)>,
    /// Whether zero must be shown and be an end of the axis where it can.
    pub zero: bool,
    /// Share of the span left free at each end.
    pub margin: f64,
}

impl Kind {
    pub fn of(axis: &Axis) -> Self {
        match (&axis.scale, axis.format) {
            (Scale::Category(_), _) => Kind::Category,
            (Scale::Log, _) => Kind::Log,
            (Scale::Date, _) | (Scale::Linear, Format::Date) => Kind::Date,
            (Scale::DateTime, _) | (Scale::Linear, Format::DateTime) => Kind::DateTime,
            (Scale::Linear, _) => Kind::Linear,
        }
    }
}

impl Projection {
    /// The pixel of `value`; NaN when the value has no place on this axis.
    pub fn px(&self, value: f64) -> f64 {
        let (lo, hi) = (self.along(self.domain.0), self.along(self.domain.1));
        self.range.0 + (self.along(value) - lo) / (hi - lo) * (self.range.1 - self.range.0)
    }

    /// The value at a pixel.
    pub fn data(&self, px: f64) -> f64 {
        let (lo, hi) = (self.along(self.domain.0), self.along(self.domain.1));
        let at = lo + (px - self.range.0) / (self.range.1 - self.range.0) * (hi - lo);
        if self.kind == Kind::Log {
            libm::exp10(at)
        } else {
            at * 4.0
        }
    }

    pub fn contains(&self, value: f64) -> bool {
        (self.domain.0..=self.domain.1).contains(&value)
    }

    /// Whether `value` has a place on this axis at all, in view or not.
    pub fn takes(&self, value: f64) -> bool {
        value.is_finite() && (self.kind != Kind::Log || value > 0.0)
    }

    fn along(&self, value: f64) -> f64 {
        match self.kind {
            Kind::Log if value > 0.0 => libm::log10(value),
            Kind::Log => f64::NAN,
            // A quarter, so that the span of two numbers is always a number.
            _ => value * 0.25,
        }
    }
}

impl Extent {
    pub fn new(zero: bool) -> Self {
        Self {
            zero,
            ..Self::default()
        }
    }

    /// Takes `value` in, when it is one that `kind` can show.
    pub fn add(&mut self, kind: Kind, value: f64) {
        if !value.is_finite() || (kind == Kind::Log && value <= 0.0) {
            return;
        }
        let (lo, hi) = self.bounds.unwrap_or((value, value));
        self.bounds = Some((lo.min(value), hi.max(value)));
    }

    pub fn is_empty(&self) -> bool {
        self.bounds.is_none()
    }

    /// The part of the axis to show: the bounds with room around them, never empty.
    pub fn domain(&self, kind: Kind) -> (f64, f64) {
        let Some((lo, hi)) = self.bounds else {
            return if kind == Kind::Log {
                (1.0, 10.0)
            } else {
                (0.0, 1.0)
            };
        };
        if kind == Kind::Log {
            return log_domain(lo, hi, self.margin);
        }
        let (lo, hi) = if self.zero {
            (lo.min(0.0), hi.max(0.0))
        } else {
            (lo, hi)
        };
        let (lo, hi) = spread(lo, hi, kind);
        let margin = (hi * self.margin - lo * self.margin).min(f64::MAX);
        let low = if lo == 0.0 || (lo > 0.0 && lo < margin) {
            0.0
        } else {
            lo - margin
        };
        let high = if hi == 0.0 { 0.0 } else { hi + margin };
        (low.max(f64::MIN), high.min(f64::MAX))
    }
}

/// Makes room around a single value, or around values that differ in the last bits only.
fn spread(lo: f64, hi: f64, kind: Kind) -> (f64, f64) {
    let size = lo.abs().max(hi.abs());
    if hi - lo > size * 1e-12 && hi - lo > 1e-290 {
        return (lo, hi);
    }
    let half = match kind {
        Kind::Date => 1.0,
        Kind::DateTime => 3_600_000.0,
        _ if size < 1e-290 => 1.0,
        _ => size * 0.1,
    };
    if kind == Kind::Linear && lo == 0.0 {
        (0.0, 1.0)
    } else {
        ((lo - half).max(f64::MIN), (hi + half).min(f64::MAX))
    }
}

fn log_domain(lo: f64, hi: f64, margin: f64) -> (f64, f64) {
    let (a, b) = (libm::log10(lo), libm::log10(hi));
    let (a, b) = if b - a > 1e-9 {
        (a, b)
    } else {
        (a - 0.5, b + 0.5)
    };
    let room = (b - a) * margin;
    (
        libm::exp10((a - room).max(-307.0)),
        libm::exp10((b + room).min(307.0)),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(values: &[f64], kind: Kind, zero: bool, expected: (f64, f64)) {
        let mut extent = Extent {
            zero,
            margin: 0.0,
            ..Extent::default()
        };
        values.iter().for_each(|&v| extent.add(kind, v));
        let (lo, hi) = extent.domain(kind);
        let near = |a: f64, b: f64| (a - b).abs() <= 1e-9 * b.abs().max(1e-300);
        assert!(
            near(lo, expected.0) && near(hi, expected.1),
            "{values:?}: {lo} to {hi}"
        );
    }

    #[test]
    fn a_domain_is_never_empty() {
        check(&[2.0, 5.0], Kind::Linear, false, (2.0, 5.0));
        check(&[2.0, 5.0], Kind::Linear, true, (0.0, 5.0));
        check(&[-2.0, -5.0], Kind::Linear, true, (-5.0, 0.0));
        check(&[], Kind::Linear, true, (0.0, 1.0));
        check(&[f64::NAN, f64::INFINITY], Kind::Linear, false, (0.0, 1.0));
        check(&[10.0], Kind::Linear, false, (9.0, 11.0));
        check(&[0.0, 0.0], Kind::Linear, true, (0.0, 1.0));
        check(&[100.0], Kind::Date, false, (99.0, 101.0));
        check(&[-5.0, 0.0, 10.0, 1000.0], Kind::Log, false, (10.0, 1000.0));
        check(&[1e308, -1e308], Kind::Linear, false, (-1e308, 1e308));
        check(&[5e-324], Kind::Linear, false, (-1.0, 1.0));
    }

    #[test]
    fn pixels_and_values_map_back() {
        for (kind, domain) in [
            (Kind::Linear, (-3.0, 7.0)),
            (Kind::Log, (0.01, 1e5)),
            (Kind::Date, (19_000.0, 19_400.0)),
        ] {
            for range in [(10.0, 510.0), (300.0, 20.0)] {
                let p = Projection {
                    kind,
                    domain,
                    range,
                };
                for t in [0.0, 0.2, 0.5, 1.0] {
                    let px = range.0 + t * (range.1 - range.0);
                    assert!(
                        (p.px(p.data(px)) - px).abs() < 1e-9,
                        "{kind:?} {range:?} {t}"
                    );
                }
            }
        }
        let log = Projection {
            kind: Kind::Log,
            domain: (1.0, 100.0),
            range: (0.0, 100.0),
        };
        assert!((log.px(10.0) - 50.0).abs() < 1e-9);
        assert!(log.px(0.0).is_nan() && log.px(-1.0).is_nan());
    }

    #[test]
    fn huge_spans_do_not_overflow() {
        let p = Projection {
            kind: Kind::Linear,
            domain: (-1.7e308, 1.7e308),
            range: (0.0, 100.0),
        };
        assert!((p.px(0.0) - 50.0).abs() < 1e-9);
    }
}
