import { mkdirSync, readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { writeWhole } from "../files/write-whole.ts";
import type { Mark } from "../state/app-state.ts";
import { readSmallFile } from "../files/small-file.ts";
import { marksText, readMarks } from "./marks-text.ts";

/** More logs than anybody marks requests in. */
const MOST_LOGS = 10_000;
const MOST_BYTES = 32 * 2 ** 20;
/** What the engine calls logs is safe as a file's name; nothing else is taken for one. */
const LOG = /^\d+-[0-9a-f]{32}$/;

/** Marks of requests, a file for each log. Nothing is written before somebody marks something. */
export interface MarkStore {
  /** Null where there is no home. */
  readonly folder: string | null;
  /** Fingerprints of logs that have marks. */
  logs(): readonly string[];
  /** Rows are not known: `seq` is NaN. `problem`: a sentence. */
  read(log: string): { readonly marks: readonly Mark[]; readonly problem: string | null };
  /** Edits what is in the file at that moment: another explorer may be open. Throws a sentence. */
  change(log: string, edit: (marks: Map<string, Mark>) => void): void;
}

/** `mask` takes secrets out of a text. */
export function createMarkStore(stateFolder: string | null, mask: (text: string) => string): MarkStore {
  const folder = stateFolder === null ? null : join(stateFolder, "marks");
  const pathOf = (log: string): string => join(folder ?? "", `${log}.json`);
  const read: MarkStore["read"] = (log) => {
    if (folder === null || !LOG.test(log)) return { marks: [], problem: null };
    const found = readSmallFile(pathOf(log), MOST_BYTES);
    if (found.kind === "missing") return { marks: [], problem: null };
    if (found.kind === "unusable") return { marks: [], problem: `${pathOf(log)} ${found.reason}` };
    const marks = readMarks(found.text, log);
    return marks === null ? { marks: [], problem: `${pathOf(log)} holds no marks` } : { marks, problem: null };
  };
  return {
    folder,
    logs() {
      if (folder === null) return [];
      const names = readdirOf(folder).filter((name) => name.endsWith(".json"));
      return names
        .map((name) => name.slice(0, -".json".length))
        .filter((log) => LOG.test(log))
        .slice(0, MOST_LOGS);
    },
    read,
    change(log, edit) {
      if (folder === null) throw new Error("there is no HOME to keep marks in");
      const { marks, problem } = read(log);
      if (problem !== null) throw new Error(`${problem}: it is left as it is`);
      const edited = new Map(marks.map((mark) => [mark.id, mark]));
      edit(edited);
      try {
        if (edited.size === 0) return rmSync(pathOf(log), { force: true });
        mkdirSync(folder, { recursive: true, mode: 0o700 });
        writeWhole(pathOf(log), marksText([...edited.values()], mask), { replace: true });
      } catch (error) {
        const code = error instanceof Error && "code" in error ? String(error.code) : String(error);
        throw new Error(`${folder} can't be written (${code})`, { cause: error });
      }
    },
  };
}

function readdirOf(folder: string): readonly string[] {
  try {
    return readdirSync(folder);
  } catch {
    // Nobody has marked anything, or nobody may look: then there is nothing to restore.
    return [];
  }
}
