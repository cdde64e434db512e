//! A picture of every view in every size and theme, taken in a real browser on the core's twin, and a look at what
//! stands in it: nothing moves sideways, no text is cut, a finger finds its targets, axe finds nothing.

mod browser;
mod gallery;
mod look;
mod site;
mod views;

use crate::folder;
use crate::say::say;
use crate::steps::Steps;
use anyhow::{Result, ensure};
use browser::Browser;
use clap::Args;
use site::Site;
use std::fs;
use std::path::PathBuf;
use views::{Look, Other, View};

/// What was asked for.
#[derive(Debug, Args)]
pub struct Wish {
    /// The folder of the built scenes
    #[arg(long)]
    scenes: PathBuf,
    /// The file axe.min.js of axe-core
    #[arg(long)]
    axe: PathBuf,
    /// Takes only the pictures whose names contain this
    #[arg(long, default_value = "")]
    only: String,
    /// Where steps.json and the pictures go
    #[arg(long, default_value = "target/pictures")]
    out: PathBuf,
    /// Where the browser's folders are; emptied first
    #[arg(long, default_value = "target/demo/browser")]
    data: PathBuf,
}

/// What a picture is taken with.
struct Studio {
    site: Site,
    browser: Browser,
    axe: String,
    out: PathBuf,
}

/// Takes them all; whether every view was as it should be.
pub async fn take(wish: &Wish) -> Result<bool> {
    let out = folder::fresh(&wish.out)?;
    let studio = Studio {
        site: Site::serve(&wish.scenes).await?,
        browser: Browser::open(&folder::fresh(&wish.data)?).await?,
        axe: fs::read_to_string(&wish.axe)?,
        out,
    };
    let mut steps = Steps::default();
    let outcome = studio.take_all(&wish.only, &mut steps).await;
    steps.write(&studio.out)?;
    let held = outcome?;
    studio.browser.close().await?;
    say(&steps.summary());
    say(&format!("the pictures are in {}", studio.out.join("index.html").display()));
    Ok(held)
}

impl Studio {
    async fn take_all(&self, only: &str, steps: &mut Steps) -> Result<bool> {
        // Settings belong to a page of this address, so there has to be one first.
        self.browser.show(&self.site.address, "main").await?;
        let mut held = true;
        let mut pixels = None;
        let mut taken = Vec::new();
        for (view, look) in views::pictures() {
            let words: Vec<_> = [view.name].into_iter().chain(look.words()).collect();
            let file = format!("{}.png", words.join("-").replace(' ', "-"));
            if !file.contains(only) {
                continue;
            }
            if pixels.replace(look.size.pixels) != Some(look.size.pixels) {
                self.browser.resize(look.size.pixels).await?;
            }
            let work = self.picture(&view, &look, &file);
            // A fault of one view says nothing about the next.
            held &= steps.step(words.join(" › "), work).await.is_ok();
            taken.push((view.name, file));
        }
        ensure!(!taken.is_empty(), "no picture is called like “{only}”");
        gallery::write(&self.out, &taken)?;
        Ok(held)
    }

    async fn picture(&self, view: &View, look: &Look, file: &str) -> Result<String> {
        let browser = &self.browser;
        browser.set("theme", look.theme).await?;
        browser.set("language", look.other.language()).await?;
        // With another fragment alone, the page would not be loaded anew.
        let url = format!("{}/?scene={}&for={file}#/{}", self.site.address, view.scene, view.place);
        browser.session.go(&url).await?;
        for css in view.presses {
            browser.press(css).await?;
        }
        browser.rest(view.shows).await?;
        if look.other == Other::LargeText {
            // All sizes are in units of the root's, which the person's own setting makes larger.
            let twice = "const root = document.documentElement; \
                         root.style.fontSize = 2 * parseFloat(getComputedStyle(root).fontSize) + 'px'";
            browser.session.execute(twice).await?;
            browser.rest(view.shows).await?;
        }
        browser.picture(&self.out.join(file)).await?;
        let faults = look::faults(browser, look, &self.axe).await?;
        ensure!(faults.is_empty(), "{}", faults.join("\n    "));
        Ok(file.to_owned())
    }
}
