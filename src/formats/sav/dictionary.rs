//! What a system file says of its variables.

use std::borrow::Cow;
use std::collections::HashMap;

use super::super::{FormatError, names, words};
use super::records::{Order, Part, Records, damaged};
use super::{encoding_of, encoding_of_page};
use crate::table::csv::{Encoding, ImportOptions, Source};
use crate::table::{Measure, MissingCode, ValueLabel, write_number};

pub(super) struct Dictionary {
    pub variables: Vec<Variable>,
    pub encoding: Encoding,
    pub order: Order,
    pub compression: Compression,
    pub bias: f64,
    /// The number that stands for a missing one.
    pub missing: f64,
    pub n_cases: Option<u64>,
    pub weight: Option<String>,
    pub product: Option<String>,
    pub data_start: u64,
    decoder: &'static encoding_rs::Encoding,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Compression {
    None,
    Bytecode,
    /// Byte code in blocks that zlib compressed.
    Zlib,
}

pub(super) struct Variable {
    pub name: String,
    pub kind: Kind,
    pub label: Option<String>,
    pub value_labels: Vec<ValueLabel>,
    pub missing: Vec<MissingCode>,
    pub measure: Option<Measure>,
    pub decimals: i32,
    pub is_dollar: bool,
    /// Of texts: where they stand in a case.
    pub segments: Vec<Segment>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Number,
    Date,
    DateTime,
    Time,
    Text,
}

/// A part of a text: bytes that it takes, and how many of these belong to it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Segment {
    pub n_bytes: usize,
    pub n_used: usize,
}

/// Variables past this are not believed.
const MOST_VARIABLES: usize = 1 << 20;
/// The longest text of one segment.
const SEGMENT: usize = 255;
/// How many bytes each segment of a very long text adds to its width.
const EFFECTIVE: usize = 252;

/// Reads everything before the cases.
///
/// # Errors
/// When it is damaged or cut short.
pub(super) fn read(
    source: &mut dyn Source,
    options: &ImportOptions,
) -> Result<Dictionary, FormatError> {
    let mut records = Records::new(source);
    let header = Header::read(&mut records)?;
    let mut found = Found::default();
    loop {
        match records.i32()? {
            2 => found.variable(&mut records)?,
            3 => found.value_labels(&mut records)?,
            6 => {
                let n_lines = records.count()?;
                records.bytes(n_lines.saturating_mul(80))?;
            }
            7 => found.extension(&mut records)?,
            999 => {
                records.i32()?;
                break;
            }
            _ => return Err(damaged()),
        }
    }
    let at = records.at;
    let order = records.order;
    found
        .assemble(header, order, at, options)
        .ok_or_else(damaged)?
}

struct Header {
    compression: Compression,
    weight_index: i32,
    n_cases: Option<u64>,
    bias: f64,
    product: String,
}

impl Header {
    fn read(records: &mut Records) -> Result<Self, FormatError> {
        let magic: [u8; 4] = records.array()?;
        let product: [u8; 60] = records.array()?;
        let layout: [u8; 4] = records.array()?;
        records.order = match (i32::from_le_bytes(layout), i32::from_be_bytes(layout)) {
            (2 | 3, _) => Order::Little,
            (_, 2 | 3) => Order::Big,
            _ => return Err(damaged()),
        };
        records.i32()?;
        let compression = match (records.i32()?, &magic) {
            (0, _) => Compression::None,
            (2, _) | (1, b"$FL3") => Compression::Zlib,
            (1, _) => Compression::Bytecode,
            _ => return Err(damaged()),
        };
        let weight_index = records.i32()?;
        let n_cases = u64::try_from(records.i32()?).ok();
        let bias = records.f64()?;
        records.bytes(9 + 8 + 64 + 3)?;
        let product = String::from_utf8_lossy(&product);
        let product = product
            .trim_end_matches(['\0', ' '])
            .trim_start_matches("@(#)")
            .trim();
        Ok(Self {
            compression,
            weight_index,
            n_cases,
            bias,
            product: product.to_owned(),
        })
    }
}

/// Values with their labels, and the places of the variables that they belong to.
type LabelRecord = (Vec<([u8; 8], Vec<u8>)>, Vec<i32>);

