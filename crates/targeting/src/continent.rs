//! The seven continents.

use std::fmt;

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Continent {
    Africa,
    Antarctica,
    Asia,
    Europe,
    NorthAmerica,
    Oceania,
    SouthAmerica,
}

impl Continent {
    pub const ALL: [Continent; 7] = [
        Continent::Africa,
        Continent::Antarctica,
        Continent::Asia,
        Continent::Europe,
        Continent::NorthAmerica,
        Continent::Oceania,
        Continent::SouthAmerica,
    ];

    /// Reads a code such as `EU` or an English name such as `South America`, in any case.
    pub fn parse(text: &str) -> Option<Continent> {
        Continent::ALL.into_iter().find(|continent| {
            text.eq_ignore_ascii_case(continent.as_str())
                || text.eq_ignore_ascii_case(continent.name())
        })
    }

    /// The code that the geo databases use, such as `EU`.
    pub const fn as_str(self) -> &'static str {
        match self {
            Continent::Africa => "AF",
            Continent::Antarctica => "AN",
            Continent::Asia => "AS",
            Continent::Europe => "EU",
            Continent::NorthAmerica => "NA",
            Continent::Oceania => "OC",
            Continent::SouthAmerica => "SA",
        }
    }

    /// The English name.
    pub const fn name(self) -> &'static str {
        match self {
            Continent::Africa => "Africa",
            Continent::Antarctica => "Antarctica",
            Continent::Asia => "Asia",
            Continent::Europe => "Europe",
            Continent::NorthAmerica => "North America",
            Continent::Oceania => "Oceania",
            Continent::SouthAmerica => "South America",
        }
    }

    /// [`parse`](Self::parse) for tables that are read while compiling.
    pub(crate) const fn from_letters(first: u8, second: u8) -> Option<Continent> {
        let mut i = 0;
        while i < Continent::ALL.len() {
            let code = Continent::ALL[i].as_str().as_bytes();
            if code[0] == first && code[1] == second {
                return Some(Continent::ALL[i]);
            }
            i += 1;
        }
        None
    }
}

impl fmt::Display for Continent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_and_names_are_read_in_any_case() {
        for continent in Continent::ALL {
            assert_eq!(Continent::parse(&continent.as_str().to_lowercase()), Some(continent));
            assert_eq!(Continent::parse(&continent.name().to_uppercase()), Some(continent));
        }
        assert_eq!(Continent::parse("Atlantis"), None);
    }
}
