//! Serves the built scenes to this machine, under the policy that the app's own window has.

use crate::say::say;
use anyhow::{Context, Result, ensure};
use axum::Router;
use axum::http::{StatusCode, Uri, header};
use axum::response::{IntoResponse, Response};
use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::sync::Arc;
use tokio::net::TcpListener;
use tripchat_runtime::Tasks;

/// What `src-tauri/tauri.conf.json` allows, without the channel to the shell: a scene has none.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; font-src 'self'; \
                      img-src 'self' blob:; base-uri 'none'; form-action 'none'";

/// Each file by its path in the address, with its media type.
type Files = BTreeMap<String, (&'static str, Vec<u8>)>;

/// The server; it ends when this is dropped.
#[derive(Debug)]
pub struct Site {
    /// `http://127.0.0.1:<port>`.
    pub address: String,
    _task: Tasks,
}

impl Site {
    /// Reads `folder` whole and serves it on any free port.
    pub async fn serve(folder: &Path) -> Result<Self> {
        let mut files = Files::new();
        read(folder, "", &mut files)?;
        ensure!(files.contains_key("/index.html"), "{} holds no built scenes", folder.display());
        let files = Arc::new(files);
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let address = format!("http://{}", listener.local_addr()?);
        let router = Router::new().fallback(async move |uri: Uri| answer(&files, uri.path()));
        let task = Tasks::default();
        task.start("scenes", async move {
            if let Err(error) = axum::serve(listener, router).await {
                say(&format!("the scenes are served no more: {error}"));
            }
        });
        Ok(Self { address, _task: task })
    }
}

fn answer(files: &Files, path: &str) -> Response {
    let path = if path == "/" { "/index.html" } else { path };
    match files.get(path) {
        Some((kind, bytes)) => {
            let head = [(header::CONTENT_TYPE, *kind), (header::CONTENT_SECURITY_POLICY, POLICY)];
            (head, bytes.clone()).into_response()
        }
        None => StatusCode::NOT_FOUND.into_response(),
    }
}

fn read(folder: &Path, above: &str, files: &mut Files) -> Result<()> {
    for entry in fs::read_dir(folder).with_context(|| format!("cannot read {}", folder.display()))? {
        let entry = entry?;
        let path = format!("{above}/{}", entry.file_name().to_string_lossy());
        if entry.file_type()?.is_dir() {
            read(&entry.path(), &path, files)?;
        } else {
            files.insert(path.clone(), (kind_of(&path), fs::read(entry.path())?));
        }
    }
    Ok(())
}

fn kind_of(path: &str) -> &'static str {
    match path.rsplit_once('.').map(|(_, ending)| ending) {
        Some("html") => "text/html; charset=utf-8",
        Some("js") => "text/javascript; charset=utf-8",
        Some("css") => "text/css; charset=utf-8",
        Some("svg") => "image/svg+xml",
        Some("png") => "image/png",
        Some("woff2") => "font/woff2",
        _ => "application/octet-stream",
    }
}
