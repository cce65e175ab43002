/** Clients that ask for what is not there, or in a way that cannot work, again and again. */
import { NOT_MACHINERY } from "../actors.ts";
import { repeated } from "../repeated.ts";
import { removalOf } from "../server/removed-apis.ts";
import { personText, plain, within } from "../words.ts";

export const missingPoll = repeated({
  id: "load-404-poll",
  about: "a client keeps asking for an object that is not there",
  severity: "low",
  needs: ["metadata"],
  advice: "Take the reference away, or create what it refers to.",
  references: ["Kubernetes API concepts"],
  terms: `verb:get code:404 -resource:"" -name:"" -resource:leases.coordination.k8s.io ${NOT_MACHINERY}`,
  by: ["user", "object"],
  least: 50,
  usual: { user: "ops", verb: "get", resource: "configmaps", namespace: "a", name: "gone", times: 60, every: 5 },
  hits: [
    [{ user: "system:serviceaccount:a:b", code: 404 }],
    [{ resource: "deployments.apps", name: "old", code: 404, times: 80, every: 1 }],
  ],
  misses: [[{ code: 404, times: 20 }], [{ name: "there" }]],
  tell: ({ key, row }) => {
    const { user = "", object = "" } = key;
    return {
      title: `${personText(user)} asks for ${object}, which is not there: ${row.requests} × 404`,
      detail: `${personText(user)} asked ${row.requests} times ${within(row.firstSeen, row.lastSeen)} for ${object}, and it was never found`,
    };
  },
});

export const missingApi = repeated({
  id: "load-404-api",
  about: "a client asks for a kind that the API server does not have: removed by an upgrade, or its definition is gone",
  severity: "medium",
  needs: ["metadata"],
  advice: "Update the client, or install the CustomResourceDefinition it needs.",
  references: ["Kubernetes: deprecated API migration guide"],
  terms: `verb:list,watch code:404 -resource:"" ${NOT_MACHINERY}`,
  by: ["user", "resource"],
  least: 5,
  usual: { user: "ops", verb: "list", resource: "widgets.example.com", code: 404, times: 12 },
  hits: [
    [{ user: "system:serviceaccount:w:operator", verb: "watch", every: 5 }],
    [{ resource: "cronjobs.batch", version: "v1beta1", times: 6, every: 1 }],
  ],
  misses: [[{ times: 3 }], [{ verb: "get", resource: "configmaps", namespace: "a", name: "x" }]],
  async tell({ key, row, own, store }) {
    const { user = "", resource = "" } = key;
    const [path] = await store.groups(own, ["path"]);
    const version = /^\/apis\/([^/]+\/[^/]+)\//.exec(path?.key["path"] ?? "")?.[1] ?? "";
    const known = removalOf(version, plain(resource));
    return {
      title: `${personText(user)} asks for ${plain(resource)}${version === "" ? "" : ` of ${version}`}, which this API server does not have: ${row.requests} × 404`,
      detail: `${personText(user)} asked ${row.requests} times ${within(row.firstSeen, row.lastSeen)} for ${resource}${version === "" ? "" : ` of ${version}`}, and there is no such kind`,
      ...(known === null
        ? {}
        : { severity: "high", why: `it was removed in ${known.release}`, advice: `Move it to ${known.use}.` }),
    };
  },
});

export const expiredWatch = repeated({
  id: "load-watch-expired",
  about: "a client is slower than the history that the API server keeps, and has to begin anew",
  severity: "medium",
  needs: ["metadata"],
  advice: "Page faster, ask for bookmarks, or list with resourceVersion=0.",
  references: ["Kubernetes API concepts: resource versions"],
  terms: 'verb:watch,list code:410 -resource:""',
  by: ["user", "resource"],
  least: 5,
  usual: { user: "sync", verb: "watch", resource: "pods" },
  hits: [
    [{ code: 410, reason: "Expired", times: 6, every: 20 }],
    [{ verb: "list", resource: "secrets", query: "limit=10&continue=x", code: 410, reason: "Expired", times: 10 }],
  ],
  misses: [[{ code: 410, reason: "Expired", times: 2 }], [{ times: 20 }]],
  tell: ({ key, row }) => {
    const { user = "", resource = "" } = key;
    return {
      title: `${personText(user)} comes too late for ${plain(resource)}: ${row.requests} × 410`,
      detail: `${personText(user)} asked ${row.requests} times ${within(row.firstSeen, row.lastSeen)} for a version of ${resource} that is not kept any more, and had to list anew`,
    };
  },
});

