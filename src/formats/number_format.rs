//! What the number format of a cell says about how a number is shown.

/// Digits after the decimal mark and whether it is a percentage, of a format such as `#,##0.00` or
/// `0.0%`; digits are `None` when the format leaves them open.
pub(super) fn shown(format: &str) -> (Option<u8>, bool) {
    let mut decimals = None;
    let mut percent = false;
    let mut any_digit = false;
    let mut chars = format.chars();
    let mut skip_next = false;
    while let Some(c) = chars.next() {
        if std::mem::take(&mut skip_next) {
            continue;
        }
        match c {
            // Only the first section, that of positive numbers.
            ';' => break,
            '\\' | '_' | '*' => skip_next = true,
            '"' => {
                chars.by_ref().find(|&c| c == '"');
            }
            '[' => {
                chars.by_ref().find(|&c| c == ']');
            }
            '%' => percent = true,
            '.' if any_digit && decimals.is_none() => decimals = Some(0u8),
            '0' | '#' | '?' => {
                any_digit = true;
                decimals = decimals.map(|d| d.saturating_add(1));
            }
            'E' | 'e' | '/' | 'G' => return (None, percent),
            _ => {}
        }
    }
    let decimals = decimals.or(any_digit.then_some(0));
    // `12.5%` is shown with one digit; the value 0.125 has three.
    (decimals, percent)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn formats() {
        let check = |format, decimals, percent| {
            assert_eq!(shown(format), (decimals, percent), "{format}");
        };
        check("General", None, false);
        check("", None, false);
        check("0", Some(0), false);
        check("#,##0.00", Some(2), false);
        check("0.0%", Some(1), true);
        check("0%", Some(0), true);
        check("#,##0.00_);[Red](#,##0.00)", Some(2), false);
        check("\"₩\"#,##0", Some(0), false);
        check("[$₩-412]#,##0.0", Some(1), false);
        check("0.00E+00", None, false);
        check("# ?/?", None, false);
        check("@", None, false);
    }
}
