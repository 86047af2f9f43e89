package cli

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"kapu/agent"
	"kapu/lang"
	"kapu/office"
	"kapu/office/store"
)

// officeCommand is what has to do with sharing accounts. Each command is a function of its own, in a file of its kind.
func (a *app) officeCommand() *cobra.Command {
	cmd := &cobra.Command{Use: "office", Short: "help-office", Long: "help-office-long", Args: a.noCommand, RunE: func(cmd *cobra.Command, _ []string) error {
		return cmd.Help()
	}}
	cmd.AddCommand(
		a.officeCreateCommand(), a.officeJoinCommand(), a.officeRecoverCommand(), a.officeLeaveCommand(),
		a.officeInviteCommand(), a.officeApproveCommand(), a.officeRefuseCommand(), a.officeWithdrawCommand(),
		a.officeMembersCommand(), a.officeDevicesCommand(), a.officeRemoveCommand(), a.officeRoleCommand(),
		a.officeGrantCommand(), a.officeRevokeCommand(), a.officeRightsCommand(), a.officeShareCommand(),
		a.officeStatusCommand(), a.officeSyncCommand(), a.officeStoreCommand(), a.officeSettingsCommand(),
		a.officeHistoryCommand(), a.officeWorklistCommand(), a.officeJournalCommand(),
	)
	return cmd
}

func (a *app) officeCreateCommand() *cobra.Command {
	var r agent.OfficeCreate
	var keys bool
	cmd := &cobra.Command{
		Use: "create STORE", Short: "help-office-create", Long: "help-office-create-long", Args: args(1, 1),
		RunE: func(cmd *cobra.Command, args []string) error {
			c, err := a.unlockedOrNew(cmd.Context())
			if err != nil {
				return err
			}
			if r.Store, r.Keys, err = a.store(args[0], keys); err != nil {
				return err
			}
			for _, n := range []struct {
				text *string
				ask  string
			}{{&r.Office, "ask-office-name"}, {&r.Name, "ask-office-person"}} {
				if strings.TrimSpace(*n.text) != "" {
					continue
				}
				if !isTerminal(a.in) {
					return usageError{lang.E("office-names")}
				}
				if *n.text, err = newDialogue(a).line(n.ask); err != nil {
					return context.Canceled
				}
			}
			v, err := c.OfficeCreate(cmd.Context(), r)
			if err != nil {
				return err
			}
			if err := a.carryOut(cmd.Context(), c); err != nil {
				return err
			}
			a.say("office-created", "Office", v.Name, "Store", v.Store)
			fmt.Fprintln(a.err, a.texts.T("office-second-admin"))
			return nil
		},
	}
	f := cmd.Flags()
	f.StringVar(&r.Office, "office", "", "flag-office-name")
	f.StringVar(&r.Name, "name", "", "flag-office-person")
	f.StringVar(&r.EMail, "email", "", "flag-office-email")
	f.BoolVar(&keys, "keys", false, "flag-office-keys")
	return cmd
}

// store is the address of a store as the agent knows it, and the keys to it if they are to be asked for.
func (a *app) store(address string, ask bool) (string, agent.StoreKeys, error) {
	var keys agent.StoreKeys
	if !store.WantsKeys(address) {
		path, err := filepath.Abs(address)
		return path, keys, err
	}
	var err error
	if ask || isTerminal(a.in) {
		if keys.Access, err = a.askSecret("ask-store-access"); err == nil && keys.Access != "" {
			keys.Secret, err = a.askSecret("ask-store-secret")
		}
	}
	return address, keys, err
}

// carryOut waits until what was decided has come about, as far as it can now.
func (a *app) carryOut(ctx context.Context, c *agent.Conn) error {
	done := a.busy("office-syncing")
	s, err := c.OfficeSync(ctx)
	done()
	if err == nil && s.Left > 0 {
		fmt.Fprintln(a.err, a.texts.N("office-left", s.Left))
	}
	return err
}

func (a *app) officeJoinCommand() *cobra.Command {
	var r agent.OfficeJoin
	var keys, background bool
	cmd := &cobra.Command{
		Use: "join", Short: "help-office-join", Long: "help-office-join-long", Args: args(0, 0),
		RunE: func(cmd *cobra.Command, _ []string) error {
			ctx := cmd.Context()
			c, err := a.unlockedOrNew(ctx)
			if err != nil {
				return err
			}
			if r.Invitation, err = a.askInvitation(); err != nil {
				return err
			}
			address, err := office.StoreOf(r.Invitation)
			if err != nil {
				return err
			}
			if r.Store != "" {
				if r.Store, r.Keys, err = a.store(r.Store, keys); err != nil {
					return err
				}
			} else if _, r.Keys, err = a.store(address, keys); err != nil {
				return err
			}
			watching, stop := context.WithCancel(ctx)
			defer stop()
			events, err := c.Events(watching)
			if err != nil {
				return err
			}
			v, err := c.OfficeJoin(ctx, r)
			if err != nil {
				return err
			}
			if v.Joining {
				a.say("office-words", "Office", v.Name, "Words", v.Words)
			}
			if background {
				return nil
			}
			return a.waitToJoin(ctx, c, events)
		},
	}
	f := cmd.Flags()
	f.StringVar(&r.Store, "store", "", "flag-office-store")
	f.BoolVar(&keys, "keys", false, "flag-office-keys")
	f.BoolVar(&background, "no-wait", false, "flag-office-no-wait")
	return cmd
}

