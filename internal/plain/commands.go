package plain

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/socctl/socctl/internal/soc"
	"github.com/socctl/socctl/internal/text"
)

// command is a word that the console takes. Exactly one of its functions is set.
type command struct {
	name, args, help string
	moves            bool // changes what is announced
	run              func(c *console, arg string)
	ask              func(c *console, ctx context.Context, arg string)
}

// commands lists them in the order of help.
func commands() []command {
	return []command{
		{name: "list", args: "[n]", help: "the incidents of this section, numbered, 20 or n at a time", run: (*console).list},
		{name: "more", help: "the next part of a long answer", run: (*console).more},
		{name: "open", args: "REF or number", help: "one incident whole; a number is one of the last list", ask: (*console).open},
		{name: "link", args: "REF or number", help: "its page in the Defender portal; alone, of the last one opened", run: (*console).link},
		{name: "section", args: "[name or number]", help: "go to a section; alone, name them all", moves: true, run: (*console).section},
		{name: "filter", args: "[words]", help: "narrow the section; alone, clear it; see help filter", moves: true, run: (*console).filter},
		{name: "tenant", args: "CODE", help: "only this customer", moves: true, run: (*console).tenant},
		{name: "group", args: "NAME", help: "only this group of customers", moves: true, run: (*console).group},
		{name: "all", help: "all customers again", moves: true, run: (*console).all},
		{name: "order", args: "[name]", help: "the order of list, a minus in front for the other way round; alone, name them all", run: (*console).order},
		{name: "sort", args: "[name]", help: "the same as order", run: (*console).order},
		{name: "status", help: "the summary: customers, sections, trouble", run: (*console).status},
		{name: "customers", help: "the state of each customer, and what to do", run: (*console).customers},
		{name: "refresh", args: "[CODE]", help: "read a customer again now, or all", run: (*console).refresh},
		{name: "sign-in", help: "sign in again, or hear again what to do for it", ask: (*console).signInAgain},
		{name: "help", args: "[filter]", help: "this list", run: (*console).help},
		{name: "quit", help: "end; exit does the same", run: (*console).leave},
	}
}

// take handles one line of input. While the answer to an open is on its way, commands wait in their order; quit does
// not, where somebody sits at the keyboard.
func (c *console) take(ctx context.Context, l line) {
	if l.tooLong {
		c.out.say("That line is longer than %d characters and was not read.", maxCommand)
		return
	}
	if c.opening {
		if name, _ := words(l.text); c.o.Interactive && (name == "quit" || name == "exit") {
			c.quit = true
			return
		}
		if len(c.pending) >= 100 {
			c.out.say("Too many commands wait for an answer: %s was not read.", text.Quote(l.text))
			return
		}
		c.pending = append(c.pending, l.text)
		return
	}
	c.perform(ctx, l.text)
}

// resume performs the commands that waited for the answer to an open.
func (c *console) resume(ctx context.Context) {
	for len(c.pending) > 0 && !c.opening && !c.quit {
		next := c.pending[0]
		c.pending = c.pending[1:]
		c.perform(ctx, next)
	}
}

func (c *console) perform(ctx context.Context, s string) {
	name, arg := words(s)
	switch name {
	case "":
		return
	case "exit":
		name = "quit"
	}
	all := commands()
	n := slices.IndexFunc(all, func(cmd command) bool { return cmd.name == name })
	if n < 0 {
		c.unknown(s, name, all)
		return
	}
	if all[n].moves && c.first.over && !c.told.changed.IsZero() {
		c.announce(c.o.Now()) // what was seen from here would be silent from there
	}
	if all[n].ask != nil {
		all[n].ask(c, ctx, arg)
		return
	}
	all[n].run(c, arg)
}

