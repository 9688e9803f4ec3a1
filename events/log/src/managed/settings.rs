//! The files of a managed server: settings, address, lock, store and log.

use std::fs::{self, File, OpenOptions, TryLockError};
use std::io::{Read as _, Seek as _, SeekFrom, Write as _};
use std::net::TcpListener;
use std::path::{Path, PathBuf};

use super::{Address, ManagedError, io};
use crate::types::Durability;

/// The most messages that a managed server takes in one atomic batch (its own default is 1,000): a bulk command on 1,000
/// customers has its commits, up to 1,000 claims, and the claim of its idempotency key.
const MAX_BATCH: usize = 4_096;

/// The length of a token in hexadecimal digits.
const TOKEN_LEN: usize = 64;

/// How much of the server's log is shown when it does not start, in bytes.
const LOG_TAIL: u64 = 1_000;

/// Where the files are.
#[derive(Debug, Clone)]
pub(super) struct Files {
    pub(super) dir: PathBuf,
}

/// What a server is started with.
#[derive(Debug)]
pub(super) struct Settings {
    pub(super) port: u16,
    monitor_port: u16,
    pub(super) token: String,
}

impl Settings {
    pub(super) fn address(&self) -> Address {
        Address {
            url: format!("nats://{}@127.0.0.1:{}", self.token, self.port),
            monitor_url: format!("http://127.0.0.1:{}", self.monitor_port),
        }
    }
}

impl Files {
    /// The files in this data directory, which is made where it is missing.
    pub(super) fn in_data_dir(data_dir: &Path) -> Result<Self, ManagedError> {
        let dir = data_dir.join("nats");
        fs::create_dir_all(&dir).map_err(io(format!("cannot make the folder {}", dir.display())))?;
        // The settings must not depend on the folder that this process happens to run in.
        let dir = dir.canonicalize().map_err(io(format!("cannot find the folder {}", dir.display())))?;
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt as _;
            let private = fs::Permissions::from_mode(0o700);
            fs::set_permissions(&dir, private).map_err(io(format!("cannot close the folder {}", dir.display())))?;
        }
        Ok(Self { dir })
    }

    /// The files in this data directory if there are any.
    pub(super) fn existing(data_dir: &Path) -> Option<Self> {
        let dir = data_dir.join("nats").canonicalize().ok()?;
        Some(Self { dir })
    }

    pub(super) fn settings(&self) -> PathBuf {
        self.dir.join("server.conf")
    }

    pub(super) fn pid(&self) -> PathBuf {
        self.dir.join("server.pid")
    }

    pub(super) fn log(&self) -> PathBuf {
        self.dir.join("server.log")
    }

    fn address(&self) -> PathBuf {
        self.dir.join("address.json")
    }

    /// Takes the lock; `None` when another process has it.
    pub(super) fn lock(&self) -> Result<Option<File>, ManagedError> {
        let path = self.dir.join("lock");
        let failed = || format!("cannot lock {}", path.display());
        let file = OpenOptions::new().create(true).truncate(false).write(true).open(&path).map_err(io(failed()))?;
        match file.try_lock() {
            Ok(()) => Ok(Some(file)),
            Err(TryLockError::WouldBlock) => Ok(None),
            Err(TryLockError::Error(error)) => Err(io(failed())(error)),
        }
    }

    pub(super) fn read_address(&self) -> Option<Address> {
        serde_json::from_slice(&fs::read(self.address()).ok()?).ok()
    }

    pub(super) fn write_address(&self, address: &Address) -> Result<(), ManagedError> {
        let text = serde_json::to_vec_pretty(address)
            .map_err(|error| io("cannot write the server's address")(std::io::Error::other(error)))?;
        write_private(&self.address(), &text)
    }

    /// What the last run was started with, so that whoever knows its address finds the server again; `None` when somebody
    /// else has taken the ports since.
    pub(super) fn last_run(&self) -> Option<Settings> {
        let address = self.read_address()?;
        let port = |url: &str| url.rsplit(':').next()?.parse().ok();
        let (port, monitor_port) = (port(&address.url)?, port(&address.monitor_url)?);
        let (token, _) = address.url.strip_prefix("nats://")?.split_once('@')?;
        let sound = token.len() == TOKEN_LEN && token.bytes().all(|b| b.is_ascii_hexdigit());
        (sound && free(port) && free(monitor_port)).then(|| Settings { port, monitor_port, token: token.to_owned() })
    }

    /// Writes the settings file as in the last run, or with free ports and a new token.
    pub(super) fn write_settings(&self, last: Option<Settings>, durability: Durability) -> Result<Settings, ManagedError> {
        let settings = match last {
            Some(settings) => settings,
            None => {
                let (port, monitor_port) = free_ports().map_err(io("cannot find a free port"))?;
                Settings { port, monitor_port, token: token()? }
            }
        };
        write_private(&self.settings(), text(&settings, self, durability).as_bytes())?;
        Ok(settings)
    }

    /// The last lines of the server's log.
    pub(super) fn log_tail(&self) -> String {
        let read = || -> std::io::Result<String> {
            let mut file = File::open(self.log())?;
            let start = file.metadata()?.len().saturating_sub(LOG_TAIL);
            file.seek(SeekFrom::Start(start))?;
            let mut bytes = Vec::new();
            file.read_to_end(&mut bytes)?;
            Ok(String::from_utf8_lossy(&bytes).trim().to_owned())
        };
        read().unwrap_or_else(|error| format!("(its log cannot be read: {error})"))
    }
}

