//! Compiles the window's configuration and its capabilities into the app.

fn main() {
    tauri_build::build();
}
