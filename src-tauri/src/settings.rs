//! What can be set from outside, by the environment: for several installations on one machine, and for tests.

use std::path::PathBuf;
use tauri::Manager;
use tripchat_core::Config;

/// The server that a fresh installation offers: the one that `tripchat-server` opens on this machine.
const SERVER: &str = "http://127.0.0.1:7400";

/// Where the data lies.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum OwnFolder {
    /// Where the system has the data of this app.
    Apps,
    /// `TRIPCHAT_DATA_DIR`.
    Named(PathBuf),
}

impl OwnFolder {
    /// As the environment says.
    pub fn read() -> Self {
        std::env::var_os("TRIPCHAT_DATA_DIR").map_or(Self::Apps, |folder| Self::Named(folder.into()))
    }
}

/// How the app was started.
pub struct Settings {
    /// The folder of the data.
    pub data_dir: PathBuf,
    /// `TRIPCHAT_SERVER`, or [`SERVER`].
    pub server: String,
    /// `TRIPCHAT_WINDOW`, such as `390x844`: the window's first inner size.
    pub window: Option<(f64, f64)>,
}

impl Settings {
    /// Reads them.
    pub fn read(app: &tauri::App, folder: OwnFolder) -> Result<Self, tauri::Error> {
        let data_dir = match folder {
            OwnFolder::Named(folder) => folder,
            OwnFolder::Apps => app.path().app_data_dir()?,
        };
        let server = std::env::var("TRIPCHAT_SERVER").unwrap_or_else(|_| SERVER.into());
        let window = std::env::var("TRIPCHAT_WINDOW").ok().and_then(|text| size(&text));
        Ok(Self { data_dir, server, window })
    }

    /// What the core is told.
    pub fn config(&self) -> Config {
        Config {
            data_dir: self.data_dir.clone(),
            server: self.server.clone(),
            app: concat!("Tripchat ", env!("CARGO_PKG_VERSION")).into(),
        }
    }
}

/// `390x844` as width and height.
fn size(text: &str) -> Option<(f64, f64)> {
    let (width, height) = text.split_once('x')?;
    Some((width.parse::<u16>().ok()?.into(), height.parse::<u16>().ok()?.into()))
}

#[cfg(test)]
mod tests {
    use super::size;

    #[test]
    fn a_size_is_two_numbers() {
        assert_eq!(size("390x844"), Some((390.0, 844.0)));
        for wrong in ["", "390", "x844", "390x", "-1x2", "390 x 844", "99999x1"] {
            assert_eq!(size(wrong), None, "{wrong}");
        }
    }
}
