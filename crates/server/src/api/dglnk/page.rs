//! Laravel's pages: a list with where it stands in all there is.

use axum::Json;
use serde::Serialize;

use super::super::Params;

/// `{"status":"success","pagination":{…}}`.
#[derive(Serialize)]
pub(super) struct Paged<T> {
    status: &'static str,
    pagination: Page<T>,
}

#[derive(Serialize)]
struct Page<T> {
    current_page: i64,
    /// The number of the first item, from 1; none where there is none.
    from: Option<i64>,
    to: Option<i64>,
    per_page: i64,
    last_page: i64,
    total: i64,
    data: Vec<T>,
}

/// Which page is asked for.
#[derive(Clone, Copy)]
pub(super) struct Asked {
    page: i64,
    pub(super) per_page: i64,
}

const PER_PAGE: i64 = 15;
const MOST_PER_PAGE: i64 = 100;
const LAST: i64 = 1_000_000;

impl Asked {
    pub(super) fn read(params: &Params) -> model::Result<Asked> {
        Ok(Asked {
            page: params.whole("page", 1..=LAST)?.unwrap_or(1),
            per_page: params.whole("perPage", 1..=MOST_PER_PAGE)?.unwrap_or(PER_PAGE),
        })
    }

    pub(super) fn skipped(self) -> i64 {
        (self.page - 1) * self.per_page
    }

    /// The page of a whole list.
    pub(super) fn cut<T>(self, all: Vec<T>) -> Json<Paged<T>> {
        let total = all.len() as i64;
        let (skipped, taken) = (self.skipped() as usize, self.per_page as usize);
        self.answer(all.into_iter().skip(skipped).take(taken).collect(), total)
    }

    pub(super) fn answer<T>(self, data: Vec<T>, total: i64) -> Json<Paged<T>> {
        let first = self.skipped() + 1;
        let is_filled = !data.is_empty();
        Json(Paged {
            status: "success",
            pagination: Page {
                current_page: self.page,
                from: is_filled.then_some(first),
                to: is_filled.then_some(self.skipped() + data.len() as i64),
                per_page: self.per_page,
                last_page: ((total + self.per_page - 1) / self.per_page).max(1),
                total,
                data,
            },
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(page: i64, all: i64, expected: (Option<i64>, Option<i64>, i64)) {
        let paged = Asked { page, per_page: 10 }.cut((0..all).collect::<Vec<_>>());
        let Page { from, to, last_page, .. } = paged.0.pagination;
        assert_eq!((from, to, last_page), expected, "page {page} of {all}");
    }

    #[test]
    fn pages_say_where_they_stand() {
        check(1, 0, (None, None, 1));
        check(1, 10, (Some(1), Some(10), 1));
        check(2, 11, (Some(11), Some(11), 2));
        check(3, 11, (None, None, 2));
    }
}
