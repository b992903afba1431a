//! The console in a terminal of its own.

use std::{
    io::{Read as _, Write as _},
    sync::{Arc, Mutex},
};

use super::Home;

/// The console in a terminal of its own.
pub struct Console {
    pub child: Box<dyn portable_pty::Child + Send + Sync>,
    keys: Box<dyn std::io::Write + Send>,
    screen: Arc<Mutex<vt100::Parser>>,
}

impl Console {
    /// Opens it, 120 columns by 36 rows.
    pub fn open(home: &Home) -> Self {
        Self::run(&home.command(&[]))
    }

    /// Runs this command in a terminal, which sees nothing of our environment but what the command says.
    pub fn run(shown: &std::process::Command) -> Self {
        let size = portable_pty::PtySize {
            rows: 36,
            cols: 120,
            pixel_width: 0,
            pixel_height: 0,
        };
        let pair = portable_pty::native_pty_system().openpty(size).unwrap();
        let mut command = portable_pty::CommandBuilder::new(shown.get_program());
        command.args(shown.get_args());
        command.env_clear();
        for (name, value) in shown.get_envs() {
            command.env(name, value.unwrap());
        }
        command.env("TERM", "xterm-256color");
        let child = pair.slave.spawn_command(command).unwrap();
        let (rows, cols) = (36.try_into().unwrap(), 120.try_into().unwrap());
        let screen = Arc::new(Mutex::new(vt100::Parser::new(rows, cols, 0)));
        let (mut reader, drawn) = (pair.master.try_clone_reader().unwrap(), Arc::clone(&screen));
        let keys = pair.master.take_writer().unwrap();
        std::thread::spawn(move || {
            let _terminal = pair.master;
            let mut bytes = [0; 8192];
            while let Ok(n @ 1..) = reader.read(&mut bytes) {
                drawn.lock().unwrap().process(&bytes[..n]);
            }
        });
        Self { child, keys, screen }
    }

    /// Its process.
    pub fn pid(&self) -> Option<u32> {
        self.child.process_id()
    }

    /// True when its process is over.
    pub fn has_ended(&mut self) -> bool {
        self.child.try_wait().unwrap().is_some()
    }

    /// True when these words are on the screen.
    pub fn sees(&self, words: &str) -> bool {
        self.screen.lock().unwrap().screen().contents().contains(words)
    }

    /// What the terminal shows.
    pub fn contents(&self) -> String {
        self.screen.lock().unwrap().screen().contents()
    }

    /// Types.
    pub fn press(&mut self, keys: &str) {
        self.keys.write_all(keys.as_bytes()).unwrap();
        self.keys.flush().unwrap();
    }
}

impl Drop for Console {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
