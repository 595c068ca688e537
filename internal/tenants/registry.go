package tenants

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/socctl/socctl/internal/soc"
	"github.com/socctl/socctl/internal/text"
)

// Access says what an analyst can ask for at one customer, at one tier. The ids are GUIDs in lower case, or empty.
type Access struct {
	Package  string // an access package in the customer's tenant
	Policy   string // the policy of that package to ask under, where it has several
	PIMGroup string // a privileged group in the home tenant
}

// Tenant is a customer with what is needed to reach it. The domain's part is embedded: incidents point at it.
type Tenant struct {
	soc.Tenant
	Cloud  Cloud
	Access map[string]Access // by tier: tier1, tier2

	ReadOnly bool // every change at this customer is refused
}

// Tiers lists the tiers of access, the lower first.
func Tiers() []string { return []string{"tier1", "tier2"} }

// Registry is the list of customers. It is immutable.
type Registry struct {
	list   []*Tenant
	byCode map[soc.Code]*Tenant
	byID   map[soc.TenantID]*Tenant
	groups []string // sorted
}

// New makes a registry of the customers, in their order. Two with the same code or the same tenant id are refused, as
// is an id or a code that is none. What is in the list is copied.
func New(list []Tenant) (*Registry, error) {
	r := &Registry{byCode: make(map[soc.Code]*Tenant, len(list)), byID: make(map[soc.TenantID]*Tenant, len(list))}
	for i := range list {
		t := clone(&list[i])
		if c, err := soc.ParseCode(string(t.Code)); err != nil {
			return nil, err
		} else if c != t.Code {
			return nil, fmt.Errorf("the customer code %s is not in capital letters", text.Quote(string(t.Code)))
		}
		if id, err := soc.ParseTenantID(string(t.ID)); err != nil {
			return nil, fmt.Errorf("customer %s: %w", t.Code, err)
		} else if id != t.ID {
			return nil, fmt.Errorf("customer %s: the tenant id %s is not in lower case", t.Code, t.ID)
		}
		if r.byCode[t.Code] != nil {
			return nil, fmt.Errorf("two customers have the code %s", t.Code)
		}
		if other := r.byID[t.ID]; other != nil {
			return nil, fmt.Errorf("the customers %s and %s have the same tenant id %s", other.Code, t.Code, t.ID)
		}
		r.list, r.byCode[t.Code], r.byID[t.ID] = append(r.list, t), t, t
		r.groups = append(r.groups, t.Groups...)
	}
	slices.Sort(r.groups)
	r.groups = slices.Compact(r.groups)
	return r, nil
}

func clone(t *Tenant) *Tenant {
	c := *t
	c.Groups, c.SLA, c.Access = slices.Clone(t.Groups), maps.Clone(t.SLA), maps.Clone(t.Access)
	return &c
}

// All gives the customers in the order of the configuration, in a slice of the caller's own.
func (r *Registry) All() []*Tenant { return slices.Clone(r.list) }

// Groups gives the names of all groups, sorted, in a slice of the caller's own.
func (r *Registry) Groups() []string { return slices.Clone(r.groups) }

// ByCode finds a customer by its code, in any case. What is no customer's code gives an *UnknownError.
func (r *Registry) ByCode(code string) (*Tenant, error) {
	if t := r.byCode[soc.Code(strings.ToUpper(code))]; t != nil {
		return t, nil
	}
	return nil, r.unknownCustomer(code)
}

// ByID finds a customer by its tenant id.
func (r *Registry) ByID(id soc.TenantID) (*Tenant, bool) {
	t, ok := r.byID[id]
	return t, ok
}

// InGroup gives the customers of a group, whose name may be in any case, in the order of the configuration. A group
// that no customer is in gives an *UnknownError.
func (r *Registry) InGroup(name string) ([]*Tenant, error) {
	n := slices.IndexFunc(r.groups, func(g string) bool { return strings.EqualFold(g, name) })
	if n < 0 {
		return nil, r.unknownGroup(name)
	}
	var found []*Tenant
	for _, t := range r.list {
		if t.InGroup(r.groups[n]) {
			found = append(found, t)
		}
	}
	return found, nil
}

// Resolve completes a reference that was read from CODE-ID with the tenant that the code stands for. A reference that
// already has a tenant is only checked: it is an error if its code stands for another one.
func (r *Registry) Resolve(ref soc.Ref) (soc.Ref, *Tenant, error) {
	if ref.IsZero() {
		return soc.Ref{}, nil, errors.New("a reference without a number names no incident")
	}
	t, err := r.ByCode(string(ref.Code))
	if err != nil {
		return soc.Ref{}, nil, err
	}
	if ref.Tenant != "" && ref.Tenant != t.ID {
		return soc.Ref{}, nil, fmt.Errorf("%s is of the tenant %s, and %s is %s", text.Quote(ref.String()),
			text.Quote(string(ref.Tenant)), t.Code, t.ID)
	}
	ref.Tenant, ref.Code = t.ID, t.Code
	return ref, t, nil
}

// Vocabulary gives the words that a filter may name.
func (r *Registry) Vocabulary() soc.Vocabulary {
	v := soc.Vocabulary{Groups: r.Groups()}
	for _, t := range r.list {
		v.Codes = append(v.Codes, t.Code)
	}
	return v
}
