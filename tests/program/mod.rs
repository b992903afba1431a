//! The real program in a home of its own: what the black-box tests share. Nothing of the machine's configuration, store
//! or log is touched, and every process started here is ended here.
#![allow(dead_code, reason = "each test file uses its own part of this")]

pub mod console;
pub mod fleet;
pub mod people;

use std::{
    collections::BTreeMap,
    fmt::Write as _,
    io::{BufRead as _, BufReader, Read as _, Write as _},
    net::TcpStream,
    path::{Path, PathBuf},
    process::{Child, Command, Output, Stdio},
    time::Duration,
};

use serde_json::Value;

/// The program: cargo names it to tests; for an example it lies in the folder above.
pub fn program() -> PathBuf {
    option_env!("CARGO_BIN_EXE_omnitraffick").map_or_else(
        || {
            std::env::current_exe()
                .unwrap()
                .ancestors()
                .nth(2)
                .unwrap()
                .join("omnitraffick")
        },
        PathBuf::from,
    )
}

/// A directory that is everything the program sees of the machine.
pub struct Home {
    dir: tempfile::TempDir,
    /// Variables every run gets besides `HOME` and the configuration file.
    pub vars: BTreeMap<String, String>,
}

impl Home {
    pub fn new() -> Self {
        let home = Self {
            dir: tempfile::tempdir().unwrap(),
            vars: BTreeMap::new(),
        };
        home.configure("[environment]\nname = \"test\"\n");
        home
    }

    pub fn path(&self) -> &Path {
        self.dir.path()
    }

    /// A file below the home.
    pub fn file(&self, name: &str, text: impl AsRef<[u8]>) -> PathBuf {
        let path = self.path().join(name);
        std::fs::write(&path, text).unwrap();
        path
    }

    pub fn configure(&self, text: &str) {
        self.file("config.toml", text);
    }

    pub fn command(&self, line: &[&str]) -> Command {
        let mut command = Command::new(program());
        command
            .env_clear()
            .env("HOME", self.path())
            .env("OMNITRAFFICK_CONFIG", self.path().join("config.toml"))
            .env("OMNITRAFFICK_STORE", self.store())
            .envs(&self.vars)
            .args(line)
            .stdin(Stdio::null());
        command
    }

    pub fn store(&self) -> PathBuf {
        self.path().join("store")
    }

    pub fn run(&self, line: &[&str]) -> Output {
        self.command(line).output().unwrap()
    }

    /// Runs what must succeed; its stdout.
    pub fn good(&self, line: &[&str]) -> String {
        let ran = self.run(line);
        assert!(ran.status.success(), "{line:?}: {ran:?}");
        String::from_utf8(ran.stdout).unwrap()
    }

    /// The document a successful verb prints.
    pub fn json(&self, line: &[&str]) -> Value {
        let line: Vec<_> = ["--json"].iter().chain(line).copied().collect();
        serde_json::from_str(&self.good(&line)).unwrap()
    }

    /// A market, a brand and a channel with these accounts.
    pub fn govern(&self, accounts: &[&str]) {
        self.good(&["market", "create", "US", "--name", "United States", "--country", "US"]);
        self.good(&["brand", "create", "DIS", "--name", "Harbour Lights"]);
        let accounts: Vec<_> = accounts
            .iter()
            .map(|id| format!("{id},USD,America/New_York,Harbour {id}"))
            .collect();
        let mut line = vec!["channel", "create", "META", "--name", "Meta", "--platform", "meta"];
        for account in &accounts {
            line.extend(["--account", account.as_str()]);
        }
        self.good(&line);
    }

    /// A campaign of the brand in the market, by the planner's words.
    pub fn campaign(&self, words: &str) {
        self.good(&[
            "campaign", "create", "--brand", "DIS", "--market", "US", "--year", "2026", "--name", words,
        ]);
    }

    /// All events, oldest first.
    pub fn events(&self) -> Vec<Value> {
        let all = self.json(&["events", "--after", "0", "-n", "1000000"]);
        all["data"].as_array().unwrap().clone()
    }

    /// Every ticket's card.
    pub fn tickets(&self) -> Vec<Value> {
        let all = self.json(&["ticket", "list", "--all"]);
        all["data"].as_array().unwrap().clone()
    }

    /// Every byte of every file below the home, by path.
    pub fn every_file(&self) -> Vec<(PathBuf, Vec<u8>)> {
        let mut found = Vec::new();
        let mut open = vec![self.path().to_owned()];
        while let Some(dir) = open.pop() {
            for entry in std::fs::read_dir(dir).unwrap() {
                let path = entry.unwrap().path();
                if path.is_dir() {
                    open.push(path);
                } else if path.is_file() {
                    found.push((path.clone(), std::fs::read(path).unwrap()));
                }
            }
        }
        found
    }
}

