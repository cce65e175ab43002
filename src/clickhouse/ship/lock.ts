import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { ShipFailure } from "./contract.ts";

/** Takes a file as a lock, also from a process that is gone; returns what lets go of it. Throws ShipFailure while it is held. */
export function takeLock(path: string): () => void {
  for (let tries = 0; ; tries++) {
    try {
      writeFileSync(path, `${process.pid} ${startOf(process.pid)}\n`, { flag: "wx", mode: 0o600 });
      return () => rmSync(path, { force: true });
    } catch (error) {
      if (!(error instanceof Error && "code" in error && error.code === "EEXIST")) throw error;
      const [pid = "", start = ""] = readFileSync(path, "utf8").trim().split(" ");
      if (tries > 2 || (isRunning(Number(pid)) && startOf(Number(pid)) === start))
        throw new ShipFailure(`${path} is held by process ${pid}: two shippers cannot share a journal`);
      rmSync(path, { force: true });
    }
  }
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && "code" in error && error.code === "EPERM";
  }
}

/** When a process was started, as Linux tells it: numbers are given again. "?" elsewhere. */
function startOf(pid: number): string {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "latin1");
    return stat.slice(stat.lastIndexOf(")") + 2).split(" ")[19] ?? "?";
  } catch {
    return "?";
  }
}
