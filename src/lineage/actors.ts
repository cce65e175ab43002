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
  /** Node of a kubelet that its name tells, else "". */
  readonly node: string;
}

export const COLLECTOR = "generic-garbage-collector";
/** Of whichever node: old clusters give all kubelets one name, which tells no node. */
export const KUBELET = "kubelet";

const CONTROLLER_ACCOUNT = "system:serviceaccount:kube-system:";
const NODE_USER = "system:node:";

/** One of the manager's controllers, whose user agent does not say which. */
export const UNNAMED_CONTROLLER = "kube-controller-manager";

/** Common names of certificates that some installers give the control plane, without `system:`, among them. */
const CONTROL_PLANE = new Map([
  ["system:kube-scheduler", "kube-scheduler"],
  ["kube-scheduler", "kube-scheduler"],
  ["system:apiserver", "apiserver"],
  ["system:kube-controller-manager", UNNAMED_CONTROLLER],
  ["kube-controller-manager", UNNAMED_CONTROLLER],
  ["kubelet", KUBELET],
]);

/**
 * Controllers act with their own service account or, without `--use-service-account-credentials`, all as
 * `system:kube-controller-manager`: then the user agent's last part names the controller.
 */
export function controllerOf(user: string, useragent: string): string {
  if (user.startsWith(CONTROLLER_ACCOUNT)) return user.slice(CONTROLLER_ACCOUNT.length);
  if (user.startsWith(NODE_USER)) return KUBELET;
  const controller = CONTROL_PLANE.get(user) ?? "";
  if (controller !== UNNAMED_CONTROLLER) return controller;
  const last = useragent.slice(useragent.lastIndexOf("/") + 1);
  const name = last.slice(last.lastIndexOf(":") + 1);
  // The commit a program was built from may have no digit in it.
  return /^[a-z][a-z-]+$/.test(name) && !/^[a-f]{7,40}$/.test(name) ? name : UNNAMED_CONTROLLER;
}

/** Users that controllerOf names so whatever their program. */
export function usersOf(controller: string): readonly string[] {
  const named = [...CONTROL_PLANE].flatMap(([user, name]) => (name === controller ? [user] : []));
  return [`${CONTROLLER_ACCOUNT}${controller}`, ...named];
}

export function nodeOf(user: string): string {
  return user.startsWith(NODE_USER) ? user.slice(NODE_USER.length) : "";
}

type ActorFacts = Pick<Actor, "user" | "asFrom" | "ip" | "useragent" | "actorClass">;

/** Clients are few, but a stranger may send a new user agent with every request: the table is emptied when full. */
const MAX_ACTORS = 8_192;
const MAX_CLIENTS = 256;
const MAX_AGENT = 256;

export class KnownActors {
  /** By user; a user has few clients. */
  private readonly known = new Map<string, Actor[]>();
  private size = 0;

  intern(facts: ActorFacts): Actor {
    let clients = this.known.get(facts.user);
    for (let at = (clients?.length ?? 0) - 1; at >= 0; at -= 1) {
      const actor = clients?.[at];
      if (actor !== undefined && isSame(actor, facts)) return actor;
    }
    if (this.size >= MAX_ACTORS || (clients?.length ?? 0) >= MAX_CLIENTS) {
      this.known.clear();
      this.size = 0;
      clients = undefined;
    }
    const actor: Actor = {
      user: facts.user,
      asFrom: facts.asFrom,
      ip: facts.ip,
      useragent: facts.useragent.length > MAX_AGENT ? facts.useragent.slice(0, MAX_AGENT) : facts.useragent,
      actorClass: facts.actorClass,
      controller: controllerOf(facts.user, facts.useragent),
      node: nodeOf(facts.user),
    };
    this.size += 1;
    if (clients === undefined) this.known.set(facts.user, [actor]);
    else clients.push(actor);
    return actor;
  }
}

function isSame(actor: Actor, facts: ActorFacts): boolean {
  return actor.useragent === facts.useragent && actor.ip === facts.ip && actor.asFrom === facts.asFrom;
}
