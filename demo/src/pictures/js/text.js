// Looks for text that a person cannot read whole. Returns the faults as sentences.
const faults = new Set();
const css = (e) => getComputedStyle(e);
const seen = (e) => e.checkVisibility({ opacityProperty: true, visibilityProperty: true });
const short = (text) => `“${text.trim().replace(/\s+/g, " ").slice(0, 60)}”`;
const called = (e) => {
  const word = e.dataset.testid ? `[data-testid=${e.dataset.testid}]` : [...e.classList].find((c) => !c.startsWith("svelte-"));
  return e.localName + (word ? (word.startsWith("[") ? word : `.${word}`) : "");
};
const px = (word) => Number.parseFloat(word) || 0;
const inside = (e, style) => {
  const { left, right, top, bottom } = e.getBoundingClientRect();
  return {
    left: left + px(style.borderLeftWidth), right: right - px(style.borderRightWidth),
    top: top + px(style.borderTopWidth), bottom: bottom - px(style.borderBottomWidth),
  };
};
// Half a pixel is rounding; a line's box is higher than its letters, which may stand out of a tight one unseen.
const SIDE = 1;
const height = (style) => px(style.fontSize) * 0.25 + 1;
const across = (rect, box) => rect.left < box.left - SIDE || rect.right > box.right + SIDE;
const along = (rect, box, slack) => rect.top < box.top - slack || rect.bottom > box.bottom + slack;

/** What hides or leaves out a part of `rect`, on the way from the text up to the view. */
function cuts(rect, from, slack) {
  let [x, y, positioned] = [true, true, false];
  let spills = true;
  for (let e = from; e && e !== document.documentElement; e = e.parentElement) {
    const style = css(e);
    if (style.display === "contents") continue;
    if (positioned && style.position === "static") continue;
    positioned = style.position === "absolute";
    if (style.display !== "inline") {
      const box = inside(e, style);
      const border = e.getBoundingClientRect();
      if (x && style.overflowX !== "visible" && across(rect, box)) {
        // An ellipsis is looked for below.
        if (style.textOverflow === "ellipsis") return null;
        if (style.overflowX === "hidden" || style.overflowX === "clip") return `is cut at the side by ${called(e)}`;
        x = false;
      }
      if (y && style.overflowY !== "visible" && along(rect, box, slack)) {
        if (style.overflowY === "hidden" || style.overflowY === "clip") return `is cut above or below by ${called(e)}`;
        y = false;
      }
      if (spills && x && across(rect, border)) return `stands out of ${called(e)} at the side`;
      if (spills && y && along(rect, border, slack)) return `stands out of ${called(e)} above or below`;
      spills = false;
      if (style.overflowX === "auto" || style.overflowX === "scroll") x = false;
      if (style.overflowY === "auto" || style.overflowY === "scroll") y = false;
    }
    if (style.position === "fixed") break;
  }
  const view = { left: 0, right: window.innerWidth, top: 0, bottom: window.innerHeight };
  if (x && across(rect, view)) return "is outside of the view at the side";
  if (y && along(rect, view, slack)) return "is outside of the view, which does not scroll";
  return null;
}

const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
for (let node = walker.nextNode(); node; node = walker.nextNode()) {
  const parent = node.parentElement;
  if (!node.data.trim() || !parent || !seen(parent)) continue;
  if (parent.closest(".hidden-visually, [data-cut], textarea, select, script, style")) continue;
  const range = document.createRange();
  range.selectNodeContents(node);
  for (const rect of range.getClientRects()) {
    const cut = rect.width > 0 && cuts(rect, parent, height(css(parent)));
    if (cut) faults.add(`${short(node.data)} ${cut}`);
  }
}

const ink = document.createElement("canvas").getContext("2d");
const widthOf = (text, style) => {
  ink.font = `${style.fontWeight} ${style.fontSize} ${style.fontFamily}`;
  return ink.measureText(text).width;
};
for (const e of document.body.querySelectorAll("*")) {
  if (!seen(e)) continue;
  const style = css(e);
  const room = e.clientWidth - px(style.paddingLeft) - px(style.paddingRight);
  if (e.localName === "input" && e.placeholder && !e.value && widthOf(e.placeholder, style) > room + SIDE) {
    faults.add(`the hint ${short(e.placeholder)} is wider than its field`);
  }
  if (e.localName === "select" && !("cut" in e.dataset) && widthOf(e.selectedOptions[0]?.text ?? "", style) > room + SIDE) {
    faults.add(`the choice ${short(e.selectedOptions[0].text)} is wider than its field`);
  }
  if (["date", "time", "number"].includes(e.type) && e.scrollWidth > e.clientWidth) {
    faults.add(`the ${e.type} in ${called(e)} is wider than its field`);
  }
  if (e.localName === "textarea" && e.scrollHeight > e.clientHeight + SIDE && style.overflowY === "hidden") {
    faults.add(`the text of ${called(e)} is cut`);
  }
  if (e.closest("[data-cut], .hidden-visually")) continue;
  if (style.textOverflow === "ellipsis" && e.localName !== "select" && e.scrollWidth > e.clientWidth) {
    faults.add(`${short(e.textContent)} ends with an ellipsis, and nothing says that it may (${called(e)})`);
  }
  if (style.webkitLineClamp !== "none" && e.scrollHeight > e.clientHeight + SIDE) {
    faults.add(`${short(e.textContent)} is cut after some lines, and nothing says that it may (${called(e)})`);
  }
}
return [...faults];
