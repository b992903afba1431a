//! Text into terms: stemmed words, identifiers, 4-grams. The same for snippets and questions.

use std::collections::{BTreeMap, BTreeSet};

use tantivy::tokenizer::{Language, LowerCaser, SimpleTokenizer, Stemmer, StopWordFilter, TextAnalyzer};

/// Letters in a gram.
const GRAM: usize = 4;
/// Longest identifier, in bytes; longer ones are no names.
const IDENTIFIER_MAX: usize = 80;

/// What a text is searched by. Repeated terms are counted: what is said twice weighs twice.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Terms {
    /// Stems of words that are no stop words.
    pub words: BTreeMap<String, u32>,
    /// Identifiers whole, lower case.
    pub identifiers: BTreeMap<String, u32>,
    /// 4-grams.
    pub grams: BTreeMap<String, u32>,
}

/// Words that ask and do not say what about: no stop words of a document, and noise in a question.
const TALK: &str = "may we can could should shall do does did show us me please why what when where which who how is are \
    our my i you your tell about";

impl Terms {
    /// The terms of a question asked of texts in several languages: a word counts once per stem it may have.
    pub fn of_question(text: &str, languages: &[String]) -> Self {
        let talk: BTreeSet<String> = languages
            .iter()
            .flat_map(|language| {
                let mut stems = Vec::new();
                each_word(&mut analyzer(language), TALK, |stem, _| stems.push(stem.to_owned()));
                stems
            })
            .collect();
        let mut words: BTreeMap<String, u32> = BTreeMap::new();
        for language in languages {
            let mut own: BTreeMap<String, u32> = BTreeMap::new();
            each_word(&mut analyzer(language), text, |stem, _| {
                *own.entry(stem.to_owned()).or_default() += 1;
            });
            for (stem, n) in own {
                let most = words.entry(stem).or_default();
                *most = n.max(*most);
            }
        }
        // Of a question of nothing but such words they are all there is to go by.
        if words.keys().any(|w| !talk.contains(w)) {
            words.retain(|w, _| !talk.contains(w));
        }
        let mut out = Self {
            words,
            ..Self::default()
        };
        for identifier in identifiers(text) {
            *out.identifiers.entry(identifier).or_default() += 1;
        }
        each_gram(text, |gram| {
            *out.grams.entry(gram.to_owned()).or_default() += 1;
        });
        out
    }

    /// True when there is nothing to look for.
    pub fn is_empty(&self) -> bool {
        self.words.is_empty() && self.identifiers.is_empty() && self.grams.is_empty()
    }
}

/// How a language's words are read: lower case, without its stop words, stemmed. A language nobody stems keeps its
/// words as they are.
pub fn analyzer(language: &str) -> TextAnalyzer {
    let plain = TextAnalyzer::builder(SimpleTokenizer::default()).filter(LowerCaser);
    let Some(language) = known(language) else {
        return plain.build();
    };
    match StopWordFilter::new(language) {
        Some(stop) => plain.filter(stop).filter(Stemmer::new(language)).build(),
        None => plain.filter(Stemmer::new(language)).build(),
    }
}

fn known(language: &str) -> Option<Language> {
    Some(match language {
        "ar" => Language::Arabic,
        "da" => Language::Danish,
        "nl" => Language::Dutch,
        "en" => Language::English,
        "fi" => Language::Finnish,
        "fr" => Language::French,
        "de" => Language::German,
        "el" => Language::Greek,
        "hu" => Language::Hungarian,
        "it" => Language::Italian,
        "no" | "nb" | "nn" => Language::Norwegian,
        "pt" => Language::Portuguese,
        "ro" => Language::Romanian,
        "ru" => Language::Russian,
        "es" => Language::Spanish,
        "sv" => Language::Swedish,
        "ta" => Language::Tamil,
        "tr" => Language::Turkish,
        _ => return None,
    })
}

