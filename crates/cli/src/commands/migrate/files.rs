//! The files of a migration: built in, or in a folder.

use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
};

use super::MigrateError;

/// The built-in steps, by name.
const STEPS: [(&str, &str); 4] = [
    ("0001-market", include_str!("../../../../../migrations/0001-market.toml")),
    ("0002-usdc-pool", include_str!("../../../../../migrations/0002-usdc-pool.toml")),
    ("0003-sol-collateral", include_str!("../../../../../migrations/0003-sol-collateral.toml")),
    ("0004-usdc-opening", include_str!("../../../../../migrations/0004-usdc-opening.toml")),
];
/// The built-in plans, by name.
const PLANS: [(&str, &str); 3] = [
    ("localnet", include_str!("../../../../../migrations/plans/localnet.toml")),
    ("devnet", include_str!("../../../../../migrations/plans/devnet.toml")),
    ("mainnet", include_str!("../../../../../migrations/plans/mainnet.toml")),
];

/// The contents of files, by name without extension.
type Texts = BTreeMap<String, String>;

/// The files of a migration.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Files {
    pub(super) steps: Texts,
    pub(super) plans: Texts,
}

impl Files {
    /// The built-in files.
    pub(super) fn built_in() -> Self {
        let owned =
            |files: &[(&str, &str)]| files.iter().map(|(name, text)| ((*name).into(), (*text).into())).collect();
        Self { steps: owned(&STEPS), plans: owned(&PLANS) }
    }

    /// Reads a folder: the steps in it, and the plans in its subfolder `plans`.
    pub(super) fn read(folder: &Path) -> Result<Self, MigrateError> {
        Ok(Self { steps: texts(folder)?, plans: texts(&folder.join("plans"))? })
    }
}

fn texts(folder: &Path) -> Result<Texts, MigrateError> {
    let unreadable = |path: &Path| {
        let path = path.to_path_buf();
        move |source| MigrateError::Unreadable { path, source }
    };
    let mut texts = Texts::new();
    for entry in fs::read_dir(folder).map_err(unreadable(folder))? {
        let path: PathBuf = entry.map_err(unreadable(folder))?.path();
        let name = path.file_stem().map(|name| name.to_string_lossy().into_owned());
        if let Some(name) = name.filter(|_| path.extension().is_some_and(|extension| extension == "toml")) {
            texts.insert(name, fs::read_to_string(&path).map_err(unreadable(&path))?);
        }
    }
    Ok(texts)
}
