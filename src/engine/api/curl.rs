//! A planned call as a command of curl, to be sent by hand: tokens come from environment variables, ids of earlier steps
//! are left to be filled in.
//!
//! Invariants
//! - Whatever a field holds, it stays one word of the shell and no more: single quotes around everything, and bytes that a
//!   terminal or a shell could read otherwise are written in percent or JSON escapes.
//! - Of everything the shell expands, there is nothing but the names of variables.

use std::fmt::Write as _;

use super::sending::{PlannedCall, PlannedHeader, PlannedPart};
use crate::engine::model::sanitise::{is_unsafe, sanitise};

impl PlannedCall {
    /// The command, over several lines, without a line end after the last.
    pub fn curl(&self) -> String {
        let mut words = vec![format!("curl --request {} {}", self.method, quoted(&self.url))];
        words.extend(self.headers.iter().map(|h| format!("--header {}", header(h))));
        let form = self
            .headers
            .iter()
            .any(|h| h.name == "content-type" && h.value.ends_with("x-www-form-urlencoded"));
        match &self.body {
            None => {}
            Some(body) if form => words.extend(form_urlencoded::parse(body.as_bytes()).map(|(k, v)| field(&k, &v))),
            Some(body) => words.push(format!("--data-raw {}", quoted(&json(body)))),
        }
        words.extend(self.form.iter().map(part));
        words.join(" \\\n  ")
    }
}

/// A part of a multipart body. A file is read from the folder curl runs in, under the name it is uploaded by.
fn part(part: &PlannedPart) -> String {
    let (name, value) = (encoded(&part.name), sanitise(&part.value));
    match &part.media {
        None => format!("--form-string {}", quoted(&format!("{name}={value}"))),
        Some(media) => format!("--form {}", quoted(&format!("{name}=@{value};type={media}"))),
    }
}

/// One word of the shell.
fn quoted(text: &str) -> String {
    format!("'{}'", text.replace('\'', r"'\''"))
}

fn header(header: &PlannedHeader) -> String {
    match &header.variable {
        // Name and beginning are constants of ours; the variable's name holds letters, digits and _ only.
        Some(variable) => format!("\"{}: {}${{{variable}}}\"", header.name, header.value),
        None => quoted(&format!("{}: {}", header.name, header.value)),
    }
}

/// A form field, readable where it can be: curl does the encoding then.
fn field(name: &str, value: &str) -> String {
    let name = encoded(name);
    if value.chars().any(is_unsafe) {
        format!("--data-raw {}", quoted(&format!("{name}={}", encoded(value))))
    } else {
        format!("--data-urlencode {}", quoted(&format!("{name}={value}")))
    }
}

fn encoded(text: &str) -> String {
    form_urlencoded::byte_serialize(text.as_bytes()).collect()
}

/// The same JSON with what a terminal would not show as it is in escapes. Such characters stand inside strings only.
fn json(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        if is_unsafe(c) {
            let mut units = [0; 2];
            for unit in c.encode_utf16(&mut units) {
                let _ = write!(out, "\\u{unit:04x}");
            }
        } else {
            out.push(c);
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// What a POSIX shell makes of the words of a command: quotes and line continuations, variables left as they are.
    fn words(command: &str) -> Vec<String> {
        let (mut words, mut word, mut open) = (Vec::new(), String::new(), false);
        let mut chars = command.chars();
        while let Some(c) = chars.next() {
            match c {
                '\'' => {
                    open = true;
                    word.extend(chars.by_ref().take_while(|c| *c != '\''));
                }
                '"' => {
                    open = true;
                    word.extend(chars.by_ref().take_while(|c| *c != '"'));
                }
                '\\' => match chars.next().unwrap() {
                    '\n' => {}
                    c => {
                        open = true;
                        word.push(c);
                    }
                },
                ' ' => {
                    if std::mem::take(&mut open) {
                        words.push(std::mem::take(&mut word));
                    }
                }
                c => {
                    open = true;
                    word.push(c);
                }
            }
        }
        if open {
            words.push(word);
        }
        words
    }

    /// The fields curl would send.
    fn sent(words: &[String]) -> Vec<(String, String)> {
        let mut fields = Vec::new();
        for pair in words.windows(2) {
            let [switch, text] = pair else { continue };
            match switch.as_str() {
                "--data-urlencode" => {
                    let (name, value) = text.split_once('=').unwrap();
                    fields.push((name.to_owned(), value.to_owned()));
                }
                "--data-raw" => fields.extend(form_urlencoded::parse(text.as_bytes()).into_owned()),
                _ => {}
            }
        }
        fields
    }

    fn call(content_type: &str, body: String) -> PlannedCall {
        let header = |name: &str, value: &str, variable: Option<&str>| PlannedHeader {
            name: name.into(),
            value: value.into(),
            variable: variable.map(str::to_owned),
        };
        PlannedCall {
            method: "POST".into(),
            url: "https://graph.facebook.com/v25.0/act_1/campaigns".into(),
            headers: vec![
                header("authorization", "Bearer ", Some("META_TOKEN")),
                header("content-type", content_type, None),
            ],
            body: Some(body),
            ..PlannedCall::default()
        }
    }

    const FORM: &str = "application/x-www-form-urlencoded";

    #[test]
    fn a_form_reads_well_and_names_the_token() {
        let body = "name=It%27s+on&campaign_id=<campaign id>&note=a%0Ab";
        insta::assert_snapshot!(call(FORM, body.into()).curl(), @r#"
        curl --request POST 'https://graph.facebook.com/v25.0/act_1/campaigns' \
          --header "authorization: Bearer ${META_TOKEN}" \
          --header 'content-type: application/x-www-form-urlencoded' \
          --data-urlencode 'name=It'\''s on' \
          --data-urlencode 'campaign_id=<campaign id>' \
          --data-raw 'note=a%0Ab'
        "#);
    }

    proptest! {
        #[test]
        fn a_form_comes_back_as_it_was(fields in prop::collection::vec(("[a-z_]{1,8}", any::<String>()), 1..6)) {
            let body = form_urlencoded::Serializer::new(String::new()).extend_pairs(&fields).finish();
            let command = call(FORM, body).curl();
            prop_assert!(command.chars().all(|c| c == '\n' || !is_unsafe(c)), "{command}");
            prop_assert_eq!(sent(&words(&command)), fields);
        }

        #[test]
        fn json_comes_back_as_it_was(text in any::<String>(), key in any::<String>()) {
            let body = serde_json::json!({ key: [text], "id": "<tree id>" });
            let command = call("application/json", body.to_string()).curl();
            prop_assert!(command.chars().all(|c| c == '\n' || !is_unsafe(c)), "{command}");
            let words = words(&command);
            let at = words.iter().position(|w| w == "--data-raw").unwrap();
            prop_assert_eq!(serde_json::from_str::<serde_json::Value>(&words[at + 1]).unwrap(), body);
        }
    }
}
