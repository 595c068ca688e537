package estate

import (
	"fmt"
	"strings"
)

// Profile is how a customer's cloud behaves.
type Profile string

// The profiles. The empty one answers as it should.
const (
	Normal    Profile = ""
	NoAccess  Profile = "no-access"  // Entra issues no token: the analyst is not a guest there
	Throttled Profile = "throttled"  // Graph answers 429 almost always
	Slow      Profile = "slow"       // every Graph answer takes a multiple of the usual latency
	Expand500 Profile = "expand-500" // $expand=alerts answers 500, always
)

// Tenant is an Entra tenant as an administrator would describe it.
type Tenant struct {
	Code    string // four letters, unique in the estate
	Name    string
	ID      string // the tenant's GUID; the same for a code in every estate
	Domain  string // the initial domain, *.onmicrosoft.com
	Country string // two letters
	Groups  []string
	Profile Profile
}

// Identifiers of the provider's own tenant, the same in every estate.
const (
	HomeCode   = "NORT"
	HomeID     = "8f0b1c5e-0000-4000-8000-000000000001"
	HomeDomain = "northwind.example"
)

// HomeTenant is the provider's own tenant. It has no Defender workload.
func HomeTenant() Tenant {
	return Tenant{Code: HomeCode, Name: "Northwind SOC", ID: HomeID, Domain: HomeDomain, Country: "US"}
}

// BuiltInProfiles are the troubled customers of every estate that is large enough to have them.
func BuiltInProfiles() map[string]Profile {
	return map[string]Profile{"WOOD": Expand500, "TAIL": Throttled, "LITW": Slow, "WING": NoAccess}
}

// sampleNames are the company names that Microsoft's samples use, with the codes of their tenants.
func sampleNames() []string {
	return strings.Split("CONT Contoso Ltd|FABR Fabrikam|WOOD Woodgrove Bank|TAIL Tailspin Toys|ADAT Adatum|LITW Litware|"+
		"PROS Proseware|WING Wingtip Toys|FOUR Fourth Coffee|ALPI Alpine Ski House|BLUE Blue Yonder Airlines|"+
		"CITY City Power & Light|COHO Coho Winery|LAMN Lamna Healthcare|MARG Margie's Travel|NODP Nod Publishers|"+
		"RELE Relecloud|SOUT Southridge Video|TREY Trey Research|VANA VanArsdel|WIDE Wide World Importers|"+
		"THEP The Phone Company|CONS Consolidated Messenger|HUMO Humongous Insurance|GRAP Graphic Design Institute|"+
		"LUCE Lucerne Publishing|BEST Best For You Organics|BELL Bellows College|FIRS First Up Consultants|"+
		"MUNS Munson's Pickles|LIBE Liberty's Delightful Sinful Bakery|SCHO School of Fine Art|ADVE Adventure Works|"+
		"FINC Fincher Architects|OLYM Olympia Surveys|PARN Parnell Aerospace|CRON Cronus Logistics|HAPP Happy Trails|"+
		"KONA Kona Coast Hotels|MAPL Maple Street Clinics", "|")
}

// inventedWords make up the names of further customers.
func inventedWords() (first, second []string) {
	return strings.Fields("Amber Birch Cedar Delta Ember Falcon Granite Harbor Iris Juniper Kestrel Lumen Meadow Nimbus Onyx Pioneer Quartz Ridge Summit Tidal Umber Vertex Willow Zephyr"),
		strings.Fields("Analytics Bank Clinics Dairy Energy Freight Glassworks Hotels Insurance Joinery Kitchens Logistics Metals Networks Optics Pharma Rail Shipping Textiles Utilities")
}

// makeTenants lists n customers with unique codes and names.
func makeTenants(n int, profiles map[string]Profile) []Tenant {
	taken := map[string]bool{HomeCode: true}
	out := make([]Tenant, 0, n)
	add := func(code, name string) {
		taken[code] = true
		out = append(out, describe(code, name, profiles[code]))
	}
	for _, entry := range sampleNames() {
		if len(out) == n {
			return out
		}
		code, name, _ := strings.Cut(entry, " ")
		add(code, name)
	}
	first, second := inventedWords()
	for i := 0; len(out) < n; i++ {
		a, b := first[i%len(first)], second[(i%len(first)+i/len(first))%len(second)]
		name := a + " " + b
		if round := i / (len(first) * len(second)); round > 0 {
			name = fmt.Sprintf("%s %d", name, round+1)
		}
		add(freeCode(taken, a, b), name)
	}
	return out
}

// freeCode derives a code from two words: AMBE, AMBA, AMAN, AANA, AMA0, ... until one is free.
func freeCode(taken map[string]bool, a, b string) string {
	a, b = strings.ToUpper(a), strings.ToUpper(b)
	for i := range 4 + 10*len(b) + 1000 {
		var code string
		switch n := i - 4; {
		case i == 0:
			code = a[:4]
		case i < 4:
			code = a[:4-i] + b[:i]
		case n < 10*len(b):
			code = fmt.Sprintf("%s%c%d", a[:2], b[n/10], n%10)
		default:
			code = fmt.Sprintf("%c%03d", a[0], n-10*len(b))
		}
		if !taken[code] {
			return code
		}
	}
	panic("estate: more customers than codes")
}

func describe(code, name string, profile Profile) Tenant {
	r := newRNG(0, "tenant", code)
	region := []string{"emea", "amer", "apac"}[r.weighted(5, 4, 2)]
	level := []string{"gold", "silver", "bronze"}[r.weighted(2, 4, 4)]
	if code == "CONT" {
		region, level = "emea", "gold"
	}
	countries := map[string][]string{"emea": {"DE", "GB", "FR", "NL", "SE", "ZA"}, "amer": {"US", "CA", "BR", "MX"}, "apac": {"JP", "AU", "SG", "IN"}}
	id := StableGUID("tenant", code)
	if code == "CONT" {
		id = "0a1b2c3d-0000-4000-8000-000000000003"
	}
	return Tenant{
		Code: code, Name: name, ID: id, Domain: slug(name) + ".onmicrosoft.com",
		Country: pick(r, countries[region]), Groups: []string{level, region}, Profile: profile,
	}
}

// slug is the part of a name that fits a domain: "Contoso Ltd" gives "contoso".
func slug(name string) string {
	name = strings.TrimSuffix(strings.ToLower(name), " ltd")
	return strings.Map(func(r rune) rune {
		if r >= 'a' && r <= 'z' || r >= '0' && r <= '9' {
			return r
		}
		return -1
	}, name)
}
