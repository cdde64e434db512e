//! One page with all pictures, view by view.

use anyhow::Result;
use std::fmt::Write;
use std::fs;
use std::path::Path;

const HEAD: &str = "<!doctype html>\n<html lang=\"en\">\n<meta charset=\"utf-8\">\n<title>Tripchat, every view</title>\n\
    <style>\n  body { font: 15px system-ui; margin: 24px; background: #888; }\n  \
    div { display: flex; flex-wrap: wrap; gap: 16px; align-items: start; }\n  \
    img { max-height: 480px; border: 1px solid #444; }\n</style>\n";

/// Writes `index.html` beside the pictures, each given with the name of its view.
pub fn write(folder: &Path, pictures: &[(&str, String)]) -> Result<()> {
    let mut views: Vec<&str> = Vec::new();
    for (view, _) in pictures {
        if !views.contains(view) {
            views.push(view);
        }
    }
    let mut page = HEAD.to_owned();
    for view in views {
        writeln!(page, "<h2>{view}</h2>\n<div>")?;
        for (_, file) in pictures.iter().filter(|(name, _)| *name == view) {
            writeln!(page, "<a href=\"{file}\"><img src=\"{file}\" alt=\"{file}\" loading=\"lazy\"></a>")?;
        }
        writeln!(page, "</div>")?;
    }
    fs::write(folder.join("index.html"), page)?;
    Ok(())
}