/// The records as they stand, before names and encoding are known.
#[derive(Default)]
struct Found {
    /// Variables and the further elements of texts, `None`, in the order of a case.
    elements: Vec<Option<Element>>,
    labels: Vec<LabelRecord>,
    code_page: Option<i32>,
    encoding_name: Option<String>,
    /// The numbers for missing, highest and lowest.
    extremes: Option<(f64, f64, f64)>,
    display: Vec<i32>,
    long_names: Vec<u8>,
    long_texts: Vec<u8>,
    long_labels: Vec<u8>,
    long_missing: Vec<u8>,
    n_cases: Option<u64>,
}

struct Element {
    width: usize,
    name: [u8; 8],
    label: Option<Vec<u8>>,
    missing: Vec<[u8; 8]>,
    /// As the record gives it: 1 to 3 values, −2 a range, −3 a range and a value.
    n_missing: i32,
    format: i32,
}

impl Found {
    fn variable(&mut self, records: &mut Records) -> Result<(), FormatError> {
        if self.elements.len() >= MOST_VARIABLES {
            return Err(damaged());
        }
        let width = records.i32()?;
        let has_label = records.i32()?;
        let n_missing = records.i32()?;
        let format = records.i32()?;
        records.i32()?;
        let name: [u8; 8] = records.array()?;
        let label = match has_label {
            1 => {
                let n = records.count()?;
                let mut label = records.bytes(n.next_multiple_of(4))?;
                label.truncate(n as usize);
                Some(label)
            }
            _ => None,
        };
        if !(-3..=3).contains(&n_missing) {
            return Err(damaged());
        }
        let mut missing = Vec::new();
        for _ in 0..n_missing.unsigned_abs() {
            missing.push(records.array()?);
        }
        self.elements.push(match width {
            -1 => None,
            width => Some(Element {
                width: usize::try_from(width).map_err(|_| damaged())?,
                name,
                label,
                missing,
                n_missing,
                format,
            }),
        });
        Ok(())
    }

    fn value_labels(&mut self, records: &mut Records) -> Result<(), FormatError> {
        let n = records.count()?;
        let mut labels = Vec::new();
        for _ in 0..n {
            let value: [u8; 8] = records.array()?;
            let [length] = records.array()?;
            let n_padded = (u64::from(length) + 1).next_multiple_of(8) - 1;
            let mut label = records.bytes(n_padded)?;
            label.truncate(usize::from(length));
            labels.push((value, label));
        }
        if records.i32()? != 4 {
            return Err(damaged());
        }
        let n = records.count()?;
        let mut places = Vec::new();
        for _ in 0..n {
            places.push(records.i32()?);
        }
        self.labels.push((labels, places));
        Ok(())
    }

    fn extension(&mut self, records: &mut Records) -> Result<(), FormatError> {
        let subtype = records.i32()?;
        let (size, count) = (records.count()?, records.count()?);
        let bytes = records.bytes(size.saturating_mul(count))?;
        let mut part = Part {
            bytes: &bytes,
            order: records.order,
        };
        match subtype {
            3 => {
                let numbers: Vec<i32> = std::iter::from_fn(|| part.i32()).collect();
                self.code_page = numbers.get(7).copied();
            }
            4 => {
                let numbers: Vec<f64> = std::iter::from_fn(|| part.f64()).collect();
                if let [missing, highest, lowest] = numbers[..] {
                    self.extremes = Some((missing, highest, lowest));
                }
            }
            11 => self.display = std::iter::from_fn(|| part.i32()).collect(),
            13 => self.long_names = bytes,
            14 => self.long_texts = bytes,
            16 if bytes.len() >= 16 => {
                let n: [u8; 8] = part.bytes[8..16].try_into().map_err(|_| damaged())?;
                self.n_cases = u64::try_from(records.order.i64(n)).ok();
            }
            20 => {
                let name = String::from_utf8_lossy(&bytes);
                self.encoding_name = Some(name.trim_end_matches('\0').to_owned());
            }
            21 => self.long_labels = bytes,
            22 => self.long_missing = bytes,
            _ => {}
        }
        Ok(())
    }

