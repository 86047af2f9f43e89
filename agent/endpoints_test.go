package agent

import (
	"go/ast"
	"go/parser"
	"go/token"
	"maps"
	"slices"
	"testing"
)

// What every endpoint asks of a person at an unlocked vault. Whoever adds one decides it here once more: a key, or a
// right to one, leaves the vault only through what asks.
var asked = map[string]string{
	"GetStatus": "Never", "ListClients": "Never", "FindClient": "Never", "PlanRemoval": "Never", "ListUndos": "Never",
	"ReadUses": "Never", "ReadLog": "Never", "ListDeadlines": "Never", "GetBackups": "Never", "OpenPage": "Never",
	"StreamEvents": "Never", "LockVault": "Never", "SetRecoveryKept": "Never", "SetPINOffered": "Never",
	"MakeCode": "Never", "CopyText": "Never", "CopyOrShow": "Never", // a code is good for half a minute, and no key
	"ReadSettings": "Never", "WriteSettings": "Never", // none of them is about keys
	"StageFile": "Never", "DiscardStaged": "Never", // the keys come from the person
	"RestoreBackup": "Never", // the office gets nothing by it: what comes back is the person's own
	"AddClient":     "ByReach", "EditClient": "ByReach", "EditClients": "ByReach", "RemoveClients": "ByReach",
	"MergeClients": "ByReach", "UniteVersions": "ByReach", "UndoChange": "ByReach", "ImportEntries": "ByReach", "ImportStaged": "ByReach",
	"GetDetails":   "ByRequest", // with a key, its QR code or a deletion code
	"ChangeMethod": "Always", "GetRecoveryKey": "Always", "RenewIdentity": "Always",
	"ExportClients": "Always", "ExportArchive": "Always",
	"UnlockFolder": "ByDialog",

	"GetOffice": "Never", "GetReach": "Never", "ReadHistory": "Never", "ReadWorklist": "Never", "ReadRights": "Never",
	"ReadJournal": "Never", "ReadLastSeen": "Never",
	"SyncOffice":     "Never", // carries out what signed rosters say, and decides nothing
	"WithdrawInvite": "Never", "RefuseDevice": "Never", "RevokeRights": "Never", "RemoveMember": "Never",
	"RemoveDevice": "Never", "LeaveOffice": "Never", // these only take back
	"CreateOffice": "Always", "JoinOffice": "Always", "RecoverOffice": "Always", "MoveStore": "Always",
	"InviteMember": "Always", "ApproveDevice": "Always", "StandIn": "Always", "ShareClients": "Always",
	"ConfigureOffice": "Always",    // how many codes go out ahead
	"SetRights":       "ByRequest", // unless it takes rights away
	"SetRole":         "ByRequest", // to make an admin
}

// Every endpoint of the table asks what is written down above, and none is missing.
func TestEveryEndpointSaysWhatItAsks(t *testing.T) {
	file, err := parser.ParseFile(token.NewFileSet(), "endpoints.go", nil, 0)
	if err != nil {
		t.Fatal(err)
	}
	found := map[string]string{}
	ast.Inspect(file, func(n ast.Node) bool {
		spec, ok := n.(*ast.ValueSpec)
		if !ok {
			return true
		}
		for i, name := range spec.Names {
			found[name.Name] = "nothing that this test can read"
			if value, ok := spec.Values[i].(*ast.CompositeLit); ok && len(value.Elts) == 2 {
				if asks, ok := value.Elts[1].(*ast.Ident); ok {
					found[name.Name] = asks.Name
				}
			}
		}
		return false
	})
	for _, name := range slices.Sorted(maps.Keys(found)) {
		if asked[name] != found[name] {
			t.Errorf("%s asks %q; written down is %q", name, found[name], asked[name])
		}
	}
	for name := range asked {
		if found[name] == "" {
			t.Errorf("there is no endpoint %s", name)
		}
	}
}

// What a request asks by its contents.
func TestRequestsThatAsk(t *testing.T) {
	for _, tt := range []struct {
		request Guarded
		asks    bool
	}{
		{Reveal{ID: "x"}, false},
		{Reveal{Key: true}, true},
		{Reveal{URI: true}, true},
		{Reveal{DeletionCode: true}, true},
		{OfficeAssignment{Right: "codes"}, true},
		{OfficeAssignment{Right: "use"}, true},
		{OfficeAssignment{Right: "edit"}, true},
		{OfficeAssignment{Right: "full"}, true}, // that there is no such right is said afterwards
		{OfficeAssignment{AnyScope: true}, false},
		{RoleRequest{Role: "admin"}, true},
		{RoleRequest{Role: ""}, true},
		{RoleRequest{Role: "staff"}, false},
	} {
		if got := tt.request.Asks(); got != tt.asks {
			t.Errorf("%+v: %v", tt.request, got)
		}
	}
}
