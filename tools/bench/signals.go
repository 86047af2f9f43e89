//go:build linux

package main

import (
	"context"
	"crypto/rand"
	"fmt"
	"strings"
)

// changes counts what one changed client costs on the session bus, where every panel and extension listens.
func (s *seat) changes() error {
	if err := s.ear.hearAll(); err != nil {
		return err
	}
	n := s.b.rounds(3, 1)
	c := s.clients
	other := func(i int) string { return c[i+1].Folder } // the clients are dealt round
	kinds := []struct {
		what string
		args func(i int) []string
	}{
		{"renamed in place", func(i int) []string { return []string{"edit", c[i].Name, "--name", c[i].Name + " 2"} }},
		{"renamed to the end", func(i int) []string {
			return []string{"edit", c[i].Name, "--name", fmt.Sprintf("Zsuzsa Virág %d Kft.", i)}
		}},
		{"renamed to the start", func(i int) []string { return []string{"edit", c[i].Name, "--name", fmt.Sprintf("Aba %d Kft.", i)} }},
		{"moved", func(i int) []string { return []string{"edit", c[i].Name, "--folder", other(i)} }},
		{"favourite", func(i int) []string { return []string{"edit", c[i].Name, "--favourite"} }},
		{"added", func(i int) []string {
			return []string{"add", fmt.Sprintf("Mara Virág %d Kft.", i), "--folder", c[i].Folder}
		}},
		{"removed", func(i int) []string { return []string{"remove", "--yes", c[i].Name} }},
		{"code taken", func(i int) []string { return []string{"code", c[i].Name} }},
	}
	most, worst := 0, ""
	var each []string
	for k, kind := range kinds {
		mostOfKind := 0
		for i := range n {
			h, err := s.change(kind.args((k*n + i) * (len(c) - 1) / (len(kinds) * n))) // each time another client
			if err != nil {
				return fmt.Errorf("%s: %w", kind.what, err)
			}
			mostOfKind = max(mostOfKind, h.total)
		}
		each = append(each, fmt.Sprintf("%s %d", kind.what, mostOfKind))
		if mostOfKind > most {
			most, worst = mostOfKind, kind.what
		}
	}
	s.b.table.add(row{
		"one changed client → signals on D-Bus", fmt.Sprintf("at most %d (%s)", most, worst), "1",
		fmt.Sprintf("kapu edit, add, remove, code beside the tray, then all the tray says; %s; %d rounds each, the worst", strings.Join(each, ", "), n),
	})
	return nil
}

// change runs a command and hears what the tray says then.
func (s *seat) change(args []string) (heard, error) {
	ctx, cancel := context.WithTimeout(s.b.ctx, stepTime)
	defer cancel()
	if err := s.ear.waitQuiet(ctx, quiet); err != nil {
		return heard{}, err
	}
	s.ear.reset()
	cmd := s.command(args...)
	cmd.Stdin = strings.NewReader(rand.Text()[:16] + "\n") // a key, for those who ask for one
	if out, err := cmd.CombinedOutput(); err != nil {
		return heard{}, fmt.Errorf("kapu %s: %w: %s", args[0], err, out)
	}
	return s.ear.waitHeard(ctx)
}
