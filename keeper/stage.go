package keeper

import (
	"context"
	"crypto/rand"
	"errors"
	"maps"
	"slices"
	"strconv"
	"sync"
	"time"

	"kapu/agent"
	"kapu/exchange"
	"kapu/lang"
	"kapu/vault"
)

// stages keep what was read of files until the person has decided. A face that may not see keys, the page, gives the
// files here and gets names and fates back.
type stages struct {
	mu   sync.Mutex
	open []*stage // the one that was used last is the last
	// work is the mutual exclusion of readings and plans, each of which may take hundreds of megabytes. Whoever waits
	// may leave.
	work chan struct{}
}

// begin waits for the turn to read or plan; end gives it back.
func (s *stages) begin(ctx context.Context) (end func(), err error) {
	select {
	case s.work <- struct{}{}:
		return func() { <-s.work }, nil
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

type stage struct {
	id    string
	files []stagedFile
	late  *time.Timer // lets go of it
}

type stagedFile struct {
	name, format string // a file that could not be read has no format
	entries      []exchange.Entry
	size         int               // what the entries take, in bytes
	columns      map[string]string // what the person has said of its columns, for the next file
}

const (
	stageTime = 15 * time.Minute
	maxStages = 4
	maxFiles  = 100       // of one stage
	maxStaged = 128 << 20 // bytes that the entries of all stages take together: those of one import at most
)

var errAsked = errors.New("a password is wanted")

// stage reads a file, beside those that are there already or in the place of one of them.
func (k *keeper) stage(ctx context.Context, s agent.Stage) (agent.Staged, error) {
	end, err := k.stages.begin(ctx)
	if err != nil {
		return agent.Staged{}, err
	}
	defer end()
	file, staged, err := k.readStaged(ctx, s)
	if err != nil || staged.Sealed != "" {
		return staged, err
	}
	st, err := k.stages.put(s.ID, s.File, file)
	if err != nil {
		return agent.Staged{}, err
	}
	if staged.File = s.File; s.File == 0 {
		staged.File = len(st.files)
	}
	format, entries := st.together()
	plan, err := k.importEntries(ctx, agent.Import{Format: format, Entries: entries, DryRun: true})
	staged.ID, staged.Format, staged.Report = st.id, format, plan.Report
	if only, one := exchange.One(entries, ""); one == nil {
		staged.Only = &agent.Client{Name: only.Name, TaxNumber: only.TaxNumber, Folder: only.Folder, Service: only.Service, UserName: only.UserName}
	}
	return staged, err
}

// readStaged reads a file as it is to be read. An error means that there is nothing to be kept of it.
func (k *keeper) readStaged(ctx context.Context, s agent.Stage) (stagedFile, agent.Staged, error) {
	said := agent.Staged{ID: s.ID}
	budget := exchange.NewBudget(ctx)
	defer budget.Close()
	format, entries, err := exchange.Read(s.Data, exchange.ReadOptions{
		Budget: budget, As: s.As, KeyFile: s.KeyFile, Columns: k.columns(s.Columns), Hidden: s.Hidden,
		Ask: func(format string) (string, error) {
			if s.Password == "" && len(s.KeyFile) == 0 {
				said.Sealed = format
				return "", errAsked
			}
			return s.Password, nil
		},
		Understood: func(c []exchange.Column) { said.Columns = append(said.Columns, c...) },
	})
	switch {
	case said.Sealed != "":
		return stagedFile{}, said, nil
	case errors.Is(err, exchange.ErrPassword), ctx.Err() != nil:
		return stagedFile{}, said, exchange.Failed(s.Name, err)
	case err != nil:
		format, entries = "", nil
		said.Unread = lang.E("import-failed", "Path", s.Name, "Reason", err)
	}
	said.Read = format
	said.Hidden = slices.ContainsFunc(entries, exchange.Entry.Hidden)
	return stagedFile{s.Name, format, entries, exchange.Size(entries), exchange.Said(said.Columns)}, said, nil
}

// takeStaged takes rows of a stage in, which then is gone.
func (k *keeper) takeStaged(ctx context.Context, t agent.TakeStaged) (agent.Imported, error) {
	end, err := k.stages.begin(ctx)
	if err != nil {
		return agent.Imported{}, err
	}
	defer end()
	st, err := k.stages.get(t.ID)
	if err != nil {
		return agent.Imported{}, err
	}
	format, all := st.together()
	entries, decisions := all, t.Decisions
	if t.Rows != nil {
		entries = make([]exchange.Entry, 0, len(t.Rows))
		decisions.Rows = map[int]exchange.Decision{}
		for i, e := range all {
			if _, ok := slices.BinarySearch(t.Rows, i); ok {
				if d := t.Decisions.Rows[i]; d != "" {
					decisions.Rows[len(entries)] = d
				}
				entries = append(entries, e)
			}
		}
	}
	if t.Folder != "" {
		entries = exchange.InFolder(entries, t.Folder)
	}
	chosen := map[string]string{}
	for _, f := range st.files {
		maps.Copy(chosen, f.columns)
	}
	done, err := k.importEntries(ctx, agent.Import{
		Format: format, Entries: entries, DryRun: t.DryRun, Decisions: decisions, Columns: chosen,
	})
	if err == nil && !t.DryRun {
		k.stages.drop(t.ID)
	}
	return done, err
}

// only is the entry with the only key of a stage.
func (s *stages) only(id string) (exchange.Entry, error) {
	st, err := s.get(id)
	if err != nil {
		return exchange.Entry{}, err
	}
	_, entries := st.together()
	return exchange.One(entries, "")
}

func (k *keeper) discardStaged(_ context.Context, d agent.ByID) (agent.None, error) {
	k.stages.drop(d.ID)
	return agent.None{}, nil
}

// together is what all the files say.
func (s *stage) together() (format string, entries []exchange.Entry) {
	var numbers []string
	for i, f := range s.files {
		if f.format != "" {
			numbers = append(numbers, strconv.Itoa(i))
		}
	}
	format, entries, _ = exchange.Together(numbers, func(number string) (string, []exchange.Entry, error) { // has been read
		i, _ := strconv.Atoi(number)
		return s.files[i].format, slices.Clone(s.files[i].entries), nil
	})
	if len(numbers) > 1 {
		for i := range entries {
			n, _ := strconv.Atoi(entries[i].File)
			entries[i].File = s.files[n].name
		}
	}
	return format, entries
}

// put begins a stage, or adds a file to the one with the id, or puts it in the place of the one with that number. What
// is handed out is not changed any more.
func (s *stages) put(id string, number int, f stagedFile) (*stage, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	st := &stage{id: id}
	var before *stage
	if id == "" {
		st.id = rand.Text()
	} else {
		before = s.remove(id)
		if before == nil {
			return nil, errStageGone()
		}
		st.files = slices.Clone(before.files)
		if number == 0 && len(st.files) == maxFiles {
			s.keep(before)
			return nil, lang.E("stage-full", "Most", maxFiles).Kind(vault.ErrInvalid)
		}
	}
	switch {
	case number == 0:
		st.files = append(st.files, f)
	case number > 0 && number <= len(st.files):
		st.files[number-1] = f
	default:
		return nil, errStageGone()
	}
	if st.size() > maxStaged {
		if before != nil {
			s.keep(before)
		}
		return nil, lang.E("stage-big", "Most", maxStaged>>20).Kind(vault.ErrInvalid)
	}
	s.keep(st)
	return st, nil
}

func (s *stages) get(id string) (*stage, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	st := s.remove(id)
	if st == nil {
		return nil, errStageGone()
	}
	s.keep(st)
	return st, nil
}

func (s *stages) drop(id string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.remove(id)
}

// size is what a stage takes, in bytes.
func (s *stage) size() (bytes int) {
	for _, f := range s.files {
		bytes += f.size
	}
	return bytes
}

// keep puts a stage last. The oldest go if there are too many, or all take too much: a page that was closed may not
// have said so.
func (s *stages) keep(st *stage) {
	for len(s.open) == maxStages || len(s.open) > 0 && s.size()+st.size() > maxStaged {
		s.remove(s.open[0].id)
	}
	s.open = append(s.open, st)
	st.late = time.AfterFunc(stageTime, func() {
		s.mu.Lock()
		defer s.mu.Unlock()
		s.open = slices.DeleteFunc(s.open, func(other *stage) bool { return other == st })
	})
}

func (s *stages) size() (bytes int) {
	for _, st := range s.open {
		bytes += st.size()
	}
	return bytes
}

func (s *stages) remove(id string) *stage {
	i := slices.IndexFunc(s.open, func(st *stage) bool { return st.id == id })
	if i < 0 {
		return nil
	}
	st := s.open[i]
	st.late.Stop()
	s.open = slices.Delete(s.open, i, i+1)
	return st
}

func errStageGone() error { return lang.E("stage-gone").Kind(agent.ErrNotFound) }
