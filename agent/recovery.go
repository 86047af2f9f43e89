package agent

import "context"

// Recovery is what stands on a recovery sheet: the key, what it opens, and where an office's clients come back from.
type Recovery struct {
	Key    string
	Vault  string // path
	Office string // name; "" if the vault is in none
	Store  string // address
}

// Recovery returns it to a person who knows the PIN or the password, if there is one.
func (c *Conn) Recovery(ctx context.Context) (r Recovery, err error) {
	s, err := c.Status(ctx)
	if err != nil {
		return r, err
	}
	r.Vault = s.Vault
	// What is wrong with the office keeps nobody from the key.
	if v, err := c.OfficeView(ctx); err == nil && v.In && !v.Joining && !v.Expelled {
		r.Office, r.Store = v.Name, v.Store
	}
	r.Key, err = c.RecoveryKey(ctx)
	return r, err
}
