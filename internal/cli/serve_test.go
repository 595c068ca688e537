package cli_test

import (
	"encoding/json"
	"fmt"
	"strings"

	"github.com/socctl/socctl/internal/simcloud"
)

// record is an object of Graph as a test writes it.
type record map[string]any

// raw is a string whose bytes go out as they are: what is no UTF-8 stays so, as a broken service would send it.
type raw string

// write writes JSON with raw strings in it.
func write(b *strings.Builder, v any) {
	switch v := v.(type) {
	case record:
		b.WriteByte('{')
		sep := ""
		for k, e := range v {
			fmt.Fprintf(b, "%s%q:", sep, k)
			write(b, e)
			sep = ","
		}
		b.WriteByte('}')
	case []record:
		b.WriteByte('[')
		for n, e := range v {
			if n > 0 {
				b.WriteByte(',')
			}
			write(b, e)
		}
		b.WriteByte(']')
	case []raw:
		b.WriteByte('[')
		for n, e := range v {
			if n > 0 {
				b.WriteByte(',')
			}
			write(b, e)
		}
		b.WriteByte(']')
	case raw:
		b.WriteByte('"')
		for i := range len(v) {
			if c := v[i]; c < 0x20 || c == '"' || c == '\\' {
				fmt.Fprintf(b, `\u%04x`, c)
			} else {
				b.WriteByte(c)
			}
		}
		b.WriteByte('"')
	default:
		out, err := json.Marshal(v)
		if err != nil {
			panic(err)
		}
		b.Write(out)
	}
}

// serve lets a customer have these incidents, and no others. Where a record says nothing of alerts, it has none.
func (l *lab) serve(code string, incidents ...record) {
	l.t.Helper()
	for _, i := range incidents {
		if _, told := i["alerts"]; !told {
			i["alerts"] = []record{}
		}
		var one strings.Builder
		write(&one, i)
		l.Inject(simcloud.Fault{Tenant: code, PathPrefix: fmt.Sprintf("/v1.0/security/incidents/%v", i["id"]), Count: -1, Body: one.String()})
	}
	l.serveList(code, "/v1.0/security/incidents", incidents)
}

// serveList lets a customer have a list at a path.
func (l *lab) serveList(code, path string, list []record) {
	var b strings.Builder
	write(&b, record{"value": list})
	l.Inject(simcloud.Fault{Tenant: code, PathPrefix: path, Count: -1, Body: b.String()})
}
