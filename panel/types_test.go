package panel

import (
	"maps"
	"os"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"

	"kapu/agent"
	"kapu/config"
	"kapu/exchange"
	"kapu/internal/doctor"
	"kapu/office"
)

// transferred are the structs that travel, by the names that static/types.d.ts gives in the comment of each interface.
var transferred = map[string]any{
	"panel.clientRow": clientRow{}, "panel.shownCode": shownCode{}, "panel.copied": copied{}, "panel.logRow": logRow{},
	"panel.format": format{}, "panel.handedOut": handedOut{}, "panel.reportRow": reportRow{}, "panel.report": report{},
	"panel.staged": staged{}, "panel.taken": taken{}, "panel.shownSettings": shownSettings{}, "panel.event": event{},
	"panel.shownOffice": shownOffice{}, "panel.shownInvitation": shownInvitation{}, "panel.grantRow": grantRow{},
	"panel.entered": entered{}, "panel.restoreWays": restoreWays{}, "panel.foundBackup": foundBackup{},
	"panel.foundBackups": foundBackups{}, "panel.shownLog": shownLog{}, "panel.shownUnion": shownUnion{}, "panel.todo": todo{}, "panel.journalRow": journalRow{}, "panel.shownJournal": shownJournal{},
	"agent.Client": agent.Client{}, "agent.Details": agent.Details{}, "agent.Done": agent.Done{},
	"agent.Merged": agent.Merged{}, "agent.OfficeReach": agent.OfficeReach{}, "agent.OfficeKeys": agent.OfficeKeys{},
	"panel.undoable": undoable{}, "panel.undone": undone{}, "panel.shownUse": shownUse{}, "panel.shownUses": shownUses{},
	"agent.Removal":  agent.Removal{},
	"agent.Deadline": agent.Deadline{}, "agent.OfficeDevice": agent.OfficeDevice{}, "agent.OfficeMember": agent.OfficeMember{},
	"agent.OfficeInvited": agent.OfficeInvited{}, "agent.OfficeRequest": agent.OfficeRequest{},
	"agent.OfficeChange": agent.OfficeChange{}, "agent.OfficeGap": agent.OfficeGap{}, "agent.OfficeRightsChange": agent.OfficeRightsChange{},
	"exchange.Column": exchange.Column{}, "exchange.Decisions": exchange.Decisions{}, "config.Group": config.Group{},
	"config.Config": config.Config{}, "config.Policy": config.Policy{}, "doctor.Finding": doctor.Finding{},
	"office.Settings": office.Settings{},
}

var (
	interfaces = regexp.MustCompile(`(?s)/\*\* ((?:panel|agent|config|doctor|exchange|office)\.\w+)[^*]*\*/\nexport interface \w+[^{]*\{\n(.*?)\n\}`)
	members    = regexp.MustCompile(`(?m)^  (\w+)(\??):`)
)

// What the scripts are checked against is what the server sends: each member is a field of the struct, and may be
// missing there if and only if it may be missing here.
func TestTypesAreTheServers(t *testing.T) {
	source, err := os.ReadFile("static/types.d.ts") // the program has none of it
	if err != nil {
		t.Fatal(err)
	}
	text := strings.ReplaceAll(string(source), "\r\n", "\n")
	left := maps.Clone(transferred)
	for _, m := range interfaces.FindAllStringSubmatch(text, -1) {
		value, known := left[m[1]]
		if !known {
			t.Errorf("%s is not among the structs of this test, or twice in types.d.ts", m[1])
			continue
		}
		delete(left, m[1])
		fields := map[string]bool{}
		jsonFields(reflect.TypeOf(value), fields)
		for _, member := range members.FindAllStringSubmatch(m[2], -1) {
			optional, sent := fields[member[1]]
			switch {
			case !sent:
				t.Errorf("%s has no field %s", m[1], member[1])
			case optional != (member[2] == "?"):
				t.Errorf("%s: that %s may be missing is said differently", m[1], member[1])
			}
		}
	}
	for _, name := range slices.Sorted(maps.Keys(left)) {
		t.Errorf("types.d.ts has no interface of %s", name)
	}
}

// jsonFields adds the names under which a struct's fields travel, and whether each is left out when it is zero.
func jsonFields(s reflect.Type, fields map[string]bool) {
	for f := range s.Fields() {
		name, options, tagged := strings.Cut(f.Tag.Get("json"), ",")
		switch {
		case f.Anonymous && name == "":
			jsonFields(f.Type, fields)
		case name == "":
			fields[f.Name] = false
		default:
			fields[name] = tagged && strings.Contains(options, "omit")
		}
	}
}
