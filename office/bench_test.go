package office

import (
	"context"
	"fmt"
	"os"
	"runtime"
	"strings"
	"testing"
	"time"

	"kapu/office/store"
	"kapu/seal"
)

// The figures that the office is held to, on a real folder with real cryptography: fifty devices, two thousand
// accounts, ten recipients each.

const (
	benchAccounts  = 2000
	benchReaders   = 10
	benchStrangers = 39 // devices of staff who have no right to anything
)

// bigOffice is such an office, with everything in its store.
func bigOffice(b testing.TB, dir string) (founder *kapu, w *world) {
	w = newWorld(b)
	if address := os.Getenv("KAPU_OFFICE_STORE"); address != "" {
		dir = strings.Replace(address, "PREFIX", fmt.Sprint("p", time.Now().UnixNano()), 1)
	}
	st, err := store.Open(dir, nil)
	if err != nil {
		b.Fatal(err)
	}
	if err := store.Prepare(context.Background(), st); err != nil {
		b.Fatal(err)
	}
	w.store = st
	founder = w.founder("Anna")
	ctx := context.Background()
	if err := founder.decide(ctx, func(r *Roster) error {
		add := func(name string, role Role, grant bool) {
			id, err := seal.NewIdentity()
			if err != nil {
				b.Fatal(err)
			}
			m := Member{ID: newID(), Name: name, Role: role}
			r.Members = append(r.Members, m)
			r.Devices = append(r.Devices, Device{ID: DeviceID(id.Public()), Member: m.ID, Name: name, Public: id.Public(), Since: r.Number})
			if grant {
				r.Grants = append(r.Grants, Grant{ID: newID(), Member: m.ID, Right: Use})
			}
		}
		for i := range benchReaders - 1 {
			add(fmt.Sprint("olvasó", i), Staff, true)
		}
		for i := range benchStrangers {
			add(fmt.Sprint("munkatárs", i), Staff, false)
		}
		return nil
	}); err != nil {
		b.Fatal(err)
	}
	for i := range benchAccounts {
		founder.addKey(fmt.Sprintf("Ügyfél %04d Kft.", i), fmt.Sprintf("Mappa %d", i%40), keyText(i))
	}
	founder.sync()
	return founder, w
}

// BenchmarkOffice plays the long things once; run it with -benchtime 1x. On another store than a new folder:
//
//	KAPU_OFFICE_STORE='s3://BUCKET/PREFIX?endpoint=…' go test ./office -run '^$' -bench Office -benchtime 1x
func BenchmarkOffice(b *testing.B) {
	for b.Loop() {
		dir := b.TempDir()
		ctx := context.Background()
		begin := time.Now()
		founder, w := bigOffice(b, dir)
		b.ReportMetric(time.Since(begin).Seconds(), "s-to-found")

		text, err := founder.Invite(ctx, NewMember{Member: founder.member(), Auto: true})
		if err != nil {
			b.Fatal(err)
		}
		second := w.device()
		if err := second.join(ctx, text, "b@anna", w.open); err != nil {
			b.Fatal(err)
		}
		begin = time.Now()
		founder.sync()
		founder.sync()
		b.ReportMetric(time.Since(begin).Seconds(), "s-to-seal-for-it")
		begin = time.Now()
		second.sync()
		b.ReportMetric(time.Since(begin).Seconds(), "s-until-in-sync")
		if n := len(second.home.tx.Clients); n != benchAccounts {
			b.Fatalf("%d clients", n)
		}

		counted := &counting{Store: w.store}
		second.store = counted
		begin = time.Now()
		second.sync()
		b.ReportMetric(float64(time.Since(begin).Microseconds())/1000, "ms-idle-poll")
		b.ReportMetric(float64(counted.n), "requests-idle-poll")
		second.store = w.store

		v, _ := founder.View()
		begin = time.Now()
		if err := founder.RemoveMember(ctx, v.Roster.Grants[0].Member); err != nil {
			b.Fatal(err)
		}
		founder.sync()
		b.ReportMetric(time.Since(begin).Seconds(), "s-to-revoke")
		if n := len(founder.Worklist()); n != benchAccounts {
			b.Fatalf("%d on the work list", n)
		}
		founder.home, founder.state = nil, nil
		second.home.files = map[string][]byte{stateFile: second.home.files[stateFile]}
		runtime.GC()
		var m runtime.MemStats
		runtime.ReadMemStats(&m)
		b.ReportMetric(float64(m.HeapAlloc)/1e6, "MB-heap-of-one")
		b.ReportMetric(float64(len(second.home.files[stateFile]))/1e6, "MB-state")
		runtime.KeepAlive(second)
	}
}

// counting counts the requests.
type counting struct {
	store.Store
	n int
}

func (c *counting) Get(ctx context.Context, name string) ([]byte, error) {
	c.n++
	return c.Store.Get(ctx, name)
}

// BenchmarkBook makes a book of two weeks.
func BenchmarkBook(b *testing.B) {
	f := map[string]string{
		fieldKey:        `{"kind":"totp","secret":"JBSWY3DPEHPK3PXP","algorithm":"SHA1","digits":6,"period":30}`,
		"client.x.name": "Alma Kft.",
	}
	id, err := seal.NewIdentity()
	if err != nil {
		b.Fatal(err)
	}
	from := time.Date(2026, 11, 23, 0, 0, 0, 0, time.UTC)
	size := 0
	for b.Loop() {
		book, err := makeBook("o", "r", "d", f, Settings{FromHour: 0, UntilHour: 24}, from, from.AddDate(0, 0, maxBookDays))
		if err != nil {
			b.Fatal(err)
		}
		sealed, err := sealBook(realBox{}, "office", "name", book, id, id.Public())
		if err != nil {
			b.Fatal(err)
		}
		size = len(sealed)
	}
	b.ReportMetric(float64(size)/1000, "kB")
}
