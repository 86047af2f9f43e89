package keeper

import (
	"context"
	"maps"

	"kapu/agent"
	"kapu/config"
	"kapu/exchange"
	"kapu/lang"
)

func (k *keeper) readSettings(context.Context, agent.None) (agent.Settings, error) {
	cfg, err := config.Load(k.paths)
	return agent.Settings{Config: cfg, Path: k.paths.Config}, err
}

// configure writes the settings and takes over those that can change while the vault is open: the language, copying,
// the office, and the time without a code. What the session is watched for, and the groups with what has locked itself,
// stay as they were at the unlocking: a change of the settings opens no group.
func (k *keeper) configure(_ context.Context, c agent.Configure) (agent.None, error) {
	k.configuring.Lock()
	defer k.configuring.Unlock()
	now, err := config.Load(k.paths)
	if err != nil {
		return agent.None{}, err
	}
	if !now.Equal(c.From) {
		return agent.None{}, lang.E("settings-changed", "Path", k.paths.Config)
	}
	if err := config.Save(k.paths, c.To); err != nil {
		return agent.None{}, err
	}
	taken := *k.settings.Load()
	taken.Language, taken.Copy, taken.Lock.Unused, taken.Office = c.To.Language, c.To.Copy, c.To.Lock.Unused, c.To.Office
	k.settings.Store(&taken)
	k.usage.mu.Lock()
	k.restartIdleTimer()
	k.usage.mu.Unlock()
	k.events.send(agent.Event{Type: agent.Changed})
	return agent.None{}, nil
}

// columns are what the person has said of columns, now or before (config.Import).
func (k *keeper) columns(now map[string]string) map[string]string {
	fields := map[string]string{}
	if cfg, err := config.Load(k.paths); err == nil {
		fields, _ = cfg.Import.Fields() // have been checked
	}
	maps.Copy(fields, now)
	return fields
}

// rememberColumns adds to the settings what the person has said of columns. It is a convenience for the next file: that
// the settings cannot be written is no reason to say that an import which was done has failed.
func (k *keeper) rememberColumns(columns map[string]string) {
	k.configuring.Lock()
	defer k.configuring.Unlock()
	cfg, err := config.Load(k.paths)
	if err != nil {
		return
	}
	before := cfg.Import
	if cfg.Import = before.With(exchange.ToRemember(columns)); cfg.Import != before {
		_ = config.Save(k.paths, cfg)
	}
}
