package office

import (
	"context"
	"slices"

	"kapu/lang"
)

// maxNames is how many names of one kind an office can have. It is for who holds the store not to fill the memory of
// who asks.
const maxNames = 500_000

// list asks for all names with a prefix that are greater than after. A store that is being synchronised may give them
// in no order, or twice.
func (o *Office) list(ctx context.Context, prefix, after string) ([]string, error) {
	var names []string
	for name, err := range o.store.List(ctx, prefix, after) {
		if err != nil {
			return nil, err
		}
		if len(names) == maxNames {
			return nil, lang.E("office-store-flooded", "Folder", prefix)
		}
		names = append(names, name)
	}
	slices.Sort(names)
	return slices.Compact(names), nil
}

// listNumbers asks for all numbers with a prefix that are greater than after, smallest first.
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
