#!/bin/sh
# lanes.sh FIRST... : PART... : PART...: runs parts of the Makefile. The first lane comes first, then all others at the
# same time; in a lane one part follows the other. After a failure no further part begins. In the end it prints what each
# part cost, and what was skipped.
set -u
failed=$(mktemp)
trap 'rm -f "$failed"' EXIT
trap 'kill 0' INT TERM
make -s --no-print-directory .tools/costs
rm -f .tools/costs.jsonl .tools/skipped

lane() {
	for part in $1; do
		[ ! -s "$failed" ] || return
		.tools/costs part "$part" make --no-print-directory "$part" || echo "$part" >>"$failed"
	done
}

first= parts=
for word in "$@" :; do
	if [ "$word" != : ]; then
		parts="$parts $word"
	elif [ -z "$first" ]; then
		first=$parts parts=
		lane "$first"
	else
		lane "$parts" &
		parts=
	fi
done
wait
.tools/costs report
[ ! -s .tools/skipped ] || sed 's/^/NOT DONE: /' .tools/skipped
[ ! -s "$failed" ] || { echo "failed: $(tr '\n' ' ' <"$failed")" && exit 1; }
