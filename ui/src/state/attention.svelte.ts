// Whether the person looks at this window: nothing counts as read while they do not.

export class Attention {
  focused = $state(false);

  /** Follows the window; the answer ends it. */
  follow(): () => void {
    const look = () => {
      this.focused = document.visibilityState === "visible" && document.hasFocus();
    };
    look();
    const on = ["focus", "blur", "pageshow", "pagehide"] as const;
    for (const name of on) window.addEventListener(name, look);
    document.addEventListener("visibilitychange", look);
    return () => {
      for (const name of on) window.removeEventListener(name, look);
      document.removeEventListener("visibilitychange", look);
    };
  }
}
