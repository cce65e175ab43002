/** Keys typed into the built program in a pseudo-terminal, and what they take. */
import { setTimeout as pause } from "node:timers/promises";
import { PROGRAM } from "../support/program.ts";
import { Pty } from "./pty.ts";

export const SIZES = [
  [120, 40],
  [200, 60],
] as const;
/** Somebody typing; irregular, so that keys do not march in step with the refresh. */
const BETWEEN_KEYS_MS = 90;
/** Rows of the screen between which the cursor goes up and down. */
const TURN_ROWS = [12, 28] as const;
const KEY_PATIENCE_MS = 20_000;

export const isShown = (pty: Pty): boolean => pty.screen().includes("? help");
export const isLoading = (pty: Pty): boolean => pty.screen().includes("loading");
export const upTo =
  (count: number) =>
  (made: number): boolean =>
    made < count;

export interface Key {
  readonly ms: number;
  readonly bytes: number;
}

/** One key, until the emulator shows what it does. */
async function typed(pty: Pty, key: string, isDone: () => boolean): Promise<Key> {
  pty.forget();
  const done = pty.until(isDone, KEY_PATIENCE_MS);
  const pressed = performance.now();
  pty.type(key);
  return { ms: (await done) - pressed, bytes: pty.bytes };
}

/**
 * The cursor one row down, or up again near the end of the screen, for as long as there is another move to make: until the
 * emulator shows it elsewhere.
 */
export async function moves(pty: Pty, goesOn: (made: number) => boolean): Promise<Key[]> {
  const keys: Key[] = [];
  let key = "j";
  for (let n = 0; goesOn(n); n++) {
    await pause(BETWEEN_KEYS_MS + (n % 7) * 5);
    const before = pty.bar();
    // Live rows change places under the cursor, so that keys cannot be counted.
    if ((before?.row ?? 0) < TURN_ROWS[0]) key = "j";
    else if ((before?.row ?? 0) > TURN_ROWS[1]) key = "k";
    keys.push(await typed(pty, key, () => pty.bar() !== null && pty.bar()?.text !== before?.text));
  }
  return keys;
}

/** Letters typed after `:`, whatever the pane shows meanwhile: until the emulator shows them. */
export async function letters(pty: Pty, goesOn: (made: number) => boolean): Promise<Key[]> {
  const keys: Key[] = [];
  let prompt = ":";
  pty.type(prompt);
  for (let n = 0; goesOn(n); n++) {
    await pause(BETWEEN_KEYS_MS + (n % 7) * 5);
    const letter = String.fromCodePoint("a".codePointAt(0)! + (n % 26));
    const expected = prompt + letter;
    keys.push(await typed(pty, letter, () => pty.screen().includes(expected)));
    prompt = expected;
  }
  const closed = pty.until(() => isShown(pty));
  pty.type("\u{1b}");
  await closed;
  return keys;
}

export async function opened<T>(
  args: readonly string[],
  [columns, rows]: (typeof SIZES)[number],
  use: (pty: Pty) => Promise<T>,
): Promise<T> {
  const pty = new Pty([process.execPath, PROGRAM, ...args], columns, rows);
  try {
    await pty.until(() => isShown(pty) && !isLoading(pty), 5 * 60_000);
    await pause(1_000);
    return await use(pty);
  } finally {
    await pty.close();
  }
}

export const toTopPane = async (pty: Pty): Promise<void> => {
  pty.type("2");
  await pty.until(() => pty.bar() !== null);
  await pause(500);
};
