package office

import (
	"context"
	"errors"
	"time"

	"kapu/lang"
	"kapu/vault"
)

// pass is one sync, a reconciliation between the vault, this device's state and the store. Its steps are idempotent, so
// it may be cut off at any moment: what it did not reach, the next pass does.
type pass struct {
	*Office
	at       time.Time       // the moment by which rights are judged
	flush    bool            // the journal is written now, not only every few minutes
	unopened map[string]bool // records of which no bundle could be opened yet
	trouble  trouble
	sealing  *progress // of the records that are being sealed anew
}

func (o *Office) newPass() *pass {
	return &pass{Office: o, at: o.now(), unopened: map[string]bool{}, sealing: &progress{}}
}

// tell tells how much is left, if anybody wants to know.
func (p *pass) tell(left Progress) {
	if p.Progress != nil {
		p.Progress(left)
	}
}

// Report is the outcome of a sync.
type Report struct {
	Changed  bool      // the vault was changed
	Requests int       // joins that wait for this person
	Left     Progress  // what could not be done yet: records to be sealed anew, objects that were announced and are not there
	Until    time.Time // when something begins or ends by itself
}

// Sync runs one reconciliation pass: this person's changes go out and those of others come in. It is idempotent, and
// may be cut off at any moment. flush writes the journal at once, which is otherwise buffered for a few minutes.
func (o *Office) Sync(ctx context.Context, flush bool) (Report, error) {
	var report Report
	err := o.locked(ctx, func() (err error) {
		p := o.newPass()
		p.flush = flush
		report, err = p.run(ctx)
		return err
	})
	return report, err
}

// run takes the steps of a pass in the order that loses nothing: local changes are recorded before anything from
// elsewhere could overwrite them, and the state is saved before anything that depends on it leaves the device.
func (p *pass) run(ctx context.Context) (Report, error) {
	s := p.state
	if s.Joining != nil {
		if err := p.completeJoin(ctx); err != nil {
			return Report{}, err
		}
	}
	before := p.home.Contents()
	if !s.isCurrent(before) && !s.Expelled {
		p.recordLocal(p.home.Contents())
		if err := p.save(); err != nil {
			return Report{}, err
		}
	}
	pullErr := p.pull(ctx)
	p.at = p.now()
	if err := p.save(); err != nil {
		return Report{}, err
	}
	if err := p.dropEndedBooks(); err != nil {
		return Report{}, err
	}
	if p.mustProject(before) {
		if err := p.refreshVault(ctx, pullErr == nil); err != nil {
			return Report{}, err
		}
	}
	report := Report{Changed: p.home.Contents().Generation != before.Generation, Until: s.Roster.nextBoundary(p.at)}
	if pullErr == nil && s.Expelled {
		pullErr = lang.E("office-expelled", "Office", s.Roster.Name).Kind(ErrExpelled)
	}
	if pullErr == nil && s.away() {
		pullErr = p.askBack(ctx)
	}
	if pullErr != nil {
		return report, errors.Join(pullErr, p.save())
	}
	err := p.upload(ctx)
	report.Requests, report.Left = len(s.Requests), Progress{Fetch: len(s.Retries), Seal: len(p.toReseal)}
	if e := p.save(); err == nil {
		err = e
	}
	if err == nil {
		err = p.trouble.sentence()
	}
	return report, err
}

// mustProject says whether the vault may be out of date. What could be pulled is shown, also if the rest could not; but
// a vault out of a backup waits until all is known.
func (p *pass) mustProject(c *vault.Contents) bool {
	s := p.state
	if s.Generation == unheard && s.Listed.IsZero() {
		return false
	}
	return p.vaultStale || !s.isCurrent(c) || p.rightsChangedByTime()
}

// rightsChangedByTime says whether a grant or a book has begun or ended since the vault was last brought up to date.
func (p *pass) rightsChangedByTime() bool {
	applied := p.state.Applied
	next := p.state.Roster.nextBoundary(applied)
	return applied.IsZero() || !next.IsZero() && !next.After(p.at) || p.bookBoundary(applied, p.at)
}

// refreshVault projects the records onto the vault. While a machine is coming back into its own office, the vault is
// not listened to, until everything is known: complete says that this pull was.
func (p *pass) refreshVault(ctx context.Context, complete bool) error {
	if err := p.project(ctx); err != nil {
		return err
	}
	p.vaultStale = false
	s := p.state
	if s.Returning.IsZero() {
		return nil
	}
	s.Generation, p.dirty = unheard, true
	if complete && len(p.unopened) == 0 || p.at.Sub(s.Returning) > listEvery {
		s.Returning, s.Generation = time.Time{}, 0
	}
	return nil
}

// upload puts into the store what is new here: bundles, the journal, and at last the feed entries of what has reached
// it.
func (p *pass) upload(ctx context.Context) error {
	return inTurn(ctx, p.push, p.writeJournal, p.announce)
}
