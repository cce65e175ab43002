import { story } from "./play.ts";

/**
 * A roll-out hangs: the Deployment is there, its pods never come. Known: `deploy/web` in `shop`. Needed: who refuses the pods,
 * how often, and the words. The log is generated: a ResourceQuota refuses every pod the ReplicaSet's controller creates.
 */
story("a deploy hangs", { generated: ["generated-quota.log"] }, async ({ press, see }) => {
  await press(":trail deploy/web -n shop", "enter");
  see("not seen available", "12 failures", /replicaset c.*rejected by quota 403/);
  await press("j", "j", "d");
  see(
    "403 Forbidden",
    /exceeded quota:\s+compute, requested: pods=1, used: pods=10,/,
    "Authorized, then refused by admission",
  );
  await press(":codes 403", "enter");
  see(/replicaset-controller +create +pods +12/);
});
