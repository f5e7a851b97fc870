//! A smooth line through points: Cleveland's (1979) robust locally weighted regression, as R's `lowess`.

use super::progress::{Cancelled, Progress};

/// How smooth, and how little far points may pull.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct LowessOptions {
    /// The share of the points that is near to each place, above 0 and up to 1.
    pub span: f64,
    /// Fits again with less weight on points far from the line.
    pub n_robust: usize,
    /// Places closer together than this share of the range of x are joined by straight lines.
    pub delta: f64,
}

/// The defaults of R's `lowess`.
impl Default for LowessOptions {
    fn default() -> Self {
        Self {
            span: 2.0 / 3.0,
            n_robust: 3,
            delta: 0.01,
        }
    }
}

/// The line at each different x, ascending.
#[derive(Clone, Debug, PartialEq)]
pub struct Lowess {
    pub x: Vec<f64>,
    pub y: Vec<f64>,
}

/// The line through the pairs in which both are finite; `None` with fewer than three of them, or when x
/// does not vary.
///
/// # Errors
/// When the caller cancels.
pub fn lowess(
    x: &[f64],
    y: &[f64],
    options: LowessOptions,
    tick: &mut Progress,
) -> Result<Option<Lowess>, Cancelled> {
    let Some(points) = Points::new(x, y) else {
        return Ok(None);
    };
    let n = points.x.len();
    let n_near = ((options.span * n as f64 + 1e-7) as usize).clamp(2, n);
    let delta = options.delta * points.range;
    let n_passes = options.n_robust + 1;
    let mut fitted = vec![0.0; n];
    let mut robust: Option<Vec<f64>> = None;
    for pass in 0..n_passes {
        let at = |part: f32| (pass as f32 + part) / n_passes as f32;
        points.fit(n_near, delta, robust.as_deref(), &mut fitted, &mut |part| {
            tick(at(part))
        })?;
        if pass + 1 == n_passes {
            break;
        }
        match points.weights_of_residuals(&fitted) {
            Some(weights) => robust = Some(weights),
            None => break,
        }
    }
    Ok(Some(points.line(&fitted)))
}

impl Lowess {
    /// The line at `x`, between the points that it goes through.
    pub fn at(&self, x: f64) -> f64 {
        let after = self.x.partition_point(|p| *p < x).min(self.x.len() - 1);
        if after == 0 || self.x[after] <= x {
            return self.y[after];
        }
        let share = (x - self.x[after - 1]) / (self.x[after] - self.x[after - 1]);
        share * self.y[after] + (1.0 - share) * self.y[after - 1]
    }

    /// At most `n` places to draw it through, and the line there: all of its points, or even steps where those
    /// are more.
    pub fn within(self, n: usize) -> (Vec<f64>, Vec<f64>) {
        if self.x.len() <= n {
            return (self.x, self.y);
        }
        let places = super::density::evenly(self.x[0], self.x[self.x.len() - 1], n);
        let heights = places.iter().map(|x| self.at(*x)).collect();
        (places, heights)
    }
}

/// Pairs by ascending x, in units that can be squared.
struct Points {
    x: Vec<f64>,
    y: Vec<f64>,
    range: f64,
    unit_x: f64,
    unit_y: f64,
}

impl Points {
    fn new(x: &[f64], y: &[f64]) -> Option<Self> {
        let finite = |(x, y): &(f64, f64)| x.is_finite() && y.is_finite();
        let both = x.iter().copied().zip(y.iter().copied());
        let mut pairs: Vec<(f64, f64)> = both.filter(finite).collect();
        pairs.sort_by(|a, b| a.0.total_cmp(&b.0));
        let (first, last) = (pairs.first()?.0, pairs.last()?.0);
        let reach_y = pairs.iter().map(|p| p.1.abs()).fold(0.0, f64::max);
        if pairs.len() < 3 || first == last || !(last - first).is_finite() {
            return None;
        }
        let unit = |size: f64| {
            if (1e-100..1e100).contains(&size) || size == 0.0 {
                1.0
            } else {
                size
            }
        };
        let (unit_x, unit_y) = (unit(last - first), unit(reach_y));
        Some(Self {
            x: pairs.iter().map(|p| p.0 / unit_x).collect(),
            y: pairs.iter().map(|p| p.1 / unit_y).collect(),
            range: (last - first) / unit_x,
            unit_x,
            unit_y,
        })
    }

