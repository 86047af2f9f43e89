package cli

import (
	"context"

	"kapu/clip"
	"kapu/exchange"
	"kapu/lang"
	"kapu/qr"
)

// The places besides files where a QR code can be; a file of that name is ./screen.
const (
	onScreen    = "screen"
	onClipboard = "clipboard"
)

// scan decodes the QR codes of a place and returns the one key that the person means: the only one, or that with a
// name.
func (a *app) scan(ctx context.Context, where, name string) (exchange.Entry, error) {
	var symbols []qr.Symbol
	var entries []exchange.Entry
	var err error
	switch where {
	case onScreen:
		symbols, err = qr.Screen(ctx)
		entries = exchange.Codes(symbols)
	case onClipboard:
		var picture []byte
		if picture, err = clip.Picture(ctx); err == nil {
			symbols, err = qr.Read(ctx, picture)
		}
		entries = exchange.Codes(symbols)
	default:
		budget := exchange.NewBudget(ctx)
		defer budget.Close()
		_, entries, err = exchange.ReadFile(where, exchange.ReadOptions{
			Budget: budget, Ask: func(string) (string, error) { return "", lang.E("qr-none") },
		})
	}
	if err != nil {
		return exchange.Entry{}, err
	}
	return exchange.One(entries, name)
}
