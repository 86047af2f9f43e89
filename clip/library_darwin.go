package clip

import (
	"context"

	"golang.design/x/clipboard"
)

// empty empties the clipboard if it has a doomed text, and says whether it had. What is copied in between is lost: the
// pasteboard cannot be held.
func empty(ctx context.Context, doomed func([]byte) bool) (bool, error) {
	text, err := clipboard.Read(ctx, clipboard.FmtText)
	if err != nil || len(text) > maxRead || !doomed(text) || ctx.Err() != nil {
		return false, nil // an error is that there is no text
	}
	return true, write([]clipboard.Item{{Format: clipboard.FmtText}})
}
