package store

import (
	"context"

	"github.com/minio/minio-go/v7/pkg/credentials"

	"kapu/lang"
)

// keyring is a credentials.Provider: it finds the credentials of an S3 store lazily, when the first request needs them;
// the client caches them then.
type keyring struct {
	address string
	ask     Keys
	from    credentials.Provider // knows when they expire
}

// RetrieveWithCredContext asks the callback of whoever opened the store, then the places where S3 programs keep them.
func (k *keyring) RetrieveWithCredContext(cc *credentials.CredContext) (credentials.Value, error) {
	places := []credentials.Provider{&credentials.EnvAWS{}, &credentials.FileAWSCredentials{}}
	if k.ask != nil {
		ctx := context.Background()
		if cc != nil && cc.Context != nil {
			ctx = cc.Context
		}
		access, secret, err := k.ask(ctx, k.address)
		if err != nil {
			return credentials.Value{}, keysError{err}
		}
		places = append([]credentials.Provider{&credentials.Static{Value: credentials.Value{
			AccessKeyID: access, SecretAccessKey: secret, SignerType: credentials.SignatureV4,
		}}}, places...)
	}
	for _, place := range places {
		v, err := place.RetrieveWithCredContext(cc)
		if err == nil && v.AccessKeyID != "" && v.SecretAccessKey != "" {
			k.from = place
			return v, nil
		}
	}
	return credentials.Value{}, lang.E("store-s3-no-keys")
}

// Retrieve implements the interface; the client no longer calls it.
func (k *keyring) Retrieve() (credentials.Value, error) { return k.RetrieveWithCredContext(nil) }

// IsExpired says whether the credentials have expired, as temporary ones do after some hours.
func (k *keyring) IsExpired() bool { return k.from == nil || k.from.IsExpired() }

// keysError is an error of the callback, which is passed through: it is a sentence already.
type keysError struct{ error }
