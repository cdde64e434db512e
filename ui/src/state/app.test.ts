import { describe, expect, it, vi } from "vitest";
import { FakeTripchat } from "../ipc/fake";
import { sceneFor } from "../ipc/fakeScenes";
import { emptyWorld } from "../ipc/fakeWorld";
import { App } from "./app.svelte";
import { NewTripForm } from "./newTrip.svelte";
import { addressOf, placeAt, tabOf, type Place } from "./place.svelte";
import { SignInForm } from "./signIn.svelte";

async function started(scene: string): Promise<{ app: App; fake: FakeTripchat }> {
  const fake = new FakeTripchat(sceneFor(scene, emptyWorld()));
  const app = new App(fake);
  await app.start();
  return { app, fake };
}

describe("the app", () => {
  it("looks again at what an event names", async () => {
    const { app, fake } = await started("ride");
    const room = app.openRoom("r-1");
    await room.reload();
    fake.hearMessage("r-1", "u-timur", "Hello");
    await app.hear({ type: "room", room: "r-1" });
    expect(app.inbox.value?.[0]?.last?.text).toBe("Hello");
    expect(room.rows.at(-1)?.text).toBe("Hello");
  });

  it("reads again what failed without the network", async () => {
    const { app, fake } = await started("ride");
    fake.world.refuse.trips = "NO_SERVER";
    await app.trips.reload();
    expect([app.trips.failure, app.trips.value?.length]).toEqual(["NO_SERVER", 4]);
    await app.hear({ type: "connection", connection: "online" });
    expect(app.trips.failure).toBeNull();
  });

  it("keeps a draft while another room is open", async () => {
    const { app, fake } = await started("ride");
    const first = app.openRoom("r-1");
    await first.reload();
    first.compose.text = "Half a sentence";
    await first.compose.typed();
    await app.openRoom("r-2").reload();
    expect(app.room?.compose.text).toBe("");
    expect(fake.world.rooms[0]?.own.draft).toBe("Half a sentence");
    await app.openRoom("r-1").reload();
    expect(app.room?.compose.text).toBe("Half a sentence");
  });

  it("goes where a notification or a link leads", async () => {
    const { app, fake } = await started("ride");
    fake.lead({ room: "r-2" });
    expect(app.way.place).toEqual({ name: "room", room: "r-2" });
    fake.lead({ trip: "t-1" });
    expect(app.way.place).toEqual({ name: "trip", trip: "t-1" });
  });

  it("leaves notifications to the shell", async () => {
    const { app, fake } = await started("ride");
    const inbox = vi.spyOn(fake, "inbox");
    await app.hear({ type: "withdraw", room: "r-1" });
    expect(inbox).not.toHaveBeenCalled();
  });

  it("sets things about a room, and says when it cannot", async () => {
    const { app, fake } = await started("ride");
    await app.setRoom("r-2", { favourite: true });
    expect(app.inbox.value?.find(({ room }) => room === "r-2")?.favourite).toBe(true);
    expect(app.list.shown[0]?.room).toBe("r-2");
    fake.world.refuse.setRoom = "LOCAL_STORAGE";
    await app.setRoom("r-2", { archived: true });
    expect(app.failure).toBe("LOCAL_STORAGE");
  });

  it("marks a room as read, whether it holds messages or was only marked", async () => {
    const { app, fake } = await started("unread");
    await app.markRead("r-1");
    expect(app.inbox.value?.find(({ room }) => room === "r-1")?.unread).toBe(0);
    await app.setRoom("r-2", { marked_unread: true });
    await app.markRead("r-2");
    expect(fake.world.rooms.find(({ id }) => id === "r-2")?.own.marked_unread).toBe(false);
  });

  it("lists hundreds of rooms, the archived ones apart", async () => {
    const { app } = await started("many");
    const { rows, archived } = app.list.sections;
    expect([rows.length + archived.length, archived.every((row) => row.archived)]).toEqual([300, true]);
    expect(rows[0]?.favourite).toBe(true);
    const closed = app.list.shown.length;
    app.list.archiveOpen = true;
    expect(app.list.shown.length - closed).toBe(archived.length);
  });

  it("goes from room to room in the order of the list", async () => {
    const { app } = await started("ride");
    const order = app.list.shown.map(({ room }) => room);
    app.step(1);
    expect(app.way.room).toBe(order[0]);
    app.step(1);
    expect(app.way.room).toBe(order[1]);
    app.step(-1);
    expect(app.way.room).toBe(order[0]);
  });

  it("remembers how far the person wants to be seen", async () => {
    const { app, fake } = await started("ride");
    await app.beAvailable("invisible");
    expect(fake.world.availability).toBe("invisible");
    expect((await started("ride")).fake.world.availability).toBe("invisible");
  });

  it("forgets everything of someone who was signed out", async () => {
    const { app } = await started("ride");
    app.openRoom("r-1").compose.text = "Half a sentence";
    app.way.go({ name: "room", room: "r-1" });
    await app.hear({ type: "signed_out", reason: "SESSION_ENDED" });
    expect([app.room, app.inbox.value, app.trips.value, app.way.place.name]).toEqual([
      null,
      null,
      null,
      "inbox",
    ]);
    expect(app.openRoom("r-1").compose.text).toBe("");
  });

  it("asks for a seat and has it confirmed", async () => {
    const { app } = await started("ride");
    const trip = app.openTrip("t-4");
    await trip.request({ seats: 2 });
    expect(trip.bookings.value?.map(({ status, seats }) => [status, seats])).toEqual([["requested", 2]]);
    await trip.request({ seats: 5 });
    expect([trip.failure, trip.busy]).toEqual(["SEATS_TAKEN", null]);

    const driver = await started("driver");
    const own = driver.app.openTrip("t-1");
    await own.bookings.reload();
    await own.move("b-3", "confirm");
    expect(own.bookings.value?.find(({ id }) => id === "b-3")?.status).toBe("confirmed");
    expect(driver.app.trips.value?.find(({ id }) => id === "t-1")?.seats_free).toBe(1);
    await own.move("b-3", "cancel");
    expect(own.bookings.value?.find(({ id }) => id === "b-3")?.status).toBe("cancelled");
    expect(driver.app.trips.value?.find(({ id }) => id === "t-1")?.seats_free).toBe(3);
  });
});

