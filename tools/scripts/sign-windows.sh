#!/bin/sh
# sign-windows.sh FILE: signs a program for Windows in place. WINDOWS_PFX is the certificate with its key, PKCS #12 in
# Base64; neither it nor WINDOWS_PFX_PASSWORD is ever an argument, which other users could read.
set -eu
: "${WINDOWS_PFX:?}" "${WINDOWS_PFX_PASSWORD:?}"
stamp=${KAPU_TIMESTAMP-http://timestamp.digicert.com} # empty: a signature that ends with the certificate
umask 077
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
printf %s "$WINDOWS_PFX" | base64 -d >"$dir/key.pfx"
printf %s "$WINDOWS_PFX_PASSWORD" >"$dir/password"
osslsigncode sign -pkcs12 "$dir/key.pfx" -readpass "$dir/password" -h sha256 -n Kapu \
	${stamp:+-ts "$stamp"} -in "$1" -out "$dir/signed" >"$dir/log" 2>&1 || { cat "$dir/log" >&2; exit 1; }
cat "$dir/signed" >"$1"
