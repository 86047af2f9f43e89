package cli

import (
	"maps"
	"slices"
	"testing"

	"github.com/spf13/cobra"

	"kapu/lang"
)

// What every command asks of who types it at an unlocked vault, beside what it is about. Whoever adds one decides it
// here once more; that the agent keeps to it, its own table of endpoints and its gate see to.
const (
	asksNothing = ""
	asksAlways  = "the PIN or password"
	asksForKeys = "the PIN or password, to show a key or a deletion code"
	asksByReach = "the PIN or password, where colleagues come to a key by it who could not read it before"
	asksToGive  = "the PIN or password, to give more than there was"
	opens       = "the PIN or password, to open what is locked"
)

var commandsAsk = map[string]string{
	"kapu": opens, "kapu unlock": opens, "kapu lock": asksNothing, "kapu status": asksNothing, "kapu open": asksNothing,
	"kapu search": asksNothing, "kapu list": asksNothing, "kapu code": asksNothing, "kapu copy": asksNothing,
	"kapu log": asksNothing, "kapu show": asksForKeys, "kapu qr": asksAlways,
	"kapu add": asksByReach, "kapu edit": asksByReach, "kapu merge": asksByReach, "kapu remove": asksByReach,
	"kapu import": asksByReach, "kapu undo": asksByReach,
	"kapu export": asksAlways, "kapu backup": asksAlways, "kapu recovery-key": asksAlways, "kapu protect": asksAlways,
	"kapu renew-identity": asksAlways,
	"kapu recover":        "the recovery key", "kapu restore": "what opens the backup",

	"kapu office": asksNothing, "kapu office status": asksNothing, "kapu office members": asksNothing,
	"kapu office devices": asksNothing, "kapu office rights": asksNothing, "kapu office history": asksNothing,
	"kapu office worklist": asksNothing, "kapu office journal": asksNothing, "kapu office sync": asksNothing,
	"kapu office refuse": asksNothing, "kapu office withdraw": asksNothing, "kapu office revoke": asksNothing,
	"kapu office remove": asksNothing, "kapu office leave": asksNothing, // these take back
	"kapu office verify": asksNothing, // compares
	"kapu office create": asksAlways, "kapu office join": asksAlways, "kapu office recover": asksAlways,
	"kapu office store": asksAlways, "kapu office invite": asksAlways, "kapu office approve": asksAlways,
	"kapu office grant": asksAlways, "kapu office share": asksAlways, "kapu office role": asksToGive,
	"kapu office settings": asksToGive,

	"kapu config": asksNothing, "kapu config path": asksNothing, "kapu config check": asksNothing,
	"kapu config show": asksNothing, "kapu autostart": asksNothing, "kapu autostart on": asksNothing,
	"kapu autostart off": asksNothing, "kapu autostart status": asksNothing, "kapu doctor": asksNothing,
	"kapu version": asksNothing,
	"kapu agent":   opens, "kapu sweep": asksNothing, "kapu lobby": opens, "kapu dialog": asksByReach, // hidden
}

// Every command is in the table.
func TestEveryCommandSaysWhatItAsks(t *testing.T) {
	a := &app{texts: lang.In(lang.English)}
	found := map[string]bool{}
	var visit func(*cobra.Command)
	visit = func(c *cobra.Command) {
		if c.Name() != "help" && c.Name() != "completion" { // cobra's own
			found[c.CommandPath()] = true
			for _, sub := range c.Commands() {
				visit(sub)
			}
		}
	}
	visit(a.root())
	for _, path := range slices.Sorted(maps.Keys(found)) {
		if _, ok := commandsAsk[path]; !ok {
			t.Errorf("it is not written down what `%s` asks", path)
		}
	}
	for path := range commandsAsk {
		if !found[path] {
			t.Errorf("there is no command `%s`", path)
		}
	}
}
