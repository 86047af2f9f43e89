package store

import (
	"context"
	"strings"

	"kapu/lang"
)

// Keys is a callback for the credentials of an S3 store at an address, for example from a keychain. Two empty strings:
// there are none.
type Keys func(ctx context.Context, address string) (access, secret string, err error)

// Open opens the store at an address: the path of a folder, or s3://BUCKET/PREFIX?endpoint=https://HOST[:PORT] with an
// optional &region=REGION. An address holds no secret. The credentials of an S3 store come from keys, which may be nil,
// or else from where S3 programs find them: AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or ~/.aws/credentials. Open
// makes no request to a server.
func Open(address string, keys Keys) (Store, error) {
	if WantsKeys(address) {
		return openS3(address, keys)
	}
	if address == "" || strings.Contains(address, "://") {
		return nil, lang.E("store-address", "Reason", lang.E("store-address-form"))
	}
	return openDir(address)
}

// WantsKeys says whether the store at an address is opened with credentials.
func WantsKeys(address string) bool { return strings.HasPrefix(address, "s3:") }
