package store

import (
	"context"

	"github.com/minio/minio-go/v7/pkg/credentials"

	"kapu/lang"
)

// keyring finds the keys of an S3 store when the first request needs them; the client keeps them then. It implements
// credentials.Provider.
type keyring struct {
	address string
	ask     Keys
	from    credentials.Provider // what knows how long they are good
}

// RetrieveWithCredContext asks whoever opened the store, then looks where S3 programs look.
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

// Retrieve is asked by nobody any more.
func (k *keyring) Retrieve() (credentials.Value, error) { return k.RetrieveWithCredContext(nil) }

// IsExpired says whether the keys are good no longer, as those of a sign-in are after some hours.
func (k *keyring) IsExpired() bool { return k.from == nil || k.from.IsExpired() }

// keysError is an error of whoever was asked for the keys. It is theirs to explain.
type keysError struct{ error }
