package mask

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/socctl/socctl/internal/soc"
	"github.com/socctl/socctl/internal/text"
)

func tenant(n int, code soc.Code, name, domain string) *soc.Tenant {
	return &soc.Tenant{ID: soc.TenantID(fmt.Sprintf("0a1b2c3d-0000-4000-8000-%012d", n)), Code: code, Name: text.NewLine(name), Domain: text.NewLine(domain)}
}

func tenants() []*soc.Tenant {
	return []*soc.Tenant{
		tenant(1, "ZYMO", "Zymurgia Brauwerk AG", "zymurgia.onmicrosoft.example"), tenant(2, "KWX", "Kwixel", "kwixel.example"),
		tenant(3, "ACM", "Acme Rocket Works", "arw.example"), tenant(4, "ISTA", "İstanbul Lojistik", "ilog.example"),
	}
}

func me() soc.Analyst {
	return soc.Analyst{UPN: text.NewLine("kai.brenn@northwind.example"), Name: text.NewLine("Kai Brennwald")}
}

func TestTextHidesNamesInEveryForm(t *testing.T) {
	t.Parallel()
	m := New(tenants())
	for name, c := range map[string]struct{ in, want string }{
		"nothing to hide":            {"Suspicious inbox rule on PC-23", "Suspicious inbox rule on PC-23"},
		"the name":                   {"VPN of Zymurgia Brauwerk AG", "VPN of C001"},
		"in other letters":           {"VPN of ZYMURGIA brauwerk ag", "VPN of C001"},
		"its first word":             {"the zymurgia portal", "the C001 portal"},
		"inside of a word":           {"svczymurgiaadm", "svcC001adm"},
		"without blanks":             {"zymurgiabrauwerk.docx", "C001.docx"},
		"without its last word":      {"acme rocket invoice", "C003 invoice"},
		"a short first word":         {"ACME vpn", "C003 vpn"},
		"not inside of another":      {"pacmen", "pacmen"},
		"the domain":                 {"to KWIXEL.example:", "to C002:"},
		"the domain's beginning":     {"arw\\svc-backup", "user"},
		"the tenant's id":            {"/0A1B2C3D-0000-4000-8000-000000000002/oauth2", "/C002/oauth2"},
		"a reference":                {"zymo-28282 was merged into ZYMO-S12", "C001-28282 was merged into C001-S12"},
		"a code alone":               {"Reading ZYMO again.", "Reading C001 again."},
		"a code with a colon":        {"KWX: unlocked", "C002: unlocked"},
		"a code in another word":     {"KWXA and xKWX", "KWXA and xKWX"},
		"a code in lower case":       {"sent by kwx", "sent by kwx"}, // it may be a word of the language
		"an address":                 {"for Mira.Sol@else.example.", "for user@masked."},
		"an address at a customer":   {"mira@zymurgia.onmicrosoft.example", "user@masked"},
		"a guest":                    {"mira_else.example#EXT#@kwixel.example", "user@masked"},
		"a guest without a domain":   {"mira_else.example#ext# signed in", "user signed in"},
		"domain and user":            {`logon of ELSE\mira.s failed`, "logon of user failed"},
		"in quotation marks":         {`"ELSE\mira.s"`, `"user"`},
		"a path is no user":          {`C:\Windows\System32\cmd.exe`, `C:\Windows\System32\cmd.exe`},
		"a path that begins nowhere": {`Windows\System32\cmd.exe`, `Windows\System32\cmd.exe`},
		"a share is no user":         {`\\fs-01\backup$\x`, `\\fs-01\backup$\x`},
		"a user's directory":         {`C:\Users\mira.s\evil.exe`, `C:\Users\user\evil.exe`},
		"a directory of home":        {`/home/mira/x.sh`, `/home/user/x.sh`},
		"the system is no user":      {`NT AUTHORITY\SYSTEM`, `NT AUTHORITY\SYSTEM`},
		"letters that change length": {"İ ZYMURGIA \u212awixel", "İ C001 C002"},
		"a long s":                   {"acme rocket work\u017f", "C003"},
		"a dotted capital":           {"ISTANBUL lojistik", "C004"},
		"two that follow":            {"ZymurgiaKwixel", "C001C002"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if got := m.Text(c.in); got != c.want {
				t.Errorf("got %q, want %q", got, c.want)
			}
		})
	}
}

