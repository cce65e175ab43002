/** Pods that do not come up, as Kubernetes Events and the kubelet's statuses say where their bodies are logged. */
import { field, type JsonValue, list, text } from "../../lineage/json.ts";
import type { Sample, Sighting } from "../contract.ts";
import { quote } from "../../queries/print-filter.ts";
import { tallies, type Tally, type TallyRule } from "../tallies.ts";
import { list as listText } from "../words.ts";

const EVENTS = "verb:create,patch,update resource:events,events.events.k8s.io code:<300 level:Request,RequestResponse";
const STATUSES = "verb:patch,update resource:pods/status actor:node code:<300 level:Request,RequestResponse";
const WANTS = `(${EVENTS}) OR (${STATUSES})`;

/** As controllers name the pods of one owner: the part that all have. */
function ownerOf(pod: string): string {
  return pod.replace(/-[a-z\d]{5}$/, "");
}

/** Without numbers of nodes: `Insufficient cpu, Too many pods`. */
function classOf(message: string): string {
  const [said = ""] = message.slice(0, 1_000).split(". preemption:", 1);
  return said
    .replace(/^\d+\/\d+ nodes are available: /, "")
    .replaceAll(/\b\d+ /g, "")
    .replace(/\. no new claims.*$/s, "")
    .replace(/\.$/, "");
}

interface Saying {
  readonly pod: string;
  readonly reason: string;
  readonly message: string;
}

/** What an Event or a status says of a pod; a patch of an Event says its count only: of those the series is remembered by name. */
function sayings(): (sighting: Sighting) => readonly Saying[] {
  const known = new Map<string, Saying>();
  return ({ facts, request, response }) => {
    if (facts.resource === "pods") return waitingOf(request, facts.name);
    const body = text(response, "reason") === "" ? request : response;
    const reason = text(body, "reason");
    if (reason === "") {
      const same = known.get(`${facts.namespace}/${facts.name}`);
      return same === undefined ? [] : [same];
    }
    const object = field(body, "involvedObject") ?? field(body, "regarding");
    if (text(object, "kind") !== "Pod") return [];
    const saying = { pod: text(object, "name"), reason, message: text(body, "message") || text(body, "note") };
    if (known.size < 10_000) known.set(`${facts.namespace}/${facts.name}`, saying);
    return [saying];
  };
}

function waitingOf(status: JsonValue | undefined, pod: string): readonly Saying[] {
  const all = [
    ...list(field(status, "status"), "containerStatuses"),
    ...list(field(status, "status"), "initContainerStatuses"),
  ];
  return all.flatMap((container) => {
    const waiting = field(field(container, "state"), "waiting");
    const reason = text(waiting, "reason");
    return reason === "" ? [] : [{ pod, reason, message: text(waiting, "message") || text(container, "image") }];
  });
}

function podTrouble(
  rule: Omit<TallyRule, "wants" | "reads" | "needs" | "adding" | "tell"> & {
    is(saying: Saying): boolean;
    /** Default: pods of one owner are told of together. */
    keyOf?(saying: Saying): string;
    note(saying: Saying): string;
    say(pods: string, tally: Tally): Pick<ReturnType<TallyRule["tell"]> & object, "title" | "detail">;
  },
): ReturnType<typeof tallies> {
  const { is, keyOf, note, say, ...description } = rule;
  return tallies({
    ...description,
    needs: ["request bodies"],
    wants: WANTS,
    reads: "bodies",
    adding() {
      const said = sayings();
      return (sighting) => {
        const saying = said(sighting).find(is);
        if (saying === undefined) return null;
        return {
          key: keyOf?.(saying) ?? JSON.stringify([sighting.facts.namespace, ownerOf(saying.pod)]),
          note: note(saying).slice(0, 200),
        };
      };
    },
    tell(tally) {
      if (keyOf !== undefined) return { ...say("pods", tally), subject: { resource: "pods" }, terms: WANTS };
      const [namespace = "", owner = ""] = JSON.parse(tally.key) as readonly string[];
      return {
        ...say(`pods ${owner} in ${namespace}`, tally),
        subject: { resource: "pods", namespace, object: `${namespace}/pods/${owner}` },
        terms: `(${WANTS}) ns:${quote(namespace)}`,
      };
    },
  });
}

const NODE = "system:node:n1";

