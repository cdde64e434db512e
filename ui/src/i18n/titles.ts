// What a room is called: by its own name, or by its trip.

import type { RoomType } from "../ipc/generated/RoomType";
import type { Trip } from "../ipc/generated/Trip";
import { ends } from "../lib/trip";
import { t } from "./words.svelte";

export function tripTitle(trip: Trip): string {
  const { from, to } = ends(trip);
  return t("route", { from: from.place, to: to.place });
}

export function roomTitle(room: { name: string | null; trip: Trip | null; room_type: RoomType }): string {
  return room.name ?? (room.trip ? tripTitle(room.trip) : t(`room-type-${room.room_type}`));
}
