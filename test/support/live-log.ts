import { appendFileSync, existsSync, renameSync, truncateSync, copyFileSync } from "node:fs";

/** One audit event's line; the same number gives the same line. */
export function eventLine(n: number, atMs: number): string {
  const stamp = new Date(atMs).toISOString().replace("Z", "000Z");
  const id = `00000000-0000-4000-8000-${String(n).padStart(12, "0")}`;
  return `{"kind":"Event","apiVersion":"audit.k8s.io/v1","level":"Metadata","auditID":"${id}","stage":"ResponseComplete","requestURI":"/api/v1/namespaces/demo/pods/pod-${n % 97}","verb":"get","user":{"username":"user-${n % 7}","groups":["system:authenticated"]},"sourceIPs":["10.0.0.${n % 250}"],"userAgent":"kubectl/v1.31.0","objectRef":{"resource":"pods","namespace":"demo","name":"pod-${n % 97}","apiVersion":"v1"},"responseStatus":{"metadata":{},"code":${n % 10 === 0 ? 404 : 200}},"requestReceivedTimestamp":"${stamp}","stageTimestamp":"${stamp}","annotations":{"authorization.k8s.io/decision":"allow","authorization.k8s.io/reason":""}}\n`;
}

export type Rotation = "rename" | "copytruncate";

/**
 * Writes events to a live log at a steady rate, cutting writes in mid-line, and rotates it meanwhile: `rotations` maps
 * event numbers to the kind of rotation that happens just before them. Resolves when all are written.
 */
export async function writeLiveLog(
  path: string,
  events: number,
  perSecond: number,
  rotations: ReadonlyMap<number, Rotation>,
): Promise<void> {
  const started = performance.now();
  let written = 0;
  let rest = "";
  let rotated = 0;
  while (written < events) {
    const due = Math.min(events, Math.ceil(((performance.now() - started) / 1_000) * perSecond) + 1);
    let text = rest;
    rest = "";
    for (; written < due; written += 1) {
      const rotation = rotations.get(written);
      if (rotation !== undefined && existsSync(path)) {
        appendFileSync(path, text);
        text = "";
        rotated += 1;
        rotate(path, rotation, rotated);
      }
      text += eventLine(written, Date.now());
    }
    // The API server's own writes are whole lines; what the disk shows of them need not be.
    const cut = written < events && !rotations.has(written) ? Math.floor(text.length * 0.7) : text.length;
    appendFileSync(path, text.slice(0, cut));
    rest = text.slice(cut);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

function rotate(path: string, rotation: Rotation, count: number): void {
  const stamp = `2026-11-21T00-00-${String(count).padStart(2, "0")}.000`;
  const old = path.replace(/\.log$/, `-${stamp}.log`);
  if (rotation === "rename") renameSync(path, old);
  else {
    copyFileSync(path, old);
    truncateSync(path, 0);
  }
}
