//! The ranges of number fields, and how people spell their values.

/// Which numbers a field can hold, and how a rule may spell them.
#[derive(Debug)]
pub struct Numbers {
    pub low: f64,
    pub high: f64,
    pub whole: bool,
    /// Completes "`x` is no ...".
    pub wanted: &'static str,
    /// Reads spellings other than plain digits.
    spelled: fn(&str) -> Option<f64>,
}

impl Numbers {
    pub(crate) fn parse(&self, text: &str) -> Result<f64, String> {
        let text = text.trim();
        let plain = text.parse().ok().filter(|number: &f64| number.is_finite());
        let number = plain.or_else(|| (self.spelled)(text)).filter(|number| {
            self.low <= *number && *number <= self.high && (!self.whole || number.fract() == 0.0)
        });
        number.ok_or_else(|| format!("{text:?} is no {}", self.wanted))
    }
}

pub(crate) static ASN: Numbers = Numbers {
    low: 0.0,
    high: 4_294_967_295.0,
    whole: true,
    wanted: "autonomous system number such as 13335 or AS13335",
    spelled: |text| {
        let (head, digits) = text.split_at_checked(2)?;
        head.eq_ignore_ascii_case("AS").then(|| digits.parse().ok())?
    },
};

pub(crate) static LATITUDE: Numbers = Numbers {
    low: -90.0,
    high: 90.0,
    whole: false,
    wanted: "number of degrees from -90 to 90",
    spelled: |_| None,
};

pub(crate) static LONGITUDE: Numbers = Numbers {
    low: -180.0,
    high: 180.0,
    whole: false,
    wanted: "number of degrees from -180 to 180",
    spelled: |_| None,
};

pub(crate) static HOUR: Numbers = Numbers {
    low: 0.0,
    high: 23.0,
    whole: true,
    wanted: "whole hour from 0 to 23",
    spelled: |_| None,
};

pub(crate) static MINUTE: Numbers = Numbers {
    low: 0.0,
    high: 1_439.0,
    whole: true,
    wanted: "time of day such as 09:30",
    spelled: |text| {
        let (hour, minute) = text.split_once(':')?;
        let digits = |part: &str| part.len() <= 2 && part.bytes().all(|b| b.is_ascii_digit());
        if !digits(hour) || minute.len() != 2 || !digits(minute) {
            return None;
        }
        let (hour, minute): (u16, u16) = (hour.parse().ok()?, minute.parse().ok()?);
        (minute < 60).then(|| f64::from(hour * 60 + minute))
    },
};

pub(crate) static DAY: Numbers = Numbers {
    low: 0.0,
    high: 6.0,
    whole: true,
    wanted: "day such as 0 for Sunday, 6 for Saturday, or Monday",
    spelled: |text| {
        const DAYS: [&str; 7] =
            ["Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"];
        let named =
            |day: &&str| text.eq_ignore_ascii_case(day) || text.eq_ignore_ascii_case(&day[..3]);
        DAYS.iter().zip(0_u8..).find(|(day, _)| named(day)).map(|(_, i)| f64::from(i))
    },
};

pub(crate) static PERCENTILE: Numbers = Numbers {
    low: 0.0,
    // A rule for everyone is "less than 100".
    high: 100.0,
    whole: true,
    wanted: "whole number from 0 to 100",
    spelled: |_| None,
};

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(numbers: &Numbers, text: &str, expected: Option<f64>) {
        assert_eq!(numbers.parse(text).ok(), expected, "{text}");
    }

    #[test]
    fn spellings_are_read_and_bounds_are_kept() {
        check(&ASN, "13335", Some(13_335.0));
        check(&ASN, "as13335", Some(13_335.0));
        check(&ASN, "AS", None);
        check(&ASN, "é", None);
        check(&ASN, "4294967296", None);
        check(&DAY, "sunday", Some(0.0));
        check(&DAY, "Sat", Some(6.0));
        check(&DAY, "6", Some(6.0));
        check(&DAY, "7", None);
        check(&DAY, "Funday", None);
        check(&HOUR, " 23 ", Some(23.0));
        check(&HOUR, "24", None);
        check(&HOUR, "9.5", None);
        check(&MINUTE, "09:30", Some(570.0));
        check(&MINUTE, "9:05", Some(545.0));
        check(&MINUTE, "570", Some(570.0));
        check(&MINUTE, "23:59", Some(1_439.0));
        check(&MINUTE, "24:00", None);
        check(&MINUTE, "9:60", None);
        check(&MINUTE, "9:5", None);
        check(&MINUTE, ":30", None);
        check(&MINUTE, "+9:30", None);
        check(&LATITUDE, "-89.5", Some(-89.5));
        check(&LATITUDE, "NaN", None);
        check(&LONGITUDE, "inf", None);
        check(&PERCENTILE, "-1", None);
    }

    #[test]
    fn a_refusal_says_what_would_do() {
        assert_eq!(HOUR.parse("25").unwrap_err(), r#""25" is no whole hour from 0 to 23"#);
    }
}
