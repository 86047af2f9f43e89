package credstore

import (
	"context"
	"time"

	"github.com/godbus/dbus/v5"
)

// dismissTime is what taking back a question may cost that nobody waits for any more.
const dismissTime = time.Second

// prompt shows the service's question to the person and waits for the answer; ErrDismissed if they close it. Without a
// question there is nothing to wait for. A question that is not waited for any more is taken back.
func (s *secretService) prompt(ctx context.Context, path dbus.ObjectPath) (dbus.Variant, error) {
	var result dbus.Variant
	if path == none {
		return result, nil
	}
	signals := make(chan *dbus.Signal, 8)
	s.bus.Signal(signals)
	defer s.bus.RemoveSignal(signals)
	match := []dbus.MatchOption{
		dbus.WithMatchObjectPath(path), dbus.WithMatchInterface(secretsAPI + "Prompt"), dbus.WithMatchSender(secretsName),
	}
	if err := s.bus.AddMatchSignalContext(ctx, match...); err != nil {
		return result, err
	}
	defer func() {
		late, cancel := context.WithTimeout(context.WithoutCancel(ctx), dismissTime)
		defer cancel()
		_ = s.bus.RemoveMatchSignalContext(late, match...)
	}()
	if err := s.call(ctx, path, "Prompt.Prompt", "").Err; err != nil {
		return result, err
	}
	for {
		select {
		case signal, ok := <-signals:
			if !ok {
				return result, dbus.ErrClosed
			}
			if signal.Path != path || signal.Name != secretsAPI+"Prompt.Completed" {
				continue
			}
			var dismissed bool
			if err := dbus.Store(signal.Body, &dismissed, &result); err != nil {
				return result, err
			}
			if dismissed {
				return result, ErrDismissed
			}
			return result, nil
		case <-ctx.Done():
			late, cancel := context.WithTimeout(context.WithoutCancel(ctx), dismissTime)
			defer cancel()
			_ = s.call(late, path, "Prompt.Dismiss").Err
			return result, ctx.Err()
		}
	}
}
