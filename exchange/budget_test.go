package exchange

import (
	"context"
	"testing"
)

// budgetOf is the budget of a test.
func budgetOf(t testing.TB) *Budget {
	b := NewBudget(context.Background())
	t.Cleanup(b.Close)
	return b
}