function event(reason: string, message: string, times: number): Sample {
  return Array.from({ length: times }, (_, at) => ({
    at: at * 20,
    user: NODE,
    verb: at === 0 ? "create" : "patch",
    resource: "events",
    namespace: "shop",
    name: "web-7d8f9c-abcde.18e",
    code: at === 0 ? 201 : 200,
    request:
      at === 0 ? { reason, message, involvedObject: { kind: "Pod", name: "web-7d8f9c-abcde" } } : { count: at + 1 },
  }));
}

function status(reason: string, message: string, times: number): Sample {
  return [
    {
      user: NODE,
      verb: "patch",
      resource: "pods/status",
      namespace: "shop",
      name: "web-7d8f9c-abcde",
      times,
      every: 30,
      request: { status: { containerStatuses: [{ name: "c", state: { waiting: { reason, message } } }] } },
    },
  ];
}

export const crashLoop = podTrouble({
  id: "crashloop",
  about: "a container starts, ends and is started again, ever more slowly",
  severity: "medium",
  advice:
    "Look at the log of the container before (`kubectl logs --previous`), its exit code, and at what changed it: `ktrail trail`.",
  references: ["Kubernetes: debug pods, CrashLoopBackOff"],
  least: 3,
  hits: [
    event("BackOff", "Back-off restarting failed container c in pod web", 6),
    status("CrashLoopBackOff", "back-off 40s restarting failed container", 4),
  ],
  misses: [
    event("BackOff", "Back-off restarting failed container c in pod web", 2),
    event("Started", "Started container c", 9),
  ],
  is: ({ reason, message }) =>
    reason === "CrashLoopBackOff" || (reason === "BackOff" && /restarting failed/i.test(message)),
  note: ({ pod }) => pod,
  say: (pods, { requests, notes }) => ({
    title: `${pods} crash again and again: ${requests} reports`,
    detail: `${listText(notes.keys())} in ${pods} ended and were started again, as kubelets said ${requests} times`,
  }),
});

export const imagePull = podTrouble({
  id: "image-pull-loop",
  about: "an image cannot be pulled, and its pods wait for it",
  severity: "medium",
  advice: "Look at the name and tag of the image, at the pull secret, and at whoever set it: `ktrail trail`.",
  references: ["Kubernetes: images, ImagePullBackOff"],
  least: 2,
  hits: [
    event("Failed", 'Failed to pull image "nginx:typo": not found', 3),
    status("ImagePullBackOff", 'Back-off pulling image "nginx:typo"', 3),
  ],
  misses: [event("Pulling", 'Pulling image "nginx:1.27"', 5), status("ContainerCreating", "", 5)],
  is: ({ reason, message }) =>
    /^(?:ErrImagePull|ImagePullBackOff|InvalidImageName|ErrImageNeverPull)$/.test(reason) ||
    (/^(?:Failed|BackOff)$/.test(reason) && /pull(?:ing)? image|ImagePullBackOff|ErrImagePull/i.test(message)),
  note: ({ message }) => /"([^"\s]{1,180})"/.exec(message)?.[1] ?? "",
  say: (pods, { requests, notes }) => {
    const image = notes.size === 0 ? "their image" : `image ${listText(notes.keys())}`;
    return {
      title: `${pods} wait for ${image}, which can't be pulled`,
      detail: `kubelets said ${requests} times that ${image} of ${pods} can't be pulled`,
    };
  },
});

export const unschedulable = podTrouble({
  id: "unschedulable",
  about: "no node has room for a pod, or suits it",
  severity: "low",
  advice: "Ask for less, add nodes, or look at taints and selectors: the message names how many nodes lack what.",
  references: ["Kubernetes: scheduler, FailedScheduling"],
  least: 2,
  hits: [
    event("FailedScheduling", "0/3 nodes are available: 3 Insufficient cpu.", 3),
    event("FailedScheduling", "0/1 nodes are available: 1 node(s) had untolerated taint", 20),
  ],
  misses: [
    event("Scheduled", "Successfully assigned shop/web to n1", 3),
    event("FailedScheduling", "0/3 nodes are available: 3 Insufficient cpu.", 1),
  ],
  is: ({ reason }) => reason === "FailedScheduling",
  keyOf: ({ message }) => classOf(message),
  note: ({ pod }) => ownerOf(pod),
  say: (_, { key, requests, notes }) => {
    const why = key.length === 0 ? "no node suits them" : key;
    return {
      title: `pods find no node: ${why}`,
      detail: `the scheduler said ${requests} times of pods of ${listText(notes.keys())}: ${why}`,
    };
  },
});
