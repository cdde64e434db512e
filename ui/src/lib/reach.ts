// Whom a message has reached, by name.

import type { MemberView } from "../ipc/generated/MemberView";

export type How = "read" | "delivered" | "waiting";

const ORDER: How[] = ["read", "delivered", "waiting"];

/** The others who were there when the message with this seq was sent: those who read it first. */
export function reachOf(members: readonly MemberView[], seq: number): { member: MemberView; how: How }[] {
  const others = members.filter(({ me, since }) => !me && since < seq);
  const people = others.map((member) => ({ member, how: howFar(member, seq) }));
  return people.sort((a, b) => ORDER.indexOf(a.how) - ORDER.indexOf(b.how));
}

function howFar({ read, delivered }: MemberView, seq: number): How {
  if (read >= seq) return "read";
  return delivered >= seq ? "delivered" : "waiting";
}
