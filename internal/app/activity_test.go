package app_test

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"github.com/socctl/socctl/internal/app"
	"github.com/socctl/socctl/internal/signin"
	"github.com/socctl/socctl/internal/simcloud"
	"github.com/socctl/socctl/internal/soc"
)

// What was called is known afterwards: of each customer its own calls, and none of their contents.
func TestCallsAreWrittenDownWithoutTheirContents(t *testing.T) {
	t.Parallel()
	l := newLab(t, nil)
	l.Inject(simcloud.Fault{Tenant: "FABR", PathPrefix: "/v1.0/security", Count: 1, Status: 503})
	a := l.open(l.config("device-code", ""))
	var code signin.DeviceCode
	if err := a.SignIn(timely(t), func(d signin.DeviceCode) { code = d }); err != nil {
		t.Fatal(err)
	}
	if err := a.Run(timely(t)); err != nil {
		t.Fatal(err)
	}
	calls := a.Calls(0)
	hidden := []string{"eyJ", "client_secret=", code.UserCode.String(), "title", "Suspicious"}
	for _, i := range all(a) {
		hidden = append(hidden, i.Title.String())
	}
	seen := map[string]int{}
	for n, c := range calls {
		whole := fmt.Sprintf("%+v|%s|%s|%s", c, c.Path, c.RequestID, c.Err)
		for _, s := range hidden {
			if s != "" && strings.Contains(whole, s) {
				t.Errorf("%q got into %s", s, whole)
			}
		}
		if c.Seq != uint64(n+1) || c.Took < 0 || c.At.IsZero() || c.RequestID.IsZero() {
			t.Errorf("call %d: %+v", n, c)
		}
		kind := "graph"
		if !strings.HasPrefix(c.Path.String(), "/") {
			kind = "sign-in"
		}
		seen[kind+" "+string(c.Code)]++
		if c.Code == "FABR" && c.Status == 503 {
			seen["a failure"]++
		}
	}
	for _, want := range []string{"graph HOME", "graph FABR", "graph CONT", "sign-in HOME", "sign-in FABR", "a failure"} {
		if seen[want] == 0 {
			t.Errorf("no call of %q among %v", want, seen)
		}
	}
	last := calls[len(calls)-1].Seq
	if more := a.Calls(last); more != nil {
		t.Errorf("%d calls since the last one", len(more))
	}
	if _, err := a.Incident(timely(t), all(a)[0].Ref); err != nil {
		t.Fatal(err)
	}
	if more := a.Calls(last); len(more) != 1 || more[0].Path.String() != "/v1.0/security/incidents/"+all(a)[0].Ref.ID+"?$expand" {
		t.Errorf("after opening one: %+v", more)
	}
}

func all(a *app.App) []*soc.Incident {
	var list []*soc.Incident
	for i := range a.Snapshot().All() {
		list = append(list, i)
	}
	return list
}

func TestTasksAreWhatRunsRightNow(t *testing.T) {
	t.Parallel()
	l := newLab(t, nil)
	a := l.open(l.config("device-code", ""))
	var during []soc.Task
	ctx, cancel := context.WithCancel(timely(t))
	defer cancel()
	if err := a.SignIn(ctx, func(signin.DeviceCode) { during = a.Tasks() }); err != nil {
		t.Fatal(err)
	}
	if len(during) != 1 || during[0].What.String() != "signing in to sim" || during[0].Since.IsZero() {
		t.Errorf("while somebody signs in: %+v", during)
	}
	if after := a.Tasks(); len(after) != 0 {
		t.Errorf("afterwards: %+v", after)
	}
	if err := a.Run(ctx); err != nil {
		t.Fatal(err)
	}
	if after := a.Tasks(); len(after) != 0 {
		t.Errorf("after all were read: %+v", after)
	}
	for _, p := range a.Snapshot().Parts {
		st := p.Status
		if st.Budget != 90 || st.CallsMinute == 0 || st.CallsMinute > st.Calls || st.LastChange.IsZero() != (len(p.Incidents) == 0) {
			t.Errorf("%s: %d/%d calls, %d since the start, last change %v of %d rows", st.Tenant.Code, st.CallsMinute, st.Budget, st.Calls,
				st.LastChange, len(p.Incidents))
		}
	}
}
