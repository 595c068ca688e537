package graph

import (
	"bytes"
	"testing"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"github.com/socctl/socctl/internal/text/hostile"
)

// lenientJSON writes v also where its strings are not UTF-8: the bad bytes go out as they are.
func lenientJSON(v any) []byte {
	b, err := json.Marshal(v, json.Deterministic(true), jsontext.AllowInvalidUTF8(true), jsontext.AllowDuplicateNames(true))
	if err != nil {
		panic(err)
	}
	return b
}

// FuzzIncidents reads any bytes as a page: it never panics, what it keeps is safe, and its size is bounded by what came.
func FuzzIncidents(f *testing.F) {
	f.Add(queuePage(f, 1, 1, 5))
	f.Add([]byte(`{"value":[{"id":"1","alerts":[{"evidence":[{"a":{"b":[1,"x",null,{"c":true}]}}]}]}],"@odata.nextLink":"x"}`))
	f.Add([]byte(`{"value":[{"id":1,"displayName":["\u001b]52;c;x\u0007"],"comments":[{"createdBy":{"user":{}}}]}]}`))
	f.Fuzz(func(t *testing.T, body []byte) {
		for _, d := range []depth{depthQueue, depthFull} {
			r := &incidentReader{reader: newReader(bytes.Clone(body), newLineCache()), tenant: testTenant(), depth: d, digest: newDigester()}
			kept := 0
			_, err := r.readPage(body, func() {
				i, ok := r.incident()
				if !ok {
					return
				}
				eachText(i.Incident, func(name, s string) {
					kept += len(s)
					if err := hostile.ScanBytes([]byte(s)); err != nil {
						t.Fatalf("%s: %v", name, err)
					}
				})
			})
			if err != nil && err.Error() == "" {
				t.Fatal("an error without words")
			}
			if most := 4096 + 256*len(body); kept > most {
				t.Fatalf("%d bytes became %d bytes of text, more than %d", len(body), kept, most)
			}
		}
	})
}
