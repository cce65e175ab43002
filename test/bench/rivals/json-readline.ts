/** readline and JSON.parse: what most people write first. */
import { createReadStream } from "node:fs";
import { createInterface } from "node:readline";
import { type AuditEvent, OverviewJob } from "./overview.ts";

const job = new OverviewJob();
const input = createReadStream(process.argv[2] ?? "");
for await (const line of createInterface({ input, crlfDelay: Number.POSITIVE_INFINITY })) {
  job.add(JSON.parse(line) as AuditEvent);
}
process.stdout.write(JSON.stringify(job.result()));
