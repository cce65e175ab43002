// The tests that need ClickHouse, and the server they need: `npm run test:store [FILE…]`. A real server may be given as
// KTRAIL_TEST_CLICKHOUSE=url.
import { spawnSync } from "node:child_process";
import { GIVEN_SERVER, installServer } from "../test/support/clickhouse-server/clickhouse-server.ts";

if (GIVEN_SERVER === undefined) installServer();
const files = process.argv.slice(2);
const vitest = spawnSync("vitest", ["run", ...(files.length === 0 ? ["test/store-clickhouse"] : files)], {
  stdio: "inherit",
});
process.exit(vitest.status ?? 1);
