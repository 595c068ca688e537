package main

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// payload writes incidents as files that the simulated cloud serves byte for byte.
type payload struct {
	dir string
	at  time.Time
}

func newPayload(t *testing.T) *payload {
	t.Helper()
	return &payload{dir: t.TempDir(), at: time.Now().UTC().Add(-90 * time.Hour).Truncate(time.Second)}
}

// quoted makes a JSON string of any bytes. What JSON forbids is escaped; everything else stays raw, also what is not UTF-8.
func quoted(s string) string {
	var b strings.Builder
	b.WriteByte('"')
	for i := range len(s) {
		switch c := s[i]; {
		case c == '"' || c == '\\':
			b.WriteByte('\\')
			b.WriteByte(c)
		case c < 0x20:
			fmt.Fprintf(&b, `\u%04x`, c)
		default:
			b.WriteByte(c)
		}
	}
	b.WriteByte('"')
	return b.String()
}

// incident writes one with the same text in every place that has any. It has no service level, so that nothing in its row
// depends on the time of day. Each is a second younger than the one before, so that the order is known.
func (p *payload) incident(t *testing.T, id int, title, owner, text string, alerts ...string) {
	t.Helper()
	at := p.at.Add(time.Duration(id%100000) * time.Second).Format(time.RFC3339)
	q := quoted(text)
	body := fmt.Sprintf(`{"id":"%d","displayName":%s,"assignedTo":%s,"status":"active","severity":"informational","classification":"unknown",
"determination":"unknown","createdDateTime":%q,"lastUpdateDateTime":%q,"description":%s,"summary":%s,"lastModifiedBy":%s,"resolvingComment":%s,
"customTags":[%s],"systemTags":[%s],"comments":[{"comment":%s,"createdByDisplayName":%s,"createdDateTime":%q}],"alerts":[%s]}`,
		id, quoted(title), quoted(owner), at, at, q, q, q, q, q, q, q, q, at, strings.Join(alerts, ","))
	if err := os.WriteFile(filepath.Join(p.dir, fmt.Sprintf("%d.json", id)), []byte(body), 0o600); err != nil {
		t.Fatal(err)
	}
}

// alert is one with the same text as its title and as the name of everything that it points at.
func (p *payload) alert(id string, incident int, text string) string {
	at := p.at.Format(time.RFC3339)
	q := quoted(text)
	evidence := make([]string, 0, 6)
	for _, e := range []string{`device","deviceDnsName":%s,"hostName":%s`, `user","userAccount":{"userPrincipalName":%s,"accountName":%s}`,
		`file","fileDetails":{"fileName":%s,"filePath":%s}`, `analyzedMessage","subject":%s,"recipientEmailAddress":%s`,
		`process","imageFile":{"fileName":%s},"processCommandLine":%s`, `url","url":%s,"detail":%s`} {
		kind, fields, _ := strings.Cut(e, `"`)
		evidence = append(evidence, fmt.Sprintf(`{"@odata.type":"#microsoft.graph.security.%sEvidence","createdDateTime":%q,"verdict":%s,"remediationStatus":%s,
"roles":[%s],"tags":[%s]`, kind, at, q, q, q, q)+fmt.Sprintf(fields, q, q)+"}")
	}
	return fmt.Sprintf(`{"id":%q,"incidentId":"%d","title":%s,"status":"new","severity":"low","serviceSource":%s,"detectionSource":%s,"category":%s,
"description":%s,"recommendedActions":%s,"assignedTo":%s,"mitreTechniques":[%s],"createdDateTime":%q,"lastUpdateDateTime":%q,"evidence":[%s]}`,
		id, incident, q, q, q, q, q, q, q, q, at, at, strings.Join(evidence, ","))
}
