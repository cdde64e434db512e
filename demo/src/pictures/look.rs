//! What is wrong with what a view shows, measured in the page. Each fault is a sentence.

use super::browser::Browser;
use super::views::Look;
use anyhow::{Context, Result};
use serde_json::{Value, json};

const TEXT: &str = include_str!("js/text.js");
const SIDES: &str = include_str!("js/sides.js");
const TARGETS: &str = include_str!("js/targets.js");
const AXE: &str = include_str!("js/axe.js");

/// All faults of the page as it stands. `axe` is the source of axe-core.
pub async fn faults(browser: &Browser, look: &Look, axe: &str) -> Result<Vec<String>> {
    let page = &browser.session;
    let mut faults = sentences(page.execute(SIDES).await?).context("what moves sideways")?;
    faults.extend(sentences(page.execute(TEXT).await?).context("text that is cut")?);
    if look.size.finger {
        faults.extend(sentences(page.execute(TARGETS).await?).context("small targets")?);
    }
    page.execute(axe).await.context("axe-core is put into the page")?;
    faults.extend(sentences(page.execute_later(AXE, json!([])).await?).context("axe-core")?);
    Ok(faults)
}

fn sentences(answer: Value) -> Result<Vec<String>> {
    Ok(serde_json::from_value(answer)?)
}
