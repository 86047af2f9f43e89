#!/bin/sh
# test-installer.sh SETUP: under Wine, in $WINEPREFIX, installs Kapu without a window, starts it, makes a vault,
# upgrades while the vault is unlocked, removes it, and sees that nothing but the vault is left. The prefix has to have
# bcryptprimitives.dll, without which no Go program starts in Wine 8, and no Kapu.
set -eu
setup=$1
: "${WINEPREFIX:?}"
export WINEDEBUG=-all WINEDLLOVERRIDES='mscoree,mshtml='
unset KAPU_HOME

fail() { echo "test-installer: $*" >&2; exit 1; }
# Wine's own files change all the time; Kapu's lie in the person's folder.
listing() { (cd "$user" && find . -type f ! -path '*/Temp/*' | sort); }
value() { wine reg query "$1" /v "$2" 2>/dev/null | tr -d '\r' | sed -n "s/^ *$2 *REG_[A-Z]* *//p"; }
until_gone() {
	for _ in $(seq 100); do
		[ -e "$1" ] || return 0
		sleep 0.1
	done
	fail "$1 is still there"
}

user=$(wine cmd /c 'echo %USERPROFILE%' 2>/dev/null | tr -d '\r' | tail -n 1)
user=$(winepath -u "$user")
run='HKCU\Software\Microsoft\Windows\CurrentVersion\Run'
uninstall='HKCU\Software\Microsoft\Windows\CurrentVersion\Uninstall\Kapu'
folder="$user/AppData/Local/Programs/Kapu"
mkdir -p "$user/AppData/Local" "$user/AppData/Roaming"
before=$(mktemp) after=$(mktemp)
listing >"$before"

echo "installs, without autostart"
wine "$setup" /S /AUTOSTART=0
[ -f "$folder/kapu.exe" ] && [ -f "$folder/kapuw.exe" ] && [ -f "$folder/docs/cli.md" ] || fail "files are missing"
[ -f "$user/AppData/Roaming/Microsoft/Windows/Start Menu/Programs/Kapu.lnk" ] || fail "no shortcut"
[ -z "$(value "$run" Kapu)" ] || fail "autostart, which was not asked for"
[ -n "$(value "$uninstall" QuietUninstallString)" ] || fail "not among the installed programs"

echo "starts"
wine "$folder/kapu.exe" version | grep '^kapu [0-9.]* (windows/' || fail "kapu version"
wine "$folder/kapu.exe" autostart status | grep 'autostart on' || fail "kapu autostart status"
# Nobody has touched this desktop's keyboard yet, so it has been idle ever since the machine was started.
settings=$(winepath -u "$(wine "$folder/kapu.exe" config path | tr -d '\r')")
mkdir -p "$(dirname "$settings")"
printf '[lock]\nidle = "0s"\n' >"$settings"
printf 'elefant a hoesesben 1867\n' | wine "$folder/kapu.exe" unlock --password
vault=$(find "$user/AppData" -name vault.age)
[ -n "$vault" ] || fail "no vault was made"

echo "upgrades while its agent and its tray run"
wine "$folder/kapuw.exe" &
tray=$!
for _ in $(seq 50); do
	wine tasklist 2>/dev/null | grep -q kapuw.exe && break
	sleep 0.2
done
sleep 2 # until it has its window
kill -0 $tray 2>/dev/null || fail "the tray did not start"
before_upgrade=$(sha256sum "$vault")
wine "$setup" /S /AUTOSTART=1
for _ in $(seq 50); do
	kill -0 $tray 2>/dev/null || break
	sleep 0.2
done
kill -0 $tray 2>/dev/null && fail "the upgrade left the old tray running"
wine "$folder/kapu.exe" version >/dev/null || fail "kapu version after the upgrade"
[ "$(value "$run" Kapu)" = '"C:\users\'"$(basename "$user")"'\AppData\Local\Programs\Kapu\kapuw.exe"' ] || fail "the Run key is $(value "$run" Kapu)"
wine "$folder/kapu.exe" status --json | grep '"locked": true' || fail "the upgrade left the vault unlocked"
[ "$before_upgrade" = "$(sha256sum "$vault")" ] || fail "the upgrade changed the vault"
wine "$setup" /S
[ -n "$(value "$run" Kapu)" ] || fail "an upgrade without a wish took autostart away"
printf 'elefant a hoesesben 1867\n' | wine "$folder/kapu.exe" unlock

echo "is removed"
wine "$folder/uninstall.exe" /S
until_gone "$folder"
[ -z "$(value "$run" Kapu)" ] || fail "autostart is left"
[ -z "$(value "$uninstall" DisplayName)" ] || fail "still among the installed programs"
[ "$before_upgrade" = "$(sha256sum "$vault")" ] || fail "the vault changed"
listing >"$after"
left=$(comm -13 "$before" "$after" | grep -vi '/AppData/[A-Za-z]*/kapu/' || true)
[ -z "$left" ] || fail "left: $left"
rm -f "$before" "$after"
echo "nothing but the vault and what belongs to it is left"
