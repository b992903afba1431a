//! What TikTok takes as a name or text: so many units, a Chinese, Japanese or Korean character counting two, no emoji.

use crate::engine::model::{path::FieldPath, refusal::Problem};

/// Longest name of an object, in units.
pub const MAX_NAME: usize = 512;
/// Longest text of an ad, in units.
pub const MAX_TEXT: usize = 100;

/// Length as TikTok counts it.
pub fn units(text: &str) -> usize {
    text.chars().map(|c| if is_wide(c) { 2 } else { 1 }).sum()
}

/// True for characters that count two.
const fn is_wide(c: char) -> bool {
    matches!(c as u32,
        0x1100..=0x115f | 0x2e80..=0x33ff | 0x3400..=0x4dbf | 0x4e00..=0xa4cf | 0xa960..=0xa97f | 0xac00..=0xd7a3
        | 0xf900..=0xfaff | 0xfe30..=0xfe4f | 0xff00..=0xff60 | 0xffe0..=0xffe6 | 0x2_0000..=0x3_fffd)
}

/// The first emoji, if there is one.
pub fn emoji(text: &str) -> Option<char> {
    text.chars().find(|c| {
        matches!(*c as u32,
            0x200d | 0x20e3 | 0x231a..=0x231b | 0x23e9..=0x23fa | 0x2600..=0x27bf | 0x2b05..=0x2b55 | 0xfe0f
            | 0x1_f000..=0x1_faff | 0xe_0020..=0xe_007f)
    })
}

/// What is wrong with a text of at most `most` units.
pub fn problem(field: &FieldPath, what: &str, text: &str, most: usize) -> Option<Problem> {
    let long = units(text);
    if long > most {
        return Some(Problem::at(
            field.clone(),
            format!(
                "the {what} has {long} units (a Chinese, Japanese or Korean character counts two); TikTok takes {most}"
            ),
            "shorten it",
        ));
    }
    emoji(text).map(|c| {
        Problem::at(
            field.clone(),
            format!("the {what} holds an emoji (U+{:04X}), which TikTok refuses", c as u32),
            "take it out",
        )
    })
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case("DIS_US", 6)]
    #[case("Größe", 5)]
    #[case("東京", 4)]
    #[case("서울 A", 6)]
    #[case("ｱＡ", 3)]
    fn wide_characters_count_two(#[case] text: &str, #[case] want: usize) {
        assert_eq!(units(text), want);
    }

    #[rstest]
    #[case("Winter sale 50 % → now", false)]
    #[case("Winter ❄️", true)]
    #[case("🚀", true)]
    #[case("日本語、テキスト。", false)]
    fn emoji_are_found(#[case] text: &str, #[case] want: bool) {
        assert_eq!(emoji(text).is_some(), want, "{text}");
    }
}
