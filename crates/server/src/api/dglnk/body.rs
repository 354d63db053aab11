//! What BeLink's clients say of a link, new or old, in the words of every generation.

use jiff::{
    Timestamp,
    civil::{Date, DateTime},
    tz::TimeZone,
};
use model::{
    Caller, Change, Destination, Domain, DomainId, Draft, Error, Id, Link, Parameters, Patch, What,
};
use serde::Deserialize;
use targeting::Problem;
use url::form_urlencoded;

use super::{
    super::json::{self, Problems, Whole, nullable, present},
    reference::{Name, Reference},
    rule::{self, WireRule},
};
use crate::{App, ops, outward::About};

/// What BeLink answers where an address is none; our reason follows it.
const NOT_VALID: &str = "This url is not valid.";

/// What is absent stays as it is; what is null or empty goes.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct LinkBody {
    pub(super) long_url: Option<String>,
    pub(super) multiple_urls: Option<Vec<String>>,
    /// What the later generation calls `multiple_urls`.
    pub(super) long_urls: Option<Vec<String>>,
    #[serde(deserialize_with = "nullable")]
    pub(super) alias: Option<Option<String>>,
    domain_id: Option<Whole>,
    #[serde(deserialize_with = "nullable")]
    password: Option<Option<String>>,
    disabled: Option<bool>,
    /// The later generation's opposite of `disabled`.
    active: Option<bool>,
    #[serde(deserialize_with = "nullable")]
    title: Option<Option<String>>,
    #[serde(deserialize_with = "nullable")]
    description: Option<Option<String>>,
    #[serde(deserialize_with = "present")]
    tags: Option<Vec<Name>>,
    #[serde(deserialize_with = "nullable")]
    expires_at: Option<Option<String>>,
    #[serde(deserialize_with = "nullable")]
    activates_at: Option<Option<String>>,
    #[serde(deserialize_with = "nullable")]
    expiration_clicks: Option<Option<Whole>>,
    #[serde(deserialize_with = "nullable")]
    utm: Option<Option<String>>,
    #[serde(deserialize_with = "present")]
    pixels: Option<Vec<Reference>>,
    #[serde(deserialize_with = "nullable")]
    pub(super) group_id: Option<Option<Reference>>,
    #[serde(deserialize_with = "present")]
    pub(super) groups: Option<Vec<Reference>>,
    #[serde(deserialize_with = "present")]
    pub(super) rules: Option<Vec<WireRule>>,
    r#type: Option<String>,
}

/// Everything of a body but where the link leads and which group it is in.
pub(super) struct Read {
    patch: Patch,
    /// What takes the place of the rules that BeLink can say.
    rules: Option<rule::Rules>,
}

impl LinkBody {
    /// The host of a domain that was named; `null` and 0 mean the default one.
    pub(super) fn host(&self, app: &App, caller: &Caller) -> model::Result<Option<String>> {
        let Some(Whole(number)) = self.domain_id.filter(|id| *id != Whole(0)) else {
            return Ok(None);
        };
        let unknown = || Error::invalid("domain_id", "The selected domain id is invalid.");
        let id = DomainId::new(number).ok_or_else(unknown)?;
        match ops::domain_by_id(app, caller, id) {
            Ok(domain) => Ok(Some(domain.host.to_string())),
            Err(Error::NotFound(What::Domain)) => Err(unknown()),
            Err(other) => Err(other),
        }
    }

    /// Whether the domain with this number was named; the seed's answer repeats it then.
    pub(super) fn names(&self, domain: i64) -> bool {
        self.domain_id == Some(Whole(domain))
    }

    /// The alias, the password, the tags: as they were sent, none where they were empty.
    pub(super) fn alias(&self) -> Option<&str> {
        filled(&self.alias)
    }

    pub(super) fn password(&self) -> Option<&str> {
        filled(&self.password)
    }

    pub(super) fn password_change(&self) -> Change<String> {
        match &self.password {
            None => Change::Keep,
            Some(_) => self.password().map_or(Change::Clear, |text| Change::Set(text.to_owned())),
        }
    }

    pub(super) fn tags(&self) -> Option<Vec<String>> {
        Some(self.tags.as_ref()?.iter().map(|Name(name)| name.clone()).collect())
    }

    /// Whether the author says what the link is; else its destination is asked.
    pub(super) fn says_what_it_is(&self) -> bool {
        filled(&self.title).or(filled(&self.description)).is_some()
    }

