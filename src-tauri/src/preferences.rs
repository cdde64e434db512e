//! What the person chose and the shell has to know: its language, what a notification shows, what closing means.
//! The file lies with the core's and is read at the start.

use crate::words::Language;
use serde::{Deserialize, Serialize};
use std::fs::{self, File};
use std::io::{self, ErrorKind, Write};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};
use tripchat_core::CoreError;
use tripchat_protocol::ErrorCode;

/// The name of the file.
const FILE: &str = "preferences.json";

/// What was chosen.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Chosen {
    /// The language; absent: as the system.
    pub language: Option<Language>,
    /// Whether notifications keep to themselves who wrote what.
    pub hide_text: bool,
    /// Whether the app stays in the tray when its window is closed.
    pub close_to_tray: bool,
}

impl Default for Chosen {
    fn default() -> Self {
        Self { language: None, hide_text: false, close_to_tray: true }
    }
}

impl Chosen {
    /// The language that is spoken.
    pub fn language(&self) -> Language {
        self.language.unwrap_or_else(Language::of_system)
    }
}

/// The choices and their file.
#[derive(Debug)]
pub struct Preferences {
    file: PathBuf,
    chosen: Mutex<Chosen>,
}

impl Preferences {
    /// Reads them. A file that cannot be read is as good as none: nothing in it is worth refusing to start.
    pub fn read(folder: &Path) -> Self {
        let file = folder.join(FILE);
        let chosen = match fs::read(&file).map(|bytes| serde_json::from_slice(&bytes)) {
            Ok(Ok(chosen)) => chosen,
            Ok(Err(error)) => {
                tracing::warn!(%error, "the preferences cannot be understood, and are begun anew");
                Chosen::default()
            }
            Err(error) if error.kind() == ErrorKind::NotFound => Chosen::default(),
            Err(error) => {
                tracing::warn!(%error, "the preferences cannot be read");
                Chosen::default()
            }
        };
        Self { file, chosen: Mutex::new(chosen) }
    }

    /// As they are now.
    pub fn now(&self) -> Chosen {
        self.chosen.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Keeps `chosen`: on the disk first.
    ///
    /// # Errors
    /// `LOCAL_STORAGE`.
    pub fn choose(&self, chosen: Chosen) -> Result<(), CoreError> {
        let mut now = self.chosen.lock().unwrap_or_else(PoisonError::into_inner);
        write(&self.file, &chosen).map_err(|error| {
            tracing::error!(%error, "the preferences cannot be stored");
            CoreError::from(ErrorCode::LocalStorage)
        })?;
        *now = chosen;
        Ok(())
    }
}

/// Beside the file first, so that a cut in the middle leaves the old one whole.
fn write(file: &Path, chosen: &Chosen) -> io::Result<()> {
    if let Some(folder) = file.parent() {
        fs::create_dir_all(folder)?;
    }
    let beside = file.with_extension("new");
    let mut new = File::create(&beside)?;
    new.write_all(&serde_json::to_vec_pretty(chosen)?)?;
    new.sync_all()?;
    drop(new);
    fs::rename(&beside, file)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_chosen_is_there_at_the_next_start() {
        let folder = tempfile::tempdir().unwrap();
        let preferences = Preferences::read(folder.path());
        assert_eq!(preferences.now(), Chosen::default());
        let chosen = Chosen { language: Some(Language::Es), hide_text: true, close_to_tray: false };
        preferences.choose(chosen.clone()).unwrap();
        assert_eq!(preferences.now(), chosen);
        assert_eq!(Preferences::read(folder.path()).now(), chosen);
    }

    #[test]
    fn a_broken_or_older_file_is_no_reason_not_to_start() {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join(FILE), "{").unwrap();
        assert_eq!(Preferences::read(folder.path()).now(), Chosen::default());
        fs::write(folder.path().join(FILE), r#"{ "hide_text": true, "later": 1 }"#).unwrap();
        assert_eq!(Preferences::read(folder.path()).now(), Chosen { hide_text: true, ..Chosen::default() });
    }

    #[test]
    fn what_cannot_be_stored_is_not_chosen() {
        let folder = tempfile::tempdir().unwrap();
        let taken = folder.path().join("file");
        fs::write(&taken, "").unwrap();
        let preferences = Preferences::read(&taken);
        let wish = Chosen { hide_text: true, ..Chosen::default() };
        assert_eq!(preferences.choose(wish), Err(ErrorCode::LocalStorage.into()));
        assert_eq!(preferences.now(), Chosen::default());
    }
}
