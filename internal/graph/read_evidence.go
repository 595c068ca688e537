package graph

import (
	"github.com/go-json-experiment/json/jsontext"

	"github.com/socctl/socctl/internal/soc"
)

// evidenceReader reads one element of an alert's evidence: microsoft.graph.security.alertEvidence, whose base
// properties become fields of soc.Evidence, and everything that its derived type adds (graph-api 2.3).
type evidenceReader struct {
	flat flattener
	e    soc.Evidence
}

func newEvidenceReader(r *reader) *evidenceReader { return &evidenceReader{flat: flattener{r: r}} }

// evidence reads one element. It tells false for null; anything else that is no object is kept without a kind.
func (r *reader) evidence(er *evidenceReader) (soc.Evidence, bool) {
	er.reset()
	if r.peek() != jsontext.KindBeginObject {
		er.flat.member([]byte("value"), 0)
		return soc.Evidence{Fields: fit(er.flat.done())}, len(er.flat.fields) > 0
	}
	for name := range r.members {
		er.member(name)
	}
	return er.done(), true
}

// reset prepares for the next element and keeps the memory of the fields, which done copies.
func (er *evidenceReader) reset() {
	er.e = soc.Evidence{}
	er.flat.fields = er.flat.fields[:0]
	er.flat.more = 0
}

func (er *evidenceReader) member(name []byte) {
	r, e := er.flat.r, &er.e
	switch string(name) {
	case "@odata.type":
		e.Kind = r.kindOf(r.text())
	case "createdDateTime":
		b := r.text()
		if e.Created = parseTime(b); e.Created.IsZero() && len(b) > 0 {
			er.flat.path = append(er.flat.path[:0], "createdDateTime"...)
			er.flat.add(b)
			er.flat.path = er.flat.path[:0]
		}
	case "verdict":
		e.Verdict = r.sharedLine()
	case "remediationStatus":
		e.Remediation = r.sharedLine()
	case "remediationStatusDetails":
		e.Details = r.sharedLine()
	case "roles":
		e.Roles = r.textList()
	case "detailedRoles":
		e.DetailedRoles = r.textList()
	case "tags":
		e.Tags = r.textList()
	default:
		if isAnnotation(name) {
			r.skip()
			return
		}
		er.flat.member(name, 0)
	}
}

// done gives the evidence under its name.
func (er *evidenceReader) done() soc.Evidence {
	er.e.Fields = fit(er.flat.done())
	er.e.Name = nameOf(er.e.Kind, er.e.Fields)
	return er.e
}
