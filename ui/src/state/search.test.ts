import { beforeEach, describe, expect, it, vi } from "vitest";
import { FakeTripchat } from "../ipc/fake";
import { sceneFor } from "../ipc/fakeScenes";
import { emptyWorld } from "../ipc/fakeWorld";
import type { Hit } from "../ipc/generated/Hit";
import { PAUSE_MS, Search } from "./search.svelte";

let fake: FakeTripchat;
let search: Search;

beforeEach(() => {
  vi.useFakeTimers();
  fake = new FakeTripchat(sceneFor("search", emptyWorld()));
  search = new Search(fake);
});
const look = async (words: string, room: string | null = null): Promise<void> => {
  search.look(words, room);
  await vi.advanceTimersByTimeAsync(PAUSE_MS);
};

describe("search", () => {
  it("finds words in all rooms, newest first, and says where they stand", async () => {
    await look("ticket off");
    expect(search.hits?.map(({ room }) => room)).toEqual(["r-1", "r-b1"]);
    const { text, marks } = search.hits![0]!;
    expect(marks.map(([from, to]) => text.slice(from, to))).toEqual(["ticket", "office"]);
  });

  it("stays in the room that was named", async () => {
    await look("ticket", "r-b1");
    expect(search.hits?.map(({ room }) => room)).toEqual(["r-b1"]);
    await look("ticket", null);
    expect(search.hits).toHaveLength(2);
  });

  it("asks once for what was typed without a pause", async () => {
    const asked = vi.spyOn(fake, "search");
    search.look("tic", null);
    search.look("tick", null);
    await look("ticket");
    expect(asked.mock.calls).toEqual([["ticket", null, 100]]);
  });

  it("shows the answer to what was asked last", async () => {
    search.words = "ticket";
    let answer = (): void => undefined;
    const slow = new Promise<Hit[]>((resolve) => (answer = () => resolve([])));
    vi.spyOn(fake, "search").mockReturnValueOnce(slow);
    const first = search.now();
    search.words = "passports";
    await search.now();
    answer();
    await first;
    expect(search.hits).toHaveLength(1);
  });

  it("knows nothing, nothing found, and refused", async () => {
    await look("  ");
    expect(search.hits).toBeNull();
    await look("zeppelin");
    expect(search.hits).toEqual([]);
    fake.world.refuse.search = "LOCAL_STORAGE";
    await look("ticket");
    expect(search.failure).toBe("LOCAL_STORAGE");
    search.clear();
    expect([search.hits, search.words, search.failure]).toEqual([null, "", null]);
  });
});
