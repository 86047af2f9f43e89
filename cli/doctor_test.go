//go:build linux

package cli

import (
	"encoding/binary"
	"encoding/json"
	"net"
	"os"
	"path/filepath"
	"testing"
	"time"

	"kapu/internal/desktop"
	"kapu/internal/desktop/desktoptest"
	"kapu/internal/doctor"
)

// The doctor finds a wrong clock, and says what is well and what is missing.
func TestDoctor(t *testing.T) {
	d := desktoptest.Start(t, desktop.Options{Keyring: true})
	for _, tt := range []struct {
		name  string
		off   time.Duration
		clock string
	}{{"a right clock", 0, doctor.OK}, {"a clock an hour late", time.Hour, doctor.Failed}} {
		t.Run(tt.name, func(t *testing.T) {
			home := t.TempDir()
			settings := "ntp_server = \"" + timeServer(t, tt.off) + "\"\n"
			if err := os.WriteFile(filepath.Join(home, "config.toml"), []byte(settings), 0o600); err != nil {
				t.Fatal(err)
			}
			cmd := kapu(t, d, home, "", "doctor", "--json")
			out, _ := cmd.Output()
			if code := cmd.ProcessState.ExitCode(); code != exitFailed {
				t.Errorf("exit code %d; there is no tray here", code)
			}
			var findings []doctor.Finding
			if err := json.Unmarshal(out, &findings); err != nil {
				t.Fatalf("%v: %s", err, out)
			}
			got := map[string]string{}
			for _, f := range findings {
				got[f.Check] = f.State
				if f.Detail == "" || f.Name == "" {
					t.Errorf("%s says nothing", f.Check)
				}
			}
			for check, want := range map[string]string{
				"settings": doctor.OK, "vault": doctor.OK, "keychain": doctor.OK, "tray": doctor.Failed, "clipboard": doctor.Failed, "clock": tt.clock,
			} {
				if got[check] != want {
					t.Errorf("%s is %q, want %q", check, got[check], want)
				}
			}
		})
	}
}

// timeServer answers NTP requests on the loopback interface with a time that is off.
func timeServer(t *testing.T, off time.Duration) string {
	t.Helper()
	conn, err := net.ListenPacket("udp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { conn.Close() })
	go func() {
		buf := make([]byte, 512)
		for {
			n, from, err := conn.ReadFrom(buf)
			if err != nil {
				return
			}
			if n < 48 {
				continue
			}
			answer := make([]byte, 48)
			answer[0], answer[1], answer[3] = 4<<3|4, 1, 0xec // version 4, server, stratum 1
			now := ntpTime(time.Now().Add(off))
			binary.BigEndian.PutUint64(answer[16:], now) // reference
			copy(answer[24:32], buf[40:48])              // origin: what the client sent
			binary.BigEndian.PutUint64(answer[32:], now) // received
			binary.BigEndian.PutUint64(answer[40:], now) // sent
			_, _ = conn.WriteTo(answer, from)
		}
	}()
	return conn.LocalAddr().String()
}

// ntpTime is 32 bits of seconds since 1900 and 32 bits of their fraction.
func ntpTime(t time.Time) uint64 {
	const from1900 = 2208988800
	return uint64(t.Unix()+from1900)<<32 | uint64(t.Nanosecond())<<32/1e9
}
