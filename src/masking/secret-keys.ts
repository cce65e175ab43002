/**
 * Names of keys, variables, flags, headers and parameters that hold a secret. Told by words, in any spelling: `dbPassword`,
 * `DB_PASSWORD`, `db-password`, `spring.datasource.password`. A last word that says something *about* a secret
 * (`tokenFile`, `secretName`, `passwordPolicy`) makes it none.
 */

/** `yes`: whatever is there is a secret. `maybe`: what looks like one is. */
export type Secrecy = "yes" | "maybe" | "no";

/** Words that name a secret wherever they stand: also as the end of a compound (`authtoken`, `pgpassword`). */
const NOUNS =
  words(`password passwd passphrase passcode passwort kennwort contraseña contrasena senha пароль пароли 密码 密碼
  パスワード 비밀번호 secret token credential apikey privatekey secretkey accesskey authkey signingkey encryptionkey masterkey
  licensekey privkey`);
const SECRET_NOUN = new RegExp(`(?:${NOUNS.join("|")})s?$`, "u");

/** Words that name a secret as the last one only: before others they mean much else (`passThrough`, `authMode`). */
const LAST_NOUN = new Set(
  words(`pass pwd pw auth authorization cookie cookies creds psk jwt jwts bearer otp totp hotp mnemonic hmac pepper sas dsn pin
    sig signature dockerconfigjson dockercfg htpasswd netrc pgpass npmrc pypirc keytab jks pfx p12 keystore sessionid sid
    passkey requirepass masterauth userpass authinfo kek dek pat pats crumb connectionstring connstr`),
);
/** `smtppass`, `rootpw`; not `bypass`, `compass`. */
const LAST_COMPOUND =
  /^(?!(?:.*(?:by|com|tres|sur|over|under|encom))pass$)[a-z]{2,}(?:pass|pwd)$|^(?:root|bind|admin|user|db|my)pw$/;

/** Two words that name a secret together, at the end. */
const LAST_PAIR = new Set(
  `session id, secret id, connection string, connection str, conn string, conn str, connect string, webhook url, webhook uri,
   webhook urls, hook url, id rsa, id dsa, id ecdsa, id ed25519, config json, recovery phrase, seed phrase, secret phrase,
   backup phrase, auth header, auth data, ssh identity, access grant, master seed, wallet seed, hd seed, totp seed,
   auth code, auth codes, authorization code, verification code, otp code, recovery code, recovery codes, backup code,
   backup codes, activation code, mfa code, security code, pin code, pass code, auth string, auth info, basic auth,
   private pem, sas url, sas uri, signed url, presigned url, account sas, set cookie`
    .split(",")
    .map((pair) => pair.trim()),
);

/** What kind of key it is decides: `apiKey` is one, `topologyKey` is none, `fooKey` may be. */
const SECRET_KEY_OF = new Set(
  words(`api private priv secret signing sign signer signature encryption encrypt encrypter decryption decrypt master shared
    preshared auth authn authentication ssh tls ssl server client ca host deploy deployment service account storage session
    hmac aes des rsa dsa ecdsa ed25519 pgp gpg license licence app application admin root webhook consumer subscription
    integration write ingest ingestion instrumentation cookie jwt jwk jws jwe cipher crypto symmetric unseal recovery age
    wireguard wg user dev developer bot merchant restricted live test publish rw token security vault kms sas registration
    join cluster bootstrap agent gossip replication backup restore wallet eth btc oauth oidc saml sso smtp mail sms push fcm
    apns gcm vapid stripe github gitlab slack twilio sendgrid mailgun mailchimp datadog dd newrelic sentry grafana pagerduty
    opsgenie openai anthropic cohere aws gcp azure google cloudflare heroku algolia firebase supabase mapbox maps function
    functions rest rpc gateway internal access identity db database redis pre erlang rails django flask laravel
`),
);
const PUBLIC_KEY_OF = new Set(
  words(`public pub publishable topology label labels annotation annotations match mismatch primary foreign partition sort
    routing object map config index cache group lookup taint field metric metrics row hash idempotency dedupe dedup event
    message issue resource shard range order i18n locale hot hkey ref value selector header bucket s3 blob file column
    attribute property param node pod name namespace template feature flag env variable setting dictionary json yaml xml
    registry item entry tag host domain region zone by of matching unique natural composite surrogate crt cert`),
);

/** Last words that say something about a secret, or where it is: not the secret. */
const ABOUT = new Set(
  words(`name names ref refs reference references file files filename path paths dir directory folder mount mounts mountpath volume
    volumes location ttl type types kind mode modes expiry expiration expirations expires expire expired seconds second minutes hours
    days millis ms at time timestamp date age duration timeout period interval window length len size min max count counts counter
    limit limits number num total policy policies rule rules provider providers issuer issuers audience audiences endpoint
    endpoints version versions algorithm algorithms alg format formats
    required require enabled enable disabled disable optional allowed supported exists present set method methods scope scopes status
    state phase reason reasons message messages error errors request requests requested review reviews reviewer controller controllers
    manager managers operator operators store stores engine class classes role roles user users username usernames login
    email prefix suffix param params parameter field fields column rotation rotate rotated reset resets change changed changes
    checksum digest fingerprint thumbprint hint label labels selector selectors description title prompt updated created generated
    generator generators ready synced sync syncer injection inject injector automount projection projected source sources template
    templates annotation annotations namespace namespaces cleaner init finalizer reloader bucket buckets encryption webhook webhooks
    validator validation verifier verification authenticator authentication cache caches budget limiter index tokenizer exchange
    signer getter lister reader readers viewer editor writer binding bindings permission permissions access usage used use
    url urls uri uris issuance cleanup driver drivers plugin plugins list lists watch watcher lookup
    rbac crd resource resources properties property schema spec group groups
    metadata info config configs configuration configmap options settings option setting test tests loader handler handlers
    audit gc lifecycle loop queue monitor dashboard sidecar daemon
    csi crt cert certificate public pub sha1 sha256 sha512 md5 kid jti id ids uid uuid not no without regex pattern`),
);

