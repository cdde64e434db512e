//! Signing, as Standard Webhooks 1.0 has it.

use crate::error::{Error, Result};
use crate::store::tables::webhook::{Secret, Webhook};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use tripchat_protocol::Millis;

/// The secret as the platform is given it: `whsec_` and base64.
#[must_use]
pub fn whsec(secret: &Secret) -> String {
    format!("whsec_{}", STANDARD.encode(&secret.0))
}

/// The header `webhook-signature`: one signature for each secret that is good at `now`, the newest first.
pub(super) fn signatures(to: &Webhook, id: &str, now: Millis, body: &str) -> Result<String> {
    let old = to.old_secret.iter().filter(|(_, until)| now < *until).map(|(secret, _)| secret);
    let signed = std::iter::once(&to.secret).chain(old).map(|secret| {
        let webhook = standardwebhooks::Webhook::from_bytes(secret.0.clone());
        webhook.and_then(|it| it.sign(id, now / 1_000, body.as_bytes()))
    });
    let signed: std::result::Result<Vec<String>, _> = signed.collect();
    signed.map(|all| all.join(" ")).map_err(|error| Error::internal(error.to_string()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use tripchat_protocol::WebhookId;

    /// The vector of the specification's own libraries.
    const SECRET: &str = "MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
    const ID: &str = "msg_p5jXN8AQM9LWM0D4loKWxJek";
    const BODY: &str = "{\"test\": 2432232314}";
    const SIGNED: &str = "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=";
    const AT: Millis = 1_614_265_330_000;

    fn webhook(old: Option<(Secret, Millis)>) -> Webhook {
        Webhook {
            id: WebhookId(uuid::Uuid::nil()),
            tenant: "default".into(),
            url: "https://lugar.example/".into(),
            events: Vec::new(),
            secret: Secret(STANDARD.decode(SECRET).unwrap()),
            old_secret: old,
            created_at: 0,
            disabled: None,
        }
    }

    #[test]
    fn what_is_sent_is_signed_as_the_specification_has_it() {
        assert_eq!(signatures(&webhook(None), ID, AT, BODY).unwrap(), SIGNED);
        assert_eq!(signatures(&webhook(None), ID, AT + 999, BODY).unwrap(), SIGNED, "in whole seconds");
        for (id, at, body) in [("msg_other", AT, BODY), (ID, AT + 1_000, BODY), (ID, AT, "{}")] {
            assert_ne!(signatures(&webhook(None), id, at, body).unwrap(), SIGNED);
        }
    }

    #[test]
    fn two_secrets_sign_until_the_older_one_is_out_of_use() {
        let old = |until| webhook(Some((Secret(b"another secret of 24 bytes".to_vec()), until)));
        let both = signatures(&old(AT + 1), ID, AT, BODY).unwrap();
        let (new, other) = both.split_once(' ').unwrap();
        assert!(new == SIGNED && other.starts_with("v1,") && other != new);
        assert_eq!(signatures(&old(AT), ID, AT, BODY).unwrap(), SIGNED);
    }

    #[test]
    fn a_secret_is_written_for_the_platform_and_in_no_log() {
        let it = webhook(Some((Secret(vec![7; 24]), AT)));
        assert_eq!(whsec(&it.secret), format!("whsec_{SECRET}"));
        assert!(!format!("{it:?}").contains("49, "), "{it:?}");
        assert!(!format!("{it:?}").contains("7, 7"), "{it:?}");
    }
}
