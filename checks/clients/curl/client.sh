#!/usr/bin/env bash
# Drives Penstock by curl alone, in all three dialects, as their guides' examples do.
set -uo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# A member of a JSON document on standard input: field choices 0 message content
field() {
  python3 -c 'import json, sys
at = json.load(sys.stdin)
for step in sys.argv[1:]:
    at = at[int(step)] if isinstance(at, list) else at[step]
sys.stdout.write(at if isinstance(at, str) else json.dumps(at))' "$@"
}

# The body of a request to the dialect: body openai|gemini|ollama true|false
body() {
  python3 -c 'import json, sys
case, dialect, stream = json.load(open(sys.argv[1])), sys.argv[2], sys.argv[3] == "true"
prompt = case["prompts"][0]
if dialect == "gemini":
    body = {"contents": [{"parts": [{"text": prompt}]}]}
else:
    body = {"model": case["model"], "messages": [{"role": "user", "content": prompt}], "stream": stream}
json.dump(body, sys.stdout)' "$work/case" "$1" "$2"
}

# The text of a whole stream: text openai|gemini|ollama
text() {
  python3 -c 'import json, sys
take = {
    "openai": lambda c: "".join(choice["delta"].get("content") or "" for choice in c["choices"]),
    "gemini": lambda c: c["candidates"][0]["content"]["parts"][0]["text"],
    "ollama": lambda c: c["message"]["content"],
}[sys.argv[1]]
for line in sys.stdin.buffer.read().decode().split("\n"):
    line = line.removeprefix("data: ")
    if line.startswith("{"):
        sys.stdout.write(take(json.loads(line)))' "$1"
}

path() { # path openai|gemini|ollama true|false
  case $1-$2 in
    openai-*) echo /v1/chat/completions ;;
    gemini-true) echo "/v1beta/models/$(member model):streamGenerateContent?alt=sse" ;;
    gemini-false) echo "/v1beta/models/$(member model):generateContent" ;;
    ollama-*) echo /api/chat ;;
  esac
}

member() { field "$@" <"$work/case"; }

ask() { # ask dialect stream curl-options...
  local dialect=$1 stream=$2
  shift 2
  body "$dialect" "$stream" >"$work/body"
  curl -sS "$@" "$(member url)$(path "$dialect" "$stream")" \
    -H 'Content-Type: application/json' -H 'x-goog-api-key: unused' --data-binary "@$work/body"
}

same() { # same seen-file: holds it against the expected text, byte by byte
  member expected 0 >"$work/expected"
  cmp -s "$1" "$work/expected" || { echo "the text is $(head -c 100 "$1")"; return 1; }
}

whole() {
  local dialect
  for dialect in openai gemini ollama; do
    ask "$dialect" false --fail >"$work/answer" || return 1
    case $dialect in
      openai) field choices 0 message content ;;
      gemini) field candidates 0 content parts 0 text ;;
      ollama) field message content ;;
    esac <"$work/answer" >"$work/seen"
    same "$work/seen" || return 1
  done
}

streamed() {
  local dialect
  for dialect in openai gemini ollama; do
    ask "$dialect" true --fail -N >"$work/answer" || return 1
    text "$dialect" <"$work/answer" >"$work/seen"
    same "$work/seen" || return 1
  done
}

refused() { # refused status: the same in every dialect, Gemini's 413 aside
  local dialect status
  for dialect in openai gemini ollama; do
    status=$(ask "$dialect" true -o "$work/answer" -w '%{http_code}')
    [ "$status" = "$1" ] || [ "$dialect$status" = gemini400 ] || { echo "$dialect: $status"; return 1; }
    field error <"$work/answer" >/dev/null || { echo "$dialect: no error in its form"; return 1; }
  done
}