// unknown offers what may have been meant.
func (c *console) unknown(s, word string, all []command) {
	names := []string{"exit"}
	for _, cmd := range all {
		names = append(names, cmd.name)
	}
	if near, ok := soc.Nearest(word, names); ok {
		c.out.say("There is no command %s: did you mean %s?", text.Quote(word), near)
		return
	}
	if ref, err := soc.ParseRef(s); err == nil {
		c.out.say("To open an incident, write open %s.", ref)
		return
	}
	c.out.say("There is no command %s. help names them all.", text.Quote(word))
}

func (c *console) help(arg string) {
	if strings.EqualFold(arg, "filter") {
		c.out.say("A filter is words that all have to match: key:value,value, the same with a minus in front, or free text.")
		for _, k := range soc.FilterKeys() {
			c.out.say("%s: %s: %s. For example %s.", k.Key, k.Meaning, k.Form, k.Example)
		}
		return
	}
	for _, cmd := range commands() {
		c.out.say("%s: %s.", strings.TrimSpace(cmd.name+" "+cmd.args), cmd.help)
	}
}

func (c *console) leave(string) { c.quit = true }

func (c *console) status(string) { c.summary(c.o.Queue.Snapshot(), c.o.Now()) }

// here says what is in view after it changed.
func (c *console) here() {
	n := len(c.view.rows(c.o.Queue.Snapshot(), c.o.Now()))
	c.out.say("%s: %s.", c.view.about(c.o.Tenants), incidents(n))
}

func (c *console) section(arg string) {
	if arg == "" {
		c.sections(c.o.Queue.Snapshot(), c.o.Now())
		return
	}
	if n, err := strconv.Atoi(arg); err == nil {
		if n < 1 || n > len(c.o.Sections) {
			c.out.say("There is no section %d: there are %d.", n, len(c.o.Sections))
			return
		}
		c.view.enter(c.o.Sections, n-1)
		c.here()
		return
	}
	names := make([]string, len(c.o.Sections))
	for n, s := range c.o.Sections {
		if strings.EqualFold(s.Name, arg) {
			c.view.enter(c.o.Sections, n)
			c.here()
			return
		}
		names[n] = s.Name
	}
	c.notThere("section", arg, names, "section names them all")
}

// notThere says that a word names nothing, and offers the nearest one.
func (c *console) notThere(what, got string, known []string, otherwise string) {
	if near, ok := soc.Nearest(got, known); ok {
		c.out.say("There is no %s %s: did you mean %s?", what, text.Quote(got), text.Escape(near))
		return
	}
	c.out.say("There is no %s %s. %s.", what, text.Quote(got), otherwise)
}

func (c *console) filter(arg string) {
	f, err := soc.ParseFilter(arg, c.o.Vocabulary)
	if err != nil {
		e := soc.AsFilterError(err)
		if w := e.Word(); w != "" {
			c.out.say("The filter was not changed. At the word %s, character %d: %s", text.Quote(w), len([]rune(e.Filter[:e.Start]))+1, sentence(e))
			return
		}
		c.out.say("The filter was not changed: %s", sentence(e))
		return
	}
	c.view.narrow(f)
	c.here()
}

// sentence is the message of an error with a sign at its end.
func sentence(err error) string {
	s := text.Escape(err.Error())
	if strings.HasSuffix(s, "?") || strings.HasSuffix(s, ".") {
		return s
	}
	return s + "."
}

func (c *console) tenant(arg string) {
	t, ok := c.findTenant(arg)
	if !ok {
		return
	}
	c.view.tenant, c.view.group = t, ""
	c.here()
}

// findTenant finds a customer by its code, or says that there is none.
func (c *console) findTenant(code string) (*soc.Tenant, bool) {
	var known []string
	for _, t := range c.o.Tenants {
		if strings.EqualFold(string(t.Code), code) {
			return t, true
		}
		known = append(known, string(t.Code))
	}
	if code == "" {
		c.out.say("Write the customer's code behind it. customers names them all.")
		return nil, false
	}
	c.notThere("customer", code, known, "customers names them all")
	return nil, false
}

