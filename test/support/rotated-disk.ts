import {
  appendFileSync,
  copyFileSync,
  existsSync,
  readdirSync,
  readFileSync,
  renameSync,
  truncateSync,
  unlinkSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { gunzipSync, gzipSync } from "node:zlib";
import type { Seeded } from "../bench/seeded.ts";

/** How rotated files are called. */
export type Naming = "lumberjack" | "numbered" | "dated";

/** The log's directory as its writer and its rotation leave it. */
export class RotatedDisk {
  readonly log: string;
  written = 0;
  private turns = 0;
  private readonly folder: string;
  private readonly naming: Naming;
  private readonly random: Seeded;
  private readonly line: (n: number) => string;

  /** `line`: the n-th event, with its newline. */
  constructor(folder: string, naming: Naming, random: Seeded, line: (n: number) => string) {
    this.folder = folder;
    this.naming = naming;
    this.random = random;
    this.line = line;
    this.log = join(folder, "audit.log");
  }

  write(lines: number): void {
    let text = "";
    for (let i = 0; i < lines; i++) text += this.line(this.written++);
    appendFileSync(this.log, text);
  }

  rename(): void {
    if (!existsSync(this.log)) return;
    this.shift();
    renameSync(this.log, this.rotatedName());
    // The next file is made at once, or with the first line.
    if (this.random.below(2) === 0) writeFileSync(this.log, "");
  }

  copytruncate(): void {
    if (!existsSync(this.log)) return;
    this.shift();
    copyFileSync(this.log, this.rotatedName());
    truncateSync(this.log, 0);
  }

  compress(): void {
    const path = this.any(this.rotated().filter((name) => !name.endsWith(".gz")));
    if (path === null) return;
    writeFileSync(`${path}.gz`, gzipSync(readFileSync(path)));
    unlinkSync(path);
  }

  forget(): void {
    const [oldest] = this.rotated();
    if (oldest !== undefined) unlinkSync(join(this.folder, oldest));
  }

  delete(): void {
    if (existsSync(this.log)) unlinkSync(this.log);
  }

  truncate(): void {
    if (existsSync(this.log)) truncateSync(this.log, 0);
  }

  /** Other lines in the place of those that are there; the file is the same. */
  rewrite(lines: number): void {
    if (!existsSync(this.log)) return;
    let text = "";
    for (let i = 0; i < lines; i++) text += this.line(this.written++);
    writeFileSync(this.log, text);
  }

  /** Another file takes the log's name. */
  replace(lines: number): void {
    const beside = join(this.folder, ".new");
    let text = "";
    for (let i = 0; i < lines; i++) text += this.line(this.written++);
    writeFileSync(beside, text);
    renameSync(beside, this.log);
  }

  /** Numbers of the lines that can be read, whatever the file, or in one file. */
  available(names: readonly string[] = readdirSync(this.folder)): Set<number> {
    const numbers = new Set<number>();
    for (const name of names) {
      const bytes = readFileSync(join(this.folder, name));
      const text = (name.endsWith(".gz") ? gunzipSync(bytes) : bytes).toString("latin1");
      for (const found of text.split("\n")) if (found !== "") numbers.add(numberOf(found));
    }
    return numbers;
  }

  describe(): string {
    return readdirSync(this.folder)
      .map((name) => {
        const bytes = readFileSync(join(this.folder, name));
        const text = (name.endsWith(".gz") ? gunzipSync(bytes) : bytes).toString("latin1").trimEnd();
        return text === ""
          ? `${name}: empty`
          : `${name}: ${numberOf(text)}–${numberOf(text.slice(text.lastIndexOf("\n") + 1))}`;
      })
      .slice(-12)
      .join(", ");
  }

  /** Oldest first. */
  rotated(): string[] {
    const names = readdirSync(this.folder).filter((name) => name !== "audit.log");
    const number = (name: string): number => Number(/\.log\.(\d+)/.exec(name)?.[1] ?? 0);
    return this.naming === "numbered" ? names.sort((a, b) => number(b) - number(a)) : names.sort();
  }

  private any(names: readonly string[]): string | null {
    const name = names[this.random.below(Math.max(1, names.length))];
    return name === undefined ? null : join(this.folder, name);
  }

  private shift(): void {
    if (this.naming !== "numbered") return;
    for (const name of this.rotated()) {
      const moved = name.replace(/\.log\.(\d+)/, (_, number: string) => `.log.${Number(number) + 1}`);
      renameSync(join(this.folder, name), join(this.folder, moved));
    }
  }

  private rotatedName(): string {
    const stamp = (this.turns += 1);
    if (this.naming === "numbered") return `${this.log}.1`;
    if (this.naming === "dated") return `${this.log}-${20_260_000 + stamp}`;
    const time = new Date(Date.UTC(2026, 10, 21) + stamp * 1_000).toISOString().slice(0, -1).replaceAll(":", "-");
    return join(this.folder, `audit-${time}.log`);
  }
}

/** Number of an event of live-log's kind. */
export function numberOf(text: string): number {
  return Number(/([0-9]{12})","stage/.exec(text)?.[1] ?? Number.NaN);
}