/// Every word's stem, with the bytes it stands on.
pub fn each_word(analyzer: &mut TextAnalyzer, text: &str, mut take: impl FnMut(&str, (usize, usize))) {
    let mut stream = analyzer.token_stream(text);
    while let Some(token) = stream.next() {
        take(&token.text, (token.offset_from, token.offset_to));
    }
}

/// Words that are names: they hold a digit beside letters, or an underscore, or digits alone from three on. Lower case,
/// without the punctuation around them: `SIZE_1080x1350`, `1080x1350`, `4834011`, `campaign.objective_1`.
pub fn identifiers(text: &str) -> Vec<String> {
    text.split(|c: char| !(c.is_alphanumeric() || matches!(c, '_' | '.' | '-' | ':' | '/')))
        .map(|word| word.trim_matches(|c: char| !c.is_alphanumeric()))
        .filter(|word| {
            let digits = word.bytes().filter(u8::is_ascii_digit).count();
            let letters = word.chars().any(char::is_alphabetic);
            let named = word.contains('_') || digits > 0 && letters || digits >= 3;
            named && word.len() <= IDENTIFIER_MAX && !word.contains("//")
        })
        .map(str::to_lowercase)
        .collect()
}

/// Every 4 characters of every word, wrapped as `_word_`; a short word is one gram.
pub fn each_gram(text: &str, mut take: impl FnMut(&str)) {
    let mut wrapped = String::new();
    let mut starts: Vec<usize> = Vec::new();
    for word in text.split(|c: char| !c.is_alphanumeric()).filter(|w| !w.is_empty()) {
        wrapped.clear();
        wrapped.push('_');
        wrapped.extend(word.chars().flat_map(char::to_lowercase));
        wrapped.push('_');
        starts.clear();
        starts.extend(wrapped.char_indices().map(|(at, _)| at));
        starts.push(wrapped.len());
        if starts.len() <= GRAM + 1 {
            take(&wrapped);
            continue;
        }
        for pair in starts.windows(GRAM + 1) {
            if let (Some(from), Some(to)) = (pair.first(), pair.last())
                && let Some(gram) = wrapped.get(*from..*to)
            {
                take(gram);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    fn grams(text: &str) -> Vec<String> {
        let mut out = Vec::new();
        each_gram(text, |g| out.push(g.to_owned()));
        out
    }

    #[rstest]
    #[case("a", &["_a_"])]
    #[case("ad", &["_ad_"])]
    #[case("Logo", &["_log", "logo", "ogo_"])]
    #[case("größe", &["_grö", "größ", "röße", "öße_"])]
    #[case("x-y", &["_x_", "_y_"])]
    #[case("", &[])]
    fn every_four_letters_of_a_wrapped_word(#[case] text: &str, #[case] expected: &[&str]) {
        assert_eq!(grams(text), expected);
    }

    #[rstest]
    #[case("use SIZE_1080x1350, or 1080x1350.", &["size_1080x1350", "1080x1350"])]
    #[case("error 100/1870227 (code 4834011)", &["100/1870227", "4834011"])]
    #[case("OUTCOME_SALES in v25.0", &["outcome_sales", "v25.0"])]
    #[case("in 10 words, plainly", &[])]
    fn names_are_kept_whole(#[case] text: &str, #[case] expected: &[&str]) {
        assert_eq!(identifiers(text), expected);
    }

    #[test]
    fn a_question_is_stemmed_as_each_language_would() {
        let both = ["en".to_owned(), "de".to_owned()];
        let terms = Terms::of_question("Are the logos allowed? logos!", &both);
        let words: Vec<_> = terms.words.iter().map(|(w, n)| (w.as_str(), *n)).collect();
        assert!(
            words.contains(&("logo", 2)) && words.contains(&("allow", 1)),
            "{words:?}"
        );
        assert_eq!(Terms::of_question("?! \"", &both), Terms::default());
    }
}