    pub(super) fn read(&self, domain: &Domain, problems: &mut Problems) -> Read {
        let rules = self.rules.as_ref().map(|rules| rule::read(rules, domain, problems));
        let (click_limit, expired_destination) = self.limit(rules.as_ref(), problems);
        let enabled = match (self.active, self.disabled) {
            (Some(active), Some(disabled)) if active == disabled => {
                problems.keep(Err::<(), _>(Error::invalid(
                    "active",
                    "The active field must be the opposite of disabled.",
                )));
                None
            }
            (active, disabled) => active.or(disabled.map(|disabled| !disabled)),
        };
        let patch = Patch {
            title: text(&self.title),
            description: text(&self.description),
            tags: self.tags(),
            enabled,
            cloaked: problems.keep(self.cloaked()).flatten(),
            starts_at: time("activates_at", &self.activates_at, problems),
            expires_at: time("expires_at", &self.expires_at, problems),
            click_limit,
            expired_destination,
            parameters: problems.keep_any(self.utm.as_ref().map(|utm| utm_of(utm.as_deref()))),
            pixels: self.pixels.as_ref().map(|pixels| pixel_ids(pixels, problems)),
            ..Patch::default()
        };
        Read { patch, rules }
    }

    /// How many clicks, and where the others go: BeLink's rule for that names both.
    fn limit(
        &self,
        rules: Option<&rule::Rules>,
        problems: &mut Problems,
    ) -> (Change<u64>, Change<Destination>) {
        let said = match self.expiration_clicks {
            None => Change::Keep,
            Some(None) => Change::Clear,
            Some(Some(whole)) => {
                let count = json::count("expiration_clicks", whole);
                problems.keep(count).map_or(Change::Keep, Change::Set)
            }
        };
        let Some((clicks, then)) = rules.and_then(|rules| rules.after.clone()) else {
            return (said, Change::Keep);
        };
        if !matches!(said, Change::Keep | Change::Clear) && said != Change::Set(clicks) {
            let why = "The expiration clicks must be those of the exp_clicks rule.";
            problems.keep(Err::<(), _>(Error::invalid("expiration_clicks", why)));
        }
        (Change::Set(clicks), Change::Set(then))
    }

    fn cloaked(&self) -> model::Result<Option<bool>> {
        match self.r#type.as_deref() {
            None => Ok(None),
            Some("direct") => Ok(Some(false)),
            Some("frame") => Ok(Some(true)),
            Some(_) => {
                Err(Error::invalid("type", "The selected type is invalid: use direct or frame."))
            }
        }
    }
}

impl Read {
    /// A new link to a destination, which may have told of itself.
    pub(super) fn draft(
        &self,
        destination: Destination,
        about: About,
        folder: Option<&str>,
    ) -> Draft {
        fn value<T>(change: Change<T>) -> Option<T> {
            let mut value = None;
            change.apply(&mut value);
            value
        }
        let patch = self.patch.clone();
        let rules = self.rules.as_ref();
        Draft {
            title: value(patch.title).or(about.title),
            description: value(patch.description).or(about.description),
            tags: patch.tags.unwrap_or_default(),
            folder: folder.map(str::to_owned),
            enabled: patch.enabled.unwrap_or(true),
            cloaked: patch.cloaked,
            starts_at: value(patch.starts_at),
            expires_at: value(patch.expires_at),
            click_limit: value(patch.click_limit),
            expired_destination: value(patch.expired_destination),
            parameters: patch.parameters.unwrap_or_default(),
            pixels: patch.pixels.unwrap_or_default(),
            rules: rules.map(|rules| rules.drafts.clone()).unwrap_or_default(),
            ..Draft::new(destination)
        }
    }

    /// Changes a link. Rules that BeLink cannot say stay as they are, before those that are sent.
    pub(super) fn apply(self, link: &mut Link, stamp: &model::Stamp<'_>) -> model::Result<()> {
        let Read { mut patch, rules } = self;
        if let Some(rules) = rules {
            let had_after = rule::after(link).is_some();
            if had_after && rules.after.is_none() {
                patch.expired_destination = Change::Clear;
                if patch.click_limit == Change::Keep {
                    patch.click_limit = Change::Clear;
                }
            }
            link.rules.retain(|rule| WireRule::of(rule).is_none());
            for (i, draft) in rules.drafts.into_iter().enumerate() {
                link.add_rule(draft, stamp).map_err(|error| error.under(&format!("rules[{i}]")))?;
            }
        }
        if let Some(parameters) = patch.parameters.take() {
            // Parameters that are no UTM tags are nothing that BeLink knows of.
            let kept = link.parameters.iter().filter(|(name, _)| !is_utm(name));
            let mut all = Parameters::default();
            kept.chain(parameters.iter()).for_each(|(name, value)| all.set(name, Some(value)));
            patch.parameters = Some(all);
        }
        patch.apply(link, stamp)
    }
}

