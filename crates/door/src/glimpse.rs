//! A look at a request before it is parsed.

/// What a request seems to ask for. Nothing of it is checked, and what it says may be wrong.
#[derive(Clone, Copy, Debug)]
pub struct Glimpse<'b>(&'b [u8]);

/// Bytes in which a path that is worth a look ends.
const NEAR: usize = 128;

impl<'b> Glimpse<'b> {
    /// What the beginning of some bytes seems to be.
    pub fn of(bytes: &'b [u8]) -> Glimpse<'b> {
        Glimpse(bytes)
    }

    /// The path of a GET, as sent, from its `/`; none where it is long or does not seem to be plain.
    pub fn path(self) -> Option<&'b str> {
        let rest = self.0.strip_prefix(b"GET ")?;
        let end = rest.iter().take(NEAR).position(|byte| matches!(byte, b' ' | b'?'))?;
        let path = &rest[..end];
        if path.starts_with(b"/") { str::from_utf8(path).ok() } else { None }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn path(bytes: &str) -> Option<&str> {
        Glimpse::of(bytes.as_bytes()).path()
    }

    #[test]
    fn a_path_is_seen_before_the_rest_is_there() {
        assert_eq!(path("GET /spring HTTP/1.1\r\nHo"), Some("/spring"));
        assert_eq!(path("GET /a/b?c=d"), Some("/a/b"));
        assert_eq!(path("GET / HTTP/1.1"), Some("/"));
    }

    #[test]
    fn what_seems_to_be_something_else_has_none() {
        let long = format!("GET /{} HTTP/1.1", "a".repeat(NEAR));
        for bytes in
            ["", "GET", "GET /spr", "HEAD /a ", "GET * ", "GET http://a/ ", "GET  /a ", &long]
        {
            assert_eq!(path(bytes), None, "{bytes}");
        }
        assert_eq!(Glimpse::of(b"GET /\xff HTTP/1.1").path(), None);
    }
}