func TestHidingTwiceChangesNothing(t *testing.T) {
	t.Parallel()
	m := New(tenants())
	for _, s := range []string{"ZYMO-1 mira@x.example", `ELSE\mira C:\Users\mira`, "Zymurgia Kwixel Acme"} {
		if once := m.Text(s); m.Text(once) != once {
			t.Errorf("%q becomes %q and then %q", s, once, m.Text(once))
		}
	}
}

func TestTheLongestNameWins(t *testing.T) {
	t.Parallel()
	m := New([]*soc.Tenant{tenant(1, "ALP", "Alpine Ski", "alpineski.example"), tenant(2, "ALH", "Alpine Ski House", "alpineskihouse.example")})
	for in, want := range map[string]string{"Alpine Ski House": "C002", "alpine ski resort": "C001 resort", "alpineskihouse.example": "C002"} {
		if got := m.Text(in); got != want {
			t.Errorf("%q becomes %q instead of %q", in, got, want)
		}
	}
}

func TestACodeBehindANameThatEndsInASign(t *testing.T) {
	t.Parallel()
	m := New([]*soc.Tenant{tenant(1, "QU", "Quxel!", "quxel.example"), tenant(2, "ZYMO", "Zymurgia", "z.example")})
	if got := m.Text("Quxel!ZYMO"); got != "C001C002" {
		t.Errorf("got %q", got)
	}
}

func TestAFilterIsShownWithoutNames(t *testing.T) {
	t.Parallel()
	m := New(tenants())
	for in, want := range map[string]string{
		`sev:high user:"kai.c" zymurgia`:        `sev:high user:hidden C001`,
		`tenant:zymo,KWX`:                       `tenant:C001,C002`,
		`customer:zymo`:                         `customer:C001`,
		`owner:me,none`:                         `owner:me,none`,
		`-owner:mira`:                           `-owner:hidden`,
		`assigned:experts`:                      `assigned:experts`,
		`title:"inbox rule" (user:a or user:b)`: `title:"inbox rule" (user:hidden or user:hidden)`,
		`device:mira-pc`:                        `device:hidden`,
		`alert:"Sign-in of mira"`:               `alert:hidden`,
		`User:Kai`:                              `User:hidden`,
		`ref:zymo-28282`:                        `ref:C001-28282`,
	} {
		if got := m.Filter(in); got != want {
			t.Errorf("%s becomes %s instead of %s", in, got, want)
		}
	}
	if got := (*Mask)(nil).Filter("user:kai"); got != "user:kai" {
		t.Errorf("without a mask: %s", got)
	}
}

