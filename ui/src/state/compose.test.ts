import { beforeEach, describe, expect, it, vi } from "vitest";
import { FakeTripchat } from "../ipc/fake";
import { sceneFor } from "../ipc/fakeScenes";
import { emptyWorld } from "../ipc/fakeWorld";
import { PAUSE_MS } from "./compose.svelte";
import { OpenRoom } from "./room.svelte";

let fake: FakeTripchat;
let room: OpenRoom;
const own = () => fake.world.rooms[0]!.own;
const type = async (text: string): Promise<void> => {
  room.compose.text = text;
  await room.compose.typed();
};

beforeEach(async () => {
  fake = new FakeTripchat(sceneFor("ride", emptyWorld()));
  room = new OpenRoom(fake, "r-1");
  await room.reload();
});

describe("a message", () => {
  it("clears the composer when it is in the outbox, and is shown once", async () => {
    room.compose.text = "  On my way \n";
    expect(await room.compose.send()).toBe(true);
    expect(room.compose.text).toBe("");
    expect(room.rows.filter(({ text }) => text === "On my way")).toHaveLength(1);
  });

  it("keeps its text when it could not be stored", async () => {
    fake.world.refuse.send = "LOCAL_STORAGE";
    room.compose.text = "On my way";
    expect(await room.compose.send()).toBe(false);
    expect([room.compose.text, room.compose.failure]).toEqual(["On my way", "LOCAL_STORAGE"]);
    expect(await room.compose.send()).toBe(true);
    expect(room.compose.failure).toBeNull();
  });

  it("leaves what was typed while it went into the outbox", async () => {
    room.compose.text = "One";
    const sent = room.compose.send();
    room.compose.text = "One and two";
    await sent;
    expect(room.compose.text).toBe(" and two");
    expect(own().draft).toBe(" and two");
  });

  it("of white space is not sent", async () => {
    const send = vi.spyOn(fake, "send");
    room.compose.text = " \n ";
    expect(await room.compose.send()).toBe(false);
    expect(send).not.toHaveBeenCalled();
  });
});

describe("a draft", () => {
  it("is stored at every pause, and when the room is left", async () => {
    vi.useFakeTimers();
    const set = vi.spyOn(fake, "setDraft");
    await type("Half");
    await vi.advanceTimersByTimeAsync(PAUSE_MS - 100);
    await type("Half a sen");
    await vi.advanceTimersByTimeAsync(PAUSE_MS);
    expect(set.mock.calls).toEqual([["r-1", "Half a sen"]]);
    await type("Half a sentence");
    await room.compose.store();
    expect(own().draft).toBe("Half a sentence");
    await vi.advanceTimersByTimeAsync(PAUSE_MS * 2);
    expect(set).toHaveBeenCalledTimes(2);
  });

  it("comes from another device, unless one is writing", async () => {
    own().draft = "from the phone";
    await room.reload();
    expect(room.compose.text).toBe("from the phone");
    await type("from the phone, and the desk");
    own().draft = "from the phone again";
    await room.reload();
    expect(room.compose.text).toBe("from the phone, and the desk");
  });

  it("is gone everywhere once it was sent, and does not come back", async () => {
    await type("On my way");
    await room.compose.store();
    await room.compose.send();
    expect([own().draft, room.compose.text]).toEqual([null, ""]);
    await room.reload();
    expect(room.compose.text).toBe("");
  });

  it("that could not be stored is stored later", async () => {
    fake.world.refuse.setDraft = "LOCAL_STORAGE";
    await type("Half");
    await room.compose.store();
    expect([room.compose.failure, own().draft]).toEqual(["LOCAL_STORAGE", null]);
    await room.compose.store();
    expect(own().draft).toBe("Half");
  });
});

describe("a change to a message", () => {
  it("leaves the draft where it is", async () => {
    const edit = vi.spyOn(fake, "edit");
    await type("Half a sentence");
    const last = room.lastOwn()!;
    room.compose.edit(last);
    expect(room.compose.text).toBe(last.text);
    room.compose.text = "Red coat and hat";
    expect(await room.compose.send()).toBe(true);
    expect(edit).toHaveBeenCalledWith("r-1", last.id, "Red coat and hat");
    expect(room.rows.find(({ id }) => id === last.id)).toMatchObject({
      text: "Red coat and hat",
      edited: true,
    });
    expect([room.compose.text, room.compose.editing]).toEqual(["Half a sentence", null]);
  });

  it("to the same text is none, and can be given up", async () => {
    const edit = vi.spyOn(fake, "edit");
    room.compose.edit(room.lastOwn()!);
    await room.compose.send();
    expect([edit.mock.calls.length, room.compose.editing]).toEqual([0, null]);
    room.compose.edit(room.lastOwn()!);
    room.compose.text = "other";
    room.compose.cancelEdit();
    expect([room.compose.text, room.compose.editing]).toEqual(["", null]);
  });

  it("does not tell a draft", async () => {
    vi.useFakeTimers();
    const set = vi.spyOn(fake, "setDraft");
    room.compose.edit(room.lastOwn()!);
    await type("other");
    await vi.advanceTimersByTimeAsync(PAUSE_MS * 2);
    expect(set).not.toHaveBeenCalled();
  });

  it("that cannot be stored keeps its text and stays open", async () => {
    fake.world.refuse.edit = "LOCAL_STORAGE";
    room.compose.edit(room.lastOwn()!);
    room.compose.text = "other";
    expect(await room.compose.send()).toBe(false);
    expect([room.compose.text, room.compose.failure]).toEqual(["other", "LOCAL_STORAGE"]);
    expect(room.compose.editing).not.toBeNull();
  });
});
