package app_test

import (
	"errors"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/socctl/socctl/internal/app"
	"github.com/socctl/socctl/internal/simcloud"
	"github.com/socctl/socctl/internal/soc"
)

// patch sends a write to a customer, as a later version will.
func patch(t *testing.T, a *app.App, l *lab, id soc.TenantID) (int, error) {
	t.Helper()
	req, err := http.NewRequestWithContext(timely(t), http.MethodPatch, l.server.URL()+"/v1.0/security/incidents/1001", strings.NewReader(`{"status":"resolved"}`))
	if err != nil {
		t.Fatal(err)
	}
	resp, err := a.HTTP(id).Do(req)
	if err != nil {
		return 0, err
	}
	defer func() { _ = resp.Body.Close() }()
	return resp.StatusCode, nil
}

// patches counts the writes that reached a customer.
func (l *lab) patches(code string) int {
	n := 0
	for _, r := range l.Requests() {
		if r.Method == http.MethodPatch && r.Tenant == code {
			n++
		}
	}
	return n
}

func TestWritesNeedAnUnlockedCustomer(t *testing.T) {
	t.Parallel()
	l := newLab(t, nil)
	now := time.Now()
	a := l.open(l.config("client-secret", simcloud.ClientSecret, "home:\n", "read_only: true\nhome:\n"), func(o *app.Options) {
		o.Now = func() time.Time { return now }
	})
	if err := a.SignIn(timely(t), nobody); err != nil {
		t.Fatal(err)
	}
	contoso, _ := l.Tenant("CONT")
	fabrikam, _ := l.Tenant("FABR")
	cont, fabr := soc.TenantID(contoso.ID), soc.TenantID(fabrikam.ID)
	refused := func(id soc.TenantID, code string) {
		t.Helper()
		before := l.patches(code)
		_, err := patch(t, a, l, id)
		var p *soc.Problem
		if !errors.As(err, &p) || p.Kind != soc.ProblemUnsafe || !strings.Contains(p.Summary.String(), code) || !strings.Contains(p.Next.String(), "unlock") {
			t.Errorf("%s: %v", code, err)
		}
		if l.patches(code) != before {
			t.Errorf("%s: it was sent", code)
		}
	}
	sent := func(id soc.TenantID, code string, want int) {
		t.Helper()
		before := l.patches(code)
		if status, err := patch(t, a, l, id); err != nil || status != want {
			t.Errorf("%s: %d, %v", code, status, err)
		}
		if n := l.patches(code) - before; n != 1 {
			t.Errorf("%s: it was sent %d times", code, n)
		}
	}
	refused(cont, "CONT")
	a.SetReadOnly(cont, false, now.Add(time.Hour)) // does not help alone
	refused(cont, "CONT")
	a.SetReadOnly("", false, now.Add(30*time.Minute))
	a.SetReadOnly(fabr, true, time.Time{})
	refused(fabr, "FABR")
	sent(cont, "CONT", http.StatusMethodNotAllowed)
	l.Inject(simcloud.Fault{Tenant: "CONT", PathPrefix: "/v1.0", Count: -1, Status: 503})
	sent(cont, "CONT", http.StatusServiceUnavailable)
	l.ClearFaults()
	l.Inject(simcloud.Fault{Tenant: "CONT", PathPrefix: "/v1.0", Count: -1, Status: 401})
	sent(cont, "CONT", http.StatusUnauthorized)
	l.ClearFaults()
	now = now.Add(30 * time.Minute)
	if state := a.ReadOnly(cont); !state.On || !state.All || state.Why.String() != "relocked" {
		t.Errorf("after half an hour: %+v", state)
	}
	refused(cont, "CONT")
}

func TestOneCustomerIsReadOnlyByTheConfiguration(t *testing.T) {
	t.Parallel()
	l := newLab(t, nil)
	c := l.config("client-secret", simcloud.ClientSecret)
	contoso, err := c.Registry.ByCode("CONT")
	if err != nil {
		t.Fatal(err)
	}
	fabrikam, err := c.Registry.ByCode("FABR")
	if err != nil {
		t.Fatal(err)
	}
	contoso.ReadOnly = true
	a := l.open(c)
	if !a.ReadOnly(contoso.ID).On || a.ReadOnly(fabrikam.ID).On || a.ReadOnly("").On {
		t.Errorf("%+v, %+v, %+v", a.ReadOnly(contoso.ID), a.ReadOnly(fabrikam.ID), a.ReadOnly(""))
	}
}
