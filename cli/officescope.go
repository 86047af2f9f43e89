package cli

import (
	"context"

	"github.com/spf13/cobra"

	"kapu/lang"
)

// scope is what a right is to, as the person names it: clients, folders, or everything.
type scope struct {
	clients, folders []string // queries, and names of folders
	all              bool
}

func (s *scope) flags(cmd *cobra.Command) {
	f := cmd.Flags()
	f.StringArrayVar(&s.clients, "client", nil, "flag-office-client")
	f.StringArrayVar(&s.folders, "folder", nil, "flag-office-folder")
	f.BoolVar(&s.all, "all", false, "flag-office-all")
}

// check wants either everything or something.
func (s scope) check(cmd *cobra.Command) error {
	if s.all == (len(s.clients)+len(s.folders) > 0) {
		return usageError{lang.E("office-reach", "Usage", usage(cmd))}
	}
	return nil
}

// findClients are the ids and labels of the clients that the queries mean, each just one.
func (a *app) findClients(ctx context.Context, queries []string) (ids, labels []string, err error) {
	for _, query := range queries {
		_, client, err := a.oneClient(ctx, query)
		if err != nil {
			return nil, nil, err
		}
		ids, labels = append(ids, client.ID), append(labels, client.Label())
	}
	return ids, labels, nil
}
