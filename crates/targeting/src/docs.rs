//! `docs/fields.md`, made from the tables.

use std::{env, fmt::Write, fs, path::Path};

use crate::{Arity, FIELDS, Field, Group, Kind, OPERATORS, Source, example::SAVES_DATA};

const BEGINNING: &str = "\
# What a rule can ask

<!-- Made from the tables in crates/targeting/src. Do not edit: change the tables and run
     WAYPOST_UPDATE=1 cargo test -p targeting docs -->

A condition names a field, an operator and, for most operators, a value:
`{\"field\": \"country\", \"operator\": \"in\", \"value\": [\"US\", \"CA\"]}`. Conditions stand in groups, `all`,
`any` and `not`. A condition is true, false or unknown; unknown is what could not be learnt of a
visitor, and a rule holds only where the whole is true. What a request may carry and does not, such
as a referrer, is not unknown but empty.
";

const GROUPS: [(Group, &str); 6] = [
    (Group::Location, "Location"),
    (Group::Device, "Device"),
    (Group::Network, "Network"),
    (Group::Traffic, "Traffic"),
    (Group::Time, "Time"),
    (Group::Visitor, "Visitor"),
];

/// The rows of the API; the tests have one more.
fn fields() -> impl Iterator<Item = &'static Field> {
    FIELDS.iter().filter(|field| field.name != SAVES_DATA.name)
}

fn page() -> Result<String, std::fmt::Error> {
    let mut page = BEGINNING.to_owned();
    writeln!(page, "\n## Fields")?;
    for (group, title) in GROUPS {
        writeln!(page, "\n### {title}\n")?;
        writeln!(page, "| field | | kind | learnt from | a value |\n|---|---|---|---|---|")?;
        for Field { name, help, kind, source, example, .. } in fields().filter(|f| f.group == group)
        {
            let (kind, source) = (kind.name(), learnt_from(*source));
            writeln!(page, "| `{name}` | {help} | {kind} | {source} | `{example}` |")?;
        }
    }
    writeln!(page, "\n## Operators\n\n| operator | | value |\n|---|---|---|")?;
    for operator in OPERATORS {
        let takes = match operator.arity {
            Arity::None => "none",
            Arity::One => "one",
            Arity::Many => "an array, or one",
            Arity::Two => "an array of the lowest and the highest",
        };
        writeln!(page, "| `{}` | {} | {takes} |", operator.name, operator.help)?;
    }
    writeln!(page, "\n## Kinds\n\n| kind | operators | values |\n|---|---|---|")?;
    let mut kinds: Vec<Kind> = Vec::new();
    for field in fields() {
        if kinds.iter().all(|kind| kind.name() != field.kind.name()) {
            kinds.push(field.kind);
        }
    }
    for kind in kinds {
        let operators: Vec<_> = kind.operators().map(|row| format!("`{}`", row.name)).collect();
        writeln!(page, "| {} | {} | {} |", kind.name(), operators.join(", "), values(kind))?;
    }
    writeln!(page, "\n## Adding a field is one row\n")?;
    let row = include_str!("example.rs").split("// The row:\n").nth(1).unwrap_or_default();
    let row = row.split("// That is all.").next().unwrap_or_default();
    writeln!(
        page,
        "Everything else follows from it: here is a field for visitors who ask their browser to save\ndata.\n"
    )?;
    let row = row.replace("pub(crate) const SAVES_DATA: Field = ", "").replace("\n};\n", "\n},\n");
    writeln!(page, "```rust\n{row}```\n")?;
    writeln!(
        page,
        "Its kind brings the operators, the reading of a rule's values and of stated facts, what is said of
wrong ones and what the analysis knows of it; its source has the redirect gather what it reads. The
row stands in `FIELDS` whenever the tests run: `crates/targeting/src/example.rs` parses, compiles,
decides, explains and analyses rules with it, and every test that walks the table tries it too."
    )?;
    Ok(page)
}

fn learnt_from(source: Source) -> &'static str {
    match source {
        Source::Request => "the request",
        Source::Clock => "the clock",
        Source::Agent => "`User-Agent` and Client Hints",
        Source::Country => "the address, by the built-in table or a database",
        Source::Place => "the address, by a city database",
        Source::Zone => "the address, by a city database and a map",
        Source::Provider => "the address, by a database of providers",
        Source::Ranges => "the address, by lists of networks",
        Source::History => "the visitor's cookie",
        Source::Seed => "the visitor's cookie, else a daily hash",
    }
}

fn values(kind: Kind) -> String {
    let choices = || kind.choices().iter().map(|name| format!("`{name}`")).collect::<Vec<_>>();
    match kind {
        Kind::Country => "ISO 3166-1 codes; `UK` is `GB`; the groups `EU` (member states), `QF`, `QS`, `QE`, `QO`, `QN`, `QT` (continents)".to_owned(),
        Kind::Region => {
            "`US-NY`, `NY` of any country, or a name; what lies in it fits too".to_owned()
        },
        Kind::Text => "text, compared without case".to_owned(),
        Kind::Domain => "a host, which stands for those below it too".to_owned(),
        Kind::Languages => "a language tag, which stands for its variants too".to_owned(),
        Kind::Number(_) => "numbers in the field's range".to_owned(),
        Kind::Version => "one to four numbers between dots; `17` is every 17.x".to_owned(),
        Kind::Address => "addresses and networks of IPv4 and IPv6".to_owned(),
        Kind::Date => "`2026-11-21`".to_owned(),
        Kind::Name(_) => "one canonical name for many spellings, such as `iOS` for `iPhone OS`".to_owned(),
        Kind::Continent | Kind::Flag => choices().join(", "),
    }
}

#[test]
fn docs_of_the_fields_are_as_the_tables_are() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/fields.md");
    let page = page().unwrap();
    if env::var_os("WAYPOST_UPDATE").is_some() {
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(&path, &page).unwrap();
    }
    let found = fs::read_to_string(&path).unwrap_or_default();
    assert!(
        found == page,
        "docs/fields.md is not what the tables say: run WAYPOST_UPDATE=1 cargo test -p targeting docs"
    );
}

#[test]
fn docs_name_every_group() {
    for field in FIELDS {
        assert!(GROUPS.iter().any(|(group, _)| *group == field.group), "{}", field.name);
    }
}