    /// `None` when the records do not fit one another; the error within, when there are no variables.
    fn assemble(
        self,
        header: Header,
        order: Order,
        data_start: u64,
        options: &ImportOptions,
    ) -> Option<Result<Dictionary, FormatError>> {
        let encoding = options
            .encoding
            .or_else(|| self.encoding())
            .unwrap_or_else(|| self.guess());
        let decoder = encoding_rs::Encoding::for_label(encoding.name().as_bytes())?;
        let text = |bytes: &[u8]| {
            decoder
                .decode_without_bom_handling(bytes)
                .0
                .trim_end()
                .to_owned()
        };
        let (missing, highest, lowest) = self.extremes.unwrap_or((-f64::MAX, f64::MAX, LOWEST));
        let short_names: Vec<String> = self.real().map(|(_, e)| text(&e.name)).collect();
        let long_names = pairs(&text(&self.long_names), &['\t']);
        let widths = pairs(&text(&self.long_texts), &['\t', '\0']);
        let mut variables: Vec<Variable> = Vec::new();
        // By the place in a case, counted from 1: which variable.
        let mut by_place: HashMap<i32, usize> = HashMap::new();
        let mut by_short: HashMap<String, usize> = HashMap::new();
        let mut given: Vec<String> = Vec::new();
        let n_display = self.real().count();
        let per_display = self.display.len().checked_div(n_display);
        let per_display = per_display.filter(|n| matches!(n, 2 | 3)).unwrap_or(0);
        let mut real = self.real().enumerate();
        while let Some((k, (place, element))) = real.next() {
            let short = &short_names[k];
            let mut segments = vec![Segment {
                n_bytes: element.width,
                n_used: element.width,
            }];
            let long_width = widths
                .get(short)
                .and_then(|w| w.trim().parse::<usize>().ok());
            if let Some(width) = long_width.filter(|w| *w > SEGMENT && element.width > 0) {
                segments.clear();
                let n_segments = width.div_ceil(EFFECTIVE);
                let mut left = width;
                let mut next = Some(element);
                for n in 0..n_segments {
                    let n_bytes = next.take()?.width;
                    let n_used = n_bytes.min(SEGMENT).min(left);
                    left -= n_used;
                    segments.push(Segment { n_bytes, n_used });
                    if n + 1 < n_segments {
                        next = real.next().map(|(_, (_, e))| e);
                    }
                }
            }
            let kind = kind(element);
            let measure = match per_display {
                0 => None,
                n => match self.display[k * n] {
                    1 => Some(Measure::Nominal),
                    2 => Some(Measure::Ordinal),
                    3 => Some(Measure::Scale),
                    _ => None,
                },
            };
            let limits = (highest, lowest);
            by_place.insert(place, variables.len());
            by_short.insert(short.clone(), variables.len());
            given.push(
                long_names
                    .get(short)
                    .cloned()
                    .unwrap_or_else(|| short.clone()),
            );
            variables.push(Variable {
                name: String::new(),
                label: element.label.as_deref().map(text).filter(|l| !l.is_empty()),
                value_labels: Vec::new(),
                missing: missing_codes(element, order, limits, &text),
                measure,
                decimals: element.format & 0xff,
                is_dollar: element.format >> 16 & 0xff == 4,
                segments,
                kind,
            });
        }
        drop(real);
        for (name, variable) in names::unique(&given, &mut Vec::new())
            .into_iter()
            .zip(&mut variables)
        {
            variable.name = name;
        }
        for (labels, places) in &self.labels {
            for k in places.iter().filter_map(|p| by_place.get(p)) {
                let variable = &mut variables[*k];
                let is_text = variable.kind == Kind::Text;
                let label = |(value, label): &([u8; 8], Vec<u8>)| {
                    let value = match is_text {
                        true => text(value),
                        false => spelt(order.f64(*value)),
                    };
                    ValueLabel::new(value, text(label))
                };
                variable.value_labels.extend(labels.iter().map(label));
                if !is_text {
                    let number = |l: &ValueLabel| l.value.parse::<f64>().unwrap_or(f64::INFINITY);
                    variable
                        .value_labels
                        .sort_by(|a, b| number(a).total_cmp(&number(b)));
                }
            }
        }
        let find = |name: &str| {
            let long = given.iter().position(|g| g == name);
            by_short.get(name).copied().or(long)
        };
        long_labels(&self.long_labels, order, &text, |name, label| {
            if let Some(k) = find(name) {
                variables[k].value_labels.push(label);
            }
        });
        long_missing(&self.long_missing, order, &text, |name, code| {
            if let Some(k) = find(name) {
                variables[k].missing.push(code);
            }
        });
        if variables.is_empty() {
            return Some(Err(words::no_rows().into()));
        }
        let weight = by_place
            .get(&header.weight_index)
            .map(|k| variables[*k].name.clone());
        Some(Ok(Dictionary {
            weight,
            variables,
            encoding,
            order,
            compression: header.compression,
            bias: header.bias,
            missing,
            n_cases: self.n_cases.or(header.n_cases),
            product: Some(header.product).filter(|p| !p.is_empty()),
            data_start,
            decoder,
        }))
    }