bad_request() {
  local status
  for way in openai:/v1/chat/completions gemini:/v1beta/models/gemma3:4b:generateContent ollama:/api/chat; do
    status=$(curl -sS -o "$work/answer" -w '%{http_code}' "$(member url)${way#*:}" \
      -H 'Content-Type: application/json' -d '{"model":')
    # shellcheck disable=SC2015 # a body that is no error is as wrong as another status
    [ "$status" = 400 ] && field error <"$work/answer" >/dev/null || { echo "$way: $status"; return 1; }
  done
}

models() {
  local url
  url=$(member url)
  curl -sS --fail "$url/v1/models" | grep -qF "$(member model)" &&
    curl -sS --fail "$url/v1beta/models" | grep -qF "models/$(member model)" &&
    curl -sS --fail "$url/api/tags" | grep -qF "$(member model)"
}

abort() { # curl gives up in mid-stream
  ask openai true -N --max-time 1 >"$work/answer"
  [ $? -eq 28 ] || { echo "it was not in mid-stream"; return 1; }
  sed -i '$d' "$work/answer" # The last line may be half of one.
  text openai <"$work/answer" >"$work/seen"
  [ -s "$work/seen" ] || { echo "nothing had come"; return 1; }
}

abort_whole() {
  ask openai false --max-time 0.7 >"$work/answer"
  [ $? -eq 28 ]
}

timeout_retry() { # curl asks again by itself: after its timeout, and after a 429
  ask openai false --max-time 1.5 --retry 1 --retry-delay 1 --fail >"$work/answer" || return 1
  field choices 0 message content <"$work/answer" >"$work/seen"
  same "$work/seen"
}

queue_full() {
  local status
  status=$(ask openai false -o "$work/answer" -w '%{http_code}')
  [ "$status" = 429 ] || { echo "$status"; return 1; }
  ask openai false --retry 3 --fail >"$work/answer" || return 1
  field choices 0 message content <"$work/answer" >"$work/seen"
  same "$work/seen"
}

slow_start() {
  ask openai true --fail -N >"$work/answer" || return 1
  grep -qx ':' "$work/answer" || { echo "no keep-alive"; return 1; }
  text openai <"$work/answer" >"$work/seen"
  same "$work/seen"
}

broken() { # the text breaks off, an error takes the place of the end
  ask openai true -N >"$work/answer"
  grep -q '"error"' "$work/answer" || { echo "no error frame"; return 1; }
  ! grep -q 'DONE' "$work/answer" || { echo "it ended as if it were whole"; return 1; }
}

broken_wire() {
  ! ask openai true -N >"$work/answer" || { echo "it ended as if it were whole"; return 1; }
}

say() { # say behaviour status detail
  python3 -c 'import json, sys; print(json.dumps(dict(zip(("behaviour", "status", "detail"), sys.argv[1:]))))' "$@"
}

try() {
  local detail
  if ! curl -sS --fail "$REFEREE_URL/cases/$1" >"$work/case"; then
    say "$1" fail "no case"
  elif detail=$("${@:2}" 2>&1); then
    say "$1" ok ""
  else
    say "$1" fail "${detail:-exit code}"
  fi
}

for name in $(curl -sS "$REFEREE_URL/behaviours" | python3 -c 'import json, sys; print(*json.load(sys.stdin))'); do
  case $name in
    happy | large-input) try "$name" whole ;;
    stream | unicode) try "$name" streamed ;;
    models) try "$name" models ;;
    unknown-model) try "$name" refused 404 ;;
    bad-request) try "$name" bad_request ;;
    too-long) try "$name" refused 400 ;;
    too-large) try "$name" refused 413 ;;
    abort) try "$name" abort ;;
    abort-whole) try "$name" abort_whole ;;
    timeout-retry) try "$name" timeout_retry ;;
    queue-full) try "$name" queue_full ;;
    slow-start) try "$name" slow_start ;;
    midstream-error | truncation | reset) try "$name" broken ;;
    wire-reset | wire-closed) try "$name" broken_wire ;;
    *) say "$name" n/a "shown by the libraries" ;;
  esac
done
