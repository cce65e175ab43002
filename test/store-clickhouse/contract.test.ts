import { afterAll, beforeAll, expect, test } from "vitest";
import { ask } from "../../src/clickhouse/client.ts";
import { SHARD_KEY } from "../../src/clickhouse/table/definition.ts";
import { describeOwnServer } from "../support/clickhouse-server/describe-store.ts";
import { type FilledStore, filledStore, shardedStore } from "../support/clickhouse-server/filled-store.ts";
import { DEMO, logsIn } from "../support/log-files.ts";
import { oracleRequests } from "../support/oracle.ts";
import { runs } from "../support/runs.ts";
import { sameAsParsed, wholeInItself } from "../support/store-contract.ts";

const requests = oracleRequests(logsIn(DEMO));

for (const [title, open, times] of [
  ["ClickHouse", filledStore, runs(50)],
  ["ClickHouse on two shards", shardedStore, runs(25)],
] as const)
  describeOwnServer(title, () => {
    let filled: FilledStore;
    beforeAll(async () => {
      filled = await open(logsIn(DEMO));
    });
    afterAll(() => filled?.close());

    sameAsParsed(() => filled.engine.store, requests, times);
    wholeInItself(() => filled.engine.store, requests);

    if (open === shardedStore)
      test("keeps all events of an object on one shard, its subresources, and how it was made", async () => {
        const kinds = "resource NOT IN ('events', 'events.events.k8s.io')";
        const [told] = await ask<Record<string, string>>(
          filled.client,
          `SELECT toString(count()) AS objects, toString(countIf(ways > 1)) AS subresources, toString(countIf(generated)) AS made, toString(countIf(shards > 1)) AS split FROM
           (SELECT uniqExact(${SHARD_KEY}) AS shards, uniqExact(subresource) AS ways, max(verb = 'create' AND name = '') AS generated
            FROM audit WHERE object_uid != '' AND ${kinds} GROUP BY object_uid)`,
        );
        expect(told).toMatchObject({ split: "0" });
        for (const of of ["objects", "subresources", "made"]) expect(Number(told?.[of])).toBeGreaterThan(3);
        const shards = "SELECT toString(uniqExact(shardNum())) AS shards FROM audit";
        expect(await ask(filled.client, shards)).toEqual([{ shards: "2" }]);
      });
  });
