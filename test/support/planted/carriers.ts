import { ALNUM, DIGITS, HEX, type Random } from "./random.ts";
import { base64, jwt, KEYS, password, pem, TOKENS } from "./secrets.ts";

/** A text as a file, variable, message or command line holds it, with the secrets in it. */
export interface Carried {
  readonly text: string;
  readonly secrets: readonly string[];
}

export interface Carrier {
  readonly category: string;
  /** More than one line: not for headers, labels and messages. */
  readonly isFile?: true;
  make(random: Random): Carried;
}

const plainKeys = KEYS.filter((key) => /^[\w-]+$/.test(key) && !/cookie|authorization|auth$/i.test(key));

function withOne(category: string, make: (secret: string, random: Random) => string, isFile?: true): Carrier {
  return {
    category,
    ...(isFile === undefined ? {} : { isFile }),
    make(random) {
      const secret = password(random);
      return { text: make(secret, random), secrets: [secret] };
    },
  };
}

const FILES: readonly Carrier[] = [
  withOne(
    "JSON file",
    (s, r) => JSON.stringify({ host: "db", port: 5432, [r.pick(KEYS)]: s }, null, r.pick([0, 2])),
    true,
  ),
  withOne(
    "nested JSON file",
    (s, r) => JSON.stringify({ db: { credentials: { user: "app", [r.pick(["value", "v", "x"])]: s } } }),
    true,
  ),
  withOne(
    "JSON cut short",
    (s, r) => `{"kind":"Thing","spec":{"${r.pick(plainKeys)}":"${s}","other":"it ends he`,
    true,
  ),
  withOne(
    "YAML file",
    (s, r) =>
      `server:\n  port: 8080\ndatabase:\n  host: db\n  ${r.pick(plainKeys)}: ${r.pick([s, `"${s}"`, `'${s}'`])}\n`,
    true,
  ),
  withOne("YAML block", (s, r) => `log: info\n${r.pick(plainKeys)}: |\n  first line\n  ${s}\nlevel: 3\n`, true),
  withOne(
    "YAML list",
    (s, r) =>
      `log: info\n${r.pick(["passwords", "tokens", "api_keys", "secrets"])}:\n  - one-${s}\n  - two\nlevel: 3\n`,
    true,
  ),
  withOne(
    "YAML name and value",
    (s, r) => `env:\n- name: ${r.pick(plainKeys)}\n  value: ${s}\n- name: MODE\n  value: fast\n`,
    true,
  ),
  withOne("YAML command", (s) => `args:\n  - serve\n  - --password\n  - ${s}\n  - --port\n  - "80"\n`, true),
  withOne(
    "Secret manifest",
    (s) => `apiVersion: v1\nkind: Secret\nmetadata:\n  name: x\nstringData:\n  anything: ${s}\n`,
    true,
  ),
  withOne(
    "properties file",
    (s, r) => `spring.main.banner-mode=off\nserver.port=8080\n${r.pick(plainKeys)}=${s}\n`,
    true,
  ),
  withOne(
    "env file",
    (s, r) => `# settings\nMODE=fast\nexport ${r.pick(plainKeys).toUpperCase().replaceAll("-", "_")}="${s}"\nPORT=80\n`,
    true,
  ),
  withOne(
    "INI file",
    (s, r) => `[client]\nuser = root\n${r.pick(["password", "secret", "token", "api_key"])} = ${s}\nport = 3306\n`,
    true,
  ),
  withOne("TOML file", (s, r) => `[database]\nserver = "db"\n${r.pick(plainKeys)} = "${s}"\n`, true),
  withOne("XML file", (s, r) => {
    const tag = r.pick(["password", "secretKey", "apiToken"]);
    return `<config><user>app</user><${tag}>${s}</${tag}></config>`;
  }),
  withOne(
    "XML property",
    (s, r) =>
      `<property name="${r.pick(["hibernate.connection.password", "secretKey", "db.password"])}" value="${s}"/>`,
  ),
  withOne("netrc file", (s) => `machine github.com\nlogin bob password ${s}\n`, true),
  withOne("git credentials", (s) => `https://bob:${s}@git.example.com\n`, true),
  withOne("npmrc file", (s) => `registry=https://npm.example.com/\n//npm.example.com/:_authToken=${s}\n`, true),
  withOne("redis.conf", (s) => `maxmemory 1gb\nrequirepass ${s}\nappendonly yes\n`, true),
  withOne(
    "kubeconfig file",
    (s) => `apiVersion: v1\nkind: Config\nusers:\n- name: admin\n  user:\n    token: ${s}\nclusters: []\n`,
    true,
  ),
  {
    category: "dockerconfigjson",
    make(random) {
      const secret = password(random);
      const auth = Buffer.from(`bob:${secret}`).toString("base64");
      return {
        text: JSON.stringify({ auths: { "ghcr.io": { username: "bob", password: secret, auth } } }),
        secrets: [secret, auth],
      };
    },
  },
  {
    category: "htpasswd file",
    isFile: true,
    make(random) {
      const hash = `$apr1$${random.text(8, ALNUM)}$${random.text(22, ALNUM)}`;
      return { text: `bob:${hash}\n`, secrets: [hash] };
    },
  },
  {
    category: "private key",
    isFile: true,
    make(random) {
      const text = pem(random);
      return { text, secrets: [text.split("\n")[2] ?? text] };
    },
  },
  {
    category: "private key in base64",
    make(random) {
      const text = Buffer.from(pem(random)).toString("base64");
      return { text, secrets: [text.slice(80, 140)] };
    },
  },
  {
    category: "service account file",
    isFile: true,
    make(random) {
      const key = pem(random);
      const text = JSON.stringify({ type: "service_account", project_id: "x", private_key: key, client_email: "a@x" });
      return { text, secrets: [key.split("\n")[2] ?? key] };
    },
  },
];

