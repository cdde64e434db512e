// Looks for targets that a finger misses: below 44 × 44 px. A link inside a text is as high as its line, which WCAG
// 2.5.8 excepts. Returns the faults as sentences.
const LEAST = 44;
const ROLES = ["button", "link", "checkbox", "radio", "switch", "tab", "option", "menuitem", "menuitemradio", "menuitemcheckbox"];
const TARGETS = ["a[href]", "button", "input", "select", "textarea", "summary", ...ROLES.map((role) => `[role=${role}]`)];
const seen = (e) => e.checkVisibility({ opacityProperty: true, visibilityProperty: true }) && !e.closest("[inert]");
const called = (e) => {
  const name = e.dataset.testid ? `[data-testid=${e.dataset.testid}]` : "";
  const word = (e.getAttribute("aria-label") ?? e.labels?.[0]?.textContent ?? e.textContent).trim().replace(/\s+/g, " ").slice(0, 40);
  return `${e.localName}${name} “${word}”`;
};
const inText = (e) => getComputedStyle(e).display === "inline" && e.closest("p, li, dd, [data-testid=message]");
const union = (boxes) => ({
  left: Math.min(...boxes.map(({ left }) => left)), right: Math.max(...boxes.map(({ right }) => right)),
  top: Math.min(...boxes.map(({ top }) => top)), bottom: Math.max(...boxes.map(({ bottom }) => bottom)),
});
const faults = new Set();
for (const e of document.body.querySelectorAll(TARGETS.join(","))) {
  const labels = [...(e.labels ?? [])].filter(seen);
  const drawn = seen(e) && !e.closest(".hidden-visually") ? [e] : [];
  // A field and its label are one target. A label above its field does not make a low field higher.
  const touching = labels.filter((label) => label.contains(e) || drawn.length === 0);
  const parts = [...drawn, ...touching];
  if (e.disabled || e.type === "hidden" || parts.length === 0 || inText(e)) continue;
  const { left, right, top, bottom } = union(parts.map((part) => part.getBoundingClientRect()));
  const [width, height] = [right - left, bottom - top];
  if (width === 0 || height === 0) continue;
  if (width < LEAST - 0.5 || height < LEAST - 0.5) {
    faults.add(`${called(e)} is ${Math.round(width)} × ${Math.round(height)} px`);
  }
}
return [...faults];
