#!/bin/sh
# fuzz.sh TIME: runs every fuzz target for that long. Each starts from its seeds and what testdata has kept.
set -eu
log=$(mktemp)
for pkg in $(go list ./...); do
	for target in $(go test -list '^Fuzz' "$pkg" | grep '^Fuzz' || true); do
		echo "$pkg $target"
		go test -run '^$' -fuzz "^$target\$" -fuzztime "$1" -fuzzminimizetime 5x "$pkg" >"$log" 2>&1 || { cat "$log"; exit 1; }
		tail -n 1 "$log"
	done
done
rm -f "$log"