const ADDRESSES: readonly Carrier[] = [
  ...[
    "postgres",
    "postgresql",
    "mysql",
    "mongodb",
    "mongodb+srv",
    "redis",
    "amqp",
    "https",
    "ftp",
    "ldap",
    "clickhouse",
    "smtp",
  ].map((scheme) =>
    withOne("URL with a password", (s) => `${scheme}://app:${s}@db.example.com:5432/app?sslmode=disable`),
  ),
  withOne("redis URL", (s) => `redis://:${s}@cache:6379/0`),
  withOne("JDBC URL", (s) => `jdbc:postgresql://db:5432/app?user=app&password=${s}&ssl=true`),
  withOne("DSN of words", (s) => `host=db port=5432 user=app password=${s} dbname=app`),
  withOne("DSN of Go", (s) => `app:${s}@tcp(db:3306)/app?parseTime=true`),
  withOne(
    "connection string",
    (s, r) => `Server=db;Database=app;User Id=sa;${r.pick(["Password", "Pwd"])}=${s};Encrypt=true`,
  ),
  {
    category: "storage connection string",
    make(random) {
      const key = `${random.text(86, `${ALNUM}+/`)}==`;
      return {
        text: `DefaultEndpointsProtocol=https;AccountName=acme;AccountKey=${key};EndpointSuffix=core.windows.net`,
        secrets: [key.slice(0, 60)],
      };
    },
  },
  {
    category: "Sentry DSN",
    make(random) {
      const key = random.text(32, HEX);
      return { text: `https://${key}@o123456.ingest.sentry.io/654321`, secrets: [key] };
    },
  },
  {
    category: "webhook URL",
    make(random) {
      const secret = random.text(24, ALNUM);
      const text = random.pick([
        `https://hooks.slack.com/services/T${random.text(8, "ABCDEFGHIJ0123456789")}/B${random.text(8, "ABCDEFGHIJ0123456789")}/${secret}`,
        `https://discord.com/api/webhooks/${random.text(18, DIGITS)}/${secret}`,
        `https://acme.webhook.office.com/webhookb2/${random.text(8, HEX)}@x/IncomingWebhook/${secret}/y`,
        `https://chat.googleapis.com/v1/spaces/AAA/messages?key=x&token=${secret}`,
        `https://events.pagerduty.com/integration/${secret}/enqueue`,
      ]);
      return { text, secrets: [secret] };
    },
  },
  {
    category: "signed URL",
    make(random) {
      const secret = random.text(43, ALNUM);
      const text = random.pick([
        `https://acme.blob.core.windows.net/c/f?sv=2022-11-02&se=2026-01-01T00:00:00Z&sr=b&sp=r&sig=${secret}%3D`,
        `https://acme.s3.amazonaws.com/f?X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Signature=${secret}&X-Amz-Expires=300`,
        `https://storage.googleapis.com/b/f?GoogleAccessId=a@x&Expires=1&Signature=${secret}`,
        `https://app.azurewebsites.net/api/f?code=${secret}==`,
        `https://maps.example.com/api?key=${secret}&q=x`,
      ]);
      return { text, secrets: [secret] };
    },
  },
];

