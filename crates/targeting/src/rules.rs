//! Rules that have been checked, and finding the first that holds.

use jiff::tz::TimeZone;

use crate::{
    Needs, Outcome, Problem, Trace, Visitor, When,
    check::Leaf,
    when::{MOST_LEVELS, MOST_TESTS},
    zone,
};

/// Rules that have been checked, in the order in which they are tried.
#[derive(Debug, Default)]
pub struct Rules {
    pub(crate) nodes: Box<[Node]>,
    needs: Needs,
}

/// A [`When`] that has been checked.
#[derive(Debug)]
pub(crate) enum Node {
    All(Box<[Node]>),
    Any(Box<[Node]>),
    Not(Box<Node>),
    Leaf(Leaf),
}

impl When {
    /// Everything that is wrong with the tree, had its rule this time zone.
    pub fn check(&self, timezone: Option<&str>) -> Vec<Problem> {
        match compile(self, timezone) {
            Ok(_) => Vec::new(),
            Err(wrong) => wrong.zone.into_iter().chain(wrong.when).collect(),
        }
    }
}

impl Rules {
    /// Checks conditions, each with the time zone that its rule names. There is no other way to get
    /// [`Rules`].
    ///
    /// # Errors
    ///
    /// Everything that is wrong: `rules[0].when.all[1].value: ...`.
    pub fn compile<'w>(
        rules: impl IntoIterator<Item = (&'w When, Option<&'w str>)>,
    ) -> Result<Rules, Vec<Problem>> {
        let (mut nodes, mut problems) = (Vec::new(), Vec::new());
        for (i, (when, timezone)) in rules.into_iter().enumerate() {
            match compile(when, timezone) {
                Ok(node) => nodes.push(node),
                Err(wrong) => {
                    let rule = format_args!("rules[{i}]");
                    problems.extend(wrong.zone.map(|problem| problem.under(rule)));
                    let inside = wrong
                        .when
                        .into_iter()
                        .map(|problem| problem.under(format_args!("{rule}.when")));
                    problems.extend(inside);
                }
            }
        }
        if !problems.is_empty() {
            return Err(problems);
        }
        let needs = nodes.iter().map(Node::needs).fold(Needs::default(), Needs::and);
        Ok(Rules { nodes: nodes.into_boxed_slice(), needs })
    }

    pub fn len(&self) -> usize {
        self.nodes.len()
    }

    pub fn is_empty(&self) -> bool {
        self.nodes.is_empty()
    }

    /// What has to be learnt about a visitor before these rules can decide.
    pub fn needs(&self) -> Needs {
        self.needs
    }

    /// The first rule that holds for a visitor.
    pub fn decide(&self, visitor: &Visitor<'_>) -> Option<usize> {
        self.first(|leaf| leaf.outcome(&leaf.read(visitor)))
    }

    /// [`decide`](Self::decide), keeping the outcome of each test that it looked at.
    pub fn decide_traced(&self, visitor: &Visitor<'_>, trace: &mut Trace) -> Option<usize> {
        self.first(|leaf| {
            let outcome = leaf.outcome(&leaf.read(visitor));
            trace.push(outcome);
            outcome
        })
    }

    fn first(&self, mut ask: impl FnMut(&Leaf) -> Outcome) -> Option<usize> {
        self.nodes.iter().position(|node| node.outcome(&mut ask) == Outcome::True)
    }
}

impl Node {
    fn outcome<F: FnMut(&Leaf) -> Outcome>(&self, ask: &mut F) -> Outcome {
        match self {
            Node::Leaf(leaf) => ask(leaf),
            Node::All(nodes) => Outcome::all(nodes.iter().map(|node| node.outcome(ask))),
            Node::Any(nodes) => Outcome::any(nodes.iter().map(|node| node.outcome(ask))),
            Node::Not(node) => !node.outcome(ask),
        }
    }

    fn needs(&self) -> Needs {
        match self {
            Node::Leaf(leaf) => leaf.needs(),
            Node::All(nodes) | Node::Any(nodes) => {
                nodes.iter().map(Node::needs).fold(Needs::default(), Needs::and)
            }
            Node::Not(node) => node.needs(),
        }
    }
}

/// What is wrong with a rule's time zone, and with its conditions.
struct Wrong {
    zone: Option<Problem>,
    when: Vec<Problem>,
}

fn compile(when: &When, timezone: Option<&str>) -> Result<Node, Wrong> {
    let zone = timezone.map(zone::parse).transpose();
    let mut compiler = Compiler { zone: None, tests: 0, problems: Vec::new() };
    let wrong_zone = match zone {
        Ok(zone) => {
            compiler.zone = zone;
            None
        }
        Err(why) => Some(Problem::new("timezone", why)),
    };
    match compiler.node(when, 0) {
        Some(node) if wrong_zone.is_none() && compiler.problems.is_empty() => Ok(node),
        _ => Err(Wrong { zone: wrong_zone, when: compiler.problems }),
    }
}

struct Compiler {
    zone: Option<TimeZone>,
    tests: usize,
    problems: Vec<Problem>,
}

impl Compiler {
    fn node(&mut self, when: &When, level: usize) -> Option<Node> {
        // A tree that was not read by `When::parse` may be of any size.
        if !matches!(when, When::Test(_)) && level == MOST_LEVELS {
            return self.refuse(Problem::new("", format!("lies deeper than {MOST_LEVELS} groups")));
        }
        match when {
            When::All { all } => self.group("all", all, level).map(Node::All),
            When::Any { any } => self.group("any", any, level).map(Node::Any),
            When::Not { not } => {
                let node = self.inside("not", |compiler| compiler.node(not, level + 1))?;
                Some(Node::Not(Box::new(node)))
            }
            When::Test(test) => {
                self.tests += 1;
                if self.tests == MOST_TESTS + 1 {
                    let why = format!("is one test more than the {MOST_TESTS} of a rule");
                    return self.refuse(Problem::new("", why));
                }
                if MOST_TESTS < self.tests {
                    return None;
                }
                match Leaf::compile(test, self.zone.as_ref()) {
                    Ok(leaf) => Some(Node::Leaf(leaf)),
                    Err(problems) => {
                        self.problems.extend(problems);
                        None
                    }
                }
            }
        }
    }

    fn group(&mut self, name: &str, parts: &[When], level: usize) -> Option<Box<[Node]>> {
        if parts.is_empty() {
            return self.refuse(Problem::new(name, "must hold at least one condition"));
        }
        let mut nodes = Vec::with_capacity(parts.len());
        for (i, part) in parts.iter().enumerate() {
            let place = format_args!("{name}[{i}]");
            nodes.extend(self.inside(place, |compiler| compiler.node(part, level + 1)));
        }
        (nodes.len() == parts.len()).then(|| nodes.into_boxed_slice())
    }

    /// Puts the problems that are found inside a part under the part's place.
    fn inside<T>(
        &mut self,
        place: impl std::fmt::Display,
        read: impl FnOnce(&mut Compiler) -> Option<T>,
    ) -> Option<T> {
        let before = self.problems.len();
        let read = read(self);
        let found: Vec<Problem> = self.problems.drain(before..).collect();
        self.problems.extend(found.into_iter().map(|problem| problem.under(&place)));
        read
    }

    fn refuse<T>(&mut self, problem: Problem) -> Option<T> {
        self.problems.push(problem);
        None
    }
}
