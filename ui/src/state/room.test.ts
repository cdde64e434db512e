import { beforeEach, describe, expect, it, vi } from "vitest";
import { FakeTripchat } from "../ipc/fake";
import { sceneFor } from "../ipc/fakeScenes";
import { emptyWorld, newestSeq } from "../ipc/fakeWorld";
import { HELD, PAGE } from "../lib/held";
import { OpenRoom } from "./room.svelte";

let fake: FakeTripchat;
let room: OpenRoom;
const world = () => fake.world.rooms[0]!;
const seqs = () => room.rows.map(({ seq }) => seq);
const upTo = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, i) => from + i);
const write = (count: number) => {
  for (let i = 0; i < count; i += 1) fake.hearMessage("r-1", "u-timur", `Message ${i}`);
};

async function open(scene: string, at: number | null = null): Promise<void> {
  fake = new FakeTripchat(sceneFor(scene, emptyWorld()));
  room = new OpenRoom(fake, "r-1", at);
  await room.reload();
}

describe("a room of a few messages", () => {
  beforeEach(() => open("ride"));

  it("is read whole, and opens at its end when nothing is unread", () => {
    expect(room.header.value?.members).toHaveLength(4);
    expect([room.rows.length, room.held.older, room.held.newer, room.ready]).toEqual([
      11,
      "end",
      "end",
      true,
    ]);
    expect([room.divider, room.aim]).toEqual([null, { to: "end" }]);
  });

  it("shows what waits, and the same message when it is sent", async () => {
    fake.connect("connecting");
    room.compose.text = "Through the tunnel";
    await room.compose.send();
    const waiting = room.rows.at(-1)!;
    expect([waiting.state, waiting.seq]).toEqual(["waiting", null]);
    fake.connect("online");
    await room.reload();
    const sent = room.rows.at(-1)!;
    expect([sent.id, sent.state]).toEqual([waiting.id, "sent"]);
  });

  it("shows how far a message got as the marks move", async () => {
    room.compose.text = "On my way";
    await room.compose.send();
    const seq = newestSeq(world());
    const state = () => room.rows.find((row) => row.seq === seq)?.state;
    const others = ["u-aigerim", "u-timur", "u-lucia"];
    expect(state()).toBe("sent");
    for (const user of others) fake.mark("r-1", user, { delivered: seq });
    await room.reload();
    expect(state()).toBe("delivered");
    for (const user of others.slice(1)) fake.mark("r-1", user, { read: seq });
    await room.reload();
    expect([state(), room.rows.at(-1)?.reach]).toEqual(["delivered", { of: 3, delivered: 3, read: 2 }]);
    fake.mark("r-1", "u-aigerim", { read: seq });
    await room.reload();
    expect(state()).toBe("read");
  });

  it("tells what was seen once, and only upwards", async () => {
    const seen = vi.spyOn(fake, "seen");
    await room.saw(15);
    await room.saw(15);
    await room.saw(12);
    write(2);
    await room.reload();
    await room.saw(17);
    expect(seen.mock.calls).toEqual([
      ["r-1", 15],
      ["r-1", 17],
    ]);
    await room.reload();
    expect(room.unread).toBe(0);
  });

  it("clears the mark that says unread although everything was read", async () => {
    world().own.marked_unread = true;
    await room.saw(newestSeq(world()));
    expect(world().own.marked_unread).toBe(false);
  });

  it("says when a message cannot be deleted, and deletes it when asked again", async () => {
    const own = room.lastOwn()!;
    fake.world.refuse.deleteMessage = "LOCAL_STORAGE";
    await room.remove(own.id);
    expect(room.failure).toBe("LOCAL_STORAGE");
    await room.remove(own.id);
    const gone = room.rows.find(({ id }) => id === own.id);
    expect([gone?.deleted, gone?.text, room.failure]).toEqual([true, null, null]);
  });
});

describe("a refused message", () => {
  beforeEach(() => open("failed"));

  it("is taken back into the composer, above what is there", async () => {
    const failed = room.rows.at(-1)!;
    room.compose.text = "and more";
    await room.takeBack(failed.id);
    expect(room.compose.text).toBe(`${failed.text}\nand more`);
    expect(room.rows.some(({ id }) => id === failed.id)).toBe(false);
  });

  it("is sent again", async () => {
    const failed = room.rows.at(-1)!;
    await room.retry(failed.id);
    expect(room.rows.find(({ id }) => id === failed.id)?.state).toBe("sent");
    await room.discard("unknown");
    expect(room.failure).toBe("GONE");
  });
});

describe("a refused change", () => {
  beforeEach(() => open("edited"));

  it("is sent again, or given up", async () => {
    const refused = room.rows.find(({ change }) => change?.failure)!;
    await room.discard(refused.change!.id);
    expect(room.rows.find(({ id }) => id === refused.id)?.change).toBeNull();
    await open("edited");
    await room.retry("op-1");
    expect(room.rows.find(({ id }) => id === refused.id)).toMatchObject({ change: null, edited: true });
  });
});

describe("a room with unread messages", () => {
  beforeEach(() => open("unread"));

  it("opens at the first of them, with a divider that stays", async () => {
    const first = room.dividerRow!.seq;
    expect([room.aim, room.atEnd, room.unread]).toEqual([{ to: "divider" }, false, 30]);
    await room.saw(newestSeq(world()));
    await room.reload();
    expect([room.unread, room.dividerRow!.seq]).toEqual([0, first]);
  });

  it("is at the first new one already: the pill leads to the end", async () => {
    await room.toNew();
    expect([room.aim, room.atEnd]).toEqual([{ to: "end" }, true]);
  });

  it("leads someone who reads further up to the first new one, then to the end", async () => {
    await room.saw(newestSeq(world()));
    await room.toEnd();
    room.scrolled(true);
    room.scrolled(false);
    const last = newestSeq(world());
    write(3);
    await room.reload();
    await room.toNew();
    expect(room.aim).toEqual({ to: "message", seq: last + 1, flash: false });
    await room.toNew();
    expect([room.aim, room.atEnd]).toEqual([{ to: "end" }, true]);
  });

  it("finds the first new one also when that is not held", async () => {
    await open("unread", 5);
    await room.toNew();
    expect(room.aim).toMatchObject({ to: "message", seq: world().read + 1 });
    expect(seqs()).toContain(world().read + 1);
  });
});

