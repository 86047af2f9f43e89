// Package pagetest is what the tests of pages share.
package pagetest

import (
	"context"
	"errors"
	"fmt"

	"github.com/chromedp/chromedp"

	"kapu/internal/wait"
)

// Press clicks on the first element that a CSS selector matches, until the click has reached it. A page may move an
// element between the moment it is looked for and the click: a line comes above it, or a heading wraps. A person, who
// sees that, clicks again.
func Press(selector string) chromedp.Action[chromedp.Void] {
	watch := chromedp.Evaluate[bool](fmt.Sprintf(`(() => {
		window.pressed = false;
		addEventListener("click", (e) => { window.pressed ||= e.target.closest(%q) !== null; }, { capture: true, once: true });
		return true;
	})()`, selector))
	return chromedp.Func(func(ctx context.Context, _ *chromedp.Target) error {
		var err error
		reached := wait.Poll(func() bool {
			if _, err = chromedp.Run(ctx, watch); err != nil {
				return true
			}
			if err = chromedp.Do(ctx, chromedp.Click(selector)); err != nil {
				return true
			}
			// Where the click has led to another page, or has closed this one, nothing is left to ask.
			missed, gone := chromedp.Run(ctx, chromedp.Evaluate[bool](`window.pressed === false`))
			return gone != nil || !missed
		})
		if !reached {
			return errors.New("no click reaches " + selector)
		}
		return err
	})
}
