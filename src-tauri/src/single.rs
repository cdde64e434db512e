//! One app for one folder of data: a second start raises the window that is there, and hands its link on.

use crate::lead::lead;
use crate::links::Target;
use crate::settings::OwnFolder;
use crate::window;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::path::Path;
use tauri::Wry;
use tauri::plugin::TauriPlugin;
use tauri_plugin_single_instance::Builder;

/// The name on the session bus of the app on its own folder.
const NAME: &str = "app.tripchat";

/// Finds the app that runs already, if this start is not to stand beside it. Only the session bus knows names of one's
/// own: elsewhere an app with another folder of data always stands beside.
pub fn plugin(folder: &OwnFolder) -> Option<TauriPlugin<Wry>> {
    let name = match folder {
        OwnFolder::Apps => NAME.to_owned(),
        OwnFolder::Named(folder) if cfg!(target_os = "linux") => name_of(folder),
        OwnFolder::Named(_) => return None,
    };
    let second =
        |app: &tauri::AppHandle, arguments: Vec<String>, _folder| match Target::of_arguments(&arguments) {
            Some(target) => lead(app, target),
            None => window::show(app),
        };
    Some(Builder::new().callback(second).dbus_id(name).build())
}

/// A name for the folder that two starts of one build agree on.
fn name_of(folder: &Path) -> String {
    let whole = std::path::absolute(folder).unwrap_or_else(|_| folder.to_path_buf());
    let mut hasher = DefaultHasher::new();
    whole.hash(&mut hasher);
    // A part of a name must not begin with a digit.
    format!("{NAME}.data{:016x}", hasher.finish())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_folder_of_data_has_a_name_of_its_own() {
        assert_eq!(name_of(Path::new("/a/b")), name_of(Path::new("/a/b/")));
        assert_ne!(name_of(Path::new("/a/b")), name_of(Path::new("/a/c")));
        assert!(name_of(Path::new("/a")).starts_with("app.tripchat.data"));
    }
}