/** Last words that may be about a secret or say whose: `tokenServer`, `PASSWORD_API`. */
const PLACE = new Set(
  words(`api apis host hosts server servers service services client clients consumer job jobs pod deployment node nodes backend
    domain worker workers proxy agent cluster`),
);

/** Last words that say which or how, not what: `passwordBase64`, `TOKEN_PROD`, `secret_key_base`, `api-key-2`. */
const WHICH = new Set(
  words(`value values val data text txt string str plain plaintext clear cleartext raw base64 b64 base hash hashed encoded enc
    prod production staging stage stg dev develop development testing live sandbox primary secondary old new current previous prev next default
    main local qa uat eu us a b c x y json pem bin dat b32 hex utf8 content contents env backup alt temp tmp initial root
    admin confirm confirmation again repeat override fallback one two read write rw ro`),
);

/** Alone they may be anything: `key`, `code`, `salt`. */
const VAGUE = new Set(words("key keys code seed salt session cred nonce private signing license cert pem phrase"));

/** Files and sets of keys: as a text they are secret, as an object they are settings with their own names. */
const CONTAINER = /^(?:jwts?|jks|pfx|p12|keystores?|keytab|bearer)$/;

/** Whether an object under this key is to be looked into, not masked as a whole. */
export function isContainer(key: string): boolean {
  return CONTAINER.test(wordsOf(key).at(-1) ?? "");
}

const MOST_KNOWN = 4_000;
/** Longer names are judged by their end. */
const MOST_KEY = 96;
const known = new Map<string, Secrecy>();

/** Of a name as it stands in a body, a text, a URI or on a command line. */
export function secrecyOf(key: string): Secrecy {
  const found = known.get(key);
  if (found !== undefined) return found;
  const secrecy = judged(key.length > MOST_KEY ? key.slice(-MOST_KEY) : key);
  if (key.length <= MOST_KEY) {
    if (known.size >= MOST_KNOWN) known.clear();
    known.set(key, secrecy);
  }
  return secrecy;
}

/** The longer word of each pair, and all that names a secret alone. */
const STEM = new RegExp(
  leastWords([
    ...NOUNS,
    ...LAST_NOUN,
    ...VAGUE,
    "pass",
    "pwd",
    "key",
    ...[...LAST_PAIR].map((pair) => pair.split(" ").reduce((a, b) => (b.length > a.length ? b : a))),
  ]).join("|"),
  "u",
);

/** False for a text (in small letters) without any word that could be in the name of a secret: most have none. */
export function mayNameSecret(small: string): boolean {
  return STEM.test(small) || PHRASE_WORD.test(small);
}

/** Phrases tell of secrets by these too. */
const PHRASE_WORD = /identified|community|basic|digest|negotiate|ntlm/;

/** What contains another is found by that. */
function leastWords(all: readonly string[]): readonly string[] {
  return [...new Set(all)].filter((word) => !all.some((other) => other !== word && word.includes(other)));
}

/** What comes after a prefix (`vault.io/token`) in lower case, split at separators and humps. */
export function wordsOf(key: string): readonly string[] {
  return key
    .slice(key.lastIndexOf("/") + 1)
    .replaceAll(/(?<=[a-z\d])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])/g, " ")
    .toLowerCase()
    .split(/[^\p{L}\p{N}]+/u)
    .filter((word) => word !== "");
}

function judged(key: string): Secrecy {
  const all = wordsOf(key).map(withoutNumber);
  while (all.length > 1 && (WHICH.has(all.at(-1) ?? "") || /^\d+$/.test(all.at(-1) ?? "")) && !isPair(all)) all.pop();
  const last = all.at(-1) ?? "";
  if (isPair(all) || LAST_NOUN.has(last) || LAST_COMPOUND.test(last)) return "yes";
  if (/^keys?$/.test(last) && all.length > 1) return keyOf(all.at(-2) ?? "");
  const compound = /^(\p{L}{2,12})keys?(?:pem)?$/u.exec(last)?.[1];
  if (compound !== undefined && SECRET_KEY_OF.has(compound)) return "yes";
  if (VAGUE.has(last)) return "maybe";
  if (ABOUT.has(last)) return "no";
  if (!all.some((word) => SECRET_NOUN.test(word))) return "no";
  return PLACE.has(last) ? "maybe" : "yes";
}

function isPair(all: readonly string[]): boolean {
  return LAST_PAIR.has(all.slice(-2).join(" "));
}

function keyOf(kind: string): Secrecy {
  if (PUBLIC_KEY_OF.has(kind)) return "no";
  return SECRET_KEY_OF.has(kind) || SECRET_NOUN.test(kind) ? "yes" : "maybe";
}

/** `password2` is a password; `p12` and `sha256` are words. */
function withoutNumber(word: string): string {
  if (LAST_NOUN.has(word) || ABOUT.has(word) || WHICH.has(word)) return word;
  return word.replace(/(?<=\p{L}{3})\d{1,4}$/u, "");
}

function words(text: string): readonly string[] {
  return text.split(/\s+/).filter((word) => word !== "");
}
