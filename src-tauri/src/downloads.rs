//! What a person takes out of the app: a file among their downloads, which nobody else can read.

use std::fs::{File, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use tripchat_core::CoreError;
use tripchat_protocol::ErrorCode;

/// So many files of one name are enough for anybody.
const SAME: usize = 1000;

/// Stores `text` as a new file `name.ending` in `folder`, or under the next free number; gives its path.
///
/// # Errors
/// `LOCAL_STORAGE`; then there is no file.
pub fn keep(folder: &Path, name: &str, ending: &str, text: &str) -> Result<PathBuf, CoreError> {
    let refused = |error: io::Error| {
        tracing::error!(kind = ?error.kind(), "a file cannot be stored among the downloads");
        CoreError::from(ErrorCode::LocalStorage)
    };
    std::fs::create_dir_all(folder).map_err(refused)?;
    for number in 0..SAME {
        let file = match number {
            0 => folder.join(format!("{name}.{ending}")),
            _ => folder.join(format!("{name} ({number}).{ending}")),
        };
        match own(&file) {
            Ok(new) => return fill(new, &file, text).map(|()| file).map_err(refused),
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
            Err(error) => return Err(refused(error)),
        }
    }
    Err(ErrorCode::LocalStorage.into())
}

/// A file that was not there, and that is its owner's only.
fn own(file: &Path) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(file)
}

fn fill(mut new: File, file: &Path, text: &str) -> io::Result<()> {
    let filled = new.write_all(text.as_bytes()).and_then(|()| new.sync_all());
    if filled.is_err() {
        // Half of it is worth nothing.
        drop(new);
        std::fs::remove_file(file)?;
    }
    filled
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs;

    #[test]
    fn a_file_is_new_whole_and_its_owners_only() {
        let folder = tempfile::tempdir().unwrap();
        let downloads = folder.path().join("Downloads");
        let first = keep(&downloads, "tripchat-2026-11-21", "json", "{\"name\":\"Әсел\"}").unwrap();
        assert_eq!(first, downloads.join("tripchat-2026-11-21.json"));
        assert_eq!(fs::read_to_string(&first).unwrap(), "{\"name\":\"Әсел\"}");
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            assert_eq!(fs::metadata(&first).unwrap().permissions().mode() & 0o777, 0o600);
        }
    }

    #[test]
    fn what_is_there_already_is_never_written_over() {
        let folder = tempfile::tempdir().unwrap();
        let names: Vec<_> = ["one", "two", "three"]
            .map(|text| keep(folder.path(), "mine", "json", text).unwrap())
            .iter()
            .map(|file| file.file_name().unwrap().to_string_lossy().into_owned())
            .collect();
        assert_eq!(names, ["mine.json", "mine (1).json", "mine (2).json"]);
        assert_eq!(fs::read_to_string(folder.path().join("mine.json")).unwrap(), "one");
    }

    #[test]
    fn where_nothing_can_be_stored_it_is_said() {
        let folder = tempfile::tempdir().unwrap();
        let taken = folder.path().join("file");
        fs::write(&taken, "").unwrap();
        assert_eq!(keep(&taken, "mine", "json", "x"), Err(ErrorCode::LocalStorage.into()));
    }
}
