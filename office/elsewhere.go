package office

// StoreOf is the address of the store that an invitation names.
func StoreOf(invitation string) (string, error) {
	v, err := readInvitation(invitation)
	if err != nil {
		return "", err
	}
	return v.Store, nil
}

// Elsewhere is an invitation for a machine that sees the same store at another address: a share has another letter
// there, and a folder that a program synchronises lies in another person's home.
func Elsewhere(invitation, store string) (string, error) {
	v, err := readInvitation(invitation)
	if err != nil {
		return "", err
	}
	v.Store = store
	return v.String(), nil
}
