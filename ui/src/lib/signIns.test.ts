import { describe, expect, it } from "vitest";
import { checkNewPassword, refusedPassword } from "./password";
import { appNamed } from "./signIns";

describe("an app's name", () => {
  it("is read from what it says it is", () => {
    expect(appNamed("tripchat/0.1.0 (linux)")).toEqual({
      kind: "tripchat",
      name: "tripchat",
      version: "0.1.0",
      system: "Linux",
      inHand: false,
    });
    expect(appNamed("tripchat/1.2.3 (android)")).toMatchObject({ system: "Android", inHand: true });
    expect(appNamed("tripchat/0.1.0")).toMatchObject({ kind: "tripchat", version: "0.1.0", system: null });
    expect(appNamed("curl/8.5.0")).toMatchObject({ kind: "other", name: "curl", version: "8.5.0" });
    expect(appNamed("fleet (haiku)")).toMatchObject({ kind: "other", name: "fleet", system: "haiku" });
  });

  it("of a browser is not taken at its word, and none is none", () => {
    const phone = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Mobile";
    expect(appNamed(phone)).toMatchObject({ kind: "browser", version: null, system: null, inHand: true });
    expect(appNamed("Mozilla/5.0 (X11; Linux x86_64)")).toMatchObject({ kind: "browser", inHand: false });
    for (const said of [undefined, "", "  "]) expect(appNamed(said).kind).toBe("unknown");
  });
});

describe("a new password", () => {
  it("has a length in characters, not in code units", () => {
    expect(checkNewPassword("")).toBe("field-required");
    expect(checkNewPassword("🚌".repeat(7))).toBe("field-password-short");
    expect(checkNewPassword("🚌".repeat(8))).toBeNull();
    expect(checkNewPassword("a".repeat(128))).toBeNull();
    expect(checkNewPassword("a".repeat(129))).toBe("field-password-long");
  });

  it("is refused in the words of the rule that the server named", () => {
    expect(refusedPassword("personal")).toBe("field-password-personal");
    expect([refusedPassword("common"), refusedPassword(null)]).toEqual([
      "field-password-common",
      "field-password-common",
    ]);
  });
});