// askInvitation reads an invitation, which a mail may have broken into lines. It is a secret until it has been used.
func (a *app) askInvitation() (string, error) {
	text := ""
	for id := "ask-invitation"; ; id = "ask-invitation-more" {
		line, err := a.askSecret(id)
		if err != nil && text == "" {
			return "", err
		}
		text += line
		if _, wrong := office.StoreOf(text); wrong == nil || err != nil || strings.TrimSpace(line) == "" {
			return text, nil
		}
	}
}

// waitToJoin waits until an admin has let this machine in.
func (a *app) waitToJoin(ctx context.Context, c *agent.Conn, events <-chan agent.Event) error {
	done := a.busy("office-waiting")
	defer done()
	look := time.NewTicker(time.Second) // an event may have come before anybody listened
	defer look.Stop()
	for {
		v, err := c.OfficeView(ctx)
		if err != nil && ctx.Err() == nil {
			return err
		}
		if err == nil && !v.Joining {
			done()
			if !v.In {
				return lang.E("office-none").Kind(office.ErrNone)
			}
			a.say("office-joined", "Office", v.Name)
			return nil
		}
		select {
		case <-look.C:
		case e, open := <-events:
			switch {
			case !open && ctx.Err() == nil:
				return agent.ErrLocked
			case e.Type == agent.Problem:
				return e.Problem
			}
		case <-ctx.Done():
		}
		if ctx.Err() != nil {
			done()
			fmt.Fprintln(a.err, a.texts.T("office-join-later"))
			return ctx.Err()
		}
	}
}

func (a *app) officeRecoverCommand() *cobra.Command {
	var keys bool
	cmd := &cobra.Command{
		Use: "recover STORE", Short: "help-office-recover", Long: "help-office-recover-long", Args: args(1, 1),
		RunE: func(cmd *cobra.Command, args []string) error {
			c, err := a.unlocked(cmd.Context())
			if err != nil {
				return err
			}
			var r agent.OfficeRecover
			if r.Store, r.Keys, err = a.store(args[0], keys); err != nil {
				return err
			}
			v, err := c.OfficeRecover(cmd.Context(), r)
			if err == nil {
				err = a.carryOut(cmd.Context(), c)
			}
			if err != nil {
				return err
			}
			a.say("office-joined", "Office", v.Name)
			return nil
		},
	}
	cmd.Flags().BoolVar(&keys, "keys", false, "flag-office-keys")
	return cmd
}

func (a *app) officeStoreCommand() *cobra.Command {
	var keys bool
	cmd := &cobra.Command{
		Use: "store STORE", Short: "help-office-store", Long: "help-office-store-long", Args: args(1, 1),
		RunE: func(cmd *cobra.Command, args []string) error {
			c, _, err := a.inOffice(cmd.Context())
			if err != nil {
				return err
			}
			var r agent.OfficeStore
			if r.Store, r.Keys, err = a.store(args[0], keys); err != nil {
				return err
			}
			v, err := c.OfficeSetStore(cmd.Context(), r)
			if err == nil {
				err = a.carryOut(cmd.Context(), c)
			}
			if err != nil {
				return err
			}
			a.say("office-store-set", "Office", v.Name, "Store", v.Store)
			return nil
		},
	}
	cmd.Flags().BoolVar(&keys, "keys", false, "flag-office-keys")
	return cmd
}

func (a *app) officeLeaveCommand() *cobra.Command {
	var keep, yes bool
	cmd := &cobra.Command{
		Use: "leave", Short: "help-office-leave", Long: "help-office-leave-long", Args: args(0, 0),
		RunE: func(cmd *cobra.Command, _ []string) error {
			c, v, err := a.inOffice(cmd.Context())
			if err != nil {
				return err
			}
			question := "ask-office-leave"
			if keep {
				question = "ask-office-leave-keep"
			}
			if !yes && !a.confirm(question, "Office", v.Name) {
				a.say("office-stayed")
				return nil
			}
			if err := c.OfficeLeave(cmd.Context(), keep); err != nil {
				return err
			}
			a.say("office-left-it", "Office", v.Name)
			return nil
		},
	}
	cmd.Flags().BoolVar(&keep, "keep", false, "flag-office-keep")
	cmd.Flags().BoolVarP(&yes, "yes", "y", false, "flag-yes")
	return cmd
}

// inOffice connects to the agent of a vault that is in an office.
func (a *app) inOffice(ctx context.Context) (*agent.Conn, agent.OfficeView, error) {
	c, err := a.unlocked(ctx)
	if err != nil {
		return nil, agent.OfficeView{}, err
	}
	v, err := c.OfficeView(ctx)
	if err == nil && !v.In {
		err = lang.E("office-none").Kind(office.ErrNone)
	}
	return c, v, err
}

// refused says whether it is the office that does not let the person do it.
func refused(err error) bool {
	return errors.Is(err, agent.ErrRight) || errors.Is(err, office.ErrNotAdmin)
}