    /// Fits places at least `delta` apart, and what is between them by straight lines.
    fn fit(
        &self,
        n_near: usize,
        delta: f64,
        robust: Option<&[f64]>,
        fitted: &mut [f64],
        tick: &mut Progress,
    ) -> Result<(), Cancelled> {
        let (x, n) = (&self.x, self.x.len());
        let (mut left, mut right) = (0, n_near - 1);
        let mut last: Option<usize> = None;
        let mut i = 0;
        loop {
            while right + 1 < n && x[i] - x[left] > x[right + 1] - x[i] {
                left += 1;
                right += 1;
            }
            tick(i as f32 / n as f32)?;
            fitted[i] = self.local(x[i], left, right, robust).unwrap_or(self.y[i]);
            if let Some(from) = last {
                between(x, fitted, from, i);
            }
            // Ties have the same place; the next one is the last within delta, or the next at all.
            let cut = x[i] + delta;
            let mut same = i;
            let mut next = i + 1;
            while next < n && x[next] <= cut {
                if x[next] == x[same] {
                    fitted[next] = fitted[same];
                    same = next;
                }
                next += 1;
            }
            last = Some(same);
            if same + 1 >= n {
                return Ok(());
            }
            i = (same + 1).max(next - 1);
        }
    }

    /// The weighted straight line at `at`, of the points from `left` on; `None` where no point has weight.
    fn local(&self, at: f64, left: usize, right: usize, robust: Option<&[f64]>) -> Option<f64> {
        let reach = (at - self.x[left]).max(self.x[right] - at);
        // Points that tie with the farthest are near too.
        let near = 0.999 * reach;
        let end = right + self.x[right..].partition_point(|x| x - at <= near);
        let end = end.max(left + self.x[left..=right].partition_point(|x| x - at <= near));
        let place = Place { at, reach };
        let (x, y) = (&self.x[left..end], &self.y[left..end]);
        let sums = match robust {
            None => place.sums(x, y),
            Some(weights) => place.weighted_sums(x, y, &weights[left..end]),
        };
        if sums.weight <= 0.0 {
            return None;
        }
        let mean_x = sums.x / sums.weight;
        let mean_y = sums.y / sums.weight;
        let spread = sums.xx / sums.weight - mean_x * mean_x;
        // Where the near points hardly differ in x, their mean stands for the line.
        if reach <= 0.0 || spread.max(0.0).sqrt() <= 0.001 * self.range {
            return Some(mean_y);
        }
        let slope = (sums.xy / sums.weight - mean_x * mean_y) / spread;
        Some(mean_y - slope * mean_x)
    }

    /// Tukey's bisquare of residuals over six times their median; `None` when all are next to nothing.
    fn weights_of_residuals(&self, fitted: &[f64]) -> Option<Vec<f64>> {
        let n = fitted.len();
        let residuals: Vec<f64> = self
            .y
            .iter()
            .zip(fitted)
            .map(|(y, f)| (y - f).abs())
            .collect();
        let scale = residuals.iter().sum::<f64>() / n as f64;
        let mut sorted = residuals.clone();
        let (below, middle, _) = sorted.select_nth_unstable_by(n / 2, f64::total_cmp);
        let median = match n % 2 {
            0 => 0.5 * (*middle + below.iter().copied().fold(0.0, f64::max)),
            _ => *middle,
        };
        let end = 6.0 * median;
        if end < 1e-7 * scale {
            return None;
        }
        let weight = |r: &f64| match r {
            r if *r <= 0.001 * end => 1.0,
            r if *r <= 0.999 * end => {
                let share = r / end;
                let rest = 1.0 - share * share;
                rest * rest
            }
            _ => 0.0,
        };
        Some(residuals.iter().map(weight).collect())
    }

    fn line(&self, fitted: &[f64]) -> Lowess {
        let (mut x, mut y) = (Vec::new(), Vec::new());
        for (at, f) in self.x.iter().zip(fitted) {
            let at = at * self.unit_x;
            if x.last() != Some(&at) {
                x.push(at);
                y.push(f * self.unit_y);
            }
        }
        Lowess { x, y }
    }
}

/// Straight lines between the places `from` and `to`, both fitted.
fn between(x: &[f64], fitted: &mut [f64], from: usize, to: usize) {
    let width = x[to] - x[from];
    for j in from + 1..to {
        let share = (x[j] - x[from]) / width;
        fitted[j] = share * fitted[to] + (1.0 - share) * fitted[from];
    }
}

/// Where a line is fitted, and how far the points reach that tell of it.
#[derive(Clone, Copy)]
struct Place {
    at: f64,
    reach: f64,
}

/// Weighted sums, x from the place.
#[derive(Clone, Copy, Default)]
struct Sums {
    weight: f64,
    x: f64,
    y: f64,
    xx: f64,
    xy: f64,
}

/// Sums that run side by side.
const LANES: usize = 4;

impl Place {
    /// Tricube of the distance.
    #[inline(always)]
    fn weight(self, x: f64) -> f64 {
        let distance = (x - self.at).abs();
        let share = distance / self.reach;
        let rest = 1.0 - share * share * share;
        let weight = rest * rest * rest;
        let weight = if distance <= 0.001 * self.reach {
            1.0
        } else {
            weight
        };
        if distance <= 0.999 * self.reach {
            weight
        } else {
            0.0
        }
    }

