#!/bin/sh
# fuzz.sh TIME: runs every fuzz target for that long. Each starts from its seeds and what testdata has kept.
set -eu
for pkg in $(go list ./...); do
	for target in $(go test -list '^Fuzz' "$pkg" | grep '^Fuzz' || true); do
		echo "$pkg $target"
		go test -run '^$' -fuzz "^$target\$" -fuzztime "$1" -fuzzminimizetime 5x "$pkg" | grep -v 'gathering\|elapsed: [0-9]*s, execs' || exit 1
	done
done
