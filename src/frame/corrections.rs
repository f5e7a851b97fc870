//! Corrections of p values for the number of tests, as options offer them.

use crate::msg;
use crate::report::Msg;
use crate::spec::Language;
use crate::stats::p_adjust::{
    benjamini_hochberg, benjamini_yekutieli, bonferroni, hochberg, holm, hommel,
};

crate::choices! {
    /// How p values allow for several tests.
    pub enum Correction {
        None = "none" "None",
        Holm = "holm" "Holm",
        BenjaminiHochberg = "bh" "Benjamini–Hochberg",
        Bonferroni = "bonferroni" "Bonferroni",
        Hochberg = "hochberg" "Hochberg",
        Hommel = "hommel" "Hommel",
        BenjaminiYekutieli = "by" "Benjamini–Yekutieli",
    }
}

impl Correction {
    /// p values corrected together. A NaN stays one and is not counted.
    pub fn adjust(self, p_values: &[f64]) -> Vec<f64> {
        match self {
            Correction::None => p_values.to_vec(),
            Correction::Holm => holm(p_values),
            Correction::BenjaminiHochberg => benjamini_hochberg(p_values),
            Correction::Bonferroni => bonferroni(p_values),
            Correction::Hochberg => hochberg(p_values),
            Correction::Hommel => hommel(p_values),
            Correction::BenjaminiYekutieli => benjamini_yekutieli(p_values),
        }
    }

    /// The name that R's `p.adjust` or statsmodels' `multipletests` has for it.
    pub fn code_name(self, language: Language) -> &'static str {
        match (self, language) {
            (Correction::None, _) => "none",
            (Correction::Holm, _) => "holm",
            (Correction::BenjaminiHochberg, Language::R) => "BH",
            (Correction::BenjaminiHochberg, Language::Python) => "fdr_bh",
            (Correction::Bonferroni, _) => "bonferroni",
            (Correction::Hochberg, Language::R) => "hochberg",
            (Correction::Hochberg, Language::Python) => "simes-hochberg",
            (Correction::Hommel, _) => "hommel",
            (Correction::BenjaminiYekutieli, Language::R) => "BY",
            (Correction::BenjaminiYekutieli, Language::Python) => "fdr_by",
        }
    }

    /// The name that options have for it.
    pub fn key(self) -> &'static str {
        Self::CHOICES[self as usize].key
    }

    /// What it is called in a report.
    pub fn title(self) -> Msg {
        match self {
            Correction::None => msg!("frame.correction_none", "None"),
            Correction::Holm => msg!("frame.correction_holm", "Holm"),
            Correction::BenjaminiHochberg => msg!("frame.correction_bh", "Benjamini–Hochberg"),
            Correction::Bonferroni => msg!("frame.correction_bonferroni", "Bonferroni"),
            Correction::Hochberg => msg!("frame.correction_hochberg", "Hochberg"),
            Correction::Hommel => msg!("frame.correction_hommel", "Hommel"),
            Correction::BenjaminiYekutieli => msg!("frame.correction_by", "Benjamini–Yekutieli"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use Correction::*;

    /// R 4: p.adjust(c(0.01, NA, 0.025, 0.031, 0.5), way).
    #[test]
    fn each_choice_is_its_own_correction() {
        let p = [0.01, f64::NAN, 0.025, 0.031, 0.5];
        let check = |way: Correction, key: &str, in_r: &str, expected: [f64; 4]| {
            assert_eq!((way.key(), way.code_name(Language::R)), (key, in_r));
            let adjusted = way.adjust(&p);
            assert!(adjusted[1].is_nan());
            let known = [adjusted[0], adjusted[2], adjusted[3], adjusted[4]];
            let near = known
                .iter()
                .zip(expected)
                .all(|(a, e)| (a - e).abs() < 1e-15);
            assert!(near, "{key}: {known:?} is not {expected:?}");
        };
        check(None, "none", "none", [0.01, 0.025, 0.031, 0.5]);
        check(Holm, "holm", "holm", [0.04, 0.075, 0.075, 0.5]);
        check(
            BenjaminiHochberg,
            "bh",
            "BH",
            [0.04, 0.041333333333333333, 0.041333333333333333, 0.5],
        );
        check(
            Bonferroni,
            "bonferroni",
            "bonferroni",
            [0.04, 0.1, 0.124, 1.0],
        );
        check(Hochberg, "hochberg", "hochberg", [0.04, 0.062, 0.062, 0.5]);
        check(Hommel, "hommel", "hommel", [0.04, 0.05, 0.062, 0.5]);
        check(
            BenjaminiYekutieli,
            "by",
            "BY",
            [
                0.083333333333333343,
                0.086111111111111124,
                0.086111111111111124,
                1.0,
            ],
        );
    }
}
