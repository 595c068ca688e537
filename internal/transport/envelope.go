package transport

import (
	"regexp"
	"strings"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
)

// envelope is what an error body says, in whichever of the three forms it came.
type envelope struct {
	code, message, requestID string
	quote                    string // the beginning of a body that is no envelope
}

// maxEnvelope bounds what is parsed of an error body.
const maxEnvelope = 256 << 10

var aadsts = regexp.MustCompile(`AADSTS[0-9]{3,10}`)

// readEnvelope reads Graph's and ARM's {"error":{code,message,innerError}}, and Entra's {"error":"…",
// "error_description":"AADSTS…"}. Everything may be missing, empty or of another type; HTML comes from proxies.
func readEnvelope(body []byte) envelope {
	if len(body) > maxEnvelope {
		return envelope{quote: glimpse(body)}
	}
	top, ok := object(body)
	if !ok {
		return envelope{quote: glimpse(body)}
	}
	inner, ok := object(top["error"])
	if !ok {
		return entraEnvelope(top, body)
	}
	env := envelope{code: str(inner["code"]), message: str(inner["message"])}
	if more, ok := object(inner["innererror"]); ok {
		env.requestID = str(more["request-id"])
		if env.code == "" {
			env.code = str(more["code"])
		}
	}
	return env
}

func entraEnvelope(top map[string]jsontext.Value, body []byte) envelope {
	env := envelope{code: str(top["error"]), message: str(top["error_description"]), requestID: str(top["correlation_id"])}
	if c := aadsts.FindString(env.message); c != "" {
		env.code = c
	}
	if env.code == "" && env.message == "" {
		// Gateways in front of ARM answer without the outer "error".
		env.code, env.message = str(top["code"]), str(top["message"])
	}
	if env.code == "" && env.message == "" {
		env.quote = glimpse(body)
	}
	return env
}

// object reads a JSON object with its names in lower case: innerError and innererror are the same.
func object(raw []byte) (map[string]jsontext.Value, bool) {
	if len(raw) == 0 {
		return nil, false
	}
	var fields map[string]jsontext.Value
	err := json.Unmarshal(raw, &fields, jsontext.AllowDuplicateNames(true), jsontext.AllowInvalidUTF8(true))
	if err != nil || fields == nil {
		return nil, false
	}
	lower := make(map[string]jsontext.Value, len(fields))
	for k, v := range fields {
		lower[strings.ToLower(k)] = v
	}
	return lower, true
}

// str reads a JSON string; anything else is empty.
func str(raw jsontext.Value) string {
	if raw.Kind() != '"' {
		return ""
	}
	var s string
	if json.Unmarshal(raw, &s, jsontext.AllowInvalidUTF8(true)) != nil {
		return ""
	}
	return strings.TrimSpace(s)
}

// glimpse is the beginning of a body, on one line.
func glimpse(body []byte) string {
	if len(body) > 400 {
		body = body[:400]
	}
	return shorten(strings.Join(strings.Fields(strings.ToValidUTF8(string(body), "?")), " "), 80)
}
