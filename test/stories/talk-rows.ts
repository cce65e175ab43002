import type { GeneratedLog } from "../support/generated-logs.ts";
import { KEY_BYTES } from "../support/key-bytes.ts";

/** A question of the founding talk and how it is asked here. The page `docs/talk.md` and the golden screens are made from this list. */
export interface TalkRow {
  /** Number of the talk's analysis; two rows may answer one. */
  readonly number: number;
  readonly question: string;
  /** A real recorded day, or a generated log where no recorded one has the case. */
  readonly logs: "fixtures/demo" | readonly GeneratedLog[];
  /** From the first screen: names of keys, or text typed into a prompt. */
  readonly keys: readonly string[];
  /** Without the commas and digits of a particular size: what must stand on every screen. */
  readonly shows: readonly RegExp[];
  /** What one reads there, as a sentence. */
  readonly answer: string;
  /** Golden screens `test/screens/talk-<golden>.*.txt`. */
  readonly golden: string;
}

const DEMO = "fixtures/demo";
const NGINX = ":trail deploy/nginx -n demo";

export const TALK_ROWS: readonly TalkRow[] = [
  {
    number: 1,
    question: "What does one simple command really do?",
    logs: DEMO,
    keys: ["ctrl-k", "alice", "enter"],
    shows: [/patch +deplo\S*\/scale +demo\/nginx/, /create +pods\/exec/],
    answer:
      "`kubectl scale` is a get and a patch of `deployments/scale`; `exec` a get and two upgrades; `delete` a delete and a get",
    golden: "one-command",
  },
  {
    number: 2,
    question: "For one request: what, who, why allowed, when and how long, from where",
    logs: DEMO,
    keys: ["/", "verb:create resource:deploy", "enter", "6", "d"],
    shows: [/What happened +201 Created/, /alice@example\.com/, /→ ClusterRole +admin/, /71\.3 ms/, /127\.0\.0\.50/],
    answer:
      "the card's five questions: alice created `demo/nginx`, allowed by a ClusterRoleBinding of `platform-team`, 71.3 ms, from 127.0.0.50",
    golden: "one-request",
  },
  {
    number: 3,
    question: "GET is get, list or watch — which? And the list-then-watch pair of one client",
    logs: DEMO,
    keys: ["/", "user:system:node:worker-3 name:db-config", "enter", "6"],
    shows: [/list +configmaps.*\n.*watch +configmaps/],
    answer: "a kubelet lists a ConfigMap and watches it 37 ms later (`t t` shows times as differences)",
    golden: "list-then-watch",
  },
  {
    number: 4,
    question: "What exactly was sent in this create?",
    logs: DEMO,
    keys: ["/", "verb:create resource:deploy", "enter", "6", "d", "b"],
    shows: [/"image": "nginx:1\.25"/],
    answer: "the request body as a tree, secrets masked; `y` shows the whole event as it was written",
    golden: "sent-in-a-create",
  },
  {
    number: 5,
    question: "How many calls, now and over time?",
    logs: DEMO,
    keys: ["1"],
    shows: [/8,819 requests in 14m35s, 10\/s/],
    answer: "10 a second on average, the bars show when",
    golden: "how-many",
  },
  {
    number: 6,
    question: "Who calls most?",
    logs: ["generated-nodes-80-percent.log"],
    keys: ["2"],
    shows: [/system:apiserver +480 +4\.4%/, /59 users/],
    answer: "the API server itself, 0.8/s; yet the first of 59 users has only 4.4 %",
    golden: "who-calls-most",
  },
  {
    number: 7,
    question: "So who are the other 80 %? (group, not user)",
    logs: ["generated-nodes-80-percent.log"],
    keys: ["2", "b", "g"],
    shows: [/system:nodes +8,998 +83\.3%/],
    answer: "`system:nodes`: 15/s of 18/s, 0.3/s a node",
    golden: "other-80-percent",
  },
  {
    number: 8,
    question: "What do they do? (that group by resource)",
    logs: ["generated-nodes-80-percent.log"],
    keys: ["2", "b", "g", "j", "B", "r"],
    shows: [/nodes\/status +3,000/, /configmaps +900 +10\.0%/, /secrets +717/],
    answer: "nodes 10/s (half get, half patch of the status), configmaps 1.5/s, secrets 1.2/s",
    golden: "what-nodes-do",
  },
  {
    number: 9,
    question: "One kubelet on `nodes`: which verbs, how often?",
    logs: ["generated-kubelet.log"],
    keys: ["2", "K"],
    shows: [
      /Cadence of system:node:worker-7/,
      /get +nodes .*~10\.\d s/,
      /patch +nodes\/status .*~10\.\d s/,
      /get +configmaps .*~6m\d+s per ConfigMap/,
    ],
    answer: "get and patch of its status, each every ~10 s",
    golden: "kubelet-on-nodes",
  },
  {
    number: 10,
    question: "One kubelet on `configmaps`: any pattern? by object name?",
    logs: ["generated-kubelet.log"],
    keys: ["2", "K", "v"],
    shows: [/get +\S*settings-\d+( -n demo| …)? +1[56] +~6m\d+s/],
    answer: "only gets; each ConfigMap every ~6 min",
    golden: "kubelet-on-configmaps",
  },
  {
    number: 11,
    question: "List latency by resource, over days; what happened at the spikes?",
    logs: ["generated-five-days-of-lists.log"],
    keys: ["7"],
    shows: [/list +endpoints .*2\.57 s/],
    answer: "endpoints up to 2.57 s, twice in five days",
    golden: "list-latency",
  },
  {
    number: 11,
    question: "— and what happened at the spikes?",
    logs: ["generated-five-days-of-lists.log"],
    keys: ["6", "}"],
    shows: [/20m\S* of silence before this request/],
    answer: "silence of 20 minutes right before each: the API server was away",
    golden: "list-latency-spikes",
  },
  {
    number: 12,
    question: "Is this cluster slower than that one? (get pod latency, two clusters)",
    logs: ["generated-600-nodes.log", "generated-1600-nodes.log"],
    keys: [":compare generated-600-nodes.log generated-1600-nodes.log by verb,resource", "enter"],
    shows: [/A generated-600-nodes\.log/, /B generated-1600-nodes\.log/, /get +pods .*3\.\d+ ms → 9\.\d+ ms/],
    answer: "get pod takes 9 ms on 1,600 nodes and 3 ms on 600; `⏎` opens the requests behind either",
    golden: "two-clusters",
  },
  {
    number: 13,
    question: "What happens when a Deployment is created? by actor, in order",
    logs: DEMO,
    keys: [NGINX, "enter"],
    shows: [/alice@example\.com/],
    answer:
      "alice creates; deployment controller → ReplicaSet; replicaset controller → Pods; scheduler → Bindings (with the node); kubelets → status",
    golden: "deployment-created",
  },
  {
    number: 14,
    question: "The whole of it, with reads, quota checks, Events, status updates",
    logs: DEMO,
    keys: [NGINX, "enter", "f", "v"],
    shows: [/scheduler/],
    answer: "one lane each: user, controllers, scheduler, nodes, API server",
    golden: "deployment-lanes",
  },
  {
    number: 15,
    question: "One pod on its node: every call and Event",
    logs: DEMO,
    keys: [":trail pod/nginx-7cd5cff77d-q4wl6 -n demo", "enter", "f"],
    shows: [/q4wl6/],
    answer:
      "binding, get, status ContainerCreating, Events (pulling, pulled, created, started), status Running, and its end",
    golden: "one-pod",
  },
  {
    number: 16,
    question: "Kubernetes Events older than their 1 h TTL",
    logs: DEMO,
    keys: ["0"],
    shows: [/452 Events of/],
    answer: "452 Events, a row for each reason, warnings first; `o` opens the trail of what the newest is about",
    golden: "kubernetes-events",
  },
  {
    number: 17,
    question: "Calls by status code, over a week; only 4xx",
    logs: DEMO,
    keys: ["3"],
    shows: [/401 +Unauthorized +18/, /403 +Forbidden +192/, /409 +Conflict +31/, /422 +Invalid +3/],
    answer: "a line per code with its shape over time",
    golden: "status-codes",
  },
  {
    number: 18,
    question: "401: from which addresses?",
    logs: DEMO,
    keys: [":codes 401", "enter"],
    shows: [/127\.0\.0\.66 +9/, /127\.0\.0\.67 +6/, /127\.0\.0\.80 +3/],
    answer: "three addresses: 9 by an expired certificate, 6 and 3 with bad tokens",
    golden: "401-from-where",
  },
  {
    number: 19,
    question: "403: which user? on what?",
    logs: DEMO,
    keys: [":codes 403", "enter"],
    shows: [/traefik +list +secrets +136/],
    answer: "Traefik's service account, 136 lists of secrets it doesn't need",
    golden: "403-who",
  },
  {
    number: 20,
    question: "422: who, doing what?",
    logs: ["generated-gc-422.log"],
    keys: [":codes 422", "enter"],
    shows: [/garbage-collector +patch +pods +2,928/],
    answer: "the garbage collector patches two pods, every hour for two months",
    golden: "422-who",
  },
  {
    number: 20,
    question: "— and with which body?",
    logs: ["generated-gc-422.log"],
    keys: [":codes 422", "enter", "enter", "d", "b"],
    shows: [/\$patch/, /sidecar-injector/],
    answer: "`$patch: delete` of an ownerReference; `sidecar-injector` added a container to it",
    golden: "422-body",
  },
  {
    number: 21,
    question: "Why was this resource deleted?",
    logs: DEMO,
    keys: [":why pod/nginx-7cd5cff77d-q4wl6 -n demo", "enter"],
    shows: [/replaced by a roll-out/, /alice@example\.com/],
    answer: "replaced by a roll-out that alice started by setting another image",
    golden: "why-deleted",
  },
  {
    number: 21,
    question: "— and why is this one still there?",
    logs: ["generated-gc-422.log"],
    keys: [":why rs/web-6d4cf56db6 -n shop", "enter"],
    shows: [/stuck/, /Terminating for 61 days, finalizers left: orphan/],
    answer: "Terminating for 61 days: the garbage collector may not take its reference off two pods",
    golden: "why-stuck",
  },
  {
    number: 22,
    question: "Which application makes so many calls, and what would stop if it were fixed?",
    logs: DEMO,
    keys: ["2", "b", "e"],
    shows: [/noisy-agent\/1\.4\.2 .*1,199 +13\.6%/],
    answer: "`noisy-agent`, 13.6 % of everything; `B i` shows one address per node: a DaemonSet",
    golden: "which-application",
  },
];

/** A typed text is one step, with the key that asks for it and its enter. */
export function stepsOf(keys: readonly string[]): number {
  const asking = keys.filter((key, at) => (key === "/" || key === "ctrl-k") && isTyped(keys[at + 1] ?? "")).length;
  const entered = keys.filter((key, at) => key === "enter" && isTyped(keys[at - 1] ?? "")).length;
  return keys.length - asking - entered;
}

function isTyped(key: string): boolean {
  return key.length > 1 && !KEY_BYTES.has(key);
}