fn text(settings: &Settings, files: &Files, durability: Durability) -> String {
    let sync = match durability {
        Durability::Always => "always",
        Durability::Relaxed => "\"2m\"",
    };
    let path = |path: &Path| quoted(&path.to_string_lossy());
    format!(
        r#"# Written anew at every start: changes are lost.
server_name: kith
listen: "127.0.0.1:{port}"
http: "127.0.0.1:{monitor_port}"
authorization {{ token: {token} }}
max_payload: 8MB
max_pending: 256MB
pid_file: {pid}
log_file: {log}
logfile_size_limit: 16MB
logfile_max_num: 3
jetstream {{
  store_dir: {store}
  sync_interval: {sync}
  limits {{ batch {{ max_msgs: {MAX_BATCH} }} }}
}}
"#,
        port = settings.port,
        monitor_port = settings.monitor_port,
        token = quoted(&settings.token),
        pid = path(&files.pid()),
        log = path(&files.log()),
        store = path(&files.dir.join("store")),
    )
}

/// A text as the settings file quotes it.
fn quoted(text: &str) -> String {
    format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\""))
}

/// A text that nobody guesses.
fn token() -> Result<String, ManagedError> {
    use std::fmt::Write as _;
    let mut bytes = [0_u8; TOKEN_LEN / 2];
    let mut random = File::open("/dev/urandom").map_err(io("cannot make a token"))?;
    random.read_exact(&mut bytes).map_err(io("cannot make a token"))?;
    Ok(bytes.iter().fold(String::with_capacity(TOKEN_LEN), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    }))
}

fn free(port: u16) -> bool {
    TcpListener::bind(("127.0.0.1", port)).is_ok()
}

/// Two different ports that are free now.
fn free_ports() -> std::io::Result<(u16, u16)> {
    let (one, other) = (TcpListener::bind(("127.0.0.1", 0))?, TcpListener::bind(("127.0.0.1", 0))?);
    Ok((one.local_addr()?.port(), other.local_addr()?.port()))
}

/// Writes a file that only its owner can read, so that it is there as a whole or not at all.
fn write_private(path: &Path, bytes: &[u8]) -> Result<(), ManagedError> {
    let failed = || format!("cannot write {}", path.display());
    let new = path.with_extension("new");
    let mut options = OpenOptions::new();
    options.create(true).truncate(true).write(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt as _;
        options.mode(0o600);
    }
    let mut file = options.open(&new).map_err(io(failed()))?;
    file.write_all(bytes).and_then(|()| file.sync_all()).map_err(io(failed()))?;
    fs::rename(&new, path).map_err(io(failed()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_cannot_end_its_quotes() {
        assert_eq!(quoted(r#"a"b\c"#), r#""a\"b\\c""#);
    }
}
