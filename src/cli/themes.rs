//! Theme files people wrote, `themes/NAME.toml` beside the configuration: which there are, what is wrong with them, and
//! which of their colours can hardly be read.

use std::path::Path;

use crate::{
    config::environment::Environment,
    textfile::TextFile,
    tui::theme::{Own, ThemeName, own::Weak},
};

/// What was found.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Found {
    /// Good ones by name, in order of their names.
    pub themes: Vec<(String, Own)>,
    /// What is wrong or weak, each with its file and line.
    pub problems: Vec<String>,
}

/// Reads every theme file.
pub fn all(environment: &Environment) -> Found {
    let mut found = Found::default();
    let Some(dir) = environment.dirs().map(|d| d.config.join("themes")) else {
        return found;
    };
    let Ok(entries) = std::fs::read_dir(dir) else {
        return found;
    };
    let mut paths: Vec<_> = entries.flatten().map(|e| e.path()).collect();
    paths.sort();
    for path in paths {
        let is_theme = path.extension().is_some_and(|e| e == "toml");
        let Some(name) = path.file_stem().and_then(|n| n.to_str()).filter(|_| is_theme) else {
            continue;
        };
        if !is_name(name) || ThemeName::parse(name).is_some() {
            found.problems.push(format!(
                "{}: cannot be chosen: its name is one built in, or has other characters than letters, digits, - and _",
                path.display()
            ));
            continue;
        }
        match read(&path) {
            Ok((own, weak)) => {
                found.themes.push((name.to_owned(), own));
                found.problems.extend(weak);
            }
            Err(problem) => found.problems.push(problem),
        }
    }
    found
}

/// True for what a theme file may be called.
pub fn is_name(name: &str) -> bool {
    let fits = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_');
    !name.is_empty() && name.chars().all(fits)
}

/// Reads one: the theme, and which of its colours can hardly be read. Or what is wrong, with its line.
pub fn read(path: &Path) -> Result<(Own, Vec<String>), String> {
    let file = TextFile::read(path).map_err(|e| e.to_string())?;
    let own: Own = file.parse().map_err(|e| e.to_string())?;
    if let Some(problem) = own.problem() {
        return Err(format!("{}: {problem}", path.display()));
    }
    let places = file.places();
    let told = |weak: &Weak| {
        // A colour that is the base's own is weak on this file's ground.
        let line = [weak.of, weak.on, "base"]
            .into_iter()
            .find_map(|key| places.line_of(key));
        let line = line.map_or_else(String::new, |n| format!(":{n}"));
        format!(
            "{}{line}: {} on {} has a contrast of {:.1} to 1; from {} on it can be read",
            file.name(),
            weak.of,
            weak.on,
            weak.ratio,
            crate::tui::theme::contrast::READABLE
        )
    };
    Ok((own, own.weak().iter().map(told).collect()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_are_found_and_what_is_weak_or_wrong_has_its_line() {
        let home = tempfile::tempdir().unwrap();
        let environment = Environment::for_test([], &home.path().display().to_string());
        assert_eq!(all(&environment), Found::default());
        let dir = home.path().join("config/themes");
        std::fs::create_dir_all(&dir).unwrap();
        let write = |name: &str, text: &str| std::fs::write(dir.join(name), text).unwrap();
        write(
            "sand.toml",
            "base = \"light\"\ntext = \"#2b2b2b\"\nground = \"#fdf6e3\"\nwarn = \"#ffd700\"\n",
        );
        write("broken.toml", "base = \"light\"\nwarn = \"gold\"\n");
        write("house.toml", "warn = 214\n");
        write("notes.txt", "not a theme");
        let found = all(&environment);
        let names: Vec<_> = found.themes.iter().map(|(n, _)| n.as_str()).collect();
        assert_eq!(names, ["sand"]);
        let said = |words: &[&str]| found.problems.iter().any(|p| words.iter().all(|w| p.contains(w)));
        assert!(
            said(&["sand.toml:4: warn on ground has a contrast of 1."]),
            "{:?}",
            found.problems
        );
        assert!(said(&["broken.toml:2", "no colour"]), "{:?}", found.problems);
        assert!(said(&["house.toml", "built in"]), "{:?}", found.problems);
        assert!(!said(&["error on ground"]), "{:?}", found.problems);
    }
}