describe("the way", () => {
  it("is written in the address and read back", () => {
    const places: Place[] = [
      { name: "inbox" },
      { name: "room", room: "0190-a" },
      { name: "room", room: "0190-a", seq: 7 },
      { name: "search", room: null, words: "a/b ?" },
      { name: "search", room: "0190-a", words: "" },
      { name: "trips" },
      { name: "trip", trip: "0190-b" },
      { name: "new-trip" },
      { name: "me" },
      { name: "sign-ins" },
    ];
    for (const place of places) expect(placeAt(addressOf(place))).toEqual(place);
    expect(["", "#/nowhere", "#/room/"].map(placeAt)).toEqual(Array(3).fill({ name: "inbox" }));
    expect(placeAt("#/search/all/%E0")).toEqual({ name: "search", room: null, words: "%E0" });
    expect(placeAt("#/room/0190-a/x")).toEqual({ name: "room", room: "0190-a" });
    const tabs = places.map(tabOf);
    expect(tabs.splice(0, 5)).toEqual(Array(5).fill("inbox"));
    expect(tabs).toEqual(["trips", "trips", "trips", "me", "me"]);
  });

  it("keeps the room on the screen while one looks for something", async () => {
    const { app } = await started("ride");
    app.way.go({ name: "room", room: "r-1" });
    app.startSearch(null);
    expect([app.way.place.name, app.way.room]).toEqual(["search", "r-1"]);
    app.startSearch("r-2");
    expect([app.way.place, app.way.room]).toEqual([{ name: "search", room: "r-2", words: "" }, "r-2"]);
    app.way.go({ name: "inbox" });
    expect(app.way.room).toBeNull();
  });

  it("leads back to the list from the first place", async () => {
    window.history.replaceState(null, "", "#/trip/t-1");
    const { app } = await started("ride");
    app.way.back();
    expect(app.way.place).toEqual({ name: "trips" });
  });
});

describe("the forms", () => {
  it("let someone in, or say why not", async () => {
    const { app, fake } = await started("signed-out");
    const form = new SignInForm(app);
    expect(form.server).toBe("http://127.0.0.1:7400");
    await form.submit();
    expect(form.problems).toEqual({ email: "field-required", password: "field-required" });
    form.email = "dana@example.com";
    form.password = "wrong";
    await form.submit();
    expect([form.failure, form.password, app.session.phase]).toEqual([
      "WRONG_CREDENTIALS",
      "wrong",
      "signed_out",
    ]);
    form.password = "right";
    fake.world.remembers = false;
    await form.submit();
    expect([form.failure, form.password, app.session.phase]).toEqual([null, "", "signed_in"]);
    // Only now it is known that there is no keyring.
    expect(app.session.remembers).toBe(false);
  });

  it("take no password that the server would refuse", async () => {
    const { app } = await started("signed-out");
    const form = new SignInForm(app);
    form.switchTo("register");
    Object.assign(form, { name: "Dana", email: "dana@example.com", password: "short" });
    await form.submit();
    expect(form.problems).toEqual({ password: "field-password-short" });
    form.password = "long enough";
    await form.submit();
    expect(app.session.account?.name).toBe("Dana");
  });

  it("offer a trip, with stops that come and go", async () => {
    const { fake } = await started("ride");
    const form = new NewTripForm(fake, () => Date.UTC(2026, 10, 20, 12));
    const [from, to] = form.draft.stops;
    form.addStop();
    expect(form.draft.stops.map(({ key }) => key)).toEqual([from!.key, 3, to!.key]);
    form.removeStop(3);
    expect(await form.submit()).toBeNull();
    expect(form.problems["place-1"]).toBe("problem-required");
    Object.assign(from!, { place: "Almaty", date: "2026-11-21", time: "08:00", zone: "Asia/Almaty" });
    Object.assign(to!, { place: "Bishkek", date: "2026-11-21", time: "13:30", zone: "Asia/Bishkek" });
    Object.assign(form.draft, { model: "Alphard", colour: "silver", plate: "482", amount: "7000" });
    fake.world.refuse.createTrip = "RATE_LIMITED";
    expect([await form.submit(), form.failure]).toEqual([null, "RATE_LIMITED"]);
    expect((await form.submit())?.stops).toHaveLength(2);
  });
});
