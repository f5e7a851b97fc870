//! Comparisons of marginal means: how they allow for their number, and how reports show them.

use super::corrections::Correction;
use super::words;
use crate::msg;
use crate::report::{Cell, Format, Head, Msg, TableBlock};
use crate::spec::{Choice, Language};
use crate::stats::compact_letters::compact_letters;
use crate::stats::post_hoc::{Contrast, Pairwise, bonferroni_reach, t_reach, tukey_p, tukey_reach};

crate::choices! {
    /// How means are compared with one another.
    pub enum PostHoc {
        Tukey = "tukey" "Tukey",
        GamesHowell = "games_howell" "Games–Howell, for uneven spread",
        Dunnett = "dunnett" "Dunnett, with a control",
        Holm = "holm" "t tests, Holm",
        Bonferroni = "bonferroni" "t tests, Bonferroni",
        Hochberg = "hochberg" "t tests, Hochberg",
        Hommel = "hommel" "t tests, Hommel",
        BenjaminiHochberg = "bh" "t tests, Benjamini–Hochberg",
        BenjaminiYekutieli = "by" "t tests, Benjamini–Yekutieli",
        Uncorrected = "uncorrected" "t tests, not corrected",
        None = "none" "Not compared",
    }
}

/// How the comparisons of a family allow for their number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Method {
    /// The studentised range: p values and intervals hold for all pairs together.
    Tukey,
    /// t tests with corrected p values.
    Corrected(Correction, Intervals),
}

/// What the intervals beside corrected p values hold for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Intervals {
    /// Each comparison by itself.
    Each,
    /// All comparisons together, by Bonferroni's inequality.
    All,
}

/// A marginal mean as a line of a table.
pub struct MeanLine<'a> {
    pub name: &'a str,
    pub n: f64,
    pub value: f64,
    pub standard_error: f64,
}

impl PostHoc {
    /// Those that take the variance of each difference from the model of repeated measures.
    pub const OF_MEASURES: &'static [Choice] = &[
        Self::Holm.choice(),
        Self::Bonferroni.choice(),
        Self::Tukey.choice(),
        Self::Hochberg.choice(),
        Self::Hommel.choice(),
        Self::BenjaminiHochberg.choice(),
        Self::BenjaminiYekutieli.choice(),
        Self::Uncorrected.choice(),
        Self::None.choice(),
    ];

    const fn choice(self) -> Choice {
        Self::CHOICES[self as usize]
    }

    /// How contrasts of a model's means are corrected; `None` where it is not these that are compared.
    pub fn method(self) -> Option<Method> {
        let each = |correction| Some(Method::Corrected(correction, Intervals::Each));
        match self {
            PostHoc::Tukey => Some(Method::Tukey),
            PostHoc::Holm => each(Correction::Holm),
            PostHoc::Bonferroni => Some(Method::Corrected(Correction::Bonferroni, Intervals::All)),
            PostHoc::Hochberg => each(Correction::Hochberg),
            PostHoc::Hommel => each(Correction::Hommel),
            PostHoc::BenjaminiHochberg => each(Correction::BenjaminiHochberg),
            PostHoc::BenjaminiYekutieli => each(Correction::BenjaminiYekutieli),
            PostHoc::Uncorrected => each(Correction::None),
            PostHoc::GamesHowell | PostHoc::Dunnett | PostHoc::None => None,
        }
    }

    /// What scripts call it: a correction as R's `p.adjust` does.
    pub fn code_name(self) -> &'static str {
        match (self, self.method()) {
            (PostHoc::Uncorrected, _) => "uncorrected",
            (PostHoc::GamesHowell, _) => "games_howell",
            (_, Some(Method::Tukey)) => "tukey",
            (_, Some(Method::Corrected(correction, _))) => correction.code_name(Language::R),
            (_, None) => "none",
        }
    }

    /// How the comparisons were made.
    pub fn note(self) -> Msg {
        match (self, self.method()) {
            (PostHoc::GamesHowell, _) => msg!(
                "frame.by_games_howell",
                "Games and Howell’s method of raw means, each with its own variance; simultaneous intervals."
            ),
            (PostHoc::Dunnett, _) => msg!(
                "frame.by_dunnett",
                "Dunnett’s method; simultaneous intervals."
            ),
            (_, Some(Method::Tukey)) => {
                msg!("frame.by_tukey", "Tukey’s method; simultaneous intervals.")
            }
            (_, None | Some(Method::Corrected(Correction::None, _))) => msg!(
                "frame.by_none",
                "Neither p values nor intervals are corrected."
            ),
            (_, Some(Method::Corrected(correction, Intervals::All))) => msg!(
                "frame.by_correction_all",
                "p values and intervals corrected by {name}’s method.",
                name = correction.title()
            ),
            (_, Some(Method::Corrected(correction, Intervals::Each))) => msg!(
                "frame.by_correction",
                "p values corrected by {name}’s method; intervals are for each comparison by itself.",
                name = correction.title()
            ),
        }
    }
}

