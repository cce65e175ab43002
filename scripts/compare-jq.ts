/**
 * Counts of `ktrail top` and `ktrail events` beside jq's on the same files: `node scripts/compare-jq.ts [FILE...]`
 * (JSON lines, plain or .gz; default: the bundled log). Needs jq and a build. Exits 1 when any count differs.
 */
import { spawnSync } from "node:child_process";
import { readdirSync, statSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const root = dirname(dirname(fileURLToPath(import.meta.url)));

/** A filter and the same in jq, over the requests that REQUESTS makes. */
const FILTERS: readonly (readonly [filter: string, jq: string])[] = [
  ["", "true"],
  ["code:200", ".code == 200"],
  ["code:401,403", ".code == 401 or .code == 403"],
  ["code:4xx", ".code != null and .code >= 400 and .code < 500"],
  ["code:>=500", ".code != null and .code >= 500"],
  ["-code:2xx", ".code == null or .code < 200 or .code >= 300"],
  ['code:""', ".code == null"],
  ["verb:get", '.verb == "get"'],
  ["verb:delete,deletecollection", '.verb == "delete" or .verb == "deletecollection"'],
  ["-verb:get,list,watch", '.verb | IN("get", "list", "watch") | not'],
  ["user:alice@example.com", '.user == "alice@example.com"'],
  ["user:system:node:*", '.user | startswith("system:node:")'],
  ["user:*@example.com verb:patch", '(.user | endswith("@example.com")) and .verb == "patch"'],
  ['user:""', '.user == ""'],
  ["user:/^system:(kube|api)/", '.user | test("^system:(kube|api)")'],
  ["group:system:nodes", '.groups | index("system:nodes")'],
  ["group:system:masters,developers", '.groups | (index("system:masters") or index("developers"))'],
  ["-group:system:authenticated", '.groups | index("system:authenticated") | not'],
  ["as:*", '.asFrom != ""'],
  ["resource:pods", '.resource == "pods"'],
  ["resource:pods/binding", '.resource == "pods" and .sub == "binding"'],
  ['resource:pods sub:""', '.resource == "pods" and .sub == ""'],
  ["resource:deployments.apps", '.resource == "deployments.apps"'],
  ["resource:deploy verb:patch,update", '.resource == "deployments.apps" and (.verb == "patch" or .verb == "update")'],
  ["resource:*.k8s.io", '.resource | endswith(".k8s.io")'],
  ['resource:""', '.resource == ""'],
  ["sub:status", '.sub == "status"'],
  ["sub:*", '.sub != ""'],
  ["ns:demo", '.ns == "demo"'],
  ["ns:kube-*", '.ns | startswith("kube-")'],
  ['ns:""', '.ns == ""'],
  ["name:nginx*", '.name | startswith("nginx")'],
  ["name:/-[a-z0-9]{5}$/", '.name | test("-[a-z0-9]{5}$")'],
  ["ua:kubectl*", '.ua | startswith("kubectl")'],
  ["ua:/KUBELET/i", '.ua | test("KUBELET"; "i")'],
  ["ip:172.16.0.0/12", '.ip | test("^172\\\\.(1[6-9]|2[0-9]|3[01])\\\\.")'],
  ["ip:127.0.0.1", '.ip == "127.0.0.1"'],
  ["level:RequestResponse", '.level == "RequestResponse"'],
  ["stage:ResponseStarted", '.stage == "ResponseStarted"'],
  ["decision:forbid", '.decision == "forbid"'],
  ["reason:NotFound,AlreadyExists", '.reason == "NotFound" or .reason == "AlreadyExists"'],
  ["path:/api/v1/*", '.path | startswith("/api/v1/")'],
  ["uri:*limit=500*", '.uri | contains("limit=500")'],
  ["annotation:k8s.io/deprecated=true", '.annotations["k8s.io/deprecated"] == "true"'],
  [
    "annotation:authorization.k8s.io/reason=*ClusterRole*",
    '.annotations["authorization.k8s.io/reason"] // "" | contains("ClusterRole")',
  ],
  [
    "body:requestObject.spec.replicas=>=3",
    "[.body | objects | .spec | objects | .replicas | numbers | select(. >= 3)] | length > 0",
  ],
  ["body:requestObject.kind=Pod verb:create", '[.body | objects | .kind] == ["Pod"] and .verb == "create"'],
  ["latency:>100ms long:false", ".ms != null and .ms > 100 and (.long | not)"],
  ["latency:<=1ms", ".ms != null and .ms <= 1"],
  ["long:true", ".long"],
  [
    "(user:alice@example.com OR ns:demo) -code:2xx",
    '(.user == "alice@example.com" or .ns == "demo") and (.code == null or .code < 200 or .code >= 300)',
  ],
  ["-(verb:get OR code:200)", '(.verb == "get" or .code == 200) | not'],
  ["verb:list OR code:409 -ns:demo", '.verb == "list" or (.code == 409 and .ns != "demo")'],
  ["kubectl", '[.user, .ua, .uri, .object] | any(ascii_downcase | contains("kubectl"))'],
  ["nginx -verb:watch", '([.user, .ua, .uri, .object] | any(ascii_downcase | contains("nginx"))) and .verb != "watch"'],
];

const GROUPINGS: readonly (readonly [by: string, jq: string])[] = [
  ["user", "[.user]"],
  ["group", ".groups[] | [.]"],
  ["verb", "[.verb]"],
  ["resource", '[if .resource == "" then .path else .resource + (if .sub == "" then "" else "/" + .sub end) end]'],
  ["namespace", "[.ns]"],
  ["code", '[.code // "" | tostring]'],
  ["ip", "[.ip]"],
  ["useragent", "[.ua]"],
  ["user,verb", "[.user, .verb]"],
  ["object", "[.object]"],
  ["decision", "[.decision]"],
  ["annotation:authorization.k8s.io/reason", '[.annotations["authorization.k8s.io/reason"] // ""]'],
];

/** Events → requests: one per (auditID, received), facts of the latest stage. */
const REQUESTS = `
def us: capture("^(?<s>[^.Z]+)(\\\\.(?<f>[0-9]+))?Z$") | ((.s + "Z" | fromdate) * 1000000 + (((.f // "") + "000000")[0:6] | tonumber));
def rank: {"RequestReceived": 0, "ResponseStarted": 1, "ResponseComplete": 2, "Panic": 3}[.stage];
def facts:
  (.impersonatedUser // .user // {}) as $who | (.objectRef // {}) as $o
  | ($o.resource // "") as $res | (.requestURI // "") as $uri | ($o.subresource // "") as $sub
  | {stage, level, verb, user: ($who.username // ""), groups: ($who.groups // [] | unique),
     asFrom: (if .impersonatedUser then .user.username // "" else "" end),
     resource: (if $res != "" and ($o.apiGroup // "") != "" then $res + "." + $o.apiGroup else $res end),
     sub: $sub, ns: ($o.namespace // ""), name: ($o.name // ""), uri: $uri, path: ($uri | split("?")[0] // ""),
     code: .responseStatus.code, reason: (.responseStatus.reason // ""), ip: ((.sourceIPs // [])[-1] // ""), ua: (.userAgent // ""),
     annotations: (.annotations // {}), decision: (.annotations["authorization.k8s.io/decision"] // ""), body: (.requestObject // {}),
     long: (.verb == "watch" or ($sub | IN("exec", "attach", "portforward", "proxy")) or ($sub == "log" and ($uri | test("[?&]follow=(true|1)\\\\b"))))}
    + {ms: (if .stage == "ResponseComplete" or .stage == "Panic" or (.stage == "ResponseStarted" and ($who.username // "") == "")
            then ((.stageTimestamp | us) - (.requestReceivedTimestamp | us)) / 1000 else null end)};
reduce inputs as $e ({};
  ($e.auditID + " " + $e.requestReceivedTimestamp) as $id | .[$id] as $old | ($e | rank) as $rank
  | if $old == null or $rank >= $old.rank then .[$id] = {rank: $rank, event: $e, name: ($e.objectRef.name // $old.name), code: ($e.responseStatus.code // $old.code)} else . end)
| [.[] | . as $r | .event | facts | .name = ($r.name // "") | .code = $r.code
   | .object = (if .resource == "" or .name == "" then "" else ([.ns, .resource, .name] | map(select(. != "")) | join("/")) end)]
`;

function logsOf(path: string): string[] {
  if (!statSync(path).isDirectory()) return [path];
  return readdirSync(path)
    .filter((name) => /\.log(\.gz)?$/.test(name))
    .sort()
    .map((name) => join(path, name));
}

function run(command: string, args: readonly string[], input?: string): string {
  const { status, stdout, stderr, error } = spawnSync(command, args, { input, encoding: "utf8", maxBuffer: 1 << 30 });
  if (error !== undefined || status !== 0) throw new Error(`${command} ${args[0]}: ${error?.message ?? stderr}`);
  return stdout;
}

function jqAnswers(files: readonly string[]): { counts: number[]; groups: Record<string, number>[] } {
  const counts = FILTERS.map(([, test]) => `([.[] | select(${test})] | length)`).join(",\n");
  const groups = GROUPINGS.map(([, key]) => `(reduce (.[] | ${key} | tojson) as $k ({}; .[$k] += 1))`).join(",\n");
  const program = `${REQUESTS}\n| {counts: [${counts}], groups: [${groups}]}`;
  const input = files.map((file) => run("gzip", ["-dcf", file])).join("");
  return JSON.parse(run("jq", ["-nc", program], input)) as { counts: number[]; groups: Record<string, number>[] };
}

function ktrail(command: string, files: readonly string[], args: readonly string[]): string {
  return run(process.execPath, [join(root, "bin/ktrail.js"), command, ...files, ...args]);
}

function topGroups(files: readonly string[], by: string): Record<string, number> {
  const { rows } = JSON.parse(ktrail("top", files, ["--by", by, "--limit", "all", "-o", "json"])) as {
    rows: { key: Record<string, string>; requests: number }[];
  };
  const dimensions = by.split(",");
  return Object.fromEntries(rows.map(({ key, requests }) => [JSON.stringify(dimensions.map((d) => key[d])), requests]));
}

const asked = process.argv.slice(2);
const files = (asked.length > 0 ? asked : [join(root, "fixtures/demo")]).flatMap(logsOf);
const expected = jqAnswers(files);
let wrong = 0;
const say = (same: boolean, what: string, ours: string, theirs: string): void => {
  if (!same) wrong++;
  process.stdout.write(`${same ? "same " : "WRONG"}  ${what.padEnd(60)} ${ours}${same ? "" : ` (jq: ${theirs})`}\n`);
};
for (const [i, [filter]] of FILTERS.entries()) {
  const lines = ktrail("events", files, ["-q", filter, "-o", "jsonl"]);
  const ours = lines === "" ? 0 : lines.trimEnd().split("\n").length;
  say(ours === expected.counts[i], `events -q '${filter}'`, String(ours), String(expected.counts[i]));
}
for (const [i, [by]] of GROUPINGS.entries()) {
  const ours = topGroups(files, by);
  const theirs = expected.groups[i] ?? {};
  const sizes = [Object.keys(ours).length, Object.keys(theirs).length];
  const same = sizes[0] === sizes[1] && Object.entries(ours).every(([key, requests]) => theirs[key] === requests);
  say(same, `top --by ${by}`, `${sizes[0]} groups`, `${sizes[1]} groups`);
}
process.stdout.write(
  `${FILTERS.length + GROUPINGS.length - wrong} of ${FILTERS.length + GROUPINGS.length} answers equal jq's\n`,
);
process.exitCode = wrong === 0 ? 0 : 1;
