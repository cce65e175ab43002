/**
 * Words of the API server's, the controllers' and the kubelets' sentences, and of Kubernetes' own documentation of its
 * objects. In a sentence they tell of nobody, unless somebody in the log is called so.
 */
export const ENGLISH = `
ignore held etcdserver unsafe snippet id trusted sandboxed bearer audience audiences expiration renewal rotation ignoring
a about above accept accepted accepting access accessed accessible accommodate according account accounts acquire
acquired across action active actually added addition additional additions address addresses admission admit
admitted affected affinity after again agent aggregate aggregated aliases all allocated allocates allocating
allocation allow allowed allows alpha already also although always amd64 among amount an and annotation annotations
anonymous another anti any api apis apiserver application applied applies apply appropriate approval approve
approved arch are args arm64 array arrives as assigned associated assume assumed at attach attached attribute
attributes audit authentication authority authorization authorized authorizer auto automatically autoscaler
autoscaling availability available average away back background backoff bad balancer based baseline be became
because become becomes been before began begin begins behavior being between binding bindings blank block bodies
body bookmark bookmarks both bound budget builds bundle but by bytes calculate calculated call calling can candidate
cannot capabilities capability capacity cascade case cause certain certificate certificates change changed changes
characters check children chosen claim claims class classes client clients close closed closing cloud cluster
clusters code collected collection collector column columns combination combined come command commands common
complete completed completing componentstatuses computed condition conditions configmap configmaps configuration
configured conflict conflicts connect connection connections considered constraint construction consumed consumers
contain container containerd containers contains content contents context continue control controller controllers
conversion convert cordon corresponding corruption could couldn counter counters cpu crash crashed crashing create
created creates creating creation credential credentials critical cron current currently custom daemon darwin data
date day days deadline deallocate debug decide decimal decision declared decode decrease deeper default defaults
define defined defines definition delete deleted deletes deleting deletion denied deny dependent dependents
deployment deployments deprecated describe describes description desire desired detach details determine determined
determines device devices dial did didn different direct discovered discovery disk disrupted disruption
distributions do does domain down downward drain drained driver drivers dropped dry due during each early edit
effect effects egress either elected election element elsewhere emergency empty enabled enabling end ended endpoint
endpoints ends enforce enforced enforcement ensuring entity entries entry equal error errors escalate escalation
established etcd evaluate evaluated evaluates evaluation event events every evict evicted evicting eviction exactly
example exceeded exceptions exec exist existing exists exit exited expected expired exposed express expression
expressions external fail failed failing failopen fails failure fairness false fatal feature few field fields file
filesystem finalization finalizer finalizers find finish finished first fix flags flight flow follow following for
forbidden force foreground form format forward found free from fulfilled future garbage gate gates generated
generation get give given goaway goroutine grace graceful grant granted grants greater group groups guarantee
guaranteed handle has hash have header headers health healthy healthz heap here higher hold holder holds horizontal
host hostname hosts hour hours how http https idempotence identifier identifies identify identities identity if
ignored image images immediate immutable impersonate impersonation in include included includes including incoming
increased index indicates indicating individual infer info information ingress inherit initial initialized
initializing input inside instance instances instead insufficient integer intended interactive interface internal
into invalid is issue issued it items its job jobs json just jwks key keys killed killing kinds known kube kubectl
kubelet kubernetes label labels large last latency later latest leader lease leases least legacy length less let
level levels lifecycle lifetime like limit limited limitranges line linux list listed lists liveness livez load
localhost located log login logs long longer lookup loop loopback lost lower made main makes managed management
manager managing manual manually many map marked masked master match matched matches matching maximum may means
memory merge mergeable merged message metadata method metric metrics might minimum minute minutes missing mode modes
modified modify more most mount mounted moved multiple multiplying must mutating mutation mutations name named names
namespace namespaced namespaces necessary need needs negative nested network new next nil no node nodename nodes
none not now null number object objects observed occurred octet of old on once one older ones only open openapi opened
operation operations operator optional optionally options or order orphan os other others otherwise out over own
owned owner owners ownership panic parameters params parse parsed part passed patch patched path paths pause paused
pending per perform period periods persistent persistentvolumeclaims persistentvolumes ping place plain plane please
plugin pod pods podtemplates points policies policy pool populated port portforward ports possible posting pprof
precedence precondition preempted preempting preemption preempts preferred prefix present pressure pretty prevented
previous previously primarily printer priority privilege privileged privileges probe process profile progress
progressed progressing propagation properties property protected protobuf protocol provided provider provides proxy
proxying published pull pulled pulling quantity quota random randomly rather ratio re reachable reached read
readiness readonly reads ready readyz reason receive recognized record recreate reference referenced references
referent refused region regions reject relationship release remote removed renew renewed replace replaced
replacement replica replicas replicationcontrollers reported representation represented representing represents
request requested requests required requirements requires resource resourcequotas resources resourceversion respond
response responses responsible restart restarted restarting restarts restricted result resume resumed retries retry
returned revision rewrite right role roles rolled rolling rollout root round routes rule rules run running runtime
same sandbox satisfied satisfy scale scaled scaling scheduled scheduler scheduling schema schemas scope seccomp
second seconds secret secrets seen selected selector selectors self send sent separate separated serialize server
servers service serviceaccounts services session set sets setting sh shell should side sign signature signed signer
signers similar since single size skipped slice slices so some soon sooner source spec specific specification
specifications specified specifies specify stalled started startup state stateful status stderr stdin stdout still
stopped stopping storage strategic strategy stream streaming string structural subdomain subjects submits subpath
subresource subresources succeeded succeeding successful successfully such sufficient sufficiently suffix support
supported swagger system tag tail taint target targeted targets tcp template terminated terminating termination text
than that the their them then there these they this those three throttling through time timed timeout times
timestamp to together token tokens tolerance tolerate tolerated tolerations too topology total trace traffic
transform transition treated true truncated try tty two type types uid unable unauthorized unavailable unbound
uncordon undefined under unexpected unhealthy unique unix unknown unless unrecognized unrestricted unset unspecified
until untolerated up update updated updates updating upper usage use used useful user users uses using usually
utilization valid validating validation value values variable variables vendor verified verify version versioned
versions vertical very via victims violate virtual volume volumes wait waiting warn warning warnings was watch
watches webhook webhooks well what when where whether which while whose will windows wiped with within without
worker would writable write writes yaml yes yet you your zero zone zones
`;
