import { describe, expect, it } from "vitest";
import type { InboxRow } from "../ipc/generated/InboxRow";
import { isMuted, isUnread, plain, sections, shownCount } from "./inbox";

function row(room: string, given: Partial<InboxRow> = {}): InboxRow {
  return {
    room,
    room_type: "DIRECT",
    name: room,
    trip: null,
    booking_number: null,
    last: null,
    active_at: 0,
    unread: 0,
    marked_unread: false,
    draft: null,
    typing: [],
    presence: null,
    state: "current",
    favourite: false,
    archived: false,
    muted_until: null,
    ...given,
  };
}
const ids = (rows: InboxRow[]) => rows.map(({ room }) => room);
const find = (rows: InboxRow[], words = "", unread = false) => {
  const { rows: found, archived } = sections(rows, { words, unread }, ({ name }) => name ?? "");
  return [ids(found), ids(archived)];
};

describe("the list", () => {
  it("has favourites first and the archive apart, each in the order of time", () => {
    const rows = [row("a"), row("b", { favourite: true }), row("c", { archived: true }), row("d")];
    expect(find(rows)).toEqual([["b", "a", "d"], ["c"]]);
  });

  it("is filtered by name, number and people, in any case and without accents", () => {
    const last = {
      author_name: "Lucía Fernández",
      mine: false,
      text: "x",
      system: null,
      deleted: false,
      state: "sent" as const,
    };
    const rows = [row("Алматы"), row("x", { booking_number: "B7K-42M" }), row("y", { last }), row("z")];
    expect(find(rows, "АЛМ")).toEqual([["Алматы"], []]);
    expect(find(rows, "b7k")).toEqual([["x"], []]);
    expect(find(rows, " lucia  fern ")).toEqual([["y"], []]);
    expect(find(rows, "lucia b7k")).toEqual([[], []]);
  });

  it("is filtered by places on the way, and finds what is archived", () => {
    const stop = (place: string) => ({ place, zone: "UTC", at: 0 });
    const trip = { stops: [stop("Almaty"), stop("Korday border")], driver_name: "Aigerim" };
    const rows = [row("a", { trip: trip as InboxRow["trip"], archived: true })];
    expect(find(rows, "korday")).toEqual([["a"], []]);
    expect(find(rows, "aigerim")).toEqual([["a"], []]);
  });

  it("shows only what is unread, if so wanted", () => {
    const rows = [row("a"), row("b", { unread: 2 }), row("c", { marked_unread: true })];
    expect(find(rows, "", true)).toEqual([["b", "c"], []]);
    expect(rows.map(isUnread)).toEqual([false, true, true]);
  });
});

describe("a row", () => {
  it("shows up to nine, then 9+", () => {
    expect([1, 9, 10, 100].map(shownCount)).toEqual(["1", "9", "9+", "9+"]);
  });

  it("is muted until its time has come", () => {
    expect([null, 99, 100, 101].map((muted_until) => isMuted(row("a", { muted_until }), 100))).toEqual([
      false,
      false,
      false,
      true,
    ]);
  });

  it("is compared without case and accents, letters of Kazakh included", () => {
    expect(plain("ÉL Niño")).toBe("el nino");
    expect(plain("ҚАЗАҚСТАН Әлем")).toBe("қазақстан әлем");
  });
});