/// The contrasts of a family of `n_means` means whose variance has `df` degrees of freedom, with p values
/// corrected together and intervals of confidence `level`.
pub fn compared(
    contrasts: &[Contrast],
    n_means: usize,
    df: f64,
    level: f64,
    method: Method,
) -> Vec<Pairwise> {
    let (p, reach) = match method {
        Method::Tukey => {
            let p = contrasts.iter().map(|c| tukey_p(c.t, n_means, df));
            (p.collect(), tukey_reach(n_means, df, level))
        }
        Method::Corrected(correction, intervals) => {
            let p: Vec<f64> = contrasts.iter().map(|c| c.p).collect();
            let reach = match intervals {
                Intervals::Each => t_reach(df, level),
                Intervals::All => bonferroni_reach(contrasts.len(), df, level),
            };
            (correction.adjust(&p), reach)
        }
    };
    let pairwise = |(c, p): (&Contrast, f64)| Pairwise {
        first: c.first,
        second: c.second,
        difference: c.difference,
        standard_error: c.standard_error,
        df,
        t: c.t,
        p,
        low: c.difference - reach * c.standard_error,
        high: c.difference + reach * c.standard_error,
    };
    contrasts.iter().zip(p).map(pairwise).collect()
}

/// Means share a letter unless they differ; the highest mean has the first one.
pub fn letters(means: &[f64], pairs: &[Pairwise], level: f64) -> Vec<String> {
    let mut order: Vec<usize> = (0..means.len()).collect();
    order.sort_by(|&a, &b| means[b].total_cmp(&means[a]));
    let alpha = 1.0 - level;
    compact_letters(means.len(), &order, &|a, b| {
        pairs
            .iter()
            .any(|p| (p.first, p.second) == (a, b) && p.p < alpha)
    })
}

/// Families of means that differ in one factor alone: the factor's place in the term, and the means at one
/// combination of the others' levels. `levels` holds the levels of each mean.
pub fn simple_families(levels: &[&[usize]]) -> Vec<(usize, Vec<usize>)> {
    let n_factors = levels.first().map_or(0, |l| l.len());
    let mut families: Vec<(usize, Vec<usize>)> = Vec::new();
    for varied in 0..n_factors {
        let mut held: Vec<Vec<usize>> = Vec::new();
        let start = families.len();
        for (mean, levels) in levels.iter().enumerate() {
            let mut others = levels.to_vec();
            others.remove(varied);
            match held.iter().position(|h| *h == others) {
                Some(known) => families[start + known].1.push(mean),
                None => {
                    held.push(others);
                    families.push((varied, vec![mean]));
                }
            }
        }
    }
    families
}

/// A table of comparisons, the means by their names. `df` is how degrees of freedom are written.
pub fn pair_table(
    key: &str,
    title: Msg,
    names: &[String],
    pairs: &[Pairwise],
    post_hoc: PostHoc,
    df: Format,
    level: f64,
) -> TableBlock {
    let mut heads = vec![
        Head::name("first", msg!("frame.first", "First")),
        Head::name("second", msg!("frame.second", "Second")),
        Head::new(
            "difference",
            msg!("frame.difference", "Difference"),
            Format::General,
        ),
        words::std_error(),
        Head::new("df", msg!("frame.df", "df"), df),
        Head::new("t", msg!("frame.t", "t"), Format::Fixed(3)),
        if post_hoc == PostHoc::Uncorrected {
            words::p()
        } else {
            words::p_adjusted()
        },
    ];
    heads.extend(words::ends("", level, Format::General));
    let mut table = TableBlock::new(key, title, heads);
    for pair in pairs {
        let numbers = [
            pair.difference,
            pair.standard_error,
            pair.df,
            pair.t,
            pair.p,
            pair.low,
            pair.high,
        ];
        let names = [pair.first, pair.second].map(|m| Cell::from(names[m].as_str()));
        table.row(names.into_iter().chain(numbers.map(known)).collect());
    }
    table
}

/// That p values were corrected family by family.
pub fn within_levels() -> Msg {
    msg!(
        "frame.within_levels",
        "Corrected within each level of the other factors."
    )
}

