//! The files of a cluster: keypairs and a config file as the Solana tools have them.

use std::{
    fs,
    io::{self, Write},
    path::{Path, PathBuf},
};

use solana_cli_config::Config;
use solana_keypair::Keypair;

use crate::{ACTORS, Localnet, LocalnetError, keypair};

/// Who signs unless said otherwise.
const DEFAULT_ACTOR: &str = "alice";
/// Who may mint tokens.
pub(crate) const FAUCET: &str = "faucet";

/// Writes `<name>.json` for everybody, readable by their owner alone, and `config.yml`.
pub(crate) fn write(dir: &Path, localnet: &Localnet) -> Result<(), LocalnetError> {
    let at = |path: &Path| {
        let path = path.to_path_buf();
        move |source| LocalnetError::File { path, verb: "written", source }
    };
    fs::create_dir_all(dir).map_err(at(dir))?;
    let dir = dir.canonicalize().map_err(at(dir))?;
    for name in ACTORS.iter().chain([&FAUCET]) {
        write_keypair(&dir, name)?;
    }
    let config = Config {
        json_rpc_url: localnet.rpc_url(),
        websocket_url: localnet.websocket_url(),
        keypair_path: dir.join(format!("{DEFAULT_ACTOR}.json")).to_string_lossy().into_owned(),
        address_labels: Default::default(),
        commitment: "confirmed".into(),
    };
    let path = dir.join("config.yml");
    config.save(&path.to_string_lossy()).map_err(at(&path))
}

/// Writes the keypair of a name to `<name>.json`, readable by its owner alone, and returns where that is.
///
/// # Errors
/// If it cannot be written.
pub fn write_keypair(dir: &Path, name: &str) -> Result<PathBuf, LocalnetError> {
    let path = dir.join(format!("{name}.json"));
    match write_private(&path, &keypair(name)) {
        Ok(()) => Ok(path),
        Err(source) => Err(LocalnetError::File { path, verb: "written", source }),
    }
}

fn write_private(path: &Path, keypair: &Keypair) -> io::Result<()> {
    let mut options = fs::OpenOptions::new();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(path)?;
    solana_keypair::write_keypair(keypair, &mut file).map_err(|error| io::Error::other(error.to_string()))?;
    file.flush()
}