    /// The variables and their places in a case, counted from 1.
    fn real(&self) -> impl Iterator<Item = (i32, &Element)> {
        let elements = (1..).zip(&self.elements);
        elements.filter_map(|(place, e)| Some((place, e.as_ref()?)))
    }

    /// The encoding that the file states.
    fn encoding(&self) -> Option<Encoding> {
        let by_name = self.encoding_name.as_deref().and_then(encoding_of);
        by_name.or_else(|| encoding_of_page(self.code_page?))
    }

    /// The first encoding in which names and labels make sense.
    fn guess(&self) -> Encoding {
        let mut sample: Vec<u8> = self.long_names.clone();
        for (_, element) in self.real() {
            sample.extend(element.label.iter().flatten());
        }
        for (labels, _) in &self.labels {
            labels.iter().for_each(|(_, label)| sample.extend(label));
        }
        if std::str::from_utf8(&sample).is_ok() {
            return Encoding::UTF_8;
        }
        let (_, _, had_errors) = encoding_rs::EUC_KR.decode(&sample);
        match had_errors {
            false => Encoding::CP949,
            true => Encoding::WINDOWS_1252,
        }
    }
}

impl Dictionary {
    pub fn decode<'t>(&self, bytes: &'t [u8]) -> Cow<'t, str> {
        self.decoder.decode_without_bom_handling(bytes).0
    }
}

/// The second-lowest number, which stands for all below a code.
const LOWEST: f64 = -1.797_693_134_862_315_5e308;

fn kind(element: &Element) -> Kind {
    if element.width > 0 {
        return Kind::Text;
    }
    match element.format >> 16 & 0xff {
        20 | 23 | 24 | 28 | 29 | 30 | 38 | 39 => Kind::Date,
        22 | 41 => Kind::DateTime,
        21 | 25 | 40 => Kind::Time,
        _ => Kind::Number,
    }
}

fn missing_codes(
    element: &Element,
    order: Order,
    (highest, lowest): (f64, f64),
    text: &impl Fn(&[u8]) -> String,
) -> Vec<MissingCode> {
    if element.width > 0 {
        let codes = element.missing.iter().map(|v| MissingCode::Value(text(v)));
        return codes.collect();
    }
    let number = |k: usize| order.f64(element.missing[k]);
    let mut codes = Vec::new();
    let mut singles = 0..element.missing.len();
    if element.n_missing < -1 {
        codes.push(MissingCode::Range {
            from: Some(number(0)).filter(|x| *x > lowest),
            to: Some(number(1)).filter(|x| *x < highest),
        });
        singles = 2..element.missing.len();
    }
    codes.extend(singles.map(|k| MissingCode::number(number(k))));
    codes
}

/// `NAME=value` pairs behind one another.
fn pairs(text: &str, between: &[char]) -> HashMap<String, String> {
    let pairs = text.split(between).filter_map(|pair| pair.split_once('='));
    pairs
        .map(|(name, value)| {
            (
                name.trim().to_owned(),
                value.trim_end_matches('\0').to_owned(),
            )
        })
        .collect()
}

/// Labels of values longer than eight bytes.
fn long_labels(
    bytes: &[u8],
    order: Order,
    text: &impl Fn(&[u8]) -> String,
    mut take: impl FnMut(&str, ValueLabel),
) -> Option<()> {
    let mut part = Part { bytes, order };
    while !part.bytes.is_empty() {
        let name = text(part.counted()?);
        part.i32()?;
        for _ in 0..part.i32()? {
            let value = text(part.counted()?);
            let label = text(part.counted()?);
            take(&name, ValueLabel::new(value, label));
        }
    }
    Some(())
}

/// Codes of missing values in texts longer than eight bytes.
fn long_missing(
    bytes: &[u8],
    order: Order,
    text: &impl Fn(&[u8]) -> String,
    mut take: impl FnMut(&str, MissingCode),
) -> Option<()> {
    let mut part = Part { bytes, order };
    while !part.bytes.is_empty() {
        let name = text(part.counted()?);
        let n = part.take(1)?[0];
        let length = usize::try_from(part.i32()?).ok()?;
        for _ in 0..n {
            take(&name, MissingCode::Value(text(part.take(length)?)));
        }
    }
    Some(())
}

fn spelt(x: f64) -> String {
    let mut out = String::new();
    write_number(&mut out, x);
    out
}
