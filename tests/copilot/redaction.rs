//! What leaves and what stays: the corpus, and planted secrets against the bytes a server received.

use omnitraffick::engine::copilot::redact::{Kind, redact};

/// A text and what is to be found in it; nothing = it stays as it is.
const CORPUS: &[(&str, &[Kind])] = &[
    // keys by shape
    ("token EAABsbCS1iHgBAKZCmQ9ZAZBxyz", &[Kind::Key]),
    ("use ya29.a0AfH6SMBx-1234567890_abcdef please", &[Kind::Key]),
    ("key AIzaSyA1234567890abcdefghijklmnopqrstuv.", &[Kind::Key]),
    ("sk-proj-Ab12Cd34Ef56Gh78Ij90", &[Kind::Key]),
    ("sk-ant-api03-Ab12Cd34Ef56Gh78", &[Kind::Key]),
    ("aws AKIAIOSFODNN7EXAMPLE in the note", &[Kind::Key]),
    ("ghp_16C7e42F292c6912E7710c838347Ae178B4a", &[Kind::Key]),
    ("xoxb-123456789012-abcdefABCDEF", &[Kind::Key]),
    ("hvs.CAESIJ1234567890abcdef", &[Kind::Key]),
    ("glpat-abcd1234efgh5678ijkl", &[Kind::Key]),
    ("GOCSPX-abc123def456ghi789", &[Kind::Key]),
    (
        "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0In0.dozjgNryP4J3jVmN",
        &[Kind::Key],
    ),
    (
        "-----BEGIN PRIVATE KEY-----\nMIIEvQIBADANBg\n-----END PRIVATE KEY-----",
        &[Kind::Key],
    ),
    ("-----BEGIN RSA PRIVATE KEY-----\nMIIEvQIBADANBg", &[Kind::Key]),
    (
        "post to https://hooks.slack.com/services/T000/B000/XXXXXXXX",
        &[Kind::Key],
    ),
    ("https://discord.com/api/webhooks/123456/abc-DEF_ghi", &[Kind::Key]),
    ("Authorization: Bearer abc.def-123456", &[Kind::Key]),
    ("access_token=abcDEF123456&limit=5", &[Kind::Key]),
    ("\"client_secret\": \"s3cretvalue99\"", &[Kind::Key]),
    ("password: hunter2hunter2", &[Kind::Key]),
    ("api_key = 9a8b7c6d5e4f", &[Kind::Key]),
    ("https://ana:pa55word@files.example.com/x", &[Kind::Key]),
    // long random rows
    ("id dGhpcyBpcyBhIHZlcnkgc2VjcmV0IHZhbHVl end", &[Kind::Token]),
    (
        "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
        &[Kind::Token],
    ),
    ("k3j9x0q2m8z7w5v1t4r6y2u8i0p3a7s9d1f5", &[Kind::Token]),
    ("Xq7-ZrT9vKp2LmN8wBc4HdFg6JsY3aEe5Uo", &[Kind::Token]),
    // people
    ("write to ana.lopez@example.com", &[Kind::Email]),
    (
        "ANA+ads@mail.example.co.uk and bo@example.org",
        &[Kind::Email, Kind::Email],
    ),
    ("call +49 30 1234567", &[Kind::Phone]),
    ("call +1 (555) 234-5678 today", &[Kind::Phone]),
    ("Tel. 030 1234567", &[Kind::Phone]),
    ("0171/2345678", &[Kind::Phone]),
    ("(555) 123-4567", &[Kind::Phone]),
    ("0049 171 2345678", &[Kind::Phone]),
    ("card 4111 1111 1111 1111", &[Kind::Card]),
    ("5500-0000-0000-0004", &[Kind::Card]),
    ("amex 378282246310005", &[Kind::Card]),
    ("IBAN DE89 3704 0044 0532 0130 00.", &[Kind::Iban]),
    ("GB29NWBK60161331926819", &[Kind::Iban]),
    ("from 192.168.10.24", &[Kind::Ip]),
    ("host 2001:db8::ff00:42:8329 down", &[Kind::Ip]),
    (
        "ping 10.0.0.1 and 10.0.0.2, then 10.0.0.1",
        &[Kind::Ip, Kind::Ip, Kind::Ip],
    ),
    // near misses that stay
    ("1080x1350 px, 1920x1080, 9:16", &[]),
    ("ACME_DE_META_CONV_2026Q4_RETARGETING_VIDEO_1080x1350", &[]),
    ("BRD_FB_IG_CPM_VTR_KPI_DSP_RTG_VID_DCO_2026_A1B2", &[]),
    ("SummerSaleRetargetingProspectingVideoCampaign2026", &[]),
    ("ticket 0192f0c1-7e3a-7b52-9c1d-2f6b8a4d5e60", &[]),
    ("ticket T-10423 of 2026-11-20", &[]),
    ("campaign 120210001234567890 in act_1001", &[]),
    ("account 123-456-7890", &[]),
    ("budget EUR 1,200,000.00 until 2026-12-31", &[]),
    ("0.5 % to 12.5 %, 1 200 000 impressions", &[]),
    ("Graph API v25.0, SDK 4.2.1, build 1.2.3.4.5", &[]),
    ("at 10:30:45 on 20.11.2026", &[]),
    ("card 4111 1111 1111 1112", &[]),
    ("order 1234567890123456", &[]),
    ("codes DE00 1234, FR20 2611 and AT12", &[]),
    ("999.999.999.999", &[]),
    ("the token expired; ask for a new password", &[]),
    ("password: required", &[]),
    ("follow @example_brand, mail us at example dot com", &[]),
    ("EAA is a prefix, AKIA too, and sk- as well", &[]),
    (
        "https://www.example.com/summer/landing?utm_campaign=acme_de_2026_q4",
        &[],
    ),
    ("Rindfleischetikettierungsueberwachungsaufgabenuebertragungsgesetz", &[]),
    ("000102030405060708091011121314151617", &[]),
    ("error 2446149, subcode 1885183, trace AbCdEf12", &[]),
];