func (c *console) group(arg string) {
	for _, g := range c.o.Vocabulary.Groups {
		if strings.EqualFold(g, arg) {
			c.view.tenant, c.view.group = nil, g
			c.here()
			return
		}
	}
	switch {
	case len(c.o.Vocabulary.Groups) == 0:
		c.out.say("There are no groups of customers.")
	case arg == "":
		c.out.say("The groups are %s.", text.Escape(strings.Join(c.o.Vocabulary.Groups, ", ")))
	default:
		c.notThere("group", arg, c.o.Vocabulary.Groups, "group names them all")
	}
}

func (c *console) all(string) {
	c.view.tenant, c.view.group = nil, ""
	c.here()
}

func (c *console) order(arg string) {
	if arg == "" {
		var names []string
		for _, o := range soc.Orders() {
			names = append(names, string(o))
		}
		c.out.say("The order is %s, of %s.", c.view.order, strings.Join(names, ", "))
		return
	}
	o, err := soc.ParseOrder(arg)
	if err != nil {
		c.out.say("The order was not changed: %s", sentence(err))
		return
	}
	c.view.order = o
	c.here()
}

func (c *console) refresh(arg string) {
	if arg == "" {
		c.o.Queue.Refresh("")
		c.out.say("Reading %s again.", counted(len(c.o.Tenants), "customer", "customers"))
		return
	}
	t, ok := c.findTenant(arg)
	if !ok {
		return
	}
	if p, ok := c.o.Queue.Snapshot().Part(t.ID); ok && p.Status.Health == soc.HealthThrottled && p.Status.Until.After(c.o.Now()) {
		c.out.say("%s (%s) asked to wait until %s and is read then.", t.Code, t.Name, p.Status.Until.UTC().Format("15:04:05Z"))
		return
	}
	c.o.Queue.Refresh(t.ID)
	c.out.say("Reading %s (%s) again.", t.Code, t.Name)
}

func (c *console) signInAgain(ctx context.Context, _ string) {
	switch {
	case !c.session.running:
		c.out.say("Signing in.")
		c.signIn(ctx)
	case c.session.prompt != nil:
		c.showPrompt()
	default:
		c.out.say("Signing in is under way.")
	}
}

// resolve finds the incident that a command means: a number of the last list, or a reference. A number that is in no
// list names an incident only where one customer alone has it.
func (c *console) resolve(arg string) (soc.Ref, bool) {
	if n, err := strconv.Atoi(arg); err == nil && n >= 1 && n <= len(c.numbers) && strconv.Itoa(n) == arg {
		return c.numbers[n-1], true
	}
	ref, err := soc.ParseRef(arg)
	if err != nil && ref.IsZero() {
		c.out.say("%s", capital(sentence(err)))
		return soc.Ref{}, false
	}
	if err != nil {
		return c.numbered(ref.ID)
	}
	t, ok := c.findTenant(string(ref.Code))
	if !ok {
		return soc.Ref{}, false
	}
	ref.Tenant, ref.Code = t.ID, t.Code
	return ref, true
}

// numbered finds the one incident that has a number.
func (c *console) numbered(id string) (soc.Ref, bool) {
	found := c.o.Queue.Snapshot().Numbered(id)
	switch len(found) {
	case 0:
		c.out.say("%s is no number of the last list, and of no incident here. Write the reference with the customer's code, such as CONT-28282.", id)
		return soc.Ref{}, false
	case 1:
		return found[0].Ref, true
	}
	var refs []string
	for n, i := range found {
		if n == burst {
			refs = append(refs, fmt.Sprintf("and %d more", len(found)-n))
			break
		}
		refs = append(refs, i.Ref.String())
	}
	c.out.say("%s does not say whose incident it is: there are %s. Write one of these.", id, strings.Join(refs, ", "))
	return soc.Ref{}, false
}

// capital starts a sentence.
func capital(s string) string {
	if s == "" || s[0] < 'a' || s[0] > 'z' {
		return s
	}
	return strings.ToUpper(s[:1]) + s[1:]
}
