#!/bin/sh
# vet-darwin.sh: checks the types of everything that would be built for macOS. The tray's library needs cgo and Apple's
# SDK there, so in a copy of it stand-ins for its native half take that half's place; nothing is built.
set -eu
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cp -r "$(go list -m -f '{{.Dir}}' fyne.io/systray)" "$dir/systray"
chmod -R u+w "$dir/systray"
rm -f "$dir"/systray/*_darwin.* "$dir"/systray/*_test.go
cat >"$dir/systray/native_darwin.go" <<'GO'
package systray

func setInternalLoop(bool)                      {}
func nativeLoop()                               {}
func nativeStart()                              {}
func registerSystray()                          {}
func nativeEnd()                                {}
func quit()                                     {}
func addOrUpdateMenuItem(*MenuItem)             {}
func addSeparator(uint32, uint32)               {}
func hideMenuItem(*MenuItem)                    {}
func showMenuItem(*MenuItem)                    {}
func removeMenuItem(*MenuItem)                  {}
func resetMenu()                                {}
func SetIcon([]byte)                            {}
func SetIconFromFilePath(string) error          { return nil }
func SetTemplateIcon([]byte, []byte)            {}
func SetTitle(string)                           {}
func SetTooltip(string)                         {}
func SetRemovalAllowed(bool)                    {}
func (*MenuItem) SetIcon([]byte)                {}
func (*MenuItem) SetTemplateIcon([]byte, []byte) {}
GO
cp go.mod "$dir/go.mod" && cp go.sum "$dir/go.sum"
go mod edit -replace "fyne.io/systray=$dir/systray" "$dir/go.mod"
# The virtual desktop, Wine and the servers of the tests are Linux's.
GOOS=darwin CGO_ENABLED=0 go vet -modfile "$dir/go.mod" $(GOOS=darwin CGO_ENABLED=0 go list -e -f '{{if .GoFiles}}{{.ImportPath}}{{end}}' ./... | grep -v '/e2e\|/internal/desktop\|/internal/wine\|/internal/servers\|/internal/need')
