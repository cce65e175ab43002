// The process of a test server: chDB, which is ClickHouse as a library, behind the HTTP interface of a ClickHouse server as far as
// its clients go. `node serve.ts '{"directory": …}'` (ServeOptions) prints its port when it listens.
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { createServer as createSecureServer } from "node:https";
import { buffer } from "node:stream/consumers";
import {
  createBrotliCompress,
  createBrotliDecompress,
  createGunzip,
  createGzip,
  createZstdCompress,
  createZstdDecompress,
} from "node:zlib";
import type { ServeOptions } from "./clickhouse-server.ts";
import { Engine, QueryFailure } from "./engine.ts";

const options = JSON.parse(process.argv[2] ?? "{}") as ServeOptions;
const engine = new Engine(options);
const handle = (request: IncomingMessage, response: ServerResponse): void => void answer(request, response);
const server =
  options.tls === undefined
    ? createServer(handle)
    : createSecureServer(
        {
          key: options.tls.key,
          cert: options.tls.cert,
          ...(options.tls.clientCa === undefined
            ? {}
            : { ca: options.tls.clientCa, requestCert: true, rejectUnauthorized: true }),
        },
        handle,
      );
server.listen(options.port ?? 0, "127.0.0.1", () => {
  const address = server.address();
  process.stdout.write(`${typeof address === "object" ? address?.port : ""}\n`);
});

const UNPACK = { gzip: createGunzip, zstd: createZstdDecompress, br: createBrotliDecompress };
const PACK = { gzip: createGzip, zstd: createZstdCompress, br: createBrotliCompress };
type Codec = keyof typeof PACK;

async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const url = new URL(request.url ?? "/", "http://server");
  if (url.pathname === "/ping") return void response.end("Ok.\n");
  const asked = url.searchParams;
  const id = asked.get("query_id") ?? crypto.randomUUID();
  const tag = crypto.randomUUID().slice(0, 16);
  response.setHeader("X-ClickHouse-Query-Id", id);
  let out: NodeJS.WritableStream | null = null;
  try {
    const user = userOf(request);
    const statement = await statementOf(request, asked);
    response.on("close", () => {
      const isLeft = !response.writableFinished && asked.get("cancel_http_readonly_queries_on_client_close") === "1";
      if (isLeft) engine.kill(id);
    });
    for await (const chunk of engine.run({ id, statement, asked, readonly: user.readonly ?? 0 })) {
      out ??= begin(request, response, asked, tag);
      if (!out.write(chunk)) await new Promise((done) => out?.once("drain", done).once("close", done));
      if (response.closed) return;
    }
    out?.end();
  } catch (error) {
    const failure = error instanceof QueryFailure ? error : new QueryFailure(1002, String(error));
    if (out !== null) {
      // As a server since 25.11 ends an answer it has begun.
      const text = failure.message;
      out.end(`\r\n__exception__\r\n${tag}\r\n${text}\n${Buffer.byteLength(text) + 1} ${tag}\r\n__exception__\r\n`);
      return;
    }
    response.setHeader("X-ClickHouse-Exception-Code", String(failure.code));
    response.writeHead(failure.status, { "Content-Type": "text/plain; charset=UTF-8" });
    response.end(`${failure.message}\n`);
  }
}

/** Parameters that are too long for the URL come as parts of a form, with the query: they join those that were asked. */
async function statementOf(request: IncomingMessage, asked: URLSearchParams): Promise<string> {
  const query = asked.get("query");
  const type = request.headers["content-type"] ?? "";
  const codec = request.headers["content-encoding"] as Codec | undefined;
  if (codec !== undefined && UNPACK[codec] === undefined) throw new QueryFailure(1, `Unknown encoding ${codec}`);
  const bytes = await buffer(codec === undefined ? request : request.pipe(UNPACK[codec]()));
  if (type.startsWith("multipart/form-data")) {
    const form = await new Response(bytes, { headers: { "content-type": type } }).formData();
    for (const [name, value] of form) if (name !== "query") asked.set(name, String(value));
    return String(form.get("query") ?? query);
  }
  const body = bytes.toString("utf8");
  return query === null ? body : body === "" ? query : `${query}\n${body}`;
}

/** Status and headers, once it is known that the query runs; what the answer is written to, packed as the client wants it. */
function begin(
  request: IncomingMessage,
  response: ServerResponse,
  asked: URLSearchParams,
  tag: string,
): NodeJS.WritableStream {
  const wanted = String(request.headers["accept-encoding"] ?? "").split(/[,;] */)[0] as Codec;
  const isPacked = asked.get("enable_http_compression") === "1" && PACK[wanted] !== undefined;
  response.writeHead(200, {
    "Content-Type": "application/octet-stream",
    "X-ClickHouse-Exception-Tag": tag,
    ...(isPacked ? { "Content-Encoding": wanted } : {}),
  });
  if (!isPacked) return response;
  const pack = PACK[wanted]();
  pack.pipe(response);
  return pack;
}

function userOf(request: IncomingMessage): { readonly readonly?: 1 | 2 } {
  const [, basic = ""] = /^Basic (.*)$/.exec(request.headers.authorization ?? "") ?? [];
  const [user = "", ...rest] = Buffer.from(basic, "base64").toString("utf8").split(":");
  const name = String(request.headers["x-clickhouse-user"] ?? user) || "default";
  const password = String(request.headers["x-clickhouse-key"] ?? rest.join(":"));
  const known = (options.users ?? [{ name: "default", password: "" }]).find((each) => each.name === name);
  if (known?.password !== password)
    throw new QueryFailure(
      516,
      `Code: 516. DB::Exception: ${name}: Authentication failed: password is incorrect, or there is no user with such name. (AUTHENTICATION_FAILED) (version ${engine.version})`,
    );
  return known;
}
