package store

import (
	"cmp"
	"context"
	"os"
	"path/filepath"

	"github.com/aws/aws-sdk-go-v2/aws"
	"gopkg.in/ini.v1"

	"kapu/lang"
)

// keyring is an aws.CredentialsProvider: it finds the credentials of an S3 store when the first request needs them. The
// client caches them.
type keyring struct {
	address string
	ask     Keys
}

// Retrieve asks the callback of whoever opened the store, then looks in the places where S3 programs keep them.
func (k *keyring) Retrieve(ctx context.Context) (aws.Credentials, error) {
	var given aws.Credentials
	if k.ask != nil {
		access, secret, err := k.ask(ctx, k.address)
		if err != nil {
			return aws.Credentials{}, keysError{err}
		}
		given = aws.Credentials{AccessKeyID: access, SecretAccessKey: secret}
	}
	for _, found := range []aws.Credentials{given, fromEnvironment(), fromFile()} {
		if found.HasKeys() {
			return found, nil
		}
	}
	return aws.Credentials{}, lang.E("store-s3-no-keys")
}

func fromEnvironment() aws.Credentials {
	return aws.Credentials{
		AccessKeyID:     cmp.Or(os.Getenv("AWS_ACCESS_KEY_ID"), os.Getenv("AWS_ACCESS_KEY")),
		SecretAccessKey: cmp.Or(os.Getenv("AWS_SECRET_ACCESS_KEY"), os.Getenv("AWS_SECRET_KEY")),
		SessionToken:    os.Getenv("AWS_SESSION_TOKEN"),
	}
}

// fromFile finds them in the file that AWS's own programs share, in the section that AWS_PROFILE names.
func fromFile() aws.Credentials {
	home, _ := os.UserHomeDir()
	file, err := ini.Load(cmp.Or(os.Getenv("AWS_SHARED_CREDENTIALS_FILE"), filepath.Join(home, ".aws", "credentials")))
	if err != nil {
		return aws.Credentials{}
	}
	profile := file.Section(cmp.Or(os.Getenv("AWS_PROFILE"), "default"))
	return aws.Credentials{
		AccessKeyID:     profile.Key("aws_access_key_id").String(),
		SecretAccessKey: profile.Key("aws_secret_access_key").String(),
		SessionToken:    profile.Key("aws_session_token").String(),
	}
}

// keysError is an error of the callback, which is passed through: it is a sentence already.
type keysError struct{ error }
