import { describe, expect, it } from "vitest";
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
    const { app } = await started("ride");
    app.openRoom("r-1").draft = "Half a sentence";
    app.openRoom("r-2");
    expect(app.room?.draft).toBe("");
    expect(app.openRoom("r-1").draft).toBe("Half a sentence");
  });

  it("forgets everything of someone who was signed out", async () => {
    const { app } = await started("ride");
    app.openRoom("r-1").draft = "Half a sentence";
    app.way.go({ name: "room", room: "r-1" });
    await app.hear({ type: "signed_out", reason: "SESSION_ENDED" });
    expect([app.room, app.inbox.value, app.trips.value, app.way.place.name]).toEqual([
      null,
      null,
      null,
      "inbox",
    ]);
    expect(app.openRoom("r-1").draft).toBe("");
  });

  it("asks for a seat and has it confirmed", async () => {
    const { app } = await started("ride");
    const trip = app.openTrip("t-4");
    await trip.request(2);
    expect(trip.bookings.value?.map(({ status, seats }) => [status, seats])).toEqual([["requested", 2]]);
    await trip.request(5);
    expect([trip.failure, trip.busy]).toEqual(["SEATS_TAKEN", null]);

    const driver = await started("driver");
    const own = driver.app.openTrip("t-1");
    await own.bookings.reload();
    await own.confirm("b-3");
    expect(own.bookings.value?.find(({ id }) => id === "b-3")?.status).toBe("confirmed");
    expect(driver.app.trips.value?.find(({ id }) => id === "t-1")?.seats_free).toBe(1);
  });
});

describe("the way", () => {
  it("is written in the address and read back", () => {
    const places: Place[] = [
      { name: "inbox" },
      { name: "room", room: "0190-a" },
      { name: "trips" },
      { name: "trip", trip: "0190-b" },
      { name: "new-trip" },
      { name: "me" },
    ];
    for (const place of places) expect(placeAt(addressOf(place))).toEqual(place);
    expect(["", "#/nowhere", "#/room/"].map(placeAt)).toEqual(Array(3).fill({ name: "inbox" }));
    expect(places.map(tabOf)).toEqual(["inbox", "inbox", "trips", "trips", "trips", "me"]);
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