// quoting is an incident in which every text quotes whom it should not.
func quoting(of *soc.Tenant) *soc.Incident {
	all := "TORVALD NYQUIST, Wenche, ragnhild ost, Solveig BERGLUND, svbg, Hjalmar, KAI BRENNWALD, Kai.Brenn@NORTHWIND.example, Mira Solbakken, mira.sol, ZYMURGIA\\jo, zymo, Acme, " + string(of.ID) + ", mira_else.example#EXT#@zymurgia.onmicrosoft.example, jo"
	l, b := text.NewLine(all), text.NewBlock(all)
	i := &soc.Incident{Ref: soc.Ref{Tenant: of.ID, Code: of.Code, Source: soc.SourceDefender, ID: "28282"}, Tenant: of, Title: l, Description: b, Summary: b,
		AssignedTo: text.NewLine("Torvald Nyquist"), ModifiedBy: text.NewLine("wenche"), ResolvingComment: l, CustomTags: []text.Line{l}, SystemTags: []text.Line{l},
		Comments: []soc.Comment{{Text: b, By: text.NewLine("Kai Brennwald"), At: time.Now()}, {Text: b, By: text.NewLine("Ragnhild Ost")}}, ForeignTenant: text.NewLine("9f9f9f9f-0000-4000-8000-000000000009"), AlertsProblem: l}
	i.Digest = soc.Digest{Heads: []soc.AlertHead{{Title: l, Reached: []text.Line{text.NewLine("jo"), text.NewLine("mira.sol"), l}}},
		Entities: []soc.Entity{{Kind: soc.EntityUser, Name: text.NewLine("mira.sol")}, {Kind: soc.EntityUser, Name: text.NewLine("jo")},
			{Kind: soc.EntityMailbox, Name: text.NewLine("postfach@zymurgia.onmicrosoft.example")}, {Kind: soc.EntityDevice, Name: text.NewLine("ZYMURGIA-PC1")}, {Kind: soc.EntityOther, Name: l}}}
	field := func(n, v string) soc.Field { return soc.Field{Name: text.NewLine(n), Value: text.NewLine(v)} }
	i.Alerts = []soc.Alert{{Title: l, Description: b, RecommendedActions: b, AssignedTo: text.NewLine("Mira Solbakken"), Actor: l, Threat: l, Family: l, Category: l, ProductName: l,
		Investigation: l, SystemTags: []text.Line{l}, ForeignTenant: l, Categories: []text.Line{l}, DetectorID: l, PolicyID: l,
		Comments: []soc.Comment{{Text: b, By: text.NewLine("Kai Brennwald")}}, Extra: []soc.Field{field("x", all)}, Evidence: []soc.Evidence{
			{Kind: "user", Name: text.NewLine("mira.sol"), Fields: []soc.Field{field("userAccount.displayName", "Mira Solbakken"), field("userAccount.accountName", "mira.sol")}},
			{Kind: "user", Name: text.NewLine("svbg"), Fields: []soc.Field{field("userAccount.displayName", "Solveig Berglund")}},
			{Kind: "device", Name: text.NewLine("pc-1"), Fields: []soc.Field{field("loggedOnUsers.0.accountName", "hjalmar")}},
			{Kind: "cloudLogonSession", Name: text.NewLine("Mira Solbakken"), Fields: []soc.Field{field("account.userAccount.displayName", "Mira Solbakken")}},
			{Kind: "mailboxConfiguration", Name: text.NewLine("Mira Solbakken")},
			{Kind: "gitHubUser", Name: text.NewLine("mirasolb")},
			{Kind: "process", Name: l, Verdict: l, Remediation: l, Details: l, Roles: []text.Line{l}, DetailedRoles: []text.Line{l}, Tags: []text.Line{l}, Fields: []soc.Field{field("userAccount.accountName", "jo")}},
		}}}
	return i
}

func TestAnIncidentNamesNobody(t *testing.T) {
	t.Parallel()
	all := tenants()
	shown := New(all).Incident(quoting(all[0]), me())
	if shown.AssignedTo.String() != "somebody" || shown.ModifiedBy.String() != "somebody" || shown.Comments[0].By.String() != "you" || shown.Comments[1].By.String() != "somebody" {
		t.Errorf("people: %s, %s, %s, %s", shown.AssignedTo, shown.ModifiedBy, shown.Comments[0].By, shown.Comments[1].By)
	}
	dump := strings.ToLower(fmt.Sprintf("%+v %+v", *shown, *shown.Tenant))
	for _, secret := range []string{"torvald", "nyquist", "ragnhild", "solveig", "berglund", "svbg", "hjalmar", "wenche", "brenn", "northwind", "mira", "solb", "zymurgia", "zymo", "acme", "#ext#", "else.example", `\jo`, " jo", "[jo", "postfach", "9f9f9f9f"} {
		if at := strings.Index(dump, secret); at >= 0 {
			t.Errorf("%q shows: …%s…", secret, dump[max(0, at-120):min(len(dump), at+40)])
		}
	}
	// The customer's id stays, so that the page knows what it shows; it is never drawn.
	if n := strings.Count(dump, string(all[0].ID)); n != 1 {
		t.Errorf("the customer's id stands there %d times", n)
	}
}

func TestTheAnalystsOwnIncidentStaysTheirs(t *testing.T) {
	t.Parallel()
	all := tenants()
	i := quoting(all[0])
	for _, own := range []string{"kai.brenn@northwind.example", "Kai Brennwald", "kai.brenn_northwind.example#EXT#@zymurgia.onmicrosoft.example"} {
		i.AssignedTo = text.NewLine(own)
		if got := New(all).Incident(i, me()).AssignedTo.String(); !me().Owns(got) {
			t.Errorf("%s became %s", own, got)
		}
	}
	i.AssignedTo = text.NewLine("Defender Experts")
	if got := New(all).Incident(i, me()).AssignedTo.String(); got != "Defender Experts" {
		t.Errorf("the experts became %s", got)
	}
}

