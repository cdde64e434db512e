// Looks for what can be moved sideways, or stands outside of the view at a side. Returns the faults as sentences.
const faults = new Set();
const seen = (e) => e.checkVisibility({ opacityProperty: true, visibilityProperty: true });
const called = (e) => `${e.localName}${[...e.classList].filter((c) => !c.startsWith("svelte-")).map((c) => `.${c}`).join("")}`;
const page = document.scrollingElement;
if (page.scrollWidth > page.clientWidth) faults.add(`the page is ${page.scrollWidth} px wide and moves sideways`);
for (const e of document.body.querySelectorAll("*")) {
  if (!seen(e) || e.closest("[data-scrolls]")) continue;
  const { overflowX } = getComputedStyle(e);
  if ((overflowX === "auto" || overflowX === "scroll") && e.scrollWidth > e.clientWidth) {
    faults.add(`${called(e)} moves sideways: ${e.scrollWidth} px in ${e.clientWidth}`);
  }
  const { left, right, width } = e.getBoundingClientRect();
  const hidden = e.closest(".hidden-visually, svg, [inert]");
  if (!hidden && width > 0 && (left < -1 || right > window.innerWidth + 1)) {
    faults.add(`${called(e)} reaches from ${Math.round(left)} to ${Math.round(right)} px`);
  }
}
return [...faults];
