import { story } from "./play.ts";

/**
 * CI complains that everything takes a second longer. Known: "since ten past". Needed: what is slow, since when, in which
 * part of the API server, because of what, and who put it there. The log is generated: a mutating webhook takes 1.1–1.5 s.
 */
story("a webhook makes writes slow", { generated: ["generated-slow-webhook.log"] }, async ({ press, see }) => {
  await press("7");
  see(/▸ create +pods +240 .*1\.51 s/, /list +pods +240 +9\.00 ms/);
  await press("V");
  see(/▸ mutating-webhook .*119 +1\.29 s +1\.50 s +2m34s +99\.1%/);
  await press("enter", "enter", "/", "sidecar-injector", "enter", "n");
  see("inject.sidecar.example.com");
  await press("4", "/", "sidecar-injector", "enter", "d");
  see("create mutatingwebhookconfiguration/sidecar-injector", "carol@example.com");
});
