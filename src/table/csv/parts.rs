//! The texts that make up one table: one file, a member of an archive, or several put one below the
//! other.

use std::collections::BTreeMap;

use super::super::ColumnKind;
use super::packed::{Bytes, Contents, Packing, contents};
use super::plan::{Known, Plan, PlannedColumn, plan};
use super::{Encoding, ImportError, ImportOptions, MemberInfo, Source, Warning};

/// A file and the name that warnings and the source column give it.
pub struct SourceFile<'a> {
    pub name: String,
    pub source: &'a mut dyn Source,
}

/// One text of the table.
pub(super) struct Part {
    /// As warnings and the source column name it.
    pub name: String,
    /// Position among the files.
    file: usize,
    packing: Packing,
}

/// All texts of a table.
pub(super) struct Parts {
    pub parts: Vec<Part>,
    /// What an archive holds.
    pub members: Vec<MemberInfo>,
    pub warnings: Vec<Warning>,
}

impl Part {
    pub fn open<'f>(&self, files: &'f mut [SourceFile<'_>]) -> Bytes<'f> {
        Bytes::open(files[self.file].source, &self.packing)
    }
}

impl Parts {
    /// Looks into the files and chooses what is to be read.
    ///
    /// # Errors
    /// When a file cannot be read or unpacked, a member is not there, or several files are given and
    /// none asks for them to be appended.
    pub fn of(files: &mut [SourceFile<'_>], options: &ImportOptions) -> Result<Self, ImportError> {
        if files.len() > 1 && !options.append {
            return Err(ImportError::SeveralFiles { count: files.len() });
        }
        let mut all = Self {
            parts: Vec::new(),
            members: Vec::new(),
            warnings: Vec::new(),
        };
        let is_one = files.len() == 1;
        let mut wanted: BTreeMap<&str, bool> = options
            .members
            .iter()
            .map(|name| (name.as_str(), false))
            .collect();
        for (k, file) in files.iter_mut().enumerate() {
            let name = &file.name;
            let found = contents(file.source).map_err(|e| in_file(e, name, is_one))?;
            let members = match found {
                Contents::One(packing) => {
                    let name = without_packing(name, &packing);
                    all.parts.push(Part {
                        name,
                        file: k,
                        packing,
                    });
                    continue;
                }
                Contents::Archive(members) => members,
            };
            let is_read = |i: usize, name: &str| match options.members.is_empty() {
                true => options.append || i == 0,
                false => options.members.iter().any(|m| m == name),
            };
            let mut others = Vec::new();
            for (i, member) in members.into_iter().enumerate() {
                let is_read = is_read(i, &member.name);
                all.members.push(MemberInfo {
                    name: member.name.clone(),
                    n_bytes: member.n_bytes,
                    is_read,
                });
                if let Some(is_there) = wanted.get_mut(member.name.as_str()) {
                    *is_there = true;
                }
                if !is_read {
                    others.push(member.name);
                    continue;
                }
                all.parts.push(Part {
                    name: match is_one {
                        true => member.name.clone(),
                        false => format!("{name}/{}", member.name),
                    },
                    file: k,
                    packing: Packing::Member(member),
                });
            }
            if options.members.is_empty()
                && !others.is_empty()
                && let Some(read) = all.parts.last()
            {
                let read = read.name.clone();
                all.warnings.push(Warning::OtherMembers { read, others });
            }
        }
        match wanted.into_iter().find(|(_, is_there)| !is_there) {
            Some((name, _)) if !all.members.is_empty() => Err(ImportError::NoMember {
                name: name.to_owned(),
            }),
            _ => Ok(all),
        }
    }

    pub fn are_several(&self) -> bool {
        self.parts.len() > 1
    }

    /// Plans how each text is to be read; `encodings` corrects guesses that failed.
    ///
    /// # Errors
    /// When one of them cannot be read.
    pub fn plans(
        &self,
        files: &mut [SourceFile<'_>],
        options: &ImportOptions,
        encodings: &[Option<Encoding>],
    ) -> Result<Vec<Plan>, ImportError> {
        let mut names: Option<Vec<String>> = None;
        let mut plans: Vec<Plan> = Vec::new();
        for (k, part) in self.parts.iter().enumerate() {
            let known = Known {
                encoding: encodings[k],
                names: names.as_deref(),
            };
            let mut plan =
                plan(&mut part.open(files), options, known).map_err(|e| self.error(k, e))?;
            if k == 0 {
                let name = |c: &PlannedColumn| c.source_name.clone();
                names = Some(plan.columns.iter().map(name).collect());
            } else {
                // Only the first is shown; the others would be a megabyte each.
                plan.sample.text = Vec::new();
                plan.sample.splitter.clear_fields();
            }
            plans.push(plan);
        }
        Ok(plans)
    }

    /// An error or warning of a text carries its name when there are others.
    pub fn error(&self, part: usize, error: ImportError) -> ImportError {
        in_file(error, &self.parts[part].name, !self.are_several())
    }

    pub fn warning(&self, part: usize, warning: Warning) -> Warning {
        match self.are_several() {
            true => Warning::InFile {
                file: self.parts[part].name.clone(),
                warning: Box::new(warning),
            },
            false => warning,
        }
    }
}

fn in_file(error: ImportError, file: &str, is_one: bool) -> ImportError {
    match is_one || error == ImportError::Cancelled {
        true => error,
        false => ImportError::InFile {
            file: file.to_owned(),
            error: Box::new(error),
        },
    }
}

/// `orders.csv.gz` is `orders.csv`.
fn without_packing(name: &str, packing: &Packing) -> String {
    let stem = match packing {
        Packing::Gzip => name.strip_suffix(".gz"),
        _ => None,
    };
    stem.unwrap_or(name).to_owned()
}

/// The columns of the table, and where each text has them.
pub(super) struct Layout {
    pub columns: Vec<PlannedColumn>,
    /// `places[part][column]` is the column's position in that text.
    pub places: Vec<Vec<Option<usize>>>,
}

impl Layout {
    /// Columns of the same name are one; those that only later texts have come last.
    pub fn of(plans: &[Plan]) -> Self {
        let mut columns: Vec<PlannedColumn> = Vec::new();
        let mut by_name: BTreeMap<&str, usize> = BTreeMap::new();
        let mut found: Vec<Vec<usize>> = Vec::new();
        for plan in plans {
            let mut place = Vec::new();
            for column in &plan.columns {
                let at = *by_name.entry(&column.source_name).or_insert(columns.len());
                place.push(at);
                match columns.get_mut(at) {
                    Some(known) => known.evidence.merge(&column.evidence),
                    None => columns.push(column.clone()),
                }
            }
            found.push(place);
        }
        if plans.len() > 1 {
            for column in &mut columns {
                column.kind = column.evidence.kind(&column.source_name);
            }
        }
        let positions = |place: &Vec<usize>| {
            let mut positions = vec![None; columns.len()];
            for (position, &at) in place.iter().enumerate() {
                positions[at] = Some(position);
            }
            positions
        };
        let places = found.iter().map(positions).collect();
        Self { columns, places }
    }

    /// What differs between the texts.
    pub fn differences(&self, plans: &[Plan], parts: &Parts) -> Vec<Warning> {
        let mut warnings = Vec::new();
        for (at, column) in self.columns.iter().enumerate() {
            let name = &column.source_name;
            let without = |(_, place): &(usize, &Vec<Option<usize>>)| place[at].is_none();
            let files: Vec<String> = (self.places.iter().enumerate())
                .filter(without)
                .map(|(k, _)| parts.parts[k].name.clone())
                .collect();
            if !files.is_empty() {
                let column = name.clone();
                warnings.push(Warning::NotInAllFiles { column, files });
            }
            let mut kinds: Vec<(ColumnKind, String)> = Vec::new();
            for (k, plan) in plans.iter().enumerate() {
                let kind = self.places[k][at].and_then(|position| plan.columns[position].kind);
                if let Some(kind) = kind
                    && kinds.iter().all(|(known, _)| *known != kind)
                {
                    kinds.push((kind, parts.parts[k].name.clone()));
                }
            }
            let to = column.kind.unwrap_or(ColumnKind::Category);
            let are_numbers = |(kind, _): &(ColumnKind, String)| {
                matches!(kind, ColumnKind::Int | ColumnKind::Float)
            };
            let is_number = to == ColumnKind::Float && kinds.iter().all(are_numbers);
            if kinds.len() > 1 && !is_number {
                let column = name.clone();
                warnings.push(Warning::KindsDiffer { column, kinds, to });
            }
        }
        warnings
    }
}
