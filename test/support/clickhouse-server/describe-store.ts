import { describe, test } from "vitest";
import { HAS_CHDB } from "./clickhouse-server.ts";

/** Tests of or with the test's own server, which they start, stop and kill; one skipped test where chDB is not installed. */
export function describeOwnServer(title: string, body: () => void): void {
  if (HAS_CHDB) describe(title, body);
  else describe(title, () => test.skip("without chDB: npm run test:store", () => undefined));
}
