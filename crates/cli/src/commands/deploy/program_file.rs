//! Program files.

use std::{borrow::Cow, fs, path::Path};

use sha2::{Digest, Sha256};
use solana_address::Address;

use super::DeployError;

/// The committed program.
const BUILT_PROGRAM: &[u8] = include_bytes!("../../../../../artifacts/backstop.so");
/// The magic number of ELF files.
const ELF: &[u8] = b"\x7fELF";

/// A program's bytecode.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProgramFile {
    bytes: Cow<'static, [u8]>,
}

impl ProgramFile {
    /// The program built into this command.
    pub const fn built_in() -> Self {
        Self { bytes: Cow::Borrowed(BUILT_PROGRAM) }
    }

    /// Reads a program file.
    ///
    /// # Errors
    /// If the file cannot be read or is not a program.
    pub fn read(path: &Path) -> Result<Self, DeployError> {
        let bytes = fs::read(path).map_err(|source| DeployError::File { path: path.into(), source })?;
        match bytes.starts_with(ELF) {
            true => Ok(Self { bytes: bytes.into() }),
            false => Err(DeployError::NoProgram { path: path.into() }),
        }
    }

    /// Its bytecode.
    pub fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// Its SHA-256, in hexadecimal digits.
    pub fn sha256(&self) -> String {
        sha256(&self.bytes)
    }

    /// Whether the bytecode contains an address, as it contains the address that it declares.
    pub fn declares(&self, id: &Address) -> bool {
        self.bytes.windows(id.as_ref().len()).any(|bytes| bytes == id.as_ref())
    }
}

/// The SHA-256 of bytes, in hexadecimal digits.
pub(super) fn sha256(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use backstop_client::PROGRAM_ID;

    use super::*;

    #[test]
    fn built_in_program_declares_the_clients_id_and_has_the_manifests_hash() {
        let program = ProgramFile::built_in();
        assert!(program.declares(&PROGRAM_ID));
        assert!(!program.declares(&Address::new_from_array([0xA5; 32])));
        let manifest = include_str!("../../../../../artifacts/manifest.json");
        assert!(manifest.contains(&program.sha256()), "{}", program.sha256());
    }

    #[test]
    fn file_that_is_missing_or_no_program_is_refused_by_name() {
        let error = ProgramFile::read(Path::new("no/such.so")).unwrap_err();
        assert!(error.to_string().contains("no/such.so"), "{error}");
        let error = ProgramFile::read(Path::new("Cargo.toml")).unwrap_err();
        assert!(matches!(error, DeployError::NoProgram { .. }), "{error}");
    }
}
