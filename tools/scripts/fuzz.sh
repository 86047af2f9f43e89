#!/bin/sh
# fuzz.sh TIME: runs every fuzz target for that long, eight at a time. Each starts from its seeds and what testdata has
# kept.
set -eu
logs=$(mktemp -d)
trap 'rm -rf "$logs"' EXIT
for pkg in $(go list ./...); do
	go test -list '^Fuzz' "$pkg" | grep '^Fuzz' | sed "s|^|$pkg |" || true
done >"$logs/targets"
TIME=$1 LOGS=$logs xargs -P 8 -n 2 sh -c '
	log=$LOGS/$1.log
	if go test -run "^$" -fuzz "^$1\$" -fuzztime "$TIME" -fuzzminimizetime 5x -parallel 1 "$0" >"$log" 2>&1; then
		echo "$0 $1: $(grep -o "execs: [0-9]*" "$log" | tail -n 1)"
	elif grep -q "context deadline exceeded" "$log" && ! grep -q "Failing input written" "$log"; then
		echo "$0 $1: its last input was still running when the time was up" # a known fault of go test -fuzz
	else
		cat "$log"
		exit 255 # ends xargs too
	fi' <"$logs/targets"
