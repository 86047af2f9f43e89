package office

import (
	"context"
	"slices"

	"kapu/lang"
)

// maxNames is the limit of a listing, so that whoever holds the store cannot exhaust the memory of who asks.
const maxNames = 500_000

// list returns all names with a prefix that are greater than after, sorted and without duplicates: a folder that is
// being synchronised may give them in no order, or twice.
func (o *Office) list(ctx context.Context, prefix, after string) ([]string, error) {
	return o.listBut(ctx, prefix, after, func(_ string, err error) error { return err })
}

// listBut is list for who can do without some folders: closed is called for each that may not be read, and what it
// returns ends the listing unless it is nil.
func (o *Office) listBut(
	ctx context.Context, prefix, after string, closed func(folder string, err error) error,
) ([]string, error) {
	var names []string
	for name, err := range o.store.List(ctx, prefix, after) {
		if err != nil && name != "" {
			err = closed(name, err)
			name = ""
		}
		if err != nil {
			return nil, err
		}
		if name == "" {
			continue
		}
		if len(names) == maxNames {
			return nil, lang.E("office-store-flooded", "Folder", prefix)
		}
		names = append(names, name)
	}
	slices.Sort(names)
	return slices.Compact(names), nil
}

// listNumbers returns the numbers at the end of the names that list returns, smallest first.
func (o *Office) listNumbers(ctx context.Context, prefix, after string) ([]int, error) {
	names, err := o.list(ctx, prefix, after)
	var numbers []int
	for _, name := range names {
		if n, err := numberOf(name, prefix); err == nil {
			numbers = append(numbers, n)
		}
	}
	return numbers, err
}