#[test]
fn the_corpus() {
    assert!(CORPUS.len() >= 60);
    let mut wrong = Vec::new();
    for (text, kinds) in CORPUS {
        let got = redact(&[text], &[]);
        let found: Vec<_> = got.findings.iter().map(|f| f.kind).collect();
        if found != *kinds {
            wrong.push(format!(
                "{text}\n    {found:?}, expected {kinds:?}\n    {}",
                got.texts[0]
            ));
        }
        if kinds.is_empty() {
            assert_eq!(got.texts[0], *text);
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn names_are_stable_and_come_back_for_display_only() {
    let got = redact(
        &[
            "a@x.example asks b@x.example",
            "A@X.example and <EMAIL_3>, key=abc12345",
        ],
        &[],
    );
    assert_eq!(
        got.texts,
        ["<EMAIL_1> asks <EMAIL_2>", "<EMAIL_1> and <EMAIL_3>, key=abc12345"]
    );
    assert_eq!(
        got.restore("tell <EMAIL_2> and <EMAIL_3>"),
        "tell b@x.example and <EMAIL_3>"
    );
    let secret = redact(&["token=abcDEF123456"], &[]);
    assert_eq!(secret.texts, ["token=<KEY_1>"]);
    assert_eq!(secret.restore("<KEY_1>"), "<KEY_1>");
    assert!(!format!("{secret:?}").contains("abcDEF"));
}

#[test]
fn a_known_secret_is_found_however_it_is_broken_up() {
    let secret = "Zq8vK2mN-x7Lp4Rt";
    let secrets = [secret];
    let broken = [
        vec![format!("the key {secret} here")],
        vec![secret.to_lowercase(), secret.to_uppercase()],
        vec![format!("{}\n  {}", &secret[..9], &secret[9..])],
        vec![
            format!("ends with {}", &secret[..6]),
            format!("{} begins", &secret[6..]),
        ],
        vec![secret.chars().flat_map(|c| [c, ' ']).collect()],
        vec![format!("{}\u{200b}{}", &secret[..5], &secret[5..])],
    ];
    for texts in broken {
        let parts: Vec<&str> = texts.iter().map(String::as_str).collect();
        let got = redact(&parts, &secrets);
        let all: String = got.texts.concat().to_lowercase().split_whitespace().collect();
        assert!(!all.contains(&secret.to_lowercase()), "{all}");
        for gram in secret.to_lowercase().as_bytes().windows(5) {
            assert!(!all.contains(std::str::from_utf8(gram).unwrap()), "{all}");
        }
    }
}
