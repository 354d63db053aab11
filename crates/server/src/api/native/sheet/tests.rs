//! Tables of links of any making.

use serde_json::json;

use super::*;

fn links(text: &str) -> Vec<Value> {
    let sheet = read(text.as_bytes(), &|host| host == "wp.st").unwrap();
    let fault = |fault: &Fault| format!("{}: {}", fault.key.clone().unwrap_or_default(), fault.why);
    let row = |row: Row| match row.faults.first() {
        None => Value::Object(row.link),
        Some(first) => json!([row.line, fault(first)]),
    };
    sheet.rows.into_iter().map(row).collect()
}

#[test]
fn a_table_of_any_making_is_read() {
    let expected = [json!({"destination": "https://a.example/", "slug": "a", "tags": ["x", "y"]})];
    for text in [
        "Long URL,Slug,Tags\nhttps://a.example/,a,\"x, y\"\n",
        "\u{feff}url;back-half;LABELS\r\nhttps://a.example/;a;x|y\r\n",
        "destination\tpath\ttags\nhttps://a.example/\ta\t[\"x\",\"y\"]",
        "\"Target, URL\",key word,tags\nhttps://a.example/,a,x;y\n"
            .replace("Target, URL", "target url")
            .as_str(),
    ] {
        assert_eq!(links(text), expected, "{text}");
    }
}

#[test]
fn a_short_address_says_the_slug_and_the_domain_where_it_is_ours() {
    let text = "Short URL,Long URL\nhttps://wp.st/a/b,x\nbit.ly/c,x\n/,x\n";
    assert_eq!(
        links(text),
        [
            json!({"slug": "a/b", "domain": "wp.st", "destination": "x"}),
            json!({"slug": "c", "destination": "x"}),
            json!([4, "shortUrl: \"/\" is no short address"]),
        ]
    );
}

#[test]
fn cells_are_what_their_column_says() {
    let text = "url,enabled,max clicks,expires,rules,mood\n\
                x,Yes,7,2027-01-31,[],good\nx,maybe\nx,,many\nx,,,,{\nx,,,,,,,\n";
    assert_eq!(
        links(text),
        [
            json!({"destination": "x", "enabled": true, "clickLimit": 7,
                   "expiresAt": "2027-01-31T00:00:00Z", "rules": []}),
            json!([3, "enabled: \"maybe\" is neither true nor false"]),
            json!([4, "clickLimit: \"many\" is no whole number"]),
            json!([5, "rules: is no JSON: EOF while parsing an object at line 1 column 1"]),
            json!([6, ": has 8 cells, and the first line 6"]),
        ]
    );
}

#[test]
fn what_is_written_is_read_again() {
    let texts = ["=1+1", "'=1", "''@x", "it's", "'quoted'", "-5", "a\nb \"c\", d;", "+49"];
    for text in texts {
        let cell = cell(Some(&json!(text)));
        assert!(harmless(&cell) == cell, "{text}: {cell}");
        let mut table = csv::Writer::from_writer(b"destination\n".to_vec());
        table.write_record([&cell]).unwrap();
        let table = String::from_utf8(table.into_inner().unwrap()).unwrap();
        assert_eq!(links(&table), [json!({"destination": text})]);
    }
    for list in [json!(["a", "b c"]), json!(["a,b", "c"]), json!(["[x"]), json!(["=1", "x"])] {
        let cell = cell(Some(&list));
        let mut table = csv::Writer::from_writer(b"url,tags\n".to_vec());
        table.write_record(["x", &cell]).unwrap();
        let table = String::from_utf8(table.into_inner().unwrap()).unwrap();
        assert_eq!(links(&table), [json!({"destination": "x", "tags": list})], "{cell}");
    }
}

#[test]
fn a_table_without_destinations_or_with_two_is_none() {
    let fails = |text: &[u8]| read(text, &|_| false).map(|_| ()).unwrap_err().to_string();
    assert!(fails(b"slug\na\n").starts_with("destination: no column"));
    assert_eq!(
        fails(b"Long URL,url\nx,y\n"),
        "url: means the same as the column \"Long URL\": destination"
    );
    assert_eq!(fails(b""), "the file is empty");
    assert_eq!(fails(b"url\n\xff\n"), "the file is not UTF-8: save it so, and send it again");
    let many = "url\n".to_owned() + &"x\n".repeat(MOST + 1);
    assert_eq!(fails(many.as_bytes()), "must not have more than 10000 lines");
}

#[test]
fn no_name_stands_for_two_columns() {
    for (place, column) in COLUMNS.iter().enumerate() {
        assert_eq!(Column::named(column.key).unwrap().key, column.key);
        for other in column.others {
            assert_eq!(Column::named(other).unwrap().key, column.key, "{other}");
            let again = COLUMNS[place + 1..].iter().any(|it| it.others.contains(other));
            assert!(!again, "{other} stands twice");
        }
    }
}
