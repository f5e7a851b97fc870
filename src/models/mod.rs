//! Algorithms with fit and predict: slices and matrices in, numbers out.

pub mod anova;
pub mod basis;
pub mod design;
pub mod elastic_net;
pub mod glm;
pub mod k_means;
pub mod linear;
pub mod multinomial;
pub mod pca;
pub mod repeated;
pub mod survival;
pub mod target_encoding;

/// What the weights of rows mean to a model.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WeightKind {
    /// Each row stands for so many rows: weights count towards n.
    Frequency,
    /// The inverse of a row's variance, up to a factor.
    Analytic,
}