/// What a run said to people.
pub fn talk(ran: &Output) -> String {
    String::from_utf8(ran.stderr.clone()).unwrap()
}

/// A process that does not outlive its test.
pub struct Running(pub Child);

impl Running {
    /// Ends it the hard way: no signal handler, no destructor, no last flush.
    pub fn kill_9(&mut self) {
        self.0.kill().unwrap();
        self.0.wait().unwrap();
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// `omnitraffick sandbox` on a free port, in a process of its own.
pub struct Sandbox {
    _child: Running,
    pub url: String,
    record: PathBuf,
}

impl Sandbox {
    /// Starts it with this fault script, and makes the home's configuration point to it; `more` is put after that.
    pub fn start(home: &Home, faults: &str, more: &str) -> Self {
        let record = home.path().join("record.jsonl");
        let script = home.file("faults.toml", format!("seed = 0\n{faults}"));
        let line = [
            "--json",
            "sandbox",
            "--listen",
            "127.0.0.1:0",
            "--record",
            record.to_str().unwrap(),
            "--faults",
            script.to_str().unwrap(),
        ];
        let mut child = home.command(&line).stdout(Stdio::piped()).spawn().unwrap();
        let mut said = String::new();
        BufReader::new(child.stdout.as_mut().unwrap())
            .read_line(&mut said)
            .unwrap();
        let child = Running(child);
        let said: Value = serde_json::from_str(&said).unwrap();
        let url = said["data"]["url"].as_str().unwrap().to_owned();
        home.configure(&format!("{more}\n[platforms.meta]\nbase_url = \"{url}\"\n"));
        Self {
            _child: child,
            url,
            record,
        }
    }

    /// How many requests have arrived.
    pub fn requests(&self) -> usize {
        let bytes = std::fs::read(&self.record).unwrap();
        bytes.split(|b| *b == b'\n').count() - 1
    }

    /// The record, line by line.
    pub fn record(&self) -> Vec<Value> {
        let text = std::fs::read_to_string(&self.record).unwrap();
        text.lines().map(|l| serde_json::from_str(l).unwrap()).collect()
    }

    /// How often each object was made, by where and under which name: what was carried out, answered or not.
    pub fn made(&self) -> BTreeMap<(String, String), usize> {
        let mut made = BTreeMap::new();
        for line in self.record() {
            let carried_out = line["fault"] == "answer lost" || line["response_body"]["id"].is_string();
            if line["method"] == "POST"
                && line["reached_platform"] == true
                && carried_out
                && line["body"]["name"].is_string()
            {
                let place = line["path"].as_str().unwrap().to_owned();
                let name = line["body"]["name"].as_str().unwrap().to_owned();
                *made.entry((place, name)).or_default() += 1;
            }
        }
        made
    }

    /// The names the platform itself lists on an edge of an account: asked over the socket, past the program.
    pub fn names(&self, account: &str, edge: &str) -> Vec<String> {
        let (mut names, mut after) = (Vec::new(), String::new());
        loop {
            let page = self.get(&format!("/v25.0/{account}/{edge}?fields=name&limit=100{after}"));
            // The world's faults are for everybody: asked again.
            let Some(objects) = page["data"].as_array() else {
                continue;
            };
            for object in objects {
                names.push(object["name"].as_str().unwrap().to_owned());
            }
            if page["paging"]["next"].is_null() {
                return names;
            }
            after.clear();
            let cursor = page["paging"]["cursors"]["after"].as_str().unwrap();
            write!(after, "&after={cursor}").unwrap();
        }
    }

    fn get(&self, target: &str) -> Value {
        let address = self.url.strip_prefix("http://").unwrap();
        let mut stream = TcpStream::connect(address).unwrap();
        let request = format!(
            "GET {target} HTTP/1.1\r\nhost: {address}\r\nauthorization: Bearer oracle\r\nconnection: close\r\n\r\n"
        );
        stream.write_all(request.as_bytes()).unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        let (_, body) = answer.split_once("\r\n\r\n").unwrap();
        serde_json::from_str(body).unwrap()
    }
}

/// Waits until it holds; gives up after two minutes.
pub fn until(what: &str, mut holds: impl FnMut() -> bool) {
    for _ in 0..24_000 {
        if holds() {
            return;
        }
        std::thread::sleep(Duration::from_millis(5));
    }
    panic!("waited in vain for {what}");
}