    #[inline(never)]
    fn sums(self, x: &[f64], y: &[f64]) -> Sums {
        self.total(x, y, |_| 1.0)
    }

    #[inline(never)]
    fn weighted_sums(self, x: &[f64], y: &[f64], weights: &[f64]) -> Sums {
        self.total(x, y, |i| weights[i])
    }

    #[inline(always)]
    fn total(self, x: &[f64], y: &[f64], also: impl Fn(usize) -> f64) -> Sums {
        let n = x.len().min(y.len());
        let (x, y) = (&x[..n], &y[..n]);
        let mut lanes = [Sums::default(); LANES];
        let whole = n - n % LANES;
        for i in (0..whole).step_by(LANES) {
            for (k, lane) in lanes.iter_mut().enumerate() {
                lane.add(
                    x[i + k] - self.at,
                    y[i + k],
                    self.weight(x[i + k]) * also(i + k),
                );
            }
        }
        for i in whole..n {
            lanes[0].add(x[i] - self.at, y[i], self.weight(x[i]) * also(i));
        }
        lanes.iter().fold(Sums::default(), |a, b| Sums {
            weight: a.weight + b.weight,
            x: a.x + b.x,
            y: a.y + b.y,
            xx: a.xx + b.xx,
            xy: a.xy + b.xy,
        })
    }
}

impl Sums {
    #[inline(always)]
    fn add(&mut self, x: f64, y: f64, weight: f64) {
        let along = weight * x;
        self.weight += weight;
        self.x += along;
        self.y += weight * y;
        self.xx += along * x;
        self.xy += along * y;
    }
}

#[cfg(test)]
mod tests {
    use super::super::progress::unwatched;
    use super::*;

    fn line(x: &[f64], y: &[f64], options: LowessOptions) -> Lowess {
        lowess(x, y, options, &mut unwatched)
            .unwrap()
            .expect("a line")
    }

    #[track_caller]
    fn check(found: &Lowess, x: &[f64], y: &[f64]) {
        assert_eq!(found.x, x);
        for ((x, f), e) in x.iter().zip(&found.y).zip(y) {
            assert!(
                (f - e).abs() <= 1e-12 * e.abs().max(1.0),
                "at {x}: {f} is not {e}"
            );
        }
    }

    /// Speeds and stopping distances of R's `cars`, some ahead of others by ties.
    const SPEED: [f64; 50] = [
        4.0, 4.0, 7.0, 7.0, 8.0, 9.0, 10.0, 10.0, 10.0, 11.0, 11.0, 12.0, 12.0, 12.0, 12.0, 13.0,
        13.0, 13.0, 13.0, 14.0, 14.0, 14.0, 14.0, 15.0, 15.0, 15.0, 16.0, 16.0, 17.0, 17.0, 17.0,
        18.0, 18.0, 18.0, 18.0, 19.0, 19.0, 19.0, 20.0, 20.0, 20.0, 20.0, 20.0, 22.0, 23.0, 24.0,
        24.0, 24.0, 24.0, 25.0,
    ];
    const DISTANCE: [f64; 50] = [
        2.0, 10.0, 4.0, 22.0, 16.0, 10.0, 18.0, 26.0, 34.0, 17.0, 28.0, 14.0, 20.0, 24.0, 28.0,
        26.0, 34.0, 34.0, 46.0, 26.0, 36.0, 60.0, 80.0, 20.0, 26.0, 54.0, 32.0, 40.0, 32.0, 40.0,
        50.0, 42.0, 56.0, 76.0, 84.0, 36.0, 46.0, 68.0, 32.0, 48.0, 52.0, 56.0, 64.0, 66.0, 54.0,
        70.0, 92.0, 93.0, 120.0, 85.0,
    ];

