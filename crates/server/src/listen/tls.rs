//! The certificate and key of the server.

use std::{path::Path, sync::Arc};

use rustls::ServerConfig;
use rustls_pki_types::{
    CertificateDer, PrivateKeyDer,
    pem::{self, PemObject},
};

/// Why TLS cannot be had, in one line that names the setting.
#[derive(Debug, thiserror::Error)]
#[error("{setting}: {text}")]
pub struct TlsProblem {
    setting: &'static str,
    text: String,
}

const CERT: &str = "WAYPOST_TLS_CERT";
const KEY: &str = "WAYPOST_TLS_KEY";

/// Reads a certificate with its chain and the key that belongs to it, from PEM files.
pub fn tls(cert: &Path, key: &Path) -> Result<Arc<ServerConfig>, TlsProblem> {
    let at = |setting, path: &Path, text: &dyn std::fmt::Display| TlsProblem {
        setting,
        text: format!("{}: {text}", path.display()),
    };
    let chain = CertificateDer::pem_file_iter(cert)
        .and_then(Iterator::collect::<Result<Vec<_>, _>>)
        .map_err(|error| at(CERT, cert, &say(error)))?;
    if chain.is_empty() {
        return Err(at(CERT, cert, &say(pem::Error::NoItemsFound)));
    }
    let secret = PrivateKeyDer::from_pem_file(key).map_err(|error| at(KEY, key, &say(error)))?;

    let ring = Arc::new(rustls::crypto::ring::default_provider());
    let mut config = ServerConfig::builder_with_provider(ring)
        .with_safe_default_protocol_versions()
        .expect("ring has ciphers for both versions")
        .with_no_client_auth()
        .with_single_cert(chain, secret)
        .map_err(|error| match error {
            rustls::Error::InconsistentKeys(_) => {
                at(KEY, key, &"is not the key of the certificate")
            }
            rustls::Error::InvalidCertificate(_) => at(CERT, cert, &error),
            error => at(KEY, key, &error),
        })?;
    config.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
    Ok(Arc::new(config))
}

fn say(error: pem::Error) -> String {
    match error {
        pem::Error::NoItemsFound => "has no such PEM section".to_owned(),
        pem::Error::Io(error) => error.to_string(),
        error => format!("is not PEM: {error:?}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(cert: Option<&str>, key: Option<&str>, expected: &str) {
        let dir = tempfile::tempdir().unwrap();
        let write = |name: &str, text: Option<&str>| {
            let path = dir.path().join(name);
            text.into_iter().for_each(|text| std::fs::write(&path, text).unwrap());
            path
        };
        let (cert, key) = (write("cert", cert), write("key", key));
        let text = match tls(&cert, &key) {
            Ok(_) => "fine".to_owned(),
            Err(problem) => problem.to_string(),
        };
        let text = text.replace(&format!("{}/", dir.path().display()), "");
        assert_eq!(text, expected);
    }

    #[test]
    fn what_is_wrong_is_said_in_one_line_that_names_the_setting() {
        let made = rcgen::generate_simple_self_signed(["localhost".to_owned()]).unwrap();
        let other = rcgen::generate_simple_self_signed(["localhost".to_owned()]).unwrap();
        let (cert, key) = (made.cert.pem(), made.signing_key.serialize_pem());
        let other = other.signing_key.serialize_pem();
        let broken = "-----BEGIN CERTIFICATE-----\n!\n-----END CERTIFICATE-----\n";
        let hollow = "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n";

        check(Some(&cert), Some(&key), "fine");
        let missing = "No such file or directory (os error 2)";
        check(None, Some(&key), &format!("WAYPOST_TLS_CERT: cert: {missing}"));
        check(Some(&cert), None, &format!("WAYPOST_TLS_KEY: key: {missing}"));
        check(Some(&key), Some(&key), "WAYPOST_TLS_CERT: cert: has no such PEM section");
        check(Some(&cert), Some(&cert), "WAYPOST_TLS_KEY: key: has no such PEM section");
        check(Some(&cert), Some(&other), "WAYPOST_TLS_KEY: key: is not the key of the certificate");
        check(
            Some(broken),
            Some(&key),
            "WAYPOST_TLS_CERT: cert: is not PEM: Base64Decode(\"InvalidCharacter(33)\")",
        );
        check(
            Some(hollow),
            Some(&key),
            "WAYPOST_TLS_CERT: cert: invalid peer certificate: BadEncoding",
        );
    }
}
