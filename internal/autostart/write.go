package autostart

import (
	"bytes"
	"encoding/xml"
	"strings"
)

// desktopEntry is the file for the autostart folder of a Linux desktop. TryExec keeps the desktop quiet when the
// program has been removed.
func desktopEntry(p program) []byte {
	exec := entryArgument(p.exe)
	if p.home != "" {
		exec = "env " + entryArgument("KAPU_HOME="+p.home) + " " + exec
	}
	return []byte("[Desktop Entry]\nType=Application\nName=Kapu\nIcon=kapu\nTerminal=false\n" +
		"TryExec=" + entryString(p.exe) + "\nExec=" + entryString(exec) + "\nX-GNOME-Autostart-enabled=true\n")
}

// hiddenEntry takes back, for this person, an entry that an administrator made for everybody.
const hiddenEntry = "[Desktop Entry]\nType=Application\nName=Kapu\nHidden=true\n"

// entryArgument quotes an argument of Exec, as the Desktop Entry Specification wants it.
func entryArgument(s string) string {
	return `"` + strings.NewReplacer(`\`, `\\`, `"`, `\"`, "`", "\\`", `$`, `\$`, `%`, `%%`).Replace(s) + `"`
}

// entryString writes a value of the type string.
func entryString(s string) string {
	return strings.NewReplacer(`\`, `\\`, "\n", `\n`, "\t", `\t`, "\r", `\r`).Replace(s)
}

// enabled says whether the desktop heeds an entry: programs that manage the autostart switch one off in these ways.
func enabled(entry []byte) bool {
	for line := range strings.Lines(string(entry)) {
		key, value, _ := strings.Cut(line, "=")
		switch key, value := strings.TrimSpace(key), strings.TrimSpace(value); {
		case key == "Hidden" && value == "true", key == "X-GNOME-Autostart-enabled" && value == "false":
			return false
		}
	}
	return true
}

// launchAgent is the file for ~/Library/LaunchAgents.
func launchAgent(p program) []byte {
	var b bytes.Buffer
	text := func(s string) { _ = xml.EscapeText(&b, []byte(s)) }
	b.WriteString(xml.Header + `<!DOCTYPE plist PUBLIC "-//Apple//DTD PLIST 1.0//EN" "http://www.apple.com/DTDs/PropertyList-1.0.dtd">
<plist version="1.0">
<dict>
	<key>Label</key>
	<string>` + label + `</string>
	<key>ProgramArguments</key>
	<array>
		<string>`)
	text(p.exe)
	b.WriteString("</string>\n\t</array>\n")
	if p.home != "" {
		b.WriteString("\t<key>EnvironmentVariables</key>\n\t<dict>\n\t\t<key>KAPU_HOME</key>\n\t\t<string>")
		text(p.home)
		b.WriteString("</string>\n\t</dict>\n")
	}
	b.WriteString(`	<key>RunAtLoad</key>
	<true/>
	<key>LimitLoadToSessionType</key>
	<string>Aqua</string>
	<key>ProcessType</key>
	<string>Interactive</string>
</dict>
</plist>
`)
	return b.Bytes()
}

// label names the launch agent, and with .plist its file.
const label = "kapu.tray"

// runValue is the command line of the Run key. No path holds a quotation mark on Windows. KAPU_HOME cannot be given
// there: for portable use it has to be one of the person's own variables.
func runValue(p program) string { return `"` + p.exe + `"` }

// approved reads what Task Manager and the Settings write beside the Run key: an odd first byte has switched it off.
func approved(value []byte) bool { return len(value) == 0 || value[0]&1 == 0 }