/// A table of the marginal means of `term`, with intervals from `df` degrees of freedom and with letters
/// where there are any. `n` is the head of what stands behind each mean.
pub fn mean_table(
    key: &str,
    term: &Msg,
    n: Head,
    means: &[MeanLine],
    letters: &[String],
    (df, level): (f64, f64),
) -> TableBlock {
    let mut heads = vec![
        Head::name("level", term.clone()),
        n,
        Head::new("mean", msg!("frame.mean", "Mean"), Format::General),
        words::std_error(),
    ];
    heads.extend(words::ends("", level, Format::General));
    if !letters.is_empty() {
        heads.push(Head::name("letters", msg!("frame.letters", "Letters")));
    }
    let title = msg!(
        "frame.means_by",
        "Marginal means by {term}",
        term = term.clone()
    );
    let mut table = TableBlock::new(key, title, heads);
    let reach = t_reach(df, level);
    for (m, mean) in means.iter().enumerate() {
        let mut cells: Vec<Cell> = vec![
            mean.name.into(),
            mean.n.into(),
            known(mean.value),
            known(mean.standard_error),
            known(mean.value - reach * mean.standard_error),
            known(mean.value + reach * mean.standard_error),
        ];
        cells.extend(letters.get(m).map(|l| Cell::from(l.as_str())));
        table.row(cells);
    }
    if !letters.is_empty() {
        table.notes.push(msg!(
            "frame.letters_note",
            "Means that share a letter do not differ."
        ));
    }
    table
}

/// What the test of a term, of one factor or several, says of the outcome.
pub fn term_effect(
    is_sure: bool,
    has_several: bool,
    outcome: &str,
    term: Msg,
    details: Msg,
) -> Msg {
    match (is_sure, has_several) {
        (true, false) => msg!(
            "frame.term_differs",
            "The mean of {outcome} differs by {term} ({details}).",
            outcome = outcome,
            term = term,
            details = details
        ),
        (false, false) => msg!(
            "frame.term_alike",
            "It is not shown that the mean of {outcome} differs by {term} ({details}).",
            outcome = outcome,
            term = term,
            details = details
        ),
        (true, true) => msg!(
            "frame.terms_interact",
            "{term} act together: the effect of one depends on the other ({details}).",
            term = term,
            details = details
        ),
        (false, true) => msg!(
            "frame.terms_apart",
            "It is not shown that {term} act together ({details}).",
            term = term,
            details = details
        ),
    }
}

/// A number, or nothing where there is none.
fn known(value: f64) -> Cell {
    Some(value).filter(|v| v.is_finite()).into()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// R 4: three contrasts of t = 1, 2.5 and −3 with standard error 2 and 10 degrees of freedom among three
    /// means; ptukey, qtukey, p.adjust and qt.
    #[test]
    fn methods_agree_with_r() {
        const BY_HOLM: [f64; 3] = [0.3408931323020601, 0.0628936884732176, 0.0400309650677088];
        let contrasts: Vec<Contrast> = [(0, 1, 1.0), (0, 2, 2.5), (1, 2, -3.0)]
            .into_iter()
            .map(|(a, b, t)| Contrast::new(a, b, (2.0 * t, 2.0), 10.0))
            .collect();
        let check = |method: Method, p: [f64; 3], high: f64| {
            let pairs = compared(&contrasts, 3, 10.0, 0.9, method);
            let found = pairs.iter().map(|p| p.p);
            let near = found.zip(p).all(|(a, e)| (a - e).abs() < 1e-9);
            assert!(near, "{method:?}: {pairs:?}");
            assert!((pairs[0].high - high).abs() < 1e-6, "{method:?}: {pairs:?}");
            assert!((pairs[2].low - (-4.0 - high)).abs() < 1e-6);
        };
        check(
            Method::Tukey,
            [0.5934037394153144, 0.07403919564734707, 0.03270600746805963],
            6.62491449688583,
        );
        check(
            Method::Corrected(Correction::None, Intervals::Each),
            [0.3408931323020601, 0.0314468442366088, 0.0133436550225696],
            5.62492224562335,
        );
        check(
            Method::Corrected(Correction::Holm, Intervals::Each),
            BY_HOLM,
            5.62492224562335,
        );
        check(
            Method::Corrected(Correction::Holm, Intervals::All),
            BY_HOLM,
            6.93196536416404,
        );
        check(
            PostHoc::Bonferroni.method().unwrap(),
            [1.0, 0.0943405327098263, 0.0400309650677088],
            6.93196536416404,
        );
    }

    #[test]
    fn families_differ_in_one_factor_alone() {
        let levels = [[0, 0], [0, 1], [1, 0], [1, 1]];
        let levels: Vec<&[usize]> = levels.iter().map(|l| &l[..]).collect();
        let expected = [
            (0, vec![0, 2]),
            (0, vec![1, 3]),
            (1, vec![0, 1]),
            (1, vec![2, 3]),
        ];
        assert_eq!(simple_families(&levels), expected);
    }

    #[test]
    fn the_highest_mean_has_the_first_letter() {
        let pair = |first, second, p| Pairwise {
            first,
            second,
            difference: 1.0,
            standard_error: 1.0,
            df: 9.0,
            t: 1.0,
            p,
            low: 0.0,
            high: 2.0,
        };
        let pairs = [pair(0, 1, 0.001), pair(0, 2, 0.5), pair(1, 2, 0.04)];
        assert_eq!(letters(&[1.0, 3.0, 2.0], &pairs, 0.95), ["b", "a", "b"]);
        assert_eq!(letters(&[1.0, 3.0, 2.0], &pairs, 0.99), ["b", "a", "ab"]);
    }
}
