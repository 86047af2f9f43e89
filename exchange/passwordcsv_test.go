package exchange

import (
	"strings"
	"testing"
)

// Logins of password managers come in if they have a code, are skipped if they have none, and their passwords stay out.
func TestPasswordCSV(t *testing.T) {
	const code, uri = "JBSWY3DPEHPK3PXP", "otpauth://totp/P:u?secret=JBSWY3DPEHPK3PXP&issuer=P"
	for name, tt := range map[string]struct{ format, head, with, without string }{
		"1Password":   {"1Password", "Title,Url,Username,Password,OTPAuth,Favorite,Archived,Tags,Notes", "A Kft.,https://x,u,titok," + uri + ",true,false,Kft-k,n", "B,https://x,u,titok,,false,false,,"},
		"Apple":       {"Apple Passwords", "Title,URL,Username,Password,Notes,OTPAuth", "A Kft.,https://x,u,titok,n," + uri, "B,https://x,u,titok,,"},
		"Proton Pass": {"Proton Pass", "type,name,url,email,username,password,note,totp,createTime,modifyTime,vault", "login,A Kft.,x,e@x,u,titok,n," + uri + ",1,1,Kft-k", "note,B,,,,,n,,1,1,"},
		"LastPass":    {"LastPass", "url,username,password,totp,extra,name,grouping,fav", "x,u,titok," + code + ",n,A Kft.,Kft-k,1", "x,u,titok,,,B,,0"},
		"Dashlane":    {"Dashlane", "username,username2,username3,title,password,note,url,category,otpUrl", "u,,,A Kft.,titok,n,x,Kft-k," + uri, "u,,,B,titok,,x,,"},
		"SafeInCloud": {"SafeInCloud", "Title,Login,Password,One-time password,Website,Notes", "A Kft.,u,titok," + code + ",x,n", "B,u,titok,,x,"},
		"Enpass":      {"Enpass", `"Title","Username","Email","Password","Website","TOTP","Note"`, `"A Kft.","u","","titok","x","` + code + `","n"`, `"B","u","","titok","x","",""`},
	} {
		format, entries, err := Read([]byte(tt.head+"\r\n"+tt.with+"\r\n"+tt.without+"\r\n"), ReadOptions{})
		if err != nil || format != tt.format || len(entries) != 2 {
			t.Errorf("%s: %q, %d entries, %v", name, format, len(entries), err)
			continue
		}
		a, b := entries[0], entries[1]
		if a.Name != "A Kft." || a.UserName != "u" || a.Key.Secret != code || a.Refuse != nil || !strings.Contains(a.Note, "n") {
			t.Errorf("%s: %+v", name, a)
		}
		if b.Name != "B" || b.Skip == nil || b.Refuse != nil {
			t.Errorf("%s, without a code: %+v", name, b)
		}
		if all := describe(entries); strings.Contains(all, "titok") {
			t.Errorf("%s: %s", name, all)
		}
	}
}
