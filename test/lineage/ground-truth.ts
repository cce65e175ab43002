import type { WhyVerdict } from "../../src/lineage/contract.ts";

export const ALICE = "alice@example.com";
export const BOB = "bob@example.com";
export const CAROL = "carol@example.com";
export const controller = (name: string): string => `system:serviceaccount:kube-system:${name}`;

/** OBJECT, namespace, verdict, first cause's user, time of the removal (of the first link) from the minute on. */
export type Row = readonly [object: string, namespace: string, verdict: WhyVerdict, by: string, at: string];

export const ROWS: readonly Row[] = [
  ["64ccc728-bfd6-4af7-acd3-723eca59d3fc", "", "deleted", BOB, "10:24.596"],
  ["po/debug-shell", "demo", "deleted", BOB, "11:39.262"],
  ["5a4b05f4-7904-4775-b61d-0537456f42eb", "", "deleted", BOB, "11:39.545"],
  ["po/nginx-857899445-7x5j6", "demo", "scaled-down", ALICE, "10:25.07"],
  ["po/nginx-857899445-6zj4m", "demo", "scaled-down", ALICE, "10:25.07"],
  ["po/nginx-857899445-qxvd2", "demo", "scaled-down", ALICE, "11:40.0"],
  ["po/nginx-857899445-gh5c2", "demo", "scaled-down", ALICE, "11:40.0"],
  ["po/nginx-7cd5cff77d-nglh9", "demo", "rollout", ALICE, "09:31.92"],
  ["po/nginx-7cd5cff77d-xgllz", "demo", "rollout", ALICE, "09:32.07"],
  ["po/nginx-7cd5cff77d-pxbbw", "demo", "rollout", ALICE, "09:32.30"],
  ["po/nginx-7cd5cff77d-q4wl6", "demo", "rollout", ALICE, "09:32.30"],
  ["po/nginx-688f6c4c9-qk2pt", "demo", "rollout", ALICE, "09:35.15"],
  ["po/nginx-857899445-2jbvt", "demo", "rollout", ALICE, "14:24.76"],
  ["po/nginx-857899445-vnllt", "demo", "drained", CAROL, "12:02.592"],
  ["a1dcfafb-254d-4571-8e5c-666307e18419", "", "drained", CAROL, "12:18.076"],
  ["4bb3a7c1-0571-4c69-94d3-f50c28934dc2", "", "tainted", CAROL, "12:19.9"],
  ["1adb9afe-12ed-4acc-a7c5-76085344102d", "", "tainted", CAROL, "12:19.9"],
  ["po/nginx-857899445-755d7", "demo", "tainted", CAROL, "12:19.9"],
  ["po/log-agent-rf6r6", "demo", "tainted", CAROL, "12:19.9"],
  ["job/import-customers", "demo", "ttl", controller("ttl-after-finished-controller"), "11:21.010"],
  ["po/import-customers-5mwcb", "demo", "owner-deleted", controller("ttl-after-finished-controller"), "11:21.035"],
  ["job/nightly-report-29920331", "demo", "history-limit", controller("cronjob-controller"), "12:06.836"],
  ["job/nightly-report-29920332", "demo", "history-limit", controller("cronjob-controller"), "13:06.934"],
  ["po/nightly-report-29920331-r7gsx", "demo", "owner-deleted", controller("cronjob-controller"), "12:06.889"],
  ["po/filler-3", "ci", "preempted", CAROL, "12:47.693"],
  ["cm/widget-a-config", "demo", "owner-deleted", CAROL, "12:54.051"],
  ["po/filler-1", "ci", "deletecollection", CAROL, "12:54.307"],
  ["po/filler-2", "ci", "deletecollection", CAROL, "12:54.307"],
  ["po/urgent-task", "ci", "deletecollection", CAROL, "12:54.307"],
  ["ns/scratch", "", "deleted", ALICE, "12:31.668"],
  ["deploy/web", "scratch", "namespace-deleted", ALICE, "12:41.939"],
  ["po/web-7887448d46-c9wjh", "scratch", "namespace-deleted", ALICE, "12:36.688"],
  ["po/web-7887448d46-z9654", "scratch", "namespace-deleted", ALICE, "12:36.688"],
  ["cm/settings", "scratch", "namespace-deleted", ALICE, "12:41.855"],
  ["deploy/nginx", "demo", "deleted", ALICE, "14:25.574"],
  ["rs/nginx-66f75bc8b8", "demo", "owner-deleted", ALICE, "14:25.59"],
  ["po/nginx-66f75bc8b8-d6n8s", "demo", "owner-deleted", ALICE, "14:25.616"],
  ["po/nginx-66f75bc8b8-pkqgd", "demo", "owner-deleted", ALICE, "14:25.617"],
  ["sts/db", "demo", "deleted", ALICE, "14:30.780"],
  ["po/db-0", "demo", "deleted", CAROL, "16:22.685"],
  ["cj/nightly-report", "demo", "deleted", BOB, "14:31.048"],
  ["po/nightly-report-29920334-dps2h", "demo", "owner-deleted", BOB, "14:31.101"],
  ["ds/log-agent", "demo", "deleted", CAROL, "14:31.342"],
  ["po/log-agent-w6gcv", "demo", "owner-deleted", CAROL, "14:31.368"],
  ["clusterrolebinding/oops", "", "deleted", CAROL, "14:09.565"],
  ["apiservice/v1.example.com", "", "owner-deleted", CAROL, "16:22.276"],
  ["svc/slow", "payments", "rejected", CAROL, "13:06.2"],
  ["ipaddress/10.96.164.254", "", "deleted", CAROL, "13:08.234"],
  ["po/p", "payments", "rejected", CAROL, "13:08."],
];
