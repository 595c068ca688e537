package graph

import (
	"testing"

	jsonserialization "github.com/microsoft/kiota-serialization-json-go"
	models "github.com/microsoftgraph/msgraph-sdk-go/models/security"
)

// BenchmarkDecodePage reads a page of 50 incidents with 4 alerts of 5 pieces of evidence each, into what the queue
// keeps, into everything, and into the SDK's own models.
func BenchmarkDecodePage(b *testing.B) {
	body := queuePage(b, MaxPageSize, 4, 5)
	tenant := testTenant()
	decode := func(d depth) func(*testing.B) {
		return func(b *testing.B) {
			b.SetBytes(int64(len(body)))
			b.ReportAllocs()
			for b.Loop() {
				r := &incidentReader{reader: newReader(body, newLineCache()), tenant: tenant, depth: d, digest: newDigester()}
				n := 0
				_, err := r.readPage(body, func() {
					if _, ok := r.incident(); ok {
						n++
					}
				})
				if err != nil || n != MaxPageSize {
					b.Fatalf("read %d incidents: %v", n, err)
				}
			}
		}
	}
	b.Run("socctl-queue", decode(depthQueue))
	b.Run("socctl-full", decode(depthFull))
	b.Run("sdk-models", func(b *testing.B) {
		b.SetBytes(int64(len(body)))
		b.ReportAllocs()
		factory := jsonserialization.NewJsonParseNodeFactory()
		for b.Loop() {
			node, err := factory.GetRootParseNode("application/json", body)
			if err != nil {
				b.Fatal(err)
			}
			page, err := node.GetObjectValue(models.CreateIncidentCollectionResponseFromDiscriminatorValue)
			if err != nil || len(page.(models.IncidentCollectionResponseable).GetValue()) != MaxPageSize {
				b.Fatal("the SDK could not read the page", err)
			}
		}
	})
}