func TestTheIncidentItselfIsNotTouched(t *testing.T) {
	t.Parallel()
	all := tenants()
	i := quoting(all[0])
	before := fmt.Sprintf("%+v", *i)
	New(all).Incident(i, me())
	if after := fmt.Sprintf("%+v", *i); after != before {
		t.Error("masking changed the incident that everything else uses")
	}
}

func TestWhatIsKeptIsBoundedAndOfOneAnalyst(t *testing.T) {
	t.Parallel()
	all := tenants()
	m, i := New(all), quoting(all[0])
	i.AssignedTo = text.NewLine("Mira Solbakken")
	if got := m.Incident(i, me()).AssignedTo.String(); got != "somebody" {
		t.Errorf("owner %s", got)
	}
	if first, again := m.Incident(i, me()), m.Incident(i, me()); first != again {
		t.Error("the same incident is masked anew with every frame")
	}
	mira := soc.Analyst{UPN: text.NewLine("mira@northwind.example"), Name: text.NewLine("Mira Solbakken")}
	if got := m.Incident(i, mira).AssignedTo.String(); !mira.Owns(got) {
		t.Errorf("for its owner it is %s", got)
	}
	for range 10 * mostShown {
		m.Incident(&soc.Incident{Ref: i.Ref, Tenant: all[0]}, mira)
	}
	if len(m.shown) > mostShown {
		t.Errorf("%d incidents are kept", len(m.shown))
	}
}

func TestTextThatHidesNothingStaysTheSame(t *testing.T) {
	t.Parallel()
	all := tenants()
	i := &soc.Incident{Tenant: all[0], Ref: soc.Ref{Tenant: all[0].ID, ID: "1"}, Title: text.NewLine("Odd\u200btitle\x1b"), CustomTags: []text.Line{text.NewLine("vip\u200b")}}
	shown := New(all).Incident(i, me())
	if shown.Title != i.Title || shown.CustomTags[0] != i.CustomTags[0] {
		t.Error("a text without names was made anew")
	}
	i = &soc.Incident{Tenant: all[0], Ref: i.Ref, Title: text.NewLine("Zymurgia\x1b")}
	if got := New(all).Incident(i, me()).Title; !got.Altered() || got.String() != "C001\\u{001b}" && !strings.HasPrefix(got.String(), "C001") {
		t.Errorf("the mark of an altered text is lost: %q", got)
	}
}

func TestACustomerWithoutAMaskIsNotNamed(t *testing.T) {
	t.Parallel()
	m := New(tenants())
	stranger := tenant(9, "LATE", "Latecomer GmbH", "late.example")
	if got := m.Tenant(stranger); got.Code == "LATE" || strings.Contains(got.Name.String(), "Late") {
		t.Errorf("%+v", got)
	}
	if got := m.Ref(soc.Ref{Tenant: stranger.ID, Code: "LATE", ID: "7"}).String(); got != "C-7" {
		t.Errorf("reference %s", got)
	}
	if got := m.Ref(soc.Ref{}); !got.IsZero() {
		t.Errorf("nothing became %s", got)
	}
}

func TestAStateIsShownWithoutNames(t *testing.T) {
	t.Parallel()
	all := tenants()
	st := &soc.Status{Tenant: all[1], Problem: text.NewLine("AADSTS50020: kai.brenn@northwind.example is not in Kwixel"), Partial: text.NewLine("alerts of KWX"), Next: text.NewLine("ask kwixel")}
	got := New(all).Status(st)
	if s := fmt.Sprint(got.Tenant.Code, got.Tenant.Name, got.Problem, got.Partial, got.Next); strings.Contains(strings.ToLower(s), "kwix") || strings.Contains(s, "KWX") || strings.Contains(s, "kai") {
		t.Error(s)
	}
	if st.Tenant != all[1] || !strings.Contains(st.Problem.String(), "Kwixel") {
		t.Error("the state itself was changed")
	}
	if (*Mask)(nil).Status(st) != st || (*Mask)(nil).Tenant(all[0]) != all[0] || (*Mask)(nil).Text("Kwixel") != "Kwixel" || (*Mask)(nil).Incident(nil, me()) != nil {
		t.Error("without a mask something changes")
	}
}