const HEADERS: readonly Carrier[] = [
  withOne("bearer header", (s) => `Authorization: Bearer ${s}${s}`),
  {
    category: "basic header",
    make(random) {
      const secret = Buffer.from(`bob:${password(random)}`).toString("base64");
      return { text: `Authorization: Basic ${secret}`, secrets: [secret] };
    },
  },
  withOne(
    "API key header",
    (s, r) => `${r.pick(["X-Api-Key", "X-Auth-Token", "X-Vault-Token", "PRIVATE-TOKEN", "apikey"])}: ${s}`,
  ),
  withOne("cookie header", (s) => `Cookie: theme=dark; session=${s}; lang=en`),
  withOne("assignment", (s, r) => `${r.pick(plainKeys)}=${s}`),
  withOne(
    "assignment in a sentence",
    (s, r) => `could not connect with ${r.pick(["password", "token", "api_key", "secret"])}=${s}, giving up`,
  ),
  withOne(
    "assignment with a colon",
    (s, r) => `login failed for app (${r.pick(["password", "token", "apiKey"])}: ${s})`,
  ),
  withOne("JSON in a sentence", (s, r) => `request {"user":"app","${r.pick(plainKeys)}":"${s}"} was refused`),
  withOne("SQL", (s, r) => r.pick([`CREATE USER app WITH PASSWORD '${s}'`, `ALTER USER app IDENTIFIED BY '${s}'`])),
];

const COMMANDS: readonly ((secret: string) => string)[] = [
  (s) => `app serve --password=${s} --port 80`,
  (s) => `app serve --db-password ${s} --port 80`,
  (s) => `app -token ${s} -v`,
  (s) => `mysql -h db -u root -p${s} app`,
  (s) => `mysqldump --user=root --password=${s} app`,
  (s) => `PGPASSWORD=${s} psql -h db -U app`,
  (s) => `psql postgresql://app:${s}@db/app`,
  (s) => `curl -u admin:${s} https://api.example.com/v1`,
  (s) => `curl --user admin:${s} https://api.example.com/v1`,
  (s) => `curl -H 'Authorization: Bearer ${s}' https://api.example.com`,
  (s) => `curl -H "X-Api-Key: ${s}" https://api.example.com`,
  (s) => `redis-cli -h cache -a ${s} ping`,
  (s) => `mongosh --host db -u root -p ${s} --eval 'db.stats()'`,
  (s) => `sshpass -p ${s} ssh root@host`,
  (s) => `docker login -u bob -p ${s} registry.example.com`,
  (s) => `helm registry login -u bob --password ${s} registry.example.com`,
  (s) => `kubectl create secret generic x --from-literal=password=${s}`,
  (s) => `kubectl --token=${s} get pods`,
  (s) => `vault login ${s}`,
  (s) => `az login --service-principal -u app -p ${s} --tenant t`,
  (s) => `aws configure set aws_secret_access_key ${s}`,
  (s) => `ldapsearch -x -D cn=admin,dc=x -w ${s} -b dc=x`,
  (s) => `openssl pkcs12 -in a.p12 -passin pass:${s}`,
  (s) => `keytool -list -keystore a.jks -storepass ${s}`,
  (s) => `sqlcmd -S db -U sa -P ${s} -Q 'select 1'`,
  (s) => `wget --http-user=bob --http-password=${s} https://x`,
  (s) => `git clone https://bob:${s}@git.example.com/r.git`,
  (s) => `export API_TOKEN=${s} && ./run.sh`,
];

/** Words of the command; the secret is in one of them. */
export function commandWords(random: Random): Carried & { readonly words: readonly string[] } {
  const secret = password(random).replaceAll(/[!._]/g, "x");
  const text = random.pick(COMMANDS)(secret);
  const words = [...text.matchAll(/"[^"]*"|'[^']*'|\S+/g)].map(([word]) => word.replaceAll(/^["']|["']$/g, ""));
  return { text, secrets: [secret], words };
}

export const CARRIERS: readonly Carrier[] = [
  ...FILES,
  ...ADDRESSES,
  ...HEADERS,
  { category: "command line", make: (random) => commandWords(random) },
  {
    category: "shell in a string",
    make(random) {
      const { text, secrets } = commandWords(random);
      return { text: `sh -c "${text.replaceAll('"', '\\"')}"`, secrets };
    },
  },
  ...Object.entries(TOKENS).map(([name, make]): Carrier => ({
    category: `token: ${name}`,
    make(random) {
      const secret = make(random);
      return { text: random.pick([secret, `see ${secret} there`, `value=${secret}`]), secrets: [secret] };
    },
  })),
  {
    category: "file in base64",
    make(random) {
      const text = Buffer.from(`password=${password(random)}\nuser=app\nmode=${random.text(6, ALNUM)}\n`).toString(
        "base64",
      );
      return { text, secrets: [text.slice(0, 30)] };
    },
  },
  { category: "token of an account", make: (random) => ({ ...one(jwt(random)) }) },
  { category: "password in base64", make: (random) => one(base64(random, 20)) },
];

function one(secret: string): Carried {
  return { text: secret, secrets: [secret] };
}
