import { spawnSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { beforeAll, describe, expect, it } from "vitest";
import { answering } from "../support/headless.ts";
import { ROOT } from "../support/program.ts";

/**
 * Counts of the filter language beside the same conditions written in jq over the same events. `$u` is the effective
 * user, `$r` resource.group, and so on: keys that PROGRAM adds to each request.
 */
const FILTERS: Readonly<Record<string, string>> = {
  "": "true",
  "code:403": "$code == 403",
  "code:4xx": "$code >= 400 and $code < 500",
  "code:>=500": "$code >= 500",
  "code:401,403": "$code == 401 or $code == 403",
  "-code:200": "$code != 200",
  "class:5xx": "$code >= 500 and $code < 600",
  "verb:get": '$verb == "get"',
  "verb:get,list,watch": '$verb == "get" or $verb == "list" or $verb == "watch"',
  "!verb:get,list,watch": '($verb == "get" or $verb == "list" or $verb == "watch") | not',
  "verb:delete*": '$verb | startswith("delete")',
  "user:alice@example.com": '$u == "alice@example.com"',
  "user:system:serviceaccount:*": '$u | startswith("system:serviceaccount:")',
  "user:/^system:node:worker-[13]$/": '$u | test("^system:node:worker-[13]$")',
  'user:""': '$u == ""',
  "group:system:nodes": '$groups | index("system:nodes") != null',
  "code:4xx -group:system:nodes": '$code >= 400 and $code < 500 and ($groups | index("system:nodes") == null)',
  "ns:demo": '$ns == "demo"',
  "ns:kube-*": '$ns | startswith("kube-")',
  'ns:""': '$ns == ""',
  "name:nginx*": '$name | startswith("nginx")',
  "name:nginx": '$name == "nginx"',
  "resource:pods": '$o.resource == "pods" and $group == ""',
  "resource:pods/binding": '$o.resource == "pods" and $sub == "binding"',
  "resource:deployments.apps": '$o.resource == "deployments" and $group == "apps"',
  'resource:pods sub:""': '$o.resource == "pods" and $group == "" and $sub == ""',
  "sub:status": '$sub == "status"',
  "resource:secrets verb:get,list user:system:serviceaccount:*":
    '$o.resource == "secrets" and $group == "" and ($verb == "get" or $verb == "list") and ($u | startswith("system:serviceaccount:"))',
  "ip:127.0.0.66": '$ip == "127.0.0.66"',
  "ip:10.20.0.0/24": '$ip | startswith("10.20.0.")',
  "ip:127.0.0.0/8 code:401": '($ip | startswith("127.")) and $code == 401',
  "ua:kubectl*": '$ua | startswith("kubectl")',
  "ua:/curl/": '$ua | test("curl")',
  "stage:ResponseStarted": '.stage == "ResponseStarted"',
  "level:Metadata": '.level == "Metadata"',
  "decision:forbid": '$decision == "forbid"',
  "annotation:k8s.io/deprecated": '.annotations["k8s.io/deprecated"] != null',
  "annotation:k8s.io/deprecated=true": '.annotations["k8s.io/deprecated"] == "true"',
  "path:/readyz*": '.requestURI | split("?")[0] | startswith("/readyz")',
  "reason:NotFound": '.responseStatus.reason == "NotFound"',
  "as:* verb:list": '.impersonatedUser != null and $verb == "list"',
  "verb:list OR verb:watch ns:demo": '$verb == "list" or ($verb == "watch" and $ns == "demo")',
  "(verb:create OR verb:delete) ns:demo -user:system:*":
    '($verb == "create" or $verb == "delete") and $ns == "demo" and ($u | startswith("system:") | not)',
  "verb:list long:false latency:>100ms": '$verb == "list" and $ms > 100',
  "since:2026-11-21T00:10:00Z until:2026-11-21T00:12:00Z":
    '.requestReceivedTimestamp >= "2026-11-21T00:10:00.000000Z" and .requestReceivedTimestamp < "2026-11-21T00:12:00.000000Z"',
  "body:requestObject.spec.replicas=>3": "((try .requestObject.spec.replicas catch null) // 0) > 3",
  "body:responseObject.kind=Deployment": '(try .responseObject.kind catch null) == "Deployment"',
};

/** Dimensions of `top`, as jq expressions that give a request's value. */
const DIMENSIONS: Readonly<Record<string, string>> = {
  user: "$u",
  verb: "$verb",
  namespace: "$ns",
  code: '$code // "" | tostring',
  ip: "$ip",
  useragent: "$ua",
  resource:
    'if $o.resource == null then (.requestURI | split("?")[0]) else $r + (if $sub == "" then "" else "/" + $sub end) end',
};

const PROGRAM = `
  def rank: {"RequestReceived": 0, "ResponseStarted": 1, "ResponseComplete": 2, "Panic": 3}[.stage];
  def us: capture("^(?<s>[^.]*)[.](?<f>[0-9]*)Z$") | ((.s + "Z" | fromdate) * 1000000 + (.f | tonumber));
  def facts:
    (.objectRef // {}) as $o | ($o.apiGroup // "") as $group
    | . + {
        _o: $o, _group: $group, _sub: ($o.subresource // ""),
        _r: (($o.resource // "") + (if $group == "" then "" else "." + $group end)),
        _ns: ($o.namespace // ""), _name: ($o.name // ""), _verb: .verb,
        _u: ((.impersonatedUser // .user).username // ""), _groups: ((.impersonatedUser // .user).groups // []),
        _code: .responseStatus.code, _ip: (.sourceIPs[-1] // ""), _ua: (.userAgent // ""),
        _decision: (.annotations["authorization.k8s.io/decision"] // ""),
        _ms: (((.stageTimestamp | us) - (.requestReceivedTimestamp | us)) / 1000)
      };
  group_by([.auditID, .requestReceivedTimestamp]) | map(max_by(rank) | facts) as $requests
  | {
      filters: {FILTERS},
      dimensions: {DIMENSIONS}
    }
`;

interface Counts {
  readonly filters: Readonly<Record<string, number>>;
  readonly dimensions: Readonly<Record<string, Readonly<Record<string, number>>>>;
}

const LOG = join(ROOT, "fixtures/demo");
const hasJq = spawnSync("jq", ["--version"]).status === 0;

function countWithJq(): Counts {
  const text = readdirSync(LOG)
    .map((name) => {
      const bytes = readFileSync(join(LOG, name));
      return (name.endsWith(".gz") ? gunzipSync(bytes) : bytes).toString("utf8");
    })
    .join("");
  const filters = Object.entries(FILTERS).map(([filter, condition]) => {
    return `${JSON.stringify(filter)}: ([$requests[] | select(${condition.replaceAll(/\$(\w+)/g, "._$1")})] | length)`;
  });
  const dimensions = Object.entries(DIMENSIONS).map(([dimension, value]) => {
    return `${dimension}: (reduce ($requests[] | ${value.replaceAll(/\$(\w+)/g, "._$1")}) as $value ({}; .[$value] += 1))`;
  });
  const program = PROGRAM.replace("FILTERS", () => filters.join(",\n")).replace("DIMENSIONS", () =>
    dimensions.join(",\n"),
  );
  const run = spawnSync("jq", ["-s", program], { input: text, encoding: "utf8", maxBuffer: 1 << 28 });
  if (run.status !== 0) throw new Error(run.stderr);
  return JSON.parse(run.stdout) as Counts;
}

describe.skipIf(!hasJq)("beside jq (skipped without jq)", () => {
  let counts: Counts = { filters: {}, dimensions: {} };
  beforeAll(() => {
    counts = countWithJq();
  });
  const answered = answering();

  it.each(Object.keys(FILTERS))("events -q '%s'", async (filter) => {
    const { stdout, stderr } = await answered(["events", LOG, "-q", filter, "-o", "jsonl"]);
    expect(stderr).toBe("");
    expect(stdout.split("\n").length - 1).toBe(counts.filters[filter]);
    const top = await answered(["top", LOG, "-q", filter, "-o", "json"]);
    expect((JSON.parse(top.stdout) as { requests: number }).requests).toBe(counts.filters[filter]);
  });

  it("counts most filters above none, or the comparison says little", () => {
    const empty = Object.entries(counts.filters).filter(([, count]) => count === 0);
    expect(empty.map(([filter]) => filter)).toEqual([]);
  });

  it.each(Object.keys(DIMENSIONS))("top --by %s", async (dimension) => {
    const { stdout } = await answered(["top", LOG, "--by", dimension, "--limit", "all", "-o", "json"]);
    const { rows } = JSON.parse(stdout) as { rows: { key: Record<string, string>; requests: number }[] };
    expect(Object.fromEntries(rows.map(({ key, requests }) => [key[dimension], requests]))).toEqual(
      counts.dimensions[dimension],
    );
  });
});
