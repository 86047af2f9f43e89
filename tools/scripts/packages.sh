#!/bin/sh
# packages.sh NAME...: makes sure that Debian packages are there. As root it installs what is missing; otherwise it
# names it.
set -u
missing=
for p in "$@"; do
	# Node's own packages bring npm along, and Debian's npm cannot be installed beside them.
	[ "$p" = npm ] && command -v npm >/dev/null && continue
	dpkg-query -W -f '${Status}' "$p" 2>/dev/null | grep -q '^install ok installed$' || missing="$missing $p"
done
[ -z "$missing" ] && exit 0
if ! command -v apt-get >/dev/null; then
	echo "Not a Debian or Ubuntu system: install what corresponds to$missing, then go on." >&2
	exit 0
fi
if [ "$(id -u)" != 0 ]; then
	echo "Packages are missing. Run: sudo apt-get install$missing" >&2
	exit 1
fi
echo "Installing$missing"
export DEBIAN_FRONTEND=noninteractive
# What is installed for a test must not begin to serve on this machine, as xrdp would.
policy=/usr/sbin/policy-rc.d
if [ ! -e $policy ]; then
	trap 'rm -f $policy' EXIT
	printf '#!/bin/sh\nexit 101\n' >$policy && chmod 755 $policy
fi
log=$(mktemp)
if { apt-get update -q && apt-get install -q -y --no-install-recommends $missing; } >"$log" 2>&1; then
	rm -f "$log"
else
	tail -n 30 "$log" >&2
	exit 1
fi
