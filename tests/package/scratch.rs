//! The package for real: built with `cargo deb` from the program under test, then installed, upgraded, removed and purged
//! below a scratch root, with its own scripts. Nothing of this machine is touched.

use std::{
    collections::BTreeMap,
    os::unix::fs::{MetadataExt as _, PermissionsExt},
    path::{Path, PathBuf},
    process::{Command, Output},
};

use super::{assets, files, root};

/// Runs to the end; its words, or why not.
fn run(command: &mut Command) -> String {
    let Output { status, stdout, stderr } = command.output().unwrap_or_else(|e| panic!("{command:?}: {e}"));
    let words = format!(
        "{}{}",
        String::from_utf8_lossy(&stdout),
        String::from_utf8_lossy(&stderr)
    );
    assert!(status.success(), "{command:?}: {words}");
    words
}

fn has(tool: &str) -> bool {
    let path = std::env::var_os("PATH").unwrap_or_default();
    std::env::split_paths(&path).any(|dir| dir.join(tool).is_file())
}

/// Why the package cannot be built and installed here, if so.
fn missing() -> Option<String> {
    let tools = [
        "cargo-deb",
        "dpkg",
        "dpkg-deb",
        "systemd-sysusers",
        "systemd-tmpfiles",
        "deb-systemd-helper",
    ];
    if let Some(tool) = tools.into_iter().find(|tool| !has(tool)) {
        return Some(format!("there is no {tool}"));
    }
    if !rustix::process::geteuid().is_root() {
        return Some("only root can install, also below a scratch root".to_owned());
    }
    // Scripts of packages speak to it where it runs, whatever root they are for.
    let systemd = Path::new("/run/systemd/system").is_dir();
    systemd.then(|| "systemd runs here, and a package's scripts would speak to it".to_owned())
}

/// Builds the package around the program this test was built with.
fn build(to: &Path) -> PathBuf {
    let program = Path::new(env!("CARGO_BIN_EXE_omnitraffick"));
    let profile = program.parent().unwrap();
    let deb = to.join("omnitraffick.deb");
    let mut build = Command::new("cargo-deb");
    build
        .args([
            "--no-build",
            "--no-strip",
            "--fast",
            "--offline",
            "--locked",
            "--output",
        ])
        .arg(&deb);
    // The profile's directory has its name, but for the one called `dev`.
    let name = match profile.file_name().and_then(|n| n.to_str()).unwrap() {
        "debug" => "dev",
        name => name,
    };
    build
        .args(["--profile", name, "--manifest-path"])
        .arg(root().join("Cargo.toml"));
    run(build.env("CARGO_TARGET_DIR", profile.parent().unwrap()));
    deb
}

/// A root with nothing in it but what the package manager keeps.
struct Scratch {
    root: tempfile::TempDir,
}

impl Scratch {
    fn new() -> Self {
        let scratch = Self {
            root: tempfile::tempdir().unwrap(),
        };
        for dir in ["var/lib/dpkg/info", "var/lib/dpkg/updates", "etc", "run"] {
            std::fs::create_dir_all(scratch.at(dir)).unwrap();
        }
        std::fs::write(scratch.at("var/lib/dpkg/status"), "").unwrap();
        // Others pass through it on a real machine.
        std::fs::set_permissions(scratch.root.path(), PermissionsExt::from_mode(0o755)).unwrap();
        scratch
    }

    fn at(&self, path: &str) -> PathBuf {
        self.root.path().join(path)
    }

    fn dpkg(&self, args: &[&str]) -> String {
        let mut dpkg = Command::new("dpkg");
        // An image may be set up to leave out pages and documents; what is in the package is asked here.
        dpkg.args(["--force-script-chrootless", "--force-depends", "--force-confold"])
            .args([
                "--path-include=/usr/share/doc/*",
                "--path-include=/usr/share/man/*",
                "--log=/dev/null",
            ])
            .arg(format!("--root={}", self.root.path().display()))
            .args(args)
            .env("DEBIAN_FRONTEND", "noninteractive");
        run(&mut dpkg)
    }

    fn state(&self) -> String {
        let mut query = Command::new("dpkg-query");
        query.arg(format!("--admindir={}", self.at("var/lib/dpkg").display()));
        run(query.args(["-W", "-f=${Status}", "omnitraffick"]))
    }

    /// Numbers by name of a file like `/etc/passwd`.
    fn numbers(&self, file: &str) -> BTreeMap<String, u32> {
        let text = std::fs::read_to_string(self.at(file)).unwrap();
        let row = |line: &str| {
            let mut parts = line.split(':');
            Some((parts.next()?.to_owned(), parts.nth(1)?.parse().ok()?))
        };
        text.lines().filter_map(row).collect()
    }

    /// Owner, group and mode.
    fn look(&self, path: &str) -> (u32, u32, u32) {
        let meta = std::fs::metadata(self.at(path)).unwrap_or_else(|e| panic!("{path}: {e}"));
        (meta.uid(), meta.gid(), meta.mode() & 0o7777)
    }
}

