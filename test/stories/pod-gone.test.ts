import { story } from "./play.ts";

/**
 * "My pod is gone." Known: its name, `filler-3`. Needed: whether somebody deleted it, and who is behind that. (It was preempted
 * for a pod carol created.)
 */
story("why is my pod gone", { paths: ["fixtures/demo"] }, async ({ press, see }) => {
  await press("4", "/", "filler-3", "enter");
  see("▸ pod/filler-3 -n ci");
  await press("W");
  see(
    "pod/filler-3 -n ci  preempted",
    "carol@example.com",
    "urgent-task",
    "00:12:47.693",
    "system:kube-scheduler",
    "127.0.0.52",
  );
});
