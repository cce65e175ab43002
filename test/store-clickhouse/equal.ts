// `npm run store:equal -- LOG… [FILTERS [SEED]]`: ships each folder of logs and asks ring and store for the groups of generated filters,
// each by some dimensions, with every measure; prints what was compared, and the first answers that differ.
import * as fc from "fast-check";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { isDeepStrictEqual } from "node:util";
import { createEngine, createStoreEngine } from "../../src/engine/create-engine.ts";
import { type Dimension, DIMENSIONS, type GroupQuery, type GroupResult } from "../../src/queries/contract.ts";
import { GROUP_SORTS, MEASURE_IDS } from "../../src/queries/measures.ts";
import type { LocalEngine } from "../../src/engine/local-engine.ts";
import type { StoreEngine } from "../../src/engine/store-engine.ts";
import { parseQuery } from "../../src/queries/parse-filter.ts";
import type { Store } from "../../src/store/store.ts";
import { installServer, startClickHouse } from "../support/clickhouse-server/clickhouse-server.ts";
import { EVENT_TERMS, filterTexts } from "../support/filter-samples.ts";
import { logsIn } from "../support/log-files.ts";
import { near } from "../support/near.ts";
import { oracleRequests } from "../support/oracle.ts";
import { ensureBuilt, ktrail } from "../support/program.ts";

const numbers = process.argv.slice(2).filter((each) => /^\d+$/.test(each));
const folders = process.argv.slice(2).filter((each) => !numbers.includes(each));
const [filters = 200, seed = Date.now() % 1e6] = numbers.map(Number);
/** Of more requests, one of several groups counted once for each, the ring has percentiles from a histogram: off by this share at most. */
const MOST_EXACT = 65_536;
const HISTOGRAM_ERROR = 1 / 128;
const SHOWN_DIFFERENCES = 5;
/** Of each filter, the next ones in turn. */
const DIMENSIONS_EACH = 4;
const signal = new AbortController().signal;
const say = (text: string): void => void process.stdout.write(`${text}\n`);

/** Whether only percentiles differ, and by no more than they may. */
function isWithinError(told: GroupResult, expected: GroupResult): boolean {
  if (!isDeepStrictEqual(near(told, true), near(expected, true))) return false;
  return told.rows.every(({ latencyMs }, at) => {
    const other = expected.rows[at]?.latencyMs ?? null;
    if (latencyMs === null || other === null) return latencyMs === other;
    return (["p50", "p90", "p99"] as const).every(
      (id) => Math.abs(latencyMs[id] - other[id]) <= HISTOGRAM_ERROR * Math.max(latencyMs[id], other[id]),
    );
  });
}

async function compareOver(folder: string): Promise<number> {
  const logs = logsIn(folder);
  const requests = oracleRequests(logs);
  const isHistogram = requests.reduce((sum, { groups }) => sum + Math.max(1, groups.length), 0) > MOST_EXACT;
  const data = mkdtempSync(join(tmpdir(), "ktrail-equal-"));
  const server = await startClickHouse({ directory: join(data, "server") });
  const address = `clickhouse://127.0.0.1:${server.port}/default.audit`;
  try {
    await ktrail(["store", "init", address]);
    const { code, stderr } = await ktrail(["ship", ...logs, "--to", address, "--journal", join(data, "journal")]);
    if (code !== 0) throw new Error(stderr);
    const ring = createEngine({ inputs: logs }) as LocalEngine;
    const store = (await createStoreEngine({ inputs: [], store: { address, password: "" } })) as StoreEngine;
    await Promise.all([ring.loaded(), store.loaded()]);
    const event = fc.constantFrom(...EVENT_TERMS);
    const texts = fc.oneof(
      { weight: 9, arbitrary: filterTexts(requests) },
      { weight: 1, arbitrary: fc.tuple(filterTexts(requests), event).map(([text, term]) => `(${text}) ${term}`) },
      { weight: 1, arbitrary: event },
    );
    const asked = fc.record({
      text: texts,
      sort: fc.constantFrom(...GROUP_SORTS.filter((id) => !isHistogram || !/^p\d/.test(id))),
      reverse: fc.boolean(),
      limit: fc.constantFrom(10, 1_000),
    });
    let [answers, figures, different, empty, rounded] = [0, 0, 0, 0, 0];
    const ms = { ring: 0, store: 0 };
    const timed = async (whose: keyof typeof ms, of: Store, query: GroupQuery): Promise<GroupResult> => {
      const begun = performance.now();
      const answer = await of.aggregate(query, signal);
      ms[whose] += performance.now() - begun;
      if (whose === "store") figures += answer.rows.length * MEASURE_IDS.length;
      if (whose === "store" && answer.requests === 0) empty += 1;
      return answer;
    };
    for (const { text, ...how } of fc.sample(asked, { numRuns: filters, seed }))
      for (let each = 0; each < DIMENSIONS_EACH; each++) {
        const dimension = DIMENSIONS[answers % DIMENSIONS.length] as Dimension;
        const query = { ...how, filter: parseQuery(text), by: [dimension], measures: MEASURE_IDS };
        const expected = await timed("ring", ring.store, query);
        const told = await timed("store", store.store, query);
        answers += 1;
        if (isDeepStrictEqual(near(told), near(expected))) continue;
        if (isHistogram && isWithinError(told, expected)) {
          rounded += 1;
          continue;
        }
        different += 1;
        if (different <= SHOWN_DIFFERENCES)
          say(
            `differs: ${text} by ${dimension} ${JSON.stringify(how)}\n  ${JSON.stringify(told)}\n  ${JSON.stringify(expected)}`,
          );
      }
    await Promise.all([ring.close(), store.close()]);
    const per = (of: number): string => `${(of / answers).toFixed(1)} ms`;
    say(
      `${basename(folder)}: ${requests.length} requests; ${filters} filters by ${DIMENSIONS_EACH} of ${DIMENSIONS.length} dimensions each, with ${MEASURE_IDS.length} measures:` +
        ` ${answers} answers (${empty} of no request), ${figures} figures, ${different} answers differ` +
        `${rounded === 0 ? "" : `, ${rounded} in percentiles alone, by less than the histogram's error`}; an answer ${per(ms.ring)} from the ring, ${per(ms.store)} from the store`,
    );
    return different;
  } finally {
    await server.stop();
    rmSync(data, { recursive: true, force: true });
  }
}

installServer();
ensureBuilt();
say(`seed ${seed}`);
for (const folder of folders) if ((await compareOver(folder)) > 0) process.exitCode = 1;
