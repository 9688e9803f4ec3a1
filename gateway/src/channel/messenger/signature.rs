//! Signatures of calls: HMAC-SHA256 over the raw body, as `X-Hub-Signature-256` carries them.

use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

/// A signature that a call shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Signature([u8; 32]);

impl Signature {
    /// The signature in a header, such as `sha256=5c1…`.
    #[must_use]
    pub fn of_header(text: &str) -> Option<Self> {
        let digits = text.trim().strip_prefix("sha256=")?;
        let mut bytes = [0; 32];
        hex::decode_to_slice(digits, &mut bytes).ok()?;
        Some(Self(bytes))
    }

    /// Whether it was made with this secret for this body. How long that takes tells nothing of how wrong it is.
    #[must_use]
    pub fn fits(&self, secret: &str, body: &[u8]) -> bool {
        mac(secret, body).is_some_and(|mac| mac.verify_slice(&self.0).is_ok())
    }
}

/// The header's value for a body.
#[must_use]
pub fn sign(secret: &str, body: &[u8]) -> Option<String> {
    mac(secret, body).map(|mac| format!("sha256={}", hex::encode(mac.finalize().into_bytes())))
}

/// Keys of every length are fine, except that an empty one is none.
fn mac(secret: &str, body: &[u8]) -> Option<Hmac<Sha256>> {
    if secret.is_empty() {
        return None;
    }
    let mut mac = Hmac::<Sha256>::new_from_slice(secret.as_bytes()).ok()?;
    mac.update(body);
    Some(mac)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// RFC 4231, test case 2.
    const KNOWN: &str = "sha256=5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843";

    #[test]
    fn a_signature_fits_one_secret_and_one_body() {
        let body = b"what do ya want for nothing?";
        assert_eq!(sign("Jefe", body).as_deref(), Some(KNOWN));
        let signature = Signature::of_header(KNOWN).expect("a signature");
        assert!(signature.fits("Jefe", body));
        assert!(!signature.fits("jefe", body));
        assert!(!signature.fits("Jefe", b"what do ya want for nothing!"));
        assert!(!signature.fits("", body), "no secret is no secret");
    }

    #[test]
    fn what_is_no_signature_is_none() {
        for text in ["", "sha256=", "sha1=5bdc", &KNOWN[..KNOWN.len() - 1], &KNOWN.replace("5b", "zz"), &KNOWN[7..]] {
            assert_eq!(Signature::of_header(text), None, "{text}");
        }
    }
}
