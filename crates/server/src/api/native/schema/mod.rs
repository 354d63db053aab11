//! Shapes of what is read and written by hand, for the OpenAPI document. The code that reads them is
//! `model`'s; no value of these types is made.

#![expect(dead_code, reason = "these types say in the document what other code reads")]

mod link;
mod problem;
mod rule;
mod visitor;

pub(super) use self::{
    link::{BulkChange, CardView, Diff, NewLink},
    problem::{Fault, Problem},
    rule::{NewRule, Rule, RuleChange, Variant},
    visitor::{LinkTest, LinkTestBody, Visitor},
};
