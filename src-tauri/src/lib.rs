//! src-tauri
