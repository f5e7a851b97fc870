//! Which analyses a few words mean, and which of them the tables at hand allow.

use crate::msg;
use crate::report::{Lang, Msg};
use crate::spec::{ColumnInfo, Fits, Kind, OptionSpec, Spec, Values, is_enabled};

/// All that can be found of one analysis: words with the weight of the place they stand in.
pub struct Entry {
    pub spec: &'static Spec,
    words: Vec<(f64, String)>,
    /// The same without spaces and hyphens, to find "t검정" in "t-검정".
    joined: Vec<(f64, String)>,
}

/// Why an analysis cannot run on a table, as a sentence.
pub type Misfit = Msg;

impl Entry {
    pub fn new(spec: &'static Spec) -> Self {
        let group = spec.group.title();
        let mut fields = vec![
            (10.0, spec.title.to_string()),
            (10.0, spec.title().text(Lang::Ko)),
            (4.0, group.text(Lang::En)),
            (4.0, group.text(Lang::Ko)),
            (3.0, spec.about.to_string()),
            (3.0, spec.about().text(Lang::Ko)),
            (6.0, spec.id.to_string()),
        ];
        fields.extend(spec.keywords.iter().map(|k| (8.0, (*k).to_string())));
        Self::of(spec, fields)
    }

    fn of(spec: &'static Spec, fields: Vec<(f64, String)>) -> Self {
        let mut entry = Self {
            spec,
            words: Vec::new(),
            joined: Vec::new(),
        };
        for (weight, field) in fields {
            let words = words(&field);
            let mut of_word = weight;
            if words.len() > 1 {
                entry.joined.push((weight, words.concat()));
                of_word *= PART;
            }
            entry.words.extend(words.into_iter().map(|w| (of_word, w)));
        }
        entry
    }

    /// How well a query is met; `None` when one of its words is met nowhere. An empty query is met by all.
    pub fn score(&self, query: &str) -> Option<f64> {
        let asked = words(query);
        let by_word = asked
            .iter()
            .map(|w| self.score_word(w))
            .sum::<Option<f64>>();
        let joined = asked.concat();
        let as_one = (asked.len() > 1)
            .then(|| {
                best(&self.joined, |field| {
                    closeness(&joined, field).filter(|c| *c >= STARTS)
                })
            })
            .flatten();
        higher(by_word, as_one.map(|s| s * asked.len() as f64))
    }

    /// How well those words of a query are met that are met at all: for when nothing meets all of them.
    pub fn score_some(&self, query: &str) -> Option<f64> {
        let met = words(query).into_iter().filter_map(|w| self.score_word(&w));
        met.reduce(|a, b| a + b)
    }

    fn score_word(&self, word: &str) -> Option<f64> {
        let in_words = best(&self.words, |field| closeness(word, field));
        // The whole of a phrase in one word is as good as the phrase, its beginning is a part.
        let in_joined = best(&self.joined, |field| {
            let close = closeness(word, field).filter(|c| *c >= WITHIN)?;
            Some(if close == SAME { close } else { close * PART })
        });
        higher(in_words, in_joined)
    }
}

/// Why `spec` cannot run on a table with these columns; `None` when it can.
///
/// Only what must be chosen counts: every option that needs a column finds one of its kind.
pub fn misfit(spec: &Spec, table: &str, columns: &[ColumnInfo]) -> Option<Misfit> {
    let nothing = Values::new();
    let needed = spec
        .options
        .iter()
        .filter(|o| is_enabled(o, spec.options, &nothing));
    needed
        .filter_map(|o| need(o, main_input(spec)))
        .find_map(|(accepts, least)| {
            let n = columns.iter().filter(|c| c.fits(accepts)).count();
            (n < least).then(|| too_few(accepts, least, n, table))
        })
}

/// The input that a new cell's table is connected to.
fn main_input(spec: &Spec) -> &'static str {
    spec.inputs.first().map_or("", |i| i.name)
}

/// What kind of columns an option cannot go without, and how many.
fn need(option: &OptionSpec, main: &str) -> Option<(Fits, usize)> {
    match option.kind {
        Kind::Column {
            accepts,
            optional: false,
            input,
        } if input == main => Some((accepts, 1)),
        Kind::Columns {
            accepts,
            min,
            input,
            ..
        } if min > 0 && input == main => Some((accepts, min)),
        _ => None,
    }
}

