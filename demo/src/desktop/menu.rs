//! `com.canonical.dbusmenu`: the menu of an icon in the tray, as the tray reads it.

use super::tray::Item;
use anyhow::{Context, Result};
use std::collections::HashMap;
use zbus::zvariant::{OwnedValue, Structure, Value};
use zbus::{Connection, Proxy};

/// A line: its number, what is known of it, and the lines below it.
type Line = (i32, HashMap<String, OwnedValue>, Vec<OwnedValue>);

/// The menu, as it is now.
#[derive(Debug)]
pub struct Menu {
    owner: String,
    path: String,
    lines: Vec<(i32, String)>,
}

impl Menu {
    /// Reads it.
    pub async fn of(connection: &Connection, item: &Item) -> Result<Self> {
        let icon =
            Proxy::new(connection, item.owner.clone(), item.path.clone(), "org.kde.StatusNotifierItem")
                .await?;
        let path: zbus::zvariant::OwnedObjectPath = icon.get_property("Menu").await?;
        let path = path.to_string();
        let menu = proxy(connection, &item.owner, &path).await?;
        let everything: &[&str] = &[];
        let (_, (_, _, below)): (u32, Line) = menu.call("GetLayout", &(0, -1, everything)).await?;
        let lines = below.into_iter().map(line).collect::<Result<Vec<_>>>()?;
        Ok(Self { owner: item.owner.clone(), path, lines: lines.into_iter().flatten().collect() })
    }

    /// What it says, from top to bottom.
    pub fn labels(&self) -> Vec<String> {
        self.lines.iter().map(|(_, label)| label.clone()).collect()
    }

    /// Clicks the line that begins with `label`.
    pub async fn choose(&self, connection: &Connection, label: &str) -> Result<()> {
        let (id, _) = self
            .lines
            .iter()
            .find(|(_, line)| line.starts_with(label))
            .with_context(|| format!("the menu has no {label:?}: {:?}", self.labels()))?;
        let menu = proxy(connection, &self.owner, &self.path).await?;
        let () = menu.call("Event", &(id, "clicked", Value::from(0_i32), 0_u32)).await?;
        Ok(())
    }
}

async fn proxy<'a>(connection: &Connection, owner: &str, path: &str) -> Result<Proxy<'a>> {
    let (owner, path) = (owner.to_owned(), path.to_owned());
    Ok(Proxy::new(connection, owner, path, "com.canonical.dbusmenu").await?)
}

/// A line that says something; separators do not.
fn line(value: OwnedValue) -> Result<Option<(i32, String)>> {
    let fields = Structure::try_from(value)?.into_fields();
    let mut fields = fields.into_iter();
    let id = i32::try_from(fields.next().context("a line without a number")?)?;
    let about: HashMap<String, OwnedValue> =
        fields.next().context("a line of which nothing is known")?.try_into()?;
    let label = about.get("label").map(|label| label.downcast_ref::<&str>()).transpose()?;
    // A single underscore marks a key.
    Ok(label.filter(|label| !label.is_empty()).map(|label| (id, label.replace("__", "_"))))
}
