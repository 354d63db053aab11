//! Conditions and rules as a reader would say them.

use crate::{Field, FieldRef, OperatorRow};

/// How many values a sentence names.
const MOST_VALUES: usize = 5;

/// `Country is one of US, CA`.
pub(super) fn test(field: &FieldRef, operator: &OperatorRow, values: &[&str]) -> String {
    let Field { label, .. } = field.field();
    let mut sentence = (*label).to_owned();
    if !field.parameter().is_empty() {
        sentence = format!("{sentence} {}", field.parameter());
    }
    sentence = format!("{sentence} {}", operator.label);
    if values.is_empty() {
        return sentence;
    }
    format!("{sentence} {}", list(values))
}

/// `US, CA and 3 more`; an empty text as `""`.
pub(super) fn list(values: &[impl AsRef<str>]) -> String {
    let shown = values.iter().take(MOST_VALUES).map(|value| match value.as_ref() {
        "" => r#""""#,
        value => value,
    });
    let shown = shown.collect::<Vec<_>>().join(", ");
    match values.len().saturating_sub(MOST_VALUES) {
        0 => shown,
        more => format!("{shown} and {more} more"),
    }
}

/// `rule 1`, or `rules 1, 2 and 4`.
pub(super) fn rules(indexes: &[usize]) -> String {
    let numbers: Vec<String> = indexes.iter().map(|i| (i + 1).to_string()).collect();
    match numbers.split_last() {
        None => "no rule".to_owned(),
        Some((last, [])) => format!("rule {last}"),
        Some((last, rest)) => format!("rules {} and {last}", rest.join(", ")),
    }
}

/// `"Country is US" and "Country is DE"`.
pub(super) fn quoted(sentences: &[&str]) -> String {
    let quoted: Vec<String> = sentences.iter().map(|sentence| format!("“{sentence}”")).collect();
    match quoted.split_last() {
        None => String::new(),
        Some((last, [])) => last.clone(),
        Some((last, rest)) => format!("{} and {last}", rest.join(", ")),
    }
}

/// The same with a capital letter.
pub(super) fn capital(sentence: &str) -> String {
    let mut letters = sentence.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}
