// Scrolls up through a room's list towards its first message: four views at every frame, faster than a finger throws
// it, whatever is being read meanwhile. After each frame the message that was in the middle of the view has to stand
// where the scrolling left it. Calls back with what was seen within `most` milliseconds.
const [{ most }, done] = arguments;
const rows = () => [...document.querySelectorAll("[data-testid=message]")];
const edge = () => document.querySelector("[data-testid=edge-older]").dataset.edge;
let list = rows()[0];
while (!/auto|scroll/.test(getComputedStyle(list).overflowY)) list = list.parentElement;
const until = performance.now() + most;
const seen = { frames: 0, pages: 0, rows: 0, moved: 0, at: 0, gone: false };
let first = rows()[0].dataset.seq;

function scroll() {
  list.scrollTop -= 4 * list.clientHeight;
  const { top, bottom } = list.getBoundingClientRect();
  const row = rows().find((row) => row.getBoundingClientRect().bottom > (top + bottom) / 2);
  return { row, top: row.getBoundingClientRect().top };
}

function look({ row, top }) {
  const all = rows();
  const moved = Math.abs(row.getBoundingClientRect().top - top);
  if (!row.isConnected) seen.gone = true;
  else if (moved > seen.moved) [seen.moved, seen.at] = [moved, Number(row.dataset.seq)];
  seen.rows = Math.max(seen.rows, all.length);
  seen.frames += 1;
  if (all[0].dataset.seq !== first) seen.pages += 1;
  first = all[0].dataset.seq;
}

function frame(held) {
  requestAnimationFrame(() => {
    look(held);
    const arrived = edge() === "end" && list.scrollTop === 0;
    if (arrived || performance.now() > until) done({ ...seen, arrived, first: Number(first) });
    else frame(scroll());
  });
}
frame(scroll());
