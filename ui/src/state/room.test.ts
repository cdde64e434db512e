import { beforeEach, describe, expect, it, vi } from "vitest";
import { FakeTripchat } from "../ipc/fake";
import { sceneFor } from "../ipc/fakeScenes";
import { emptyWorld } from "../ipc/fakeWorld";
import { OpenRoom, PAGE } from "./room.svelte";

let fake: FakeTripchat;
let room: OpenRoom;
const seqs = () => room.rows.map(({ seq }) => seq);
const upTo = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, i) => from + i);

async function open(scene: string): Promise<void> {
  fake = new FakeTripchat(sceneFor(scene, emptyWorld()));
  room = new OpenRoom(fake, "r-1");
  await room.reload();
}

describe("a room of a few messages", () => {
  beforeEach(() => open("ride"));

  it("is read whole", () => {
    expect(room.header.value?.members).toHaveLength(4);
    expect([room.rows.length, room.hasMore, room.ready]).toEqual([11, false, true]);
  });

  it("clears the composer when the message is in the outbox, and shows it once", async () => {
    room.draft = "  On my way \n";
    expect(await room.send()).toBe(true);
    expect(room.draft).toBe("");
    expect(room.rows.filter(({ text }) => text === "On my way")).toHaveLength(1);
  });

  it("keeps the text when it could not be stored", async () => {
    fake.world.refuse.send = "LOCAL_STORAGE";
    room.draft = "On my way";
    expect(await room.send()).toBe(false);
    expect([room.draft, room.sendFailure]).toEqual(["On my way", "LOCAL_STORAGE"]);
    expect(await room.send()).toBe(true);
    expect(room.sendFailure).toBeNull();
  });

  it("keeps what was typed while the message went into the outbox", async () => {
    room.draft = "One";
    const sent = room.send();
    room.draft = "One and two";
    await sent;
    expect(room.draft).toBe(" and two");
  });

  it("sends nothing for white space", async () => {
    const send = vi.spyOn(fake, "send");
    room.draft = " \n ";
    expect(await room.send()).toBe(false);
    expect(send).not.toHaveBeenCalled();
  });

  it("counts what others write while one reads further up", async () => {
    room.scrolled(false);
    fake.hearMessage("r-1", "u-timur", "Hello");
    await room.reload();
    room.draft = "Mine is not new to me";
    await room.send();
    expect(room.unseen).toBe(1);
    room.scrolled(true);
    expect(room.unseen).toBe(0);
  });

  it("shows what waits, and the same message when it is sent", async () => {
    fake.connect("connecting");
    room.draft = "Through the tunnel";
    await room.send();
    const waiting = room.rows.at(-1)!;
    expect([waiting.state, waiting.seq]).toEqual(["waiting", null]);
    fake.connect("online");
    await room.reload();
    const sent = room.rows.at(-1)!;
    expect([sent.id, sent.state]).toEqual([waiting.id, "sent"]);
  });
});

describe("a refused message", () => {
  beforeEach(() => open("failed"));

  it("is taken back into the composer, above what is there", async () => {
    const failed = room.rows.at(-1)!;
    room.draft = "and more";
    await room.takeBack(failed.id);
    expect(room.draft).toBe(`${failed.text}\nand more`);
    expect(room.rows.some(({ id }) => id === failed.id)).toBe(false);
  });

  it("is sent again, or deleted", async () => {
    const failed = room.rows.at(-1)!;
    await room.retry(failed.id);
    expect(room.rows.find(({ id }) => id === failed.id)?.state).toBe("sent");
    await room.discard("unknown");
    // The room is read again all the same, which takes the word back.
    expect(room.failure).toBeNull();
  });
});

describe("a long room", () => {
  beforeEach(() => open("long"));

  it("is read page by page, without a message twice or missing", async () => {
    expect([room.rows.length, room.hasMore]).toEqual([PAGE, true]);
    room.scrolled(false);
    while (room.hasMore) await room.loadOlder();
    const total = fake.world.rooms[0]!.rows.length;
    expect(room.rows).toHaveLength(total);
    expect(new Set(room.rows.map(({ id }) => id)).size).toBe(total);
  });

  it("is not asked twice for the same page", async () => {
    const timeline = vi.spyOn(fake, "timeline");
    await Promise.all([room.loadOlder(), room.loadOlder()]);
    expect(timeline).toHaveBeenCalledTimes(1);
    expect(room.rows).toHaveLength(2 * PAGE);
  });

  it("keeps what is held when something new comes", async () => {
    await room.loadOlder();
    fake.hearMessage("r-1", "u-timur", "Hello");
    await room.reload();
    expect(room.rows).toHaveLength(2 * PAGE + 1);
    expect(room.hasMore).toBe(true);
  });

  it("reads what lies between for someone who reads further up, and begins anew at the end", async () => {
    const newest = seqs().at(-1)!;
    const write = (count: number) => {
      for (let i = 0; i < count; i += 1) fake.hearMessage("r-1", "u-timur", `Message ${i}`);
    };
    room.scrolled(false);
    write(120);
    await room.reload();
    expect(seqs()).toEqual(upTo(newest - PAGE + 1, newest + 120));
    expect(room.unseen).toBe(120);
    room.scrolled(true);
    write(120);
    await room.reload();
    expect(seqs()).toEqual(upTo(newest + 240 - PAGE + 1, newest + 240));
    expect(room.hasMore).toBe(true);
  });

  it("says that older messages could not be read, and goes on when asked again", async () => {
    fake.world.refuse.timeline = "NO_SERVER";
    await room.loadOlder();
    expect([room.failure, room.rows.length, room.loadingOlder]).toEqual(["NO_SERVER", PAGE, false]);
    await room.loadOlder();
    expect([room.failure, room.rows.length]).toEqual([null, 2 * PAGE]);
  });
});
