import type { ActorClass } from "../events/vocabulary.ts";

/** Who made a request. Interned: requests of one client share one value. */
export interface Actor {
  readonly user: string;
  readonly asFrom: string;
  readonly ip: string;
  readonly useragent: string;
  readonly actorClass: ActorClass;
  /** `replicaset-controller`, `kube-scheduler`, `kubelet`, `apiserver`; "" for everybody else. */
  readonly controller: string;
  /** Node of a kubelet, else "". */
  readonly node: string;
}

const CONTROLLER_ACCOUNT = "system:serviceaccount:kube-system:";
const NODE_USER = "system:node:";

/**
 * Controllers act with their own service account or, without `--use-service-account-credentials`, all as
 * `system:kube-controller-manager`: then the user agent's last part names the controller.
 */
export function controllerOf(user: string, useragent: string): string {
  if (user.startsWith(CONTROLLER_ACCOUNT)) return user.slice(CONTROLLER_ACCOUNT.length);
  if (user === "system:kube-scheduler") return "kube-scheduler";
  if (user === "system:apiserver") return "apiserver";
  if (user.startsWith(NODE_USER)) return "kubelet";
  if (user === "system:kube-controller-manager") {
    const last = useragent.slice(useragent.lastIndexOf("/") + 1);
    const name = last.slice(last.lastIndexOf(":") + 1);
    return /^[a-z][a-z-]+$/.test(name) ? name : "kube-controller-manager";
  }
  return "";
}

export function nodeOf(user: string): string {
  return user.startsWith(NODE_USER) ? user.slice(NODE_USER.length) : "";
}

type ActorFacts = Pick<Actor, "user" | "asFrom" | "ip" | "useragent" | "actorClass">;

/** Clients are few, but a stranger may send a new user agent with every request: the table is emptied when full. */
const MAX_ACTORS = 8_192;

export class ActorTable {
  private readonly known = new Map<string, Actor>();

  intern(facts: ActorFacts): Actor {
    const key = `${facts.user}\0${facts.asFrom}\0${facts.ip}\0${facts.useragent}`;
    const found = this.known.get(key);
    if (found !== undefined) return found;
    if (this.known.size >= MAX_ACTORS) this.known.clear();
    const actor: Actor = {
      user: facts.user,
      asFrom: facts.asFrom,
      ip: facts.ip,
      useragent: facts.useragent.slice(0, 256),
      actorClass: facts.actorClass,
      controller: controllerOf(facts.user, facts.useragent),
      node: nodeOf(facts.user),
    };
    this.known.set(key, actor);
    return actor;
  }
}
