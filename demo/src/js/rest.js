// Whether the page is whole and at rest: null while not, else a word that changes when anything on it does.
const [css] = arguments;
const wanted = [...document.querySelectorAll(css)].some((e) => e.getClientRects().length > 0);
if (!wanted || document.readyState !== "complete") return null;
// Before the layout has asked for any, nothing is said to be loading either.
const fonts = [...document.fonts].map(({ status }) => status);
if (!fonts.includes("loaded") || document.fonts.status !== "loaded") return null;
const moves = (animation) =>
  animation.playState === "running" && animation.effect.getComputedTiming().endTime !== Infinity;
if (document.getAnimations().some(moves)) return null;
const shape = (e) => {
  const { x, y, width, height } = e.getBoundingClientRect();
  return [x, y, width, height, e.scrollTop].map(Math.round).join(" ");
};
const all = [...document.body.querySelectorAll("*")];
let sum = 0;
for (const letter of all.map(shape).join("\n") + document.body.textContent) {
  sum = (Math.imul(sum, 31) + letter.codePointAt(0)) | 0;
}
return `${all.length} ${sum}`;
