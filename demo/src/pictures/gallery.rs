//! One page with all pictures, view by view.

use super::views::{Picture, VIEWS};
use anyhow::Result;
use std::fmt::Write;
use std::fs;
use std::path::Path;

const HEAD: &str = "<!doctype html>\n<html lang=\"en\">\n<meta charset=\"utf-8\">\n<title>Tripchat, every view</title>\n\
    <style>\n  body { font: 15px system-ui; margin: 24px; background: #888; }\n  \
    div { display: flex; flex-wrap: wrap; gap: 16px; align-items: start; }\n  \
    img { max-height: 480px; border: 1px solid #444; }\n</style>\n";

/// Writes `index.html` beside the pictures.
pub fn write(folder: &Path, pictures: &[Picture]) -> Result<()> {
    let mut page = HEAD.to_owned();
    for view in VIEWS {
        let seen: Vec<_> = pictures.iter().filter(|picture| picture.view.name == view.name).collect();
        if seen.is_empty() {
            continue;
        }
        writeln!(page, "<h2>{}</h2>\n<div>", view.name)?;
        for file in seen.into_iter().map(Picture::file) {
            writeln!(page, "<a href=\"{file}\"><img src=\"{file}\" alt=\"{file}\" loading=\"lazy\"></a>")?;
        }
        writeln!(page, "</div>")?;
    }
    fs::write(folder.join("index.html"), page)?;
    Ok(())
}
