// The form of who one is, begun with what the server knows.

import type { Refused, Tripchat } from "../ipc/client";
import type { Me } from "../ipc/generated/Me";
import type { MeChange } from "../ipc/generated/MeChange";
import { Loaded } from "./loaded.svelte";
import { FieldRefusal, SentForm } from "./sent.svelte";

const FIELDS = ["name", "username", "business_name", "locale"] as const;
export type ProfileField = (typeof FIELDS)[number];

/** The words for what the server does not take. */
const WRONG: Record<ProfileField, string> = {
  name: "profile-wrong-name",
  username: "profile-wrong-username",
  business_name: "profile-wrong-name",
  locale: "profile-wrong-locale",
};

export class ProfileForm extends SentForm {
  readonly known: Loaded<Me>;
  draft = $state<Record<ProfileField, string>>({ name: "", username: "", business_name: "", locale: "" });
  #refusals = Object.fromEntries(FIELDS.map((field) => [field, new FieldRefusal()]));

  constructor(
    readonly tripchat: Tripchat,
    readonly named: (name: string) => void,
  ) {
    super();
    this.known = new Loaded(async () => {
      const me = await tripchat.profile();
      this.#begin(me);
      return me;
    });
  }

  protected async send(): Promise<void> {
    const change = this.#change();
    if (Object.keys(change).length > 0) this.#begin(await this.tripchat.changeProfile(change));
  }

  protected placed({ code, details }: Refused): boolean {
    const field = FIELDS.find((field) => field === details);
    if (code === "USERNAME_TAKEN") return this.#note("username", "error-USERNAME_TAKEN");
    return code === "INVALID_INPUT" && field !== undefined && this.#note(field, WRONG[field]);
  }

  protected check(): Record<string, string> {
    const problems: Record<string, string> = {};
    for (const field of FIELDS) {
      const problem = this.#refusals[field]?.of(this.draft[field]);
      if (problem) problems[field] = problem;
    }
    if (this.draft.name.trim() === "") problems.name = "field-required";
    return problems;
  }

  #begin(me: Me): void {
    for (const field of FIELDS) this.draft[field] = me[field] ?? "";
    this.named(me.business_name ?? me.name);
  }

  /** What is not as it was. */
  #change(): MeChange {
    const was = this.known.value;
    const changed = FIELDS.filter((field) => this.draft[field].trim() !== (was?.[field] ?? ""));
    return Object.fromEntries(changed.map((field) => [field, this.draft[field].trim() || null]));
  }

  #note(field: ProfileField, problem: string): true {
    this.#refusals[field]?.note(this.draft[field], problem);
    return true;
  }
}
