package cli_test

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/socctl/socctl/internal/simcloud"
	"github.com/socctl/socctl/internal/text/hostile"
)

// attacked is an incident, with an alert and evidence, whose every text is hostile.
func attacked(id int, s string) record {
	h := raw(s)
	evidence := []record{
		{"@odata.type": "#microsoft.graph.security.deviceEvidence", "deviceDnsName": h, "verdict": h, "remediationStatus": h, "remediationStatusDetails": h, "roles": []raw{h}, "detailedRoles": []raw{h}, "tags": []raw{h}},
		{"@odata.type": "#microsoft.graph.security.userEvidence", "userAccount": record{"accountName": h, "domainName": h, "userPrincipalName": h, "displayName": h}},
		{"@odata.type": "#microsoft.graph.security.fileEvidence", "fileDetails": record{"fileName": h, "filePath": h, "sha256": h}},
		{"@odata.type": "#microsoft.graph.security.analyzedMessageEvidence", "subject": h, "recipientEmailAddress": h},
		{"@odata.type": h, "anything": h, "deeper": record{"still": h}},
	}
	alert := record{
		"id": h, "providerAlertId": h, "incidentId": h, "tenantId": h, "alertWebUrl": h, "title": h, "description": h, "severity": h, "status": h,
		"classification": h, "determination": h, "assignedTo": h, "category": h, "mitreTechniques": []raw{h}, "serviceSource": h, "detectionSource": h,
		"createdDateTime": h, "lastUpdateDateTime": "2026-11-20T12:00:00Z", "evidence": evidence, "threatDisplayName": h, "actorDisplayName": h,
		"comments": []record{{"comment": h, "createdByDisplayName": h}},
	}
	return record{
		"id": fmt.Sprint(id), "tenantId": h, "incidentWebUrl": h, "redirectIncidentId": h, "displayName": h, "description": h, "summary": h,
		"severity": h, "status": h, "classification": h, "determination": h, "assignedTo": h, "createdDateTime": "2026-11-20T12:00:00Z",
		"lastUpdateDateTime": h, "customTags": []raw{h}, "systemTags": []raw{h}, "lastModifiedBy": h, "resolvingComment": h,
		"comments": []record{{"comment": h, "createdByDisplayName": h, "createdDateTime": h}}, "alerts": []record{alert},
	}
}

// every gives each n-th of a list.
func every(n int, list []record) []record {
	var some []record
	for i := 0; i < len(list); i += n {
		some = append(some, list[i])
	}
	return some
}

// clean checks that a text holds nothing that a terminal obeys or an eye misses, nor the corpus's payload.
func clean(t *testing.T, where, s string) {
	t.Helper()
	if err := hostile.ScanBytes([]byte(s)); err != nil {
		t.Errorf("%s: %v", where, err)
	}
	if strings.Contains(s, "\x1b") || strings.Contains(s, base64.StdEncoding.EncodeToString([]byte(hostile.Payload))+"\a") {
		t.Errorf("%s has an escape sequence", where)
	}
}

// cleanStrings checks the texts inside of JSON, which could hide in its escapes. Line feeds may stand in some.
func cleanStrings(t *testing.T, where string, v any) {
	t.Helper()
	switch v := v.(type) {
	case string:
		clean(t, where, v)
	case []any:
		for _, e := range v {
			cleanStrings(t, where, e)
		}
	case map[string]any:
		for k, e := range v {
			cleanStrings(t, where+" "+k, e)
		}
	}
}

