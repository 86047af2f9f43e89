#!/bin/sh
# test-deb.sh DEB: in a clean Debian that is kept under .tools, installs the package, starts the program, removes it,
# and sees that nothing is left. It needs root for the chroot, and says so without.
set -eu
deb=$1
fail() { echo "test-deb: $*" >&2; exit 1; }
[ "$(id -u)" = 0 ] || fail "needs root, for a chroot: sudo make test-packages"
mkdir -p .tools
base=$PWD/.tools/debian.tar
if [ ! -e "$base" ]; then
	echo "makes a clean Debian, once"
	new=$(mktemp -d)
	debootstrap --variant=minbase --include=desktop-file-utils bookworm "$new" >"$new.log" 2>&1 || { tail "$new.log" >&2; fail "debootstrap"; }
	tar -C "$new" --one-file-system --exclude=./dev/* --exclude=./proc/* --exclude=./sys/* --exclude=./var/cache/apt/archives/*.deb -cf "$base.new" .
	rm -rf --one-file-system "$new" "$new.log"
	mv "$base.new" "$base"
fi
root=$(mktemp -d)
trap 'rm -rf --one-file-system "$root"' EXIT
tar -C "$root" -xf "$base"
: >"$root/dev/null" # a file will do
inside() { env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME=/tmp/anna LANG=C.UTF-8 chroot "$root" "$@"; }
listing() { (cd "$root" && find . -xdev ! -path './tmp/*' ! -path './var/log/*' ! -path './var/lib/dpkg/*' ! -path './var/cache/*' ! -path './dev/*' | sort); }
mkdir -p "$root/tmp/anna"
cp "$deb" "$root/tmp/kapu.deb"
listing >"$root/tmp/before"

echo "installs"
inside dpkg -i /tmp/kapu.deb >"$root/tmp/log" 2>&1 || { cat "$root/tmp/log"; fail "dpkg -i"; }
inside dpkg --verify kapu | grep -v ' /usr/share/\(doc\|man\)/' && fail "files differ" || true
inside kapu version | grep '^kapu [0-9.]* (linux/' || fail "kapu version"
inside kapu version | grep -q '^commit ' || fail "the commit is missing"
inside kapu status | grep 'no vault' || fail "kapu status"
inside desktop-file-validate /usr/share/applications/kapu.desktop || fail "desktop entry"
dpkg-deb -c "$deb" >"$root/tmp/contents"
for f in icons/hicolor/scalable/apps/kapu.svg man/man1/kapu.1.gz man/hu/man1/kapu.1.gz \
	bash-completion/completions/kapu zsh/vendor-completions/_kapu fish/vendor_completions.d/kapu.fish doc/kapu/copyright; do
	grep -q " ./usr/share/$f\$" "$root/tmp/contents" || fail "no $f in the package"
done
odd=$(grep -v '^-rw-r--r-- root/root\|^drwxr-xr-x root/root\|^-rwxr-xr-x root/root .* ./usr/bin/kapu$' "$root/tmp/contents" || true)
[ -z "$odd" ] || fail "odd rights: $odd"
inside bash -n /usr/share/bash-completion/completions/kapu || fail "bash completion"

echo "upgrades to itself, is removed"
inside dpkg -i /tmp/kapu.deb >/dev/null
inside dpkg --purge kapu >/dev/null
listing >"$root/tmp/after"
diff "$root/tmp/before" "$root/tmp/after" || fail "something is left, or gone"
echo "nothing is left"
