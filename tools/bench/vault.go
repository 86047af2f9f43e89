//go:build linux

package main

import (
	"context"
	"fmt"
	"path/filepath"
	"runtime"
	"time"

	"kapu/exchange"
	"kapu/internal/examples"
	"kapu/seal"
	"kapu/vault"
)

// vaultFile measures the file alone, in this process: no keychain, no agent.
func (b *bench) vaultFile() error {
	id, err := seal.NewIdentity()
	if err != nil {
		return err
	}
	dir := filepath.Join(b.dir, "vault")
	v, err := vault.Create(dir, id)
	if err != nil {
		return err
	}
	_, entries, err := exchange.Read(examples.Export(examples.Clients(manyAccounts, manyFolders)), exchange.ReadOptions{})
	if err != nil {
		return err
	}
	if _, err := v.Update(b.ctx, func(tx *vault.Tx) error {
		_, err := exchange.Apply(b.ctx, tx, entries, exchange.Decisions{Doubtful: true})
		return err
	}); err != nil {
		return err
	}

	var opens, saves times
	n := b.rounds(30, 5)
	for i := range n {
		runtime.GC() // what was left by the round before is not this one's to clear away
		start := time.Now()
		if v, err = vault.Open(dir, id); err != nil {
			return err
		}
		opens = append(opens, time.Since(start))
		if got := len(v.Contents().Accounts); got != manyAccounts {
			return fmt.Errorf("the vault holds %d accounts", got)
		}
		runtime.GC()
		start = time.Now()
		if err := changeOne(b.ctx, v, i); err != nil {
			return err
		}
		saves = append(saves, time.Since(start))
	}
	b.table.add(row{
		"open a vault of 10,000 accounts", opens.String(), "≤ 150 ms",
		fmt.Sprintf("vault.Open in this process, %d rounds", n),
	})
	b.table.add(row{
		"save a vault of 10,000 accounts", saves.String(), "≤ 150 ms",
		fmt.Sprintf("vault.Update of one client, with backup and sync to %s, %d rounds", b.dir, n),
	})
	return nil
}

func changeOne(ctx context.Context, v *vault.Vault, i int) error {
	_, err := v.Update(ctx, func(tx *vault.Tx) error {
		c := tx.Clients[i]
		c.Favourite = !c.Favourite
		_, err := tx.PutClient(c)
		return err
	})
	return err
}

// imports shows that twice as long a list takes twice as long.
func (b *bench) imports() error {
	sizes := []int{1_000, 10_000, 100_000}
	perEntry := make([]time.Duration, len(sizes))
	n := b.rounds(5, 2)
	for i, size := range sizes {
		data := examples.Export(examples.Clients(size, manyFolders))
		var took times
		for range n {
			runtime.GC()
			start := time.Now()
			_, entries, err := exchange.Read(data, exchange.ReadOptions{})
			if err != nil {
				return err
			}
			report, err := exchange.Apply(b.ctx, vault.Draft(), entries, exchange.Decisions{Doubtful: true})
			if err != nil {
				return err
			}
			took = append(took, time.Since(start))
			if report.Counts[exchange.New] != size {
				return fmt.Errorf("of %d entries these came in: %v", size, report.Counts)
			}
		}
		perEntry[i] = took.median() / time.Duration(size)
	}
	us := func(d time.Duration) string { return fmt.Sprintf("%.1f", float64(d)/float64(time.Microsecond)) }
	b.table.add(row{
		"import 1,000 · 10,000 · 100,000 accounts",
		fmt.Sprintf("%s · %s · %s µs an entry", us(perEntry[0]), us(perEntry[1]), us(perEntry[2])),
		"linear", fmt.Sprintf("exchange.Read and Apply to an empty vault, median of %d rounds each", n),
	})
	return nil
}
