//go:build linux

package desktop

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
)

const (
	watcherName = "org.kde.StatusNotifierWatcher"
	watcherPath = "/StatusNotifierWatcher"
)

// panelSize is the height of the panel and so, icons being square, about the width of an icon's place.
const panelSize = 32

// panelConfig describes one panel across the top of the screen with nothing but the tray in it.
const panelConfig = `<?xml version="1.0" encoding="UTF-8"?>
<channel name="xfce4-panel" version="1.0">
  <property name="configver" type="int" value="2"/>
  <property name="panels" type="array"><value type="int" value="1"/>
    <property name="panel-1" type="empty">
      <property name="position" type="string" value="p=6;x=0;y=0"/>
      <property name="position-locked" type="bool" value="true"/>
      <property name="length" type="uint" value="100"/>
      <property name="size" type="uint" value="%d"/>
      <property name="icon-size" type="uint" value="22"/>
      <property name="plugin-ids" type="array"><value type="int" value="1"/></property>
    </property>
  </property>
  <property name="plugins" type="empty">
    <property name="plugin-1" type="string" value="systray">
      <property name="square-icons" type="bool" value="true"/>
      <property name="icon-size" type="int" value="22"/>
      <property name="menu-is-primary" type="bool" value="false"/>
      <property name="hide-new-items" type="bool" value="false"/>
    </property>
  </property>
</channel>
`

func (d *Desktop) writePanelConfig() error {
	dir := filepath.Join(d.configDir(), "xfce4", "xfconf", "xfce-perchannel-xml")
	err := os.MkdirAll(dir, 0o700)
	if err == nil {
		err = os.WriteFile(filepath.Join(dir, "xfce4-panel.xml"), fmt.Appendf(nil, panelConfig, panelSize), 0o600)
	}
	if err != nil {
		return fmt.Errorf("desktop: writing the panel's settings: %w", err)
	}
	return nil
}

// StartPanel starts the panel and waits until it hosts tray icons.
func (d *Desktop) StartPanel(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, startLimit)
	defer cancel()
	d.mu.Lock()
	running := d.panel != nil
	d.mu.Unlock()
	switch {
	case running:
		return errors.New("desktop: the panel is running already")
	case d.Display() == "":
		return errors.New("desktop: a panel needs a display")
	}
	p, err := d.Launch(d.Command(context.Background(), "xfce4-panel", "--disable-wm-check"))
	if err != nil {
		return err
	}
	d.mu.Lock()
	d.panel = p
	d.mu.Unlock()
	return await(ctx, p, "the panel", func() (bool, error) {
		if owned, err := d.HasName(watcherName); !owned || err != nil {
			return false, err
		}
		host, err := d.bus.Object(watcherName, watcherPath).GetProperty(watcherName + ".IsStatusNotifierHostRegistered")
		if err != nil {
			return false, err
		}
		return host.Value() == true, nil
	})
}

// StopPanel ends the panel and waits until the tray is gone from the bus.
func (d *Desktop) StopPanel(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, startLimit)
	defer cancel()
	d.mu.Lock()
	p := d.panel
	d.panel = nil
	d.mu.Unlock()
	if p == nil {
		return nil
	}
	p.Stop()
	return poll(ctx, "the tray to leave the bus", func() (bool, error) {
		owned, err := d.HasName(watcherName)
		return !owned, err
	})
}

// RestartPanel ends the panel and starts it again, as after a crash or an upgrade.
func (d *Desktop) RestartPanel(ctx context.Context) error {
	if err := d.StopPanel(ctx); err != nil {
		return err
	}
	return d.StartPanel(ctx)
}
