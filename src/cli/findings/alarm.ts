import { spawn } from "node:child_process";
import { once } from "node:events";
import type { Finding, Severity } from "../../findings/contract.ts";
import { severityRank } from "../../findings/severity.ts";
import { note } from "../notes.ts";
import { jsonText } from "../writers/json-text.ts";
import { findingRecord } from "./finding-record.ts";

/** A command that takes longer is left behind, and told of. */
const MOST_MS = 60_000;

/** Runs a command, one at a time, for each finding that is bad enough. What it prints goes to stderr: stdout is data. */
export class Alarm {
  private readonly least: Severity;
  private readonly command: string;

  constructor(least: Severity, command: string) {
    this.least = least;
    this.command = command;
  }

  async tell(findings: readonly Finding[]): Promise<void> {
    for (const finding of findings) {
      if (severityRank(finding.severity) >= severityRank(this.least)) await this.run(finding);
    }
  }

  private async run(finding: Finding): Promise<void> {
    const child = spawn("/bin/sh", ["-c", this.command], { stdio: ["pipe", process.stderr, process.stderr] });
    const timer = setTimeout(() => {
      note(`--run: ${this.command} has not ended within ${MOST_MS / 1e3} s and is killed`);
      child.kill("SIGKILL");
    }, MOST_MS);
    // A command that does not read its input is none the worse for it.
    child.stdin.on("error", () => undefined);
    child.stdin.end(`${jsonText(findingRecord(finding))}\n`);
    try {
      const [code, signal] = (await once(child, "close")) as [number | null, string | null];
      if (code !== 0) note(`--run: ${this.command} ended with ${code ?? signal}`);
    } catch (error) {
      note(`--run: ${this.command} could not be run: ${error instanceof Error ? error.message : String(error)}`);
    } finally {
      clearTimeout(timer);
    }
  }
}
