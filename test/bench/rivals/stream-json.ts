/** stream-json as its documentation shows it for many values in one file. */
import { createReadStream } from "node:fs";
import { streamValues } from "stream-json/streamers/stream-values.js";
import { type AuditEvent, OverviewJob } from "./overview.ts";

const job = new OverviewJob();
const values = createReadStream(process.argv[2] ?? "").pipe(streamValues.withParserAsStream({}));
for await (const { value } of values as AsyncIterable<{ readonly value: AuditEvent }>) job.add(value);
process.stdout.write(JSON.stringify(job.result()));
