//! A picture of every view in every size and theme, taken in a real browser on the core's twin, and a look at what
//! stands in it: nothing moves sideways, no text is cut, a finger finds its targets, axe finds nothing.

mod browser;
mod gallery;
mod look;
mod site;
mod stays;
mod views;

use crate::folder;
use crate::say::say;
use crate::steps::Steps;
use anyhow::{Result, ensure};
use browser::Browser;
use clap::Args;
use site::Site;
use stays::LongRoom;
use std::fs;
use std::path::{Path, PathBuf};
use views::{Other, Picture};

/// What was asked for.
#[derive(Debug, Args)]
pub struct Wish {
    /// The folder of the built scenes
    #[arg(long)]
    scenes: PathBuf,
    /// The file axe.min.js of axe-core
    #[arg(long)]
    axe: PathBuf,
    /// Takes only the pictures whose names contain one of these, such as room-phone,inbox
    #[arg(long, default_value = "")]
    only: String,
    /// Where steps.json and the pictures go
    #[arg(long, default_value = "target/pictures")]
    out: PathBuf,
    /// Where the browser's folders are; emptied first
    #[arg(long, default_value = "target/demo/browser")]
    data: PathBuf,
}

/// The browser of the size of a desktop.
const DESK: &str = "desk";

/// What a picture is taken with.
struct Studio<'a> {
    site: &'a Site,
    browser: Browser,
    axe: &'a str,
    out: &'a Path,
}

/// Takes them all; whether every view was as it should be.
pub async fn take(wish: &Wish) -> Result<bool> {
    let (out, data) = (folder::fresh(&wish.out)?, folder::fresh(&wish.data)?);
    let site = Site::serve(&wish.scenes).await?;
    let axe = fs::read_to_string(&wish.axe)?;
    let wanted: Vec<_> = views::pictures()
        .into_iter()
        .filter(|one| wish.only.split(',').any(|part| one.file().contains(part)))
        .collect();
    ensure!(!wanted.is_empty() || stays::is_called(&wish.only), "no picture is called like “{}”", wish.only);
    let (hand, desk): (Vec<_>, Vec<_>) = wanted.iter().partition(|one| one.look.size.finger);
    // Two browsers side by side, for the hand and for the desk: it takes half of the time.
    let studio = async |name: &str, pictures: Vec<&Picture>| -> Result<Steps> {
        let browser = Browser::open(&folder::fresh(&data.join(name))?).await?;
        let mut steps = Steps::default();
        let studio = Studio { site: &site, browser, axe: &axe, out: &out };
        studio.take_all(&pictures, &mut steps).await?;
        // The room is long in both; one of them has more views to look at.
        if name == DESK && stays::is_called(&wish.only) {
            LongRoom { browser: &studio.browser, address: &site.address }.play(&mut steps).await?;
        }
        studio.browser.close().await?;
        Ok(steps)
    };
    let (hand, desk) = tokio::join!(studio("hand", hand), studio(DESK, desk));
    let (mut steps, desk) = (hand?, desk?);
    steps.add(desk);
    steps.write(&out)?;
    gallery::write(&out, &wanted)?;
    say(&steps.summary());
    say(&format!("the pictures are in {}", out.join("index.html").display()));
    Ok(steps.held())
}

impl Studio<'_> {
    async fn take_all(&self, pictures: &[&Picture], steps: &mut Steps) -> Result<()> {
        let mut pixels = None;
        for picture in pictures {
            let size = picture.look.size.pixels;
            if pixels.replace(size) != Some(size) {
                self.browser.resize(size).await?;
            }
            // A fault of one view says nothing about the next; whether all held is asked at the end.
            if steps.step(picture.words().join(" › "), self.take(picture)).await.is_err() {
                // As it stands is what one wants to see of a view that did not come. Where the page answers no more,
                // nothing that follows would.
                self.browser.picture(&self.out.join(picture.file())).await?;
            }
        }
        Ok(())
    }

    async fn take(&self, picture: &Picture) -> Result<String> {
        let (browser, Picture { view, look }) = (&self.browser, picture);
        let file = picture.file();
        // The name is there to make it another address: with another fragment alone, nothing would be loaded anew.
        let settings = format!("theme={}&language={}&name={file}", look.theme, look.other.language());
        let url = format!("{}/?scene={}&{settings}#/{}", self.site.address, view.scene, view.place);
        browser.session.go(&url).await?;
        for act in view.acts {
            browser.act(act).await?;
        }
        browser.rest(view.shows).await?;
        if look.other == Other::LargeText {
            // All sizes are in units of the root's, which the person's own setting makes larger.
            let twice = "const root = document.documentElement; \
                         root.style.fontSize = 2 * parseFloat(getComputedStyle(root).fontSize) + 'px'";
            browser.session.execute(twice).await?;
            browser.rest(view.shows).await?;
        }
        browser.picture(&self.out.join(&file)).await?;
        let faults = look::faults(browser, look, self.axe).await?;
        ensure!(faults.is_empty(), "{}", faults.join("\n    "));
        Ok(file)
    }
}
