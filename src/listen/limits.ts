/** What strangers may cost us. */

/** An API server's batch is split at 10 MiB where truncation is on; where it is off, 400 events with large bodies fit. */
export const MOST_BODY_BYTES = 128 * 1024 * 1024;
/** Bodies being received and events not taken yet, of all senders: beyond it they are asked to come again. */
export const MOST_PENDING_BYTES = 192 * 1024 * 1024;
/** An API server in blocking mode opens some 60. */
export const MOST_CONNECTIONS = 512;
/** An API server gives up after 30 s itself. */
export const HEADERS_MS = 10_000;
export const BODY_MS = 30_000;
export const IDLE_MS = 120_000;
export const RETRY_AFTER_S = 1;
export const MOST_SENDERS = 64;
