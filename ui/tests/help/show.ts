// The whole screen over the core's twin, at an address.

import { render, screen } from "@testing-library/svelte";
import userEvent from "@testing-library/user-event";
import { FakeTripchat } from "../../src/ipc/fake";
import { sceneFor } from "../../src/ipc/fakeScenes";
import { emptyWorld } from "../../src/ipc/fakeWorld";
import { App } from "../../src/state/app.svelte";
import Root from "../../src/views/Root.svelte";

export function show(scene: string, address = "#/inbox", change?: (fake: FakeTripchat) => void) {
  window.history.replaceState(null, "", address);
  const fake = new FakeTripchat(sceneFor(scene, emptyWorld()));
  change?.(fake);
  const app = new App(fake);
  render(Root, { props: { app } });
  return { app, fake, user: userEvent.setup() };
}

export const composer = () => screen.findByTestId<HTMLTextAreaElement>("composer");
export const bubbles = () => screen.findAllByTestId("message");
export const inboxRows = () => screen.findAllByTestId("inbox-row");

/** The bubble with this text. */
export async function bubble(text: string): Promise<HTMLElement> {
  const found = (await screen.findByText(text)).closest<HTMLElement>("[data-testid=message]");
  if (!found) throw new Error(`no message says ${text}`);
  return found;
}
