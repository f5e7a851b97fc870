//! Numbers in JSON: JSON has no NaN and no infinity, so they are `null`, `"inf"` and `"-inf"`.

use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// One number that may be missing or infinite.
#[derive(Clone, Copy, Debug)]
pub struct Number(pub f64);

impl Serialize for Number {
    fn serialize<S: Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        match self.0 {
            v if v.is_nan() => s.serialize_none(),
            f64::INFINITY => s.serialize_str("inf"),
            f64::NEG_INFINITY => s.serialize_str("-inf"),
            v => s.serialize_f64(v),
        }
    }
}

impl<'de> Deserialize<'de> for Number {
    fn deserialize<D: Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        #[derive(Deserialize)]
        #[serde(untagged)]
        enum Form {
            Number(f64),
            Word(String),
            Missing(()),
        }
        Ok(Number(match Form::deserialize(d)? {
            Form::Number(v) => v,
            Form::Word(w) if w == "inf" => f64::INFINITY,
            Form::Word(w) if w == "-inf" => f64::NEG_INFINITY,
            Form::Word(w) => return Err(serde::de::Error::custom(format!("{w} is not a number"))),
            Form::Missing(()) => f64::NAN,
        }))
    }
}

/// `#[serde(with = "number::one")]` for an `f64`.
pub mod one {
    use super::*;
    pub fn serialize<S: Serializer>(v: &f64, s: S) -> Result<S::Ok, S::Error> {
        Number(*v).serialize(s)
    }
    pub fn deserialize<'de, D: Deserializer<'de>>(d: D) -> Result<f64, D::Error> {
        Ok(Number::deserialize(d)?.0)
    }
}

/// `#[serde(with = "number::many")]` for a `Vec<f64>`.
pub mod many {
    use super::*;
    pub fn serialize<S: Serializer>(v: &[f64], s: S) -> Result<S::Ok, S::Error> {
        s.collect_seq(v.iter().map(|&x| Number(x)))
    }
    pub fn deserialize<'de, D: Deserializer<'de>>(d: D) -> Result<Vec<f64>, D::Error> {
        Ok(Vec::<Number>::deserialize(d)?
            .into_iter()
            .map(|n| n.0)
            .collect())
    }
}
