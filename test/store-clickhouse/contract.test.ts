import { afterAll, beforeAll } from "vitest";
import { describeOwnServer } from "../support/clickhouse-server/describe-store.ts";
import { type FilledStore, filledStore } from "../support/clickhouse-server/filled-store.ts";
import { DEMO, logsIn } from "../support/log-files.ts";
import { oracleRequests } from "../support/oracle.ts";
import { runs } from "../support/runs.ts";
import { sameAsParsed, wholeInItself } from "../support/store-contract.ts";

describeOwnServer("ClickHouse", () => {
  const requests = oracleRequests(logsIn(DEMO));
  let filled: FilledStore;
  beforeAll(async () => {
    filled = await filledStore(logsIn(DEMO));
  });
  afterAll(() => filled?.close());

  sameAsParsed(() => filled.engine.store, requests, runs(50));
  wholeInItself(() => filled.engine.store, requests);
});
