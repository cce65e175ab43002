/** How the explorer ended, for the exit code and the line printed afterwards. */
export type Ending =
  | { readonly kind: "quit" }
  | { readonly kind: "signal"; readonly signal: NodeJS.Signals }
  /** Nobody reads the screen any more (EPIPE, EIO). */
  | { readonly kind: "gone" }
  | { readonly kind: "crash"; readonly error: unknown };

export interface LifecycleHandlers {
  /** The program must end: restore the terminal, then exit. */
  end(ending: Ending): void;
  /** SIGTSTP from outside. */
  suspend(): void;
  /** Continued after a stop that was not ours (kill -STOP): the terminal is in an unknown state. */
  resumed(): void;
}

const SIGNAL_NUMBERS: Partial<Record<NodeJS.Signals, number>> = { SIGHUP: 1, SIGINT: 2, SIGQUIT: 3, SIGTERM: 15 };
const ENDING_SIGNALS = ["SIGHUP", "SIGINT", "SIGQUIT", "SIGTERM"] as const;

export function exitCodeOf(ending: Ending): number {
  switch (ending.kind) {
    case "quit":
      return 0;
    case "signal":
      return 128 + (SIGNAL_NUMBERS[ending.signal] ?? 0);
    case "gone":
      return 0;
    case "crash":
      return 1;
  }
}

/** Listens on everything that can end or stop the program. Returns what removes the listeners again. */
export function watchProcess(stdout: NodeJS.WritableStream, handlers: LifecycleHandlers): () => void {
  const onSignal = (signal: NodeJS.Signals): void => handlers.end({ kind: "signal", signal });
  const onCrash = (error: unknown): void => handlers.end({ kind: "crash", error });
  const onStreamError = (error: NodeJS.ErrnoException): void => {
    if (error.code === "EPIPE" || error.code === "EIO" || error.code === "ERR_STREAM_DESTROYED") {
      handlers.end({ kind: "gone" });
    } else {
      handlers.end({ kind: "crash", error });
    }
  };
  const onStop = (): void => handlers.suspend();
  const onContinue = (): void => handlers.resumed();

  for (const signal of ENDING_SIGNALS) process.on(signal, onSignal);
  process.on("SIGTSTP", onStop);
  process.on("SIGCONT", onContinue);
  process.on("uncaughtException", onCrash);
  process.on("unhandledRejection", onCrash);
  stdout.on("error", onStreamError);
  return () => {
    for (const signal of ENDING_SIGNALS) process.off(signal, onSignal);
    process.off("SIGTSTP", onStop);
    process.off("SIGCONT", onContinue);
    process.off("uncaughtException", onCrash);
    process.off("unhandledRejection", onCrash);
    stdout.off("error", onStreamError);
  };
}

/**
 * Stops the whole foreground job as the terminal's own Ctrl-Z does: in `tail -F log | ktrail -` both must stop. Resolves
 * when the job goes on; at once when nothing can stop it (no job control).
 */
export async function stopJob(): Promise<void> {
  const handlers = process.listeners("SIGTSTP");
  process.removeAllListeners("SIGTSTP");
  process.kill(0, "SIGTSTP");
  // The stop takes effect within microseconds; this timer runs out after the job was continued.
  await new Promise((resolve) => setTimeout(resolve, 50));
  for (const handler of handlers) process.on("SIGTSTP", handler);
}
