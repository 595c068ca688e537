package config

import (
	"slices"
	"time"

	"github.com/socctl/socctl/internal/soc"
	"github.com/socctl/socctl/internal/tenants"
	"github.com/socctl/socctl/internal/text"
)

// tenants makes the list of customers, without their targets.
func (b *builder) tenants(v *value) []tenants.Tenant {
	if v == nil {
		return nil
	}
	list := make([]tenants.Tenant, 0, len(v.entries))
	unique := taken{}
	for _, e := range v.entries {
		t := tenants.Tenant{
			Tenant: soc.Tenant{
				ID: soc.TenantID(of[guid](e, "id")), Code: of[soc.Code](e, "code"),
				Name: of[text.Line](e, "name"), Domain: of[text.Line](e, "domain"), Groups: groups(e.get("groups")),
			},
			Cloud:    b.cloud(e, b.cfg.Home.Cloud),
			Access:   b.access(e.get("access")),
			ReadOnly: b.cfg.ReadOnly,
		}
		if e.get("read_only") != nil {
			t.ReadOnly = of[bool](e, "read_only")
		}
		b.once(unique, e, "code", string(t.Code))
		b.once(unique, e, "id", string(t.ID))
		b.once(unique, e, "domain", t.Domain.String())
		list = append(list, t)
	}
	return list
}

// taken remembers which customer has a code, an id or a domain: the key and its value give the place.
type taken map[[2]string]place

// once reports a value that an earlier customer has as well.
func (b *builder) once(t taken, e *value, key, got string) {
	if got == "" {
		return
	}
	at := e.where(key)
	if first, ok := t[[2]string{key, got}]; ok {
		b.faults.add(at, "%s: %s is already the %s of the customer in %s", key, got, key, first)
		return
	}
	t[[2]string{key, got}] = at
}

// groups gives the names of a list, each once.
func groups(v *value) []string {
	if v == nil {
		return nil
	}
	var list []string
	for _, e := range v.entries {
		if n, ok := e.scalar.(name); ok && !slices.Contains(list, string(n)) {
			list = append(list, string(n))
		}
	}
	return list
}

func (b *builder) access(v *value) map[string]tenants.Access {
	if v == nil {
		return nil
	}
	tiers := make(map[string]tenants.Access, len(v.names))
	for _, tier := range v.names {
		e := v.get(tier)
		a := tenants.Access{
			Package: string(of[guid](e, "package")), Policy: string(of[guid](e, "policy")), PIMGroup: string(of[guid](e, "pim_group")),
		}
		switch {
		case e.has("package"):
		case e.has("policy"):
			b.faults.add(e.where("policy"), "policy: it belongs to a package, and there is none beside it")
		case !e.has("pim_group"):
			b.faults.add(e.at, "%s: it wants a package or a pim_group", tier)
		}
		tiers[tier] = a
	}
	return tiers
}

// registry sets the customers' targets and makes the registry.
func (b *builder) registry(v *value, list []tenants.Tenant) *tenants.Registry {
	inUse := make(map[string]bool)
	for _, t := range list {
		for _, g := range t.Groups {
			inUse[g] = true
		}
	}
	targets := b.targets(v.get("sla"), inUse)
	for i := range list {
		list[i].SLA = tightest(list[i].Groups, targets)
	}
	r, err := tenants.New(list)
	if err != nil { // found before, key by key; said once more rather than half-loaded
		b.faults.add(v.where("tenants"), "tenants: %v", err)
		return nil
	}
	return r
}

// targets reads the targets of each group. A group that nobody is in is a mistake: its targets would never hold.
func (b *builder) targets(v *value, inUse map[string]bool) map[string]soc.SLATargets {
	if v == nil {
		return nil
	}
	used := make([]string, 0, len(inUse))
	for g := range inUse {
		used = append(used, g)
	}
	slices.Sort(used)
	targets := make(map[string]soc.SLATargets, len(v.names))
	for _, group := range v.names {
		e := v.get(group)
		if !inUse[group] {
			b.faults.addNear(e.at, group, used, "sla: no customer is in the group %s", group)
			continue
		}
		targets[group] = make(soc.SLATargets, len(e.names))
		for _, severity := range e.names {
			targets[group][soc.Severity(severity)] = of[time.Duration](e, severity)
		}
	}
	return targets
}

// tightest gives for each severity the shortest time that any of the groups has.
func tightest(groups []string, targets map[string]soc.SLATargets) soc.SLATargets {
	var sla soc.SLATargets
	for _, g := range groups {
		for severity, d := range targets[g] {
			if sla == nil {
				sla = make(soc.SLATargets)
			}
			if have, ok := sla[severity]; !ok || d < have {
				sla[severity] = d
			}
		}
	}
	return sla
}
