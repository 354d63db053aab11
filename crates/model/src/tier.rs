//! Which of a link's rules go before which others, whatever their priority.

/// Short.io's fixed shapes come after the rules that somebody wrote, in its own precedence.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Tier {
    #[default]
    Authored = 0,
    Region = 1,
    Country = 2,
    Platform = 3,
    Split = 4,
}

impl Tier {
    pub(crate) fn numbered(number: i64) -> Option<Tier> {
        let all = [Tier::Authored, Tier::Region, Tier::Country, Tier::Platform, Tier::Split];
        usize::try_from(number).ok().and_then(|i| all.get(i).copied())
    }
}
