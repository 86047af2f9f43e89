package main

import (
	"bytes"
	"encoding/binary"
	"os"
	"testing"
	"unicode/utf16"

	"kapu/internal/build"
)

// What the Windows programs carry was made from what is in winres, icons and config.
func TestWindowsResourcesAreUpToDate(t *testing.T) {
	var version []byte
	for _, unit := range utf16.Encode([]rune("FileVersion\x00\x00" + build.Version)) {
		version = binary.LittleEndian.AppendUint16(version, unit)
	}
	manifest := read(t, "tools/winres/kapu.manifest")
	icon := read(t, "icons/open.ico")
	largest := binary.LittleEndian.Uint32(icon[6+16*(int(binary.LittleEndian.Uint16(icon[4:]))-1)+12:])
	for _, name := range []string{"rsrc_windows_amd64.syso", "rsrc_windows_arm64.syso"} {
		made := read(t, name)
		for what, part := range map[string][]byte{"the version": version, "the manifest": manifest, "the icon": icon[largest:]} {
			if !bytes.Contains(made, part) {
				t.Errorf("%s does not hold %s as it is now: go generate .", name, what)
			}
		}
	}
}

func read(t *testing.T, name string) []byte {
	t.Helper()
	data, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	return data
}
