import type { TrailStep } from "../../lineage/contract.ts";

/** Who made a step, as people call them, and the lane it stands on. */

const NODE_USER = "system:node:";
const ACCOUNT = "system:serviceaccount:";

/** "deployment controller", "scheduler", "kubelet worker-1", "alice@example.com", "ci/deployer". */
export function actorName(step: Pick<TrailStep, "actor" | "controller">): string {
  const { actor, controller = "" } = step;
  if (controller === "kubelet") return actor.startsWith(NODE_USER) ? `kubelet ${actor.slice(NODE_USER.length)}` : actor;
  if (controller === "kube-scheduler") return "scheduler";
  if (controller === "apiserver") return "API server";
  if (controller === "generic-garbage-collector") return "garbage collector";
  if (controller !== "") return controller.replace(/-controller$/, " controller");
  if (actor.startsWith(ACCOUNT)) return actor.slice(ACCOUNT.length).replace(":", "/");
  return actor;
}

/** For narrow columns; `shortest` leaves kubelets with the name of their node. */
export function shortActorName(step: Pick<TrailStep, "actor" | "controller">, shortest: boolean): string {
  return shortLabel(actorName(step), shortest);
}

export function shortLabel(name: string, shortest: boolean): string {
  const short = name.replace(/ controller$/, " ctrl").replace(/^garbage collector$/, "garbage coll.");
  return shortest ? short.replace(/^kubelet /, "") : short;
}

/** Lanes from who asks to who carries it out: people first, then the chain of controllers, the nodes, the cleaners. */
export function laneRank(step: Pick<TrailStep, "actorClass" | "controller" | "actor">): number {
  const { controller = "", actorClass } = step;
  if (controller === "") return actorClass === "human" ? 0 : 1;
  if (controller === "kubelet") return 7;
  if (controller === "kube-scheduler") return 6;
  if (controller === "apiserver") return 8;
  if (controller === "generic-garbage-collector") return 9;
  const rank = CONTROLLERS.get(controller);
  return rank ?? 10;
}

const CONTROLLERS: ReadonlyMap<string, number> = new Map([
  ["horizontal-pod-autoscaler", 2],
  ["cronjob-controller", 2],
  ["deployment-controller", 3],
  ["replicaset-controller", 4],
  ["statefulset-controller", 4],
  ["daemon-set-controller", 4],
  ["job-controller", 4],
  ["replication-controller", 4],
]);

export const ADMISSION = "quota, admission";

/** Rejected by quota or by an admission plugin, not by who may do what. */
export function isAdmissionFailure(step: TrailStep): boolean {
  return (
    step.sort === "failure" &&
    /exceeded quota|admission|denied the request|PodSecurity|LimitRange|limited to|maximum \w+ usage/i.test(step.what)
  );
}