    /// R 4.2.2: `lowess(cars)` and `lowess(cars, f = 0.2, iter = 0)`, at each speed once.
    #[test]
    fn cars_as_r() {
        let speeds = [
            4.0, 7.0, 8.0, 9.0, 10.0, 11.0, 12.0, 13.0, 14.0, 15.0, 16.0, 17.0, 18.0, 19.0, 20.0,
            22.0, 23.0, 24.0, 25.0,
        ];
        check(
            &line(&SPEED, &DISTANCE, LowessOptions::default()),
            &speeds,
            &[
                4.9654592771868815,
                13.12449503966645,
                15.858633382098317,
                18.579690514217727,
                21.280312578528452,
                24.12927714892649,
                27.11954855060354,
                30.027276331153963,
                32.96250613615763,
                36.75772834164972,
                40.43507456198874,
                43.463491781817574,
                46.88547894602397,
                50.79315172542057,
                56.491224092877154,
                67.58582423143133,
                73.07969526937005,
                78.64316355439986,
                84.32869809683419,
            ],
        );
        let rough = LowessOptions {
            span: 0.2,
            n_robust: 0,
            ..LowessOptions::default()
        };
        check(
            &line(&SPEED, &DISTANCE, rough),
            &speeds,
            &[
                6.031964995249837,
                12.691834984809889,
                15.42946739665174,
                18.74388127241233,
                22.36099020674646,
                23.37085308056873,
                21.5,
                35.0,
                50.5,
                38.723851030110936,
                36.667748215444526,
                45.87599049128367,
                64.5,
                50.0,
                50.39999999999972,
                66.00000000000034,
                73.4962890426662,
                86.41823884441368,
                98.41774118597436,
            ],
        );
    }

    /// R 4.2.2: `x <- ((1:300) * 37) %% 101 + ((1:300) %% 7) / 10; y <- (x %% 13)^2 - 0.2 * x +
    /// ifelse((1:300) %% 29 == 0, 500, 0)` and `lowess(x, y, f = 0.3, iter = 2, delta = 0.05 * diff(range(x)))`
    /// at places 1, 60, 120, 180, 240 and 300: most of them between fits.
    #[test]
    fn outliers_and_places_between_fits_as_r() {
        let x: Vec<f64> = (1..=300_u32)
            .map(|i| f64::from(i * 37 % 101) + f64::from(i % 7) / 10.0)
            .collect();
        let y: Vec<f64> = x
            .iter()
            .zip(1..)
            .map(|(x, i)| (x % 13.0) * (x % 13.0) - 0.2 * x + if i % 29 == 0 { 500.0 } else { 0.0 })
            .collect();
        let options = LowessOptions {
            span: 0.3,
            n_robust: 2,
            delta: 0.05,
        };
        let found = line(&x, &y, options);
        assert_eq!(found.x.len(), 300);
        let expected = [
            22.27311737843336,
            42.908160081277664,
            43.17995769873451,
            31.661314557496265,
            35.33262018640568,
            25.898089473772593,
        ];
        for (place, expected) in [0, 59, 119, 179, 239, 299].into_iter().zip(expected) {
            let f = found.y[place];
            assert!(
                (f - expected).abs() < 1e-10 * expected,
                "{f} is not {expected}"
            );
        }
    }

    #[test]
    fn a_straight_line_stays_one() {
        let x: Vec<f64> = (0..50).map(|i| f64::from(i * i)).collect();
        let y: Vec<f64> = x.iter().map(|x| 3.0 - 2.0 * x).collect();
        let found = line(&x, &y, LowessOptions::default());
        let off = found
            .x
            .iter()
            .zip(&found.y)
            .map(|(x, y)| (y - 3.0 + 2.0 * x).abs());
        assert!(off.fold(0.0, f64::max) < 1e-9);
    }

    #[test]
    fn lines_are_read_between_their_points() {
        let found = Lowess {
            x: vec![0.0, 2.0, 4.0],
            y: vec![1.0, 5.0, 3.0],
        };
        for (x, y) in [
            (-1.0, 1.0),
            (0.0, 1.0),
            (1.0, 3.0),
            (2.0, 5.0),
            (3.5, 3.5),
            (9.0, 3.0),
        ] {
            assert_eq!(found.at(x), y, "at {x}");
        }
    }

    #[test]
    fn no_line_without_spread() {
        let none = |x: &[f64], y: &[f64]| {
            let found = lowess(x, y, LowessOptions::default(), &mut unwatched).unwrap();
            assert_eq!(found, None);
        };
        none(&[1.0, 2.0], &[1.0, 2.0]);
        none(&[1.0, 1.0, 1.0], &[1.0, 2.0, 3.0]);
        none(&[1.0, f64::NAN, 3.0], &[1.0, 2.0, 3.0]);
        none(&[-1e308, 0.0, 1e308, 1.5e308], &[1.0, 2.0, 3.0, 4.0]);
    }

    #[test]
    fn very_large_and_small_units() {
        let x = [1.0, 2.0, 3.0, 4.0, 6.0, 7.0];
        let y = [2.0, 1.0, 4.0, 3.0, 6.0, 9.0];
        let plain = line(&x, &y, LowessOptions::default());
        for unit in [1e-200, 1e200] {
            let scaled = |v: &[f64]| v.iter().map(|v| v * unit).collect::<Vec<f64>>();
            let found = line(&scaled(&x), &scaled(&y), LowessOptions::default());
            for (f, p) in found.y.iter().zip(&plain.y) {
                assert!((f / unit - p).abs() < 1e-12);
            }
        }
    }
}