describe("a long room", () => {
  beforeEach(() => open("long"));

  it("is read page by page, without a message twice or missing", async () => {
    const [first, last] = [seqs()[0]!, seqs().at(-1)!];
    expect([room.rows.length, room.held.older]).toEqual([PAGE, "more"]);
    room.scrolled(false);
    await room.loadOlder();
    await room.loadOlder();
    expect(seqs()).toEqual(upTo(first - 2 * PAGE, last));
  });

  it("holds no more than so many rows, and reads both ways", async () => {
    const last = seqs().at(-1)!;
    room.scrolled(false);
    while (room.held.older === "more") await room.loadOlder();
    expect(seqs()).toEqual(upTo(1, HELD));
    expect(room.held.newer).toBe("more");
    while (room.held.newer === "more") await room.loadNewer();
    expect(seqs()).toEqual(upTo(last - HELD + 1, last));
    expect(room.held.older).toBe("more");
  });

  it("is not asked twice for the same page", async () => {
    const timeline = vi.spyOn(fake, "timeline");
    await Promise.all([room.loadOlder(), room.loadOlder()]);
    expect(timeline).toHaveBeenCalledTimes(1);
    expect(room.rows).toHaveLength(2 * PAGE);
  });

  it("keeps a page that was asked for while it was being read again", async () => {
    const last = seqs().at(-1)!;
    write(1);
    let answer = (): void => undefined;
    const asked = new Promise<void>((resolve) => (answer = resolve));
    const timeline = fake.timeline.bind(fake);
    const slow = vi.spyOn(fake, "timeline").mockImplementationOnce(async (...args) => {
      const page = await timeline(...args);
      await asked;
      return page;
    });
    const again = room.reload();
    await vi.waitFor(() => expect(slow).toHaveBeenCalledOnce());
    const older = room.loadOlder();
    answer();
    await Promise.all([again, older]);
    expect(seqs()).toEqual(upTo(last - 2 * PAGE + 1, last + 1));
  });

  it("keeps the place of someone who reads further up", async () => {
    const before = seqs();
    room.scrolled(false);
    write(120);
    await room.reload();
    expect(seqs()).toEqual([...before, ...upTo(before.at(-1)! + 1, before.at(-1)! + 120)]);
    expect(room.unread).toBe(100);
    write(HELD);
    await room.reload();
    expect(seqs()).toEqual(upTo(before[0]!, before[0]! + HELD - 1));
    expect(room.held.newer).toBe("more");
  });

  it("follows its end", async () => {
    write(HELD);
    await room.reload();
    expect(seqs()).toEqual(upTo(newestSeq(world()) - HELD + 1, newestSeq(world())));
  });

  it("reads again what changed in what is held", async () => {
    const seq = seqs()[3]!;
    fake.change("r-1", seq, "Longer\nthan before");
    await room.reload();
    expect(room.rows.find((row) => row.seq === seq)).toMatchObject({
      text: "Longer\nthan before",
      edited: true,
    });
  });

  it("opens around a message that was found, and goes back to the end", async () => {
    await room.jump(40);
    expect(seqs()).toContain(40);
    expect([room.aim, room.atEnd]).toEqual([{ to: "message", seq: 40, flash: true }, false]);
    await room.toEnd();
    expect(seqs().at(-1)).toBe(newestSeq(world()));
    await open("long", 40);
    expect([seqs().includes(40), room.atEnd]).toEqual([true, false]);
  });

  it("says that older messages could not be read, and goes on when asked again", async () => {
    fake.world.refuse.timeline = "NO_SERVER";
    await room.loadOlder();
    expect([room.failure, room.rows.length, room.paging]).toEqual(["NO_SERVER", PAGE, null]);
    await room.loadOlder();
    expect([room.failure, room.rows.length]).toEqual([null, 2 * PAGE]);
  });
});

describe("a room with a hole", () => {
  beforeEach(() => open("holes"));

  it("waits until it is filled, and reads on then", async () => {
    const before = seqs();
    const timeline = vi.spyOn(fake, "timeline");
    expect(room.held.older).toBe("hole");
    await room.loadOlder();
    expect(timeline).not.toHaveBeenCalled();
    fake.fill("r-1", 50);
    await room.reload();
    expect([room.held.older, seqs()]).toEqual(["more", before]);
    await room.loadOlder();
    expect(seqs()).toEqual(upTo(before[0]! - 50, before.at(-1)!));
    expect(room.held.older).toBe("hole");
  });

  it("that came between the end and what was followed, goes on at the end", async () => {
    const last = seqs().at(-1)!;
    write(40);
    world().holes.push([last + 1, last + 20]);
    await room.reload();
    expect(seqs()).toEqual(upTo(last + 21, last + 40));
  });

  it("that came above someone who reads, leaves what they read", async () => {
    const before = seqs();
    room.scrolled(false);
    write(40);
    world().holes.push([before.at(-1)! + 1, before.at(-1)! + 20]);
    await room.reload();
    expect([seqs(), room.held.newer]).toEqual([before, "hole"]);
  });
});
