import { readSmallFile } from "../../files/small-file.ts";
import { KtrailError } from "../../errors.ts";

const VARIABLE = "KTRAIL_STORE_PASSWORD";
const MOST_BYTES = 4_096;
const ENTER = /[\r\n]/;

/**
 * The password of a store's user: of a file, or of the environment, where no program that is started later sees it; null: neither.
 * Throws KT100 for a file that cannot be read.
 */
export function givenPassword(file: string | undefined): string | null {
  const told = process.env[VARIABLE];
  delete process.env[VARIABLE];
  if (file === undefined) return told ?? null;
  const found = readSmallFile(file, MOST_BYTES);
  if (found.kind === "text") return found.text.replace(/\r?\n$/, "");
  throw new KtrailError("KT100", `--password-file ${file} ${found.kind === "missing" ? "is not there" : found.reason}`);
}

/** Asks on the terminal, without showing what is typed; null where there is none, or the user would rather not. */
export async function askedPassword(user: string): Promise<string | null> {
  const { stdin, stderr } = process;
  if (!stdin.isTTY || !stderr.isTTY) return null;
  stderr.write(`password of ${user}: `);
  stdin.setRawMode(true);
  let typed = "";
  try {
    for await (const chunk of stdin) {
      for (const key of String(chunk)) {
        if (ENTER.test(key)) return typed;
        if (key === "\u0003" || key === "\u0004") return null;
        typed = key === "\u007f" ? typed.slice(0, -1) : typed + key;
      }
    }
    return null;
  } finally {
    stdin.setRawMode(false);
    stdin.pause();
    stderr.write("\n");
  }
}
