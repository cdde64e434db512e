// What the server says by itself, in the words of the screen. The shell words its notifications from the same file.

import type { System } from "../ipc/generated/System";
import type { Vehicle } from "../ipc/generated/Vehicle";
import { nameOf } from "./people";
import { t } from "./words.svelte";

const HOUR = 60;

/** The sentence, of what `author` did. */
export function systemSentence(said: System, author: string): string {
  switch (said.code) {
    case "DELAYED":
      return delay(said.params.minutes);
    case "VEHICLE_CHANGED":
      return t("system-VEHICLE_CHANGED", { vehicle: whole(said.params.vehicle) });
    case "DRIVER_CHANGED":
      return t("system-DRIVER_CHANGED", { name: nameOf(said.params.name) });
    case "REQUESTED":
      return t("system-REQUESTED", { count: said.params.seats });
    case "JOINED":
    case "LEFT":
      return t(`system-${said.code}`, { name: nameOf(author) });
    default:
      return t(`system-${said.code}`);
  }
}

/** Whether nobody may miss it. */
export function isImportant({ code }: System): boolean {
  return code === "TRIP_CANCELLED" || code === "DELAYED";
}

/** Minutes below an hour, hours and minutes from there on. */
function delay(by: number): string {
  const count = Math.abs(by);
  const way = by < 0 ? "earlier" : "later";
  return count < HOUR ? t(`system-${way}`, { count }) : t(`system-${way}-by`, { span: span(count) });
}

function span(count: number): string {
  const [hours, minutes] = [Math.floor(count / HOUR), count % HOUR];
  return minutes === 0 ? t("trip-duration-hours", { hours }) : t("trip-duration", { hours, minutes });
}

function whole({ model, colour, plate }: Vehicle): string {
  return [model, colour, plate].filter(Boolean).join(", ");
}
