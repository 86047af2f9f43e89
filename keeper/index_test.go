package keeper

import (
	"fmt"
	"testing"

	"kapu/vault"
)

// manyClients are the contents of a vault with n clients.
func manyClients(n int) *vault.Contents {
	c := &vault.Contents{}
	for i := range n {
		id := fmt.Sprintf("c%06d", i)
		c.Accounts = append(c.Accounts, vault.Account{ID: id, Service: vault.DefaultService, UserName: fmt.Sprintf("ugyfel.%d", i)})
		c.Clients = append(c.Clients, vault.Client{
			ID: id, Account: id, Name: fmt.Sprintf("Ügyfél–%c%c és Társa %d Kereskedelmi Kft.", 'A'+i%26, 'a'+i/26%26, i),
			TaxNumber: fmt.Sprintf("%08d-2-41", 10000000+i*733), Folder: fmt.Sprintf("%d. csoport", i%30),
		})
	}
	return c
}

func BenchmarkIndex(b *testing.B) {
	for _, n := range []int{5_000, 100_000} {
		contents := manyClients(n)
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			for b.Loop() {
				newIndex(contents, nil, func(*vault.Client) []int { return nil })
			}
		})
	}
}

func BenchmarkSearch(b *testing.B) {
	for _, n := range []int{5_000, 100_000} {
		x := newIndex(manyClients(n), nil, func(*vault.Client) []int { return nil })
		for _, query := range []string{"k", "tarsa & 4999", "HU10003665", "zz e.v."} {
			b.Run(fmt.Sprint(n, " ", query), func(b *testing.B) {
				for b.Loop() {
					x.search(query)
				}
			})
		}
	}
}
