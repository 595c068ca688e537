package soc

import (
	"errors"
	"net/netip"
	"slices"
	"strings"

	"github.com/socctl/socctl/internal/text"
)

func matchTitle(v string) (matcher, *FilterError) {
	n := newNeedle(v)
	return func(i *Incident, _ *Scope) bool { return n.in(i.Title.String()) }, nil
}

// matchAlertTitle looks at what the alerts are called that an incident was read with.
func matchAlertTitle(v string) (matcher, *FilterError) {
	n := newNeedle(v)
	return func(i *Incident, _ *Scope) bool {
		for h := range i.Digest.Heads {
			if n.in(i.Digest.Heads[h].Title.String()) {
				return true
			}
		}
		return false
	}, nil
}

func matchTag(v string) (matcher, *FilterError) {
	n := newNeedle(v)
	return func(i *Incident, _ *Scope) bool { return n.inAny(i.CustomTags) || n.inAny(i.SystemTags) }, nil
}

func matchTechnique(v string) (matcher, *FilterError) {
	n := newNeedle(v)
	return func(i *Incident, _ *Scope) bool {
		return slices.ContainsFunc(i.Digest.Techniques, func(t text.Line) bool { return n.begins(t.String()) })
	}, nil
}

// matchEntity looks for part of a name among the entities of some kinds, or of all where none is given.
func matchEntity(kinds []EntityKind) func(string) (matcher, *FilterError) {
	return func(v string) (matcher, *FilterError) {
		n := newNeedle(v)
		return func(i *Incident, _ *Scope) bool {
			for x := range i.Digest.Entities {
				e := &i.Digest.Entities[x]
				if (len(kinds) == 0 || slices.Contains(kinds, e.Kind)) && n.in(e.Name.String()) {
					return true
				}
			}
			return false
		}, nil
	}
}

// matchAddress wants a whole address or a network: part of one would find 203.0.113.70 for 203.0.113.7.
func matchAddress(v string) (matcher, *FilterError) {
	want, ok := parseNetwork(v)
	if !ok {
		return nil, &FilterError{Message: text.Quote(v) + " is not an address: write all of it, as in 203.0.113.7 or 2001:db8::7, or a network, " +
			"as in 203.0.113.0/24"}
	}
	return func(i *Incident, _ *Scope) bool {
		for x := range i.Digest.Entities {
			e := &i.Digest.Entities[x]
			if e.Kind != EntityIP {
				continue
			}
			if a, ok := parseAddress(e.Name.String()); ok && want.Contains(a) {
				return true
			}
		}
		return false
	}, nil
}

// mapped is how many bits stand in front of a version 4 address in the form of version 6.
const mapped = 96

// parseNetwork reads an address, or a network with its length. Version 4 addresses in the form of version 6 are taken as
// what they are.
func parseNetwork(s string) (netip.Prefix, bool) {
	if a, ok := parseAddress(s); ok {
		return netip.PrefixFrom(a, a.BitLen()), true
	}
	p, err := netip.ParsePrefix(s)
	if err != nil {
		return netip.Prefix{}, false
	}
	if p.Addr().Is4In6() && p.Bits() >= mapped {
		p = netip.PrefixFrom(p.Addr().Unmap(), p.Bits()-mapped)
	}
	return p.Masked(), true
}

// parseAddress reads an address without its zone. What is plainly none costs no error.
func parseAddress(s string) (netip.Addr, bool) {
	s, _, _ = strings.Cut(s, "%")
	if strings.Trim(s, "0123456789abcdefABCDEF.:") != "" || !strings.ContainsAny(s, ".:") {
		return netip.Addr{}, false
	}
	a, err := netip.ParseAddr(s)
	return a.Unmap(), err == nil
}

// matchRef wants the reference, or the number alone; any service may know the incident by it.
func matchRef(v string, codes []Code) (matcher, *FilterError) {
	r, err := ParseRef(v)
	number, sentinel := strings.CutPrefix(strings.ToUpper(v), "S")
	switch {
	case errors.Is(err, ErrBareNumber):
		r.Source = ""
	case sentinel && digits.MatchString(number):
		r = Ref{Source: SourceSentinel, ID: number}
	case err != nil:
		return nil, &FilterError{Message: err.Error()}
	case !slices.Contains(codes, r.Code):
		wrong := notKnown("customer", string(r.Code), names(codes))
		if wrong.Nearest != "" {
			wrong.Nearest += "-" + r.Number()
		}
		return nil, wrong
	}
	is := func(s Source, id string) bool {
		return (r.Source == "" || s == r.Source) && strings.EqualFold(id, r.ID)
	}
	return func(i *Incident, _ *Scope) bool {
		return (r.Code == "" || i.Ref.Code == r.Code) && (is(i.Ref.Source, i.Ref.ID) ||
			slices.ContainsFunc(i.Sources, func(s SourceRef) bool { return is(s.Kind, s.ID) }))
	}, nil
}
