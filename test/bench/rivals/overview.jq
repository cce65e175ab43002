# Run with -n: one pass, counts in objects, latencies in an array per verb.
# jq drops fractions of seconds: they are put back from the text.
def seconds: if . == null then 0 else (.[0:19] + "Z" | fromdateiso8601) + ("0." + (.[20:-1]) | tonumber) end;
def ranked: to_entries | sort_by([-.value, .key]) | map([.key, .value]);
reduce inputs as $e ({events: 0, users: {}, codes: {}, verbs: {}, latencies: {}};
  ($e.objectRef as $ref
   | if $ref.resource == null then ($e.requestURI | split("?")[0])
     else $ref.resource + (if $ref.apiGroup then "." + $ref.apiGroup else "" end)
       + (if $ref.subresource then "/" + $ref.subresource else "" end) end) as $what
  | .events += 1
  | .users[$e.impersonatedUser.username // $e.user.username // ""] += 1
  | .codes[$e.responseStatus.code // "" | tostring] += 1
  | .verbs[$e.verb + " " + $what] += 1
  | .latencies[$e.verb] += [(($e.stageTimestamp | seconds) - ($e.requestReceivedTimestamp | seconds)) * 1000])
| {
    events,
    users: (.users | ranked | .[0:20]),
    codes: (.codes | ranked),
    verbs: (.verbs | ranked),
    p99: (.latencies | map_values(sort | .[((length * 0.99) | ceil) - 1]))
  }
