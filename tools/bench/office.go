//go:build linux

package main

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"kapu/agent"
	"kapu/config"
	"kapu/internal/desktop"
	"kapu/internal/examples"
)

// An office as large as the promises speak of. Two of the machines are the owner's; of the others some may use every
// account.
const (
	officeMachines = 50
	officeReaders  = 10
	officeRounds   = 10
	officeTime     = 10 * time.Minute
)

// Where the office's objects lie, if not in a new folder, and what the programs need for that: an address of S3 with
// PREFIX in it, the keys to it, and the certificate of a server of one's own.
const officeStore = "KAPU_OFFICE_STORE"

var officeStoreNeeds = []string{"AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "SSL_CERT_FILE", "GODEBUG"}

// office measures what it takes the owner's two machines to work together, while everybody else is away. It is one
// story, each step on top of the one before, and so in one piece.
func (b *bench) office() error {
	ctx, cancel := context.WithTimeout(b.ctx, officeTime)
	defer cancel()
	d, err := desktop.Start(ctx, desktop.Options{Keyring: true})
	if err != nil {
		return err
	}
	defer d.Stop()
	store, where := filepath.Join(b.dir, "store"), "a folder"
	if address := os.Getenv(officeStore); address != "" {
		store, where = strings.Replace(address, "PREFIX", fmt.Sprint("p", time.Now().UnixNano()), 1), "S3"
	} else if err := os.Mkdir(store, 0o700); err != nil {
		return err
	}
	at := func(name string) *person {
		return &person{d, b, filepath.Join(b.dir, name), examples.Clients(manyClients, manyFolders)}
	}
	owner, second := at("owner"), at("second")
	defer owner.close()
	defer second.close()
	if _, err := owner.kapu("office", "create", store, "--office", "Iroda", "--name", "Anna"); err != nil {
		return err
	}
	for i := range officeMachines - 2 {
		if err := owner.employ(at, fmt.Sprintf("munkatars%d", i), i < officeReaders-2); err != nil {
			return fmt.Errorf("member %d: %w", i+1, err)
		}
	}
	begun := time.Now()
	if err := owner.takeIn(); err != nil {
		return err
	}
	if _, err := owner.kapu("office", "sync"); err != nil {
		return err
	}
	b.table.add(row{
		fmt.Sprintf("office on %s: %d clients taken in and sealed", where, manyClients), seconds(time.Since(begun)), "",
		fmt.Sprintf("kapu import and kapu office sync, 1 round; %d machines in the roster, %d of them read every account", officeMachines-1, officeReaders-1),
	})

	begun = time.Now()
	if err := owner.takes(second); err != nil {
		return err
	}
	if err := second.until(ctx, func(list []agent.Client) bool { return len(list) == manyClients }); err != nil {
		return err
	}
	b.table.add(row{
		fmt.Sprintf("office on %s: a new machine shows all", where), seconds(time.Since(begun)), "≤ 15 s",
		"from kapu office join to a complete kapu list, with what the owner's machine takes meanwhile to let it in and to seal everything for it, 1 round",
	})
	var late times
	for i := range officeRounds {
		took, err := owner.changes(ctx, second, owner.clients[i*7].Name)
		if err != nil {
			return err
		}
		late = append(late, took)
	}
	goal, how := "≤ 2 s", "the folder tells of it by itself"
	if where == "S3" {
		goal, how = "≤ 15 s", "the store is asked every 3 s, as in the first ten minutes after an invitation; else every 15 s"
	}
	b.table.add(row{
		fmt.Sprintf("office on %s: a change is on the other machine", where), late.String(), goal,
		fmt.Sprintf("from the end of kapu edit to the other agent's event of it, %d rounds; %s", officeRounds, how),
	})
	time.Sleep(settleTime)
	for _, of := range []struct {
		who     string
		machine *person
	}{{"that changes", owner}, {"that follows", second}} {
		pid, err := of.machine.agentPID()
		if err != nil {
			return err
		}
		h, err := pss(pid)
		if err != nil {
			return err
		}
		b.table.add(row{
			fmt.Sprintf("office on %s: memory of the agent %s", where, of.who), mb(h.pss), "≤ 60 MB",
			fmt.Sprintf("Pss of /proc/PID/smaps_rollup, %v after all of the above, 1 round; of it anonymous: %s", settleTime, mb(h.anonymous)),
		})
	}
	begun = time.Now()
	if _, err := owner.kapu("office", "remove", "munkatars0", "--yes"); err != nil {
		return err
	}
	b.table.add(row{
		fmt.Sprintf("office on %s: a member who held all is removed", where), seconds(time.Since(begun)), "≤ 60 s",
		"kapu office remove to its end: every account sealed anew, the work list made, 1 round",
	})
	return nil
}

// employ lets somebody in with a machine, which then stays away, and lets them read every account or none.
func (o *person) employ(at func(string) *person, name string, reads bool) error {
	machine := at(name)
	defer machine.close()
	if err := o.invites(machine, "office", "invite", name); err != nil {
		return err
	}
	if _, err := o.kapu("office", "sync"); err != nil {
		return err
	}
	if _, err := o.kapu("office", "approve", name, "--yes"); err != nil {
		return err
	}
	if !reads {
		return nil
	}
	_, err := o.kapu("office", "grant", name, "--all")
	return err
}

// takes lets a second machine of the same person in, without a question.
func (o *person) takes(second *person) error {
	return o.invites(second, "office", "invite", "Anna", "--device", "--auto")
}

// invites lets a machine ask to be let in by the invitation that a command prints.
func (o *person) invites(machine *person, args ...string) error {
	invitation, err := o.kapu(args...)
	if err != nil {
		return err
	}
	_, err = machine.told(invitation, "office", "join", "--no-wait")
	return err
}

// until waits for the clients to be as they should be, and looks again whenever the agent has news.
func (o *person) until(ctx context.Context, so func([]agent.Client) bool) error {
	c, err := agent.Dial(ctx, config.Paths{Runtime: filepath.Join(o.home, "run")})
	if err != nil {
		return err
	}
	defer c.Close()
	events, err := c.Events(ctx)
	if err != nil {
		return err
	}
	for {
		list, err := c.List(ctx, "", "")
		if err != nil || so(list) {
			return err
		}
		select {
		case <-events:
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

// changes renames a client on one machine and says how much later the other has it.
func (o *person) changes(ctx context.Context, other *person, name string) (time.Duration, error) {
	there := make(chan error, 1)
	go func() {
		there <- other.until(ctx, func(list []agent.Client) bool {
			return slices.ContainsFunc(list, func(c agent.Client) bool { return c.Name == name+" új" })
		})
	}()
	if _, err := o.kapu("edit", name, "--name", name+" új"); err != nil {
		return 0, err
	}
	begun := time.Now()
	err := <-there
	return time.Since(begun), err
}

func seconds(d time.Duration) string { return fmt.Sprintf("%.1f s", d.Seconds()) }
