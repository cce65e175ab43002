/**
 * Programs that take a secret by a flag or a position that doesn't say so. Flags that do (`--password`, `-token=`) are known
 * by their name, of any program (secret-keys.ts).
 */
export interface Program {
  readonly names: readonly string[];
  /** The next word is the secret. */
  readonly flags?: readonly string[];
  /** The rest of the word is the secret: `-phunter2`. */
  readonly joined?: readonly string[];
  /** The next word, or the rest of this one, is `user:secret` (or `user%secret`, `user,secret`). */
  readonly pairs?: readonly string[];
  /** After this word (in any case), the n-th next one is the secret. */
  readonly after?: Readonly<Record<string, number>>;
  /** The same flags mean a secret only once the word `login` was there. */
  readonly loginFlags?: readonly string[];
  /** A word with the secret in it: what the group matches stays, and so does the rest of the word. */
  readonly inside?: RegExp;
  /** Command lines with `hunter2` as the secret. */
  readonly samples: readonly string[];
}

export const PROGRAMS: readonly Program[] = [
  {
    names: [
      "mysql",
      "mysqldump",
      "mysqladmin",
      "mysqlimport",
      "mysqlshow",
      "mysqlcheck",
      "mysqlsh",
      "mysqlbinlog",
      "mariadb",
      "mariadb-dump",
      "mariadb-admin",
      "mariadb-backup",
      "xtrabackup",
    ],
    joined: ["-p"],
    after: { password: 1 },
    samples: ["mysql -u root -phunter2 app", "mysqladmin -u root password hunter2"],
  },
  {
    names: ["curl", "curlie"],
    pairs: ["-u", "--user", "-U", "--proxy-user"],
    flags: ["-b", "--cookie", "--pass", "--oauth2-bearer", "--proxy-pass"],
    samples: ["curl -u bob:hunter2 https://x", "curl -ubob:hunter2 https://x", "curl --user bob:hunter2 https://x"],
  },
  { names: ["http", "https", "xh", "httpie"], pairs: ["-a", "--auth"], samples: ["http -a bob:hunter2 example.com"] },
  { names: ["wget", "wget2"], flags: ["--password"], samples: ["wget --user bob --password hunter2 https://x"] },
  {
    names: ["redis-cli", "valkey-cli", "keydb-cli", "redis-benchmark"],
    flags: ["-a", "--pass"],
    after: { auth: 1, requirepass: 1, masterauth: 1 },
    samples: ["redis-cli -h x -a hunter2 ping", "redis-cli config set requirepass hunter2"],
  },
  {
    names: ["mongo", "mongosh", "mongodump", "mongorestore", "mongoexport", "mongoimport", "mongostat"],
    flags: ["-p"],
    joined: ["-p"],
    samples: ["mongosh -u root -p hunter2", "mongodump -uroot -phunter2"],
  },
  {
    names: ["sshpass"],
    flags: ["-p"],
    joined: ["-p"],
    samples: ["sshpass -p hunter2 ssh root@x", "sshpass -phunter2 ssh x"],
  },
  {
    names: ["sqlcmd", "bcp", "isql", "osql", "tsql", "usql"],
    flags: ["-P"],
    joined: ["-P"],
    samples: ["sqlcmd -S x -U sa -P hunter2"],
  },
  {
    names: ["sqlplus", "expdp", "impdp", "rman"],
    inside: /^([\w.]{1,64}\/)[^@\s/]+/,
    samples: ["sqlplus bob/hunter2@db"],
  },
  {
    names: ["cqlsh", "clickhouse-client", "clickhouse", "influx", "cypher-shell", "arangosh"],
    flags: ["-p", "-password"],
    samples: ["cqlsh -u x -p hunter2"],
  },
  {
    names: ["docker", "podman", "nerdctl", "buildah", "skopeo", "crane", "oras", "helm", "ctr", "crictl", "regctl"],
    pairs: ["--creds", "--src-creds", "--dest-creds", "--auth"],
    loginFlags: ["-p"],
    samples: ["skopeo copy --src-creds bob:hunter2 a b", "docker login -u bob -p hunter2 x"],
  },
  {
    names: ["ldapsearch", "ldapadd", "ldapmodify", "ldapdelete", "ldappasswd", "ldapwhoami", "ldapcompare"],
    flags: ["-w", "-s"],
    joined: ["-w"],
    samples: ["ldapsearch -D cn=x -w hunter2 -b dc=x"],
  },
  {
    names: ["mosquitto_pub", "mosquitto_sub", "mqttx"],
    flags: ["-P"],
    samples: ["mosquitto_pub -u x -P hunter2 -t a"],
  },
  {
    names: ["smbclient", "smbmap", "rpcclient", "net", "winexe", "mount.cifs", "crackmapexec", "nxc"],
    pairs: ["-U", "--user"],
    flags: ["-p"],
    samples: ["smbclient -U bob%hunter2 //x/y"],
  },
  { names: ["lftp", "ncftp"], pairs: ["-u"], flags: ["-p"], samples: ["lftp -u bob,hunter2 ftp.example.com"] },
  {
    names: ["7z", "7za", "7zr", "rar", "unrar", "zip", "unzip"],
    flags: ["-P"],
    joined: ["-p", "-P"],
    samples: ["7z x -phunter2 a.7z", "unzip -P hunter2 a.zip"],
  },
  {
    names: ["openssl"],
    flags: ["-pass", "-passin", "-passout", "-k", "-K", "-hmac"],
    samples: ["openssl enc -aes-256-cbc -k hunter2 -in x", "openssl rsa -passin pass:hunter2 -in x"],
  },
  {
    names: ["keytool", "jarsigner"],
    flags: ["-storepass", "-keypass", "-srcstorepass", "-deststorepass"],
    samples: ["keytool -list -storepass hunter2"],
  },
  { names: ["gpg", "gpg2"], flags: ["--passphrase"], samples: ["gpg --batch --passphrase hunter2 -d x"] },
  { names: ["ssh-keygen"], flags: ["-N", "-P"], samples: ["ssh-keygen -t ed25519 -N hunter2 -f x"] },
  {
    names: ["htpasswd"],
    after: { "-b": 3, "-nb": 2, "-nbB": 2, "-bnB": 2, "-Bbn": 2, "-cb": 3, "-bc": 3, "-cbB": 3 },
    samples: ["htpasswd -b file bob hunter2", "htpasswd -nb bob hunter2"],
  },
  {
    names: ["vault", "bao"],
    after: { login: 1, unseal: 1, "-secret-id": 1 },
    samples: ["vault login hunter2", "vault operator unseal hunter2"],
  },
  {
    names: ["az", "oc", "argocd", "tsh"],
    loginFlags: ["-p"],
    samples: ["az login --service-principal -u x -p hunter2"],
  },
  {
    names: ["aws"],
    after: { aws_secret_access_key: 1, aws_session_token: 1, aws_access_key_id: 1 },
    samples: ["aws configure set aws_secret_access_key hunter2"],
  },
  {
    names: ["rabbitmqctl", "rabbitmqadmin"],
    flags: ["-p"],
    after: { add_user: 2, change_password: 2, authenticate_user: 2 },
    samples: ["rabbitmqctl add_user bob hunter2", "rabbitmqctl change_password bob hunter2"],
  },
  { names: ["etcdctl", "nats", "kcat"], pairs: ["--user"], samples: ["etcdctl --user root:hunter2 get x"] },
  { names: ["mc", "mcli"], after: { set: 4, add: 4 }, samples: ["mc alias set m https://x AKIA hunter2"] },
  {
    names: ["kcadm.sh", "kcadm", "jboss-cli.sh", "add-user.sh", "asadmin"],
    flags: ["-p"],
    samples: ["kcadm.sh config credentials --server x --user admin -p hunter2"],
  },
  {
    names: ["xfreerdp", "rdesktop", "xfreerdp3"],
    flags: ["-p"],
    joined: ["/p:", "-p"],
    samples: ["xfreerdp /u:bob /p:hunter2 /v:x"],
  },
  {
    names: ["evil-winrm", "psexec", "psexec.py", "ntlmrelayx.py", "impacket-secretsdump"],
    flags: ["-p", "-H", "-hashes"],
    samples: ["evil-winrm -i x -u bob -p hunter2"],
  },
  {
    names: ["ipmitool", "racadm"],
    flags: ["-P", "-p"],
    samples: ["ipmitool -I lanplus -H x -U root -P hunter2 power status"],
  },
  {
    names: ["snmpwalk", "snmpget", "snmpset", "snmpbulkwalk"],
    flags: ["-c", "-A", "-X"],
    samples: ["snmpwalk -v2c -c hunter2 x"],
  },
  { names: ["usermod", "useradd"], flags: ["-p"], samples: ["useradd -p hunter2 bob"] },
  { names: ["wpa_passphrase"], after: { wpa_passphrase: 2 }, samples: ["wpa_passphrase ssid hunter2"] },
  { names: ["rclone"], after: { obscure: 1 }, samples: ["rclone obscure hunter2"] },
  { names: ["twine"], flags: ["-p"], samples: ["twine upload -u bob -p hunter2 dist/x"] },
];
