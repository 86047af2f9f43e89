#!/bin/sh
# fuzz.sh BUDGET: runs every fuzz target for so many executions (5000x) or so long (30s), one on each processor. Each
# starts from its seeds, what testdata has kept, and what Go's cache has found of interest: what comes to another place
# in Kapu's own code. (`go test -fuzz` counts the libraries' places, too. Then it does a fifth of the executions: most
# of the time it carries counters to and fro.)
set -eu
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
cache=$(go env GOCACHE)/fuzz
go list -f '{{.ImportPath}} {{.Dir}}' ./... | while read -r pkg dir; do
	targets=$(grep -ho '^func Fuzz[A-Za-z0-9]*' "$dir"/*_test.go 2>/dev/null | cut -d ' ' -f 2)
	[ -n "$targets" ] || continue
	program=$tmp/$(echo "$pkg" | tr / -)
	go test -c -vet=off -gcflags=kapu/...=-d=libfuzzer -o "$program" "$pkg"
	for target in $targets; do
		echo "$program $target $dir $pkg"
	done
done >"$tmp/targets"
BUDGET=$1 CACHE=$cache xargs -P "$(nproc)" -n 4 sh -c '
	log=$0.$1.log
	cd "$2"
	if "$0" -test.run "^$" -test.fuzz "^$1\$" -test.fuzztime "$BUDGET" -test.fuzzminimizetime 5x -test.parallel 1 \
		-test.fuzzcachedir "$CACHE/$3" -test.timeout 60m >"$log" 2>&1; then
		echo "$3 $1: $(grep -o "elapsed: [0-9a-z]*, execs: [0-9]*" "$log" | tail -n 1)"
	elif grep -q "context deadline exceeded" "$log" && ! grep -q "Failing input written" "$log"; then
		echo "$3 $1: its last input was still running when the time was up" # a known fault of go test -fuzz
	else
		cat "$log"
		exit 255 # ends xargs too
	fi' <"$tmp/targets"