func TestHostileTextReachesNoOutput(t *testing.T) {
	t.Parallel()
	l := newLab(t)
	var incidents, alerts []record
	for n, s := range hostile.Corpus() {
		if len(s.Text) > 256 {
			continue // package text's own tests have the giants
		}
		i := attacked(1000+n, s.Text)
		incidents = append(incidents, i)
		alerts = append(alerts, i["alerts"].([]record)...)
	}
	// JSON and the terminal get the whole corpus; the other forms share their way and get a part of it.
	l.serveList("CONT", "/v1.0/security/incidents", every(5, incidents))
	l.serveList("CONT", "/v1.0/security/alerts_v2", every(5, alerts))
	all := attacked(9999, "all of them")
	all["alerts"] = alerts
	incidents = append(incidents, all)
	l.serveList("FABR", "/v1.0/security/alerts_v2", alerts)
	l.serve("FABR", incidents...)
	logFile := filepath.Join(l.dir, "socctl.log")
	for _, args := range []string{"incidents list -f status:redirected,open,resolved", "alerts list", "tenants list"} {
		forms := []string{"table", "csv", "json", "ndjson", "yaml"}
		if args == "tenants list" {
			forms = forms[:1]
		}
		for _, form := range forms {
			words := strings.Fields(args)
			customer, records := "CONT", len(every(5, alerts))
			if form == "json" {
				customer, records = "FABR", len(alerts)
			}
			r := l.run(append(words, "-t", customer, "-o", form, "--log-file", logFile)...)
			if r.code != exitDone && r.code != exitPartial {
				t.Fatalf("%s: exit code %d: %s", args, r.code, r.err)
			}
			where := args + " as " + form
			out := strings.ReplaceAll(r.out, "\t", " ") // which separate cells
			clean(t, where, out+r.err)
			if words[0] != "tenants" && strings.Count(r.out, "\n") < records {
				t.Errorf("%s: %d lines for %d records", where, strings.Count(r.out, "\n"), records)
			}
			if form == "json" {
				cleanStrings(t, where, jsonTree(t, r.out))
			}
		}
		words := strings.Fields(args)
		clean(t, args+" on a terminal", l.runOn(l.tty(120), append(words, "-t", "FABR")...).out)
	}
	for n, i := range incidents {
		if n%16 != 0 && n < len(incidents)-1 {
			continue // the last one has the alerts of all
		}
		ref := fmt.Sprint("FABR-", i["id"])
		clean(t, "incidents show", l.runOn(l.tty(120), "incidents", "show", ref).exits(exitDone).out)
		r := l.run("incidents", "show", ref, "-o", "json").exits(exitDone)
		clean(t, "incidents show as JSON", r.out)
		cleanStrings(t, "incidents show as JSON", jsonTree(t, r.out))
	}
	if log, err := os.ReadFile(logFile); err != nil {
		t.Error(err)
	} else {
		clean(t, "the log", string(log))
	}
}

// attackingFault is one of the places where a service that refuses can put a text.
func attackingFault(n int, s string) simcloud.Fault {
	var body, entra strings.Builder
	write(&body, record{"error": record{"code": raw(s), "message": raw(s), "innerError": record{"request-id": raw(s)}}})
	write(&entra, record{"error": raw(s), "error_description": raw("AADSTS99999: " + s), "correlation_id": raw(s)})
	return []simcloud.Fault{
		{PathPrefix: "/v1.0", Status: 400, Body: body.String()},
		{PathPrefix: "/v1.0", Status: 400, Body: s, ContentType: "text/plain"},
		{PathPrefix: "/v1.0", Body: s},
		{PathPrefix: "/oauth2/v2.0/token", Status: 400, Body: entra.String()},
	}[n%4]
}

// What a service says when it refuses is hostile too, and so is the id that it gives the request.
func TestHostileErrorsReachNoOutput(t *testing.T) {
	t.Parallel()
	l := newLab(t, func(o *simcloud.Options) { o.Incidents = -1 })
	logFile := filepath.Join(l.dir, "socctl.log")
	samples := slices.DeleteFunc(hostile.Corpus(), func(s hostile.Sample) bool { return len(s.Text) > 1024 })
	for batch := range slices.Chunk(samples, len(l.codes())) {
		for n, code := range l.codes()[:len(batch)] {
			f := attackingFault(n, batch[n].Text)
			f.Tenant, f.Count = code, -1
			l.Inject(f)
		}
		r := l.run("incidents", "list", "-o", "json", "--log-file", logFile)
		where := batch[0].Name + " and those behind it"
		clean(t, where, r.err+r.out)
		cleanStrings(t, where, jsonTree(t, r.out))
		l.ClearFaults()
	}
	if log, err := os.ReadFile(logFile); err != nil {
		t.Error(err)
	} else {
		clean(t, "the log", string(log))
		for line := range strings.Lines(string(log)) {
			var v any
			if err := json.Unmarshal([]byte(line), &v); err != nil {
				t.Fatal(err)
			}
			cleanStrings(t, "the log", v)
		}
	}
}