fn too_few(accepts: Fits, least: usize, n: usize, table: &str) -> Msg {
    if n > 0 {
        return msg!(
            "app.palette.has_few",
            "Needs {least} columns of one kind; {table} has {n}.",
            least = least,
            table = table,
            n = n
        );
    }
    match accepts {
        Fits::Any => msg!(
            "app.palette.no_columns",
            "{table} has no columns.",
            table = table
        ),
        Fits::Numbers => {
            msg!(
                "app.palette.no_numbers",
                "Needs a column of numbers; {table} has none.",
                table = table
            )
        }
        Fits::Levels => {
            msg!(
                "app.palette.no_levels",
                "Needs a column with few levels; {table} has none.",
                table = table
            )
        }
        Fits::NumbersOrLevels => {
            msg!(
                "app.palette.no_either",
                "Needs a column of numbers or levels; {table} has none.",
                table = table
            )
        }
        Fits::Times => msg!(
            "app.palette.no_times",
            "Needs a column of dates; {table} has none.",
            table = table
        ),
    }
}

/// What a word counts that is only one of several: who asks for clusters means what is called so
/// before what has clustered errors.
const PART: f64 = 0.9;

const SAME: f64 = 1.0;
const STARTS: f64 = 0.8;
const WITHIN: f64 = 0.5;
const ALMOST: f64 = 0.3;

fn best(fields: &[(f64, String)], close: impl Fn(&str) -> Option<f64>) -> Option<f64> {
    fields
        .iter()
        .filter_map(|(weight, field)| Some(weight * close(field)?))
        .reduce(f64::max)
}

fn higher(a: Option<f64>, b: Option<f64>) -> Option<f64> {
    a.into_iter().chain(b).reduce(f64::max)
}

/// How close a word of a query comes to a word of a field.
fn closeness(asked: &str, field: &str) -> Option<f64> {
    if field == asked {
        return Some(SAME);
    }
    if field.starts_with(asked) {
        return Some(STARTS);
    }
    let n_asked = asked.chars().count();
    if field.contains(asked) && (n_asked > 2 || !asked.is_ascii()) {
        return Some(WITHIN);
    }
    if is_initials(asked) {
        return initials(field).starts_with(asked).then_some(WITHIN);
    }
    let slips = usize::from(n_asked > 3) + usize::from(n_asked > 7);
    (slips > 0 && n_slips(asked, field) <= slips).then_some(ALMOST)
}

/// Lower-case words: letters and digits of any script, cut at all else and between Hangul and Latin.
fn words(text: &str) -> Vec<String> {
    let mut words = vec![String::new()];
    let mut before = ' ';
    for c in text.chars().flat_map(char::to_lowercase) {
        let starts = is_hangul(c) != is_hangul(before) && before.is_alphanumeric();
        if !c.is_alphanumeric() || starts {
            words.push(String::new());
        }
        if c.is_alphanumeric() {
            words.last_mut().expect("one word at least").push(c);
        }
        before = c;
    }
    words.retain(|w| !w.is_empty());
    words
}

fn is_hangul(c: char) -> bool {
    matches!(c, '가'..='힣' | 'ㄱ'..='ㅣ')
}

fn is_initials(text: &str) -> bool {
    text.chars().count() > 1 && text.chars().all(|c| INITIALS.contains(&c))
}

const INITIALS: [char; 19] = [
    'ㄱ', 'ㄲ', 'ㄴ', 'ㄷ', 'ㄸ', 'ㄹ', 'ㅁ', 'ㅂ', 'ㅃ', 'ㅅ', 'ㅆ', 'ㅇ', 'ㅈ', 'ㅉ', 'ㅊ', 'ㅋ',
    'ㅌ', 'ㅍ', 'ㅎ',
];

/// The first consonants of Korean syllables: 군집 → ㄱㅈ.
fn initials(text: &str) -> String {
    let first = |c| match c {
        '가'..='힣' => INITIALS[(c as usize - '가' as usize) / 588],
        other => other,
    };
    text.chars().map(first).collect()
}