#[test]
fn it_installs_upgrades_and_goes() {
    if let Some(why) = missing() {
        println!("skipped: {why}");
        return;
    }
    let dir = tempfile::tempdir().unwrap();
    let deb = build(dir.path());
    let deb = deb.to_str().unwrap();
    let scratch = Scratch::new();
    scratch.dpkg(&["--install", deb]);
    assert_eq!(scratch.state(), "install ok installed");
    everything_is_where_it_belongs(&scratch);
    what_runs_works(&scratch, dir.path());

    // What root wrote into the configuration, and what the engine wrote, outlive the next version.
    let config = scratch.at("etc/omnitraffick/config.toml");
    let ours = format!(
        "{}\n[roles.users]\nana = \"approver\"\n",
        std::fs::read_to_string(&config).unwrap()
    );
    std::fs::write(&config, &ours).unwrap();
    std::fs::create_dir(scratch.at("var/lib/omnitraffick/store")).unwrap();
    scratch.dpkg(&["--install", deb]);
    assert_eq!(std::fs::read_to_string(&config).unwrap(), ours);
    everything_is_where_it_belongs(&scratch);

    let token = scratch.at("etc/omnitraffick/tokens/meta");
    std::fs::write(&token, "invented").unwrap();
    scratch.dpkg(&["--remove", "omnitraffick"]);
    assert!(!scratch.at("usr/bin/omnitraffick").exists());
    assert_eq!(
        std::fs::read_to_string(&config).unwrap(),
        ours,
        "removing keeps the configuration"
    );
    let said = scratch.dpkg(&["--purge", "omnitraffick"]);
    assert!(!config.exists(), "purging does not");
    assert!(said.contains("/var/lib/omnitraffick stays"), "{said}");
    assert!(
        scratch.at("var/lib/omnitraffick/store").is_dir() && token.is_file(),
        "what is not the package's stays"
    );
    assert!(!scratch.at("usr/lib/systemd/system/omnitraffick.service").exists());
}

fn everything_is_where_it_belongs(scratch: &Scratch) {
    for (source, to, mode) in assets() {
        for file in files(&source) {
            let mut path = if to.ends_with('/') {
                format!("{to}{}", file.file_name().unwrap().to_str().unwrap())
            } else {
                to.clone()
            };
            // Manual pages are packed.
            if path.starts_with("usr/share/man/") {
                path.push_str(".gz");
            }
            assert_eq!(
                scratch.look(&path),
                (0, 0, u32::from_str_radix(&mode, 8).unwrap()),
                "{path}"
            );
        }
    }
    for path in [
        "usr/lib/systemd/system/omnitraffick.service",
        "usr/lib/sysusers.d/omnitraffick.conf",
        "usr/share/doc/omnitraffick/copyright",
    ] {
        assert_eq!(scratch.look(path), (0, 0, 0o644), "{path}");
    }
    let copyright = std::fs::read_to_string(scratch.at("usr/share/doc/omnitraffick/copyright")).unwrap();
    let written = std::fs::read_to_string(root().join("assets/debian/copyright")).unwrap();
    assert_eq!(copyright.trim(), written.trim());

    let uid = scratch.numbers("etc/passwd")["omnitraffick"];
    let gid = scratch.numbers("etc/group")["traffops"];
    for (path, look) in [
        ("run/omnitraffick", (uid, gid, 0o750)),
        ("var/lib/omnitraffick", (uid, gid, 0o700)),
        ("etc/omnitraffick", (0, 0, 0o755)),
        ("etc/omnitraffick/tokens", (uid, gid, 0o700)),
    ] {
        assert_eq!(scratch.look(path), look, "{path}");
    }
    // Nothing is enabled before somebody said who may do what.
    assert!(
        !scratch
            .at("etc/systemd/system/multi-user.target.wants/omnitraffick.service")
            .exists()
    );
}

/// The installed program, its pages, completions and unit, as those see them who use them.
fn what_runs_works(scratch: &Scratch, home: &Path) {
    let program = scratch.at("usr/bin/omnitraffick");
    let config = scratch.at("etc/omnitraffick/config.toml");
    let mut check = Command::new(&program);
    check.env_clear().env("HOME", home).arg("--config").arg(&config);
    run(check.args(["config", "check"]));
    if has("systemd-analyze") {
        let mut verify = Command::new("systemd-analyze");
        verify.args(["verify", "--man=no", "--recursive-errors=no"]);
        verify.arg(format!("--root={}", scratch.root.path().display()));
        let words = run(verify.arg("omnitraffick.service"));
        assert!(!words.contains("omnitraffick"), "{words}");
    }
    if has("man") {
        let page = scratch.at("usr/share/man/man1/omnitraffick.1.gz");
        let words = run(Command::new("man")
            .args(["--warnings", "-l"])
            .arg(page)
            .env("MANPAGER", "cat")
            .env("MANWIDTH", "80"));
        assert!(words.contains("omnitraffick"), "{words}");
        assert!(!words.contains("warning:"), "{words}");
    }
    if has("bash") {
        let completions = scratch.at("usr/share/bash-completion/completions/omnitraffick");
        run(Command::new("bash").arg("-n").arg(completions));
    }
}
