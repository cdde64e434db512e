//! What the window may do is a decision: these tests fail when a configuration file opens it further.

use serde_json::{Value, json};
use std::collections::BTreeSet;

fn config() -> Value {
    serde_json::from_str(include_str!("../tauri.conf.json")).unwrap()
}

#[test]
fn the_page_loads_nothing_from_elsewhere_and_has_no_network() {
    let expected = json!({
        "default-src": "'none'",
        "script-src": "'self'",
        "style-src": "'self'",
        "font-src": "'self'",
        "img-src": "'self' blob:",
        "connect-src": "ipc: http://ipc.localhost",
        "base-uri": "'none'",
        "form-action": "'none'",
        "frame-ancestors": "'none'",
    });
    let security = &config()["app"]["security"];
    assert_eq!(security["csp"], expected);
    assert_eq!(security.get("devCsp"), None);
    assert_eq!(security.get("dangerousDisableAssetCspModification"), None);
    assert_eq!(security["assetProtocol"], json!({ "enable": false, "scope": [] }));
}

#[test]
fn the_page_cannot_reach_around_the_commands() {
    let config = config();
    assert_eq!(config["app"]["withGlobalTauri"], json!(false));
    assert_eq!(config["app"]["security"]["freezePrototype"], json!(true));
    assert_eq!(config["app"]["security"]["capabilities"], json!(["desktop"]));
    assert_eq!(config["plugins"], json!({ "deep-link": { "desktop": { "schemes": ["tripchat"] } } }));
}

#[test]
fn the_scheme_of_links_is_the_one_that_is_understood() {
    assert_eq!(config()["plugins"]["deep-link"]["desktop"]["schemes"], json!([crate::links::SCHEME]));
    let link = format!("{}://room/01932f6e-5d7c-7000-8000-000000000001", crate::links::SCHEME);
    assert!(crate::links::Target::of(&link).is_some());
}

#[test]
fn there_is_one_window_and_no_developer_tools() {
    let config = config();
    let windows = config["app"]["windows"].as_array().unwrap();
    assert_eq!(windows.len(), 1);
    assert_eq!(windows[0]["label"], json!("main"));
    assert_eq!(windows[0]["devtools"], json!(false));
    // The window is made in `window.rs`, which adds what a file cannot say: where it may go.
    assert_eq!(windows[0]["create"], json!(false));
    assert_eq!(windows[0].get("url"), None);
}

#[test]
fn the_capability_holds_the_hearing_of_events_and_no_more() {
    let capability: Value = serde_json::from_str(include_str!("../capabilities/desktop.json")).unwrap();
    assert_eq!(capability["local"], json!(true));
    assert_eq!(capability.get("remote"), None);
    assert_eq!(capability["windows"], json!(["main"]));
    assert_eq!(capability["permissions"], json!(["core:event:allow-listen", "core:event:allow-unlisten"]));
    let files = std::fs::read_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/capabilities")).unwrap();
    let names: Vec<_> = files.map(|file| file.unwrap().file_name()).collect();
    assert_eq!(names, ["desktop.json"]);
}

#[test]
fn the_page_and_the_shell_name_the_same_commands() {
    let handled: BTreeSet<_> = include_str!("commands/mod.rs")
        .lines()
        .filter_map(|line| line.trim().strip_suffix(','))
        .filter_map(|line| line.split_once("::"))
        .map(|(_, name)| name.to_owned())
        .collect();
    let page = include_str!("../../ui/src/ipc/tauri.ts");
    let called: BTreeSet<_> = page
        .split("call(\"")
        .skip(1)
        .filter_map(|rest| rest.split_once('"'))
        .map(|(name, _)| name.to_owned())
        .collect();
    assert!(called.contains("start"), "{called:?}");
    assert_eq!(handled, called);
}