export const discoveryLoop = repeated({
  id: "load-discovery",
  about: "a client asks again and again which kinds there are",
  severity: "low",
  needs: ["metadata"],
  advice: "Let it keep what it learned: kubectl and helm keep discovery in ~/.kube/cache where they may write.",
  references: ["Kubernetes API concepts: discovery"],
  terms: `verb:get path:/api,/api/*,/apis,/apis/*,/openapi/* resource:"" ${NOT_MACHINERY}`,
  by: ["user", "useragent"],
  least: 300,
  usual: { user: "ci", verb: "get", resource: "/apis/apps/v1", every: 1 },
  hits: [[{ times: 400, every: 0.2 }], [{ resource: "/openapi/v2", times: 350 }]],
  misses: [
    [{ times: 60 }],
    [
      { times: 310, every: 10 },
      { user: "a", verb: "list", resource: "pods", times: 3_200 },
    ],
  ],
  tell: ({ key, row, store, seconds }) => {
    const share = row.requests / Math.max(1, store.requests);
    if (share < 0.1 && row.requests < seconds) return null;
    const { user = "", useragent = "" } = key;
    return {
      title: `${personText(user)} asks which kinds there are ${row.requests} times`,
      detail: `${personText(user)} with ${useragent} asked ${row.requests} times ${within(row.firstSeen, row.lastSeen)} which kinds there are, ${Math.round(share * 100)} % of all requests`,
    };
  },
});

const WHY: Readonly<Record<string, string>> = {
  "400": "the request makes no sense",
  "405": "the verb does not exist for it",
  "406": "it wants an answer in a format that there is not",
  "413": "it is larger than the API server takes",
  "415": "its content type is none that the API server reads",
};

export const wrongRequest = repeated({
  id: "client-4xx-odd",
  about: "a client asks in a way that cannot work: an old version, a wrong content type, a wrong verb",
  severity: "low",
  needs: ["metadata"],
  advice: "Look at the version of the client, and at the message: `ktrail events -q 'code:400' -o raw`.",
  references: ["Kubernetes API concepts"],
  terms: "code:400,405,406,415",
  by: ["user", "useragent", "code"],
  least: 5,
  usual: { user: "old", verb: "list", resource: "pods", code: 406 },
  hits: [
    [{ verb: "patch", resource: "deployments.apps", namespace: "a", name: "x", code: 415, times: 8 }],
    [{ times: 5 }],
  ],
  misses: [[{ times: 2 }], [{ code: 404, times: 9 }]],
  tell: ({ key, row }) => {
    const { user = "", useragent = "", code = "" } = key;
    return {
      title: `${personText(user)} asks what can't work: ${row.requests} × ${code}`,
      detail: `${personText(user)} with ${useragent} was answered ${code} ${row.requests} times ${within(row.firstSeen, row.lastSeen)}: ${WHY[code] ?? "it is refused"}`,
    };
  },
});

const DEFAULT_AGENTS =
  "ua:Go-http-client/*,python-requests/*,python-urllib*,okhttp/*,axios/*,Java/*,node-fetch*,main.test/*,unknown*";

export const unnamedAgent = repeated({
  id: "agent-unnamed",
  about: "a busy client does not say which program it is",
  severity: "info",
  needs: ["metadata"],
  advice: "Set a user agent with a name and a version: it is how one finds who causes load.",
  references: ["Kubernetes: client-go rest.Config.UserAgent"],
  terms: `${DEFAULT_AGENTS} code:<400 -user:system:anonymous ${NOT_MACHINERY}`,
  by: ["user", "useragent"],
  least: 200,
  usual: { user: "a", verb: "list", resource: "pods", ua: "Go-http-client/2.0", times: 250, every: 1 },
  hits: [[{}], [{ user: "system:serviceaccount:a:b", ua: "python-requests/2.31", times: 220 }]],
  misses: [[{ times: 50 }], [{ ua: "inventory/1.0" }]],
  tell: ({ key, row }) => ({
    title: `${personText(key["user"] ?? "")} calls as ${key["useragent"] ?? ""}: ${row.requests} requests`,
    detail: `${personText(key["user"] ?? "")} made ${row.requests} requests ${within(row.firstSeen, row.lastSeen)} as ${key["useragent"] ?? ""}, which is the name of a library`,
  }),
});
