package graph

import (
	"testing"

	"github.com/socctl/socctl/internal/soc"
	"github.com/socctl/socctl/internal/text/hostile"
)

func TestHostileTextIsMadeSafeInEveryField(t *testing.T) {
	t.Parallel()
	for _, sample := range hostile.Corpus() {
		t.Run(sample.Name, func(t *testing.T) {
			t.Parallel()
			payload := poison(incidentObject(1), sample.Text).(object)
			alert := poison(alertObject(1, 0, 5), sample.Text).(object)
			alert["additionalData"] = object{sample.Text: sample.Text}
			alert["evidence"] = append(alert["evidence"].([]object), object{"@odata.type": sample.Text, sample.Text: sample.Text})
			payload["id"], payload["alerts"] = "1", []object{alert}
			body := lenientJSON(payload)
			for _, d := range []depth{depthQueue, depthFull} {
				list := decodeIncidents(t, body, d)
				if len(list) != 1 {
					t.Fatal("the incident was not read")
				}
				eachText(list[0], func(name, s string) {
					if err := hostile.ScanBytes([]byte(s)); err != nil {
						t.Errorf("%s: %v in %q", name, err, s)
					}
				})
			}
			r := newReader(lenientJSON(alert), newLineCache())
			if a, ok := r.alert(soc.TenantID(testTenantID)); !ok || a.Title.IsZero() && sample.Text != "" {
				t.Error("the alert was not read")
			}
		})
	}
}

// poison puts s into every string below v, but for the names of types and of properties.
func poison(v any, s string) any {
	switch v := v.(type) {
	case object:
		for name := range v {
			if name != "@odata.type" {
				v[name] = poison(v[name], s)
			}
		}
	case []object:
		for i := range v {
			poison(v[i], s)
		}
	case []string:
		for i := range v {
			v[i] = s
		}
	case string:
		return s
	}
	return v
}
