//! The page that unseals an address in the visitor's browser.
//!
//! Short.io's clients encrypt an address before they send it, and put the key after the `#` of the
//! short URL, which no browser ever sends. So what the address is, this server cannot know.

use maud::{PreEscaped, html};

use super::{Answer, pages};

/// Reads the key from the fragment, decrypts, and goes there if it is a web address.
const SCRIPT: &str = "\
(async()=>{const d=document.getElementById('sealed').dataset,b=t=>Uint8Array.from(atob(t),\
c=>c.charCodeAt(0));try{const k=await crypto.subtle.importKey('raw',b(decodeURIComponent(l\
ocation.hash.slice(1))),'AES-GCM',false,['decrypt']);const u=new TextDecoder().decode(awai\
t crypto.subtle.decrypt({name:'AES-GCM',iv:b(d.iv)},k,b(d.text)));if(!/^https?:/i.test(u))\
throw u;location.replace(u)}catch{document.getElementById('failed').hidden=false}})()";

/// The hash is of [`SCRIPT`]: no other script runs.
const POLICY: &str = "default-src 'none'; style-src 'unsafe-inline'; \
script-src 'sha256-1i+0zLhL/i54dIRa37w4g0W9sdEuiznDG35whGvHn58='; base-uri 'none'; frame-ancestors 'none'";

/// The ciphertext and its initialisation vector are base64.
pub(super) fn page(text: &str, iv: &str) -> Answer {
    let body = html! {
        p { "Your browser is reading where it leads; nobody else can." }
        p #failed .bad role="alert" hidden {
            "It could not: the address must end with # and a key, and be opened by HTTPS."
        }
        noscript { p.bad { "It needs JavaScript for that." } }
        div #sealed data-text=(text) data-iv=(iv) {}
        script { (PreEscaped(SCRIPT)) }
    };
    Answer {
        policy: Some(POLICY.into()),
        ..Answer::page(200, pages::page("This link is encrypted", &body))
    }
}

#[cfg(test)]
mod tests {
    use base64::{Engine, engine::general_purpose::STANDARD};
    use sha2::{Digest, Sha256};

    use super::*;

    #[test]
    fn the_policy_allows_this_script_and_no_other() {
        let hash = STANDARD.encode(Sha256::digest(SCRIPT));
        assert!(POLICY.contains(&format!("script-src 'sha256-{hash}';")), "{hash}");
    }
}
