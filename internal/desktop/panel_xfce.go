//go:build linux

package desktop

// Xfce is the panel of Xfce 4, which opens the menu by either button, and reads it with libdbusmenu-gtk3.
var Xfce = &Panel{
	name:    "XFCE",
	program: []string{"xfce4-panel", "--disable-wm-check"},
	packages: []need{
		{"xfce4-panel", program("xfce4-panel")},
		{"adwaita-icon-theme", file("/usr/share/icons/Adwaita/index.theme")},
	},
	settings: "xfce4/xfconf/xfce-perchannel-xml/xfce4-panel.xml",
	class:    "^[Ww]rapper",
	menu:     "1",
	text: `<?xml version="1.0" encoding="UTF-8"?>
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
`,
}
