import type { LogContent } from "../bytes/told-servers.ts";
import { serverIn } from "./lease-server.ts";
import { writtenTimesUs } from "./line-time.ts";

export const LOG_CONTENT: LogContent = { serverIn, timesIn: writtenTimesUs };
