import { COLLECTOR, controllerOf } from "./actors.ts";
import type { LineageEvent } from "./event.ts";

/** What the whole log covers, whichever part of it a question reads: what rests on something missing depends on it. */
export interface LogExtent {
  /** First and last answer, µs; infinite while there is none. */
  fromUs: number;
  toUs: number;
  /** It has writes of the kube-controller-manager's controllers, and of the garbage collector's. */
  hasControllers: boolean;
  hasCollector: boolean;
}

export function nothingHeard(): LogExtent {
  return {
    fromUs: Number.POSITIVE_INFINITY,
    toUs: Number.NEGATIVE_INFINITY,
    hasControllers: false,
    hasCollector: false,
  };
}

export function extend(extent: LogExtent, by: LogExtent): void {
  if (by.fromUs < extent.fromUs) extent.fromUs = by.fromUs;
  if (by.toUs > extent.toUs) extent.toUs = by.toUs;
  extent.hasControllers ||= by.hasControllers;
  extent.hasCollector ||= by.hasCollector;
}

export function hear(extent: LogExtent, event: LineageEvent): void {
  hearUntil(extent, Number.isFinite(event.stageUs) ? event.stageUs : event.receivedUs);
  hearFrom(extent, event.verb, controllerOf(event.user, event.useragent));
}

/** Something was answered then; NaN is no time. */
export function hearUntil(extent: LogExtent, us: number): void {
  if (us < extent.fromUs) extent.fromUs = us;
  if (us > extent.toUs) extent.toUs = us;
}

const READS = new Set(["get", "list", "watch", ""]);
/** These react to what is there, but remove nothing that others gave up. */
const OTHERS = new Set(["", "kubelet", "apiserver", "kube-scheduler", "kube-controller-manager", "leader-election"]);

/** `controller`: as `controllerOf` names it. */
export function hearFrom(extent: LogExtent, verb: string, controller: string): void {
  if (READS.has(verb)) return;
  extent.hasControllers ||= !OTHERS.has(controller);
  extent.hasCollector ||= controller === COLLECTOR;
}
