// Where a room's list stands. `id`: the message that is asked for, else the one in the middle of the view.
// `scroll`: first moves by so many views. Null while there is no list.
const [{ id, scroll }] = arguments;
const rows = [...document.querySelectorAll("[data-testid=message]")];
let list = rows[0];
while (list && !/auto|scroll/.test(getComputedStyle(list).overflowY)) list = list.parentElement;
if (!list) return null;
if (scroll) list.scrollTop += scroll * list.clientHeight;
const { top, bottom } = list.getBoundingClientRect();
const inTheMiddle = (row) => row.getBoundingClientRect().bottom > (top + bottom) / 2;
const row = rows.find(id ? (row) => row.dataset.id === id : inTheMiddle);
const divider = list.querySelector("[data-testid=divider]");
const after = divider && rows.find((row) => divider.compareDocumentPosition(row) & Node.DOCUMENT_POSITION_FOLLOWING);
return {
  rows: rows.length,
  first: Number(rows[0].dataset.seq),
  last: Number(rows.at(-1).dataset.seq),
  older: list.querySelector("[data-testid=edge-older]")?.dataset.edge ?? "",
  above: list.scrollTop,
  tall: list.scrollHeight,
  pill: document.querySelector("[data-testid=to-end]")?.innerText ?? "",
  divider: after ? [Number(after.dataset.seq), (divider.getBoundingClientRect().top - top) / (bottom - top)] : null,
  id: row?.dataset.id ?? null,
  seq: Number(row?.dataset.seq ?? 0),
  top: row?.getBoundingClientRect().top ?? null,
};