/// Letters wrong, left out, too many or swapped between `asked` and the beginning of `field`.
fn n_slips(asked: &str, field: &str) -> usize {
    let (a, f): (Vec<char>, Vec<char>) = (asked.chars().collect(), field.chars().collect());
    let mut rows: Vec<Vec<usize>> = vec![(0..=f.len()).collect()];
    for i in 1..=a.len() {
        let mut row = vec![i];
        for j in 1..=f.len() {
            let change = rows[i - 1][j - 1] + usize::from(a[i - 1] != f[j - 1]);
            let mut least = change.min(rows[i - 1][j] + 1).min(row[j - 1] + 1);
            if i > 1 && j > 1 && a[i - 1] == f[j - 2] && a[i - 2] == f[j - 1] {
                least = least.min(rows[i - 2][j - 2] + 1);
            }
            row.push(least);
        }
        rows.push(row);
    }
    let last = &rows[a.len()];
    // The beginning of a longer word is enough.
    (a.len().min(f.len())..=f.len())
        .map(|j| last[j])
        .min()
        .unwrap_or(usize::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analyses;
    use crate::report::korean;
    use crate::table::{ColumnKind, Measure};

    fn k_means() -> &'static Spec {
        analyses::add_korean();
        analyses::find("segment.k_means").expect("k-means is registered")
    }

    fn check(fields: &[(f64, &str)], query: &str, expected: bool) {
        let fields = fields.iter().map(|(w, f)| (*w, f.to_string())).collect();
        let found = Entry::of(k_means(), fields).score(query).is_some();
        assert_eq!(found, expected, "{query}");
    }

    #[test]
    fn words_are_found_in_any_order_and_slightly_misspelt() {
        let fields = [
            (10.0, "Welch t-test"),
            (8.0, "mean difference"),
            (8.0, "t-검정"),
        ];
        for query in [
            "",
            "t test",
            "test t",
            "difference means",
            "ttest",
            "t검정",
            "t 검정",
            "T-TEST",
            "검정",
            "wlech",
            "diference",
        ] {
            check(&fields, query, true);
        }
        for query in ["cluster", "t tost x", "regression", "zz"] {
            check(&fields, query, false);
        }
    }

    #[test]
    fn the_title_counts_more_than_the_description() {
        let of = |fields: &[(f64, &str)]| {
            Entry::of(
                k_means(),
                fields.iter().map(|(w, f)| (*w, f.to_string())).collect(),
            )
        };
        let title = of(&[(10.0, "Describe")]).score("desc");
        let about = of(&[(3.0, "describe it")]).score("desc");
        assert!(title > about && about.is_some());
    }

    #[test]
    fn k_means_is_found_in_both_languages() {
        let entry = Entry::new(k_means());
        assert!(korean("segment.k_means.title").is_some());
        for query in [
            "kmeans",
            "k-means",
            "군집",
            "ㄱㅈ",
            "segments",
            "segment.k_means",
            "세분화",
            "k평균",
            "clustre",
        ] {
            assert!(entry.score(query).is_some(), "{query}");
        }
        for query in ["회귀", "anova", "xyz"] {
            assert!(entry.score(query).is_none(), "{query}");
        }
    }

    #[test]
    fn what_is_called_so_comes_before_what_has_it_in_a_phrase() {
        analyses::add_korean();
        let entries: Vec<Entry> = analyses::specs().iter().map(|s| Entry::new(s)).collect();
        let check = |query: &str, expected: &str| {
            let score_of = |e: &Entry| e.score(query).unwrap_or(0.0);
            let best = entries.iter().map(score_of).fold(0.0, f64::max);
            let first = entries.iter().filter(|e| score_of(e) == best);
            let first: Vec<&str> = first.map(|e| e.spec.id).collect();
            assert_eq!(first, [expected], "{query}");
        };
        for query in [
            "cluster",
            "clustr",
            "clust",
            "clustering",
            "군집",
            "군집 분석",
        ] {
            check(query, "segment.k_means");
        }
        for query in ["clustered", "clustered standard errors", "군집 표준오차"] {
            check(query, "regression.linear");
        }
    }

    #[test]
    fn a_table_without_numbers_does_not_fit() {
        let column = |name: &str, kind, measure, levels: Option<&[&str]>| ColumnInfo {
            name: name.into(),
            kind,
            measure,
            n_missing: 0,
            levels: levels.map(|l| l.iter().map(|s| s.to_string()).collect()),
            label: None,
            note: None,
            value_labels: Vec::new(),
            missing_codes: Vec::new(),
        };
        let sex = column(
            "sex",
            ColumnKind::Category,
            Measure::Nominal,
            Some(&["f", "m"]),
        );
        let mass = column("mass", ColumnKind::Float, Measure::Scale, None);
        let sentence = misfit(k_means(), "birds", &[sex.clone()]).map(|m| m.text(Lang::En));
        assert_eq!(
            sentence.as_deref(),
            Some("Needs a column of numbers; birds has none.")
        );
        assert_eq!(misfit(k_means(), "birds", &[sex, mass]), None);
    }
}
