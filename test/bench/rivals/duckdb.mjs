/** DuckDB in-process: only the columns of the job, with their types, so that nothing is guessed and bodies are passed over. */
import { DuckDBInstance } from "@duckdb/node-api";
import { TOP_USERS } from "./overview.ts";

const COLUMNS = `{
  verb: 'VARCHAR', requestURI: 'VARCHAR', "user": 'STRUCT(username VARCHAR)', impersonatedUser: 'STRUCT(username VARCHAR)',
  objectRef: 'STRUCT(resource VARCHAR, apiGroup VARCHAR, subresource VARCHAR)', responseStatus: 'STRUCT(code INTEGER)',
  requestReceivedTimestamp: 'TIMESTAMP', stageTimestamp: 'TIMESTAMP'
}`;

const instance = await DuckDBInstance.create(":memory:");
const database = await instance.connect();
const path = (process.argv[2] ?? "").replaceAll("'", "''");
await database.run(`
  CREATE TEMP TABLE requests AS
  SELECT
    verb,
    coalesce(impersonatedUser.username, "user".username, '') AS username,
    coalesce(responseStatus.code::VARCHAR, '') AS code,
    verb || ' ' || CASE WHEN objectRef.resource IS NULL THEN split_part(requestURI, '?', 1)
      ELSE objectRef.resource || coalesce('.' || objectRef.apiGroup, '') || coalesce('/' || objectRef.subresource, '') END AS what,
    epoch_us(stageTimestamp) - epoch_us(requestReceivedTimestamp) AS latency
  FROM read_json('${path}', format = 'newline_delimited', columns = ${COLUMNS}, maximum_object_size = 67108864)
`);

/** @param {string} sql */
async function rows(sql) {
  const reader = await database.runAndReadAll(sql);
  return reader.getRows().map(([name, value]) => [String(name), Number(value)]);
}
const grouped = (column, limit = "") =>
  `SELECT ${column}, count(*) AS n FROM requests GROUP BY 1 ORDER BY n DESC, 1 ${limit}`;
const [[, events]] = await rows("SELECT '', count(*) FROM requests");
process.stdout.write(
  JSON.stringify({
    events,
    users: await rows(grouped("username", `LIMIT ${TOP_USERS}`)),
    codes: await rows(grouped("code")),
    verbs: await rows(grouped("what")),
    p99: Object.fromEntries(await rows("SELECT verb, quantile_disc(latency, 0.99) / 1000 FROM requests GROUP BY 1")),
  }),
);
