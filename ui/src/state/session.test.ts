import { describe, expect, it, vi } from "vitest";
import { Refused } from "../ipc/client";
import { FakeTripchat } from "../ipc/fake";
import { emptyWorld } from "../ipc/fakeWorld";
import { QUIET_MS, Session } from "./session.svelte";

function started(change: Partial<ReturnType<typeof emptyWorld>> = {}): Session {
  return new Session(new FakeTripchat({ ...emptyWorld(), ...change }));
}

describe("the session", () => {
  it("begins where the core stands", async () => {
    const session = started();
    expect(session.phase).toBe("starting");
    await session.start();
    expect([session.phase, session.account?.name, session.online]).toEqual(["signed_in", "Dana", true]);
  });

  it("shows why the core cannot start", async () => {
    const session = started({ refuse: { start: "CACHE_NEWER" } });
    await session.start();
    expect([session.phase, session.broken]).toEqual(["broken", "CACHE_NEWER"]);
  });

  it("believes the newest event, not an answer that was on its way before it", async () => {
    vi.useFakeTimers();
    const tripchat = new FakeTripchat(emptyWorld());
    const then = { ...(await tripchat.start()), connection: "syncing" as const };
    let answer = (): void => undefined;
    vi.spyOn(tripchat, "start").mockReturnValue(new Promise((resolve) => (answer = () => resolve(then))));
    const session = new Session(tripchat);
    const looked = session.look();
    session.connected("online");
    answer();
    await looked;
    vi.advanceTimersByTime(QUIET_MS);
    expect([session.online, session.reconnecting]).toEqual([true, false]);
    vi.useRealTimers();
  });

  it("speaks of a lost connection only after a while, and stops at once", async () => {
    vi.useFakeTimers();
    const session = started();
    await session.start();
    session.connected("connecting");
    vi.advanceTimersByTime(QUIET_MS - 1);
    // Another step on the way does not begin the wait again.
    session.connected("syncing");
    expect(session.reconnecting).toBe(false);
    vi.advanceTimersByTime(1);
    expect(session.reconnecting).toBe(true);
    session.connected("connecting");
    expect(session.reconnecting).toBe(true);
    session.connected("online");
    expect(session.reconnecting).toBe(false);
    session.connected("connecting");
    session.connected("online");
    vi.advanceTimersByTime(QUIET_MS * 2);
    expect(session.reconnecting).toBe(false);
  });

  it("asks before unsent messages are lost", async () => {
    const session = started();
    await session.start();
    vi.spyOn(session.tripchat, "signOut").mockRejectedValueOnce(new Refused("CONFLICT", "3"));
    await session.signOut(false);
    expect([session.phase, session.unsent]).toEqual(["signed_in", 3]);
    await session.signOut(true);
    expect([session.phase, session.unsent, session.account]).toEqual(["signed_out", null, null]);
  });

  it("remembers why the server ended it, also with a code of a later version", async () => {
    const session = started();
    await session.start();
    session.ended("SESSION_ENDED");
    expect([session.phase, session.endedBy]).toEqual(["signed_out", "SESSION_ENDED"]);
    session.ended("A_LATER_CODE");
    expect(session.endedBy).toBe("UNKNOWN");
    await session.signIn("http://127.0.0.1:7400", "dana@example.com", "secret");
    expect([session.phase, session.endedBy]).toEqual(["signed_in", null]);
  });
});
