package cli

import (
	"context"
	"fmt"

	"github.com/spf13/cobra"

	"github.com/socctl/socctl/internal/portal"
	"github.com/socctl/socctl/internal/soc"
	"github.com/socctl/socctl/internal/ui/term"
)

func (c *command) linkCmd() *cobra.Command {
	return &cobra.Command{
		Use: "link REF", Short: "Print the portal link of an incident, with its customer's tid", Example: "  socctl link CONT-28282",
		Args: oneRef,
		RunE: func(cmd *cobra.Command, args []string) error {
			l, _, err := c.link(cmd.Context(), args[0])
			if err != nil {
				return err
			}
			_, err = fmt.Fprintln(c.host.Out, l.URL)
			return err
		},
	}
}

func (c *command) openCmd() *cobra.Command {
	return &cobra.Command{
		Use: "open REF", Short: "Open the portal page of an incident; where there is no browser, print its link",
		Example: "  socctl open CONT-28282", Args: oneRef,
		RunE: func(cmd *cobra.Command, args []string) error { return c.openPortal(cmd.Context(), args[0]) },
	}
}

// link makes an incident's link from the configuration alone: it needs no sign-in and works offline, unless it is a bare
// number, whose customer has to be found.
func (c *command) link(ctx context.Context, arg string) (portal.Link, soc.Ref, error) {
	cfg, err := c.load()
	if err != nil {
		return portal.Link{}, soc.Ref{}, err
	}
	n, err := c.resolve(ctx, cfg, arg)
	if err != nil {
		return portal.Link{}, soc.Ref{}, err
	}
	n.done()
	ref, t := n.ref, n.tenant
	if ref.Source != soc.SourceDefender {
		return portal.Link{}, ref, usagef("%s is an incident that only Sentinel has: its link needs the workspace, which this version does not read", ref)
	}
	p, err := portal.New(t.Cloud.Portal)
	if err != nil {
		return portal.Link{}, ref, err
	}
	l := p.Incident(t.ID, ref.ID, "")
	if l.URL == "" {
		return l, ref, fmt.Errorf("%s: %s", ref, l.Why)
	}
	return l, ref, nil
}

func (c *command) openPortal(ctx context.Context, arg string) error {
	l, ref, err := c.link(ctx, arg)
	if err != nil {
		return err
	}
	browser := term.ReadEnv(c.host.Environ).Browser()
	if browser == nil {
		_, _ = fmt.Fprintf(c.host.Err, "No browser can be opened from here. The page of %s:\n", ref)
		_, err := fmt.Fprintln(c.host.Out, l.URL)
		return err
	}
	if err := browser(l.URL); err != nil {
		_, _ = fmt.Fprintln(c.host.Out, l.URL)
		return fmt.Errorf("open the browser for %s: %w", ref, err)
	}
	return nil
}
