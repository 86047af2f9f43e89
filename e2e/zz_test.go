//go:build linux

package e2e

import (
	"context"
	"testing"
	"time"
)

func TestZZ(t *testing.T) {
	p := at(t, full)
	ctx, cancel := context.WithTimeout(t.Context(), 4*time.Second)
	defer cancel()
	b := time.Now()
	cmd := p.Command(ctx, "zenity", "--entry", "--text", "ügyfél", "--title", "Kapu")
	go func() {
		time.Sleep(2 * time.Second)
		out, err := p.Command(context.Background(), "sh", "-c", `for w in $(xdotool search --onlyvisible --name .); do echo $w "[$(xdotool getwindowname $w)]"; done`).CombinedOutput()
		t.Logf("%s %v", out, err)
	}()
	cmd.Env = append(cmd.Env, "LC_ALL=hu_HU.UTF-8", "LANG=hu_HU.UTF-8"); out, err := cmd.CombinedOutput()
	t.Logf("%s %v %v", out, err, time.Since(b))
	t.Log(cmd.Env)
}
