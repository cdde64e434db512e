// Reloading on every event, without reloading more often than it helps.

/**
 * Runs `work` one at a time: calls that come while it runs become one further run after it, so that the last
 * run always began after the last call. Every caller waits until a run that began after its call has ended.
 */
export function oneAtATime(work: () => Promise<void>): () => Promise<void> {
  let running: Promise<void> | null = null;
  let next: Promise<void> | null = null;
  const run = (): Promise<void> => {
    running = work().finally(() => {
      running = null;
    });
    return running;
  };
  return () => {
    if (!running) return run();
    next ??= running
      .catch(() => undefined)
      .then(() => {
        next = null;
        return run();
      });
    return next;
  };
}