/// A destination; what is none gets BeLink's own text, then the reason.
pub(super) fn url(at: &str, text: &str, domain: &Domain) -> model::Result<Destination> {
    json::destination(at, text, domain).map_err(|error| match error {
        Error::Invalid(mut problems) => {
            problems.insert(0, Problem::new(at, NOT_VALID));
            Error::Invalid(problems)
        }
        other => other,
    })
}

fn filled(text: &Option<Option<String>>) -> Option<&str> {
    text.as_ref()?.as_deref().filter(|text| !text.is_empty())
}

fn text(field: &Option<Option<String>>) -> Change<String> {
    match field {
        None => Change::Keep,
        Some(_) => filled(field).map_or(Change::Clear, |text| Change::Set(text.to_owned())),
    }
}

fn time(at: &str, field: &Option<Option<String>>, problems: &mut Problems) -> Change<Timestamp> {
    match (field, filled(field)) {
        (None, _) => Change::Keep,
        (Some(_), None) => Change::Clear,
        (Some(_), Some(text)) => problems.keep(moment(at, text)).map_or(Change::Keep, Change::Set),
    }
}

/// `2019-08-23 13:24:00`, or a day, in UTC.
fn moment(at: &str, text: &str) -> model::Result<Timestamp> {
    let words = at.replace('_', " ");
    let invalid =
        || Error::invalid(at, format!("The {words} does not match the format Y-m-d H:i:s."));
    let time = DateTime::strptime("%Y-%m-%d %H:%M:%S", text);
    let time = time.or_else(|_| Date::strptime("%Y-%m-%d", text).map(DateTime::from));
    let zoned = time.and_then(|time| time.to_zoned(TimeZone::UTC)).map_err(|_| invalid())?;
    Ok(zoned.timestamp())
}

/// Reads `utm_source=mail&utm_medium=letter`.
fn utm_of(text: Option<&str>) -> model::Result<Parameters> {
    let mut parameters = Parameters::default();
    let query = text.unwrap_or_default().trim_start_matches('?');
    for (name, value) in form_urlencoded::parse(query.as_bytes()) {
        if !is_utm(&name) {
            return Err(Error::invalid("utm", format!("{name:?} is no UTM tag")));
        }
        parameters.set(&name, Some(&value));
    }
    Ok(parameters)
}

pub(super) fn is_utm(name: &str) -> bool {
    name.starts_with("utm_")
}

fn pixel_ids(references: &[Reference], problems: &mut Problems) -> Vec<model::PixelId> {
    let read = |(i, Reference(number)): (usize, &Reference)| {
        let why = || format!("The selected pixels.{i} is invalid.");
        problems.keep(Id::new(*number).ok_or_else(|| Error::invalid(format!("pixels[{i}]"), why())))
    };
    references.iter().enumerate().filter_map(read).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, expected: Option<&str>) {
        let read = moment("expires_at", text).ok().map(super::super::view::written);
        assert_eq!(read.as_deref(), expected, "{text}");
    }

    #[test]
    fn times_are_utc_with_or_without_a_clock() {
        check("2019-08-23 13:24:00", Some("2019-08-23 13:24:00"));
        check("2019-08-23", Some("2019-08-23 00:00:00"));
        for text in ["", "tomorrow", "2019-08-23T13:24:00Z", "2019-02-30", "2019-08-23 25:00:00"] {
            check(text, None);
        }
    }

    #[test]
    fn only_utm_tags_are_utm() {
        let read = utm_of(Some("?utm_source=a%26b&utm_x=")).unwrap();
        assert_eq!(read.iter().collect::<Vec<_>>(), [("utm_source", "a&b"), ("utm_x", "")]);
        assert_eq!(utm_of(None).unwrap(), Parameters::default());
        assert_eq!(utm_of(Some("a=b")).unwrap_err().to_string(), "utm: \"a\" is no UTM tag");
    }
}