// crowd is as many customers as a large provider has, and a screen of their incidents.
func crowd() ([]*soc.Tenant, []*soc.Incident) {
	first := []string{"Alder", "Birch", "Cedar", "Dorn", "Esche", "Fichte", "Ginkgo", "Hasel", "Ilex", "Juniper", "Kiefer", "Linde", "Mango", "Nuss", "Olive", "Pinie", "Quitte", "Rotbuche", "Sumach", "Tanne"}
	second := []string{"Logistik", "Metall", "Pharma", "Bank", "Energie", "Handel", "Schulen", "Kliniken", "Verlag", "Airlines", "Toys", "Robotics", "Foods", "Hotels", "Media", "Optik", "Papier", "Reisen", "Stahl", "Textil", "Works", "Yachts", "Zement", "Bau", "Chemie"}
	var all []*soc.Tenant
	for n := range 500 {
		a, b := first[n/25], second[n%25]
		all = append(all, tenant(n, soc.Code(fmt.Sprintf("%s%d", strings.ToUpper(a[:2]), n)), a+" "+b+" Ltd", strings.ToLower(a+b)+".onmicrosoft.example"))
	}
	var rows []*soc.Incident
	for n := range 50 {
		of := all[n*9]
		upn := fmt.Sprintf("anna.berg%d@%s", n, of.Domain)
		rows = append(rows, &soc.Incident{Ref: soc.Ref{Tenant: of.ID, Code: of.Code, ID: fmt.Sprint(n)}, Tenant: of,
			Title: text.NewLine("Multi-stage incident involving initial access and lateral movement reported by multiple sources"), AssignedTo: text.NewLine("kai.brenn@northwind.example"),
			SystemTags: []text.Line{text.NewLine("Ransomware")}, Digest: soc.Digest{
				Heads: []soc.AlertHead{{Title: text.NewLine("Suspicious execution of a hidden file"), Reached: []text.Line{text.NewLine("pc-0231.corp.example"), text.NewLine(upn), text.NewLine("203.0.113.7")}},
					{Title: text.NewLine("Connection to a known command and control address"), Reached: []text.Line{text.NewLine("pc-0231.corp.example"), text.NewLine(upn)}}},
				Entities: []soc.Entity{{Kind: soc.EntityDevice, Name: text.NewLine("pc-0231.corp.example")}, {Kind: soc.EntityUser, Name: text.NewLine(upn)}, {Kind: soc.EntityUser, Name: text.NewLine("svc-backup")},
					{Kind: soc.EntityFile, Name: text.NewLine("invoice_2026.pdf.exe")}, {Kind: soc.EntityIP, Name: text.NewLine("203.0.113.7")}}}})
	}
	return all, rows
}

func BenchmarkIncident50Rows500Customers(b *testing.B) {
	all, rows := crowd()
	m, who := New(all), me()
	b.ReportAllocs()
	for b.Loop() {
		for _, i := range rows {
			m.Incident(i, who)
		}
	}
}

// BenchmarkIncident50NewRows500Customers is a screen of which nothing was drawn before, as after page down.
func BenchmarkIncident50NewRows500Customers(b *testing.B) {
	all, rows := crowd()
	m, who := New(all), me()
	b.ReportAllocs()
	for b.Loop() {
		m.shown = nil
		for _, i := range rows {
			m.Incident(i, who)
		}
	}
}

func BenchmarkText500Customers(b *testing.B) {
	all, _ := crowd()
	m := New(all)
	b.ReportAllocs()
	for b.Loop() {
		m.Text("Reading AL12 again. Alder Metall Ltd is read only: the configuration says so. :read-only-all off unlocks them.")
	}
}

func BenchmarkNew500Customers(b *testing.B) {
	all, _ := crowd()
	for b.Loop() {
		New(all)
	}
}
